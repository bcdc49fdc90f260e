//! Words and variables as BuildKit's own lexer reads them (`frontend/dockerfile/shell/lex.go`).
//!
//! This is not the shell: it serves ENV, COPY, WORKDIR and their like, and finds heredocs. It follows BuildKit to the
//! letter, its oddities included: in word-splitting mode a `${name:-word}` discards what the word had gathered before
//! it. It must not know which instruction it serves.

use super::lex;
use super::pattern::{glob, replace, reversed, strip};

/// How the lexer reads; the default is what BuildKit uses to expand.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The escape byte.
    pub escape: u8,
    /// Quotes stay in the words.
    pub raw_quotes: bool,
    /// Escapes stay in the words.
    pub raw_escapes: bool,
    /// A variable that is not set stays as it is written.
    pub keep_unset: bool,
}

impl Options {
    /// What BuildKit uses to expand with this escape byte.
    pub const fn new(escape: u8) -> Self {
        Self { escape, raw_quotes: false, raw_escapes: false, keep_unset: false }
    }
}

/// The value of a variable, or `None` where it is not set.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Why a word cannot be expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadWord(pub String);

type Result<T> = std::result::Result<T, BadWord>;

/// Substitutions inside substitutions beyond this are refused, so that no input overflows the stack.
const MAX_DEPTH: usize = 200;

/// Expands `word` to one string.
///
/// # Errors
/// A quote or brace without its end, or a substitution that BuildKit does not know.
pub fn word(word: &[u8], options: Options, lookup: Lookup) -> Result<String> {
    Lexer::new(word, options, lookup).until(None, options.raw_escapes).map(|(text, _)| text)
}

/// Expands `text` and splits it into words.
///
/// # Errors
/// As for [`word`].
pub fn words(text: &[u8], options: Options, lookup: Lookup) -> Result<Vec<String>> {
    Lexer::new(text, options, lookup).until(None, options.raw_escapes).map(|(_, words)| words)
}

/// An environment in which nothing is set.
pub fn nothing(_: &str) -> Option<String> {
    None
}

struct Lexer<'a> {
    chars: Vec<char>,
    at: usize,
    options: Options,
    lookup: Lookup<'a>,
    /// The word that is gathered; one buffer for all depths, as in BuildKit.
    buffer: String,
    depth: usize,
}

/// The words of one depth.
#[derive(Default)]
struct Words {
    done: Vec<String>,
    in_word: bool,
}

impl Words {
    fn add(&mut self, buffer: &mut String, char: char) {
        if !lex::is_space(char) {
            self.add_raw(buffer, char);
        } else if self.in_word && !buffer.is_empty() {
            self.done.push(std::mem::take(buffer));
            self.in_word = false;
        }
    }

    fn add_raw(&mut self, buffer: &mut String, char: char) {
        buffer.push(char);
        self.in_word = true;
    }

    fn finish(mut self, buffer: &mut String) -> Vec<String> {
        if !buffer.is_empty() {
            self.done.push(std::mem::take(buffer));
        }
        self.done
    }
}

impl<'a> Lexer<'a> {
    fn new(text: &[u8], options: Options, lookup: Lookup<'a>) -> Self {
        let mut chars: Vec<char> = lex::chars(text).map(|(_, c, _)| c).collect();
        if chars.first() == Some(&'\u{feff}') {
            chars.remove(0);
        }
        Self { chars, at: 0, options, lookup, buffer: String::new(), depth: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek();
        self.at += usize::from(char.is_some());
        char
    }

    fn is_escape(&self, char: char) -> bool {
        char == self.options.escape as char
    }

    /// Reads up to `stop`, or to the end where there is none.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool) -> Result<(String, Vec<String>)> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(BadWord("substitutions are nested too deep".into()));
        }
        let outer = std::mem::replace(&mut self.options.raw_escapes, raw_escapes);
        let answer = self.pieces(stop);
        self.options.raw_escapes = outer;
        self.depth -= 1;
        answer
    }

    fn pieces(&mut self, stop: Option<char>) -> Result<(String, Vec<String>)> {
        let mut result = String::new();
        let mut words = Words::default();
        self.buffer.clear();
        while let Some(char) = self.peek() {
            if Some(char) == stop {
                self.at += 1;
                return Ok((result, words.finish(&mut self.buffer)));
            }
            if let Some(text) = self.special(char)? {
                result.push_str(&text);
                if char == '$' {
                    text.chars().for_each(|c| words.add(&mut self.buffer, c));
                } else {
                    self.buffer.push_str(&text);
                    words.in_word = true;
                }
                continue;
            }
            self.at += 1;
            if !self.is_escape(char) {
                words.add(&mut self.buffer, char);
                result.push(char);
                continue;
            }
            if self.options.raw_escapes {
                words.add_raw(&mut self.buffer, char);
                result.push(char);
            }
            let Some(escaped) = self.next() else { break };
            words.add_raw(&mut self.buffer, escaped);
            result.push(escaped);
        }
        match stop {
            None => Ok((result, words.finish(&mut self.buffer))),
            Some(stop) => Err(BadWord(format!("no matching {stop}"))),
        }
    }

    fn special(&mut self, char: char) -> Result<Option<String>> {
        match char {
            '\'' => self.single_quoted().map(Some),
            '"' => self.double_quoted().map(Some),
            '$' => self.dollar().map(Some),
            '<' => Ok(Some(self.possible_heredoc())),
            _ => Ok(None),
        }
    }

    fn quote(&self, text: &mut String, char: char) {
        if self.options.raw_quotes {
            text.push(char);
        }
    }

    fn single_quoted(&mut self) -> Result<String> {
        self.at += 1;
        let mut text = String::new();
        self.quote(&mut text, '\'');
        loop {
            match self.next() {
                None => return Err(BadWord("no matching single quote".into())),
                Some('\'') => {
                    self.quote(&mut text, '\'');
                    return Ok(text);
                }
                Some(char) => text.push(char),
            }
        }
    }

    fn double_quoted(&mut self) -> Result<String> {
        self.at += 1;
        let mut text = String::new();
        self.quote(&mut text, '"');
        loop {
            match self.peek() {
                None => return Err(BadWord("no matching double quote".into())),
                Some('"') => {
                    self.at += 1;
                    self.quote(&mut text, '"');
                    return Ok(text);
                }
                Some('$') => text.push_str(&self.dollar()?),
                Some(char) => {
                    self.at += 1;
                    self.in_double_quotes(&mut text, char);
                }
            }
        }
    }

    /// Inside double quotes an escape serves `"`, `$` and itself; elsewhere it stays.
    fn in_double_quotes(&mut self, text: &mut String, char: char) {
        if !self.is_escape(char) {
            text.push(char);
            return;
        }
        if self.options.raw_escapes {
            text.push(char);
        }
        match self.peek() {
            None => {}
            Some(next) if next == '"' || next == '$' || self.is_escape(next) => {
                self.at += 1;
                text.push(next);
            }
            Some(_) => text.push(char),
        }
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
    }

    fn dollar(&mut self) -> Result<String> {
        self.at += 1;
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                return Ok("$".into());
            }
            return Ok(match self.get(&name) {
                Some(value) => value,
                None if self.options.keep_unset => format!("${name}"),
                None => String::new(),
            });
        }
        self.at += 1;
        match self.peek() {
            None => return Err(BadWord("no matching }".into())),
            Some('{' | '}' | ':') => return Err(BadWord("bad substitution".into())),
            Some(_) => {}
        }
        let name = self.name();
        self.substitution(&name)
    }

    /// From behind `${name`.
    fn substitution(&mut self, name: &str) -> Result<String> {
        let unknown = |m: &str| BadWord(format!("unsupported modifier ({m}) in substitution"));
        let Some(char) = self.next() else { return Err(unknown("")) };
        match char {
            '}' => Ok(match self.get(name) {
                Some(value) => value,
                None if self.options.keep_unset => format!("${{{name}}}"),
                None => String::new(),
            }),
            ':' => match self.next() {
                Some(op @ ('-' | '+' | '?')) => self.modified(name, op, true),
                // BuildKit reads the word of an unknown modifier before it refuses it; the answer is the same
                other => Err(unknown(&format!(":{}", other.map_or(String::new(), String::from)))),
            },
            '+' | '-' | '?' | '#' | '%' => self.modified(name, char, false),
            '/' => self.replaced(name),
            other => Err(unknown(&other.to_string())),
        }
    }

    /// `${name:-word}`, `${name#pattern}` and their like.
    fn modified(&mut self, name: &str, op: char, null_is_unset: bool) -> Result<String> {
        let (word, _) = self.until(Some('}'), matches!(op, '#' | '%'))?;
        let value = self.get(name);
        let colon = if null_is_unset { ":" } else { "" };
        let set = |v: &String| !(null_is_unset && v.is_empty());
        match (op, value) {
            (_, None) if self.options.keep_unset => Ok(format!("${{{name}{colon}{op}{word}}}")),
            ('-', value) => Ok(value.filter(set).unwrap_or(word)),
            ('+', value) => Ok(value.filter(set).map_or(String::new(), |_| word)),
            ('?', value) => value.filter(set).ok_or_else(|| BadWord(format!("{name}: {word}"))),
            ('#', value) => strip(&value.unwrap_or_default(), &word, '#'),
            (_, value) => {
                let value: String = value.unwrap_or_default().chars().rev().collect();
                let (greedy, pattern) = match word.strip_prefix('%') {
                    Some(rest) => ("%", rest),
                    None => ("", &word[..]),
                };
                let pattern = format!("{greedy}{}", reversed(pattern));
                strip(&value, &pattern, '%').map(|s| s.chars().rev().collect())
            }
        }
    }

    /// `${name/pattern/replacement}`, `${name//…}`.
    fn replaced(&mut self, name: &str) -> Result<String> {
        let all = self.peek() == Some('/');
        self.at += usize::from(all);
        let (pattern, _) = self.until(Some('/'), true)?;
        let (replacement, _) = self.until(Some('}'), true)?;
        match self.get(name) {
            // BuildKit writes it back with one slash
            None if self.options.keep_unset => Ok(format!("${{{name}/{pattern}/{replacement}}}")),
            value => {
                let value: Vec<char> = value.unwrap_or_default().chars().collect();
                let glob = glob(&pattern, true)?;
                replace(&value, &glob, &replacement, all)
            }
        }
    }

    fn name(&mut self) -> String {
        let from = self.at;
        match self.peek() {
            Some(c) if c.is_ascii_digit() => {
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => self.at += 1,
            _ => {
                while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    self.at += 1;
                }
            }
        }
        self.chars[from..self.at].iter().collect()
    }

    /// `<`, or `<<` with the blanks behind it.
    fn possible_heredoc(&mut self) -> String {
        self.at += 1;
        if self.peek() != Some('<') {
            return "<".into();
        }
        self.at += 1;
        let from = self.at;
        while matches!(self.peek(), Some('\t' | '\r' | ' ')) {
            self.at += 1;
        }
        std::iter::once("<<".to_string())
            .chain(self.chars[from..self.at].iter().map(char::to_string))
            .collect()
    }
}
