//! Installs what the lock file says, and nothing else: `npm ci` for `npm install`.
//!
//! # What it does
//!
//! `npm install` without names (`npm i`) becomes `npm ci`, with the same options.
//!
//! # Why
//!
//! `npm install` may choose other versions than those of package-lock.json and write it anew; two builds of one commit
//! then hold other packages. `npm ci` installs the lock file or fails. But a build may fail that passed before, where the
//! lock file was out of step deep down. So the rule runs only when it is named itself.
//!
//! # When it refuses
//!
//! - The build context holds no package-lock.json or npm-shrinkwrap.json of version 2 or 3 beside package.json, a
//!   .dockerignore keeps it out, or a .gitignore names it.
//! - The lock file may be out of step: what it says of the dependencies of package.json is another thing, or there are
//!   workspaces.
//! - The COPY above the RUN does not bring both files, from where they lie in the context to the folder that it runs in.
//! - Modules may be there already: `npm ci` would remove them. That is where npm or yarn has run above, or the context
//!   holds `node_modules`.
//! - A .npmrc beside package.json, or a variable, says what becomes of the lock file.
//! - An option stands there that is not known to mean the same to both, or the base image is a node before 10.
//!
//! # Before
//!
//! ```dockerfile
//! FROM node:20
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm install --omit=dev
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM node:20
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm ci --omit=dev
//! ```

use super::each_run::{self, Place, Wish};
use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::calls::{self, Call};
use crate::model::context::{Context, Patterns, Presence};
use crate::model::manifests::package_lock;
use crate::model::stage::{self, Copy};
use crate::syntax::tree::Keyword;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "npm-ci",
    kind: Kind::Content,
    alone: true,
    against: &[],
    proof: Proof::NpmCi,
    page: include_str!("npm_ci.rs"),
    plan,
};

/// The lock files, the one first that npm prefers.
const LOCKS: [&str; 2] = ["npm-shrinkwrap.json", "package-lock.json"];

fn plan(site: &Site) -> Plan {
    each_run::plan(site, "DL3016", wish)
}

fn wish<'a>(place: &Place<'a>) -> Wish<'a> {
    let calls = calls::calls(place.run);
    let installs: Vec<&Call> = calls.iter().filter(|call| is_of_the_lock(call)).collect();
    let [install] = installs[..] else { return Ok(Vec::new()) };
    if let Some((_, option)) = install.words[2..].iter().find(|(_, w)| !is_known(w)) {
        return Err(format!("`{option}` may mean something else to `npm ci`"));
    }
    if calls.iter().any(|call| matches!(call.name(), "cd" | "pushd" | "mv" | "cp" | "ln" | "yarn")) {
        return Err("the RUN may change the folder or its files".to_string());
    }
    if place.mounts_cache(&["node_modules", "type=bind", "$"]) {
        return Err("a mount may hold modules or the lock file".to_string());
    }
    if place.is_set_elsewhere(&["package_lock", "PACKAGE_LOCK"]) {
        return Err("a variable says what npm does with the lock file".to_string());
    }
    base_is_new(place)?;
    let folder = brought_from(place)?;
    is_in_step(&(place.site.context)()?, &folder)?;
    let node = install.words[1].0;
    Ok(vec![(place.run.source_range(node.start, node.end), b"ci")])
}

/// `npm install` with options and no more.
fn is_of_the_lock(call: &Call) -> bool {
    let word = |at: usize| call.words.get(at).map_or("", |w| w.1);
    call.program() == "npm"
        && matches!(word(1), "install" | "i")
        && call.words[2..].iter().all(|(_, w)| w.starts_with('-'))
        && !call.words.iter().any(|(_, w)| matches!(*w, "-g" | "--global"))
}

/// An option that both commands have, and that leaves the lock file alone.
fn is_known(word: &str) -> bool {
    matches!(
        word,
        "--production"
            | "--omit=dev"
            | "--only=production"
            | "--only=prod"
            | "--include=dev"
            | "--no-optional"
            | "--omit=optional"
            | "--ignore-scripts"
            | "--no-audit"
            | "--no-fund"
            | "--audit=false"
            | "--fund=false"
            | "--quiet"
            | "--silent"
            | "--verbose"
            | "--no-progress"
            | "--unsafe-perm"
            | "--unsafe-perm=true"
            | "--prefer-offline"
            | "-q"
            | "-s"
    ) || word.starts_with("--loglevel=")
        || word.starts_with("--registry=") && !word.contains('$')
}

fn base_is_new(place: &Place) -> Result<(), String> {
    for i in place.site.file.instructions().filter(|i| i.keyword == Keyword::From) {
        let image = String::from_utf8_lossy(i.words().next().unwrap_or_default()).into_owned();
        let version = image.rsplit('/').next().and_then(|name| name.strip_prefix("node:"));
        let major = version.and_then(|v| v.split(['.', '-']).next()?.parse::<u32>().ok());
        if major.is_some_and(|major| major < 10) {
            return Err(format!("the npm of {image} may not know `npm ci`"));
        }
    }
    Ok(())
}

/// The folder of the context that lies where the RUN runs.
fn brought_from(place: &Place) -> Result<String, String> {
    let stages = stage::stages(place.site.file);
    let here = place.step.cwd.as_deref().ok_or("the working folder is not known")?;
    let mut found = None;
    for step in stage::lineage(place.site.file, &stages, place.step.item) {
        let Some(i) = place.site.file.instruction_at(step.item) else { continue };
        match step.keyword {
            Keyword::Run
                if calls::calls(i)
                    .iter()
                    .any(|c| matches!(c.name(), "npm" | "yarn" | "pnpm") && !c.has("-g")) =>
            {
                return Err(format!("line {} may have installed modules already", step.line));
            }
            Keyword::Copy | Keyword::Add if found.is_none() => {
                found = source(i, step.cwd.as_deref(), here, place.site.file.escape)?;
            }
            _ => {}
        }
    }
    found.ok_or_else(|| "no COPY above brings package.json and its lock file".to_string())
}

/// The folder of the context that this COPY brings to `here`, with package.json and its lock file.
fn source(
    i: &crate::syntax::tree::Instruction,
    cwd: Option<&str>,
    here: &str,
    escape: u8,
) -> Result<Option<String>, String> {
    let unclear = || "a COPY above is not clear".to_string();
    if i.flags().any(|f| !f.starts_with(b"--chown=") && !f.starts_with(b"--chmod=") && f != b"--link") {
        return if i.flags().any(|f| f.starts_with(b"--from=")) { Ok(None) } else { Err(unclear()) };
    }
    let copy = Copy::of(i, escape).ok_or_else(unclear)?;
    if copy.target(cwd).as_deref() != Some(here) {
        return Ok(None);
    }
    let clean = |s: &String| s.trim_start_matches("./").trim_matches('/').to_string();
    let sources: Vec<String> = copy.sources.iter().map(clean).collect();
    if let [only] = &sources[..]
        && !only.contains("package")
        && !only.contains('*')
    {
        return Ok(Some(if only == "." { String::new() } else { only.clone() }));
    }
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
    let Some(first) = sources.iter().find(|s| s.ends_with("package.json") || s.ends_with("package*.json"))
    else {
        return Ok(None);
    };
    let at = folder(first);
    let brings = |s: &String| {
        folder(s) == at
            && ["package*.json", "package-lock.json", "package-lock*.json", "npm-shrinkwrap.json"]
                .iter()
                .any(|n| s.ends_with(n))
    };
    if sources.iter().any(brings) {
        Ok(Some(at))
    } else {
        Err("the COPY above brings no lock file".to_string())
    }
}

/// Whether the lock file in a folder of the context says what package.json says.
fn is_in_step(context: &Context, folder: &str) -> Result<(), String> {
    let path = |name: &str| if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") };
    if context.may_hold(&path("node_modules")) == Presence::Yes {
        return Err("the build context holds node_modules".to_string());
    }
    let settings = context.read(&path(".npmrc")).unwrap_or_default();
    if memchr::memmem::find(&settings, b"lock").is_some() {
        return Err("its .npmrc speaks of the lock file".to_string());
    }
    let lock = LOCKS.iter().map(|name| path(name)).find(|at| context.may_hold(at) != Presence::No);
    let lock = lock.ok_or("the build context holds no package-lock.json")?;
    let read = |at: &str| {
        let sure = context.may_hold(at) == Presence::Yes;
        let bytes = context.read(at).filter(|_| sure && context.sources(at, &Patterns::default()).is_ok());
        bytes.and_then(|b| String::from_utf8(b).ok()).ok_or(format!("{at} is not in every checkout"))
    };
    package_lock::in_step(&read(&path("package.json"))?, &read(&lock)?)
        .map_err(|why| format!("{lock}: {why}"))
}
