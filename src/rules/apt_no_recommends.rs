//! Installs system packages without those that they only recommend.
//!
//! # What it does
//!
//! `apt-get install` (and `apt install`) gets `--no-install-recommends`.
//!
//! # Why
//!
//! apt installs what a package recommends too: what most people want on a desk, and few need in an image. But the image
//! is another then, and something that was installed along may be missing: name it in the list. So the rule runs only
//! when it is asked for.
//!
//! # When it refuses
//!
//! - A RUN of the file sets `APT::Install-Recommends`, or a COPY brings a file to /etc/apt/apt.conf.d: the author has
//!   decided already.
//! - A comment tells hadolint to let DL3015 pass.
//! - The command says itself whether it wants them: left alone without a word. So is a command with a word that a
//!   continuation splits, or with a variable before `install`, and `apt-get build-dep`.
//!
//! # Before
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y curl git
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update && apt-get install -y --no-install-recommends curl git
//! ```

use super::each_run::{self, Place, Wish};
use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::calls::{self, Call};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "apt-no-recommends",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::NoRecommends,
    page: include_str!("apt_no_recommends.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    each_run::plan(site, "DL3015", wish)
}

fn wish<'a>(place: &Place<'a>) -> Wish<'a> {
    let calls = calls::calls(place.run);
    let piece = |call: &Call| {
        let at = call.verb_at(calls::APT_VALUED)?;
        Some(place.option(call, at, is_switch, b" --no-install-recommends"))
    };
    let pieces: Vec<_> = calls.iter().filter(|call| leaves_it_open(call)).filter_map(piece).collect();
    if !pieces.is_empty() && decides_elsewhere(place) {
        return Err("the file sets APT::Install-Recommends itself".to_string());
    }
    Ok(pieces)
}

/// Whether it installs, and says nothing of recommended packages.
fn leaves_it_open(call: &Call) -> bool {
    let says = |w: &str| {
        let w = w.to_ascii_lowercase();
        w.contains("install-recommend") || w.contains("install-suggests")
    };
    calls::apt(call) == Some("install") && !call.words.iter().any(|(_, w)| says(w))
}

fn decides_elsewhere(place: &Place) -> bool {
    let settings = ["Install-Recommends", "apt.conf"];
    place.is_set_elsewhere(&settings) || place.is_run_anywhere(&settings)
}

/// An option without a value that people write right behind `install`.
fn is_switch(word: &str) -> bool {
    let letters = |w: &str| w.len() > 1 && w[1..].chars().all(|c| "yqfmVu".contains(c));
    matches!(
        word,
        "--yes" | "--assume-yes" | "--quiet" | "--fix-missing" | "--force-yes" | "--allow-unauthenticated"
    ) || word.starts_with('-') && !word.starts_with("--") && letters(word)
}
