//! .dockerignore: the file, and its patterns applied to paths as BuildKit applies them.
//!
//! The source of each claim is moby/patternmatcher 0.6 (`ignorefile.ReadAll`, `patternmatcher.New`,
//! `MatchesUsingParentResults`, `MatchesOrParentMatches`) and tonistiigi/fsutil (`filter.go`, `send.go`), which
//! BuildKit sends a local context with. `--exclude` of COPY and ADD takes the same patterns without the file.
//!
//! The walk and the look-up of one path differ in rare files with `!`: the walk decides what is sent, the look-up
//! whether the content comes along. See [`Patterns::is_emptied`].

use std::fmt;

use super::path;
use super::pattern::{Shape, compile};
use super::{glob, path::clean};

/// A list of patterns; the last one that matches decides.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    list: Vec<Pattern>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// 1-based line of the file, or place in the list.
    pub line: usize,
    /// Whether it takes back what an earlier one excludes (`!`).
    pub is_exception: bool,
    /// Cleaned, without the `!`.
    pub text: String,
    shape: Shape,
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_exception { "!" } else { "" }, self.text)
    }
}

/// A pattern that BuildKit refuses, or that dfmt does not vouch for: what the context holds is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// 1-based line of the file, or place in the list.
    pub line: usize,
    /// The pattern as written, bytes that are not UTF-8 replaced.
    pub pattern: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: `{}`", self.line, self.why, self.pattern)
    }
}

impl std::error::Error for PatternError {}

/// What the patterns say of a folder; needed for what stands in it. The default is for the top.
#[derive(Clone, Debug, Default)]
pub struct Matched(Vec<bool>);

/// What the patterns say of a path.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether it is left out.
    pub is_excluded: bool,
    /// Index of the pattern that decided, if one matched.
    pub by: Option<usize>,
    /// For the paths below.
    pub matched: Matched,
}

/// Go's `bufio.Scanner` gives up on longer lines.
const MAX_LINE: usize = 64 * 1024 - 2;

impl Patterns {
    /// Reads the bytes of a .dockerignore file.
    ///
    /// # Errors
    /// The first pattern that cannot be used.
    pub fn read(file: &[u8]) -> Result<Self, PatternError> {
        let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
        let mut list = Vec::new();
        for (index, line) in file.split(|byte| *byte == b'\n').enumerate() {
            let error = |why| PatternError { line: index + 1, pattern: lossy(line), why };
            if line.len() > MAX_LINE {
                return Err(error("line too long"));
            }
            if line.first() == Some(&b'#') {
                continue;
            }
            let text = std::str::from_utf8(line).map_err(|_| error("not UTF-8"))?;
            if let Some(text) = read_line(text) {
                list.extend(read_pattern(&text, index + 1).map_err(error)?);
            }
        }
        Ok(Self { list })
    }

    /// From patterns as they stand, as `--exclude` takes them.
    ///
    /// # Errors
    /// The first pattern that cannot be used.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, PatternError> {
        let read = |(index, text): (usize, &str)| {
            let error = |why| PatternError { line: index + 1, pattern: text.to_owned(), why };
            read_pattern(text, index + 1).map_err(error)
        };
        let read: Vec<_> = patterns.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(Self { list: read.into_iter().flatten().collect() })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them begins with `!`.
    pub fn has_exceptions(&self) -> bool {
        self.list.iter().any(|pattern| pattern.is_exception)
    }

    /// The pattern at `index`, as a [`Verdict`] names it.
    pub fn get(&self, index: usize) -> Option<&Pattern> {
        self.list.get(index)
    }

    /// What the walk says of `at`, which stands in a folder of which it said `above`.
    ///
    /// A pattern that cannot change the state is skipped, and then counts as not matched for what lies below: that
    /// is observable with `!`, so it is done here too.
    pub fn step(&self, at: &str, above: &Matched) -> Verdict {
        let (mut is_excluded, mut by) = (false, None);
        let mut matched = vec![false; self.list.len()];
        for (index, pattern) in self.list.iter().enumerate() {
            let inherited = above.0.get(index).copied().unwrap_or(false);
            if !inherited && (pattern.is_exception != is_excluded || !pattern.shape.matches(at)) {
                continue;
            }
            matched[index] = true;
            is_excluded = !pattern.is_exception;
            by = Some(index);
        }
        Verdict { is_excluded, by, matched: Matched(matched) }
    }

    /// What the walk says of the clean path `at`, from the top down.
    pub fn verdict(&self, at: &str) -> Verdict {
        let top = Verdict { is_excluded: false, by: None, matched: Matched::default() };
        path::prefixes(at).fold(top, |above, at| self.step(at, &above.matched))
    }

    /// What a look-up of `at` alone says (`MatchesOrParentMatches`).
    pub fn excludes_alone(&self, at: &str) -> bool {
        self.list.iter().fold(false, |is_excluded, pattern| {
            let turns = pattern.is_exception == is_excluded;
            if turns && path::prefixes(at).any(|part| pattern.shape.matches(part)) {
                !pattern.is_exception
            } else {
                is_excluded
            }
        })
    }

    /// Whether the file at `at` is sent without its content: the walk takes it, the look-up does not, and fsutil sends
    /// what it cannot open as an empty file. Nobody means that, so no rule builds on such a file.
    pub fn is_emptied(&self, at: &str) -> bool {
        self.has_exceptions() && !self.verdict(at).is_excluded && self.excludes_alone(at)
    }

    /// Whether something below the excluded folder `at` may be taken back: fsutil does not look into it otherwise.
    pub fn may_take_back_below(&self, at: &str) -> bool {
        let exceptions = || self.list.iter().filter(|pattern| pattern.is_exception);
        if exceptions().any(|pattern| stem(&pattern.text).contains(['*', '[', ']', '?', '^', '\\'])) {
            return true;
        }
        let start = format!("{at}/");
        exceptions().any(|pattern| format!("{}/", stem(&pattern.text)).starts_with(&start))
    }
}

/// `text` without a last `/**` or `/*`.
fn stem(text: &str) -> &str {
    let text = text.strip_suffix("/**").unwrap_or(text);
    text.strip_suffix("/*").unwrap_or(text)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}

/// A line that is no comment, as `ignorefile.ReadAll` hands it on; `None` for an empty one.
fn read_line(line: &str) -> Option<String> {
    let line = line.trim();
    let (mark, text) = line.strip_prefix('!').map_or(("", line), |rest| ("!", rest.trim()));
    if line.is_empty() {
        return None;
    }
    if text.is_empty() {
        return Some(mark.to_owned());
    }
    let text = clean(text);
    let text = if text.len() > 1 { text.strip_prefix('/').unwrap_or(&text) } else { &text };
    Some(format!("{mark}{text}"))
}

/// A pattern as `patternmatcher.New` reads it; `None` for one that is nothing but blanks.
fn read_pattern(text: &str, line: usize) -> Result<Option<Pattern>, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let text = clean(text);
    let (is_exception, text) = text.strip_prefix('!').map_or((false, text.as_str()), |rest| (true, rest));
    if text.is_empty() {
        return Err("`!` without a pattern");
    }
    glob::matches(text, ".").map_err(|_| "malformed pattern")?;
    let shape = compile(text)?;
    Ok(Some(Pattern { line, is_exception, text: text.to_owned(), shape }))
}

#[cfg(test)]
#[path = "ignore_tests.rs"]
mod tests;
