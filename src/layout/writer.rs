//! Writes one instruction line by line and sets its backslashes in a column.
//!
//! Whoever lays out says which token comes next and what stands before it; the writer knows nothing of instructions.
//! An instruction is gathered in a buffer with the places of its continuations, because the column is known only when
//! its last line is.

use unicode_width::UnicodeWidthStr;

use super::gap::{Gap, GapLine};
use crate::config::Indent;
use crate::source::LineEnding;
use crate::syntax::join::{self, Inside};
use crate::syntax::lex;

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// One blank.
    Space,
    /// A continuation; the next line is indented by this many levels.
    Break(usize),
}

/// How lines are written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The escape byte.
    pub escape: u8,
    /// The ending of lines.
    pub ending: LineEnding,
    /// A level of indentation.
    pub indent: Indent,
    /// The width that lines should keep.
    pub width: usize,
    /// Whether the escapes of an instruction stand in one column.
    pub align: bool,
    /// Whether blanks that never reach a builder go: behind an escape, before a comment line.
    pub space: bool,
    /// Whether empty lines inside an instruction go.
    pub no_empty: bool,
}

/// A continuation that waits for its column.
#[derive(Clone, Copy, Debug)]
struct Continuation {
    /// Where the line begins in the buffer.
    line: usize,
    /// Where it ends: the blanks and the escape go here.
    at: usize,
}

/// A place in the instruction that is being written.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    buffer: usize,
    line: usize,
    continuations: usize,
}

/// Writes instructions to a buffer.
#[derive(Debug)]
pub struct Writer {
    /// How.
    pub style: Style,
    /// The finished text.
    pub out: Vec<u8>,
    buffer: Vec<u8>,
    line: usize,
    continuations: Vec<Continuation>,
}

impl Writer {
    /// A writer with room for `size` bytes.
    pub fn new(style: Style, size: usize) -> Self {
        let out = Vec::with_capacity(size);
        Self { style, out, buffer: Vec::new(), line: 0, continuations: Vec::new() }
    }

    /// How many columns the line that is being written has so far.
    pub fn column(&self) -> usize {
        width(&self.buffer[self.line..])
    }

    /// Writes what stands before a token, then the lines of `gaps` where it is a break; their comments are indented by
    /// `deeper` levels more than the token.
    pub fn before(&mut self, before: Before, gaps: &[Gap], deeper: usize) {
        match before {
            Before::Nothing => {}
            Before::Space => self.buffer.push(b' '),
            Before::Break(level) => {
                self.continuation();
                self.gap_lines(gaps, level + deeper);
                self.indent(level);
            }
        }
    }

    /// Comment lines are indented by `level`; lone escapes keep their place, two in a row are one; empty lines go.
    fn gap_lines(&mut self, gaps: &[Gap], level: usize) {
        let mut lone = false;
        for line in gaps.iter().flat_map(|gap| gap.lines()) {
            match line {
                GapLine::Comment(text) => {
                    self.indent(level);
                    self.buffer.extend_from_slice(text);
                    self.newline();
                    lone = false;
                }
                GapLine::Lone if !std::mem::replace(&mut lone, true) => self.continuation(),
                GapLine::Empty if !self.style.no_empty => self.newline(),
                GapLine::Lone | GapLine::Empty => {}
            }
        }
    }

    /// Ends the line with a continuation.
    fn continuation(&mut self) {
        let at = self.buffer.len();
        self.continuations.push(Continuation { line: self.line, at });
        self.newline();
    }

    fn newline(&mut self) {
        self.buffer.extend_from_slice(self.style.ending.bytes());
        self.line = self.buffer.len();
    }

    /// Writes the indentation of a line of a script.
    pub fn margin(&mut self, level: usize) {
        self.indent(level);
    }

    fn indent(&mut self, level: usize) {
        let (count, byte) = match self.style.indent {
            Indent::Spaces(n) => (level * n as usize, b' '),
            Indent::Tab => (level, b'\t'),
        };
        self.buffer.resize(self.buffer.len() + count, byte);
    }

    /// Writes bytes that hold no line break.
    pub fn text(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Writes a token as it stands in the source. Where it is broken over lines the bytes of its text stay as they
    /// are; free is what never reaches a builder: blanks behind the escape, empty lines, the place of comment lines.
    pub fn verbatim(&mut self, source: &[u8]) {
        let may_change = self.style.space || self.style.no_empty;
        if !may_change || memchr::memchr(b'\n', source).is_none() {
            return self.raw(source);
        }
        let mut comments: Vec<&[u8]> = Vec::new();
        let mut rest = source;
        let mut first = true;
        while let Ok((after, line)) = lex::physical_line(rest) {
            if line.is_empty() {
                break;
            }
            rest = after;
            match join::inside(line) {
                Inside::Comment if !first && self.style.space => comments.push(&line[lex::trim(line)]),
                Inside::Empty if !first && line.ends_with(b"\n") && self.style.no_empty => {}
                Inside::Text => self.verbatim_line(line, &mut comments),
                _ => self.raw(line),
            }
            first = false;
        }
    }

    fn verbatim_line(&mut self, line: &[u8], comments: &mut Vec<&[u8]>) {
        let bare = lex::without_ending(line);
        let margin = &bare[..bare.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()];
        for comment in comments.drain(..) {
            self.buffer.extend_from_slice(margin);
            self.buffer.extend_from_slice(comment);
            self.newline();
        }
        match join::continued(bare, self.style.escape) {
            _ if !self.style.space => self.raw(line),
            Some(end) if line.ends_with(b"\n") => {
                self.buffer.extend_from_slice(&bare[..=end]);
                self.newline();
            }
            _ => self.buffer.extend_from_slice(bare),
        }
    }

    /// Writes a gap as it stands; only its first escape joins the column.
    pub fn kept_gap(&mut self, gap: Gap) {
        let end = memchr::memchr(b'\n', gap.bytes);
        match end.and_then(|end| join::continued(lex::without_ending(&gap.bytes[..end]), self.style.escape)) {
            Some(_) if self.style.align => {
                self.continuation();
                self.raw(&gap.bytes[end.map_or(0, |end| end + 1)..]);
            }
            _ => self.raw(gap.bytes),
        }
    }

    /// Where the instruction stands, to come back to.
    pub fn mark(&self) -> Mark {
        Mark { buffer: self.buffer.len(), line: self.line, continuations: self.continuations.len() }
    }

    /// Takes back what was written since `mark`.
    pub fn reset(&mut self, mark: Mark) {
        self.buffer.truncate(mark.buffer);
        self.continuations.truncate(mark.continuations);
        self.line = mark.line;
    }

    /// Writes bytes that may hold line breaks and stay as they are to the last one: heredoc bodies.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if let Some(at) = memchr::memrchr(b'\n', bytes) {
            self.line = self.buffer.len() - bytes.len() + at + 1;
        }
    }

    /// What trails an instruction: comments at the end of the file keep the continuation that holds them.
    pub fn trailing(&mut self, gap: Gap, level: usize) {
        let last = gap.last_comment();
        if last.is_none() && !gap.has_comment() {
            return;
        }
        self.continuation();
        let comments = gap.lines().filter_map(|l| if let GapLine::Comment(c) = l { Some(c) } else { None });
        let comments: Vec<&[u8]> = comments.chain(last).collect();
        for (n, comment) in comments.iter().enumerate() {
            if n > 0 {
                self.newline();
            }
            self.indent(level);
            self.buffer.extend_from_slice(comment);
        }
    }

    /// Ends the line.
    pub fn end_line(&mut self) {
        self.newline();
    }

    /// Ends the instruction: its backslashes get their column and it goes to the output.
    pub fn finish(&mut self) {
        let lines = self.continuations.iter().map(|c| width(&self.buffer[c.line..c.at]));
        let fitting = lines.filter(|w| *w < self.style.width).max().unwrap_or(0);
        let column = if self.style.align { fitting + 1 } else { 0 };
        let mut from = 0;
        for c in &self.continuations {
            let here = width(&self.buffer[c.line..c.at]);
            self.out.extend_from_slice(&self.buffer[from..c.at]);
            // a line that holds nothing but the escape wants no blank before it where nothing is aligned
            let blanks = column.saturating_sub(here).max(usize::from(self.style.align || here > 0));
            self.out.resize(self.out.len() + blanks, b' ');
            self.out.push(self.style.escape);
            from = c.at;
        }
        self.out.extend_from_slice(&self.buffer[from..]);
        self.buffer.clear();
        self.continuations.clear();
        self.line = 0;
    }
}

/// A tab reaches to the next multiple of this many columns.
const TAB: usize = 4;

/// How many columns `text` takes.
pub fn width(text: &[u8]) -> usize {
    let plain = |text: &[u8]| {
        if text.is_ascii() { text.len() } else { String::from_utf8_lossy(text).width() }
    };
    text.split(|b| *b == b'\t').map(plain).reduce(|column, part| (column / TAB + 1) * TAB + part).unwrap_or(0)
}
