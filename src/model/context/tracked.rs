//! .gitignore: what a folder may hold on another machine.
//!
//! A laptop has `node_modules` and `.venv`, a clean checkout has not; a verdict must be the same on both. So what a .gitignore
//! names counts as there, whether it is or not. Read from the folder itself and from the folders above, given as values;
//! `.git/info/exclude` and the user's own excludes are left out, since they differ from machine to machine.
//!
//! Order and meaning are those of gitignore(5): the file nearest to a path is asked first, in each the last match
//! decides, and nothing below an ignored folder can be taken back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::ignore::Match;
use ::ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::folder::Folder;
use super::path;

/// A .gitignore in a folder above the context.
#[derive(Clone, Debug, Default)]
pub struct GitignoreAbove {
    /// The context's folder as seen from the file: `services/api`.
    pub context_at: String,
    /// Its bytes.
    pub text: Vec<u8>,
}

/// All .gitignore files that may name a path.
pub(super) struct Tracked {
    folder: Arc<dyn Folder>,
    /// Outermost first.
    above: Vec<(String, Rules)>,
    seen: Mutex<HashMap<String, Option<Arc<Rules>>>>,
}

/// One file; `None` is one that cannot be read, and names everything.
struct Rules(Option<Gitignore>);

impl Tracked {
    pub(super) fn new(folder: Arc<dyn Folder>, above: &[GitignoreAbove]) -> Self {
        let mut above: Vec<_> =
            above.iter().map(|file| (file.context_at.clone(), Rules::read(Some(&file.text)))).collect();
        above.sort_by_key(|(at, _)| std::cmp::Reverse(at.split('/').count()));
        Self { folder, above, seen: Mutex::default() }
    }

    /// Whether a .gitignore names `at`, or a folder above it. The last part is taken for a file and for a folder, since
    /// where it is missing nobody knows.
    pub(super) fn names(&self, at: &str) -> bool {
        path::prefixes(at).any(|part| self.decides(part, true) || (part == at && self.decides(part, false)))
    }

    /// Whether no .gitignore has a say in what stands directly in `folder`.
    pub(super) fn says_nothing_in(&self, folder: &str) -> bool {
        let mut folders = std::iter::once("").chain(path::prefixes(folder));
        self.above.is_empty() && folders.all(|at| self.rules(at).is_none())
    }

    fn decides(&self, at: &str, is_dir: bool) -> bool {
        let mut folder = path::parent(at);
        loop {
            if let Some(rules) = self.rules(folder) {
                let below = at.strip_prefix(folder).unwrap_or(at).trim_start_matches('/');
                if let Some(named) = rules.decide(below, is_dir) {
                    return named;
                }
            }
            if folder.is_empty() {
                break;
            }
            folder = path::parent(folder);
        }
        let mut above = self.above.iter().rev();
        above.find_map(|(top, rules)| rules.decide(&path::join(top, at), is_dir)).unwrap_or(false)
    }

    /// The .gitignore in `folder`, read once.
    fn rules(&self, folder: &str) -> Option<Arc<Rules>> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = seen.get(folder) {
            return known.clone();
        }
        let file = path::join(folder, ".gitignore");
        let exists = self.folder.entry(&file).is_some();
        let rules = exists.then(|| Arc::new(Rules::read(self.folder.read(&file).as_deref())));
        seen.insert(folder.to_owned(), rules.clone());
        rules
    }
}

impl Rules {
    fn read(bytes: Option<&[u8]>) -> Self {
        Self(bytes.and_then(|bytes| {
            let mut builder = GitignoreBuilder::new("");
            let text = String::from_utf8_lossy(bytes);
            for line in text.strip_prefix('\u{feff}').unwrap_or(&text).lines() {
                // git matches nothing with a malformed pattern.
                let _ = builder.add_line(None, line);
            }
            builder.build().ok()
        }))
    }

    /// Whether it names `at`, or takes it back; `None` if it says nothing.
    fn decide(&self, at: &str, is_dir: bool) -> Option<bool> {
        let Some(rules) = &self.0 else { return Some(true) };
        match rules.matched(at, is_dir) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::folder::{Entry, MemoryFolder};
    use super::*;

    fn tracked(folder: MemoryFolder, above: &[(&str, &str)]) -> Tracked {
        let above: Vec<_> = above
            .iter()
            .map(|(at, text)| GitignoreAbove { context_at: (*at).to_owned(), text: text.as_bytes().to_vec() })
            .collect();
        Tracked::new(Arc::new(folder), &above)
    }

    #[test]
    fn names_at_any_depth() {
        let tracked = tracked(
            MemoryFolder::new().with(".gitignore", "node_modules/\n/top\n*.log\n!keep.log\na/b\n"),
            &[],
        );
        for (at, want) in [
            ("node_modules", true),
            ("x/node_modules", true),
            ("x/node_modules/y", true),
            ("top", true),
            ("x/top", false),
            ("x/y.log", true),
            ("x/keep.log", false),
            ("a/b", true),
            ("x/a/b", false),
            ("src", false),
        ] {
            assert_eq!(tracked.names(at), want, "{at:?}");
        }
    }

    #[test]
    fn the_nearest_file_is_asked_first() {
        let folder =
            MemoryFolder::new().with(".gitignore", "*.log\nout\n").with("a/.gitignore", "!*.log\n/b\n");
        let tracked = tracked(folder, &[]);
        for (at, want) in
            [("x.log", true), ("a/x.log", false), ("a/b/c", true), ("a/c/b", false), ("out/.log", true)]
        {
            assert_eq!(tracked.names(at), want, "{at:?}");
        }
    }

    #[test]
    fn folders_above_have_a_say() {
        let tracked = tracked(
            MemoryFolder::new().with(".gitignore", "!kept"),
            &[("api", "/dist\nkept"), ("services/api", "/services/api/build\n*.tmp\n/dist2")],
        );
        for (at, want) in
            [("build", true), ("x.tmp", true), ("dist", false), ("dist2", false), ("kept", false)]
        {
            assert_eq!(tracked.names(at), want, "{at:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_names_everything() {
        let tracked = tracked(MemoryFolder::new().with_entry("a/.gitignore", Entry::Other), &[]);
        assert!(tracked.names("a/x") && !tracked.names("b"));
    }
}
