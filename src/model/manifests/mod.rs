//! What the files that name dependencies say, where a rule has to know which files an install reads.
//!
//! Each reader follows its own tool's documentation and refuses what it does not know, with the line.

pub mod conda;
pub mod document;
pub mod elixir;
pub mod gemfile;
pub mod gomod;
pub mod gradle;
pub mod mix_exs;
pub mod msbuild;
pub mod named;
pub mod node;
pub mod nuget;
pub mod package_lock;
pub mod pom;
pub mod requirements;
pub mod solution;
pub mod xml;
pub mod yaml;

use super::context::Context;

/// How a reader gets at files: by clean paths in the build context.
pub trait Files {
    /// The bytes of the regular file at `path`, if it is there and no link leads to it.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
}

impl Files for Context {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        Self::read(self, path)
    }
}
