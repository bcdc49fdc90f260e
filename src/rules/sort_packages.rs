//! Sorts lists of packages, and drops what stands there twice.
//!
//! # What it does
//!
//! The packages of an install (apt-get, apk, yum, dnf, pip) are put in the order of their names. Options stay where they
//! are. One that is named twice is named once.
//!
//! # Why
//!
//! It is seen at once whether a package is there, and two people who add one do not get in each other's way. But the
//! image may be another: where one of several packages would do, the order may decide which one is chosen, and with it
//! the numbers of new users. So it runs only when it is asked for.
//!
//! # When it refuses
//!
//! - A comment stands in the list: it may be about the packages beside it.
//! - Two words name the same package in two ways (`a` and `a=1.2`, `a` and `"a"`).
//! - A word is a variable, a file, or an option that dfmt does not know: such a list is left alone without a word.
//!
//! # Before
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y git curl git ca-certificates
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y ca-certificates curl git
//! ```

use super::{Piece, Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::packages::{self, Install, Package};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Instruction, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "sort-packages",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::SortedPackages,
    page: include_str!("sort_packages.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    for run in site.file.instructions().filter(|i| i.keyword == Keyword::Run) {
        let mut pieces = Vec::new();
        for install in packages::installs(run) {
            match sorted(run, &install) {
                Ok(more) => pieces.extend(more),
                Err(why) => plan.refuse(run.id, why),
            }
        }
        if !pieces.is_empty() {
            plan.edits.push(Edit::Replace { what: run.id, text: super::patched(run, pieces) });
        }
    }
    plan
}

/// What to put in the place of what, so that the list is in order.
fn sorted<'i>(run: &Instruction, install: &Install<'i>) -> Result<Vec<Piece<'i>>, String> {
    let mut order: Vec<&Package> = install.packages.iter().collect();
    order.sort_by_key(|p| (p.name().to_ascii_lowercase(), p.value, p.text));
    order.dedup_by_key(|p| p.text);
    if install.packages.iter().map(|p| p.text).eq(order.iter().map(|p| p.text)) {
        return Ok(Vec::new());
    }
    if let Some(twice) = order.windows(2).find(|w| w[0].name().eq_ignore_ascii_case(w[1].name())) {
        return Err(format!("{} is named in two ways, and the order may decide", twice[0].name()));
    }
    let place = |p: &Package| run.source_range(p.node.start, p.node.end);
    // one above the first package may be about that one alone
    let ends = install.packages.first().zip(install.packages.last());
    if ends
        .is_some_and(|(first, last)| super::has_comment(&run.text[end_before(run, first)..place(last).end]))
    {
        return Err("a comment stands in the list of packages".to_string());
    }
    let mut words = order.iter();
    let pieces = install.packages.iter().map(|slot| match words.next() {
        Some(package) => (place(slot), package.text),
        // what is left over goes with the blanks before it
        None => (end_before(run, slot)..place(slot).end, &[][..]),
    });
    Ok(pieces.collect())
}

/// Where the token before a package ends in the source.
fn end_before(run: &Instruction, package: &Package) -> usize {
    let before = run.nodes.iter().filter(|n| n.end <= package.node.start && n.start < n.end);
    before.map(|n| run.source_range(n.start, n.end).end).max().unwrap_or_default()
}
