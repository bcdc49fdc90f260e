//! Globs of a configuration, as `.gitignore` has them: seen from one folder, the last that fits decides.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs and the folder that they are seen from.
#[derive(Clone, Debug)]
pub struct Globs {
    folder: PathBuf,
    set: Gitignore,
    source: Vec<String>,
}

impl Globs {
    /// These globs, seen from `folder`, a real path.
    ///
    /// # Errors
    /// The number of a glob that is none, and why.
    pub fn new(folder: &Path, globs: &[String]) -> Result<Self, (usize, String)> {
        let mut builder = GitignoreBuilder::new("");
        for (n, glob) in globs.iter().enumerate() {
            if glob.trim().is_empty() || glob.starts_with('#') {
                return Err((n, format!("`{glob}` is no glob")));
            }
            builder.add_line(None, glob).map_err(|e| (n, reason(glob, &e)))?;
        }
        let set = builder.build().map_err(|e| (0, e.to_string()))?;
        Ok(Self { folder: folder.to_path_buf(), set, source: globs.to_vec() })
    }

    /// The globs as they were written.
    pub fn source(&self) -> &[String] {
        &self.source
    }

    /// Whether one of them names what stands at the real path `path` itself.
    pub fn name(&self, path: &Path, is_dir: bool) -> bool {
        self.below(path).is_some_and(|below| self.set.matched(below, is_dir).is_ignore())
    }

    /// Whether one of them names `path`, or a folder that it lies in.
    pub fn hold(&self, path: &Path, is_dir: bool) -> bool {
        self.below(path).is_some_and(|below| self.set.matched_path_or_any_parents(below, is_dir).is_ignore())
    }

    /// The path seen from the folder; `None` where it does not lie below.
    fn below<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(&self.folder).ok().filter(|below| !below.as_os_str().is_empty())
    }
}

fn reason(glob: &str, error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => format!("`{glob}` is no glob: {err}"),
        other => format!("`{glob}` is no glob: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(globs: &[&str]) -> Globs {
        let globs: Vec<String> = globs.iter().map(ToString::to_string).collect();
        Globs::new(Path::new("/a"), &globs).unwrap()
    }

    #[track_caller]
    fn check(list: &[&str], path: &str, want: bool) {
        assert_eq!(globs(list).hold(Path::new(path), false), want, "{list:?} {path}");
    }

    #[test]
    fn they_are_read_as_in_a_gitignore() {
        check(&["Dockerfile"], "/a/b/c/Dockerfile", true);
        check(&["/Dockerfile"], "/a/b/Dockerfile", false);
        check(&["vendor"], "/a/b/vendor/x/Dockerfile", true);
        check(&["vendor/"], "/a/vendor/Dockerfile", true);
        check(&["vendor/"], "/a/vendor", false);
        check(&["b/*.Dockerfile"], "/a/b/x.Dockerfile", true);
        check(&["b/*.Dockerfile"], "/a/c/b/x.Dockerfile", false);
        check(&["**/b/*.Dockerfile"], "/a/c/b/x.Dockerfile", true);
        check(&["*.Dockerfile", "!keep.Dockerfile"], "/a/keep.Dockerfile", false);
    }

    #[test]
    fn nothing_is_named_outside_of_the_folder() {
        check(&["*"], "/b/Dockerfile", false);
        check(&["*"], "/a", false);
        check(&["*"], "/ab/Dockerfile", false);
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        let of = |glob: &str| Globs::new(Path::new("/a"), &[glob.to_string()]).unwrap_err();
        assert!(of("a/{b").1.starts_with("`a/{b` is no glob: "), "{}", of("a/{b").1);
        assert_eq!(of("").1, "`` is no glob");
        assert_eq!(of("# x").1, "`# x` is no glob");
    }
}
