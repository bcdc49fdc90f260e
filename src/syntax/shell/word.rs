//! Words: plain text, quotes, patterns; assignments and arrays.
//!
//! Invariants: a word is a leaf, or [`Kind::Text`] and [`Kind::Substitution`] that tile it. Quotes and parameter
//! expansions are not nodes: their text is part of the word, and a substitution inside them stands between two texts.
//! It must not know where in a command the word stands.

use super::lex;
use super::parser::{Backticks, Parsed, Parser, Refused};
use crate::syntax::node::{Kind, Opened};

impl Parser<'_, '_> {
    /// Whether a word begins here.
    pub fn at_word(&self) -> bool {
        match self.peek() {
            Some(b'<' | b'>') => self.peek_at(1) == Some(b'('),
            Some(b'#') => false,
            _ => !lex::ends_word(self.rest()),
        }
    }

    /// A word that must come next.
    pub fn word(&mut self) -> Parsed {
        self.gap();
        if !self.at_word() {
            return Err(Refused);
        }
        let word = self.open_word(Kind::ShellWord);
        self.unquoted()?;
        self.close_word(word);
        Ok(())
    }

    /// `name=value` or `name=(…)`, if there is one here.
    pub fn assignment(&mut self) -> Parsed<bool> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
            return Ok(false);
        }
        let Some(head) = self.length(lex::assignment) else {
            return if lex::open_index(self.rest()).is_ok() { Err(Refused) } else { Ok(false) };
        };
        let word = self.open_word(Kind::Assignment);
        self.at += head;
        if self.peek() == Some(b'(') {
            self.array()?;
        } else {
            self.unquoted()?;
        }
        self.close_word(word);
        Ok(true)
    }

    fn open_word(&mut self, kind: Kind) -> (Opened, usize) {
        self.part = self.at;
        (self.open(kind), self.at)
    }

    fn close_word(&mut self, (word, start): (Opened, usize)) {
        if self.part > start {
            self.end_part();
        }
        self.last = self.at;
        self.close(word);
    }

    /// Makes a text of the part of the word that has been read and is in no node yet.
    pub fn end_part(&mut self) {
        if self.part < self.at {
            self.builder.leaf(Kind::Text, self.part, self.at);
            self.part = self.at;
        }
    }

    /// `( word … )`: blanks, newlines and comments between the words are part of the text.
    fn array(&mut self) -> Parsed {
        self.at += 1;
        loop {
            self.gap();
            match self.peek() {
                Some(b')') => break,
                Some(b'\n') if self.heredocs.len() == self.outer_heredocs => self.at += 1,
                Some(b'#') => self.at += self.length(lex::comment).unwrap_or(0),
                _ if self.at_word() => self.unquoted()?,
                _ => return Err(Refused),
            }
        }
        self.at += 1;
        if lex::ends_word(self.rest()) { Ok(()) } else { Err(Refused) }
    }

    /// Reads on to the end of the word.
    pub fn unquoted(&mut self) -> Parsed {
        loop {
            self.at += self.length(lex::plain).unwrap_or(0);
            match self.peek() {
                Some(b'<' | b'>') if self.peek_at(1) == Some(b'(') => self.substitution(2)?,
                Some(b'?' | b'*' | b'+' | b'@' | b'!') => self.pattern()?,
                _ if lex::ends_word(self.rest()) => return Ok(()),
                _ => self.piece(false)?,
            }
        }
    }

    /// Reads one quote, expansion, escape or other byte. `quoted`: between double quotes, where a single quote and
    /// `$'` are plain text.
    pub fn piece(&mut self, quoted: bool) -> Parsed {
        match self.peek() {
            Some(b'\\') => self.escape(quoted),
            Some(b'\'') if !quoted => self.single_quoted(),
            Some(b'"') => self.double_quoted(),
            Some(b'$') => self.dollar(quoted),
            Some(b'`') => self.backticks(quoted),
            Some(_) => {
                self.at += 1;
                Ok(())
            }
            None => Err(Refused),
        }
    }

    /// A backslash and what it escapes.
    fn escape(&mut self, quoted: bool) -> Parsed {
        if let Some(length) = self.length(lex::continuations) {
            self.at += length;
            return Ok(());
        }
        if self.backticks != Backticks::None {
            return self.escape_in_backticks(quoted);
        }
        self.at = (self.at + 2).min(self.text.len());
        Ok(())
    }

    /// The same inside backticks: `\$` is a dollar, and `\\` the backslash that escapes.
    fn escape_in_backticks(&mut self, quoted: bool) -> Parsed {
        match (self.peek_at(1), self.backticks) {
            (Some(b'$'), _) => {
                self.at += 1;
                return self.dollar(quoted);
            }
            (Some(b'`'), _) => return self.nested_backticks(),
            (Some(b'"'), Backticks::Quoted) => return self.escaped_quoted(),
            (Some(b'\\'), _) => {
                let escaped = match self.peek_at(3) {
                    Some(b'"') => self.backticks == Backticks::Quoted,
                    next => matches!(next, Some(b'$' | b'`' | b'\\')),
                };
                self.at += if escaped && self.peek_at(2) == Some(b'\\') { 4 } else { 3 };
            }
            _ => self.at += 2,
        }
        self.at = self.at.min(self.text.len());
        Ok(())
    }

    /// `\"…\"` inside backticks between double quotes.
    fn escaped_quoted(&mut self) -> Parsed {
        self.at += 2;
        self.deeper(|p| {
            while !p.looking_at(b"\\\"") {
                p.piece(true)?;
            }
            p.at += 2;
            Ok(())
        })
    }

    fn single_quoted(&mut self) -> Parsed {
        let length = memchr::memchr(b'\'', &self.rest()[1..]).ok_or(Refused)?;
        self.at += length + 2;
        Ok(())
    }

    /// `$'…'`, where a backslash escapes.
    pub fn ansi_quoted(&mut self) -> Parsed {
        self.at += 2;
        loop {
            self.at += memchr::memchr2(b'\'', b'\\', self.rest()).ok_or(Refused)?;
            if self.peek() == Some(b'\'') {
                self.at += 1;
                return Ok(());
            }
            self.at = (self.at + 2).min(self.text.len());
        }
    }

    pub fn double_quoted(&mut self) -> Parsed {
        self.at += 1;
        self.deeper(|p| {
            loop {
                p.at += p.length(lex::quoted).unwrap_or(0);
                if p.peek() == Some(b'"') {
                    p.at += 1;
                    return Ok(());
                }
                p.piece(true)?;
            }
        })
    }

    /// A byte that begins an extended pattern if a parenthesis follows: `@(a|b)`; else it is plain.
    fn pattern(&mut self) -> Parsed {
        self.at += 1;
        if self.peek() == Some(b'(') && self.peek_at(1) != Some(b')') {
            self.at += 1;
            return self.bracketed(b'(', b')', false);
        }
        Ok(())
    }

    /// Reads behind the `close` that matches an `open` already read; blanks and newlines are text.
    pub fn bracketed(&mut self, open: u8, close: u8, quoted: bool) -> Parsed {
        let mut inner = 0_u32;
        loop {
            self.at += self.length(lex::grouped).unwrap_or(0);
            match self.peek() {
                Some(byte) if byte == close && inner == 0 => break,
                Some(byte) if byte == close => inner -= 1,
                Some(byte) if byte == open => inner += 1,
                _ => {
                    self.piece(quoted)?;
                    continue;
                }
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(())
    }
}
