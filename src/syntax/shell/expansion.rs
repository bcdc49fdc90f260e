//! What begins with `$` or a backtick, and process substitutions.
//!
//! Invariants: a substitution inside a word, at whatever depth of quotes and expansions, is a node of its own that
//! holds its statements; all else is text of the word.
//! `$((` is always arithmetic, as POSIX has it, so nothing is read twice to find out.

use super::lex;
use super::parser::{Backticks, Parsed, Parser, Refused};
use crate::syntax::node::Kind;

impl Parser<'_, '_> {
    /// An expansion, or a plain dollar.
    pub fn dollar(&mut self, quoted: bool) -> Parsed {
        match self.peek_at(1) {
            Some(b'(') if self.peek_at(2) == Some(b'(') => self.arithmetic(quoted),
            Some(b'(') => self.substitution(2),
            Some(b'{') => self.parameter(quoted),
            Some(b'\'') if !quoted => self.ansi_quoted(),
            Some(b'[') if !quoted => {
                self.at += 2;
                self.deeper(|p| p.bracketed(b'[', b']', false))
            }
            Some(b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0'..=b'9') => {
                self.at += 2;
                Ok(())
            }
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }

    /// `$(( … ))`
    fn arithmetic(&mut self, quoted: bool) -> Parsed {
        self.at += 3;
        self.deeper(|p| p.bracketed(b'(', b')', quoted))?;
        if self.peek() != Some(b')') {
            return Err(Refused);
        }
        self.at += 1;
        Ok(())
    }

    /// `${ … }`. Between double quotes a single quote is text, except in a pattern.
    fn parameter(&mut self, quoted: bool) -> Parsed {
        let (rest, _) = lex::parameter(self.rest()).map_err(|_| Refused)?;
        self.at = self.text.len() - rest.len();
        let in_pattern = matches!(self.peek(), Some(b'#' | b'%' | b'/' | b'^' | b',' | b'['));
        self.deeper(|p| {
            while p.peek() != Some(b'}') {
                p.piece(quoted && !in_pattern)?;
            }
            p.at += 1;
            Ok(())
        })
    }

    /// `$( … )`, `<( … )`, `>( … )`, of which `length` bytes open it.
    pub fn substitution(&mut self, length: usize) -> Parsed {
        self.end_part();
        self.deeper(|p| {
            let node = p.open(Kind::Substitution);
            p.token(Kind::Open, length);
            p.statements()?;
            p.expect(Kind::Close, b")")?;
            p.close(node);
            Ok(())
        })?;
        self.part = self.at;
        Ok(())
    }

    /// The statements of a substitution; heredocs that begin there end there.
    fn statements(&mut self) -> Parsed {
        let outer = std::mem::replace(&mut self.outer_heredocs, self.heredocs.len());
        self.list()?;
        if self.heredocs.len() > self.outer_heredocs {
            return Err(Refused);
        }
        self.outer_heredocs = outer;
        Ok(())
    }

    /// `` ` … ` ``: ends at the next backtick without a backslash, whatever stands before it.
    pub fn backticks(&mut self, quoted: bool) -> Parsed {
        if self.backticks != Backticks::None {
            return Err(Refused);
        }
        let mut close = self.at + 1;
        loop {
            close += memchr::memchr2(b'`', b'\\', self.text.get(close..).ok_or(Refused)?).ok_or(Refused)?;
            if self.text[close] == b'`' {
                break;
            }
            close += 2;
        }
        self.backticks = if quoted { Backticks::Quoted } else { Backticks::Plain };
        self.ticked(close, 1);
        self.backticks = Backticks::None;
        Ok(())
    }

    /// `` \` … \` `` inside backticks. With more backslashes inside it would have to be unescaped twice.
    pub fn nested_backticks(&mut self) -> Parsed {
        let close = self.at + 2 + memchr::memchr(b'\\', &self.rest()[2..]).ok_or(Refused)?;
        if self.text.get(close + 1) != Some(&b'`') {
            return Err(Refused);
        }
        self.ticked(close, 2);
        Ok(())
    }

    /// The backticks up to `close`, of `length` bytes each.
    fn ticked(&mut self, close: usize, length: usize) {
        self.end_part();
        let node = self.open(Kind::Substitution);
        self.token(Kind::Open, length);
        self.ticked_statements(close);
        self.at = close;
        self.token(Kind::Close, length);
        self.close(node);
        self.part = self.at;
    }

    /// What stands between backticks; opaque where it cannot be read.
    fn ticked_statements(&mut self, close: usize) {
        let (mark, start) = (self.builder.mark(), self.at);
        let (outer, pending) = (self.outer_heredocs, self.heredocs.len());
        let text = self.text;
        self.text = &text[..close];
        let read = self.deeper(|p| p.statements().and_then(|()| p.end())).is_ok();
        self.text = text;
        if !read {
            self.outer_heredocs = outer;
            self.heredocs.truncate(pending);
            self.builder.reset(mark);
            self.builder.leaf(Kind::Opaque, start, close);
        }
    }
}
