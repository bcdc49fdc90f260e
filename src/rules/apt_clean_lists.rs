//! Removes the lists of packages in the RUN that has fetched them.
//!
//! # What it does
//!
//! A RUN that calls `apt-get update` and then installs gets `&& rm -rf /var/lib/apt/lists/*` at its end.
//!
//! # Why
//!
//! The lists take tens of megabytes, are stale soon, and nobody needs them in an image. A later RUN cannot take them out
//! of the layer that holds them. But the image is another then: who builds on it has to call `apt-get update` first. So
//! the rule runs only when it is asked for.
//!
//! # When it refuses
//!
//! - A RUN or ONBUILD below, in this stage or one that builds on it, may need the lists: it installs without an update of
//!   its own, or runs a script. What such a RUN is known to do without apt is let pass.
//! - The commands are joined by more than `&&`, or another command than apt's follows the install: write it behind a RUN
//!   of its own.
//! - A mount holds /var/lib: what lies there is in no layer.
//! - A comment tells hadolint to let DL3009 pass.
//! - The RUN speaks of /var/lib/apt itself, or installs nothing: left alone without a word.
//!
//! # Before
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
//! ```

use super::each_run::{self, Place, Wish};
use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::{calls, left_behind};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "apt-clean-lists",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::AptCleaned,
    page: include_str!("apt_clean_lists.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    each_run::plan(site, "DL3009", wish)
}

fn wish<'a>(place: &Place<'a>) -> Wish<'a> {
    let calls = calls::calls(place.run);
    let asks: Vec<&str> = calls.iter().filter_map(calls::apt).collect();
    let updated = asks.iter().skip_while(|ask| **ask != "update");
    let installs =
        |ask: &&str| matches!(*ask, "install" | "upgrade" | "dist-upgrade" | "full-upgrade" | "build-dep");
    if !updated.copied().any(|ask| installs(&ask)) {
        return Ok(Vec::new());
    }
    if place.mounts_cache(&["/var", "$"]) {
        return Err("a mount may hold /var/lib/apt".to_string());
    }
    if place.mentions(&["lib/apt", "/var/lib/{"]) {
        return Ok(Vec::new());
    }
    let last = place.last_of_list(&calls)?;
    let is_own = calls::apt(last).is_some_and(|ask| ask != "update") || last.name() == "rm";
    if !is_own {
        return Err("another command follows the install".to_string());
    }
    match left_behind::who_needs_apt_lists(place.site.file, place.step.item) {
        Some((line, why)) => Err(format!("line {line} {why}, from the lists that this RUN leaves behind")),
        None => Ok(vec![place.at_end(b" && rm -rf /var/lib/apt/lists/*")]),
    }
}
