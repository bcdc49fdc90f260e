//! Heredocs: which words of a line open one, and where their bodies end.
//!
//! The escape is always `\` here, whatever the directive says, and a line that does not lex has no heredocs at all:
//! so BuildKit does it (`parser.go`, `heredocsFromLine`).

use super::expand::{self, Options};
use super::lex;
use super::tree::Heredoc;
use crate::source::Span;

/// The heredocs that `line` (a whole logical line) opens, without bodies.
///
/// # Errors
/// A delimiter that BuildKit cannot read.
pub fn of_line(line: &[u8]) -> Result<Vec<Heredoc>, String> {
    let Some(words) = words(line) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for word in words {
        found.extend(of_word(word.as_bytes())?);
    }
    Ok(found)
}

/// The words of a line as the lexer for heredocs splits them; `None` where it cannot.
pub fn words(line: &[u8]) -> Option<Vec<String>> {
    let options = Options { raw_quotes: true, raw_escapes: true, keep_unset: true, ..Options::new(b'\\') };
    expand::words(line, options, &expand::nothing).ok()
}

/// The heredoc that `word` opens, if it opens one.
///
/// # Errors
/// A delimiter that BuildKit cannot read.
pub fn of_word(word: &[u8]) -> Result<Option<Heredoc>, String> {
    let Ok((_, (fd, chomp, delimiter))) = lex::heredoc_word(word) else { return Ok(None) };
    if delimiter.is_empty() {
        return Ok(None);
    }
    let plain = Options { keep_unset: true, ..Options::new(b'\\') };
    let quoted = Options { raw_quotes: true, ..plain };
    let split = |options| expand::words(delimiter, options, &expand::nothing).map_err(|e| e.0);
    let names = split(plain)?;
    let [name] = &names[..] else { return Ok(None) };
    let raw = split(quoted)?;
    let [raw] = &raw[..] else { return Err("the delimiter of a heredoc cannot be read".into()) };
    let count = |s: &str| s.bytes().filter(|b| matches!(b, b'\'' | b'"')).count();
    let digits = std::str::from_utf8(fd).unwrap_or_default();
    Ok(Some(Heredoc {
        name: name.clone(),
        fd: if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) },
        expand: count(name) == count(raw),
        chomp,
        body: Span::default(),
        terminator: Span::default(),
    }))
}

/// Where the body of `heredoc` and its terminator line end in `text`, which begins with the body; `None` where the
/// terminator is missing.
pub fn body(heredoc: &Heredoc, text: &[u8]) -> Option<(usize, usize)> {
    let mut at = 0;
    while at < text.len() {
        let (_, line) = lex::physical_line(&text[at..]).ok()?;
        let mut bare = lex::without_ending(line);
        if heredoc.chomp {
            let tabs = bare.iter().take_while(|b| **b == b'\t').count();
            bare = &bare[tabs..];
        }
        if bare == heredoc.name.as_bytes() {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}
