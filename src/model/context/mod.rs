//! The build context: a folder as .dockerignore leaves it, and what a COPY takes from it.
//!
//! Everything is asked through [`Folder`], a value or a view that the edge provides; nothing here touches files.
//! What is not known is said so ([`Unknown`], [`Presence::Perhaps`]) and is a reason for a rule to refuse. Nothing
//! is known of contexts that are no local folder: a rule has to make sure that it has one.

mod folder;
mod glob;
mod ignore;
pub mod path;
mod pattern;
mod presence;
mod sources;
mod tracked;
mod walk;

use std::fmt;
use std::sync::Arc;

pub use folder::{Entry, Folder, Kind, Listing, MAX_READ, MemoryFolder};
pub use ignore::{Matched, Pattern, PatternError, Patterns, Verdict};
pub use presence::{Doubt, Presence};
pub use sources::{Source, Taken};
pub use tracked::GitignoreAbove;
pub use walk::Unknown;

use tracked::Tracked;

/// What a context is built from, beside its folder.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// The Dockerfile's path in the context, if it stands there. BuildKit then looks for `<path>.dockerignore` first.
    pub dockerfile: Option<String>,
    /// The bytes of `<Dockerfile>.dockerignore` where the Dockerfile stands outside of the context.
    pub own_ignore: Option<Vec<u8>>,
    /// The .gitignore files of the folders above the context, up to the one that holds .git.
    pub gitignores_above: Vec<GitignoreAbove>,
}

/// The build context of a Dockerfile.
pub struct Context {
    folder: Arc<dyn Folder>,
    patterns: Patterns,
    /// Where the patterns come from.
    ignore_file: Option<String>,
    tracked: Tracked,
}

/// What the context holds cannot be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextError {
    /// An ignore file has a pattern that cannot be used.
    Pattern {
        /// Which file.
        file: String,
        /// Which pattern.
        error: PatternError,
    },
    /// An ignore file is there but cannot be read: too large, a link, a folder.
    Unreadable {
        /// Which file.
        file: String,
    },
    /// Which ignore file counts depends on the builder or on how it is called.
    Ambiguous {
        /// One that some builds use and others do not.
        file: String,
    },
}

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pattern { file, error } => write!(f, "{file}: {error}"),
            Self::Unreadable { file } => write!(f, "{file}: cannot be read"),
            Self::Ambiguous { file } => write!(f, "{file}: some builds use it and some do not"),
        }
    }
}

impl std::error::Error for ContextError {}

const DOCKERIGNORE: &str = ".dockerignore";

impl Context {
    /// The context in `folder`. Only ignore files are read now.
    ///
    /// # Errors
    /// [`ContextError`] if there is an ignore file that leaves open what the context holds.
    pub fn new(folder: Arc<dyn Folder>, setting: &Setting) -> Result<Self, ContextError> {
        let (ignore_file, bytes) = find_ignore_file(folder.as_ref(), setting)?;
        let patterns = match &ignore_file {
            None => Patterns::default(),
            Some(file) => {
                Patterns::read(&bytes).map_err(|error| ContextError::Pattern { file: file.clone(), error })?
            }
        };
        let tracked = Tracked::new(folder.clone(), &setting.gitignores_above);
        Ok(Self { folder, patterns, ignore_file, tracked })
    }

    /// The patterns of the ignore file that counts.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// The path of the ignore file that counts.
    pub fn ignore_file(&self) -> Option<&str> {
        self.ignore_file.as_deref()
    }

    /// The pattern that keeps `path` out, whether or not something is there.
    pub fn excluded_by(&self, path: &str) -> Option<&Pattern> {
        let verdict = self.patterns.verdict(path);
        verdict.by.filter(|_| verdict.is_excluded).and_then(|index| self.patterns.get(index))
    }

    /// What the builder gets at `path`, which is clean. A folder that is excluded is there nevertheless if something
    /// below it is taken back. `None` also where this is not known, so never a reason to think that a path is free:
    /// for that see [`Self::may_hold`].
    pub fn holds(&self, path: &str) -> Option<Entry> {
        let entry = self.folder.entry(path)?;
        let verdict = self.patterns.verdict(path);
        let is_dir = entry.kind() == Kind::Dir;
        let is_sent = if verdict.is_excluded {
            is_dir && self.takes_back_below(path)
        } else {
            is_dir || !self.patterns.is_emptied(path)
        };
        is_sent.then_some(entry)
    }

    /// The bytes of the file that the builder gets at `path`.
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.holds(path).filter(|entry| entry.kind() == Kind::File)?;
        self.folder.read(path)
    }

    /// Holds that the folder may be the context of a build: one with nothing but Dockerfiles is where somebody keeps
    /// them, and they are built with another folder.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn is_no_mere_collection(&self) -> Result<(), String> {
        let is_dockerfile = |name: &str| {
            let name = name.to_ascii_lowercase();
            // what is hidden says nothing; one of those may be a file that is just being written
            name.contains("dockerfile") || name.contains("containerfile") || name.starts_with('.')
        };
        let others = |listing: &Listing| listing.entries.iter().any(|(name, _)| !is_dockerfile(name));
        if self.folder.list("").is_some_and(|listing| !listing.complete || others(&listing)) {
            return Ok(());
        }
        Err("the folder holds nothing but Dockerfiles, so they may be built with another; name it by --context"
            .to_string())
    }

    /// What the builder gets in the folder at `path`.
    pub fn list(&self, path: &str) -> Option<Listing> {
        self.holds(path)?;
        let Listing { entries, complete } = self.folder.list(path)?;
        let is_known = |name: &str| !self.patterns.is_emptied(&path::join(path, name));
        let complete = complete && entries.iter().all(|(name, _)| is_known(name));
        let is_held = |(name, _): &(String, Kind)| self.holds(&path::join(path, name)).is_some();
        Some(Listing { entries: entries.into_iter().filter(is_held).collect(), complete })
    }
}

/// The ignore file that BuildKit reads (frontend/dockerui/config.go), and its bytes: `<Dockerfile>.dockerignore`, else
/// `.dockerignore` at the top.
fn find_ignore_file(
    folder: &dyn Folder,
    setting: &Setting,
) -> Result<(Option<String>, Vec<u8>), ContextError> {
    let dockerfile = setting.dockerfile.as_deref().unwrap_or_default();
    refuse_ambiguous(folder, dockerfile)?;
    let shared = bytes_of(folder, DOCKERIGNORE)?;
    let own_file = format!("{}.dockerignore", setting.dockerfile.as_deref().unwrap_or("Dockerfile"));
    let own = match (&setting.own_ignore, dockerfile) {
        (Some(bytes), _) => Some(bytes.clone()),
        (None, "") => None,
        (None, _) => bytes_of(folder, &own_file)?,
    };
    match (own, shared) {
        // An empty file may arrive as none, and then the other one counts.
        (Some(own), Some(_)) if own.is_empty() => Err(ContextError::Ambiguous { file: own_file }),
        (Some(own), _) => Ok((Some(own_file), own)),
        (None, Some(shared)) => Ok((Some(DOCKERIGNORE.to_owned()), shared)),
        (None, None) => Ok((None, Vec::new())),
    }
}

/// A file named `dockerfile` may be asked for as `Dockerfile`, and then another ignore file counts. A Containerfile is
/// usually built by Buildah, which prefers .containerignore.
fn refuse_ambiguous(folder: &dyn Folder, dockerfile: &str) -> Result<(), ContextError> {
    let beside = |name: &str| path::join(path::parent(dockerfile), name);
    let mut files = Vec::new();
    if path::name(dockerfile) == "dockerfile" {
        files = vec![beside("Dockerfile.dockerignore"), beside("dockerfile.dockerignore")];
    } else if path::name(dockerfile).to_ascii_lowercase().contains("containerfile") {
        files = vec![".containerignore".to_owned(), format!("{dockerfile}.containerignore")];
    }
    match files.into_iter().find(|file| folder.entry(file).is_some()) {
        Some(file) => Err(ContextError::Ambiguous { file }),
        None => Ok(()),
    }
}

fn bytes_of(folder: &dyn Folder, file: &str) -> Result<Option<Vec<u8>>, ContextError> {
    if folder.entry(file).is_none() {
        return Ok(None);
    }
    let bytes = folder.read(file).ok_or_else(|| ContextError::Unreadable { file: file.to_owned() })?;
    Ok(Some(bytes))
}

#[cfg(test)]
#[path = "context_tests.rs"]
mod tests;
