//! What a build without arguments makes of a file: the configuration of the last stage's image, and what it runs.
//!
//! It follows `frontend/dockerfile/dockerfile2llb/convert.go`: only stages that the last one needs are built, a stage
//! begins with the configuration of what it stands upon, ONBUILD triggers of that stage run first. What BuildKit finds
//! wrong only with the files at hand (a source that is missing) is not looked for, nor are the syntax of image names
//! and mounts, or a signal that does not exist. It must not know why anyone asks.

mod builder;
pub mod config;
mod configure;
pub mod health;
mod needs;
mod operations;
pub mod ports;
pub mod run_args;
#[cfg(test)]
mod tests;
mod words;

use self::builder::Builder;
use self::config::Config;
use self::run_args::Argv;
use super::build::Build;
use super::scope::{Budget, Platform, World};
use crate::syntax::tree::Dockerfile;

/// How many bytes stages may inherit and words may take in, in all.
const MAX_BYTES: usize = 32 << 20;

/// What is given to a build.
#[derive(Clone, Debug)]
pub struct Given {
    /// The platform.
    pub platform: Platform,
    /// The configuration of every image that is no stage and not `scratch`.
    pub image: Config,
}

/// What a build gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// The configuration of the image.
    pub config: Config,
    /// What each RUN on the way executes, in the order in which BuildKit lists its operations.
    pub runs: Vec<Argv>,
}

/// Why there is no image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotBuilt(pub String);

type Result<T> = std::result::Result<T, NotBuilt>;

/// Builds the last stage of `file`.
///
/// # Errors
/// What BuildKit refuses, or what is too large.
pub fn of(file: &Dockerfile, given: &Given) -> Result<Built> {
    if let Some(error) = file.errors.first() {
        return Err(NotBuilt(error.message.clone()));
    }
    let build = of_file(file, given);
    let target = build.stages.len().checked_sub(1).ok_or(NotBuilt("there is no stage".to_string()))?;
    Builder::new(&build, given, &Budget::new(MAX_BYTES)).target(target)
}

/// Builds every stage of `file`, each as the target.
pub fn of_each_stage(file: &Dockerfile, given: &Given) -> Vec<Result<Built>> {
    let build = of_file(file, given);
    let stage = |n| Builder::new(&build, given, &Budget::new(MAX_BYTES)).target(n);
    (0..build.stages.len()).map(stage).collect()
}

fn of_file<'a>(file: &'a Dockerfile<'a>, given: &Given) -> Build<'a> {
    let image_env = Some(given.image.env.entries().to_vec());
    Build::of(file, &World { platform: Some(given.platform), image_env })
}
