//! What came of a file, as values: what every machine-readable form of the output is made from.

use std::ops::Range;
use std::path::PathBuf;

use super::text::Severity;
use crate::proof::engine::{Change, Refusal};

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

impl Fate {
    /// Its name in a document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::PassedOver => "passed-over",
            Self::Failed => "failed",
        }
    }
}

/// Something to know about a file that is neither a change nor a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub about: About,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is to be known.
    pub message: String,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The text: `BuildKit` would refuse it, or a comment to dfmt says nothing.
    Text,
    /// What it stands in: it cannot be read or written, its configuration is broken.
    Place,
    /// dfmt itself: a proof failed, it broke down.
    Bug,
}

/// What a rule did to some lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The rule's name.
    pub rule: &'static str,
    /// Lines of the source, from 0; empty where lines came in between.
    pub before: Range<usize>,
    /// Lines of the output, from 0; empty where lines went.
    pub after: Range<usize>,
}

/// Lines that are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Lines of the source, from 0.
    pub lines: Range<usize>,
    /// What comes in their place.
    pub text: Vec<u8>,
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its path as it was named or found.
    pub path: PathBuf,
    /// What became of it.
    pub fate: Fate,
    /// What was changed, by which rule, in the order of lines and of rules.
    pub changes: Vec<Touched>,
    /// What was not changed, and why not.
    pub refusals: Vec<Refusal>,
    /// What else is to be known.
    pub notes: Vec<Note>,
    /// The unified diff, where it was asked for.
    pub diff: Option<Vec<u8>>,
    /// The same as lines to replace.
    pub replaced: Vec<Replaced>,
}

impl Record {
    /// A file of which nothing is known but its fate.
    pub const fn new(path: PathBuf, fate: Fate) -> Self {
        Self {
            path,
            fate,
            changes: Vec::new(),
            refusals: Vec::new(),
            notes: Vec::new(),
            diff: None,
            replaced: Vec::new(),
        }
    }
}

/// The changes of a file, each rule once where its lines meet, in the order of lines and then of `rules`.
pub fn touched(changes: &[Change], rules: &[&'static str]) -> Vec<Touched> {
    let place = |rule: &str| rules.iter().position(|r| *r == rule).unwrap_or(usize::MAX);
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by_key(|c| (place(c.rule), c.before.start, c.before.end, c.after.start));
    let mut found: Vec<Touched> = Vec::new();
    for Change { rule, before, after } in sorted {
        match found.last_mut() {
            Some(last) if last.rule == *rule && meet(last, before, after) => {
                last.before = join(&last.before, before);
                last.after = join(&last.after, after);
            }
            _ => found.push(Touched { rule, before: before.clone(), after: after.clone() }),
        }
    }
    found.sort_by_key(|t| (t.before.start, t.before.end, place(t.rule), t.after.start));
    found
}

/// Whether lines go on where others end, on both sides.
fn meet(last: &Touched, before: &Range<usize>, after: &Range<usize>) -> bool {
    let on = |a: &Range<usize>, b: &Range<usize>| a.start <= b.end && b.start <= a.end;
    on(&last.before, before) && on(&last.after, after)
}

fn join(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(rule: &'static str, before: Range<usize>, after: Range<usize>) -> Change {
        Change { rule, before, after }
    }

    #[test]
    fn lines_of_a_rule_that_meet_are_one() {
        let changes = [
            change("space", 4..5, 4..5),
            change("space", 0..1, 0..1),
            change("merge-runs", 1..2, 1..3),
            change("space", 1..2, 1..3),
            change("merge-runs", 2..4, 1..3),
        ];
        let got: Vec<_> = touched(&changes, &["merge-runs", "space"])
            .into_iter()
            .map(|t| (t.rule, t.before, t.after))
            .collect();
        let want = [("space", 0..2, 0..3), ("merge-runs", 1..4, 1..3), ("space", 4..5, 4..5)];
        assert_eq!(got, want);
    }
}
