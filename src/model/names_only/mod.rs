//! Installs that name what they install, and read nothing of the source: `pip install flask`, `npm install -g yarn`.
//!
//! [`of`] reads a command; [`ignores_copy`] looks for what could lead such an install to what a COPY brings. A word
//! that is not known makes it something else than an install by name.

mod source;

pub use source::ignores_copy;

use super::command::{Command, table};

/// Who installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// pip.
    Pip,
    /// npm, for the whole system.
    Npm,
    /// gem.
    Gem,
}

/// An install that names packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByName {
    /// Who installs.
    pub manager: Manager,
    /// What, without versions.
    pub names: Vec<String>,
}

/// Options of npm that change neither what is read nor where is written.
const NPM_FLAGS: &[&str] = &[
    "--force",
    "--legacy-peer-deps",
    "--no-audit",
    "--no-fund",
    "--silent",
    "--quiet",
    "--no-optional",
    "--no-progress",
    "--unsafe-perm",
    "--ignore-scripts",
    "--no-update-notifier",
    "--verbose",
];

/// Those of gem.
const GEM_FLAGS: &[&str] = &[
    "--no-document",
    "--no-ri",
    "--no-rdoc",
    "--quiet",
    "--verbose",
    "--force",
    "--conservative",
    "--silent",
];

/// Reads a command that installs by name.
pub fn of(command: &Command) -> Option<ByName> {
    let values = command.values()?;
    // a quote may hold anything, and the names of packages need none
    if values.iter().zip(command.args()).any(|(v, w)| v.as_bytes() != w.text || !is_plain(v)) {
        return None;
    }
    let (manager, names) = match (command.name()?, &values[..]) {
        ("pip" | "pip3", ["install", ..]) => {
            let install = table::pip_install(command).ok().filter(|i| i.files.is_empty())?;
            (
                Manager::Pip,
                install.names.iter().map(|n| name_of(n, &['=', '<', '>', '~', '!', '['])).collect(),
            )
        }
        ("npm", ["install" | "i", "-g" | "--global", rest @ ..]) => (Manager::Npm, npm(rest)?),
        ("gem", ["install", rest @ ..]) => (Manager::Gem, gem(rest)?),
        _ => return None,
    };
    let names: Vec<String> = names;
    (!names.is_empty()).then_some(ByName { manager, names })
}

/// An option of lower case without a value, or a name with perhaps a version.
fn is_plain(word: &str) -> bool {
    if let Some(option) = word.strip_prefix('-') {
        let option = option.strip_prefix('-').unwrap_or(option);
        return option.starts_with(|c: char| c.is_ascii_lowercase())
            && option.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    }
    let end = word.find(['=', '<', '>', '~', '!']).unwrap_or(word.len());
    let (name, version) = word.split_at(end);
    let version_fits = version.is_empty()
        || version.len() > 2
            && version.as_bytes()[1] == b'='
            && version[2..].chars().all(|c| c.is_ascii_alphanumeric() || ".*".contains(c));
    name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._@/+-".contains(c))
        && version_fits
}

fn name_of(word: &str, ends: &[char]) -> String {
    word[..word.find(ends).unwrap_or(word.len())].to_string()
}

/// `name`, `name@version`, `@scope/name@version`; a path or an archive would be read.
fn npm(words: &[&str]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for word in words {
        if word.starts_with('-') {
            NPM_FLAGS.contains(word).then_some(())?;
            continue;
        }
        let (scope, rest) = match word.strip_prefix('@') {
            Some(scoped) => scoped.split_once('/').map(|(scope, rest)| (Some(scope), rest))?,
            None => (None, *word),
        };
        let (name, version) = rest.split_once('@').unwrap_or((rest, ""));
        let is_file = |w: &str| [".tgz", ".tar", ".gz"].iter().any(|e| w.ends_with(e));
        if name.is_empty() || rest.contains(['/', '=', '+']) || version.starts_with('.') || is_file(word) {
            return None;
        }
        names.push(scope.map_or(name.to_string(), |scope| format!("@{scope}/{name}")));
    }
    Some(names)
}

fn gem(words: &[&str]) -> Option<Vec<String>> {
    let (mut names, mut words) = (Vec::new(), words.iter());
    while let Some(word) = words.next() {
        match *word {
            "-v" | "--version" => _ = words.next()?,
            option if option.starts_with('-') => GEM_FLAGS.contains(&option).then_some(())?,
            name if name.contains(['/', '@', '=', '+']) || name.to_ascii_lowercase().ends_with(".gem") => {
                return None;
            }
            name => names.push(name.to_string()),
        }
    }
    Some(names)
}
