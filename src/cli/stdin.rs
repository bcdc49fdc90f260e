//! `dfmt -`: stdin to stdout, for editors. On any failure stdout stays empty.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::args::FormatArgs;
use super::job::{Done, Formatted, Job, Mode, Show};
use super::status::Status;
use super::streams::Streams;
use super::{document, read};
use crate::report::record::{About, Fate, Record};
use crate::report::text::Severity;

/// Formats stdin.
///
/// # Errors
/// Where stdin cannot be read or stdout cannot be written.
pub fn run(args: &FormatArgs, job: &Job, streams: &mut Streams) -> Result<Status> {
    let path = args.stdin_filepath.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
    let (status, record) = text(args, job, path, streams)?;
    if let Some(mut document) = document::of(args, job) {
        let pieces = [document.begin(), document.file(&record), document.end(false)];
        streams.print(pieces.concat().as_bytes())?;
    }
    Ok(status)
}

fn text(args: &FormatArgs, job: &Job, path: PathBuf, streams: &mut Streams) -> Result<(Status, Record)> {
    let held = match job.settings.of(&path) {
        Ok(held) => held,
        Err(broken) => {
            streams.say(&broken.text(job.err))?;
            return Ok((Status::Failed, document::failed(&path, About::Place, broken.first())));
        }
    };
    let source = read::stdin().context("stdin cannot be read")?;
    if args.force_exclude && job.settings.excludes_all_of(&path, false) {
        streams.print(if wants_text(job) { &source } else { b"" })?;
        return Ok((Status::Done, Record::new(path, Fate::Same)));
    }
    let Done { what, said, mut record } = job.format(&path, &held, &source, Severity::Error);
    streams.say(&said)?;
    match what {
        Formatted::Refused(message) | Formatted::Broken(message) => {
            record.fate = Fate::Failed;
            streams.say(&message)?;
            Ok((Status::Failed, record))
        }
        Formatted::Same => {
            streams.print(if wants_text(job) { &source } else { b"" })?;
            Ok((Status::Done, record))
        }
        Formatted::Changed(new, outcome) => {
            let told = job.changed(&mut record, &source, &new, &outcome);
            streams.print(if wants_text(job) { &new } else { &told })?;
            Ok((if job.mode == Mode::Check { Status::WouldChange } else { Status::Done }, record))
        }
    }
}

/// Whether the formatted text is asked for, and not what would change.
const fn wants_text(job: &Job) -> bool {
    matches!(job.mode, Mode::Show) && matches!(job.show, Show::Nothing) && !job.document
}
