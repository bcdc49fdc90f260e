//! Cleans up behind conda, mamba and micromamba.
//!
//! # What it does
//!
//! A RUN that installs packages with one of them gets its `clean --all --yes` at the end.
//!
//! # Why
//!
//! The archives of packages, the index and what is not in use only make the layer larger. What is in use stays where it
//! is: conda links files, so it takes no room of its own, and `--force-pkgs-dirs` would break what is linked by name. But
//! the image is another then, and a later RUN fetches again. So the rule runs only when it is asked for.
//!
//! # When it refuses
//!
//! - The commands are joined by more than `&&`, or another command than those of the package manager follows the install.
//! - A mount may hold the cache, or the file has `--offline`, `--download-only` or an install without network, or speaks of
//!   `pkgs_dirs` or of a folder `pkgs`.
//! - The file speaks of softlinks: conda then removes what is linked to.
//! - The last command names the package manager itself (`conda remove conda`).
//! - The RUN cleans up by itself: left alone without a word.
//!
//! # Before
//!
//! ```dockerfile
//! FROM continuumio/miniconda3:24.5.0-0
//! RUN conda install -y numpy
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM continuumio/miniconda3:24.5.0-0
//! RUN conda install -y numpy && conda clean --all --yes
//! ```

use super::each_run::{self, Place, Wish};
use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::calls::{self, Call};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "conda-clean",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::CondaCleaned,
    page: include_str!("conda_clean.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    // hadolint has no name for it
    each_run::plan(site, "conda clean", wish)
}

fn wish<'a>(place: &Place<'a>) -> Wish<'a> {
    let calls = calls::calls(place.run);
    if !calls.iter().any(fetches) || place.mentions(&[" clean ", "/pkgs"]) {
        return Ok(Vec::new());
    }
    if place.mounts_cache(&["type=cache", "conda", "mamba", "$"]) {
        return Err("a mount may hold the cache".to_string());
    }
    let kept = ["--offline", "pkgs_dirs", "/pkgs", "PKGS_DIRS", "--download-only", "softlink", "SOFTLINK"];
    let is_kept = place.is_run_anywhere(&kept) || place.is_set_elsewhere(&kept);
    if is_kept || place.is_cut_off_anywhere(&["conda", "mamba", "micromamba"]) {
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

fn fetches(call: &Call) -> bool {
    let verb = call.verb(&[]);
    let env = verb == "env" && (call.has("create") || call.has("update"));
    clean_of(call).is_some() && (matches!(verb, "install" | "create" | "update" | "upgrade") || env)
}

/// What cleans up behind the program that a command calls.
fn clean_of(call: &Call) -> Option<&'static [u8]> {
    match call.program() {
        "conda" => Some(b" && conda clean --all --yes"),
        "mamba" => Some(b" && mamba clean --all --yes"),
        "micromamba" => Some(b" && micromamba clean --all --yes"),
        _ => None,
    }
}
