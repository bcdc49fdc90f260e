//! Whether the context may hold a path, with the same answer on a laptop and on a clean checkout.

use super::folder::Kind;
use super::walk::Step;
use super::{Context, path};

/// Whether the builder gets something at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It does, wherever the repository is checked out.
    Yes,
    /// It may, on this machine or another one.
    Perhaps(Doubt),
    /// It does not.
    No,
}

/// Why a path may be there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A .gitignore names it: there after a local build, not after a checkout. Said whether it is there now or not.
    Gitignored,
    /// A folder that holds nothing that git would keep. Only seen where it is there.
    OnlyGitignored,
    /// Something above it is a symbolic link.
    BehindLink,
    /// It is sent without its content, or a folder cannot be listed.
    Unreadable,
    /// The path is not clean.
    Unclear,
}

impl Presence {
    /// Whether the path is certainly free.
    pub fn is_no(self) -> bool {
        self == Self::No
    }
}

impl Context {
    /// Whether the builder gets something at `path`. For what a command creates: only [`Presence::No`] says that the
    /// place is free. For what a command needs: only [`Presence::Yes`] says that it is there.
    pub fn may_hold(&self, path: &str) -> Presence {
        if path.is_empty() {
            return Presence::Yes;
        }
        if !path::is_clean(path) {
            return Presence::Perhaps(Doubt::Unclear);
        }
        let is_excluded = self.patterns.verdict(path).is_excluded;
        if is_excluded && !self.patterns.may_take_back_below(path) {
            return Presence::No;
        }
        // From here on an excluded path can only be there as a folder.
        if self.tracked.names(path) {
            return Presence::Perhaps(Doubt::Gitignored);
        }
        match self.folder.entry(path).map(|entry| entry.kind()) {
            None if self.is_behind_link(path) => Presence::Perhaps(Doubt::BehindLink),
            None => Presence::No,
            Some(Kind::Dir) => self.may_hold_folder(path, is_excluded),
            Some(_) if is_excluded => Presence::No,
            Some(_) if self.patterns.is_emptied(path) => Presence::Perhaps(Doubt::Unreadable),
            Some(_) => Presence::Yes,
        }
    }

    /// Whether a folder at `path` may be made before the context is copied there: each part of it is a folder in the
    /// context too, or nothing is there.
    pub fn may_be_made(&self, path: &str) -> bool {
        path::prefixes(path).all(|at| match self.folder.entry(at).map(|entry| entry.kind()) {
            Some(Kind::Dir) => true,
            Some(_) => self.may_hold(at).is_no(),
            None => !matches!(self.may_hold(at), Presence::Yes),
        })
    }

    /// git keeps files, not folders: one is there if it holds one that is kept.
    fn may_hold_folder(&self, folder: &str, is_excluded: bool) -> Presence {
        let counts = |step: &Step| step.kind != Kind::Dir && !step.is_excluded;
        let mut is_anything_sent = !is_excluded;
        for step in self.walk(folder) {
            match step {
                Err(_) => return Presence::Perhaps(Doubt::Unreadable),
                Ok(step) if counts(&step) && !self.tracked.names(&step.path) => return Presence::Yes,
                Ok(step) => is_anything_sent |= !step.is_excluded,
            }
        }
        match (is_excluded, is_anything_sent) {
            (_, true) => Presence::Perhaps(Doubt::OnlyGitignored),
            (_, false) => Presence::No,
        }
    }

    fn is_behind_link(&self, path: &str) -> bool {
        let is_link = |at: &str| self.folder.entry(at).is_some_and(|entry| entry.kind() == Kind::Symlink);
        path::prefixes(path::parent(path)).any(|at| is_link(at) && !self.patterns.verdict(at).is_excluded)
    }
}
