//! One .dockerignore pattern: read as moby's patternmatcher reads it, and matched against one path.
//!
//! moby turns a pattern into a Go regular expression, but not all of its characters are quoted on the way, so odd
//! patterns mean odd things (`a|b*` is two patterns, `\d` a digit). What has one meaning as a pattern and another as an
//! expression is [refused](compile): an error here makes the context unknown, and rules leave the file alone.

/// How a pattern is matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The whole path.
    Exact(String),
    /// What the path begins with: `a/**`.
    Prefix(String),
    /// What the path ends with: `**/a`.
    Suffix(String),
    /// Anything else.
    Tokens(Vec<Token>),
}

/// A piece of the regular expression that moby makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// This character.
    Char(char),
    /// `?`: any character but a slash.
    One,
    /// `*`: any number of characters but slashes.
    Segment,
    /// `**/`: nothing, or anything up to a slash.
    Folders,
    /// `**` at the end: anything.
    Anything,
    /// `[a-c]`; unlike in a glob the negated form matches a slash too.
    Class(Class),
    /// A `^`, which moby does not quote: holds at the start of the path only.
    Start,
}

/// A character class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

/// Reads a cleaned pattern, without its `!`.
///
/// # Errors
/// What it is that gives the pattern no meaning, or one that dfmt does not vouch for.
pub(super) fn compile(text: &str) -> Result<Shape, &'static str> {
    if text.contains(['\0', '\u{feff}']) {
        return Err("NUL or byte order mark in a pattern");
    }
    let mut reader = Reader { rest: text, tokens: Vec::new(), shape: Kind::Exact, doubt: None };
    reader.run()?;
    match reader.shape {
        Kind::Exact => Ok(Shape::Exact(text.to_owned())),
        Kind::Prefix => Ok(Shape::Prefix(text[..text.len() - 2].to_owned())),
        Kind::Suffix => Ok(Shape::Suffix(text[2..].to_owned())),
        Kind::Tokens => reader.doubt.map_or(Ok(Shape::Tokens(reader.tokens)), Err),
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Exact,
    Prefix,
    Suffix,
    Tokens,
}

struct Reader<'t> {
    rest: &'t str,
    tokens: Vec<Token>,
    shape: Kind,
    /// A character that means something in an expression only; harmless where the pattern is compared as text.
    doubt: Option<&'static str>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn push(&mut self, token: Token) {
        self.tokens.push(token);
        self.shape = Kind::Tokens;
    }

    fn run(&mut self) -> Result<(), &'static str> {
        let mut first = true;
        while let Some(next) = self.next() {
            match next {
                '*' if self.eat('*') => self.double_star(first),
                '*' => self.push(Token::Segment),
                '?' => self.push(Token::One),
                '[' => {
                    let class = self.class()?;
                    self.push(Token::Class(class));
                }
                ']' => self.push(Token::Char(']')),
                '\\' => {
                    let literal = self.escaped()?;
                    self.push(Token::Char(literal));
                }
                other => self.plain(other),
            }
            first = false;
        }
        Ok(())
    }

    fn double_star(&mut self, first: bool) {
        self.eat('/');
        if !self.rest.is_empty() {
            self.push(Token::Folders);
        } else if self.shape == Kind::Exact {
            self.shape = Kind::Prefix;
        } else {
            self.push(Token::Anything);
        }
        if first {
            self.shape = Kind::Suffix;
        }
    }

    fn plain(&mut self, next: char) {
        match next {
            '^' => self.tokens.push(Token::Start),
            '|' => self.doubt = Some("`|` in a pattern is an alternative for BuildKit"),
            '{' if self.rest.starts_with(|digit: char| digit.is_ascii_digit()) => {
                self.doubt = Some("`{` and a digit in a pattern is a repetition for BuildKit");
            }
            other => self.tokens.push(Token::Char(other)),
        }
    }

    /// The character after a backslash. Letters and digits have meanings of their own in an expression.
    fn escaped(&mut self) -> Result<char, &'static str> {
        match self.next() {
            Some(next) if next.is_ascii() && !next.is_ascii_alphanumeric() => Ok(next),
            Some(_) => Err("an escaped letter or digit in a pattern"),
            None => Err("a pattern that ends in a backslash"),
        }
    }

    /// The class whose `[` has been read.
    fn class(&mut self) -> Result<Class, &'static str> {
        let negated = self.eat('^');
        let mut ranges = Vec::new();
        while ranges.is_empty() || !self.eat(']') {
            let low = self.class_char()?;
            let high = if self.eat('-') { self.class_char()? } else { low };
            if low > high {
                return Err("a range in a class of a pattern that is empty");
            }
            ranges.push((low, high));
        }
        Ok(Class { negated, ranges })
    }

    fn class_char(&mut self) -> Result<char, &'static str> {
        match self.next() {
            None => Err("a class in a pattern that is not closed"),
            Some('\\') => self.escaped(),
            Some('*' | '?') => Err("a wildcard in a class of a pattern"),
            Some('-' | ']') => Err("a misplaced `-` or `]` in a class of a pattern"),
            Some('[') if self.rest.starts_with(':') => Err("a named class in a pattern"),
            Some(other) => Ok(other),
        }
    }
}

impl Shape {
    /// Whether it matches all of `path`.
    pub(super) fn matches(&self, path: &str) -> bool {
        match self {
            Self::Exact(text) => path == text,
            Self::Prefix(text) => path.starts_with(text.as_str()),
            Self::Suffix(text) => path.ends_with(text.as_str()) || text.strip_prefix('/') == Some(path),
            Self::Tokens(tokens) => run(tokens, path),
        }
    }
}

/// All ways through the tokens at once, so the time is bounded by their number times the length of the path.
struct States<'t> {
    tokens: &'t [Token],
    /// The token that comes next.
    at: Vec<bool>,
    /// Inside the `Folders` at this place, past its first character.
    inside: Vec<bool>,
}

fn run(tokens: &[Token], path: &str) -> bool {
    let fresh = || vec![false; tokens.len() + 1];
    let mut now = States { tokens, at: fresh(), inside: fresh() };
    now.enter(0, true);
    for next in path.chars() {
        let mut then = States { tokens, at: fresh(), inside: fresh() };
        for index in 0..tokens.len() {
            if now.at[index] || now.inside[index] {
                then.step(index, next);
            }
        }
        now = then;
    }
    now.at[tokens.len()]
}

impl States<'_> {
    /// Arrives before the token at `index`, and behind it where that may match nothing.
    fn enter(&mut self, mut index: usize, at_start: bool) {
        loop {
            self.at[index] = true;
            match self.tokens.get(index) {
                Some(Token::Segment | Token::Folders | Token::Anything) => index += 1,
                Some(Token::Start) if at_start => index += 1,
                _ => return,
            }
        }
    }

    /// Reads `next` with the token at `index`.
    fn step(&mut self, index: usize, next: char) {
        match &self.tokens[index] {
            Token::Char(wanted) if *wanted == next => self.enter(index + 1, false),
            Token::One if next != '/' => self.enter(index + 1, false),
            Token::Class(class) if class.holds(next) => self.enter(index + 1, false),
            Token::Segment if next != '/' => self.enter(index, false),
            Token::Anything if next != '\n' => self.enter(index, false),
            Token::Folders => {
                self.inside[index] |= next != '\n';
                if next == '/' {
                    self.enter(index + 1, false);
                }
            }
            _ => {}
        }
    }
}

impl Class {
    fn holds(&self, next: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&next)) != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        compile(pattern).is_ok_and(|shape| shape.matches(path))
    }

    #[test]
    fn matches_paths() {
        let table: &[(&str, &[&str], &[&str])] = &[
            ("a", &["a"], &["b/a", "a/b", "ab"]),
            ("a.b", &["a.b"], &["axb"]),
            ("*", &["a", ".a"], &["a/b"]),
            ("*.c", &["x.c", ".c"], &["a/x.c", "x.cc"]),
            ("a?c", &["abc"], &["a/c", "ac"]),
            ("**", &["a", "a/b"], &[]),
            ("a/**", &["a/b", "a/b/c"], &["a", "ab"]),
            ("a**", &["a", "ab", "a/b"], &["b"]),
            ("**/a", &["a", "b/a", "b/c/a"], &["ba", "a/b"]),
            ("**a", &["a", "ba", "b/a"], &["ab"]),
            ("**/*.c", &["x.c", "a/b/x.c"], &["x.d"]),
            ("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["a/xb", "ab"]),
            ("a**b", &["ab", "a/b", "axx/b"], &["axb"]),
            ("[a-c]x", &["ax", "cx"], &["dx", "x"]),
            ("a[^b]c", &["axc", "a/c"], &["abc"]),
            ("[!a]", &["!", "a"], &["b"]),
            ("[[]", &["["], &["[]"]),
            ("\\*", &["*"], &["a"]),
            ("*.{js,ts}", &["x.{js,ts}"], &["x.js"]),
            ("^a*", &["ab"], &["^ab"]),
            ("a^*", &[], &["a^b"]),
            ("^a", &["^a"], &["a"]),
        ];
        for (pattern, yes, no) in table {
            yes.iter().for_each(|path| assert!(matches(pattern, path), "{pattern:?} {path:?}"));
            no.iter().for_each(|path| assert!(!matches(pattern, path), "{pattern:?} {path:?}"));
        }
    }

    #[test]
    fn refuses_what_has_another_meaning() {
        for pattern in
            ["a|b*", "a{2}*", "\\d", "a\\", "*\\", "[a", "[", "[]a]", "[*]", "[[:alpha:]]", "[b-a]", "[a-]"]
        {
            assert!(compile(pattern).is_err(), "{pattern:?}");
        }
        assert!(compile("a|b").is_ok(), "compared as text");
    }

    #[test]
    fn is_not_slow_on_many_stars() {
        assert!(!matches(&"*a".repeat(200), &"a".repeat(199)));
        assert!(!matches(&"**/".repeat(100).replace("**/", "**/a*"), &"b/".repeat(500)));
    }
}
