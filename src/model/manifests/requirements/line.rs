//! The lines of a requirements file, and what each asks for.

use super::Why;
use crate::source::line_number;

/// A logical line that is neither empty nor a comment.
pub(super) struct Line {
    /// 1-based number of its first physical line.
    pub number: usize,
    pub meaning: Meaning,
}

pub(super) enum Meaning {
    /// `-r` or `-c` of another file.
    Include(String),
    /// A requirement from an index or a URL, or an option that reads nothing.
    Harmless,
}

/// Reads a file.
///
/// # Errors
/// The first line that is not understood, and why.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Line>, (usize, Why)> {
    let text = decode(bytes)?;
    let joined = join(text)?;
    let mut lines = Vec::new();
    for (number, text) in joined {
        let text = strip_comment(&text).trim();
        if !text.is_empty() {
            let meaning = understand(text).map_err(|why| (number, why))?;
            lines.push(Line { number, meaning });
        }
    }
    Ok(lines)
}

/// pip takes UTF-8, or what a comment in the first two lines says.
fn decode(bytes: &[u8]) -> Result<&str, (usize, Why)> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let line_of = |at: usize| line_number(bytes, at);
    let text = std::str::from_utf8(bytes).map_err(|error| (line_of(error.valid_up_to()), Why::Encoding))?;
    for (index, line) in text.split('\n').take(2).enumerate() {
        if line.starts_with('#') && !declares_utf8(line) {
            return Err((index + 1, Why::Encoding));
        }
    }
    // Python's splitlines() breaks lines at more characters than an editor does.
    let is_odd = |(at, odd): &(usize, char)| match odd {
        '\t' | '\n' => false,
        '\r' => !text[at + 1..].starts_with('\n'),
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => true,
        odd => odd.is_control(),
    };
    match text.char_indices().find(is_odd) {
        Some((at, _)) => Err((line_of(at), Why::Control)),
        None => Ok(text),
    }
}

/// Whether a comment declares no encoding, or UTF-8 (PEP 263: `coding[:=]\s*([-\w.]+)`).
fn declares_utf8(comment: &str) -> bool {
    let names = comment.match_indices("coding").filter_map(|(at, word)| {
        let rest = comment[at + word.len()..].strip_prefix([':', '='])?.trim_start();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).unwrap_or(rest.len());
        (end > 0).then(|| rest[..end].to_ascii_lowercase())
    });
    names.into_iter().all(|name| matches!(name.as_str(), "utf-8" | "utf8" | "utf_8" | "ascii" | "us-ascii"))
}

/// Logical lines with the number of their first physical one.
fn join(text: &str) -> Result<Vec<(usize, String)>, (usize, Why)> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let is_comment = line.trim_start().starts_with('#');
        let goes_on = line.strip_suffix('\\').filter(|_| !is_comment);
        let part = goes_on.unwrap_or(line);
        if goes_on.is_some() && part.contains('\\') {
            return Err((index + 1, Why::Unclear(line.to_owned())));
        }
        let (number, mut joined) = open.take().unwrap_or((index + 1, String::new()));
        // So that a comment is seen as one behind what it ends.
        if is_comment {
            joined.push(' ');
        }
        joined.push_str(part);
        if goes_on.is_some() {
            open = Some((number, joined));
        } else {
            lines.push((number, joined));
        }
    }
    lines.extend(open);
    Ok(lines)
}

fn strip_comment(line: &str) -> &str {
    let is_comment = |(at, _): &(usize, &str)| *at == 0 || line[..*at].ends_with(char::is_whitespace);
    line.match_indices('#').find(is_comment).map_or(line, |(at, _)| &line[..at])
}

fn understand(line: &str) -> Result<Meaning, Why> {
    if line.contains("${") {
        return Err(Why::Variable);
    }
    let options_at = if line.starts_with('-') { Some(0) } else { line.find(" -") };
    let (requirement, options) = line.split_at(options_at.unwrap_or(line.len()));
    // pip reads options like a shell; nobody quotes them.
    if line.contains('\\') || options.contains(['"', '\'']) {
        return Err(Why::Unclear(line.to_owned()));
    }
    let words: Vec<&str> = options.split_whitespace().collect();
    if requirement.trim().is_empty() {
        return understand_option(&words);
    }
    understand_hashes(&words)?;
    understand_requirement(requirement.trim())?;
    Ok(Meaning::Harmless)
}

/// `--hash=sha256:...` is the one option of a requirement that has no say in what is built, or how.
fn understand_hashes(words: &[&str]) -> Result<(), Why> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let is_hash = word.starts_with("--hash=") || (*word == "--hash" && words.next().is_some());
        if !is_hash {
            return Err(Why::Option((*word).to_owned()));
        }
    }
    Ok(())
}

/// A line of options. pip allows several on one line, and takes the first of each kind; here there may be one.
fn understand_option(words: &[&str]) -> Result<Meaning, Why> {
    let first = words.first().copied().unwrap_or_default();
    let unknown = || Why::Option(first.to_owned());
    let (name, value) = match words {
        [option] => split_option(option),
        [option, value] if !option.contains('=') => (*option, Some(*value)),
        _ => return Err(unknown()),
    };
    match (name, value) {
        ("-r" | "--requirement" | "-c" | "--constraint", Some(file)) => Ok(Meaning::Include(file.to_owned())),
        ("-e" | "--editable", _) => Err(Why::Editable),
        ("-i" | "--index-url" | "--extra-index-url", Some(url)) => understand_url(url),
        ("-f" | "--find-links", Some(url)) => match scheme(url) {
            Some(_) => understand_url(url),
            None => Err(Why::LocalPath(url.to_owned())),
        },
        ("--trusted-host" | "--no-binary" | "--only-binary", Some(_)) => Ok(Meaning::Harmless),
        ("--pre" | "--no-index" | "--prefer-binary" | "--require-hashes", None) => Ok(Meaning::Harmless),
        _ => Err(unknown()),
    }
}

/// `--name=value`, `-xvalue`, or an option alone.
fn split_option(option: &str) -> (&str, Option<&str>) {
    if option.starts_with("--") {
        return option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
    }
    match option.char_indices().nth(2) {
        Some((at, _)) => (&option[..at], Some(&option[at..])),
        None => (option, None),
    }
}

fn understand_url(url: &str) -> Result<Meaning, Why> {
    match scheme(url).unwrap_or_default().as_str() {
        "http" | "https" | "git+http" | "git+https" => Ok(Meaning::Harmless),
        _ => Err(Why::Url(url.to_owned())),
    }
}

/// The scheme of a URL, in lower case.
pub(super) fn scheme(text: &str) -> Option<String> {
    let (scheme, _) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

/// What pip takes for an archive by its name (`ARCHIVE_EXTENSIONS`).
const ARCHIVES: [&str; 12] = [
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
];

/// A URL, or `name[extras] @ url`, or `name[extras] specifier`, each with a marker.
fn understand_requirement(text: &str) -> Result<(), Why> {
    if scheme(text).is_some() {
        // Behind a URL a marker needs a blank; what stands before the first one is the URL in any case.
        return understand_url(text.split_whitespace().next().unwrap_or(text)).map(|_| ());
    }
    let body = text.split(';').next().unwrap_or(text).trim();
    let (name, url) =
        body.split_once('@').map_or((body, None), |(name, url)| (name.trim(), Some(url.trim())));
    let local = || Why::LocalPath(body.to_owned());
    if name.starts_with('.') || name.contains(['/', '\\']) {
        return Err(local());
    }
    let rest = read_name(name).ok_or_else(|| Why::Unclear(text.to_owned()))?;
    match url {
        Some(url) if !rest.is_empty() => Err(Why::Unclear(url.to_owned())),
        Some(url) if scheme(url).is_none() => Err(local()),
        Some(url) => understand_url(url).map(|_| ()),
        None if ARCHIVES.iter().any(|end| body.to_ascii_lowercase().ends_with(end)) => Err(local()),
        None if is_specifier(rest) => Ok(()),
        None => Err(Why::Unclear(text.to_owned())),
    }
}

/// What follows the name and the extras of a requirement (PEP 508); `None` if it has no name.
fn read_name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let rest = rest.trim_start();
    match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']').map(|(_, rest)| rest.trim_start()),
        None => Some(rest),
    }
}

/// Whether `text` is nothing, or version specifiers (PEP 440).
fn is_specifier(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || " .*+!-_,<>=~()".contains(c);
    text.is_empty() || (text.starts_with(['<', '>', '=', '!', '~', '(']) && text.chars().all(is_part))
}
