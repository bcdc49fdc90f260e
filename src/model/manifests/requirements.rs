//! pip requirements files: which files `pip install -r F` reads, or why that cannot be said.
//!
//! The source of each claim is pip's "Requirements File Format" (pip.pypa.io/en/stable/reference/requirements-file-format)
//! and pip's own reader (`req_file.py`, `constructors.py`, `encoding.py`), releases 19 to 25:
//!
//! - A line that ends in `\` goes on in the next; comments are stripped after that, from a `#` at the start or after a
//!   blank; a comment line ends a continuation. `${NAME}` is replaced from the environment.
//! - `-r` and `-c` are relative to the file that holds them, local projects to the folder that pip runs in.
//! - A requirement is a path if it looks like one: it holds a slash, begins with a dot, or ends like an archive. A bare
//!   name is never one, even if a folder of that name stands there (`_looks_like_path`).
//! - pip reads no configuration from the folder that it runs in. What the command line and the environment add
//!   (`--find-links`, `PIP_CONSTRAINT`) is for the caller to look at.
//!
//! What is not understood is refused with its line. Does not know what a COPY takes.

mod line;

use std::fmt;

use super::Files;
use crate::model::context::path;
use line::{Line, Meaning};

/// Where pip runs, as clean paths in the build context.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stand<'p> {
    /// The folder that was copied; what stands above it in the context is not in the image.
    pub top: &'p str,
    /// The folder that pip's working folder was copied from: `top` or something below it.
    pub cwd: &'p str,
}

/// Why it cannot be said which files an install reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The requirements file, as a path in the context.
    pub file: String,
    /// 1-based, 0 for the file as a whole.
    pub line: usize,
    /// The reason.
    pub why: Why,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.why),
            line => write!(f, "{}:{line}: {}", self.file, self.why),
        }
    }
}

/// The reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The file is not in the context, is too large, or a link leads to it.
    Missing,
    /// Too many files refer to each other.
    TooMany,
    /// Not UTF-8, or declared to be something else.
    Encoding,
    /// A control character, or a line break that only Python knows.
    Control,
    /// `-e`: takes the source, or clones into the working folder.
    Editable,
    /// A project, wheel or archive that is a local path.
    LocalPath(String),
    /// A URL of a scheme other than http, https and git over them.
    Url(String),
    /// `-r` or `-c` of an URL, which may name local paths in turn.
    RemoteFile(String),
    /// `-r` or `-c` of a path that leads out of what was copied, or winds through folders.
    Outside(String),
    /// `${NAME}`.
    Variable,
    /// An option that is not known to leave the context alone.
    Option(String),
    /// Anything else that is not a plain requirement.
    Unclear(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("not a readable file of the build context"),
            Self::TooMany => f.write_str("too many requirements files"),
            Self::Encoding => f.write_str("not UTF-8"),
            Self::Control => f.write_str("a control character"),
            Self::Editable => f.write_str("an editable install"),
            Self::LocalPath(text) => write!(f, "`{text}` is a local path"),
            Self::Url(text) => write!(f, "`{text}` is not fetched over http"),
            Self::RemoteFile(text) => write!(f, "`{text}` may name local paths"),
            Self::Outside(text) => write!(f, "`{text}` may lead out of what is copied"),
            Self::Variable => f.write_str("a variable of the environment"),
            Self::Option(text) => write!(f, "the option `{text}` is not known to read no files"),
            Self::Unclear(text) => write!(f, "`{text}` is not understood"),
        }
    }
}

const MAX_FILES: usize = 200;

/// The files that `pip install -r file` reads, `file` first, each once, as paths in the context. `-c` on the command line
/// is asked for in the same way. `file` is relative to the working folder.
///
/// # Errors
/// [`Refusal`] if the install takes more from the context than these files, or that cannot be ruled out.
pub fn closure(files: &dyn Files, stand: Stand<'_>, file: &str) -> Result<Vec<String>, Refusal> {
    let refuse = |file: &str, line, why| Refusal { file: file.to_owned(), line, why };
    let first = resolve(stand, stand.cwd, file).map_err(|why| refuse(file, 0, why))?;
    let (mut found, mut next) = (vec![first], 0);
    while let Some(file) = found.get(next).cloned() {
        next += 1;
        let bytes = files.read(&file).ok_or_else(|| refuse(&file, 0, Why::Missing))?;
        let lines = line::read(&bytes).map_err(|(line, why)| refuse(&file, line, why))?;
        for Line { number, meaning } in lines {
            let Meaning::Include(word) = meaning else { continue };
            let path =
                resolve(stand, path::parent(&file), &word).map_err(|why| refuse(&file, number, why))?;
            if !found.contains(&path) {
                found.push(path);
            }
        }
        if found.len() > MAX_FILES {
            return Err(refuse(&file, 0, Why::TooMany));
        }
    }
    Ok(found)
}

/// `word` as it stands in a file of `folder`. Leading `..` are followed, since no link leads to `folder`; behind a name
/// they are not, since that may be one.
fn resolve(stand: Stand<'_>, folder: &str, word: &str) -> Result<String, Why> {
    let outside = || Why::Outside(word.to_owned());
    if line::scheme(word).is_some() {
        return Err(Why::RemoteFile(word.to_owned()));
    }
    if word.starts_with('/') || word.contains(['~', '\\', '\0']) {
        return Err(outside());
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let mut has_name = false;
    for part in word.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            parts.pop().filter(|_| !has_name).ok_or_else(outside)?;
        } else {
            has_name = true;
            parts.push(part);
        }
        if !is_within(stand.top, &parts) {
            return Err(outside());
        }
    }
    if has_name && !word.ends_with('/') { Ok(parts.join("/")) } else { Err(outside()) }
}

/// Whether `parts` is `top` or below it.
fn is_within(top: &str, parts: &[&str]) -> bool {
    let top: Vec<&str> = top.split('/').filter(|part| !part.is_empty()).collect();
    parts.starts_with(&top)
}

#[cfg(test)]
#[path = "requirements_tests.rs"]
mod tests;
