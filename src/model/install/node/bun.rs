//! Bun: `bun install`, `bun ci`.
//!
//! It reads package.json, bun.lock, bunfig.toml, `.npmrc`, and `.env` files. It runs scripts of packages that are
//! trusted. Held against a trace of Bun 1.3.

use super::super::{Asked, Gather, Install, Manager, Obstacle};
use super::helpers::{Nothing, Programs};
use super::project::{Lock, Project, Ways};
use super::words::{self, Known, Words};
use super::{patches, settings};
use crate::model::command::Command;

/// Bun.
pub const MANAGER: Manager =
    Manager { name: "Bun", programs: &["bun"], read, heeds: super::heeds, home: super::HOME };

const KNOWN: Known = Known {
    who: "Bun",
    flags: &[
        "--force",
        "--frozen-lockfile",
        "--global",
        "--ignore-scripts",
        "--no-cache",
        "--no-progress",
        "--no-summary",
        "--production",
        "--silent",
        "--verbose",
        "-f",
        "-g",
        "-p",
    ],
    valued: &[
        "--backend",
        "--concurrent-scripts",
        "--linker",
        "--network-concurrency",
        "--omit",
        "--registry",
    ],
};

/// Settings of `[install]` in bunfig.toml that name no file.
const SETTINGS: &[&str] = &[
    "optional",
    "dev",
    "peer",
    "production",
    "exact",
    "frozenLockfile",
    "saveTextLockfile",
    "auto",
    "linker",
    "minimumReleaseAge",
    "registry",
    "save",
    "concurrentScripts",
    "ignoreScripts",
];

/// Files from which Bun takes variables.
const ENVIRONMENT: &[&str] = &[
    ".env",
    ".env.local",
    ".env.development",
    ".env.development.local",
    ".env.production",
    ".env.production.local",
    ".env.test",
    ".env.test.local",
];

fn read(command: &Command) -> Option<Asked> {
    if Words::asks_for_version(command) {
        return Some(Ok(Box::new(Nothing)));
    }
    match words::verb(command, &KNOWN)? {
        "install" | "i" | "ci" | "add" | "a" => {}
        _ => return None,
    }
    Some(Words::read(command, &KNOWN).and_then(|words| asked(&words)))
}

fn asked(words: &Words) -> Asked {
    let rest = words.operands();
    let is_global = words.has(&["-g", "--global"]);
    match (words.plain[0].as_str(), rest.first()) {
        (_, Some(_)) if is_global => Ok(Box::new(Programs::new(rest)?)),
        ("install" | "i" | "ci", None) if !is_global => Ok(Box::new(Bun {
            is_frozen: words.has(&["--frozen-lockfile"]) || words.plain[0] == "ci",
            runs_scripts: !words.has(&["--ignore-scripts"]),
        })),
        (_, Some(name)) => Err(Obstacle::small(format!(
            "`bun add {name}` writes into package.json, which the source would put back; name it there, and install \
             without names"
        ))),
        _ => Err(Obstacle::new("this call of Bun is not understood")),
    }
}

/// An install of what package.json names.
struct Bun {
    is_frozen: bool,
    runs_scripts: bool,
}

impl Install for Bun {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        settings::npmrc(gather)?;
        bunfig(gather)?;
        no_environment(gather);
        let runs_scripts = self.runs_scripts;
        let project =
            Project::take(gather, &Ways { who: "Bun", patterns: None, has_protocol: true, runs_scripts })?;
        patches::named(gather, &project.root.patches().map_err(Obstacle::new)?)?;
        let at = gather.at("bun.lock");
        if !gather.take("bun.lock")? {
            return Err(Obstacle::small(format!(
                "{at} is not in the build context; write it with `bun install --save-text-lockfile`, dfmt reads no bun.lockb"
            )));
        }
        if !self.is_frozen {
            gather.obstacle(Obstacle::small(format!(
                "`bun install` may rewrite {at}, and the source would put its own back; add --frozen-lockfile"
            )));
        }
        let lock = Lock::of_text(&at, &gather.text(&at)?, true)?;
        if runs_scripts {
            project.look_at_packages(gather, &lock);
        }
        Ok(())
    }
}

fn no_environment(gather: &mut Gather) {
    let held: Vec<String> = ENVIRONMENT
        .iter()
        .map(|name| gather.at(name))
        .filter(|at| !gather.place.context.may_hold(at).is_no())
        .collect();
    if !held.is_empty() {
        gather.obstacle(Obstacle::small(format!(
            "the build context may hold {}, from which Bun takes variables; name them in .dockerignore",
            held.join(", ")
        )));
    }
}

/// bunfig.toml may hold settings of the install, of which those are known that name no file.
fn bunfig(gather: &mut Gather) -> Result<(), Obstacle> {
    if !gather.take("bunfig.toml")? {
        return Ok(());
    }
    let at = gather.at("bunfig.toml");
    let text = gather.text(&at)?;
    let mut section = "";
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.trim();
            continue;
        }
        let key = line.split('=').next().unwrap_or_default().trim();
        let is_known = match section {
            "install" => SETTINGS.contains(&key) && !line.contains("file:"),
            "install.scopes" => !line.contains("file:"),
            "install.lockfile" => matches!(key, "save" | "print"),
            "test" | "run" | "serve" | "serve.static" | "bundle" => true,
            "" => matches!(key, "preload" | "logLevel" | "telemetry" | "smol" | "jsx" | "jsxImportSource"),
            _ => false,
        };
        if !is_known {
            return Err(Obstacle::new(format!("{at}: dfmt does not know where `{line}` leads")));
        }
    }
    Ok(())
}
