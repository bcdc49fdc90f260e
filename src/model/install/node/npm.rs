//! npm: `npm ci`, `npm install`, and what it does for everybody.
//!
//! Both read package.json, the locks, `.npmrc`, and look for a `binding.gyp`; both write a yarn.lock, `npm install` may
//! write its own lock, and npm before 7 package.json. They find the folder by the nearest package.json, and go on upward
//! to see whether it is the member of a workspace. Held against traces of npm 6, 8, 10 and 11.

use super::super::{Asked, Gather, Install, Manager, Obstacle};
use super::helpers::{Cache, Nothing, Programs, Setting};
use super::project::{Lock, Project, Ways};
use super::settings;
use super::words::{self, Known, Words};
use crate::model::command::Command;
use crate::model::manifests::node::form;
use crate::model::manifests::node::lock::{self, NpmLock};

/// npm.
pub const MANAGER: Manager =
    Manager { name: "npm", programs: &["npm"], read, heeds: super::heeds, home: super::HOME };

const KNOWN: Known = Known {
    who: "npm",
    flags: &[
        "--audit",
        "--color",
        "--dev",
        "--engine-strict",
        "--force",
        "--foreground-scripts",
        "--fund",
        "--global",
        "--ignore-scripts",
        "--include-workspace-root",
        "--legacy-peer-deps",
        "--no-audit",
        "--no-color",
        "--no-fund",
        "--no-optional",
        "--no-package-lock",
        "--no-progress",
        "--no-save",
        "--no-update-notifier",
        "--optional",
        "--prefer-offline",
        "--prod",
        "--production",
        "--progress",
        "--quiet",
        "--silent",
        "--strict-peer-deps",
        "--strict-ssl",
        "--unsafe-perm",
        "--verbose",
        "--workspaces",
        "-d",
        "-dd",
        "-ddd",
        "-f",
        "-g",
        "-q",
        "-s",
        "-ws",
        "--no-interactive",
        "--allow-root",
    ],
    valued: &[
        "--fetch-retries",
        "--fetch-retry-factor",
        "--fetch-retry-maxtimeout",
        "--fetch-retry-mintimeout",
        "--fetch-timeout",
        "--include",
        "--loglevel",
        "--maxsockets",
        "--network-timeout",
        "--omit",
        "--only",
        "--registry",
        "--workspace",
        "-w",
        "--location",
    ],
};

const INSTALL: &[&str] =
    &["install", "i", "add", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall"];
const CI: &[&str] = &["ci", "ic", "clean-install", "install-clean", "isntall-clean"];

fn read(command: &Command) -> Option<Asked> {
    if Words::asks_for_version(command) {
        return Some(Ok(Box::new(Nothing)));
    }
    match words::verb(command, &KNOWN)? {
        verb if INSTALL.contains(&verb) || CI.contains(&verb) => {}
        "config" | "c" | "set" | "cache" => {}
        _ => return None,
    }
    Some(Words::read(command, &KNOWN).and_then(|words| asked(&words)))
}

fn asked(words: &Words) -> Asked {
    let rest = words.operands();
    let is_global = words.has(&["-g", "--global"]) || words.value("--location") == Some("global");
    match (words.plain[0].as_str(), rest.first().map(String::as_str)) {
        ("cache", Some("clean" | "clear" | "rm" | "verify")) if rest.len() == 1 => Ok(Box::new(Cache)),
        ("set", _) => Ok(Box::new(Setting::new(rest, ".npmrc")?)),
        ("config" | "c", Some("set")) => Ok(Box::new(Setting::new(&rest[1..], ".npmrc")?)),
        ("cache" | "config" | "c", _) => Err(Obstacle::new("this call of npm is not understood")),
        (verb, _) if is_global && INSTALL.contains(&verb) => Ok(Box::new(Programs::new(rest)?)),
        (_, Some(name)) => Err(Obstacle::small(format!(
            "`npm install {name}` writes into package.json, which the source would put back; name it there, and install \
             without names"
        ))),
        (verb, None) if words.flag(&["--no-save"]).is_some() => {
            Err(Obstacle::new(format!("dfmt does not know what --no-save makes npm {verb} write")))
        }
        (verb, None) => Ok(Box::new(Npm {
            is_frozen: CI.contains(&verb),
            ignores_scripts: words.flag(&["--ignore-scripts"]),
            ignores_lock: words.has(&["--no-package-lock"]),
        })),
    }
}

/// An install of what package.json names.
struct Npm {
    /// Whether the lock stays as it is.
    is_frozen: bool,
    /// What `--ignore-scripts` says, if it is there.
    ignores_scripts: Option<bool>,
    /// Whether it neither reads nor writes a lock; `npm ci` always reads it.
    ignores_lock: bool,
}

impl Install for Npm {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let settings = settings::npmrc(gather)?;
        let says = |key: &str, value: &str| settings.iter().any(|(k, v)| k == key && v == value);
        let runs_scripts = !self.ignores_scripts.unwrap_or_else(|| says("ignore-scripts", "true"));
        let ways = Ways { who: "npm", patterns: None, has_protocol: false, runs_scripts };
        let project = Project::take(gather, &ways)?;
        let at = gather.at("package.json");
        if !self.is_frozen && !form::is_as_npm_writes(&gather.text(&at)?) {
            gather.obstacle(Obstacle::small(format!(
                "npm before 7 writes {at} anew in its own form, and the source would put its own back; commit a \
                 package-lock.json and use `npm ci`, which writes neither"
            )));
        }
        let lock = self.lock(gather, &project, self.ignores_lock || says("package-lock", "false"))?;
        if runs_scripts {
            project.look_at_packages(gather, &lock);
        }
        Ok(())
    }
}

impl Npm {
    fn lock(&self, gather: &mut Gather, project: &Project, is_ignored: bool) -> Result<Lock, Obstacle> {
        let mut lock = Lock { names: project.names()?, with_scripts: None };
        if is_ignored && !self.is_frozen {
            return Ok(lock);
        }
        let mut is_there = false;
        for name in ["package-lock.json", "npm-shrinkwrap.json"] {
            if !gather.take(name)? {
                continue;
            }
            let at = gather.at(name);
            let found = lock::npm(&gather.text(&at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
            fits(&at, &found, project)?;
            lock.names.extend(found.names);
            // where both are there, npm reads one of them; what one does not say is not known
            lock.with_scripts = match (is_there, found.with_scripts, lock.with_scripts.take()) {
                (false, found, _) => found,
                (true, Some(found), Some(first)) => Some(&found | &first),
                _ => None,
            };
            is_there = true;
            if !self.is_frozen {
                gather.obstacle(rewrites(&at));
            }
        }
        if gather.take("yarn.lock")? {
            // seen with npm 9: the addresses in it become those of npm's registry, at `npm ci` too
            gather.obstacle(Obstacle::small(format!(
                "npm writes {} anew, `npm ci` too, and the source would put its own back; name it in .dockerignore",
                gather.at("yarn.lock")
            )));
        }
        match (is_there, self.is_frozen) {
            (false, true) => Err(Obstacle::new("there is no package-lock.json in the build context")),
            (false, false) => {
                gather.leave("package-lock.json");
                Ok(lock)
            }
            _ => Ok(lock),
        }
    }
}

fn rewrites(lock: &str) -> Obstacle {
    Obstacle::small(format!(
        "`npm install` may rewrite {lock}, and the source would put its own back; use `npm ci`, which leaves it as it is"
    ))
}

/// Whether a lock knows no other folders and archives of the project than package.json.
fn fits(at: &str, lock: &NpmLock, project: &Project) -> Result<(), Obstacle> {
    let folder = lock.folders.iter().find(|f| !project.members.contains(*f));
    match folder.or_else(|| lock.archives.iter().find(|a| !project.archives.contains(*a))) {
        Some(path) => Err(Obstacle::new(format!("{at} names {path}, which lies in the source"))),
        None => Ok(()),
    }
}
