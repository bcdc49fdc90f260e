//! Installs of dependencies: which files of the source a RUN reads that installs them, and what it leaves there.
//!
//! Each package manager is a [`Manager`]: data, and a function that reads a command line. What it makes of one is an
//! [`Install`], which says, once it is told where it runs, what it [needs](Needs). What is not understood is an
//! [`Obstacle`] that says what stands in the way. A new manager is one file and one line in [`MANAGERS`].

mod bundler;
mod cargo;
mod composer;
mod conda;
mod dotnet;
mod environment;
mod gather;
mod gem;
mod go;
mod gradle;
mod home;
mod maven;
mod mix;
mod node;
mod pip;
mod pipenv;
mod poetry;
mod python;
mod python_path;
mod run;
mod switches;
mod uv;
mod uv_pip;
mod uv_project;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use super::command::Command;
use super::context::Context;
use crate::syntax::tree::Dockerfile;

pub use environment::{Variables, is_harmless as environment_is_harmless};
pub use gather::Gather;
pub use home::is_free as home_is_free;
pub use run::{Call, Reading, calls_manager, of_run, shell_is_usual};

/// A package manager.
pub struct Manager {
    /// How people call it.
    pub name: &'static str,
    /// The commands that it is called by.
    pub programs: &'static [&'static str],
    /// Reads a command whose name is one of these. `None` for a call that is no install and may do anything, an obstacle
    /// for an install that is not understood.
    pub read: fn(&Command) -> Option<Asked>,
    /// Whether a variable, in upper case, may change what it reads of the source, or where it writes.
    pub heeds: fn(&str) -> bool,
    /// What it, or what it calls, reads or writes in a user's home: paths below it.
    pub home: &'static [&'static str],
}

/// What a command line asks of a package manager.
pub type Asked = Result<Box<dyn Install>, Obstacle>;

/// All of them.
pub const MANAGERS: &[&Manager] = &[
    &pip::MANAGER,
    &node::npm::MANAGER,
    &node::yarn::MANAGER,
    &node::pnpm::MANAGER,
    &node::bun::MANAGER,
    &node::corepack::MANAGER,
    &python::MANAGER,
    &uv::MANAGER,
    &poetry::MANAGER,
    &pipenv::MANAGER,
    &go::MANAGER,
    &bundler::MANAGER,
    &gem::MANAGER,
    &composer::MANAGER,
    &conda::MANAGER,
    &maven::MANAGER,
    &gradle::MANAGER,
    &dotnet::MANAGER,
    &mix::MANAGER,
    &cargo::MANAGER,
];

/// A command that installs, as its words ask for it.
pub trait Install {
    /// Whether it needs something of the folder that it runs in: then it is worth to stand above the source.
    fn reads_source(&self) -> bool;

    /// Whether it matters in which folder it runs.
    fn minds_folder(&self) -> bool {
        self.reads_source()
    }

    /// Absolute places that it writes to beside its own: they have to be apart from the source.
    fn places(&self) -> Vec<String> {
        Vec::new()
    }

    /// Tells `gather` what it reads of the source and what it leaves there. Asked also where it needs nothing of it but
    /// runs in it: settings may lie there.
    ///
    /// # Errors
    /// What it is not known to do without.
    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle>;
}

/// Where an install runs.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The build context.
    pub context: &'a Context,
    /// The folder of the context that was copied, the empty path for all of it.
    pub top: &'a str,
    /// The folder of the context that stands where the command runs: `top`, or something below it.
    pub cwd: &'a str,
    /// The Dockerfile.
    pub file: &'a Dockerfile<'a>,
    /// The folder of the image that `top` is copied to.
    pub target: &'a str,
    /// What is set above the install.
    pub variables: &'a Variables,
}

/// What an install takes of the source, and what it leaves there: clean paths in the context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Files that it reads; each is there in every checkout.
    pub files: BTreeSet<String>,
    /// Folders that it reads as a whole; each is there in every checkout.
    pub folders: BTreeSet<String>,
    /// What it writes. None of it is in the context, so that the source, when it comes, puts nothing in its place.
    pub writes: BTreeSet<String>,
    /// What stands in the way, beside what ended the search.
    pub obstacles: Vec<Obstacle>,
}

impl Needs {
    /// Whether it reads no file and no folder.
    pub fn names_nothing(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }
}

/// Why it is not known that an install does the same before the source is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What stands in the way, and what the author could do.
    pub reason: String,
    /// Whether the author can put it away by a small change: worth saying unasked.
    pub is_small: bool,
}

impl Obstacle {
    /// One that is in the nature of the project, or not understood.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_small: false }
    }

    /// One that a small change puts away; the reason says which.
    pub fn small(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_small: true }
    }
}

impl From<String> for Obstacle {
    fn from(reason: String) -> Self {
        Self::new(reason)
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
