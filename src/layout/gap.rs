//! What lies between two tokens in the source: blanks, continuations, comment lines, empty lines.
//!
//! A gap is a slice, taken apart only by who lays it out.

use crate::model::view;
use crate::syntax::join::{self, Inside};
use crate::syntax::lex;
use crate::syntax::tree::Instruction;

/// The bytes between two tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gap<'a> {
    /// As they stand.
    pub bytes: &'a [u8],
}

/// A physical line inside a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapLine<'a> {
    /// A comment, from its `#` to its last character.
    Comment(&'a [u8]),
    /// A line that holds nothing but the escape: people separate the parts of a long RUN with it.
    Lone,
    /// White space alone.
    Empty,
}

impl<'a> Gap<'a> {
    /// The gap made of these bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Whether the line is broken here.
    pub fn breaks(self) -> bool {
        memchr::memchr(b'\n', self.bytes).is_some()
    }

    /// Whether it holds a comment.
    pub fn has_comment(self) -> bool {
        self.breaks() && self.lines().any(|l| matches!(l, GapLine::Comment(_)))
    }

    /// The lines that lie wholly inside it.
    pub fn lines(self) -> impl Iterator<Item = GapLine<'a>> {
        let mut rest = match memchr::memchr(b'\n', self.bytes) {
            Some(at) => &self.bytes[at + 1..],
            None => &[],
        };
        std::iter::from_fn(move || {
            let end = memchr::memchr(b'\n', rest)?;
            let line = &rest[..end];
            rest = &rest[end + 1..];
            Some(match join::inside(line) {
                Inside::Comment => GapLine::Comment(&line[lex::trim(line)]),
                Inside::Empty => GapLine::Empty,
                Inside::Text => GapLine::Lone,
            })
        })
    }

    /// A comment behind its last newline: where a file ends inside a continuation.
    pub fn last_comment(self) -> Option<&'a [u8]> {
        let at = memchr::memrchr(b'\n', self.bytes)?;
        let line = &self.bytes[at + 1..];
        (join::inside(line) == Inside::Comment).then(|| &line[lex::trim(line)])
    }
}

/// Whether white space other than blanks, tabs and line ends stands in a gap of an instruction, or ends a comment in
/// one, or a carriage return stands where no line ends: builders and shells see different things in it.
pub fn has_odd_space(i: &Instruction, escape: u8) -> bool {
    let text = &i.text[..view::line_end(i)];
    let ends_line = |at: usize| text.get(at + 1).is_none_or(|b| matches!(b, b'\r' | b'\n'));
    if memchr::memchr_iter(b'\r', text).any(|at| !ends_line(at)) {
        return true;
    }
    let usual = |b: &u8| matches!(b, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    if text.iter().all(usual) {
        return false;
    }
    let tokens = i.top().map(|(_, n)| i.source_range(n.start, n.end)).filter(|r| r.end <= text.len());
    let mut end = 0;
    let mut gaps = Vec::new();
    for token in tokens {
        gaps.push(&text[end.min(token.start)..token.start]);
        end = token.end;
    }
    gaps.push(&text[end..]);
    let free = |b: &u8| matches!(b, b' ' | b'\t' | b'\r') || *b == escape;
    let lines = gaps.iter().flat_map(|gap| gap.split(|b| *b == b'\n'));
    let odd_gap = lines.filter(|l| join::inside(l) != Inside::Comment).any(|l| !l.iter().all(free));
    let is_comment = |l: &&[u8]| join::inside(l) == Inside::Comment;
    let comments = text.split(|b| *b == b'\n').skip(1).filter(is_comment);
    odd_gap || comments.into_iter().any(|l| l[lex::trim(l)].len() != l.trim_ascii().len())
}
