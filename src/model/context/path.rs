//! Slash-separated paths as values. Knows no file system.

/// Whether `path` is in the form that [`Folder`](super::Folder) speaks: relative, no empty, `.` or `..` parts, no NUL.
/// The empty path is clean: it is the folder itself.
pub fn is_clean(path: &str) -> bool {
    path.is_empty() || path.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains('\0'))
}

/// `path` without `.`, doubled slashes and `x/..`, as Go's `filepath.Clean` gives it on a system with slashes: `.` for
/// nothing left, a leading `/` stays, and `..` at the root of an absolute path is dropped.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (false, true) => ".".to_owned(),
        (true, _) => format!("/{}", parts.join("/")),
        (false, false) => parts.join("/"),
    }
}

/// Joins two clean paths.
pub fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// The folder that a clean path stands in, the empty path for what stands at the top.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a clean path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `a`, `a/b`, `a/b/c` of `a/b/c`: each folder on the way, and the path itself.
pub(super) fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain(std::iter::once(path.len()));
    ends.filter(|end| *end > 0).map(|end| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_as_go_does() {
        let table = [
            ("", "."),
            (".", "."),
            ("/", "/"),
            ("//", "/"),
            ("a/", "a"),
            ("./a//b/.", "a/b"),
            ("a/../..", ".."),
            ("../../x", "../../x"),
            ("/../x", "/x"),
            ("a/b/../c", "a/c"),
            ("..a/.b", "..a/.b"),
        ];
        for (path, want) in table {
            assert_eq!(clean(path), want, "{path:?}");
        }
    }

    #[test]
    fn knows_what_is_clean() {
        for path in ["", "a", "a/b", ".a", "..a", "a b"] {
            assert!(is_clean(path), "{path:?}");
        }
        for path in ["/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a\0"] {
            assert!(!is_clean(path), "{path:?}");
        }
    }

    #[test]
    fn takes_paths_apart() {
        assert_eq!(prefixes("a/b/c").collect::<Vec<_>>(), ["a", "a/b", "a/b/c"]);
        assert_eq!(prefixes("").count(), 0);
        assert_eq!((parent("a/b"), name("a/b"), parent("a"), name("a")), ("a", "b", "", "a"));
        assert_eq!((join("", "a"), join("a", ""), join("a", "b")), ("a".into(), "a".into(), "a/b".into()));
    }
}
