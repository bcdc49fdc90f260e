//! A folder on disk as the model looks at it.
//!
//! Never leaves its root and follows no link: each folder on the way to a path has to be a real one. Names are compared
//! with the listing, so `readme` is not `README` on any machine. Listings are kept, so that one run sees one state.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::context::path::{is_clean, join};
use crate::model::context::{Entry, Folder, Kind, Listing, MAX_READ};

/// A folder on disk.
#[derive(Debug)]
pub struct DiskFolder {
    root: PathBuf,
    seen: Mutex<HashMap<String, Option<Arc<Listing>>>>,
}

impl DiskFolder {
    /// The folder at `root`, which itself may be reached over links. That it exists shows when it is asked.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), seen: Mutex::default() }
    }

    /// Where it stands.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The listing of `path`, whose parents have been checked by the caller.
    fn listing(&self, path: &str) -> Option<Arc<Listing>> {
        let known = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        known.unwrap_or_else(|| {
            let read = read_listing(&self.root.join(path)).map(Arc::new);
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), read.clone());
            read
        })
    }

    /// What stands at `path`, if only real folders lead to it.
    fn kind(&self, path: &str) -> Option<Kind> {
        let (mut kind, mut folder) = (Kind::Dir, String::new());
        for part in path.split('/').filter(|part| !part.is_empty()) {
            if kind != Kind::Dir {
                return None;
            }
            let listing = self.listing(&folder)?;
            let at = listing.entries.binary_search_by(|(name, _)| name.as_str().cmp(part)).ok()?;
            kind = listing.entries[at].1;
            folder = join(&folder, part);
        }
        Some(kind)
    }
}

impl Folder for DiskFolder {
    fn entry(&self, path: &str) -> Option<Entry> {
        if !is_clean(path) {
            return None;
        }
        let kind = self.kind(path)?;
        let place = self.root.join(path);
        // The root is the one place where a link may stand.
        let data = if path.is_empty() { fs::metadata(&place) } else { fs::symlink_metadata(&place) };
        let data = data.ok()?;
        Some(match kind {
            Kind::File => Entry::File { mode: mode(&data), size: data.len() },
            Kind::Dir => Entry::Dir { mode: mode(&data) },
            Kind::Symlink => {
                Entry::Symlink { target: fs::read_link(&place).ok()?.to_string_lossy().into_owned() }
            }
            Kind::Other => Entry::Other,
        })
    }

    fn list(&self, path: &str) -> Option<Listing> {
        let is_dir = is_clean(path) && self.kind(path)? == Kind::Dir;
        if is_dir { self.listing(path).map(|listing| (*listing).clone()) } else { None }
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        if !is_clean(path) || self.kind(path)? != Kind::File {
            return None;
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(self.root.join(path)).ok()?;
        file.take(MAX_READ + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= MAX_READ).then_some(bytes)
    }
}

fn read_listing(place: &Path) -> Option<Listing> {
    let mut listing = Listing { entries: Vec::new(), complete: true };
    for entry in fs::read_dir(place).ok()? {
        let known = entry.ok().and_then(|entry| {
            let kind = entry.file_type().ok()?;
            entry.file_name().into_string().ok().map(|name| (name, kind_of(kind)))
        });
        match known {
            Some(known) => listing.entries.push(known),
            None => listing.complete = false,
        }
    }
    listing.entries.sort_by(|a, b| a.0.cmp(&b.0));
    Some(listing)
}

fn kind_of(kind: fs::FileType) -> Kind {
    if kind.is_symlink() {
        Kind::Symlink
    } else if kind.is_dir() {
        Kind::Dir
    } else if kind.is_file() {
        Kind::File
    } else {
        Kind::Other
    }
}

#[cfg(unix)]
fn mode(data: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o7777
}

/// What Docker sends from a system without permission bits.
#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0o755
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, DiskFolder) {
        let place = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let write = |path: &str, text: &str| {
            let path = place.path().join(path);
            let made =
                fs::create_dir_all(path.parent().unwrap_or(&path)).and_then(|()| fs::write(&path, text));
            made.unwrap_or_else(|error| panic!("{error}"));
        };
        write("outside", "x");
        write("root/a/b", "hello");
        write("root/c", "");
        let folder = DiskFolder::new(place.path().join("root"));
        (place, folder)
    }

    #[test]
    fn answers_what_stands_there() {
        let (_place, folder) = folder();
        let listing =
            Listing { entries: vec![("a".into(), Kind::Dir), ("c".into(), Kind::File)], complete: true };
        assert_eq!(folder.list(""), Some(listing));
        assert_eq!(folder.read("a/b"), Some(b"hello".to_vec()));
        assert!(matches!(folder.entry("a/b"), Some(Entry::File { size: 5, .. })));
        assert!(matches!(folder.entry(""), Some(Entry::Dir { .. })));
        assert_eq!((folder.read("a"), folder.list("c"), folder.entry("C")), (None, None, None));
        assert_eq!((folder.entry("c/d"), folder.list("zz"), folder.read("zz")), (None, None, None));
    }

    #[test]
    fn never_leaves_the_root() {
        let (_place, folder) = folder();
        for path in ["..", "../outside", "/etc/passwd", "a/../../outside", "a//b", "./c", "\0"] {
            assert_eq!(
                (folder.entry(path), folder.read(path), folder.list(path)),
                (None, None, None),
                "{path:?}"
            );
        }
    }

    #[test]
    fn a_root_that_is_not_there_holds_nothing() {
        let folder = DiskFolder::new("no such folder");
        assert_eq!((folder.entry(""), folder.entry("a"), folder.list("")), (None, None, None));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_reported_not_followed() {
        let (place, folder) = folder();
        let link =
            |target: &str, at: &str| std::os::unix::fs::symlink(target, place.path().join("root").join(at));
        assert!(link("a", "to-a").is_ok() && link("../outside", "out").is_ok());
        assert_eq!(folder.entry("to-a"), Some(Entry::Symlink { target: "a".into() }));
        for path in ["to-a/b", "out"] {
            assert_eq!((folder.read(path), folder.list(path)), (None, None), "{path:?}");
        }
        assert_eq!(folder.entry("to-a/b"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_text_leave_the_listing_incomplete() {
        use std::os::unix::ffi::OsStrExt;
        let (place, folder) = folder();
        let odd = place.path().join("root/a").join(std::ffi::OsStr::from_bytes(b"\xff"));
        assert!(fs::write(odd, "").is_ok());
        let listing = folder.list("a");
        assert_eq!(listing, Some(Listing { entries: vec![("b".into(), Kind::File)], complete: false }));
        assert_eq!(folder.list("").map(|listing| listing.complete), Some(true));
    }
}
