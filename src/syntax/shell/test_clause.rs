//! `[[ … ]]`.
//!
//! Invariants: the expression is read as bash reads it, so that its end is sure, but it is one text: nothing inside
//! is a node. It must not know what the operators mean.

use super::lex;
use super::parser::{Parsed, Parser, Refused};
use crate::syntax::node::Kind;

impl Parser<'_, '_> {
    /// `[[ … ]]`
    pub fn test(&mut self) -> Parsed {
        self.reserved(b"[[")?;
        self.test_lines()?;
        let (mark, start) = (self.builder.mark(), self.at);
        self.part = start;
        let end = self.test_expression()?;
        self.builder.reset(mark);
        self.builder.leaf(Kind::Text, start, end);
        self.token(Kind::Reserved, 2);
        Ok(())
    }

    /// Operands, joined by `&&` and `||`, up to the closing bracket; says where the last one ends.
    fn test_expression(&mut self) -> Parsed<usize> {
        let mut parentheses = 0_u32;
        loop {
            self.test_lines()?;
            if self.peek() == Some(b'(') {
                parentheses += 1;
                self.at += 1;
                continue;
            }
            if self.keyword() == Some(b"!") {
                self.at += 1;
                continue;
            }
            self.test_operand()?;
            let end = self.test_closings(&mut parentheses)?;
            if self.keyword() == Some(b"]]") && parentheses == 0 {
                return Ok(end);
            }
            if !self.looking_at(b"&&") && !self.looking_at(b"||") {
                return Err(Refused);
            }
            self.at += 2;
        }
    }

    /// Skips parentheses that close; says where the last of them, or what stands before them, ends.
    fn test_closings(&mut self, parentheses: &mut u32) -> Parsed<usize> {
        let mut end = self.at;
        self.test_lines()?;
        while self.peek() == Some(b')') {
            *parentheses = parentheses.checked_sub(1).ok_or(Refused)?;
            self.at += 1;
            end = self.at;
            self.test_lines()?;
        }
        Ok(end)
    }

    /// `word`, `-f word`, `word operator word`
    fn test_operand(&mut self) -> Parsed {
        let start = self.at;
        self.test_word()?;
        if is_unary(&self.text[start..self.at]) {
            self.gap();
            return self.test_word();
        }
        let end = self.at;
        self.gap();
        let Some(length) = self.length(lex::test_operator) else {
            self.at = end;
            return Ok(());
        };
        let is_regex = self.looking_at(b"=~");
        self.at += length;
        self.gap();
        if is_regex { self.test_regex() } else { self.test_word() }
    }

    fn test_word(&mut self) -> Parsed {
        if !self.at_word() || self.keyword() == Some(b"]]") {
            return Err(Refused);
        }
        self.unquoted()
    }

    /// A regular expression, in which parentheses and `|` are text, and blanks are inside parentheses.
    fn test_regex(&mut self) -> Parsed {
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'(') => {
                    self.at += 1;
                    self.bracketed(b'(', b')', false)?;
                }
                Some(b'|') => self.at += 1,
                _ if lex::ends_word(self.rest()) => break,
                _ => self.piece(false)?,
            }
        }
        if self.at > start { Ok(()) } else { Err(Refused) }
    }

    /// Skips blanks and newlines.
    fn test_lines(&mut self) -> Parsed {
        self.gap();
        while self.peek() == Some(b'\n') {
            if self.heredocs.len() > self.outer_heredocs {
                return Err(Refused);
            }
            self.at += 1;
            self.gap();
        }
        Ok(())
    }
}

/// Whether a word is an operator that stands before its operand.
fn is_unary(word: &[u8]) -> bool {
    matches!(word, [b'-', letter] if b"abcdefghknoprstuvwxzGLNORS".contains(letter))
}
