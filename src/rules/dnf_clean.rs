//! Cleans up behind dnf, yum and microdnf.
//!
//! # What it does
//!
//! A RUN that installs or updates packages with one of them gets its `clean all` at the end.
//!
//! # Why
//!
//! The metadata and the packages that were fetched only make the layer larger. But the image is another then: a later
//! RUN fetches the metadata again. So the rule runs only when it is asked for.
//!
//! # When it refuses
//!
//! - The commands are joined by more than `&&`, or another command than those of the package manager follows the install.
//! - A mount may hold the cache, or the file has `--cacheonly`, `--downloadonly`, `keepcache` or an install without network:
//!   it is there on purpose.
//! - The last command names the package manager itself (`dnf remove dnf`).
//! - A comment tells hadolint to let DL3040 (or DL3032) pass.
//! - The RUN cleans up by itself: left alone without a word.
//!
//! # Before
//!
//! ```dockerfile
//! FROM fedora:40
//! RUN dnf install -y git
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM fedora:40
//! RUN dnf install -y git && dnf clean all
//! ```

use super::each_run::{self, Place, Wish};
use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::calls::{self, Call};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "dnf-clean",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::DnfCleaned,
    page: include_str!("dnf_clean.rs"),
    plan,
};

/// Options with a value of their own behind them.
const VALUED: &[&str] =
    &["--enablerepo", "--disablerepo", "--setopt", "--releasever", "-x", "--exclude", "-c", "--repo"];

fn plan(site: &Site) -> Plan {
    each_run::plan(site, "DL30", wish)
}

fn wish<'a>(place: &Place<'a>) -> Wish<'a> {
    let calls = calls::calls(place.run);
    let fetches = |call: &Call| {
        let verbs = [
            "install",
            "update",
            "upgrade",
            "groupinstall",
            "group",
            "localinstall",
            "reinstall",
            "distro-sync",
        ];
        clean_of(call).is_some() && verbs.contains(&call.verb(VALUED))
    };
    let cleans = ["clean all", "clean packages", "clean metadata", "/var/cache/", "clean dbcache"];
    if !calls.iter().any(fetches) {
        return Ok(Vec::new());
    }
    if place.mounts_cache(&["type=cache", "/var", "$"]) {
        return Err("a mount may hold the cache".to_string());
    }
    if place.mentions(&cleans) {
        return Ok(Vec::new());
    }
    let kept = ["--cacheonly", "--downloadonly", "keepcache", " -C "];
    let is_kept = place.is_run_anywhere(&kept) || place.is_set_elsewhere(&kept);
    if is_kept || place.is_cut_off_anywhere(&["dnf", "yum", "microdnf"]) {
        return Err("the file uses the cache on purpose".to_string());
    }
    let last = place.last_of_list(&calls)?;
    match clean_of(last) {
        Some(_) if last.words[1..].iter().any(|(_, word)| *word == last.program()) => {
            Err(format!("{} may not be there to clean up: the last command speaks of it", last.program()))
        }
        Some(text) => Ok(vec![place.at_end(text)]),
        None => Err("another command follows the install".to_string()),
    }
}

/// What cleans up behind the program that a command calls.
fn clean_of(call: &Call) -> Option<&'static [u8]> {
    match call.program() {
        "dnf" => Some(b" && dnf clean all"),
        "yum" => Some(b" && yum clean all"),
        "microdnf" => Some(b" && microdnf clean all"),
        _ => None,
    }
}
