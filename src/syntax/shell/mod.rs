//! Shell text to nodes: POSIX sh and bash.
//!
//! [`parse`] adds one [`Kind::Script`] for a stretch of text. It reads what both shells read alike, and bash's
//! own constructs as bash reads them. What it cannot read it refuses: the script is then one [`Kind::Opaque`].
//! There is no attempt to go on behind an error, since a shell does not either; the one exception is a backtick
//! substitution, whose end is known without reading it.
//!
//! Invariants, beside those of [`super::node`]:
//! - a token never begins or ends with a blank; what lies between two tokens is blanks, `\` with a newline, a
//!   carriage return at the end of a line, and newlines that mean nothing there;
//! - a newline that ends a statement is a [`Kind::Separator`], as long as no other separator has ended it; all
//!   other newlines between tokens are gaps (after `&&`, `|`, `then`, `(`, another newline, …);
//! - [`Kind::Comment`] and [`Kind::HeredocBody`] stand where they are in the text, in the innermost node that is
//!   open there: nearly always a [`Kind::List`];
//! - time grows linearly with the text, the stack with the nesting, which is bounded.
//!
//! It must not know what a Dockerfile is, nor what any command does.

mod command;
mod compound;
mod expansion;
mod heredoc;
mod lex;
mod parser;
mod shape;
mod test_clause;
#[cfg(test)]
mod tests;
mod word;

use std::ops::Range;

use self::parser::Parser;
use super::node::{Builder, Kind};

pub use self::heredoc::heredocs;
pub use self::shape::shape;

/// Parses `text[range]` as shell and adds one [`Kind::Script`] to `builder`, with offsets that count in `text`.
///
/// It takes any bytes. The script holds one [`Kind::List`], or one [`Kind::Opaque`] where the text is not read.
pub fn parse(text: &[u8], range: Range<usize>, builder: &mut Builder) {
    let script = builder.open(Kind::Script, range.start);
    let mark = builder.mark();
    // Shells disagree about zero bytes: some end there, some leave them out.
    let readable = memchr::memchr(0, &text[range.clone()]).is_none();
    if !readable || Parser::new(&text[..range.end], range.start, builder).script().is_err() {
        builder.reset(mark);
        builder.leaf(Kind::Opaque, range.start, range.end);
    }
    builder.close(script, range.end);
}
