//! Corepack, which brings Yarn and pnpm as `packageManager` of package.json asks for them.

use super::super::{Asked, Gather, Install, Manager, Obstacle};
use super::helpers::Nothing;
use super::packages::folders;
use super::words::{self, Known, Words};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::node::package::Package;

/// Corepack.
pub const MANAGER: Manager =
    Manager { name: "corepack", programs: &["corepack"], read, heeds: super::heeds, home: super::HOME };

const KNOWN: Known =
    Known { who: "corepack", flags: &["--activate", "-g", "--global", "--all"], valued: &[] };

fn read(command: &Command) -> Option<Asked> {
    if Words::asks_for_version(command) {
        return Some(Ok(Box::new(Nothing)));
    }
    match words::verb(command, &KNOWN)? {
        "enable" | "disable" | "prepare" | "install" => {}
        _ => return None,
    }
    Some(Words::read(command, &KNOWN).and_then(|words| asked(&words)))
}

fn asked(words: &Words) -> Asked {
    let names = words.operands();
    let is_known = |name: &String| {
        let manager = name.split('@').next().unwrap_or_default();
        words::is_package(name) && matches!(manager, "npm" | "yarn" | "pnpm")
    };
    if let Some(name) = names.iter().find(|n| !is_known(n)) {
        return Err(Obstacle::new(format!("`{name}` may be something of the source")));
    }
    match words.plain[0].as_str() {
        "prepare" | "install" if names.is_empty() => Ok(Box::new(Prepare)),
        _ => Ok(Box::new(Nothing)),
    }
}

/// Fetches the manager that package.json names.
struct Prepare;

impl Install for Prepare {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        take(gather)
    }
}

/// Takes what Corepack reads where it stands for a manager: package.json here and above, and its own settings.
///
/// # Errors
/// What it may be led by.
pub fn take(gather: &mut Gather) -> Result<(), Obstacle> {
    let mut is_pinned = false;
    for at in folders(gather).into_iter().map(|folder| path::join(folder, "package.json")) {
        if gather.take_at(&at)? {
            let read =
                Package::read(&gather.text(&at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
            is_pinned |= read.manager().is_some();
        }
    }
    if gather.is_named("corepack") && !is_pinned {
        let at = gather.at("package.json");
        gather.obstacle(Obstacle::small(format!(
            "{at} has no field `packageManager`, so that Corepack may write it there; write it yourself, as in pnpm@9.15.0"
        )));
    }
    gather.must_be_free(".corepack.env", "a file of settings of Corepack");
    Ok(())
}
