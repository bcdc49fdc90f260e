//! The part of YAML that settings of package managers are written in: block mappings and lists, plain and quoted words.
//!
//! Anything else (anchors, tags, texts over several lines, mappings in braces) is an error. What is read is read as YAML
//! 1.2 reads it, but that all words are texts.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    /// Nothing stands there.
    Nothing,
    /// A word.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// Names with values, in their order; no name twice.
    Map(Vec<(String, Yaml)>),
}

/// Deeper settings are none.
const MAX_DEPTH: usize = 20;

struct Line<'t> {
    indent: usize,
    text: &'t str,
}

/// Reads a document.
///
/// # Errors
/// The line that is not understood.
pub fn read(text: &str) -> Result<Yaml, String> {
    let mut lines = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let content = without_comment(line)?.trim_end();
        let text = content.trim_start_matches(' ');
        if line.contains('\t') || text.starts_with("...") {
            return Err(unclear(text));
        }
        if text.is_empty() || content == "---" && lines.is_empty() {
            continue;
        }
        lines.push(Line { indent: content.len() - text.len(), text });
    }
    let mut at = 0;
    let value = match lines.first() {
        Some(first) => block(&lines, &mut at, first.indent, 0)?,
        None => Yaml::Nothing,
    };
    lines.get(at).map_or(Ok(value), |line| Err(unclear(line.text)))
}

fn unclear(text: &str) -> String {
    format!("`{text}` is not understood")
}

/// The line before a `#` that begins a comment.
fn without_comment(line: &str) -> Result<&str, String> {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before == ' ' => return Ok(&line[..at]),
            (None, '"' | '\'') if " [,:-".contains(before) => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => {}
        }
        before = c;
    }
    if quote.is_some() { Err(unclear(line)) } else { Ok(line) }
}

/// The list or mapping whose lines begin at `indent`.
fn block(lines: &[Line], at: &mut usize, indent: usize, depth: usize) -> Result<Yaml, String> {
    if depth > MAX_DEPTH {
        return Err("it is too deep".to_string());
    }
    let is_item = |text: &str| text == "-" || text.starts_with("- ");
    let (mut list, mut map) = (Vec::new(), Vec::new());
    while let Some(line) = lines.get(*at).filter(|l| l.indent == indent) {
        *at += 1;
        if is_item(line.text) {
            let rest = line.text[1..].trim_start_matches(' ');
            if map.is_empty() && !is_item(rest) {
                list.push(item(lines, at, line, rest, depth)?);
                continue;
            }
            return Err(unclear(line.text));
        }
        let (key, rest) = key(line.text).ok_or_else(|| unclear(line.text))?;
        if !list.is_empty() || map.iter().any(|(k, _)| *k == key) {
            return Err(unclear(line.text));
        }
        let value = if rest.is_empty() { below(lines, at, indent, depth)? } else { word(rest)? };
        map.push((key, value));
    }
    match lines.get(*at) {
        Some(line) if line.indent > indent => Err(unclear(line.text)),
        _ if map.is_empty() => Ok(Yaml::List(list)),
        _ => Ok(Yaml::Map(map)),
    }
}

/// What stands below `key:`: a list may begin in the column of the key.
fn below(lines: &[Line], at: &mut usize, indent: usize, depth: usize) -> Result<Yaml, String> {
    match lines.get(*at) {
        Some(next) if next.indent > indent => block(lines, at, next.indent, depth + 1),
        Some(next) if next.indent == indent && next.text.starts_with("- ") => {
            let end =
                (*at..lines.len()).find(|n| lines[*n].indent == indent && !lines[*n].text.starts_with("- "));
            let part = &lines[..end.unwrap_or(lines.len())];
            block(part, at, indent, depth + 1)
        }
        _ => Ok(Yaml::Nothing),
    }
}

/// An item: a word, or a mapping whose first name stands behind the `-`.
fn item(lines: &[Line], at: &mut usize, line: &Line, rest: &str, depth: usize) -> Result<Yaml, String> {
    let Some((name, value)) = key(rest) else { return word(rest) };
    let inner = line.indent + (line.text.len() - rest.len());
    let first = if value.is_empty() { below(lines, at, inner, depth + 1)? } else { word(value)? };
    let mut map = vec![(name, first)];
    if lines.get(*at).is_some_and(|l| l.indent == inner) {
        match block(lines, at, inner, depth + 1)? {
            Yaml::Map(more) if more.iter().all(|(k, _)| *k != map[0].0) => map.extend(more),
            _ => return Err(unclear(rest)),
        }
    }
    Ok(Yaml::Map(map))
}

/// `key: rest` or `key:`.
fn key(text: &str) -> Option<(String, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = text[1..].find(quote)? + 1;
        let rest = text[end + 1..].strip_prefix(':')?;
        let Ok(Yaml::Text(key)) = word(&text[..=end]) else { return None };
        return (rest.is_empty() || rest.starts_with(' ')).then(|| (key, rest.trim_start()));
    }
    let at = text.find(": ").or_else(|| text.strip_suffix(':').map(str::len))?;
    let Ok(Yaml::Text(key)) = word(&text[..at]) else { return None };
    Some((key, text[at + 1..].trim_start()))
}

/// A word, a list in brackets, or an empty mapping.
fn word(text: &str) -> Result<Yaml, String> {
    let fail = || Err(unclear(text));
    if text == "{}" {
        return Ok(Yaml::Nothing);
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        let words = inner.split(',').map(str::trim).filter(|w| !w.is_empty());
        return words.map(plain_or_quoted).collect::<Result<Vec<_>, _>>().map(Yaml::List);
    }
    if text.is_empty() { fail() } else { plain_or_quoted(text) }
}

fn plain_or_quoted(text: &str) -> Result<Yaml, String> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            let inner = inner.strip_suffix(quote).filter(|i| !i.contains(quote) && !i.contains('\\'));
            return inner.map(|i| Yaml::Text(i.to_string())).ok_or_else(|| unclear(text));
        }
    }
    let special =
        text.starts_with(['&', '*', '!', '|', '>', '%', '@', '`', '{', '}', '[', ']', ',', '?', '#', '-']);
    // `-5` and the like are words, `?` alone is none
    if special && !text.starts_with('-') || text.contains(": ") || text.contains(" #") || text.ends_with(':')
    {
        return Err(unclear(text));
    }
    Ok(Yaml::Text(text.to_string()))
}

impl Yaml {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Its text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Its names and values.
    pub fn map(&self) -> &[(String, Self)] {
        if let Self::Map(map) = self { map } else { &[] }
    }

    /// Its items, where all are words.
    pub fn words(&self) -> Option<Vec<&str>> {
        match self {
            Self::Nothing => Some(Vec::new()),
            Self::List(items) => items.iter().map(Self::text).collect(),
            _ => None,
        }
    }

    /// All words in it, at any depth, with the name before them.
    pub fn leaves(&self) -> Vec<(&str, &str)> {
        let mut found = Vec::new();
        for (name, value) in self.map() {
            match value {
                Self::Text(text) => found.push((name.as_str(), text.as_str())),
                Self::Map(_) => found.extend(value.leaves()),
                Self::List(items) => {
                    found.extend(items.iter().filter_map(|i| Some((name.as_str(), i.text()?))));
                }
                Self::Nothing => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_settings_of_pnpm_and_yarn() {
        let text = "# c\npackages:\n  - 'apps/*' # c\n  - \"!**/test/**\"\n\ncatalog:\n  react: ^18.3.1\n  '@a/b': 1.0.0\n\
            onlyBuiltDependencies:\n- esbuild\n- sharp\nnodeLinker: node-modules\nempty:\nflow: [a, 'b']\n";
        let yaml = read(text).unwrap();
        assert_eq!(yaml.get("packages").unwrap().words(), Some(vec!["apps/*", "!**/test/**"]));
        assert_eq!(yaml.get("catalog").unwrap().leaves(), [("react", "^18.3.1"), ("@a/b", "1.0.0")]);
        assert_eq!(yaml.get("onlyBuiltDependencies").unwrap().words(), Some(vec!["esbuild", "sharp"]));
        assert_eq!(yaml.get("nodeLinker").unwrap().text(), Some("node-modules"));
        assert_eq!(yaml.get("empty"), Some(&Yaml::Nothing));
        assert_eq!(yaml.get("flow").unwrap().words(), Some(vec!["a", "b"]));
    }

    #[test]
    fn reads_mappings_in_lists() {
        let text = "plugins:\n  - path: .yarn/plugins/a.cjs\n    spec: \"@yarnpkg/plugin-a\"\n  - checksum: 1\n    path: b\nx: y\n";
        let Some(Yaml::List(plugins)) = read(text).unwrap().get("plugins").cloned() else { panic!() };
        assert_eq!(plugins[0].leaves(), [("path", ".yarn/plugins/a.cjs"), ("spec", "@yarnpkg/plugin-a")]);
        assert_eq!(plugins[1].get("path").unwrap().text(), Some("b"));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for text in [
            "a: &x 1",
            "a: *x",
            "a: |\n  b",
            "a: {b: c}",
            "a: b\n  c",
            "a: 1\na: 2",
            "\ta: 1",
            "a: 'b",
            "a:\n  b: 1\n c: 2",
            "a: b: c",
            "- a\nb: c",
            "a: \"x\\n\"",
            "? a",
            "<<: *x",
            "a: !x y",
            "- - a",
        ] {
            assert!(read(text).is_err(), "{text:?}: {:?}", read(text));
        }
    }
}
