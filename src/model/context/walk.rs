//! A walk over what the builder gets, and the reasons why it can be unknown.

use std::collections::HashSet;
use std::fmt;

use super::folder::Kind;
use super::ignore::Matched;
use super::{Context, path};

/// Why it is not known what a COPY takes. Each is a reason to leave the instruction alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The context does not hold the path: the build fails.
    NotHeld {
        /// Which path.
        path: String,
        /// The pattern that keeps it out, if one does.
        excluded_by: Option<String>,
    },
    /// A symbolic link, which may lead anywhere.
    Link(String),
    /// A device, a pipe, a socket.
    Special(String),
    /// The word leads out of the context.
    Outside(String),
    /// An URL or a repository.
    Remote(String),
    /// A wildcard that Go refuses.
    BadPattern(String),
    /// A folder that cannot be listed, or holds names that are not UTF-8.
    Unlisted(String),
    /// A file that is sent without its content, since .dockerignore contradicts itself.
    Emptied(String),
    /// `--exclude` would apply to a source itself, where builders differ.
    ExcludedSource(String),
    /// The folder holds more than dfmt looks at.
    TooMany(String),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHeld { path, excluded_by: None } => write!(f, "`{path}` is not in the build context"),
            Self::NotHeld { path, excluded_by: Some(pattern) } => {
                write!(f, "`{path}` is kept out of the build context by `{pattern}`")
            }
            Self::Link(path) => write!(f, "`{path}` is a symbolic link"),
            Self::Special(path) => write!(f, "`{path}` is neither file nor folder"),
            Self::Outside(word) => write!(f, "`{word}` leads out of the build context"),
            Self::Remote(word) => write!(f, "`{word}` is not in the build context"),
            Self::BadPattern(word) => write!(f, "`{word}` is a malformed pattern"),
            Self::Unlisted(path) => write!(f, "what `{path}` holds cannot be listed"),
            Self::Emptied(path) => write!(f, "`{path}` is sent without its content"),
            Self::ExcludedSource(path) => write!(f, "`--exclude` names the source `{path}`"),
            Self::TooMany(path) => write!(f, "`{path}` holds too many files"),
        }
    }
}

impl std::error::Error for Unknown {}

/// What a walk visits at most.
pub(super) const MAX_STEPS: usize = 100_000;

/// A place that a walk came to.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub path: String,
    pub kind: Kind,
    /// Whether .dockerignore leaves it out. A folder is visited nevertheless if something below may be taken back.
    pub is_excluded: bool,
}

/// The walk itself: a folder before what it holds. Ends at the first error.
pub(super) struct Walk<'c> {
    context: &'c Context,
    /// What is still to be visited, the next one last.
    open: Vec<(Step, Matched)>,
    /// A folder that has been handed out and not been listed yet.
    entered: Option<(String, Matched)>,
    steps: usize,
}

impl Context {
    /// Below `folder`, without itself.
    pub(super) fn walk(&self, folder: &str) -> Walk<'_> {
        let matched = self.patterns.verdict(folder).matched;
        Walk { context: self, open: Vec::new(), entered: Some((folder.to_owned(), matched)), steps: 0 }
    }

    /// Whether anything below the excluded folder is sent. What is not known counts as sent, so that nobody takes the
    /// place for free.
    pub(super) fn takes_back_below(&self, folder: &str) -> bool {
        self.patterns.may_take_back_below(folder)
            && self.walk(folder).any(|step| step.is_ok_and(|step| !step.is_excluded))
    }

    /// All that is sent of what stands below `folder`, a folder before what it holds.
    pub(super) fn held_below(&self, folder: &str) -> Result<Vec<Step>, Unknown> {
        let steps = self.walk(folder).collect::<Result<Vec<_>, _>>()?;
        if let Some(step) =
            steps.iter().find(|step| !step.is_excluded && self.patterns.is_emptied(&step.path))
        {
            return Err(Unknown::Emptied(step.path.clone()));
        }
        Ok(settle(steps, |step| !step.is_excluded))
    }
}

/// The steps that are kept, and the folders above them, which come along.
pub(super) fn settle(steps: Vec<Step>, is_kept: impl Fn(&Step) -> bool) -> Vec<Step> {
    let mut needed = HashSet::new();
    let mut kept: Vec<_> = steps.into_iter().rev().collect();
    kept.retain(|step| {
        let keep = is_kept(step) || needed.contains(&step.path);
        if keep {
            needed.insert(path::parent(&step.path).to_owned());
        }
        keep
    });
    kept.reverse();
    kept
}

impl Walk<'_> {
    /// Lists the folder that was handed out last.
    fn enter(&mut self, folder: &str, above: &Matched) -> Result<(), Unknown> {
        let listing = self.context.folder.list(folder).filter(|listing| listing.complete);
        let listing = listing.ok_or_else(|| Unknown::Unlisted(folder.to_owned()))?;
        for (name, kind) in listing.entries.into_iter().rev() {
            let path = path::join(folder, &name);
            let verdict = self.context.patterns.step(&path, above);
            self.open.push((Step { path, kind, is_excluded: verdict.is_excluded }, verdict.matched));
        }
        Ok(())
    }

    fn fail(&mut self, why: Unknown) -> Result<Step, Unknown> {
        self.open.clear();
        self.entered = None;
        Err(why)
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Step, Unknown>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((folder, matched)) = self.entered.take()
            && let Err(why) = self.enter(&folder, &matched)
        {
            return Some(self.fail(why));
        }
        let (step, matched) = self.open.pop()?;
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Some(self.fail(Unknown::TooMany(step.path)));
        }
        let is_entered = !step.is_excluded || self.context.patterns.may_take_back_below(&step.path);
        if step.kind == Kind::Dir && is_entered {
            self.entered = Some((step.path.clone(), matched));
        }
        Some(Ok(step))
    }
}
