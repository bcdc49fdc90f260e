//! Joins installs of system packages that follow each other in one RUN.
//!
//! # What it does
//!
//! `apt-get install -y a && apt-get install -y b` becomes `apt-get install -y a b`, if the options are the same. So it
//! is with apk, yum and dnf.
//!
//! # Why
//!
//! The package manager reads its lists and works out what is needed once, not twice. But the image may be another: where
//! one of several packages would do, it may choose otherwise when it sees all of them at once. So it runs only when it is
//! asked for.
//!
//! # When it refuses
//!
//! - A comment stands in one of them, or between.
//! - The first may bring a repository or a plugin, without which the second fails (`epel-release`); or both name the same
//!   package in two ways (`a` and `a=1.2`).
//! - Options differ, another command stands between, or the list holds `||`: left alone without a word. So is a list
//!   with a variable, a file, or an option that dfmt does not know.
//!
//! # Before
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && apt-get install -y git
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl git
//! ```

use super::{Piece, Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::packages::{self, Install, Package};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Instruction, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "join-installs",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::JoinedInstalls,
    page: include_str!("join_installs.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    for run in site.file.instructions().filter(|i| i.keyword == Keyword::Run) {
        let installs = packages::installs(run);
        let mut pieces = Vec::new();
        for pair in installs.windows(2).filter(|pair| belong_together(run, &pair[0], &pair[1])) {
            if let Err(why) = may_be_one(&pair[0], &pair[1]) {
                plan.refuse(run.id, why);
                continue;
            }
            match joined(run, &pair[0], &pair[1]) {
                Some(piece) => pieces.extend(piece),
                None => plan.refuse(run.id, "a comment stands among installs that could be one"),
            }
        }
        if !pieces.is_empty() {
            plan.edits.push(Edit::Replace { what: run.id, text: super::patched(run, pieces) });
        }
    }
    plan
}

/// Whether the second follows the first in a list of `&&` alone, and asks in the same way.
fn belong_together(run: &Instruction, first: &Install, second: &Install) -> bool {
    // an old package of that name goes where a virtual one is made anew
    let is_virtual = |w: &&[u8]| w.starts_with(b"--virtual") || **w == b"-t"[..];
    let same = first.is_of_system && first.head == second.head && !first.head.iter().any(is_virtual);
    same && packages::follow_each_other(run, first, second)
}

/// Holds that the second asks for nothing that is there only behind the first, and for nothing of it in another way.
fn may_be_one(first: &Install, second: &Install) -> Result<(), String> {
    let is_of_rpm = first.head.iter().any(|w| [&b"yum"[..], b"dnf", b"microdnf"].contains(w));
    // apt and apk take a new repository in only with the next update
    let brings = |p: &&Package| ["release", "repo", "plugin"].iter().any(|part| p.value.contains(part));
    if let Some(package) = first.packages.iter().find(|p| is_of_rpm && brings(p)) {
        return Err(format!("`{}` may bring what the next install needs", package.value));
    }
    let is_other = |a: &Package, b: &Package| a.name().eq_ignore_ascii_case(b.name()) && a.value != b.value;
    match first.packages.iter().find(|a| second.packages.iter().any(|b| is_other(a, b))) {
        Some(package) => Err(format!("{} is named in two ways, and the order may decide", package.name())),
        None => Ok(()),
    }
}

/// What goes between the packages of both; `None` where a comment stands there.
fn joined<'i>(run: &'i Instruction, first: &Install, second: &Install) -> Option<Vec<Piece<'i>>> {
    let source = |index: usize| run.source_range(run.nodes[index].start, run.nodes[index].end);
    let (one, two) = (source(first.index), source(second.index));
    if super::has_comment(&run.text[one.start..two.end]) {
        return None;
    }
    // all words of the second that are no packages go, each with what stands before it
    let mut pieces = Vec::new();
    let mut end = one.end;
    for (_, word) in run.children(second.index) {
        let place = run.source_range(word.start, word.end);
        if !second.packages.iter().any(|p| p.node == word) {
            pieces.push((end..place.end, &[][..]));
        }
        end = place.end;
    }
    Some(pieces)
}
