//! What the commands that Dockerfiles use do, as far as rules need to know.
//!
//! A command that is not here is a barrier. The claims hold for the commands as their manuals describe them; what is
//! taken for granted beside that is in docs/safety.md.

mod build;
mod fetch;
mod files;
mod languages;
mod node;
mod python;
mod shell;
mod system;
#[cfg(test)]
mod tests;
mod text;
mod users;

use super::Command;
use super::apply::{self, Barrier, Known};
use super::entry::Entry;
use super::words::Scene;
use crate::model::variables;

pub use super::concern::{Concern, concern, concern_of_run, ignores_files};

/// The families, each sorted by name.
const FAMILIES: [&[Entry]; 10] = [
    system::ENTRIES,
    files::ENTRIES,
    shell::ENTRIES,
    text::ENTRIES,
    fetch::ENTRIES,
    build::ENTRIES,
    users::ENTRIES,
    python::ENTRIES,
    node::ENTRIES,
    languages::ENTRIES,
];

/// What a command does in a scene.
///
/// # Errors
/// What about it is not known.
pub fn effect(command: &Command, scene: &Scene) -> Known {
    let Some(name) = command.name() else {
        return Err(Barrier("a command whose name is not known".to_string()));
    };
    let name = canonical(name);
    match name {
        "python" => python::run(command, scene),
        _ => by_entries(entries(name), name, command, scene),
    }
}

/// Whether a command does the same whatever the variable of that name is; it is in no word of its.
pub fn ignores_variable(command: &Command, name: &[u8]) -> bool {
    let is_named = |w: &super::Word| variables::is_named(name, w.text);
    let Ok(name_text) = std::str::from_utf8(name) else { return false };
    !command.words.iter().any(is_named)
        && effect(command, &Scene::at(None)).is_ok_and(|e| !e.heeds(name_text))
}

/// The first entry that is about the command's verb decides.
fn by_entries<'e>(
    mut entries: impl Iterator<Item = &'e Entry>,
    name: &str,
    command: &Command,
    scene: &Scene,
) -> Known {
    entries.find_map(|e| apply::effect(e, command, scene)).unwrap_or_else(|| {
        let verb = command.args().iter().find(|w| !w.text.starts_with(b"-"));
        let verb = verb.map(|w| format!(" {}", String::from_utf8_lossy(w.text))).unwrap_or_default();
        Err(Barrier(format!("`{name}{verb}`")))
    })
}

/// All entries of a command.
fn entries(name: &str) -> impl Iterator<Item = &'static Entry> {
    let of = move |family: &&'static [Entry]| {
        let start = family.partition_point(|e| e.name < name);
        let end = start + family[start..].partition_point(|e| e.name == name);
        &family[start..end]
    };
    FAMILIES.iter().map(of).find(|found| !found.is_empty()).unwrap_or_default().iter()
}

/// The name under which the table knows a command: without the folder where such a command always is, and without the
/// version in the names of Python's tools.
fn canonical(name: &str) -> &str {
    const FOLDERS: [&str; 7] = [
        "/usr/bin/",
        "/bin/",
        "/usr/local/bin/",
        "/usr/sbin/",
        "/sbin/",
        "/usr/local/sbin/",
        "/opt/conda/bin/",
    ];
    let in_folder = FOLDERS.iter().find_map(|f| name.strip_prefix(f)).filter(|n| !n.contains('/'));
    let name = in_folder.unwrap_or(name);
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    match plain {
        "pip" | "python" | "easy_install" | "pypy" => plain,
        _ => name,
    }
}

/// What `pip install` names, as far as it is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PipInstall {
    /// The files of `-r` and `-c`.
    pub files: Vec<String>,
    /// Packages that are named.
    pub names: Vec<String>,
}

/// Options of `pip install` without a value that change neither what is read nor where is written.
const PIP_FLAGS: &[&str] = &[
    "-q",
    "--quiet",
    "-v",
    "--verbose",
    "-U",
    "--upgrade",
    "--no-cache-dir",
    "--no-cache",
    "--disable-pip-version-check",
    "--no-input",
    "--force-reinstall",
    "--no-deps",
    "--pre",
    "--prefer-binary",
    "--no-warn-script-location",
    "--break-system-packages",
    "--require-hashes",
    "--no-build-isolation",
    "--ignore-installed",
    "-I",
    "-qq",
    "--no-compile",
    "--compile",
    "--progress-bar=off",
    "--no-color",
    "--root-user-action=ignore",
];

/// Options with a value of the same sort.
const PIP_VALUES: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "--trusted-host",
    "--timeout",
    "--default-timeout",
    "--retries",
    "--only-binary",
    "--no-binary",
    "--progress-bar",
    "--root-user-action",
    "--upgrade-strategy",
];

/// Reads a `pip install`.
///
/// # Errors
/// The word that is not understood.
pub fn pip_install(command: &Command) -> Result<PipInstall, String> {
    let unclear = |w: &str| format!("dfmt does not know what `{w}` makes pip read");
    let Some(values) = command.values() else {
        return Err("a word of `pip install` holds a variable".to_string());
    };
    let mut found = PipInstall::default();
    // the verb goes once: a file may have its name
    let verb = values.iter().position(|w| *w == "install");
    let mut words = values.iter().enumerate().filter(|(n, _)| Some(*n) != verb).map(|(_, w)| *w);
    while let Some(word) = words.next() {
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (word, None),
        };
        match name {
            "-r" | "--requirement" | "-c" | "--constraint" => {
                let file = attached.or_else(|| words.next()).ok_or_else(|| unclear(word))?;
                found.files.push(file.to_string());
            }
            _ if attached.is_none() && PIP_FLAGS.contains(&name) || PIP_FLAGS.contains(&word) => {}
            _ if PIP_VALUES.contains(&name) => {
                let value = attached.or_else(|| words.next()).ok_or_else(|| unclear(word))?;
                // an index can be a folder
                let is_remote = value.starts_with("http://") || value.starts_with("https://");
                if matches!(name, "-i" | "--index-url" | "--extra-index-url") && !is_remote {
                    return Err(unclear(value));
                }
            }
            _ if is_package(word) => found.names.push(word.to_string()),
            _ => return Err(unclear(word)),
        }
    }
    Ok(found)
}

/// A name with extras and versions, and nothing that could be a path or a URL.
fn is_package(word: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-[],=<>!~*+;' ".contains(c);
    let archive =
        [".whl", ".zip", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".egg"].iter().any(|e| word.ends_with(e));
    word.starts_with(|c: char| c.is_ascii_alphanumeric()) && word.chars().all(fits) && !archive
}

/// Packages that bring a `pip` of their own, or are it: the next `pip` of the same shell would still be the old one.
const BRINGS_PIP: &[&str] = &["pip", "pip-tools", "pipenv", "poetry", "pip3", "conda", "virtualenv"];

/// Whether a package, as pip names it, may bring another pip.
pub fn brings_pip(package: &str) -> bool {
    let end =
        package.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(package.len());
    let name = package[..end].to_ascii_lowercase().replace(['_', '.'], "-");
    BRINGS_PIP.contains(&name.as_str())
}
