//! What an install needs, gathered path by path: the words in which each manager says what it reads.
//!
//! A file that only some checkouts have would make the verdict hang on the machine, so it is an obstacle.

use super::{Needs, Obstacle, Place};
use crate::model::context::{Doubt, Kind, Patterns, Presence, path};
use crate::model::manifests::named::upward;
use crate::model::variables;

/// Gathers what installs need at one place.
pub struct Gather<'a> {
    /// Where the install runs.
    pub place: Place<'a>,
    needs: Needs,
}

impl<'a> Gather<'a> {
    /// Nothing yet.
    pub fn new(place: Place<'a>) -> Self {
        Self { place, needs: Needs::default() }
    }

    /// What was gathered.
    pub fn finish(self) -> Needs {
        self.needs
    }

    /// Whether the Dockerfile names a program.
    pub fn is_named(&self, program: &str) -> bool {
        self.place.file.instructions().any(|i| variables::is_named(program.as_bytes(), &i.text))
    }

    /// The path in the context of `name`, which is clean, in the folder where the install runs.
    pub fn at(&self, name: &str) -> String {
        path::join(self.place.cwd, name)
    }

    /// The folders in which a tool looks for its project: where it runs, then those above it that are copied too.
    pub fn folders_up(&self) -> Vec<String> {
        upward(self.place.top, self.place.cwd).map(str::to_string).collect()
    }

    /// Takes a file that the install cannot do without; gives its path.
    ///
    /// # Errors
    /// Where it is not there in every checkout.
    pub fn require(&mut self, name: &str) -> Result<String, Obstacle> {
        let at = self.at(name);
        self.require_at(&at)?;
        Ok(at)
    }

    /// As [`Self::require`], for a clean path in the context.
    ///
    /// # Errors
    /// As there.
    pub fn require_at(&mut self, at: &str) -> Result<(), Obstacle> {
        if self.take_at(at)? {
            Ok(())
        } else {
            Err(Obstacle::new(format!("{at} is not in the build context")))
        }
    }

    /// Takes a file that the install reads where it is there; says whether it is.
    ///
    /// # Errors
    /// Where some checkouts have it and some do not, or it is no file.
    pub fn take(&mut self, name: &str) -> Result<bool, Obstacle> {
        let at = self.at(name);
        self.take_at(&at)
    }

    /// As [`Self::take`], for a clean path in the context.
    ///
    /// # Errors
    /// As there.
    pub fn take_at(&mut self, at: &str) -> Result<bool, Obstacle> {
        let is_there = self.is_there(at)?;
        if is_there {
            self.must_be(at, Kind::File)?;
            self.needs.files.insert(at.to_string());
        }
        Ok(is_there)
    }

    /// As [`Self::take_at`], but says no where something else than a file is there.
    ///
    /// # Errors
    /// As there.
    pub fn take_file_at(&mut self, at: &str) -> Result<bool, Obstacle> {
        let is_file = self.place.context.holds(at).is_some_and(|e| e.kind() == Kind::File);
        if is_file { self.take_at(at) } else { Ok(false) }
    }

    /// Takes a folder with all that it holds, where it is there; says whether it is.
    ///
    /// # Errors
    /// Where some checkouts have it and some do not, it is no folder, or a link in it may lead out of it.
    pub fn take_folder(&mut self, name: &str) -> Result<bool, Obstacle> {
        let at = self.at(name);
        self.take_folder_at(&at)
    }

    /// As [`Self::take_folder`], for a clean path in the context.
    ///
    /// # Errors
    /// As there.
    pub fn take_folder_at(&mut self, at: &str) -> Result<bool, Obstacle> {
        if !self.is_there(at)? {
            return Ok(false);
        }
        let source = self.must_be(at, Kind::Dir)?;
        let held = self.place.context.contents(&source, &Patterns::default());
        let held = held.map_err(|e| Obstacle::new(e.to_string()))?;
        if let Some(link) = held.iter().find(|t| t.kind == Kind::Symlink) {
            return Err(Obstacle::new(format!("{} is a link, which may lead elsewhere", link.path)));
        }
        self.needs.folders.insert(at.to_string());
        Ok(true)
    }

    /// Says that the install may write `name`. Where the context may hold it, the source would put its own in the place
    /// of what the install has left: that is an obstacle, and the search goes on.
    pub fn leave(&mut self, name: &str) {
        let at = self.at(name);
        self.leave_at(&at);
    }

    /// As [`Self::leave`], for a clean path in the context.
    pub fn leave_at(&mut self, at: &str) {
        match self.place.context.may_hold(at) {
            Presence::No => drop(self.needs.writes.insert(at.to_string())),
            Presence::Yes => self.obstacle(Obstacle::new(format!(
                "the source brings {at}, which the install writes too; the source would put its own in its place"
            ))),
            Presence::Perhaps(_) => self.obstacle(Obstacle::small(format!(
                "the build context may hold {at}, which would overwrite what the install leaves there; name it in .dockerignore"
            ))),
        }
    }

    /// Says that nothing may be at `name`, for the install would read it: `what` it is, as in `a hook of npm`.
    pub fn must_be_free(&mut self, name: &str, what: &str) {
        let at = self.at(name);
        self.must_be_free_at(&at, what);
    }

    /// As [`Self::must_be_free`], for a clean path in the context.
    pub fn must_be_free_at(&mut self, at: &str, what: &str) {
        match self.place.context.may_hold(at) {
            Presence::No => {}
            Presence::Yes => {
                self.obstacle(Obstacle::new(format!("{at} is {what}, which may read the source")));
            }
            Presence::Perhaps(_) => self.obstacle(Obstacle::small(format!(
                "the build context may hold {at}, {what}; name it in .dockerignore"
            ))),
        }
    }

    /// Notes what stands in the way, and goes on: where it is the only one it is said unasked.
    pub fn obstacle(&mut self, obstacle: Obstacle) {
        self.needs.obstacles.push(obstacle);
    }

    /// The text of a file of the context.
    ///
    /// # Errors
    /// Where it is not there, too large, or not UTF-8.
    pub fn text(&self, at: &str) -> Result<String, Obstacle> {
        let bytes = self.place.context.read(at);
        let bytes = bytes.ok_or_else(|| Obstacle::new(format!("{at} cannot be read")))?;
        String::from_utf8(bytes).map_err(|_| Obstacle::new(format!("{at} is not UTF-8")))
    }

    /// Whether something is there in every checkout, or in none.
    ///
    /// # Errors
    /// Where that depends on the checkout.
    pub fn is_there(&self, at: &str) -> Result<bool, Obstacle> {
        match self.place.context.may_hold(at) {
            Presence::Yes => Ok(true),
            Presence::No => Ok(false),
            Presence::Perhaps(Doubt::Gitignored | Doubt::OnlyGitignored) => Err(Obstacle::small(format!(
                "{at} is not in every checkout: a .gitignore names it; name it in .dockerignore, or commit it"
            ))),
            Presence::Perhaps(Doubt::BehindLink) => Err(Obstacle::new(format!("a link leads to {at}"))),
            Presence::Perhaps(_) => {
                Err(Obstacle::new(format!("it is not known whether {at} is in the build context")))
            }
        }
    }

    fn must_be(&self, at: &str, kind: Kind) -> Result<crate::model::context::Source, Obstacle> {
        let sources = self.place.context.sources(&glob_escaped(at), &Patterns::default());
        let mut sources = sources.map_err(|e| Obstacle::new(e.to_string()))?;
        match sources.pop() {
            Some(source) if source.entry.kind() == kind && sources.is_empty() => Ok(source),
            _ => Err(Obstacle::new(format!("{at} is not what it should be: a link, a folder or a file"))),
        }
    }
}

/// The path as a word of COPY that stands for itself.
fn glob_escaped(at: &str) -> String {
    let mut word = String::with_capacity(at.len());
    for c in at.chars() {
        if "*?[\\".contains(c) {
            word.push('\\');
        }
        word.push(c);
    }
    word
}
