//! Yarn 1.
//!
//! It reads package.json, yarn.lock, `.yarnrc` and `.npmrc` here and in all folders above, `.yarnclean`. Held against a
//! trace of Yarn 1.22. It reads README files too, but for a field that no install asks for.

use super::super::{Gather, Obstacle};
use super::packages::folders;
use super::project::{Lock, Project, Ways};
use super::yarn::{Use, Yarn};
use super::{corepack, settings};
use crate::model::context::path;

/// What an install needs.
///
/// # Errors
/// What is not understood.
pub fn needs(install: &Yarn, gather: &mut Gather) -> Result<(), Obstacle> {
    corepack::take(gather)?;
    settings::npmrc(gather)?;
    settings::yarnrc(gather)?;
    no_settings_of_berry(gather)?;
    gather.take(".yarnclean")?;
    let runs_scripts = install.runs_scripts;
    let project =
        Project::take(gather, &Ways { who: "Yarn", patterns: None, has_protocol: false, runs_scripts })?;
    if project.root.get("installConfig").is_some() {
        return Err(Obstacle::new("`installConfig` of package.json makes Yarn write into the project"));
    }
    for folder in project.members.iter().map(String::as_str).chain([""]) {
        gather
            .must_be_free(&path::join(folder, "yarn.json"), "a manifest that Yarn may take for package.json");
        gather.must_be_free(
            &path::join(folder, ".yarn-metadata.json"),
            "a manifest that Yarn may take for package.json",
        );
    }
    let lock = lock(install, gather, &project)?;
    if runs_scripts {
        project.look_at_packages(gather, &lock);
    }
    Ok(())
}

fn lock(install: &Yarn, gather: &mut Gather, project: &Project) -> Result<Lock, Obstacle> {
    if install.lock == Use::None {
        return Ok(Lock { names: project.names()?, with_scripts: None });
    }
    let at = gather.require("yarn.lock")?;
    if install.lock == Use::Rewritten {
        gather.obstacle(Obstacle::small(format!(
            "`yarn install` may rewrite {at}, and the source would put its own back; add --frozen-lockfile"
        )));
    }
    Lock::of_text(&at, &gather.text(&at)?, false)
}

/// Yarn 1.22 looks into `.yarnrc.yml` for the Yarn that it calls instead.
fn no_settings_of_berry(gather: &mut Gather) -> Result<(), Obstacle> {
    for at in folders(gather).into_iter().map(|f| path::join(f, ".yarnrc.yml")) {
        if !gather.place.context.may_hold(&at).is_no() {
            return Err(Obstacle::new(format!("{at} may name another Yarn")));
        }
    }
    Ok(())
}
