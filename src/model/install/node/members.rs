//! The members of a workspace: which folders its patterns name.
//!
//! More folders than the manager would find are no harm, fewer are: so patterns that take folders away are skipped, and
//! a `*` takes hidden folders too.

use std::collections::BTreeSet;

use super::super::{Gather, Obstacle};
use crate::model::context::{Kind, path};

/// More folders than this are not looked through.
const MAX_FOLDERS: usize = 20_000;

/// The folders that these patterns may name, as paths from the root of the workspace.
///
/// # Errors
/// A pattern that is not understood, or a folder that is not known.
pub fn folders(gather: &Gather, patterns: &[String]) -> Result<BTreeSet<String>, Obstacle> {
    let mut found = BTreeSet::new();
    let mut seen = 0;
    for pattern in patterns.iter().filter(|p| !p.starts_with('!')) {
        let parts: Vec<&str> = pattern.split('/').filter(|p| !matches!(*p, "" | ".")).collect();
        let unclear = |p: &&str| {
            *p == ".."
                || p.contains(['{', '?', '[', '(', '\\', '!', '+', '@'])
                || p.contains("**") && *p != "**"
        };
        if pattern.starts_with('/') || parts.iter().any(unclear) {
            return Err(Obstacle::new(format!("`{pattern}` of the workspace is not understood")));
        }
        expand(gather, "", &parts, &mut found, &mut seen)?;
    }
    found.remove("");
    Ok(found)
}

fn expand(
    gather: &Gather,
    at: &str,
    parts: &[&str],
    found: &mut BTreeSet<String>,
    seen: &mut usize,
) -> Result<(), Obstacle> {
    let Some((part, rest)) = parts.split_first() else {
        found.insert(at.to_string());
        return Ok(());
    };
    if *part == "**" {
        expand(gather, at, rest, found, seen)?;
        return below(gather, at, seen)?.iter().try_for_each(|f| expand(gather, f, parts, found, seen));
    }
    if !part.contains('*') {
        return expand(gather, &path::join(at, part), rest, found, seen);
    }
    let fits = |f: &&String| matches(part, path::name(f));
    below(gather, at, seen)?.iter().filter(fits).try_for_each(|f| expand(gather, f, rest, found, seen))
}

/// The folders in a folder, but `node_modules` and `.git`.
fn below(gather: &Gather, at: &str, seen: &mut usize) -> Result<Vec<String>, Obstacle> {
    let here = gather.at(at);
    let Some(listing) = gather.place.context.list(&here) else { return Ok(Vec::new()) };
    if !listing.complete {
        return Err(Obstacle::new(format!("it is not known what {here} holds")));
    }
    let names =
        listing.entries.into_iter().filter(|(name, _)| !matches!(name.as_str(), "node_modules" | ".git"));
    let mut found = Vec::new();
    for (name, kind) in names {
        match kind {
            Kind::Dir => found.push(path::join(at, &name)),
            Kind::Symlink => {
                let target = path::join(&here, &name);
                return Err(Obstacle::new(format!(
                    "{target} is a link, which may lead to a member of the workspace"
                )));
            }
            _ => {}
        }
    }
    *seen += found.len();
    if *seen > MAX_FOLDERS {
        return Err(Obstacle::new("the workspace has too many folders"));
    }
    Ok(found)
}

/// Whether a name fits a pattern in which only `*` is special.
fn matches(pattern: &str, name: &str) -> bool {
    let (first, rest) = pattern.split_once('*').unwrap_or((pattern, ""));
    if !pattern.contains('*') {
        return pattern == name;
    }
    let Some(name) = name.strip_prefix(first) else { return false };
    (0..=name.len()).filter(|at| name.is_char_boundary(*at)).any(|at| matches(rest, &name[at..]))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_match() {
        for (pattern, name, want) in [
            ("*", "a", true),
            ("plugin-*", "plugin-x", true),
            ("plugin-*", "plugi", false),
            ("*-x", "a-x", true),
            ("a*c*", "abcd", true),
            ("a*c", "abd", false),
            ("a", "ab", false),
        ] {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
    }
}
