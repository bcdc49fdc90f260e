//! go.mod and go.work: which folders they name, and which modules they require.
//!
//! Both have the same form: a verb with words on a line, or `verb (` with a line for each, up to `)`; `//` begins a
//! comment, and words may be quoted. Sources: go.dev/ref/mod (go.mod files, Workspaces), `golang.org/x/mod/modfile`.

/// What a go.mod or a go.work says, as far as a download cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoFile {
    /// The version of the language.
    pub go: Option<String>,
    /// The modules that it requires: path and version.
    pub requires: Vec<(String, String)>,
    /// Its replacements.
    pub replaces: Vec<Replace>,
    /// The folders that a go.work uses.
    pub uses: Vec<String>,
}

/// A module that is taken from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// Its path.
    pub path: String,
    /// The version that is replaced; all where there is none.
    pub version: Option<String>,
    /// The path of a module, or a folder.
    pub with: String,
    /// The version of it; none for a folder.
    pub with_version: Option<String>,
}

impl Replace {
    /// Whether it is a folder: it begins with `./`, `../` or `/`.
    pub fn is_folder(&self) -> bool {
        self.with_version.is_none()
    }
}

/// Reads a file.
///
/// # Errors
/// The line that is not understood.
pub fn read(text: &str) -> Result<GoFile, String> {
    let mut file = GoFile::default();
    let mut block: Option<String> = None;
    for line in text.lines() {
        let words = words(line).ok_or_else(|| line.trim().to_string())?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match (&block, &words[..]) {
            (_, []) => {}
            (Some(_), [")"]) => block = None,
            (None, [verb, "("]) => block = Some((*verb).to_string()),
            (Some(verb), words) => file.take(verb, words).ok_or_else(|| line.trim().to_string())?,
            (None, [verb, words @ ..]) => file.take(verb, words).ok_or_else(|| line.trim().to_string())?,
        }
    }
    if block.is_some() { Err("a block that is not closed".to_string()) } else { Ok(file) }
}

impl GoFile {
    fn take(&mut self, verb: &str, words: &[&str]) -> Option<()> {
        match (verb, words) {
            ("go", [version]) => self.go = Some((*version).to_string()),
            ("require", [path, version]) => self.requires.push(((*path).to_string(), (*version).to_string())),
            ("use", [folder]) => self.uses.push((*folder).to_string()),
            ("replace", [path, "=>", with @ ..]) => self.replace(path, None, with)?,
            ("replace", [path, version, "=>", with @ ..]) => self.replace(path, Some(version), with)?,
            ("module" | "toolchain" | "exclude" | "retract" | "godebug" | "tool" | "ignore", _) => {}
            _ => return None,
        }
        Some(())
    }

    fn replace(&mut self, path: &str, version: Option<&str>, with: &[&str]) -> Option<()> {
        let (with, with_version) = match with {
            [with] if with.starts_with(['.', '/']) => (with, None),
            [with, version] => (with, Some((*version).to_string())),
            _ => return None,
        };
        let (path, with) = (path.to_string(), (*with).to_string());
        self.replaces.push(Replace { path, version: version.map(str::to_string), with, with_version });
        Some(())
    }
}

/// The words of a line; none where a quote is not closed.
fn words(line: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() && !rest.starts_with("//") {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '`'));
        let (word, after) = if let Some(quote) = quote {
            rest[1..].split_once(quote)?
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest.split_at(end)
        };
        if word.contains(['\\', '"', '`']) || quote.is_none() && word.len() > 1 && word.contains(['(', ')']) {
            return None;
        }
        found.push(word.to_string());
        rest = after.trim_start();
    }
    Some(found)
}

/// The modules whose go.mod a go.sum has a sum of: path and version.
pub fn sums(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (path, version) = (words.next()?, words.next()?);
        Some((path, version.strip_suffix("/go.mod")?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_blocks_lines_and_comments() {
        let text = "module example.org/m // the module\n\ngo 1.22\ntoolchain go1.22.1\nrequire (\n\ta.org/x v1.0.0 // indirect\n\
                    \tb.org/y v0.1.0\n)\nrequire \"c.org/z\" v2.0.0+incompatible\nreplace a.org/x => ../x\n\
                    replace (\n b.org/y v0.1.0 => d.org/y v0.2.0\n)\nretract [v1.0.0, v1.1.0]\nexclude e.org/q v1.0.0\n";
        let file = read(text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(file.go.as_deref(), Some("1.22"));
        let paths: Vec<&str> = file.requires.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["a.org/x", "b.org/y", "c.org/z"]);
        assert_eq!(file.replaces.iter().map(Replace::is_folder).collect::<Vec<_>>(), [true, false]);
        assert_eq!(
            read("go 1.22\nuse (\n\t.\n\t./tools\n)\n").map(|f| f.uses),
            Ok(vec![".".into(), "./tools".into()])
        );
    }

    #[test]
    fn what_it_does_not_know_is_refused() {
        for text in ["include x", "require (\n a v1", "replace a => b", "require a", "go \"1.22"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn finds_the_sums_of_modules() {
        let text = "a.org/x v1.0.0 h1:abc=\na.org/x v1.0.0/go.mod h1:def=\n";
        assert_eq!(sums(text).collect::<Vec<_>>(), [("a.org/x", "v1.0.0")]);
    }
}
