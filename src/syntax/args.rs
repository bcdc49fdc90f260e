//! The arguments of each instruction: the logical line to nodes.
//!
//! A table says which grammar an instruction has, as BuildKit's dispatch table does. What its parser would refuse is
//! an error here; what its check of instructions refuses is in [`super::validate`]. Offsets count in the line.

use super::exec::{self, Exec};
use super::lex::{self, first_char, is_space, is_space_byte};
use super::node::{Builder, Kind};
use super::tree::Keyword;

/// Reads one logical line.
pub struct Line<'a> {
    /// The line, white space at its start already gone.
    pub text: &'a [u8],
    /// The escape byte.
    pub escape: u8,
}

/// What is wrong with a line, and where.
#[derive(Debug)]
pub struct Wrong {
    /// Offset in the line.
    pub at: usize,
    /// What was expected.
    pub message: String,
}

type Result = std::result::Result<(), Wrong>;

fn wrong(at: usize, message: impl Into<String>) -> Wrong {
    Wrong { at, message: message.into() }
}

/// What an instruction's line was found to be.
pub struct Head {
    /// The instruction.
    pub keyword: Keyword,
    /// Where its arguments begin, behind the flags.
    pub args: usize,
    /// Where they end.
    pub end: usize,
}

impl Line<'_> {
    /// Adds the nodes of the line to `builder`.
    pub fn parse(&self, builder: &mut Builder) -> (Head, Result) {
        let head = self.head(builder);
        let result = self.args(head.keyword, &self.text[..head.end], head.args, builder);
        (head, result)
    }

    /// The keyword and the flags.
    fn head(&self, builder: &mut Builder) -> Head {
        let bounds = lex::trim(self.text);
        let line = &self.text[..bounds.end];
        let name_end = bounds.start + lex::word(&line[bounds.start..]).map_or(0, |(_, w)| w.len());
        let keyword = Keyword::of(&line[bounds.start..name_end]);
        builder.leaf(Kind::Keyword, bounds.start, name_end);
        let rest = name_end + lex::blanks(&line[name_end..]).map_or(0, |(_, b)| b.len());
        let flags_end = self.flags(line, rest, builder);
        Head { keyword, args: flags_end + lex::leading_space(&line[flags_end..]), end: line.len() }
    }

    fn args(&self, keyword: Keyword, line: &[u8], at: usize, builder: &mut Builder) -> Result {
        use Keyword as K;
        match keyword {
            K::Run | K::Cmd | K::Entrypoint | K::Shell => {
                exec_or(line, at, builder, |b| text(Kind::ShellText, line, at, b))
            }
            K::Copy | K::Add | K::Volume => exec_or(line, at, builder, |b| word_list(line, at, b)),
            K::Expose => {
                word_list(line, at, builder);
                Ok(())
            }
            K::From => {
                from(line, at, builder);
                Ok(())
            }
            K::User | K::Workdir | K::Stopsignal | K::Maintainer => {
                text(Kind::Raw, line, at, builder);
                Ok(())
            }
            K::Healthcheck => health(line, at, builder),
            K::Env | K::Label => self.pairs(keyword, line, at, builder),
            K::Arg => {
                self.arg(line, at, builder);
                Ok(())
            }
            K::Onbuild => self.onbuild(line, at, builder),
            K::Unknown => {
                text(Kind::Raw, line, at, builder);
                Ok(())
            }
        }
    }

    /// Flags stand before the arguments of every instruction. Gives the offset behind the last one.
    ///
    /// The scan goes byte by byte: quotes of both kinds group and the escape protects, inside quotes too.
    fn flags(&self, line: &[u8], from: usize, builder: &mut Builder) -> usize {
        let mut at = from;
        loop {
            let start = at + line[at..].iter().take_while(|b| is_space_byte(**b)).count();
            if !line[start..].starts_with(b"--") {
                return start;
            }
            at = self.flag_end(line, start);
            builder.leaf(Kind::Flag, start, at);
            if flag_value(&line[start..at], self.escape) == b"--" {
                return at;
            }
        }
    }

    fn flag_end(&self, line: &[u8], start: usize) -> usize {
        let (mut at, mut quote) = (start, None);
        while let Some(&byte) = line.get(at) {
            match quote {
                None if is_space_byte(byte) => return at,
                None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
                Some(q) if q == byte => quote = None,
                _ if byte == self.escape => {
                    if at + 1 == line.len() {
                        quote = None;
                    }
                    at += 1;
                }
                _ => {}
            }
            at += 1;
        }
        line.len()
    }

    /// ENV and LABEL: `KEY=value …`, or the old `KEY value`.
    fn pairs(&self, keyword: Keyword, line: &[u8], at: usize, builder: &mut Builder) -> Result {
        let mut words = self.quoted_words(line, at).peekable();
        let Some(&(start, end)) = words.peek() else { return Ok(()) };
        if !line[start..end].contains(&b'=') {
            return legacy_pair(keyword, line, at, builder);
        }
        for (start, end) in words {
            if let Some(equals) = line[start..end].iter().position(|b| *b == b'=') {
                pair(start, start + equals, end, builder);
            } else {
                let shown = String::from_utf8_lossy(&line[start..end]).into_owned();
                return Err(wrong(start, format!("`{shown}` has no `=`: expected name=value")));
            }
        }
        Ok(())
    }

    fn arg(&self, line: &[u8], at: usize, builder: &mut Builder) {
        for (start, end) in self.quoted_words(line, at) {
            match line[start..end].iter().position(|b| *b == b'=') {
                Some(equals) => pair(start, start + equals, end, builder),
                None => builder.leaf(Kind::Word, start, end),
            }
        }
    }

    /// The words of `line[at..]`, quotes and escapes kept: blanks inside quotes or behind an escape do not split.
    fn quoted_words<'a>(&self, line: &'a [u8], at: usize) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let escape = self.escape;
        let mut at = at;
        std::iter::from_fn(move || {
            at += lex::leading_space(&line[at..]);
            let start = at;
            let mut quote = None;
            while let Some((char, len)) = first_char(&line[at..]) {
                match (quote, char) {
                    (None, c) if is_space(c) => break,
                    (None, '\'' | '"') => quote = Some(char),
                    (Some(q), c) if q == c => quote = None,
                    (Some('\''), _) => {}
                    (_, c) if c == escape as char => {
                        at += first_char(&line[at + len..]).map_or(0, |(_, n)| n);
                    }
                    _ => {}
                }
                at += len;
            }
            // an escape with nothing behind it is dropped, and may leave no word at all
            let dropped = at == line.len() && line[start..] == [escape];
            (at > start && !dropped).then_some((start, at))
        })
    }

    /// The text of ONBUILD goes into the image as it stands; it must parse all the same.
    fn onbuild(&self, line: &[u8], at: usize, builder: &mut Builder) -> Result {
        // blanks at the end are part of the trigger: `RUN a ` and `RUN a` are two configurations
        if at >= line.len() {
            return Ok(());
        }
        text(Kind::Raw, self.text, at, builder);
        self.trigger(line, at).1
    }

    /// What the text of ONBUILD at `at` is: the instruction inside, and whether it parses. BuildKit's parser lets
    /// ONBUILD nest (its check of instructions does not), so this is a loop.
    pub fn trigger(&self, line: &[u8], mut at: usize) -> (Head, Result) {
        let shifted = |w: Wrong, at| wrong(w.at + at, w.message);
        loop {
            let inner = Line { text: &line[at..], escape: self.escape };
            let mut scratch = Builder::default();
            let head = inner.head(&mut scratch);
            if head.keyword == Keyword::Onbuild && head.args < head.end {
                at += head.args;
                continue;
            }
            let result = inner.args(head.keyword, &inner.text[..head.end], head.args, &mut scratch);
            return (head, result.map_err(|w| shifted(w, at)));
        }
    }
}

/// A flag as BuildKit reads it: quotes and escapes gone, each byte taken for a character.
pub fn flag_value(flag: &[u8], escape: u8) -> Vec<u8> {
    let (mut out, mut quote, mut bytes) = (String::new(), None, flag.iter());
    while let Some(&byte) = bytes.next() {
        match quote {
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            Some(q) if q == byte => quote = None,
            _ if byte == escape => match bytes.next() {
                Some(&next) => out.push(next as char),
                None => break,
            },
            _ => out.push(byte as char),
        }
    }
    out.into_bytes()
}

/// A word of ENV, LABEL or ARG as BuildKit's parser keeps it: an escape with nothing behind it is dropped.
pub fn word_value(word: &[u8], escape: u8) -> &[u8] {
    let (mut quote, mut at) = (None, 0);
    while let Some(&byte) = word.get(at) {
        match quote {
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            Some(q) if q == byte => quote = None,
            Some(b'\'') => {}
            _ if byte == escape => {
                if at + 1 == word.len() {
                    return &word[..at];
                }
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    word
}

/// A text that is one token, if there is any.
fn text(kind: Kind, line: &[u8], at: usize, builder: &mut Builder) {
    if at < line.len() {
        builder.leaf(kind, at, line.len());
    }
}

/// An exec form, or what `otherwise` adds.
fn exec_or(line: &[u8], at: usize, builder: &mut Builder, otherwise: impl FnOnce(&mut Builder)) -> Result {
    if line.get(at) == Some(&b'[') {
        match exec::parse(&line[at..], at, builder) {
            Exec::Strings => return Ok(()),
            Exec::NotStrings => return Err(wrong(at, "a JSON array must hold strings alone")),
            Exec::No => {}
        }
    }
    otherwise(builder);
    Ok(())
}

/// Words between blanks.
fn words(line: &[u8], at: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = at;
    std::iter::from_fn(move || {
        let start = at;
        let (rest, word) = lex::word(&line[at..]).ok()?;
        at = line.len() - rest.len() + lex::blanks(rest).map_or(0, |(_, b)| b.len());
        (start < line.len()).then_some((start, start + word.len()))
    })
}

fn word_list(line: &[u8], at: usize, builder: &mut Builder) {
    for (start, end) in words(line, at) {
        builder.leaf(Kind::Word, start, end);
    }
}

fn from(line: &[u8], at: usize, builder: &mut Builder) {
    for (n, (start, end)) in words(line, at).enumerate() {
        let is_as = n == 1 && line[start..end].eq_ignore_ascii_case(b"as");
        builder.leaf(if is_as { Kind::As } else { Kind::Word }, start, end);
    }
}

fn health(line: &[u8], at: usize, builder: &mut Builder) -> Result {
    let rest = &line[at..];
    let type_end = at + rest.iter().take_while(|b| !is_space_byte(**b)).count();
    if type_end == at {
        return Ok(());
    }
    builder.leaf(Kind::HealthType, at, type_end);
    let command = type_end + line[type_end..].iter().take_while(|b| is_space_byte(**b)).count();
    exec_or(line, command, builder, |b| text(Kind::ShellText, line, command, b))
}

fn pair(start: usize, equals: usize, end: usize, builder: &mut Builder) {
    let pair = builder.open(Kind::Pair, start);
    builder.leaf(Kind::Key, start, equals);
    builder.leaf(Kind::Equals, equals, equals + 1);
    builder.leaf(Kind::Value, equals + 1, end);
    builder.close(pair, end);
}

fn legacy_pair(keyword: Keyword, line: &[u8], at: usize, builder: &mut Builder) -> Result {
    let (rest, key) = lex::word(&line[at..]).unwrap_or((&[], &line[at..]));
    let value = line.len() - rest.len() + lex::blanks(rest).map_or(0, |(_, b)| b.len());
    if rest.is_empty() {
        return Err(wrong(at, format!("{} needs a name and a value", keyword.upper())));
    }
    let pair = builder.open(Kind::LegacyPair, at);
    builder.leaf(Kind::Key, at, at + key.len());
    builder.leaf(Kind::Value, value, line.len());
    builder.close(pair, line.len());
    Ok(())
}
