//! Settings from flags; `dfmt config`: what holds for a file.

use std::path::Path;

use anyhow::{Result, anyhow};

use super::args::SettingsArgs;
use super::status::Status;
use super::streams::Streams;
use crate::config::Selection;
use crate::proof::engine;
use crate::settings::{Flags, Settings, Unusable};

/// What the flags say.
pub fn flags(args: &SettingsArgs) -> Flags {
    Flags {
        rules: Selection { only: args.only.clone(), also: args.also.clone(), skip: args.skip.clone() },
        keep_cache: args.keep_cache,
        context: args.context.clone(),
        file: args.config.clone(),
        isolated: args.isolated,
        ..Flags::default()
    }
}

/// The settings that `flags` ask for; `None` where the configuration that they name is broken, which has been said.
///
/// # Errors
/// Where a flag names something that does not exist, or flags contradict each other.
pub fn settings(flags: Flags, streams: &mut Streams) -> Result<Option<Settings>> {
    match Settings::new(flags, &engine::rules()) {
        Ok(settings) => Ok(Some(settings)),
        Err(Unusable::Rules(wrong)) => Err(wrong.into()),
        Err(Unusable::Glob(why)) => Err(anyhow!("--exclude: {why}")),
        Err(Unusable::File(broken)) => {
            streams.say(&broken.text(streams.err_paint))?;
            Ok(None)
        }
    }
}

/// Prints what holds for a file; for a folder, what holds for a Dockerfile in it.
///
/// # Errors
/// Where a flag names something that does not exist, or stdout cannot be written.
pub fn print(path: &Path, args: &SettingsArgs, streams: &mut Streams) -> Result<Status> {
    let Some(settings) = settings(flags(args), streams)? else { return Ok(Status::Failed) };
    let path = if path.is_dir() { &path.join("Dockerfile") } else { path };
    match settings.of(path) {
        Ok(held) => {
            streams.print(settings.describe(path, &held).as_bytes())?;
            Ok(Status::Done)
        }
        Err(broken) => {
            streams.say(&broken.text(streams.err_paint))?;
            Ok(Status::Failed)
        }
    }
}
