//! The pipeline: parse, apply each rule and prove it, lay out and prove it, say what came of it.
//!
//! Values in, values out: it touches no file and no terminal.

use std::ops::Range;

use crate::config::{Config, Kind};
use crate::layout;
use crate::syntax;
use crate::syntax::tree::SyntaxError;

use super::same_view::{self, Difference, Side};

/// A rule, for whoever lists rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its name.
    pub name: &'static str,
    /// What it promises.
    pub kind: Kind,
    /// Whether it runs only when it is named itself, not by its kind.
    pub alone: bool,
    /// Its page, in Markdown; the first line says what it does.
    pub page: &'static str,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The new text; `None` where nothing changes.
    pub output: Option<Vec<u8>>,
    /// What was changed, by which rule.
    pub changes: Vec<Change>,
    /// What was not changed, and why not.
    pub refusals: Vec<Refusal>,
    /// What `BuildKit` would refuse; the file is left alone then.
    pub errors: Vec<SyntaxError>,
    /// A proof that failed: a bug of dfmt; the file is left alone then.
    pub failure: Option<Failure>,
}

/// One change, for the diff: lines count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule's name.
    pub rule: &'static str,
    /// Lines of the source that it touched.
    pub before: Range<usize>,
    /// Lines of the output that it touched.
    pub after: Range<usize>,
}

/// A rewrite that a rule did not make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule's name.
    pub rule: &'static str,
    /// The line of the source that it is about, from 1.
    pub line: usize,
    /// What stands in the way, and what the author could do.
    pub reason: String,
    /// Whether it is worth saying unasked: the build would gain, and one thing stands in the way.
    pub advice: bool,
}

/// A proof that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule whose rewrite could not be proved.
    pub rule: &'static str,
    /// The line of the source, from 1, where it is known.
    pub line: Option<usize>,
    /// What differs.
    pub what: String,
}

/// All rules, in the order in which they run.
pub fn rules() -> Vec<RuleInfo> {
    layout::RULES
        .iter()
        .map(|(name, page)| RuleInfo { name, kind: Kind::Layout, alone: false, page })
        .collect()
}

/// Formats `source`.
pub fn format(source: &[u8], config: &Config) -> Outcome {
    let file = syntax::parse(source);
    let mut outcome = Outcome::default();
    if !file.errors.is_empty() {
        outcome.errors = file.errors;
        return outcome;
    }
    let laid_out = layout::layout(&file, config);
    if laid_out.text == source {
        return outcome;
    }
    let again = syntax::parse(&laid_out.text);
    let (before, after) = (Side { source, file: &file }, Side { source: &laid_out.text, file: &again });
    match same_view::same(&before, &after, config.keep_cache) {
        Ok(()) => outcome.output = Some(laid_out.text),
        Err(Difference { at, what }) => {
            outcome.failure =
                Some(Failure { rule: "layout", line: at.map(|id| id.0 as usize), what: what.to_string() });
        }
    }
    outcome
}
