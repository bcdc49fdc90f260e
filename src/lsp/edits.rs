//! The smallest edits that make one text of another, so that a cursor, folds and marks stay where they are.

use std::ops::Range;

use lsp_types::TextEdit;
use ropey::Rope;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::position::Encoding;

/// Tokens of a hunk beyond which it is replaced as a whole: to compare them costs their product.
const MOST: usize = 4000;

/// The edits of the protocol that make `new` of a text, in order, none overlapping.
pub fn between(text: &Rope, new: &str, encoding: Encoding) -> Vec<TextEdit> {
    let old = text.to_string();
    let made = hunks(&old, new).into_iter();
    made.map(|(at, with)| TextEdit::new(encoding.range(text, at), with.to_string())).collect()
}

/// What is replaced by what.
fn hunks<'n>(old: &str, new: &'n str) -> Vec<(Range<usize>, &'n str)> {
    let lines = |text| -> Vec<&str> { str::split_inclusive(text, '\n').collect() };
    let mut found = Vec::new();
    for (at, to) in changed(&lines(old), &lines(new)) {
        let (a, b) = (tokens(&old[at.clone()]), tokens(&new[to.clone()]));
        if a.len() + b.len() > MOST {
            found.push((at, &new[to]));
            continue;
        }
        for (inner, with) in changed(&a, &b) {
            let replaced = at.start + inner.start..at.start + inner.end;
            found.push((replaced, &new[to.start + with.start..to.start + with.end]));
        }
    }
    found
}

/// The ranges of bytes in which two lists of pieces differ.
fn changed(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    let (a, b) = (starts(old), starts(new));
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    let differs = ops.iter().filter(|op| op.tag() != DiffTag::Equal);
    differs
        .map(|op| {
            let (x, y) = (op.old_range(), op.new_range());
            (a[x.start]..a[x.end], b[y.start]..b[y.end])
        })
        .collect()
}

/// Where each piece begins, and where the last one ends.
fn starts(pieces: &[&str]) -> Vec<usize> {
    let mut found = vec![0];
    let mut at = 0;
    for piece in pieces {
        at += piece.len();
        found.push(at);
    }
    found
}

/// Runs of blanks, line endings, and runs of anything else. A `\r\n` is never taken apart.
fn tokens(text: &str) -> Vec<&str> {
    let sort = |c: char| match c {
        ' ' | '\t' => 0,
        '\r' | '\n' => 1,
        _ => 2,
    };
    let mut found = Vec::new();
    let (mut start, mut last) = (0, None);
    for (at, c) in text.char_indices() {
        let ends = last.is_some_and(|before| sort(before) != sort(c) || (before == '\n' && sort(c) == 1));
        if ends {
            found.push(&text[start..at]);
            start = at;
        }
        last = Some(c);
    }
    if start < text.len() {
        found.push(&text[start..]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, want: &[(Range<usize>, &str)]) {
        let made = hunks(old, new);
        assert_eq!(made, want);
        let mut text = old.to_string();
        for (at, with) in made.into_iter().rev() {
            text.replace_range(at, with);
        }
        assert_eq!(text, new);
    }

    #[test]
    fn only_what_differs_is_replaced() {
        check("a\nb\n", "a\nb\n", &[]);
        check("from a\nRUN x  y\n", "FROM a\nRUN x y\n", &[(0..4, "FROM"), (12..14, " ")]);
        check("RUN 😀  y", "RUN 😀 y\n", &[(8..10, " "), (11..11, "\n")]);
        check("", "a\n", &[(0..0, "a\n")]);
        check("a\n", "", &[(0..2, "")]);
    }

    #[test]
    fn line_endings_stay_whole() {
        check("a\r\n\r\n\r\nb\r\n", "a\r\n\r\nb\r\n", &[(5..7, "")]);
        assert_eq!(tokens("a \r\n\r\n\tb"), ["a", " ", "\r\n", "\r\n", "\t", "b"]);
    }
}
