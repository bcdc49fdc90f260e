//! `dfmt -`: stdin to stdout, for editors. On any failure stdout stays empty.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::args::FormatArgs;
use super::job::{Formatted, Job, Mode, Show};
use super::read;
use super::run::Status;
use super::streams::Streams;
use crate::report::text::Severity;

/// Formats stdin.
///
/// # Errors
/// Where stdin cannot be read or stdout cannot be written.
pub fn run(args: &FormatArgs, job: &Job, streams: &mut Streams) -> Result<Status> {
    let path = args.stdin_filepath.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
    let held = match job.settings.of(&path) {
        Ok(held) => held,
        Err(broken) => {
            streams.say(&broken.text(job.err))?;
            return Ok(Status::Failed);
        }
    };
    let source = read::stdin().context("stdin cannot be read")?;
    if args.force_exclude && job.settings.excludes_all_of(&path, false) {
        streams.print(if wants_text(job) { &source } else { b"" })?;
        return Ok(Status::Done);
    }
    let (formatted, said) = job.format(&path, &held, &source, Severity::Error);
    streams.say(&said)?;
    match formatted {
        Formatted::Refused(message) | Formatted::Broken(message) => {
            streams.say(&message)?;
            Ok(Status::Failed)
        }
        Formatted::Same => {
            streams.print(if wants_text(job) { &source } else { b"" })?;
            Ok(Status::Done)
        }
        Formatted::Changed(new, changes) => {
            let told = job.changed(&path, &source, &new, &changes);
            streams.print(if wants_text(job) { &new } else { &told })?;
            Ok(if job.mode == Mode::Check { Status::WouldChange } else { Status::Done })
        }
    }
}

/// Whether the formatted text is asked for, and not what would change.
const fn wants_text(job: &Job) -> bool {
    matches!(job.mode, Mode::Show) && matches!(job.show, Show::Nothing)
}
