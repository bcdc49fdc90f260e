//! Which document stdout gets in place of text, and what of a file's outcome goes into it.

use std::path::Path;

use super::args::{FormatArgs, Output};
use super::job::{Job, Mode, Show, Voice};
use crate::proof::engine::{self, Outcome};
use crate::report::diff::{self, Diff};
use crate::report::document::{Document, Form, Run, Told};
use crate::report::record::{About, Fate, Note, Record, touched};
use crate::report::text::Severity;
use crate::report::{Paint, visible};
use crate::settings::pragmas;
use crate::source::line_number;

/// Errors of a file that are told; it is no Dockerfile if it has more.
const MOST_ERRORS: usize = 100;

/// The document that was asked for; `None` where text was.
pub fn of(args: &FormatArgs, job: &Job) -> Option<Document> {
    let form = match args.output {
        Output::Text => return None,
        Output::Json => Form::Json,
        Output::Sarif => Form::Sarif,
        Output::Github => Form::Github,
    };
    let mode = match job.mode {
        Mode::Show => "show",
        Mode::Check => "check",
        Mode::Write => "write",
    };
    let told = match job.voice {
        Voice::Quiet => Told::Nothing,
        Voice::Normal => Told::Advice,
        Voice::Verbose => Told::All,
    };
    let folder = std::env::current_dir().ok();
    Some(Document::new(form, Run { rules: engine::rules(), mode, told, folder }))
}

/// A file that could not be looked at.
pub fn failed(path: &Path, about: About, message: String) -> Record {
    let note = Note { severity: Severity::Error, about, line: None, message };
    Record { notes: vec![note], ..Record::new(path.to_path_buf(), Fate::Failed) }
}

/// What is to be said of a text beside its changes.
pub fn findings(path: &Path, source: &[u8], outcome: &Outcome, severity: Severity) -> Record {
    let mut record = Record::new(path.to_path_buf(), Fate::Same);
    record.refusals.clone_from(&outcome.refusals);
    let note = |severity, about, line, message: &str| Note {
        severity,
        about,
        line,
        message: visible(message.as_bytes()),
    };
    let warnings = if outcome.pragmas.is_empty() { Vec::new() } else { warnings(outcome) };
    record.notes.extend(warnings.iter().map(|(l, m)| note(Severity::Warning, About::Text, Some(*l), m)));
    record.notes.extend(
        outcome.errors.iter().take(MOST_ERRORS).map(|e| {
            note(severity, About::Text, Some(line_number(source, e.span.start as usize)), &e.message)
        }),
    );
    record.notes.extend(outcome.failure.iter().map(|f| {
        let what = format!("the rewrite of {} could not be proved: {}", f.rule, f.what);
        note(Severity::Error, About::Bug, f.line, &what)
    }));
    record
}

fn warnings(outcome: &Outcome) -> Vec<(usize, String)> {
    pragmas::warnings(&outcome.pragmas, &engine::rules())
}

/// What changed, into the record of the file.
pub fn add_changes(record: &mut Record, job: &Job, old: &[u8], new: &[u8], outcome: &Outcome) {
    let changes = &outcome.changes(old)[..];
    record.fate = Fate::Changed;
    record.changes = touched(changes, &job.rules);
    if job.show == Show::Diff {
        let name = record.path.as_os_str().as_encoded_bytes();
        let diff = Diff { name, old, new, changes, rules: &job.rules };
        record.diff = Some(diff::unified(&diff, Paint::Plain));
        record.replaced = diff::replaced(old, new);
    }
}
