//! Files of settings that these managers read where they run, above it, and in a home.

use super::super::{Gather, Obstacle};
use super::packages::folders;
use crate::model::context::path;
use crate::model::manifests::node::npmrc;
use crate::syntax::tree::Keyword;

/// How a file of settings is read.
type Reader = fn(&str) -> Result<Vec<(String, String)>, String>;

/// Takes each `.npmrc` from the folder where the install runs up to the one that is copied, which may be a home. Gives
/// the settings of the nearest.
///
/// # Errors
/// A setting that may lead to other files.
pub fn npmrc(gather: &mut Gather) -> Result<Vec<(String, String)>, Obstacle> {
    no_unknown_setting(gather)?;
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

/// `npm config set`, `yarn config set`, `npm set` in any RUN: in a home they hold for all that follows. Where a value is
/// the whole path of a place in the source, the RUN leads there by its name (`reach::leads_to`).
fn no_unknown_setting(gather: &Gather) -> Result<(), Obstacle> {
    let runs = gather.place.file.instructions().filter(|i| i.keyword == Keyword::Run);
    for text in runs.map(|i| String::from_utf8_lossy(&i.text).into_owned()) {
        let words: Vec<&str> =
            text.split([' ', '\t', '\n', '\r', ';', '&']).filter(|w| !w.is_empty()).collect();
        for at in (1..words.len()).filter(|at| words[*at] == "set") {
            let is_ours = words[..at].iter().rev().take(4).any(|w| matches!(*w, "npm" | "yarn" | "pnpm"));
            let mut rest =
                words[at + 1..].iter().map(|w| w.trim_matches(['"', '\''])).filter(|w| !w.starts_with('-'));
            let key = rest.next().unwrap_or_default();
            let (key, value) = key.split_once('=').unwrap_or_else(|| (key, rest.next().unwrap_or_default()));
            if is_ours && !value.starts_with('/') && !npmrc::is_harmless(key, value) {
                return Err(Obstacle::new(format!(
                    "dfmt does not know where the setting `{key} {value}` leads"
                )));
            }
        }
    }
    Ok(())
}
