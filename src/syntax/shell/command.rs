//! Lists, pipelines and simple commands.
//!
//! Invariants: `List > AndOr > Pipeline > command`, always all of them. A list ends before what cannot begin a
//! statement (`)`, `;;`, `fi`, the end of the text, …); whoever asked for the list says which of them it wants.

use super::heredoc::is_heredoc;
use super::lex;
use super::parser::{Parsed, Parser, Refused};
use crate::syntax::node::Kind;

impl<'t> Parser<'t, '_> {
    /// The whole text.
    pub fn script(&mut self) -> Parsed {
        self.list()?;
        self.end()?;
        if self.heredocs.is_empty() { Ok(()) } else { Err(Refused) }
    }

    /// The end of the text, which must come next.
    pub fn end(&mut self) -> Parsed {
        if self.at == self.text.len() { Ok(()) } else { Err(Refused) }
    }

    /// Statements, perhaps none; says how many.
    pub fn list(&mut self) -> Parsed<usize> {
        let before = self.last;
        self.leading_lines();
        let mark = self.builder.mark();
        let list = self.open(Kind::List);
        let (mut count, mut separated) = (0, true);
        loop {
            self.lines()?;
            if self.at_end_of_list() {
                break;
            }
            if !separated {
                return Err(Refused);
            }
            self.and_or()?;
            separated = self.separator()?;
            count += 1;
        }
        if self.last > before {
            self.close(list);
        } else {
            self.builder.reset(mark);
            self.builder.leaf(Kind::List, before, before);
        }
        Ok(count)
    }

    /// Statements, at least one.
    pub fn statements_of(&mut self) -> Parsed {
        if self.list()? == 0 { Err(Refused) } else { Ok(()) }
    }

    /// Skips what stands before a list and is no token.
    fn leading_lines(&mut self) {
        self.gap();
        while self.peek() == Some(b'\n') && self.heredocs.len() == self.outer_heredocs {
            self.at += 1;
            self.gap();
        }
    }

    /// Skips newlines that mean nothing; comments and heredoc bodies on the way are tokens.
    pub fn lines(&mut self) -> Parsed {
        loop {
            self.gap();
            match self.peek() {
                Some(b'\n') => self.newline()?,
                Some(b'#') => self.comment(),
                _ => return Ok(()),
            }
        }
    }

    fn newline(&mut self) -> Parsed {
        self.at += 1;
        if self.heredocs.len() > self.outer_heredocs { self.heredoc_bodies() } else { Ok(()) }
    }

    fn comment(&mut self) {
        let length = self.length(lex::comment).unwrap_or(0);
        self.token(Kind::Comment, length);
    }

    fn at_end_of_list(&self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => matches!(self.peek_at(1), Some(b';' | b'&')),
            _ => self.keyword().is_some_and(ends_list),
        }
    }

    /// What separates a statement from the next, if anything does; the comment at the end of its line comes first.
    pub fn separator(&mut self) -> Parsed<bool> {
        self.gap();
        if self.peek() == Some(b'#') {
            self.comment();
            self.gap();
        }
        match (self.peek(), self.peek_at(1)) {
            (Some(b';'), Some(b';' | b'&')) | (Some(b'&'), Some(b'&')) => return Ok(false),
            (Some(b';' | b'&'), _) => self.token(Kind::Separator, 1),
            (Some(b'\n'), _) => {
                self.token(Kind::Separator, 1);
                self.heredoc_bodies()?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn and_or(&mut self) -> Parsed {
        let node = self.open(Kind::AndOr);
        self.pipeline()?;
        loop {
            self.gap();
            if !self.looking_at(b"&&") && !self.looking_at(b"||") {
                break;
            }
            self.token(Kind::AndOrOp, 2);
            self.lines()?;
            self.pipeline()?;
        }
        self.close(node);
        Ok(())
    }

    fn pipeline(&mut self) -> Parsed {
        let node = self.open(Kind::Pipeline);
        let word = self.keyword();
        // `time` may stand alone.
        if !self.prefix(word) || !self.ends_command() {
            self.command()?;
        }
        loop {
            self.gap();
            if self.peek() != Some(b'|') || self.peek_at(1) == Some(b'|') {
                break;
            }
            self.token(Kind::PipeOp, 1 + usize::from(self.peek_at(1) == Some(b'&')));
            self.lines()?;
            self.command()?;
        }
        self.close(node);
        Ok(())
    }

    /// `!` and `time`; whether the latter was there.
    fn prefix(&mut self, mut word: Option<&'t [u8]>) -> bool {
        if word == Some(b"!") {
            self.token(Kind::Bang, 1);
            self.gap();
            word = self.keyword();
        }
        let timed = word == Some(b"time");
        if timed {
            let length = self.length(lex::time).unwrap_or(0);
            self.token(Kind::Time, length);
            self.gap();
        }
        timed
    }

    /// Whether the command, and a simple one at any rate, ends here.
    fn ends_command(&self) -> bool {
        match self.peek() {
            None | Some(b'\n' | b';' | b'|' | b')' | b'#') => true,
            Some(b'&') => self.peek_at(1) != Some(b'>'),
            _ => false,
        }
    }

    /// `name=value … word … >target`, or a function that begins like it.
    pub fn simple(&mut self) -> Parsed {
        let node = self.open(Kind::Simple);
        let (first, mut items, mut words, mut declares) = (self.at, 0, 0, false);
        loop {
            self.gap();
            if self.ends_command() {
                break;
            }
            let start = self.at;
            if self.redirect()? || ((words == 0 || declares) && self.assignment()?) {
                // It was one.
            } else if self.peek() == Some(b'(')
                && (items, words) == (1, 1)
                && lex::is_function_name(&self.text[first..self.last])
            {
                self.builder.rename(&node, Kind::Function);
                self.function_body()?;
                break;
            } else {
                self.word()?;
                words += 1;
                declares |= words == 1 && takes_assignments(&self.text[start..self.at]);
            }
            items += 1;
        }
        self.close(node);
        if items == 0 { Err(Refused) } else { Ok(()) }
    }

    /// Redirections behind a compound command.
    pub fn redirects(&mut self) -> Parsed {
        self.gap();
        while self.redirect()? {
            self.gap();
        }
        Ok(())
    }

    /// A redirection, if there is one here.
    fn redirect(&mut self) -> Parsed<bool> {
        if !matches!(self.peek(), Some(b'<' | b'>' | b'&' | b'{' | b'0'..=b'9')) {
            return Ok(false);
        }
        let Some(length) = self.length(lex::redirect) else { return Ok(false) };
        let node = self.open(Kind::Redirect);
        let operator = &self.rest()[..length];
        self.token(Kind::RedirectOp, length);
        self.gap();
        let start = self.at;
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 && matches!(self.rest().get(digits), Some(b'<' | b'>')) {
            // the number belongs to the next operator, and a target is missing
            return Err(Refused);
        }
        self.word()?;
        self.close(node);
        if is_heredoc(operator) {
            self.add_heredoc(start, operator.ends_with(b"-"))?;
        }
        Ok(true)
    }
}

/// Whether `word` ends a list where a command could begin.
pub(super) fn ends_list(word: &[u8]) -> bool {
    matches!(word, b"then" | b"elif" | b"else" | b"fi" | b"do" | b"done" | b"esac" | b"}")
}

/// Whether the command takes `name=(…)` among its words.
fn takes_assignments(command: &[u8]) -> bool {
    matches!(command, b"export" | b"declare" | b"local" | b"readonly" | b"typeset")
}
