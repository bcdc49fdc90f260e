//! Elixir as far as it is needed to say that a script calls nothing that could read a file.
//!
//! The source is Elixir's "Syntax reference". A script is cut into tokens; what stands in an interpolation is code like
//! the rest. [`calls_nothing`] then holds that each call to a module is one of a few that cannot read files, and that no
//! word of the kernel is used that calls what is not written out.

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name that begins with a small letter, with its `?` or `!`.
    Word(String),
    /// The name of a module.
    Module(String),
    /// `:name`.
    Atom(String),
    /// `name:` or `"name":`.
    Key(String),
    /// The text of a string, or a part of it where something is put into it.
    Text(String),
    /// A number, a character or a sigil.
    Value,
    /// Anything else, a character at a time.
    Sign(char),
}

const MAX_DEPTH: usize = 20;

/// Cuts a script into tokens.
///
/// # Errors
/// What is not understood.
pub fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut reader = Reader { rest: text, found: Vec::new() };
    reader.read(0)?;
    Ok(reader.found)
}

struct Reader<'t> {
    rest: &'t str,
    found: Vec<Token>,
}

impl Reader<'_> {
    /// Reads up to the end, or behind the `}` that closes an interpolation.
    fn read(&mut self, depth: usize) -> Result<(), String> {
        let mut braces = 0;
        while let Some(c) = self.rest.chars().next() {
            match c {
                '}' if depth > 0 && braces == 0 => {
                    self.skip(1);
                    return Ok(());
                }
                '{' => braces += 1,
                '}' => braces -= 1,
                _ => {}
            }
            self.token(c, depth)?;
        }
        if depth == 0 { Ok(()) } else { Err("a string is not closed".to_string()) }
    }

    fn token(&mut self, c: char, depth: usize) -> Result<(), String> {
        let next = self.rest[c.len_utf8()..].chars().next().unwrap_or(' ');
        match c {
            '#' => {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.skip(end);
            }
            c if c.is_whitespace() => self.skip(c.len_utf8()),
            '"' | '\'' => self.quoted(c, depth)?,
            '~' if next.is_ascii_alphabetic() => self.sigil()?,
            '?' => {
                self.skip(1);
                let taken = if next == '\\' { 2 } else { next.len_utf8() };
                self.skip(taken.min(self.rest.len()));
                self.found.push(Token::Value);
            }
            ':' if next == '"' || next == '\'' => {
                self.skip(1);
                let before = self.found.len();
                self.quoted(next, depth)?;
                match self.found.drain(before..).collect::<Vec<_>>().as_slice() {
                    [Token::Text(name)] => self.found.push(Token::Atom(name.clone())),
                    _ => return Err("an atom is made of parts".to_string()),
                }
            }
            ':' if next.is_ascii_alphabetic() || next == '_' => {
                self.skip(1);
                let name = self.name();
                self.found.push(Token::Atom(name));
            }
            c if c.is_ascii_digit() => {
                let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                self.skip(end.unwrap_or(self.rest.len()));
                self.found.push(Token::Value);
            }
            c if c.is_alphabetic() || c == '_' => self.word(),
            _ => {
                self.skip(c.len_utf8());
                self.found.push(Token::Sign(c));
            }
        }
        Ok(())
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn name(&mut self) -> String {
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '@'));
        let mut end = end.unwrap_or(self.rest.len());
        if self.rest[end..].starts_with(['?', '!']) && !self.rest[end + 1..].starts_with('=') {
            end += 1;
        }
        let name = self.rest[..end].to_string();
        self.skip(end);
        name
    }

    fn word(&mut self) {
        let mut name = self.name();
        while name.starts_with(|c: char| c.is_uppercase()) {
            let Some(rest) = self.rest.strip_prefix('.') else { break };
            if !rest.starts_with(|c: char| c.is_uppercase()) {
                break;
            }
            self.skip(1);
            name = format!("{name}.{}", self.name());
        }
        let is_key = self.rest.starts_with(':') && !self.rest.starts_with("::");
        if is_key {
            self.skip(1);
        }
        self.found.push(match name.chars().next() {
            _ if is_key => Token::Key(name),
            Some(c) if c.is_uppercase() => Token::Module(name),
            _ => Token::Word(name),
        });
    }

    /// A string, a list of characters, or one of them over several lines.
    fn quoted(&mut self, quote: char, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("strings stand too deep in each other".to_string());
        }
        let triple: String = [quote; 3].iter().collect();
        let end = if self.rest.starts_with(&triple) { triple } else { quote.to_string() };
        self.skip(end.len());
        let mut text = String::new();
        loop {
            if self.rest.starts_with(&end) {
                self.skip(end.len());
                break;
            }
            if self.rest.starts_with("#{") {
                self.skip(2);
                self.found.push(Token::Text(std::mem::take(&mut text)));
                self.found.push(Token::Sign('#'));
                self.read(depth + 1)?;
                self.found.push(Token::Sign('#'));
                continue;
            }
            let c = self.rest.chars().next().ok_or("a string is not closed")?;
            self.skip(c.len_utf8());
            if c == '\\' {
                let escaped = self.rest.chars().next().ok_or("a string is not closed")?;
                self.skip(escaped.len_utf8());
                text.push(c);
                text.push(escaped);
            } else {
                text.push(c);
            }
        }
        let is_key = self.rest.starts_with(": ") || self.rest.starts_with(":\n");
        if is_key {
            self.skip(1);
        }
        self.found.push(if is_key { Token::Key(text) } else { Token::Text(text) });
        Ok(())
    }

    /// `~w(a b)` and its like.
    fn sigil(&mut self) -> Result<(), String> {
        self.skip(1);
        self.name();
        let open = self.rest.chars().next().unwrap_or(' ');
        let triple = [open; 3].iter().collect::<String>();
        let end = match open {
            '(' => ")".to_string(),
            '[' => "]".to_string(),
            '{' => "}".to_string(),
            '<' => ">".to_string(),
            '"' | '\'' if self.rest.starts_with(&triple) => triple,
            '"' | '\'' | '/' | '|' => open.to_string(),
            _ => return Err("a sigil is not understood".to_string()),
        };
        self.skip(if end.len() == 3 { 3 } else { 1 });
        let length = self.rest.find(&end).ok_or("a sigil is not closed")?;
        let body = &self.rest[..length];
        if body.contains("#{") || body.contains('\\') {
            return Err("a sigil holds more than text".to_string());
        }
        self.skip(length + end.len());
        self.found.push(Token::Value);
        Ok(())
    }
}

/// Functions that read no file, and call nothing that is not written out beside them; a module alone stands for all of
/// its own.
const HARMLESS: &[&str] = &[
    "Mix.env",
    "Mix.target",
    "Mix.compilers",
    "Mix.Project.compilers",
    "System.get_env",
    "System.fetch_env",
    "System.fetch_env!",
    "System.version",
    "System.otp_release",
    "Path.expand",
    "Path.join",
    "Path.dirname",
    "Path.basename",
    "String",
    "Integer",
    "List",
    "Keyword",
    "Map",
    "Enum",
    "Version",
    "Regex",
    "Atom",
];

/// Words of the kernel that call what is not written out, or bring in names from elsewhere.
const FAR: &[&str] = &[
    "apply",
    "spawn",
    "spawn_link",
    "spawn_monitor",
    "import",
    "use",
    "require",
    "alias",
    "defmacro",
    "defmacrop",
    "quote",
    "unquote",
    "unquote_splicing",
    "defdelegate",
    "defoverridable",
    "receive",
    "__ENV__",
    "__CALLER__",
];

/// What `use` and `import` may bring in.
const NEAR: &[&str] = &["Mix.Project", "Mix.Config", "Config"];

/// Whether a script calls nothing that could read or write a file.
///
/// # Errors
/// What may.
pub fn calls_nothing(tokens: &[Token]) -> Result<(), String> {
    let at = |n: usize| tokens.get(n).unwrap_or(&Token::Value);
    for (n, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(word) if FAR.contains(&word.as_str()) => {
                let brings = matches!(word.as_str(), "use" | "import");
                let near = matches!(at(n + 1), Token::Module(m) if NEAR.contains(&m.as_str()));
                if !(brings && near && *at(n + 2) != Token::Sign(',')) {
                    return Err(format!("`{word}` may call what reads files"));
                }
            }
            Token::Sign('.')
                if *at(n + 1) != Token::Sign('.') && (n == 0 || *at(n - 1) != Token::Sign('.')) =>
            {
                call(at(n.wrapping_sub(1)), at(n + 1))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn call(of: &Token, what: &Token) -> Result<(), String> {
    match (of, what) {
        (Token::Module(module), Token::Word(function)) => {
            let name = format!("{module}.{function}");
            if HARMLESS.iter().any(|h| h == module || *h == name) {
                return Ok(());
            }
            Err(format!("`{name}` may read files"))
        }
        // a number with a fraction
        (Token::Value, Token::Value) => Ok(()),
        _ => Err("it calls a function that is not written out".to_string()),
    }
}

#[cfg(test)]
#[path = "elixir_tests.rs"]
mod tests;
