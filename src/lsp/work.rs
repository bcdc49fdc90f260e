//! What becomes of a document: the pipeline, called with what holds for it.
//!
//! Settings are found anew each time. A server lives for days, and nobody tells it of every file that changes.

use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use super::document::Document;
use super::options::Options;
use super::{Host, part};
use crate::config::{Config, Kind, Selection};
use crate::proof::engine::{self, Outcome, RuleInfo};
use crate::settings::{Held, Settings, Unusable};

/// A document at work.
pub struct Work<'a> {
    host: Host,
    options: &'a Options,
    path: Option<PathBuf>,
    /// Its text.
    pub source: String,
    rules: Vec<RuleInfo>,
}

/// What holds for a document.
pub enum Holds {
    /// It is formatted like this.
    This(Box<Held>),
    /// It is left alone.
    LeftAlone,
}

/// What a rule would do by itself.
pub struct Proposal<'w> {
    /// The rule.
    pub rule: &'w RuleInfo,
    /// Whether it runs by the settings; else it is no more than an offer.
    pub chosen: bool,
    /// What came of it.
    pub outcome: Outcome,
    /// The text that it makes.
    pub output: String,
    /// The lines that it touches, from 0, each run of them once.
    pub lines: Vec<Range<usize>>,
}

impl<'a> Work<'a> {
    /// Begins to work on a document. `root` is the folder that is open: what was never saved has the settings that hold
    /// in it.
    pub fn new(host: Host, options: &'a Options, root: Option<&Path>, document: &Document) -> Self {
        let path = document.path.clone().or_else(|| root.map(|root| root.join("Dockerfile")));
        let host = match &document.path {
            Some(_) => host,
            None => Host { context: |_, _| Err(UNSAVED.to_string()), ..host },
        };
        Self { host, options, path, source: document.text.to_string(), rules: engine::rules() }
    }

    /// What holds for it, where an editor asks for its text, or else where somebody asks what could be done.
    ///
    /// # Errors
    /// Where the configuration or the client's settings are broken: the message.
    pub fn holds(&self, layout_only: bool) -> Result<Holds, String> {
        let mut flags = self.options.flags(layout_only);
        flags.isolated |= self.path.is_none();
        let settings = Settings::new(flags, &self.rules).map_err(|unusable| match unusable {
            Unusable::Rules(wrong) => format!("in the settings of the editor: {wrong}"),
            Unusable::Glob(why) => why,
            Unusable::File(broken) => broken.lines(),
        })?;
        let path = self.path();
        let mut held = settings.of(path).map_err(|broken| broken.lines())?;
        if let Some(policy) = self.options.merge_runs {
            held.config.merge_runs = policy;
        }
        let alone = settings.excludes_all_of(path, false)
            || (self.host.left_alone)(path, self.source.as_bytes()).is_some();
        Ok(if alone { Holds::LeftAlone } else { Holds::This(Box::new(held)) })
    }

    fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new("Dockerfile"))
    }

    /// The name under which its diffs stand.
    pub fn name(&self) -> &[u8] {
        self.path().file_name().map_or(b"Dockerfile", std::ffi::OsStr::as_encoded_bytes)
    }

    /// The names of all rules, in their order.
    pub fn rule_names(&self) -> Vec<&'static str> {
        self.rules.iter().map(|r| r.name).collect()
    }

    /// What is wrong with comments to dfmt: the line from 1, and the fault.
    pub fn pragma_faults(&self, outcome: &Outcome) -> Vec<(usize, String)> {
        crate::settings::pragmas::warnings(&outcome.pragmas, &self.rules)
    }

    /// The pipeline over the document; `None` where it panics.
    pub fn outcome(&self, held: &Held, config: &Config) -> Option<Outcome> {
        self.outcome_of(&self.source, held, config)
    }

    fn outcome_of(&self, source: &str, held: &Held, config: &Config) -> Option<Outcome> {
        let context = || (self.host.context)(self.path(), held.context.as_deref());
        let run = || engine::format(source.as_bytes(), config, &context);
        panic::catch_unwind(AssertUnwindSafe(run)).ok()
    }

    /// The build context.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence.
    pub fn context(&self, held: &Held) -> Result<crate::model::context::Context, String> {
        (self.host.context)(self.path(), held.context.as_deref())
    }

    /// The formatted text; `None` where nothing changes or nothing can be done.
    pub fn formatted(&self, held: &Held, config: &Config) -> Option<String> {
        text(self.outcome(held, config)?)
    }

    /// The text with the layout of those instructions that `wanted` says of where they stand, and all else as it is.
    ///
    /// The result is proved as the whole layout is: laid out itself it must come to the very same text as the document.
    pub fn layout_of(&self, held: &Held, wanted: impl Fn(&Range<usize>) -> bool) -> Option<String> {
        let config = self.layout_alone(&held.config);
        let whole = self.formatted(held, &config)?;
        let part = part::of(&self.source, &whole, wanted)?;
        let again = self.outcome_of(&part, held, &config)?;
        let is_sound = again.errors.is_empty() && again.failure.is_none();
        let again = text(again).unwrap_or_else(|| part.clone());
        (is_sound && again == whole && part != self.source).then_some(part)
    }

    /// Of the rules that run those of layout.
    fn layout_alone(&self, config: &Config) -> Config {
        let layout = self.rules.iter().filter(|r| r.kind == Kind::Layout);
        let runs = layout.filter(|r| config.rules.has(r.name, r.kind, r.alone));
        let only: Vec<String> = runs.map(|r| r.name.to_string()).collect();
        // an empty list would mean all of them
        let skip =
            if only.is_empty() { Kind::ALL.map(|k| k.name().to_string()).to_vec() } else { Vec::new() };
        Config { rules: Selection { only, also: Vec::new(), skip }, ..config.clone() }
    }

    /// What the rules would do, each by itself: those that run by the settings, and those of content that do not.
    pub fn proposals(&self, held: &Held) -> Vec<Proposal<'_>> {
        let more_than_layout = self.rules.iter().filter(|r| r.kind != Kind::Layout);
        more_than_layout.filter_map(|rule| self.proposal(held, rule)).collect()
    }

    fn proposal<'w>(&'w self, held: &Held, rule: &'w RuleInfo) -> Option<Proposal<'w>> {
        let chosen = held.config.rules.has(rule.name, rule.kind, rule.alone);
        let skipped = held.config.rules.skip.iter().any(|n| n == rule.name || n == rule.kind.name());
        if !chosen && (rule.kind != Kind::Content || skipped) {
            return None;
        }
        let only = Selection { only: vec![rule.name.to_string()], ..Selection::default() };
        let outcome = self.outcome(held, &Config { rules: only, ..held.config.clone() })?;
        let output = text(outcome.clone())?;
        let lines = touched(&outcome, rule.name, self.source.as_bytes());
        Some(Proposal { rule, chosen, outcome, output, lines })
    }
}

/// Why there is no build context for a document that lies nowhere.
const UNSAVED: &str = "the document is not saved, so it has no build context";

/// The text that came out, where it is another.
fn text(outcome: Outcome) -> Option<String> {
    String::from_utf8(outcome.output?).ok()
}

/// The lines of the source that a rule touched, those of one change together.
fn touched(outcome: &Outcome, rule: &str, source: &[u8]) -> Vec<Range<usize>> {
    let mut changes: Vec<_> = outcome.changes(source).into_iter().filter(|c| c.rule == rule).collect();
    changes.sort_by_key(|c| (c.before.start, c.before.end));
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for change in changes {
        match found.last_mut() {
            Some((lines, after)) if *after == change.after || lines.end > change.before.start => {
                lines.end = lines.end.max(change.before.end);
            }
            _ => found.push((change.before, change.after)),
        }
    }
    let all: Vec<_> = found.into_iter().map(|(lines, _)| lines).filter(|lines| !lines.is_empty()).collect();
    // what only puts something in is shown at the head
    if all.is_empty() { std::iter::once(0..1).collect() } else { all }
}
