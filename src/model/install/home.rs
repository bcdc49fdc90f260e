//! A folder that is copied may be somebody's home: then tools read their settings and install for one user there.

use super::{Manager, Obstacle};
use crate::model::context::{Context, path};

/// Settings of what package managers call to fetch and to build, and what they install for one user, as paths below a
/// home. Not `.cache`: a cache makes an install quicker and no other, and many a .gitignore names it.
const SHARED: &[&str] = &[
    ".netrc",
    ".local",
    ".config/git",
    ".gitconfig",
    ".git-credentials",
    ".ssh",
    ".hgrc",
    ".subversion",
    ".curlrc",
    ".wgetrc",
];

/// Whether `folder` of the context holds nothing that these managers would read or write as a user's home.
///
/// # Errors
/// What it may hold.
pub fn is_free(context: &Context, folder: &str, managers: &[&Manager]) -> Result<(), Obstacle> {
    let own = managers.iter().flat_map(|m| m.home.iter().map(move |name| (*name, m.name)));
    for (name, who) in SHARED.iter().map(|name| (*name, "an install")).chain(own) {
        let at = path::join(folder, name);
        if !context.may_hold(&at).is_no() {
            return Err(Obstacle::small(format!(
                "the context may hold {at}, which {who} reads or writes; name it in .dockerignore"
            )));
        }
    }
    Ok(())
}
