//! Which files: names, folders, .gitignore, what the settings exclude.
//!
//! A file that is named outright is always taken, unless `--force-exclude` says otherwise. In folders a file is taken by its name; what .gitignore excludes is
//! left out, links to folders are not followed, and a link to a file is taken if the file lies below the folder that
//! was named: else a search would lead out of it. The same file is taken once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::read;
use crate::settings::Settings;

/// Ends of names that belong to templates and copies: they are no Dockerfiles, or not yet.
const NOT_YET: [&str; 11] =
    ["dockerignore", "j2", "jinja", "tmpl", "tpl", "template", "in", "erb", "mustache", "bak", "orig"];

/// What a search came to.
#[derive(Debug, Default)]
pub struct Search {
    /// The files, sorted by path.
    pub files: Vec<Found>,
    /// Paths that could not be looked at, each with the reason.
    pub problems: Vec<(PathBuf, String)>,
    /// Whether a path that was named is left out.
    pub left_out: bool,
}

/// What is left out by the settings.
pub struct Sieve {
    /// They know it.
    pub settings: Arc<Settings>,
    /// Whether it holds for what is named outright, too.
    pub force: bool,
}

/// A file to work on.
#[derive(Debug)]
pub struct Found {
    /// Its path, as it is shown.
    pub path: PathBuf,
    /// Whether it was named outright.
    pub named: bool,
    identity: Option<Identity>,
}

/// The Dockerfiles that `paths` stand for; no path is the current folder.
pub fn find(paths: &[PathBuf], sieve: &Sieve) -> Search {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut search = Search::default();
    let mut folders = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(meta) if sieve.force && sieve.settings.excludes_all_of(path, meta.is_dir()) => {
                search.left_out = true;
            }
            Ok(meta) if meta.is_dir() => folders.push(path),
            Ok(meta) => search.files.push(Found {
                path: shown(path.clone()),
                named: true,
                identity: Identity::of(path, &meta),
            }),
            Err(e) => search.problems.push((path.clone(), read::reason(&e).to_string())),
        }
    }
    let links = search.walk(&folders, sieve);
    search.order(links || paths.len() > 1);
    search
}

/// Whether a file of this name is a Dockerfile.
pub fn is_dockerfile(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let made_later = name
        .rsplit(|b| *b == b'.')
        .next()
        .is_some_and(|end| NOT_YET.iter().any(|not| end.eq_ignore_ascii_case(not.as_bytes())));
    !made_later && (is_called(name, b"dockerfile") || is_called(name, b"containerfile"))
}

/// Whether a file of this path is a Containerfile, which is usually built by Buildah.
pub fn is_containerfile(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_called(name.as_encoded_bytes(), b"containerfile"))
}

/// `word`, `word.*` or `*.word`, in any letter case.
fn is_called(name: &[u8], word: &[u8]) -> bool {
    let n = word.len();
    if name.len() <= n {
        return name.eq_ignore_ascii_case(word);
    }
    let (head, tail) = (&name[..n], &name[name.len() - n..]);
    (head.eq_ignore_ascii_case(word) && name[n] == b'.')
        || (tail.eq_ignore_ascii_case(word) && name[name.len() - n - 1] == b'.')
}

/// What a walker meets.
enum Met {
    File(PathBuf),
    Link(PathBuf),
    Problem(PathBuf, String),
}

impl Search {
    /// Searches folders; says whether it took a link.
    fn walk(&mut self, folders: &[&PathBuf], sieve: &Sieve) -> bool {
        let Some((first, rest)) = folders.split_first() else { return false };
        let mut builder = WalkBuilder::new(first);
        for folder in rest {
            builder.add(folder);
        }
        // a .gitignore says the same in a tree without .git (an archive, a build context); .ignore is for other tools
        builder.hidden(false).require_git(false).ignore(false);
        let settings = sieve.settings.clone();
        builder.filter_entry(move |entry| entry.depth() == 0 || wanted(entry, &settings));
        let (send, receive) = mpsc::channel();
        builder.build_parallel().run(|| {
            let send = send.clone();
            Box::new(move |entry| meet(entry, &send))
        });
        drop(send);
        let roots: Vec<PathBuf> = folders.iter().filter_map(|f| fs::canonicalize(f).ok()).collect();
        let mut links = false;
        for met in receive {
            links |= self.take(met, &roots);
        }
        links
    }

    /// Takes what a walker met; says whether it is a link.
    fn take(&mut self, met: Met, roots: &[PathBuf]) -> bool {
        let (path, link) = match met {
            Met::File(path) => (path, false),
            Met::Link(path) if leads_below(&path, roots) => (path, true),
            Met::Link(_) => return false,
            Met::Problem(path, why) => {
                self.problems.push((path, why));
                return false;
            }
        };
        self.files.push(Found { path: shown(path), named: false, identity: None });
        link
    }

    /// Sorts, and drops what is there twice; only `several` paths or links can lead to one file twice.
    fn order(&mut self, several: bool) {
        self.files.sort_unstable_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)).then(b.named.cmp(&a.named)));
        self.files.dedup_by(|a, b| a.path == b.path);
        self.problems.sort();
        self.problems.dedup();
        if several {
            self.once();
        }
    }

    fn once(&mut self) {
        let mut seen: HashMap<Identity, usize> = HashMap::new();
        let mut kept: Vec<Found> = Vec::with_capacity(self.files.len());
        for mut found in std::mem::take(&mut self.files) {
            let identity = found.identity.take().or_else(|| Identity::find(&found.path));
            match identity.map(|i| seen.entry(i)) {
                Some(Entry::Occupied(at)) => kept[*at.get()].named |= found.named,
                Some(Entry::Vacant(place)) => {
                    place.insert(kept.len());
                    kept.push(found);
                }
                None => kept.push(found),
            }
        }
        self.files = kept;
    }
}

/// Whether an entry is looked at: a folder to search, or a file to take.
fn wanted(entry: &DirEntry, settings: &Settings) -> bool {
    let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
    let matters = if is_dir { entry.file_name() != ".git" } else { is_dockerfile(entry.file_name()) };
    matters && !settings.excludes(entry.path(), is_dir)
}

fn meet(entry: Result<DirEntry, ignore::Error>, send: &Sender<Met>) -> WalkState {
    let met = match entry {
        Ok(entry) if !is_dockerfile(entry.file_name()) => None,
        Ok(entry) => match entry.file_type() {
            Some(kind) if kind.is_file() => Some(Met::File(entry.into_path())),
            Some(kind) if kind.is_symlink() => Some(Met::Link(entry.into_path())),
            _ => None,
        },
        Err(error) => Some(problem(error, PathBuf::new())),
    };
    // the receiver lives until the walk is over
    met.map(|met| send.send(met));
    WalkState::Continue
}

fn problem(error: ignore::Error, path: PathBuf) -> Met {
    match error {
        ignore::Error::WithPath { path, err } => problem(*err, path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            problem(*err, path)
        }
        ignore::Error::Io(e) => Met::Problem(path, read::reason(&e).to_string()),
        other => Met::Problem(path, other.to_string()),
    }
}

fn leads_below(link: &Path, roots: &[PathBuf]) -> bool {
    let inside = |real: PathBuf| real.is_file() && roots.iter().any(|root| real.starts_with(root));
    fs::canonicalize(link).is_ok_and(inside)
}

/// Without the `./` that says nothing.
fn shown(path: PathBuf) -> PathBuf {
    match path.strip_prefix("./") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.to_path_buf(),
        _ => path,
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// What makes two paths the same file. Hard links are not: each is replaced for itself.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Identity {
    #[cfg(unix)]
    Inode(u64, u64),
    Path(PathBuf),
}

impl Identity {
    fn find(path: &Path) -> Option<Self> {
        Self::of(path, &fs::metadata(path).ok()?)
    }

    #[cfg(unix)]
    fn of(path: &Path, meta: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        if meta.nlink() == 1 {
            return Some(Self::Inode(meta.dev(), meta.ino()));
        }
        fs::canonicalize(path).ok().map(Self::Path)
    }

    #[cfg(not(unix))]
    fn of(path: &Path, _: &Metadata) -> Option<Self> {
        fs::canonicalize(path).ok().map(Self::Path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dockerfiles() {
        let yes = [
            "Dockerfile",
            "dockerfile",
            "DOCKERFILE.prod",
            "Dockerfile.ubuntu-22.04",
            "web.Dockerfile",
            "web.dev.dockerfile",
            "Containerfile",
            "Containerfile.dev",
            "app.containerfile",
        ];
        let no = [
            "Dockerfile.dockerignore",
            ".dockerignore",
            "Dockerfile.j2",
            "Dockerfile.prod.TMPL",
            "Dockerfile.in",
            "Dockerfile.bak",
            "Dockerfile~",
            "Dockerfile-prod",
            "mydockerfile",
            "docker-compose.yml",
            "",
        ];
        for name in yes {
            assert!(is_dockerfile(OsStr::new(name)), "{name}");
        }
        for name in no {
            assert!(!is_dockerfile(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn containerfiles_are_known_by_name() {
        assert!(is_containerfile(Path::new("a/Containerfile.dev")));
        assert!(!is_containerfile(Path::new("containerfile/Dockerfile")));
    }
}
