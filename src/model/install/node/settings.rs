//! Files of settings that these managers read where they run, above it, and in a home.

use super::super::{Gather, Obstacle};
use super::packages::folders;
use crate::model::context::path;
use crate::model::manifests::node::npmrc;

/// How a file of settings is read.
type Reader = fn(&str) -> Result<Vec<(String, String)>, String>;

/// Takes each `.npmrc` from the folder where the install runs up to the one that is copied, which may be a home. Gives
/// the settings of the nearest.
///
/// # Errors
/// A setting that may lead to other files.
pub fn npmrc(gather: &mut Gather) -> Result<Vec<(String, String)>, Obstacle> {
    all(gather, ".npmrc", npmrc::npm)
}

/// Takes each `.yarnrc` in the same way.
///
/// # Errors
/// As there.
pub fn yarnrc(gather: &mut Gather) -> Result<(), Obstacle> {
    all(gather, ".yarnrc", npmrc::yarn).map(drop)
}

fn all(gather: &mut Gather, name: &str, read: Reader) -> Result<Vec<(String, String)>, Obstacle> {
    let mut nearest = Vec::new();
    for folder in folders(gather) {
        let at = path::join(folder, name);
        if !gather.take_at(&at)? {
            continue;
        }
        let settings = read(&gather.text(&at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
        if let Some((key, _)) = settings.iter().find(|(key, value)| !npmrc::is_harmless(key, value)) {
            return Err(Obstacle::new(format!("{at}: dfmt does not know where `{key}` leads")));
        }
        if folder == gather.place.cwd {
            nearest = settings;
        }
    }
    Ok(nearest)
}
