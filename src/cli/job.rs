//! What is done with one file: format it, and write or say what came of it.
//!
//! A job is shared by all threads. It prints nothing itself: what is to be said is handed back, and printed in order.

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;

use super::files::{self, Found};
use super::{context, read, write};
use crate::model::buildah;
use crate::proof::engine::{self, Change, Outcome};
use crate::report::diff::{self, Diff};
use crate::report::text::{self, Severity};
use crate::report::{Paint, visible};
use crate::settings::{Held, Settings, pragmas};
use crate::syntax;

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
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing to do.
    Same,
    /// Rewritten, or would be.
    Changed,
    /// Found in a folder, and not what `BuildKit` reads.
    PassedOver,
    /// It could not be done.
    Failed,
}

/// What is to be said about a file.
pub struct Said {
    /// On stdout.
    pub out: Vec<u8>,
    /// On stderr.
    pub err: String,
    /// What became of it.
    pub fate: Fate,
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
    /// Works on one file. One whose configuration is broken fails without a word: whoever finds files has said it.
    pub fn file(&self, found: &Found) -> Said {
        let Ok(held) = self.settings.of(&found.path) else {
            return Said { out: Vec::new(), err: String::new(), fate: Fate::Failed };
        };
        match read::file(&found.path) {
            Ok(source) => self.text(found, &held, &source),
            Err(e) => self.failed(&found.path, &e),
        }
    }

    fn text(&self, found: &Found, held: &Held, source: &[u8]) -> Said {
        let severity = if found.named { Severity::Error } else { Severity::Warning };
        let (formatted, err) = self.format(&found.path, held, source, severity);
        match formatted {
            Formatted::Same => Said { out: Vec::new(), err, fate: Fate::Same },
            Formatted::Changed(new, outcome) => {
                if self.mode == Mode::Write
                    && let Err(e) = write::replace(&found.path, source, &new)
                {
                    return self.failed(&found.path, &e);
                }
                Said { out: self.changed(&found.path, source, &new, &outcome), err, fate: Fate::Changed }
            }
            Formatted::Refused(message) => {
                let fate = if found.named { Fate::Failed } else { Fate::PassedOver };
                let silent = fate == Fate::PassedOver && self.voice == Voice::Quiet;
                Said { out: Vec::new(), err: if silent { err } else { err + &message }, fate }
            }
            Formatted::Broken(message) => Said { out: Vec::new(), err: message, fate: Fate::Failed },
        }
    }

    /// Formats a text that `path` stands for; what is refused is said in the second value.
    pub fn format(&self, path: &Path, held: &Held, source: &[u8], severity: Severity) -> (Formatted, String) {
        let name = text::name(path);
        if let Some(why) = buildah_differs(path, source) {
            let said = text::problem(Severity::Warning, &format!("{name}: {why}"), self.err);
            return (Formatted::Same, if self.voice == Voice::Quiet { String::new() } else { said });
        }
        let Some(outcome) = outcome(path, held, source) else {
            let message = format!("{name}: dfmt broke down over it, which is a bug; it is left as it is");
            return (Formatted::Broken(text::problem(Severity::Error, &message, self.err)), String::new());
        };
        let refusals = self.warnings(&name, &outcome) + &self.refusals(&name, &outcome);
        let formatted = if let Some(failure) = &outcome.failure {
            Formatted::Broken(text::failure(&name, failure, self.err))
        } else if !outcome.errors.is_empty() {
            Formatted::Refused(text::syntax_errors(severity, &name, source, &outcome.errors, self.err))
        } else {
            match outcome.output.clone() {
                Some(output) => Formatted::Changed(output, Box::new(outcome)),
                None => Formatted::Same,
            }
        };
        (formatted, refusals)
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

    /// What stdout gets of a file that changes.
    pub fn changed(&self, path: &Path, old: &[u8], new: &[u8], outcome: &Outcome) -> Vec<u8> {
        let name = path.as_os_str().as_encoded_bytes();
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

    fn failed(&self, path: &Path, error: &anyhow::Error) -> Said {
        let message = format!("{}: {error:#}", text::name(path));
        let err = text::problem(Severity::Error, &message, self.err);
        Said { out: Vec::new(), err, fate: Fate::Failed }
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
