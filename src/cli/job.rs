//! What is done with one file: format it, and write or say what came of it.
//!
//! A job is shared by all threads. It prints nothing itself: what is to be said is handed back, and printed in order.

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use super::files::{self, Found};
use super::{context, document, read, write};
use crate::config::Kind;
use crate::lsp::Host;
use crate::model::buildah;
use crate::proof::engine::{self, Change, Outcome, RuleInfo};
use crate::report::diff::{self, Diff};
use crate::report::document::summary;
use crate::report::record::{About, Fate, Record, touched};
use crate::report::text::{self, Severity};
use crate::report::{Paint, visible};
use crate::settings::{Held, Settings, pragmas};
use crate::syntax;

/// What the language server is told of the disk: the same as is used here.
pub const HOST: Host = Host { context: context::find, left_alone: buildah_differs };

/// What is done with a file that would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Its diff is shown.
    Show,
    /// It is named.
    Check,
    /// It is rewritten.
    Write,
}

/// What stdout gets of a file that would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Its diff.
    Diff,
    /// Its name.
    Name,
    /// No more than the mode says.
    Nothing,
}

/// How much is said beside what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Errors.
    Quiet,
    /// Advice and the summary too.
    Normal,
    /// All refusals too.
    Verbose,
}

/// How to work on each file.
pub struct Job {
    /// How to format which file.
    pub settings: Arc<Settings>,
    /// What to do with what changes.
    pub mode: Mode,
    /// What stdout gets of it.
    pub show: Show,
    /// How much is said beside.
    pub voice: Voice,
    /// How to paint stdout.
    pub out: Paint,
    /// How to paint stderr.
    pub err: Paint,
    /// The names of all rules, in their order.
    pub rules: Vec<&'static str>,
    /// All of them.
    pub catalogue: Vec<RuleInfo>,
    /// Whether stdout gets a document, and no text.
    pub document: bool,
}

/// What is to be said about a file.
pub struct Said {
    /// On stdout.
    pub out: Vec<u8>,
    /// On stderr.
    pub err: String,
    /// How many RUNs are built anew for their layout alone.
    pub anew: usize,
    /// What became of it; beside its fate only what a document is told, if there is one.
    pub record: Record,
}

/// A text that was formatted.
pub struct Done {
    /// What it came to.
    pub what: Formatted,
    /// Refusals and warnings, for stderr.
    pub said: String,
    /// The same for a document.
    pub record: Record,
}

/// What formatting came to.
pub enum Formatted {
    /// Nothing to do.
    Same,
    /// The new text, and what was done: its changes are told where they are shown.
    Changed(Vec<u8>, Box<Outcome>),
    /// `BuildKit` would refuse it; the messages.
    Refused(String),
    /// A bug of dfmt; the message.
    Broken(String),
}

impl Job {
    /// Works on one file. Of one whose configuration is broken stderr gets no word: whoever finds files has said it.
    pub fn file(&self, found: &Found) -> Said {
        let held = match self.settings.of(&found.path) {
            Ok(held) => held,
            Err(broken) => {
                let record = document::failed(&found.path, About::Place, broken.first());
                return Said { out: Vec::new(), err: String::new(), anew: 0, record };
            }
        };
        match read::file(&found.path) {
            Ok(source) => self.text(found, &held, &source),
            Err(e) => self.failed(&found.path, &e),
        }
    }

    fn text(&self, found: &Found, held: &Held, source: &[u8]) -> Said {
        let severity = if found.named { Severity::Error } else { Severity::Warning };
        let Done { what, said: err, mut record } = self.format(&found.path, held, source, severity);
        match what {
            Formatted::Same => Said { out: Vec::new(), err, anew: 0, record },
            Formatted::Changed(new, outcome) => {
                if self.mode == Mode::Write
                    && let Err(e) = write::replace(&found.path, source, &new)
                {
                    return self.failed(&found.path, &e);
                }
                let out = self.changed(&mut record, source, &new, &outcome);
                let anew = if self.mode == Mode::Write { outcome.laid_out_anew(source) } else { 0 };
                Said { out, err, anew, record }
            }
            Formatted::Refused(message) => {
                record.fate = if found.named { Fate::Failed } else { Fate::PassedOver };
                let silent = record.fate == Fate::PassedOver && self.voice == Voice::Quiet;
                Said { out: Vec::new(), err: if silent { err } else { err + &message }, anew: 0, record }
            }
            Formatted::Broken(message) => {
                record.fate = Fate::Failed;
                Said { out: Vec::new(), err: message, anew: 0, record }
            }
        }
    }

    /// Formats a text that `path` stands for.
    pub fn format(&self, path: &Path, held: &Held, source: &[u8], severity: Severity) -> Done {
        let name = text::name(path);
        if let Some(why) = buildah_differs(path, source) {
            return self.left_alone(path, &why);
        }
        let Some(outcome) = outcome(path, held, source) else {
            let what = "dfmt broke down over it, which is a bug; it is left as it is";
            let message = text::problem(Severity::Error, &format!("{name}: {what}"), self.err);
            let record = document::failed(path, About::Bug, what.to_string());
            return Done { what: Formatted::Broken(message), said: String::new(), record };
        };
        let record = if self.document {
            document::findings(path, source, &outcome, severity)
        } else {
            Record::new(path.to_path_buf(), Fate::Same)
        };
        let said = self.warnings(&name, &outcome) + &self.refusals(&name, &outcome);
        let what = if let Some(failure) = &outcome.failure {
            Formatted::Broken(text::failure(&name, failure, self.err))
        } else if !outcome.errors.is_empty() {
            Formatted::Refused(text::syntax_errors(severity, &name, source, &outcome.errors, self.err))
        } else {
            match outcome.output.clone() {
                Some(output) => Formatted::Changed(output, Box::new(outcome)),
                None => Formatted::Same,
            }
        };
        Done { what, said, record }
    }

    /// What is left alone for a reason of its own.
    fn left_alone(&self, path: &Path, why: &str) -> Done {
        let message = format!("{}: {why}", text::name(path));
        let said = text::problem(Severity::Warning, &message, self.err);
        let said = if self.voice == Voice::Quiet { String::new() } else { said };
        let mut record = document::failed(path, About::Place, why.to_string());
        record.notes.iter_mut().for_each(|n| n.severity = Severity::Warning);
        record.fate = Fate::Same;
        Done { what: Formatted::Same, said, record }
    }

    /// Comments to dfmt that do not do what their author wanted.
    fn warnings(&self, name: &str, outcome: &Outcome) -> String {
        if self.voice == Voice::Quiet || outcome.pragmas.is_empty() {
            return String::new();
        }
        let warnings = pragmas::warnings(&outcome.pragmas, &engine::rules());
        let said = warnings.into_iter().map(|(line, what)| {
            let message = format!("{name}: line {line}: {}", visible(what.as_bytes()));
            text::problem(Severity::Warning, &message, self.err)
        });
        said.collect()
    }

    fn refusals(&self, name: &str, outcome: &Outcome) -> String {
        let said = outcome.refusals.iter().filter(|r| match self.voice {
            Voice::Quiet => false,
            Voice::Normal => r.advice,
            Voice::Verbose => true,
        });
        said.map(|r| text::refusal(name, r, self.err)).collect()
    }

    /// What stdout gets of a file that changes; the record of the file gets it where there is a document.
    pub fn changed(&self, record: &mut Record, old: &[u8], new: &[u8], outcome: &Outcome) -> Vec<u8> {
        record.fate = Fate::Changed;
        if self.document {
            document::add_changes(record, self, old, new, outcome);
            return Vec::new();
        }
        let name = record.path.as_os_str().as_encoded_bytes();
        if self.show == Show::Name {
            return [name, b"\n"].concat();
        }
        let mut out = Vec::new();
        let is_named = self.mode == Mode::Check && self.voice != Voice::Quiet;
        if !is_named && self.show != Show::Diff {
            return out;
        }
        let changes = &outcome.changes(old)[..];
        if is_named {
            out.extend_from_slice(name);
            out.extend_from_slice(self.would_change(changes).as_bytes());
            out.extend_from_slice(self.what_changes(&record.path, changes).as_bytes());
        }
        if self.show == Show::Diff {
            let diff = Diff { name, old, new, changes, rules: &self.rules };
            out.extend(diff::unified(&diff, self.out));
        }
        out
    }

    fn would_change(&self, changes: &[Change]) -> String {
        let names = diff::rule_names(changes.iter(), &self.rules);
        if names.is_empty() {
            ": would change\n".into()
        } else {
            format!(": would change: {}\n", names.join(", "))
        }
    }

    /// Where and what: of layout only its rules are named, unless more is asked for.
    fn what_changes(&self, path: &Path, changes: &[Change]) -> String {
        let name = text::name(path);
        let told = touched(changes, &self.rules).into_iter().filter_map(|t| {
            let rule = self.catalogue.iter().find(|r| r.name == t.rule)?;
            let wanted = rule.kind != Kind::Layout || self.voice == Voice::Verbose;
            wanted.then(|| text::change(&name, &t, summary(rule), self.out))
        });
        told.collect()
    }

    fn failed(&self, path: &Path, error: &anyhow::Error) -> Said {
        let message = format!("{}: {error:#}", text::name(path));
        let err = text::problem(Severity::Error, &message, self.err);
        let record = document::failed(path, About::Place, format!("{error:#}"));
        Said { out: Vec::new(), err, anew: 0, record }
    }
}

/// The one place where the pipeline is called; `None` where it panics, so that other files are still done.
pub(super) fn outcome(path: &Path, held: &Held, source: &[u8]) -> Option<Outcome> {
    let context = || context::find(path, held.context.as_deref());
    panic::catch_unwind(AssertUnwindSafe(|| engine::format(source, &held.config, &context))).ok()
}

/// A Containerfile is usually built by Buildah: where that reads it otherwise no proof of ours would hold.
fn buildah_differs(path: &Path, source: &[u8]) -> Option<String> {
    if !files::is_containerfile(path) {
        return None;
    }
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("in")) {
        return Some("left as it is: Buildah hands it to the C preprocessor first".to_string());
    }
    let file = syntax::parse(source);
    let (id, why) = buildah::difference(&file)?;
    let line = id.and_then(|id| file.line_of(id)).map_or(String::new(), |line| format!("line {line}: "));
    Some(format!(
        "{line}left as it is: Buildah, which usually builds it, reads it otherwise than BuildKit: {why}"
    ))
}
