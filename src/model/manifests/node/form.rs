//! The form in which npm writes package.json: npm 5 and 6 do so at each `npm install`, even where nothing has changed
//! (`savePackageJson` in `lib/install/save.js`), by JavaScript's `JSON.stringify` with the indent that the file has.

use std::collections::BTreeSet;

/// Whether a package.json, which is valid JSON, is written as npm would write it.
pub fn is_as_npm_writes(text: &str) -> bool {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let second = text.lines().nth(1).unwrap_or_default();
    let indent = &second[..second.len() - second.trim_start_matches([' ', '\t']).len()];
    let mut form =
        Form { out: String::with_capacity(text.len()), indent, newline, depth: 0, keys: Vec::new() };
    !indent.is_empty() && form.print(text).is_some() && form.out + newline == text
}

struct Form<'f> {
    out: String,
    indent: &'f str,
    newline: &'f str,
    depth: usize,
    /// The keys of each object that is open.
    keys: Vec<BTreeSet<String>>,
}

impl Form<'_> {
    /// Prints the text anew; nothing where JavaScript would print a word of it otherwise.
    fn print(&mut self, text: &str) -> Option<()> {
        let mut rest = text.trim_start();
        while let Some(c) = rest.chars().next() {
            rest = match c {
                '{' | '[' => self.open(c, &rest[1..]),
                '}' | ']' => {
                    self.depth = self.depth.checked_sub(1)?;
                    self.keys.pop();
                    self.line();
                    self.out.push(c);
                    &rest[1..]
                }
                ',' => {
                    self.out.push(c);
                    self.line();
                    &rest[1..]
                }
                ':' => {
                    self.out.push_str(": ");
                    &rest[1..]
                }
                '"' => self.word(rest)?,
                _ => self.literal(rest)?,
            }
            .trim_start();
        }
        Some(())
    }

    fn open<'t>(&mut self, c: char, rest: &'t str) -> &'t str {
        self.out.push(c);
        let close = if c == '{' { '}' } else { ']' };
        if let Some(behind) = rest.trim_start().strip_prefix(close) {
            self.out.push(close);
            return behind;
        }
        self.depth += 1;
        self.keys.push(BTreeSet::new());
        self.line();
        rest
    }

    fn line(&mut self) {
        self.out.push_str(self.newline);
        self.out.push_str(&self.indent.repeat(self.depth));
    }

    /// A text: JavaScript writes no `\u` and no `\/`, and puts keys that are numbers first.
    fn word<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        let (mut end, mut is_escaped) = (0, false);
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                'u' | '/' if is_escaped => return None,
                '"' if !is_escaped => {
                    end = at;
                    break;
                }
                _ => is_escaped = c == '\\' && !is_escaped,
            }
        }
        let (word, behind) = rest.split_at_checked(end + 1).filter(|_| end > 0)?;
        if behind.trim_start().starts_with(':') {
            let is_number = word[1..end].chars().all(|c| c.is_ascii_digit());
            if is_number || !self.keys.last_mut()?.insert(word.to_string()) {
                return None;
            }
        }
        self.out.push_str(word);
        Some(behind)
    }

    /// `true`, `false`, `null`, or a whole number.
    fn literal<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let is_whole = word.len() < 10 && word.chars().all(|c| c.is_ascii_digit()) && !word.is_empty();
        if !is_whole && !matches!(word, "true" | "false" | "null") {
            return None;
        }
        self.out.push_str(word);
        Some(behind)
    }
}

#[cfg(test)]
mod tests {
    use super::is_as_npm_writes;

    #[test]
    fn knows_what_npm_writes() {
        for text in [
            "{\n  \"name\": \"a\",\n  \"x\": {},\n  \"y\": [],\n  \"z\": [\n    1,\n    true\n  ]\n}\n",
            "{\n\t\"name\": \"a \\\" b\"\n}\n",
            "{\r\n    \"name\": \"a\"\r\n}\r\n",
        ] {
            assert!(is_as_npm_writes(text), "{text:?}");
        }
    }

    #[test]
    fn knows_what_npm_would_change() {
        for text in [
            "{\"name\": \"a\"}",
            "{\n  \"name\": \"a\"\n}",
            "{\n  \"name\": \"a\"\n}\n\n",
            "{\n  \"name\": \"a\",\n    \"b\": 1\n}\n",
            "{\n  \"files\": [\"a\"]\n}\n",
            "{\n  \"name\": \"\\u00e9\"\n}\n",
            "{\n  \"name\" : \"a\"\n}\n",
            "{\n  \"a\": 1,\n  \"a\": 1\n}\n",
            "{\n  \"x\": 1.0\n}\n",
            "{\n  \"x\": 1,\n  \"2\": 1\n}\n",
            "{\n\n  \"x\": 1\n}\n",
            "{\n  \"x\": {\n  }\n}\n",
        ] {
            assert!(!is_as_npm_writes(text), "{text:?}");
        }
    }
}
