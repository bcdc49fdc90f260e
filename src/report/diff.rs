//! The unified diff, with the rules that made each hunk beside it.
//!
//! Plain, it holds the very bytes of the file, so that `patch` and `git apply` take it. Coloured, it is for eyes:
//! what is not UTF-8 or would be obeyed by a terminal is spelled out.

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use super::record::Replaced;
use super::{Paint, visible};
use crate::proof::engine::Change;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// What a diff is made of.
#[derive(Clone, Copy, Debug)]
pub struct Diff<'a> {
    /// The name of the file, as it is shown.
    pub name: &'a [u8],
    /// The text that is there.
    pub old: &'a [u8],
    /// The text that would be there.
    pub new: &'a [u8],
    /// What was changed, by which rule.
    pub changes: &'a [Change],
    /// The names of all rules, in their order.
    pub rules: &'a [&'static str],
}

/// The unified diff; empty where the texts are equal.
pub fn unified(diff: &Diff, paint: Paint) -> Vec<u8> {
    let lines = Lines { old: split(diff.old), new: split(diff.new) };
    let ops = capture_diff_slices(Algorithm::Myers, &lines.old, &lines.new);
    let hunks = group_diff_ops(ops, CONTEXT);
    let mut out = Out { bytes: Vec::new(), paint, hide_cr: all_crlf(diff) };
    for (index, hunk) in hunks.iter().enumerate() {
        if index == 0 {
            out.title("--- ", diff.name);
            out.title("+++ ", diff.name);
        }
        out.head(hunk, &names(diff, hunk));
        for op in hunk {
            out.op(op, &lines);
        }
    }
    out.bytes
}

/// The lines that are not the same, and what comes in their place.
pub fn replaced(old: &[u8], new: &[u8]) -> Vec<Replaced> {
    let lines = Lines { old: split(old), new: split(new) };
    let ops = capture_diff_slices(Algorithm::Myers, &lines.old, &lines.new);
    let changed = ops.iter().filter(|op| op.tag() != DiffTag::Equal);
    changed.map(|op| Replaced { lines: op.old_range(), text: lines.new[op.new_range()].concat() }).collect()
}

/// The names of the rules of `changes`, each once, in the order of `rules`.
pub fn rule_names<'a>(
    changes: impl Iterator<Item = &'a Change>,
    rules: &[&'static str],
) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = changes.map(|c| c.rule).collect();
    names.sort_by_key(|name| rules.iter().position(|rule| rule == name).unwrap_or(usize::MAX));
    names.dedup();
    names
}

struct Lines<'a> {
    old: Vec<&'a [u8]>,
    new: Vec<&'a [u8]>,
}

/// Lines with their `\n`. A lone `\r` ends none, as in a Dockerfile.
fn split(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|b| *b == b'\n').collect()
}

/// Whether all lines of both texts end in `\r\n`: then it says nothing to show them.
fn all_crlf(diff: &Diff) -> bool {
    let all = |text: &[u8]| memchr::memchr_iter(b'\n', text).all(|at| at > 0 && text[at - 1] == b'\r');
    all(diff.old) && all(diff.new)
}

/// The rules that touched the changed lines of a hunk; those of its context lines where there are none.
fn names(diff: &Diff, hunk: &[DiffOp]) -> Vec<&'static str> {
    let touches =
        |c: &Change, op: &DiffOp| overlap(&c.before, &op.old_range()) || overlap(&c.after, &op.new_range());
    let of = |wanted: &dyn Fn(&DiffOp) -> bool| {
        let in_hunk = |c: &&Change| hunk.iter().any(|op| wanted(op) && touches(c, op));
        rule_names(diff.changes.iter().filter(in_hunk), diff.rules)
    };
    let changed = of(&|op| op.tag() != DiffTag::Equal);
    if changed.is_empty() { of(&|_| true) } else { changed }
}

/// Whether two line ranges share a line. An empty one is a place between lines: it touches what it stands beside.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    if a.is_empty() || b.is_empty() {
        a.start <= b.end && b.start <= a.end
    } else {
        a.start < b.end && b.start < a.end
    }
}

struct Out {
    bytes: Vec<u8>,
    paint: Paint,
    hide_cr: bool,
}

impl Out {
    fn title(&mut self, mark: &str, name: &[u8]) {
        let bold = self.paint.bold();
        self.push(&format!("{bold}{mark}"));
        self.text(name);
        self.push(&format!("{bold:#}\n"));
    }

    fn head(&mut self, hunk: &[DiffOp], names: &[&str]) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
        let old = place(first.old_range().start..last.old_range().end);
        let new = place(first.new_range().start..last.new_range().end);
        let (cyan, bold) = (self.paint.place(), self.paint.bold());
        self.push(&format!("{cyan}@@ -{old} +{new} @@{cyan:#}"));
        if !names.is_empty() {
            self.push(&format!(" {bold}{}{bold:#}", names.join(", ")));
        }
        self.push("\n");
    }

    fn op(&mut self, op: &DiffOp, lines: &Lines) {
        let equal = op.tag() == DiffTag::Equal;
        for line in &lines.old[op.old_range()] {
            self.line(if equal { ' ' } else { '-' }, line);
        }
        for line in lines.new[op.new_range()].iter().filter(|_| !equal) {
            self.line('+', line);
        }
    }

    fn line(&mut self, mark: char, line: &[u8]) {
        let style = match mark {
            '-' => self.paint.removed(),
            '+' => self.paint.added(),
            _ => anstyle::Style::new(),
        };
        let (text, ended) = match line.strip_suffix(b"\n") {
            Some(text) => (text, true),
            None => (line, false),
        };
        self.push(&format!("{style}{mark}"));
        self.text(text);
        self.push(&format!("{style:#}\n"));
        if !ended {
            self.push("\\ No newline at end of file\n");
        }
    }

    /// Text of the file: as it is for programs, spelled out for eyes.
    fn text(&mut self, text: &[u8]) {
        match self.paint {
            Paint::Plain => self.bytes.extend_from_slice(text),
            Paint::Coloured => {
                let shown = if self.hide_cr { text.strip_suffix(b"\r").unwrap_or(text) } else { text };
                self.push(&visible(shown));
            }
        }
    }

    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }
}

/// A line range as a hunk's head writes it: `3,7`, `3` for one line, and `2,0` for none behind line 2.
fn place(lines: Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        n => format!("{},{n}", lines.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [&str; 3] = ["space", "upper-keywords", "merge-runs"];

    fn change(rule: &'static str, before: Range<usize>, after: Range<usize>) -> Change {
        Change { rule, before, after }
    }

    #[track_caller]
    fn check(old: &[u8], new: &[u8], changes: &[Change], want: &[u8]) {
        let diff = Diff { name: b"Dockerfile", old, new, changes, rules: &RULES };
        let got = unified(&diff, Paint::Plain);
        assert_eq!(String::from_utf8_lossy(&got), String::from_utf8_lossy(want));
        assert_eq!(got, want);
    }

    #[test]
    fn equal_texts_give_nothing() {
        check(b"FROM a\n", b"FROM a\n", &[], b"");
    }

    #[test]
    fn names_stand_beside_the_hunk_in_the_order_of_the_rules_each_once() {
        let changes = [
            change("merge-runs", 1..3, 1..2),
            change("space", 0..1, 0..1),
            change("merge-runs", 1..3, 1..2),
            change("upper-keywords", 40..41, 39..40),
        ];
        check(
            b"from a\nRUN b\nRUN c\n",
            b"FROM a\nRUN b && c\n",
            &changes,
            b"--- Dockerfile\n+++ Dockerfile\n@@ -1,3 +1,2 @@ space, merge-runs\n-from a\n-RUN b\n-RUN c\n+FROM a\n+RUN b && c\n",
        );
    }

    #[test]
    fn each_hunk_has_its_own_rules() {
        let old = b"from a\n2\n3\n4\n5\n6\n7\n8\n9\nrun x\n";
        let new = b"FROM a\n2\n3\n4\n5\n6\n7\n8\n9\nRUN x\n";
        let changes = [change("upper-keywords", 0..1, 0..1), change("space", 9..10, 9..10)];
        check(
            old,
            new,
            &changes,
            b"--- Dockerfile\n+++ Dockerfile\n@@ -1,4 +1,4 @@ upper-keywords\n-from a\n+FROM a\n 2\n 3\n 4\n\
              @@ -7,4 +7,4 @@ space\n 7\n 8\n 9\n-run x\n+RUN x\n",
        );
    }

    #[test]
    fn a_change_of_context_lines_is_no_reason_where_changed_lines_have_one() {
        let changes = [change("upper-keywords", 0..1, 0..1), change("space", 1..2, 1..2)];
        check(
            b"from a\nb\n",
            b"FROM a\nb\n",
            &changes,
            b"--- Dockerfile\n+++ Dockerfile\n@@ -1,2 +1,2 @@ upper-keywords\n-from a\n+FROM a\n b\n",
        );
    }

    #[test]
    fn a_missing_last_newline_is_said() {
        check(
            b"FROM a",
            b"FROM a\n",
            &[change("space", 0..1, 0..1)],
            b"--- Dockerfile\n+++ Dockerfile\n@@ -1 +1 @@ space\n-FROM a\n\\ No newline at end of file\n+FROM a\n",
        );
    }

    #[test]
    fn lines_that_only_come_or_go() {
        check(
            b"a\n\n\nb\n",
            b"a\n\nb\n",
            &[change("space", 2..3, 2..2)],
            b"--- Dockerfile\n+++ Dockerfile\n@@ -1,4 +1,3 @@ space\n a\n \n-\n b\n",
        );
        check(b"", b"a\n", &[], b"--- Dockerfile\n+++ Dockerfile\n@@ -0,0 +1 @@\n+a\n");
    }

    #[test]
    fn plain_keeps_every_byte() {
        check(
            b"from a\r\nRUN \xff\r\n",
            b"FROM a\r\nRUN \xff\r\n",
            &[],
            b"--- Dockerfile\n+++ Dockerfile\n@@ -1,2 +1,2 @@\n-from a\r\n+FROM a\r\n RUN \xff\r\n",
        );
    }

    #[test]
    fn coloured_spells_out_what_a_terminal_would_hide() {
        let diff = |old, new| {
            let diff = Diff { name: b"D", old, new, changes: &[], rules: &RULES };
            anstream::adapter::strip_bytes(&unified(&diff, Paint::Coloured)).into_vec()
        };
        let mixed = diff(b"a\r\nb\n", b"a\nb\n");
        assert_eq!(mixed, b"--- D\n+++ D\n@@ -1,2 +1,2 @@\n-a^M\n+a\n b\n");
        let crlf = diff(b"a\r\n\xff\x1b\r\n", b"A\r\n\xff\x1b\r\n");
        assert_eq!(crlf, "--- D\n+++ D\n@@ -1,2 +1,2 @@\n-a\n+A\n \u{fffd}^[\n".as_bytes());
    }
}
