//! What lies between two tokens in the source: blanks, continuations, comment lines, empty lines.
//!
//! A gap is a slice, taken apart only by who lays it out.

use crate::syntax::join::{self, Inside};
use crate::syntax::lex;

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
