//! Installs Python packages without keeping what was downloaded.
//!
//! # What it does
//!
//! `pip install` gets `--no-cache-dir`, also as `pip3`, by its path, or as `python -m pip`.
//!
//! # Why
//!
//! pip keeps each package that it has fetched or built in a cache, for the next install. In an image there is none: the
//! cache only makes the layer larger. But the image is another then, and a later RUN that installs the same package fetches
//! it again. So the rule runs only when it is asked for.
//!
//! # When it refuses
//!
//! - The file speaks of pip's cache: `PIP_NO_CACHE_DIR` or `PIP_CACHE_DIR` is set, `pip config` or a pip.conf may say it,
//!   or an instruction names `.cache`.
//! - A cache is mounted, or the RUN removes the cache itself.
//! - A comment tells hadolint to let DL3042 pass.
//! - The command says itself what to do with the cache: left alone without a word.
//!
//! # Before
//!
//! ```dockerfile
//! FROM python:3.12
//! COPY requirements.txt .
//! RUN pip install -r requirements.txt
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM python:3.12
//! COPY requirements.txt .
//! RUN pip install --no-cache-dir -r requirements.txt
//! ```

use super::each_run::{self, Place, Wish};
use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::calls::{self, Call};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "pip-no-cache",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::PipWithoutCache,
    page: include_str!("pip_no_cache.rs"),
    plan,
};

/// How a file speaks of pip's cache.
const SIGNS: [&str; 7] =
    ["PIP_NO_CACHE", "PIP_CACHE", "PIP_CONFIG", "pip.conf", "pip config", "pip3 config", ".cache"];

fn plan(site: &Site) -> Plan {
    each_run::plan(site, "DL3042", wish)
}

fn wish<'a>(place: &Place<'a>) -> Wish<'a> {
    let calls = calls::calls(place.run);
    let piece = |call: &Call| {
        let at = calls::pip_install(call).filter(|_| !says(call))?;
        Some(place.option(call, at, |_| false, b" --no-cache-dir"))
    };
    let pieces: Vec<_> = calls.iter().filter_map(piece).collect();
    if pieces.is_empty() {
        return Ok(pieces);
    }
    if place.mounts_cache(&["type=cache", "$"]) {
        return Err("a cache is mounted".to_string());
    }
    if place.mentions(&["cache purge"]) {
        return Err("it removes the cache itself".to_string());
    }
    if place.is_set_elsewhere(&SIGNS) || place.is_run_anywhere(&SIGNS) {
        return Err("the file says itself what becomes of pip's cache".to_string());
    }
    Ok(pieces)
}

fn says(call: &Call) -> bool {
    call.words.iter().any(|(_, w)| w.contains("cache"))
}
