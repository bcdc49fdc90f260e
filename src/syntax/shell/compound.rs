//! Compound commands and functions.
//!
//! Invariants: the children are reserved words, lists and words in source order; redirections come last.
//! What stands in `[[ ]]` and `(( ))` is one text.

use super::command::ends_list;
use super::lex;
use super::parser::{Parsed, Parser, Refused};
use crate::syntax::node::Kind;

impl Parser<'_, '_> {
    /// One command of a pipeline.
    pub fn command(&mut self) -> Parsed {
        self.deeper(|p| {
            let word = p.keyword();
            match (p.compound_kind(word), word) {
                (Some(kind), _) => p.compound(kind),
                (None, Some(b"function")) => p.function(),
                (None, Some(b"coproc")) => p.coproc(),
                (None, Some(word)) if begins_no_command(word) => Err(Refused),
                _ => p.simple(),
            }
        })
    }

    /// The compound command that begins here with `word`.
    fn compound_kind(&self, word: Option<&[u8]>) -> Option<Kind> {
        if self.peek() == Some(b'(') {
            return Some(if self.is_arithmetic() { Kind::Arith } else { Kind::Subshell });
        }
        Some(match word? {
            b"if" => Kind::If,
            b"while" | b"until" => Kind::Loop,
            b"for" | b"select" => Kind::For,
            b"case" => Kind::Case,
            b"{" => Kind::Brace,
            b"[[" => Kind::Test,
            _ => return None,
        })
    }

    fn compound(&mut self, kind: Kind) -> Parsed {
        let node = self.open(kind);
        match kind {
            Kind::If => self.if_clause()?,
            Kind::Loop => self.while_clause()?,
            Kind::For => self.for_clause()?,
            Kind::Case => self.case_clause()?,
            Kind::Test => self.test()?,
            Kind::Arith => self.arith()?,
            Kind::Brace => {
                self.reserved(b"{")?;
                self.statements_of()?;
                self.reserved(b"}")?;
            }
            _ => {
                self.expect(Kind::Reserved, b"(")?;
                self.statements_of()?;
                self.expect(Kind::Reserved, b")")?;
            }
        }
        self.redirects()?;
        self.close(node);
        Ok(())
    }

    fn if_clause(&mut self) -> Parsed {
        self.condition(b"if")?;
        while self.keyword() == Some(b"elif") {
            self.condition(b"elif")?;
        }
        if self.keyword() == Some(b"else") {
            self.reserved(b"else")?;
            self.statements_of()?;
        }
        self.reserved(b"fi")
    }

    /// `if list then list`
    fn condition(&mut self, word: &[u8]) -> Parsed {
        self.reserved(word)?;
        self.statements_of()?;
        self.reserved(b"then")?;
        self.statements_of()
    }

    fn while_clause(&mut self) -> Parsed {
        let length = self.keyword().map_or(0, <[u8]>::len);
        self.token(Kind::Reserved, length);
        self.statements_of()?;
        self.do_group()
    }

    fn do_group(&mut self) -> Parsed {
        self.reserved(b"do")?;
        self.statements_of()?;
        self.reserved(b"done")
    }

    /// `for name in word …; do list done`, `for ((…)); do list done`; bash takes braces for `do` and `done`.
    fn for_clause(&mut self) -> Parsed {
        let length = self.keyword().map_or(0, <[u8]>::len);
        self.token(Kind::Reserved, length);
        self.gap();
        if self.looking_at(b"((") {
            let start = self.at;
            self.arith()?;
            if memchr::memchr_iter(b';', &self.text[start..self.at]).count() < 2 {
                return Err(Refused);
            }
            self.separator()?;
        } else {
            self.for_words()?;
        }
        self.lines()?;
        if self.keyword() != Some(b"{") {
            return self.do_group();
        }
        self.reserved(b"{")?;
        self.statements_of()?;
        self.reserved(b"}")
    }

    fn for_words(&mut self) -> Parsed {
        let length =
            self.length(lex::name).filter(|length| lex::ends_word(&self.rest()[*length..])).ok_or(Refused)?;
        self.token(Kind::ShellWord, length);
        self.gap();
        if self.peek() == Some(b';') {
            self.separator()?;
            return Ok(());
        }
        self.lines()?;
        if self.keyword() != Some(b"in") {
            return Ok(());
        }
        self.reserved(b"in")?;
        self.gap();
        while self.at_word() {
            self.word()?;
            self.gap();
        }
        match self.peek() {
            Some(b';' | b'\n' | b'#') if self.separator()? => Ok(()),
            _ => Err(Refused),
        }
    }

    fn case_clause(&mut self) -> Parsed {
        self.reserved(b"case")?;
        self.word()?;
        self.lines()?;
        self.reserved(b"in")?;
        self.lines()?;
        while self.keyword() != Some(b"esac") {
            self.case_item()?;
            self.lines()?;
        }
        self.reserved(b"esac")
    }

    fn case_item(&mut self) -> Parsed {
        let item = self.open(Kind::CaseItem);
        if self.peek() == Some(b'(') {
            self.token(Kind::Reserved, 1);
        }
        self.word()?;
        self.gap();
        while self.peek() == Some(b'|') {
            self.token(Kind::PipeOp, 1);
            self.word()?;
            self.gap();
        }
        self.expect(Kind::Reserved, b")")?;
        self.list()?;
        let length = [&b";;&"[..], b";;", b";&"].iter().find(|end| self.looking_at(end)).map(|end| end.len());
        match length {
            Some(length) => self.token(Kind::Separator, length),
            None if self.keyword() == Some(b"esac") => {}
            None => return Err(Refused),
        }
        self.close(item);
        Ok(())
    }

    /// `function name [()] command`
    fn function(&mut self) -> Parsed {
        let node = self.open(Kind::Function);
        self.reserved(b"function")?;
        self.word()?;
        self.gap();
        if self.peek() == Some(b'(') {
            self.function_body()?;
        } else {
            self.compound_body()?;
        }
        self.close(node);
        Ok(())
    }

    /// `() command` behind a function's name.
    pub fn function_body(&mut self) -> Parsed {
        self.expect(Kind::Reserved, b"(")?;
        self.expect(Kind::Reserved, b")")?;
        self.compound_body()
    }

    fn compound_body(&mut self) -> Parsed {
        self.lines()?;
        let kind = self.compound_kind(self.keyword()).ok_or(Refused)?;
        self.deeper(|p| p.compound(kind))
    }

    /// `coproc [name] command`; only a compound command has a name.
    fn coproc(&mut self) -> Parsed {
        let node = self.open(Kind::Coproc);
        self.reserved(b"coproc")?;
        self.gap();
        let (mark, start) = (self.builder.mark(), self.at);
        if let Some(length) = self.length(lex::name).filter(|_| self.compound_kind(self.keyword()).is_none())
        {
            self.token(Kind::ShellWord, length);
            self.gap();
            if self.compound_kind(self.keyword()).is_none() {
                self.builder.reset(mark);
                self.at = start;
            }
        }
        self.command()?;
        self.close(node);
        Ok(())
    }

    /// Whether arithmetic begins here, and no command in two parentheses.
    fn is_arithmetic(&self) -> bool {
        self.looking_at(b"((") && lex::is_arithmetic(&self.rest()[2..])
    }

    /// `(( … ))`
    fn arith(&mut self) -> Parsed {
        self.expect(Kind::Reserved, b"((")?;
        let (mark, start) = (self.builder.mark(), self.at);
        self.part = start;
        self.bracketed(b'(', b')', false)?;
        let end = self.at - 1;
        if self.peek() != Some(b')') {
            return Err(Refused);
        }
        self.builder.reset(mark);
        let front = start + self.text[start..end].iter().position(|byte| !is_space(*byte)).ok_or(Refused)?;
        let back = end - self.text[start..end].iter().rev().take_while(|byte| is_space(**byte)).count();
        self.builder.leaf(Kind::Text, front, back);
        self.at = end;
        self.token(Kind::Reserved, 2);
        Ok(())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a word that no construct begins with is reserved all the same.
fn begins_no_command(word: &[u8]) -> bool {
    ends_list(word) || matches!(word, b"!" | b"]]" | b"in")
}
