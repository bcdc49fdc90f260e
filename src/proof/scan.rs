//! The second judge of layout: whether a RUN in shell form still says the same, seen without a tree.
//!
//! It holds that the bytes which are no blanks are the same in the same order; that all inside quotes, expansions and
//! heredoc bodies is the same; that outside of them blanks come or go only beside operators, and never so that another
//! token, word or comment is made; that comment lines are the same and between the same words. What it cannot scan must
//! be the same byte for byte after joining.
//!
//! It is right to refuse what is equal, wrong to accept what is not. Time is linear, nothing recurses, any bytes are fine.
//!
//! Must not know: `syntax/`, nom, or anything else that the layout itself relies on. A wrong idea that both shared would
//! be seen by neither.

mod flags;
mod join;
mod piece;
mod quotes;
mod shell;
#[cfg(test)]
mod tests;

use join::{Joined, Mapped, first_line, join, trim_start, without_end};
use piece::{Kind, Mismatch, Pieces};

/// The text of one instruction before and after layout: from its keyword to its last line, with continuation lines, the
/// comment lines among them, and heredoc bodies with the line that ends them.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// As it was.
    pub before: &'a [u8],
    /// As it is to be.
    pub after: &'a [u8],
    /// The escape byte of the file.
    pub escape: u8,
}

/// The first place where layout changed more than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Offset in [`Sides::before`].
    pub at_before: usize,
    /// Offset in [`Sides::after`].
    pub at_after: usize,
    /// What is not the same, as the end of a message.
    pub what: &'static str,
}

/// Holds that a RUN in shell form says the same before and after layout. Blanks between shell tokens are free.
///
/// `body_is_script` says that the whole command is one heredoc and that a POSIX shell reads it, so that its body may be
/// laid out too; where this does not look true, the body must be the same byte for byte.
///
/// # Errors
///
/// The first [`Difference`] that was found.
pub fn same_shell(sides: &Sides, body_is_script: bool) -> Result<(), Difference> {
    let mut before = Side::read(sides.before, sides.escape);
    let mut after = Side::read(sides.after, sides.escape);
    if after.joined.open && !before.joined.open {
        return differ(sides.before.len(), sides.after.len(), "the last line goes on");
    }
    before.same_command(&after)?;
    if before.has_heredoc() {
        before.same_bodies(&after, body_is_script)?;
    } else {
        let strays = before.take_comments().zip(after.take_comments());
        strays.ok_or(Difference {
            at_before: before.joined.rest,
            at_after: after.joined.rest,
            what: "text follows",
        })?;
    }
    before.same_comments(&after)
}

/// Whether the text of this RUN can be scanned. Where it cannot, [`same_shell`] asks for the same bytes.
pub fn understands(source: &[u8], escape: u8) -> bool {
    Side::read(source, escape).pieces.is_some()
}

/// One side of the comparison.
struct Side<'a> {
    source: &'a [u8],
    joined: Joined<'a>,
    /// Where the keyword ends and where flags and command stand, in the joined line.
    keyword: usize,
    text: std::ops::Range<usize>,
    /// The pieces of flags and command, if they can be scanned.
    pieces: Option<Pieces>,
}

impl<'a> Side<'a> {
    fn read(source: &'a [u8], escape: u8) -> Self {
        let joined = join(source, escape);
        let line = &joined.line.bytes[..];
        let keyword = line.iter().position(|byte| is_white(*byte)).unwrap_or(line.len());
        let end = line.len() - line[keyword..].iter().rev().take_while(|byte| is_white(**byte)).count();
        let start = end - line[keyword..end].iter().skip_while(|byte| is_white(**byte)).count();
        let is_run = line[..keyword].eq_ignore_ascii_case(b"RUN");
        let pieces = if is_run { shell::command(&line[start..end], escape) } else { None };
        Self { source, keyword, text: start..end, pieces, joined }
    }

    fn text(&self) -> &[u8] {
        &self.joined.line.bytes[self.text.clone()]
    }

    /// Where a byte of [`Side::text`] stands in the source.
    fn place(&self, at: usize) -> usize {
        self.joined.line.source_of(self.text.start + at)
    }

    fn rest(&self) -> &'a [u8] {
        &self.source[self.joined.rest..]
    }

    fn same_command(&self, after: &Side) -> Result<(), Difference> {
        let keyword = |side: &Side| side.joined.line.bytes[..side.keyword].to_ascii_uppercase();
        if keyword(self) != keyword(after) {
            return differ(0, 0, "another instruction");
        }
        let same = match (&self.pieces, &after.pieces) {
            (Some(old), Some(new)) => old.same(new),
            _ => same_bytes(self.text(), after.text()),
        };
        same.map_err(|(old, new, what)| Difference {
            at_before: self.place(old),
            at_after: after.place(new),
            what,
        })
    }

    /// Whether heredoc bodies may follow the line.
    fn has_heredoc(&self) -> bool {
        self.text().windows(2).any(|pair| pair == b"<<")
    }

    fn same_bodies(&self, after: &Side, body_is_script: bool) -> Result<(), Difference> {
        let at = |old, new, what| differ(self.joined.rest + old, after.joined.rest + new, what);
        let script = |side| if body_is_script { Script::read(side) } else { None };
        if let (Some(old), Some(new)) = (script(self), script(after)) {
            return old.same(&new).or_else(|(old, new, what)| at(old, new, what));
        }
        let same = same_bytes(without_end(self.rest()), without_end(after.rest()));
        same.or_else(|(old, new, _)| at(old, new, "the heredoc is not the same"))
    }

    /// Takes the comment lines that follow: an instruction whose last line went on has them inside. Other text there
    /// does not belong to the instruction.
    fn take_comments(&mut self) -> Option<()> {
        let mut at = self.joined.rest;
        while at < self.source.len() {
            let line = first_line(&self.source[at..]);
            let text = trim_start(without_end(line));
            if text.starts_with(b"#") {
                self.joined.comment(text, at);
            } else if !text.is_empty() {
                return None;
            }
            at += line.len();
        }
        Some(())
    }

    fn same_comments(&self, after: &Side) -> Result<(), Difference> {
        let (old, new) = (self.comments(), after.comments());
        let wrong = (0..old.len().max(new.len())).find(|&index| old.get(index) != new.get(index));
        let place = |side: &Side, index: usize| {
            side.joined.comments.get(index).map_or(side.source.len(), |comment| comment.source)
        };
        wrong.map_or(Ok(()), |index| {
            differ(place(self, index), place(after, index), "a comment is lost or has moved")
        })
    }

    /// Each comment line with the number of word bytes above it. Operators do not count: they may change to the other
    /// side of a break.
    fn comments(&self) -> Vec<(usize, &'a [u8])> {
        let (mut words, mut at) = (0, 0);
        let mut counted = |comment: &join::Comment<'a>| {
            let bytes = &self.joined.line.bytes[at..comment.joined];
            words += bytes.iter().filter(|byte| !is_white(**byte) && !b"&|;()<>".contains(byte)).count();
            at = comment.joined;
            (words, comment.text)
        };
        self.joined.comments.iter().map(&mut counted).collect()
    }
}

/// A heredoc body that the shell reads, without the line that ends it.
struct Script {
    body: Mapped,
    pieces: Pieces,
}

impl Script {
    /// Takes the body of an instruction that is one heredoc and nothing else.
    fn read(side: &Side) -> Option<Self> {
        let (name, tabs) = only_heredoc(side.pieces.as_ref()?)?;
        let body = body(side.rest(), &name, tabs)?;
        let pieces = shell::script(&body.bytes)?;
        Some(Self { body, pieces })
    }

    fn same(&self, after: &Script) -> Result<(), Mismatch> {
        // `#!` counts at the first byte only: there it chooses who reads the rest.
        if self.body.bytes.starts_with(b"#!") != after.body.bytes.starts_with(b"#!") {
            return Err((0, 0, "a `#!` line came or went"));
        }
        let place = |(old, new, what)| (self.body.source_of(old), after.body.source_of(new), what);
        self.pieces.same(&after.pieces).map_err(place)
    }
}

/// The name of the heredoc that a command consists of, and whether leading tabs are dropped from its body.
fn only_heredoc(pieces: &Pieces) -> Option<(Vec<u8>, bool)> {
    let flags = (0..pieces.len())
        .take_while(|index| pieces.get(*index).is_some_and(|piece| piece.kind == Kind::Flag));
    let operator = flags.count();
    let tabs = match pieces.text(pieces.get(operator)?) {
        b"<<" => false,
        b"<<-" => true,
        _ => return None,
    };
    let name = shell::heredoc_name(pieces, operator + 1)?;
    (pieces.len() == operator + 2).then_some((name, tabs))
}

/// The lines up to the one that ends the heredoc, which must be the last.
fn body(rest: &[u8], name: &[u8], tabs: bool) -> Option<Mapped> {
    let mut body = Mapped::default();
    let mut at = 0;
    while at < rest.len() {
        let line = first_line(&rest[at..]);
        let dropped = if tabs { line.iter().take_while(|byte| **byte == b'\t').count() } else { 0 };
        if without_end(&line[dropped..]) == name {
            return without_end(&rest[at + line.len()..]).is_empty().then_some(body);
        }
        body.push(&line[dropped..], at + dropped);
        at += line.len();
    }
    None
}

fn same_bytes(before: &[u8], after: &[u8]) -> Result<(), Mismatch> {
    if before == after {
        return Ok(());
    }
    let common = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    Err((common, common, "text that is not understood has changed"))
}

fn differ(at_before: usize, at_after: usize, what: &'static str) -> Result<(), Difference> {
    Err(Difference { at_before, at_after, what })
}

/// White space that the builder drops around keyword, flags and command.
fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}
