//! What the source words of COPY and ADD take from the context.
//!
//! The source of each claim is BuildKit 0.32 (`dockerfile2llb/convert_copy.go`, `solver/llbsolver/file/backend.go`) and
//! fsutil (`copy/copy.go`): a word is cleaned below `/`; from its first segment with a wildcard on it is matched with
//! `filepath.Match` against the paths below what stands before; a match is not searched further; no match at all is no
//! error; of a folder the contents are copied, and `--exclude` is matched against paths below it.

use super::folder::{Entry, Kind};
use super::ignore::Patterns;
use super::path::{self, clean};
use super::presence::Presence;
use super::walk::{MAX_STEPS, Unknown, settle};
use super::{Context, glob};

/// Something that a source word names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path, the empty one for all of the context.
    pub path: String,
    /// A file or a folder, nothing else.
    pub entry: Entry,
    /// Whether it is there on every machine.
    pub presence: Presence,
}

/// Something that is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its path in the context.
    pub path: String,
    /// Its path below the destination (which for a single file may be the destination's own name instead).
    pub name: String,
    /// What it is. Links below a folder are copied as links.
    pub kind: Kind,
}

impl Context {
    /// What the word of a COPY or ADD names, with its `--exclude` patterns. The word is the final one: variables
    /// replaced, quotes gone. Nothing is an answer too, for a wildcard that matches nothing. What a .gitignore names
    /// and is not there is not in the answer, even if a wildcard matches it.
    ///
    /// # Errors
    /// [`Unknown`] if the build would fail, or what it takes is not certain.
    pub fn sources(&self, word: &str, excludes: &Patterns) -> Result<Vec<Source>, Unknown> {
        let at = locate(word)?;
        let (fixed, wild) = split_wildcards(&at);
        let paths = if wild.is_empty() { vec![fixed] } else { self.expand(&fixed, &wild, word)? };
        let sources = paths.into_iter().map(|path| self.source(path)).collect::<Result<Vec<_>, _>>()?;
        let is_file = |source: &&Source| source.entry.kind() == Kind::File;
        let slashed = sources.iter().find(is_file).filter(|_| word.ends_with('/'));
        if let Some(source) = slashed {
            return Err(Unknown::NotHeld { path: format!("{}/", source.path), excluded_by: None });
        }
        let is_named =
            |path: &str| excludes.excludes_alone(path) || excludes.excludes_alone(path::name(path));
        match sources.iter().filter(is_file).find(|source| is_named(&source.path)) {
            Some(source) => Err(Unknown::ExcludedSource(source.path.clone())),
            None => Ok(sources),
        }
    }

    /// Whether a word is a pattern.
    pub fn is_pattern(&self, word: &str) -> bool {
        glob::is_pattern(word)
    }

    /// Whether a word with a wildcard in its last part matches the same wherever the source is checked out: no
    /// .gitignore has a say where it looks.
    pub fn matches_the_same_everywhere(&self, word: &str) -> bool {
        let Ok(at) = locate(word) else { return false };
        let (fixed, wild) = split_wildcards(&at);
        !wild.contains(['/', '[']) && self.tracked.says_nothing_in(&fixed)
    }

    /// Everything that is copied of `source`, a folder before what it holds.
    ///
    /// # Errors
    /// [`Unknown`] if a folder cannot be listed, holds too much, or a file is sent without its content.
    pub fn contents(&self, source: &Source, excludes: &Patterns) -> Result<Vec<Taken>, Unknown> {
        let folder = source.path.as_str();
        if source.entry.kind() != Kind::Dir {
            let name = path::name(folder).to_owned();
            return Ok(vec![Taken { path: folder.to_owned(), name, kind: source.entry.kind() }]);
        }
        let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let steps =
            settle(self.held_below(folder)?, |step| !excludes.verdict(&step.path[start..]).is_excluded);
        let taken = |step: super::walk::Step| Taken {
            name: step.path[start..].to_owned(),
            path: step.path,
            kind: step.kind,
        };
        Ok(steps.into_iter().map(taken).collect())
    }

    /// The source at `path`, if it can be one and the way to it is certain.
    fn source(&self, path: String) -> Result<Source, Unknown> {
        for part in path::prefixes(&path) {
            match self.folder.entry(part) {
                Some(Entry::Symlink { .. }) => return Err(Unknown::Link(part.to_owned())),
                Some(Entry::Other) => return Err(Unknown::Special(part.to_owned())),
                _ => {}
            }
        }
        if self.patterns.is_emptied(&path) && self.folder.entry(&path).is_some_and(|e| e.kind() == Kind::File)
        {
            return Err(Unknown::Emptied(path));
        }
        match self.holds(&path) {
            Some(entry) => Ok(Source { presence: self.may_hold(&path), path, entry }),
            None => Err(self.not_held(path)),
        }
    }

    fn not_held(&self, path: String) -> Unknown {
        let excluded_by = self.excluded_by(&path).map(ToString::to_string);
        Unknown::NotHeld { path, excluded_by }
    }

    /// The paths below `fixed` that `wild` matches, in the order of the walk.
    fn expand(&self, fixed: &str, wild: &str, word: &str) -> Result<Vec<String>, Unknown> {
        if self.source(fixed.to_owned())?.entry.kind() != Kind::Dir {
            return Err(Unknown::NotHeld { path: path::join(fixed, wild), excluded_by: None });
        }
        let matches =
            |name: &str| glob::matches(wild, name).map_err(|_| Unknown::BadPattern(word.to_owned()));
        let start = if fixed.is_empty() { 0 } else { fixed.len() + 1 };
        // A segment matches no slash; a class may.
        let depth = wild.matches(['/', '[']).count();
        let mut found = Vec::new();
        let (mut open, mut steps) = (vec![fixed.to_owned()], 0);
        while let Some(folder) = open.pop() {
            let listing = self.list(&folder).filter(|listing| listing.complete);
            let listing = listing.ok_or_else(|| Unknown::Unlisted(folder.clone()))?;
            for (name, kind) in listing.entries {
                let path = path::join(&folder, &name);
                steps += 1;
                if matches(&path[start..])? {
                    found.push(path);
                } else if kind == Kind::Dir && path[start..].matches('/').count() < depth {
                    open.push(path);
                }
            }
            if steps > MAX_STEPS {
                return Err(Unknown::TooMany(folder));
            }
        }
        // A pattern may be malformed behind what any name gets to.
        matches("")?;
        found.sort();
        Ok(found)
    }
}

/// The word as a clean path or pattern in the context.
fn locate(word: &str) -> Result<String, Unknown> {
    if word.contains("://") || word.starts_with("git@") {
        return Err(Unknown::Remote(word.to_owned()));
    }
    let at = clean(word.trim_start_matches('/'));
    // BuildKit stops at the root, older builders fail.
    if word.contains('\0') || at == ".." || at.starts_with("../") {
        return Err(Unknown::Outside(word.to_owned()));
    }
    Ok(if at == "." { String::new() } else { at })
}

/// What stands before the first segment with a wildcard, and from there on.
fn split_wildcards(at: &str) -> (String, String) {
    let parts: Vec<_> = at.split('/').collect();
    let first = parts.iter().position(|part| glob::is_pattern(part)).unwrap_or(parts.len());
    (parts[..first].join("/"), parts[first..].join("/"))
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
