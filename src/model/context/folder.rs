//! How the model looks at a folder, and a folder that is a value.
//!
//! Paths are clean in the sense of [`is_clean`](super::path::is_clean) and relative to the folder; the empty path is
//! the folder itself. No implementation follows symbolic links or leaves the folder: what lies below a link is `None`.

use std::collections::BTreeMap;

use super::path;

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link, wherever it leads.
    Symlink,
    /// A device, a pipe, a socket.
    Other,
}

/// An entry of a folder with what BuildKit copies of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File {
        /// Permission bits, `0o644`.
        mode: u32,
        /// Bytes.
        size: u64,
    },
    /// A folder.
    Dir {
        /// Permission bits, `0o755`.
        mode: u32,
    },
    /// A symbolic link.
    Symlink {
        /// Where it leads, as written; for messages, so bytes that are not UTF-8 are replaced.
        target: String,
    },
    /// A device, a pipe, a socket.
    Other,
}

impl Entry {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::File { .. } => Kind::File,
            Self::Dir { .. } => Kind::Dir,
            Self::Symlink { .. } => Kind::Symlink,
            Self::Other => Kind::Other,
        }
    }

    /// Whether it is a file that somebody may execute.
    pub fn is_executable(&self) -> bool {
        matches!(self, Self::File { mode, .. } if mode & 0o111 != 0)
    }
}

/// What stands in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Names and kinds, sorted by name.
    pub entries: Vec<(String, Kind)>,
    /// Whether that is all. Names that are not UTF-8 are left out, so a rule that needs to know all must refuse.
    pub complete: bool,
}

/// Files larger than this are not read: no manifest or ignore file is.
pub const MAX_READ: u64 = 16 << 20;

/// A folder, asked lazily. Answers must not change during a run.
pub trait Folder: Send + Sync {
    /// What stands at `path`; `None` if nothing does, or the path is not clean.
    fn entry(&self, path: &str) -> Option<Entry>;

    /// What stands in the folder at `path`; `None` if that is no folder or cannot be listed.
    fn list(&self, path: &str) -> Option<Listing>;

    /// The bytes of the regular file at `path`; `None` if it is none, cannot be read, or is larger than [`MAX_READ`].
    fn read(&self, path: &str) -> Option<Vec<u8>>;
}

#[derive(Clone, Debug)]
struct Node {
    entry: Entry,
    bytes: Vec<u8>,
}

/// A folder that is a value: for tests, and for documents that an editor holds.
#[derive(Clone, Debug, Default)]
pub struct MemoryFolder {
    nodes: BTreeMap<String, Node>,
}

impl MemoryFolder {
    /// An empty folder.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a file of mode 0644. The folders above it come by themselves.
    #[must_use]
    pub fn with(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        self.put(path, Entry::File { mode: 0o644, size: bytes.len() as u64 }, bytes)
    }

    /// With an empty file for each path.
    #[must_use]
    pub fn with_all(self, paths: &[&str]) -> Self {
        paths.iter().fold(self, |folder, path| folder.with(path, ""))
    }

    /// With an entry that has no content.
    #[must_use]
    pub fn with_entry(self, path: &str, entry: Entry) -> Self {
        self.put(path, entry, Vec::new())
    }

    /// With a symbolic link.
    #[must_use]
    pub fn with_link(self, path: &str, target: &str) -> Self {
        self.with_entry(path, Entry::Symlink { target: target.to_owned() })
    }

    /// A path that is not clean is left out: nobody can ask for it.
    fn put(mut self, at: &str, entry: Entry, bytes: Vec<u8>) -> Self {
        if at.is_empty() || !path::is_clean(at) {
            return self;
        }
        for above in path::prefixes(path::parent(at)) {
            let node = || Node { entry: Entry::Dir { mode: 0o755 }, bytes: Vec::new() };
            self.nodes.entry(above.to_owned()).or_insert_with(node);
        }
        self.nodes.insert(at.to_owned(), Node { entry, bytes });
        self
    }

    /// The node at `at`, unless something above it is no folder.
    fn node(&self, at: &str) -> Option<&Node> {
        let is_dir = |above| self.nodes.get(above).is_some_and(|node| node.entry.kind() == Kind::Dir);
        if path::prefixes(path::parent(at)).all(is_dir) { self.nodes.get(at) } else { None }
    }
}

impl Folder for MemoryFolder {
    fn entry(&self, path: &str) -> Option<Entry> {
        if path.is_empty() {
            return Some(Entry::Dir { mode: 0o755 });
        }
        self.node(path).map(|node| node.entry.clone())
    }

    fn list(&self, path: &str) -> Option<Listing> {
        if self.entry(path)?.kind() != Kind::Dir {
            return None;
        }
        let start = if path.is_empty() { String::new() } else { format!("{path}/") };
        let below = self.nodes.range(start.clone()..).take_while(|(at, _)| at.starts_with(&start));
        let entries = below
            .filter(|(at, _)| !at[start.len()..].contains('/'))
            .map(|(at, node)| (at[start.len()..].to_owned(), node.entry.kind()))
            .collect();
        Some(Listing { entries, complete: true })
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let node = self.node(path)?;
        (node.entry.kind() == Kind::File).then(|| node.bytes.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_answers_like_a_folder() {
        let folder =
            MemoryFolder::new().with("a/b", "x").with("a-c", "").with_link("l", "a").with("l/b", "hidden");
        let names =
            |at: &str| folder.list(at).map(|l| l.entries.into_iter().map(|(n, _)| n).collect::<Vec<_>>());
        assert_eq!(names(""), Some(vec!["a".into(), "a-c".into(), "l".into()]));
        assert_eq!(names("a"), Some(vec!["b".into()]));
        assert_eq!(names("a-c"), None);
        assert_eq!(folder.read("a/b"), Some(b"x".to_vec()));
        assert_eq!((folder.read("a"), folder.read("zz"), folder.entry("l/b")), (None, None, None));
        assert_eq!(folder.entry("").map(|e| e.kind()), Some(Kind::Dir));
    }

    #[test]
    fn what_is_not_clean_is_not_there() {
        let folder = MemoryFolder::new().with_all(&["../x", "/y", "", "a//b"]);
        assert_eq!(folder.list("").map(|l| l.entries.len()), Some(0));
        assert_eq!((folder.entry(".."), folder.entry("/")), (None, None));
    }
}
