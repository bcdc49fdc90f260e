//! Variables that tell a package manager what to read and where to write.

use std::collections::BTreeMap;

use super::{Manager, Obstacle};
use crate::model::stage::{self, Stage, Step};
use crate::model::{place, variables};
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Variables that name a folder of a manager's own. One that is written out in full and lies elsewhere leads
/// nowhere.
const FOLDERS: &[&str] = &[
    "VIRTUAL_ENV",
    "PIP_CACHE_DIR",
    "UV_PROJECT_ENVIRONMENT",
    "UV_CACHE_DIR",
    "UV_TOOL_DIR",
    "UV_TOOL_BIN_DIR",
    "UV_PYTHON_INSTALL_DIR",
    "POETRY_HOME",
    "POETRY_CACHE_DIR",
    "POETRY_VIRTUALENVS_PATH",
    "WORKON_HOME",
    "GOPATH",
    "GOBIN",
    "GOCACHE",
    "GOMODCACHE",
    "BUNDLE_PATH",
    "BUNDLE_APP_CONFIG",
    "BUNDLE_BIN",
    "GEM_HOME",
    "COMPOSER_HOME",
    "COMPOSER_CACHE_DIR",
    "NPM_CONFIG_CACHE",
    "NPM_CONFIG_PREFIX",
    "YARN_CACHE_FOLDER",
    "YARN_GLOBAL_FOLDER",
    "PNPM_HOME",
    "COREPACK_HOME",
];

/// What ENV sets above an install, where that is written out.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, Option<String>>,
}

impl Variables {
    /// Those that `step` finds. What an ARG sets is not known: whoever builds may give another value.
    pub fn above(file: &Dockerfile, stages: &[Stage], step: &Step) -> Self {
        let mut values = BTreeMap::new();
        for above in stage::lineage(file, stages, step.item) {
            let Some(i) = file.instruction_at(above.item).filter(|i| i.keyword == Keyword::Env) else {
                continue;
            };
            for name in variables::names(i) {
                let key = String::from_utf8_lossy(name).into_owned();
                values.entry(key).or_insert_with(|| stage::literal(variables::value(i, name), file.escape));
            }
        }
        Self { values }
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        let value = self.values.get(name).and_then(Option::as_deref);
        value.is_some_and(|v| matches!(v.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on"))
    }
}

/// Whether nothing that is set above `step`, in its stage or those that it builds on, leads one of these managers to
/// other files.
///
/// # Errors
/// The variable that may.
pub fn is_harmless(
    file: &Dockerfile,
    stages: &[Stage],
    step: &Step,
    managers: &[&Manager],
    target: &str,
) -> Result<(), Obstacle> {
    let above = stage::lineage(file, stages, step.item).into_iter();
    let sets = above.filter(|s| matches!(s.keyword, Keyword::Env | Keyword::Arg));
    for i in sets.filter_map(|s| file.instruction_at(s.item)) {
        for bytes in variables::names(i) {
            let name = String::from_utf8_lossy(bytes);
            let upper = name.to_ascii_uppercase();
            let who = managers.iter().find(|m| upper == "HOME" || (m.heeds)(&upper));
            if let Some(manager) = who.filter(|_| !is_apart(i, &name, file.escape, target)) {
                return Err(Obstacle::new(format!("{name} may lead {} to the source", manager.name)));
            }
        }
    }
    Ok(())
}

/// Whether it gives a folder of a manager's own, from the root on, that has nothing in common with `target`.
fn is_apart(i: &Instruction, name: &str, escape: u8, target: &str) -> bool {
    let value = stage::literal(variables::value(i, name.as_bytes()), escape);
    let Some(folder) = value.filter(|v| v.starts_with('/')).and_then(|v| stage::resolve(None, &v)) else {
        return false;
    };
    // sources have a place of their own in it
    let has_sources = || name == "GOPATH" && place::below(target, &format!("{folder}/src")).is_some();
    let is_in_it = place::below(target, &folder).is_some() && !has_sources();
    i.keyword == Keyword::Env
        && FOLDERS.contains(&name)
        && !is_in_it
        && place::below(&folder, target).is_none()
}
