//! Patches of the source on packages.

use super::super::{Gather, Obstacle};
use crate::model::context::path;

/// Takes the folder that patch-package reads.
///
/// # Errors
/// A file in it that is no patch on a package.
pub fn folder(gather: &mut Gather) -> Result<(), Obstacle> {
    if !gather.take_folder("patches")? {
        return Ok(());
    }
    let folder = gather.at("patches");
    let listing = gather.place.context.list(&folder).unwrap_or_default();
    for (name, _) in listing.entries {
        let at = path::join(&folder, &name);
        if name.strip_suffix(".patch").is_none() {
            return Err(Obstacle::new(format!("it is not known what {at} is to patch-package")));
        }
        stays_inside(gather, &at, "node_modules/")?;
    }
    Ok(())
}

/// Takes patches that settings name, each on one package.
///
/// # Errors
/// One that is not there, or does more.
pub fn named(gather: &mut Gather, files: &[String]) -> Result<(), Obstacle> {
    for file in files {
        let file = file.strip_prefix("./").unwrap_or(file);
        if !path::is_clean(file) {
            return Err(Obstacle::new(format!("the patch {file} may lie elsewhere")));
        }
        let at = gather.require(file)?;
        stays_inside(gather, &at, "")?;
    }
    Ok(())
}

/// Whether a patch changes nothing but files whose paths begin so.
///
/// # Errors
/// A path that does not. A line that a patch takes away may look like one too: then it is refused.
pub fn stays_inside(gather: &Gather, at: &str, folder: &str) -> Result<(), Obstacle> {
    const HEADS: [&str; 6] = ["--- ", "+++ ", "rename from ", "rename to ", "copy from ", "copy to "];
    let text = gather.text(at)?;
    let inside = |path: &str| {
        let path = path.trim();
        let path = path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path);
        let is_apart = path.starts_with('/') || path.starts_with('"') || path.contains("..");
        path == "/dev/null" || path.starts_with(folder) && !is_apart
    };
    let heads = text.lines().filter_map(|l| HEADS.iter().find_map(|h| l.strip_prefix(h)));
    let whole = text.lines().filter_map(|l| l.strip_prefix("diff --git ")).flat_map(|l| l.split(' '));
    match heads.chain(whole).find(|path| !inside(path)) {
        Some(path) => Err(Obstacle::new(format!("{at} may patch `{path}`"))),
        None => Ok(()),
    }
}
