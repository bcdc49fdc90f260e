//! One document for programs in place of text for people: which forms there are, and what all of them are told.
//!
//! A document is written piece by piece, a file at a time, so that no run has to be held in memory: first [`begin`],
//! then each file in order, then [`end`]. All pieces together are one document, whatever became of the files.
//!
//! [`begin`]: Document::begin
//! [`end`]: Document::end

use std::path::{Path, PathBuf};

use super::record::{Fate, Note, Record};
use super::text::Tally;
use super::{github, json, sarif};
use crate::proof::engine::{Refusal, RuleInfo};

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON of our own, as docs/output.schema.json says.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// How much of what was not rewritten is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// None of it.
    Nothing,
    /// Advice: the build would gain, and one thing stands in the way.
    Advice,
    /// All of it.
    All,
}

impl Told {
    /// Whether a refusal is told.
    pub const fn has(self, refusal: &Refusal) -> bool {
        match self {
            Self::Nothing => false,
            Self::Advice => refusal.advice,
            Self::All => true,
        }
    }
}

/// What a document says of the run as a whole.
pub struct Run {
    /// All rules, in their order.
    pub rules: Vec<RuleInfo>,
    /// What was done: `show`, `check` or `write`.
    pub mode: &'static str,
    /// How much of what was not rewritten is told.
    pub told: Told,
    /// The current folder, where it is known: paths are told as seen from it.
    pub folder: Option<PathBuf>,
}

impl Run {
    /// A rule by its name.
    pub fn rule(&self, name: &str) -> Option<&RuleInfo> {
        self.rules.iter().find(|r| r.name == name)
    }

    /// The refusals of a file that are told.
    pub fn told<'r>(&self, record: &'r Record) -> impl Iterator<Item = &'r Refusal> {
        let told = self.told;
        record.refusals.iter().filter(move |r| told.has(r))
    }

    /// A path as seen from the current folder, with `/` between its parts.
    pub fn path(&self, path: &Path) -> String {
        let below = self.folder.as_deref().and_then(|folder| path.strip_prefix(folder).ok());
        let path = below.unwrap_or(path);
        let text = path.strip_prefix(".").unwrap_or(path).to_string_lossy();
        if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
    }
}

/// What a rule does, in one line.
pub fn summary(rule: &RuleInfo) -> &str {
    rule.page.lines().next().unwrap_or("").trim_start_matches(['#', ' '])
}

/// A document that is being written.
pub struct Document {
    form: Form,
    run: Run,
    /// Whether something stands in the list already: a comma comes before what follows.
    goes_on: bool,
    /// What is no result of a rule, for the end of the document.
    aside: Vec<(Option<PathBuf>, Note)>,
    tally: Tally,
}

impl Document {
    /// An empty one.
    pub const fn new(form: Form, run: Run) -> Self {
        Self { form, run, goes_on: false, aside: Vec::new(), tally: Tally::NONE }
    }

    /// How it begins.
    pub fn begin(&self) -> String {
        match self.form {
            Form::Json => json::begin(&self.run),
            Form::Sarif => sarif::begin(&self.run),
            Form::Github => String::new(),
        }
    }

    /// What it says of a file.
    pub fn file(&mut self, record: &Record) -> String {
        self.count(record.fate);
        match self.form {
            Form::Json => self.listed(vec![json::file(record, &self.run)]),
            Form::Sarif => {
                let aside = record.notes.iter().filter(|n| !sarif::is_result(n));
                self.aside.extend(aside.map(|n| (Some(record.path.clone()), n.clone())));
                self.listed(sarif::file(record, &self.run))
            }
            Form::Github => github::file(record, &self.run),
        }
    }

    /// What it says of the run, where no file is meant, or one that was not found.
    pub fn note(&mut self, note: Note) -> String {
        match self.form {
            Form::Json | Form::Sarif => {
                self.aside.push((None, note));
                String::new()
            }
            Form::Github => github::note(None, &note, &self.run),
        }
    }

    /// How it ends; `interrupted` says that somebody ended the run.
    pub fn end(&self, interrupted: bool) -> String {
        match self.form {
            Form::Json => json::end(self.aside.iter().map(|(_, note)| note), &self.tally, interrupted),
            Form::Sarif => sarif::end(&self.aside, self.tally.failed > 0 || interrupted, &self.run),
            Form::Github => String::new(),
        }
    }

    fn count(&mut self, fate: Fate) {
        let count = match fate {
            Fate::Same => &mut self.tally.same,
            Fate::Changed => &mut self.tally.changed,
            Fate::PassedOver => &mut self.tally.passed_over,
            Fate::Failed => &mut self.tally.failed,
        };
        *count += 1;
    }

    fn listed(&mut self, values: Vec<serde_json::Value>) -> String {
        let mut out = String::new();
        for value in values {
            out += if self.goes_on { ",\n" } else { "\n" };
            out += &value.to_string();
            self.goes_on = true;
        }
        out
    }
}
