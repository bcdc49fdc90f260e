//! The cursor over the text, and what every part of the grammar needs: tokens, gaps, the bound on nesting.
//!
//! Invariants: `at` never lies behind the end of `text`; `last` is the end of the last token.
//! It must not know the grammar.

use nom::Offset;

use super::heredoc::Heredoc;
use super::lex::{self, Lexed};
use crate::syntax::node::{Builder, Kind, Opened};

/// How deep commands, quotes and expansions may nest. What is deeper is refused, so that no text overflows the stack.
const MAX_DEPTH: u32 = 100;

/// The text is not shell, or not shell that is understood.
#[derive(Debug)]
pub(super) struct Refused;

pub(super) type Parsed<T = ()> = Result<T, Refused>;

/// What backticks make of a backslash: before `$`, `` ` `` and `\` it is taken away before the text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backticks {
    /// The text stands in none.
    None,
    Plain,
    /// They stand between double quotes: then a backslash is also taken away before a double quote.
    Quoted,
}

pub(super) struct Parser<'t, 'b> {
    /// The text up to where the parser may look; shorter inside backticks.
    pub text: &'t [u8],
    /// The next byte.
    pub at: usize,
    /// The end of the last token.
    pub last: usize,
    /// Inside a word: where the part of it begins that is in no node yet.
    pub part: usize,
    pub backticks: Backticks,
    /// Heredocs whose bodies have not been read.
    pub heredocs: Vec<Heredoc>,
    /// Those before this index belong to the command around the substitution that is being read.
    pub outer_heredocs: usize,
    pub builder: &'b mut Builder,
    depth: u32,
}

impl<'t, 'b> Parser<'t, 'b> {
    pub fn new(text: &'t [u8], at: usize, builder: &'b mut Builder) -> Self {
        Self {
            text,
            at,
            last: at,
            part: at,
            backticks: Backticks::None,
            heredocs: Vec::new(),
            outer_heredocs: 0,
            builder,
            depth: 0,
        }
    }

    pub fn rest(&self) -> &'t [u8] {
        &self.text[self.at..]
    }

    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The byte `ahead` of the next one.
    pub fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    pub fn looking_at(&self, bytes: &[u8]) -> bool {
        self.rest().starts_with(bytes)
    }

    /// How many bytes `lexer` takes here, if it takes any.
    pub fn length(&self, lexer: impl Fn(&'t [u8]) -> Lexed<'t>) -> Option<usize> {
        let (rest, _) = lexer(self.rest()).ok()?;
        Some(self.rest().offset(rest)).filter(|length| *length > 0)
    }

    /// The word here, as far as it could be a reserved one.
    pub fn keyword(&self) -> Option<&'t [u8]> {
        lex::keyword(self.rest()).ok().map(|(_, word)| word)
    }

    /// Skips blanks and continuations.
    pub fn gap(&mut self) {
        if let Some(b' ' | b'\t' | b'\\' | b'\r') = self.peek() {
            self.at += self.length(lex::gap).unwrap_or(0);
        }
    }

    /// Adds a token of `length` bytes.
    pub fn token(&mut self, kind: Kind, length: usize) {
        self.builder.leaf(kind, self.at, self.at + length);
        self.at += length;
        self.last = self.at;
    }

    /// Adds the token `bytes`, which must come next.
    pub fn expect(&mut self, kind: Kind, bytes: &[u8]) -> Parsed {
        self.gap();
        if !self.looking_at(bytes) {
            return Err(Refused);
        }
        self.token(kind, bytes.len());
        Ok(())
    }

    /// Adds the reserved word `word`, which must come next.
    pub fn reserved(&mut self, word: &[u8]) -> Parsed {
        self.gap();
        if self.keyword() != Some(word) {
            return Err(Refused);
        }
        self.token(Kind::Reserved, word.len());
        Ok(())
    }

    /// Opens a node at the next byte.
    pub fn open(&mut self, kind: Kind) -> Opened {
        self.builder.open(kind, self.at)
    }

    /// Closes it behind the last token.
    pub fn close(&mut self, opened: Opened) {
        self.builder.close(opened, self.last);
    }

    /// Runs `inner` one level deeper.
    pub fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == MAX_DEPTH {
            return Err(Refused);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }
}
