//! Yarn, classic (1) and berry (2 and later): one name for two programs.
//!
//! Which of them it is stands in package.json, in `.yarnrc.yml`, and in the form of the lock; where these do not agree
//! it is not known.

use super::super::{Asked, Gather, Install, Manager, Obstacle};
use super::helpers::{Cache, Nothing, Programs, Setting};
use super::words::{self, Known, Words};
use super::{yarn_berry, yarn_classic};
use crate::model::command::Command;
use crate::model::manifests::node::package::Package;

/// Yarn.
pub const MANAGER: Manager =
    Manager { name: "Yarn", programs: &["yarn", "yarnpkg"], read, heeds: super::heeds, home: super::HOME };

const KNOWN: Known = Known {
    who: "Yarn",
    flags: &[
        "--check-cache",
        "--check-files",
        "--force",
        "--frozen-lockfile",
        "--ignore-engines",
        "--ignore-optional",
        "--ignore-platform",
        "--ignore-scripts",
        "--immutable",
        "--immutable-cache",
        "--inline-builds",
        "--json",
        "--no-bin-links",
        "--no-emoji",
        "--no-lockfile",
        "--no-progress",
        "--non-interactive",
        "--offline",
        "--prefer-offline",
        "--prod",
        "--production",
        "--pure-lockfile",
        "--quiet",
        "--silent",
        "--skip-integrity-check",
        "--verbose",
        "-s",
    ],
    valued: &["--mode", "--mutex", "--network-concurrency", "--network-timeout", "--registry"],
};

fn read(command: &Command) -> Option<Asked> {
    if Words::asks_for_version(command) {
        return Some(Ok(Box::new(Nothing)));
    }
    match words::verb(command, &KNOWN) {
        None | Some("install" | "add" | "global" | "cache" | "config" | "set") => {}
        Some(_) => return None,
    }
    Some(Words::read(command, &KNOWN).and_then(|words| asked(&words)))
}

fn asked(words: &Words) -> Asked {
    let rest = words.operands();
    let verb = words.plain.first().map_or("install", String::as_str);
    match (verb, rest.first().map(String::as_str)) {
        ("install", None) => Ok(Box::new(Yarn {
            lock: if words.has(&["--no-lockfile"]) {
                Use::None
            } else if words.has(&["--pure-lockfile"]) {
                Use::Read
            } else if words.has(&["--frozen-lockfile", "--immutable"]) {
                Use::Frozen
            } else {
                Use::Rewritten
            },
            runs_scripts: !words.has(&["--ignore-scripts"]),
            mode: words.value("--mode").map(String::from),
        })),
        ("global", Some("add")) => Ok(classic(Programs::new(&rest[1..])?)),
        ("cache", Some("clean")) if rest.len() == 1 => Ok(classic(Cache)),
        ("config", Some("set")) => Ok(classic(Setting::new(&rest[1..], ".yarnrc")?)),
        ("add", Some(name)) => Err(Obstacle::small(format!(
            "`yarn add {name}` writes into package.json, which the source would put back; name it there, and install \
             without names"
        ))),
        _ => Err(Obstacle::new("this call of Yarn is not understood, or writes into the project")),
    }
}

/// What an install does with the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It reads it, and writes it where it does not fit.
    Rewritten,
    /// It fails where it does not fit.
    Frozen,
    /// It reads it and never writes it: only classic knows that.
    Read,
    /// It neither reads nor writes it: only classic knows that.
    None,
}

/// An install of what package.json names.
pub struct Yarn {
    /// What becomes of the lock.
    pub lock: Use,
    /// Whether classic runs scripts.
    pub runs_scripts: bool,
    /// `--mode` of berry.
    pub mode: Option<String>,
}

impl Install for Yarn {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        match flavor(gather)? {
            Flavor::Classic => yarn_classic::needs(self, gather),
            Flavor::Berry => yarn_berry::needs(self, gather),
        }
    }
}

fn classic(install: impl Install + 'static) -> Box<dyn Install> {
    Box::new(Classic(Box::new(install)))
}

/// A call that berry does otherwise: in the project.
struct Classic(Box<dyn Install>);

impl Install for Classic {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        match flavor(gather)? {
            Flavor::Classic => self.0.needs(gather),
            Flavor::Berry => Err(Obstacle::new("this call of Yarn works on the project")),
        }
    }
}

enum Flavor {
    Classic,
    Berry,
}

fn flavor(gather: &mut Gather) -> Result<Flavor, Obstacle> {
    let at = gather.require("package.json")?;
    let package = Package::read(&gather.text(&at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
    let major = package.manager().and_then(|m| m.strip_prefix("yarn@")).and_then(|v| v.split('.').next());
    let lock = gather.at("yarn.lock");
    if !gather.is_there(&lock)? {
        return Err(Obstacle::small(format!(
            "{lock} is not in the build context, so that it is not clear what Yarn writes; commit it"
        )));
    }
    let text = gather.text(&lock)?;
    let is_berry_lock = text.lines().any(|l| l.starts_with("__metadata:"));
    let settings = gather.at(".yarnrc.yml");
    let has_settings = !gather.place.context.may_hold(&settings).is_no();
    match (package.manager(), major) {
        (None, _) | (_, Some("1")) if !is_berry_lock && !has_settings => Ok(Flavor::Classic),
        (_, Some(major)) if is_berry_lock && major != "1" => Ok(Flavor::Berry),
        (None, _) if is_berry_lock && has_settings && yarn_berry::names_a_release(gather)? => {
            Ok(Flavor::Berry)
        }
        _ => Err(Obstacle::small(format!(
            "it is not clear which Yarn installs; name it as `packageManager` in {at}, as in yarn@4.5.0"
        ))),
    }
}
