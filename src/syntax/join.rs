//! Physical lines to one logical text, as BuildKit joins them, before any grammar runs.
//!
//! A [`Logical`] is a slice of the instruction's source where nothing is broken, else a joined buffer with a short
//! map back. Grammars read it as plain bytes and never see a continuation, a comment line or an empty line.
//! The bodies of heredocs follow the line in it, so that one coordinate names every byte of an instruction.
//!
//! Invariants: pieces are in order, in both coordinates; the buffer is the pieces laid end to end.

use std::ops::Range;

use super::lex;

/// A stretch of logical text that stands unbroken in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the logical text.
    logical: u32,
    /// Where it begins in the instruction's source.
    source: u32,
}

/// The logical text of one instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logical {
    /// The joined bytes; without one the text is `source[first.source..][..len]`.
    joined: Option<Vec<u8>>,
    /// Where the text begins in the source.
    first: u32,
    /// Bytes in all, heredoc bodies included.
    len: u32,
    /// Bytes of the line, without heredoc bodies.
    line: u32,
    /// The pieces after the first.
    more: Vec<Piece>,
}

impl Logical {
    /// A text that is one stretch of its source.
    pub fn unbroken(range: Range<usize>) -> Self {
        let len = range.len() as u32;
        Self { joined: None, first: range.start as u32, len, line: len, more: Vec::new() }
    }

    /// Adds `source[range]` behind what is there.
    pub fn push(&mut self, source: &[u8], range: Range<usize>) {
        let here = self.first as usize..(self.first + self.len) as usize;
        let joined = self.joined.get_or_insert_with(|| {
            let mut buffer = Vec::with_capacity(range.end - here.start);
            buffer.extend_from_slice(&source[here]);
            buffer
        });
        joined.extend_from_slice(&source[range.clone()]);
        self.more.push(Piece { logical: self.len, source: range.start as u32 });
        self.len += range.len() as u32;
        self.line = self.len;
    }

    /// Adds heredoc bodies, `source[range]`, behind a newline; the line itself stays what it is. `newline` is the
    /// offset of the newline that ends the line.
    pub fn push_bodies(&mut self, source: &[u8], newline: usize, range: Range<usize>) {
        let line = self.line;
        if self.joined.is_none() && (self.first + self.len) as usize == newline && newline + 1 == range.start
        {
            self.len = range.end as u32 - self.first;
        } else {
            self.push(source, newline..newline + 1);
            self.push(source, range);
        }
        self.line = line;
    }

    /// All of it: the line, and behind a newline the heredoc bodies.
    pub fn text<'a>(&'a self, source: &'a [u8]) -> &'a [u8] {
        match &self.joined {
            Some(joined) => joined,
            None => &source[self.first as usize..(self.first + self.len) as usize],
        }
    }

    /// The line alone.
    pub fn line<'a>(&'a self, source: &'a [u8]) -> &'a [u8] {
        &self.text(source)[..self.line as usize]
    }

    /// Whether the source of the text is one stretch.
    pub fn is_unbroken(&self) -> bool {
        self.more.is_empty()
    }

    /// Where in the source the byte at `offset` stands, for what begins there.
    pub fn start(&self, offset: u32) -> u32 {
        let index = self.more.partition_point(|p| p.logical <= offset);
        self.to_source(index, offset)
    }

    /// Where in the source what ends at `offset` ends.
    pub fn end(&self, offset: u32) -> u32 {
        let index = self.more.partition_point(|p| p.logical < offset);
        self.to_source(index, offset)
    }

    /// Source of `offset`, counted from the piece at `index` (0 is the first).
    fn to_source(&self, index: usize, offset: u32) -> u32 {
        match index.checked_sub(1) {
            None => self.first + offset,
            Some(i) => self.more[i].source + (offset - self.more[i].logical),
        }
    }
}

/// Whether a line (without its ending) goes on in the next, and where it ends without the escape: the escape byte
/// stands last but for spaces and tabs, and no other one before it.
pub fn continued(line: &[u8], escape: u8) -> Option<usize> {
    let last = line.iter().rposition(|b| !matches!(b, b' ' | b'\t'))?;
    let is = line[last] == escape && (last == 0 || line[last - 1] != escape);
    is.then_some(last)
}

/// What a physical line inside an open continuation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Its first character is `#`: dropped.
    Comment,
    /// It holds white space alone: dropped.
    Empty,
    /// It is part of the text.
    Text,
}

/// Says what `line` is inside a continuation.
pub fn inside(line: &[u8]) -> Inside {
    let line = lex::without_ending(line);
    match line.get(lex::leading_space(line)) {
        None => Inside::Empty,
        Some(b'#') => Inside::Comment,
        Some(_) => Inside::Text,
    }
}
