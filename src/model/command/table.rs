//! What the commands that Dockerfiles use do, as far as rules need to know.
//!
//! A command that is not here is a barrier. The claims hold for the commands as their manuals describe them; what is
//! taken for granted beside that is in docs/safety.md.

use super::{Command, Run, apt};

/// What a RUN is about; RUNs of one concern belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// The packages of the system: their lists, installs, clean-up.
    SystemPackages,
    /// Packages of Python.
    Python,
    /// Small steps in the file system: folders, modes, owners, links.
    Files,
}

impl Concern {
    /// How people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SystemPackages => "system packages",
            Self::Python => "Python packages",
            Self::Files => "small file-system steps",
        }
    }
}

/// Verbs of apt-get that work on the package database alone. Not `source` and `download`: they write where they stand.
const APT_VERBS: &[&str] = &[
    "update",
    "install",
    "upgrade",
    "dist-upgrade",
    "full-upgrade",
    "remove",
    "purge",
    "autoremove",
    "autoclean",
    "clean",
    "check",
];

/// The concern of one command; `None` where it is not known.
pub fn concern(command: &Command) -> Option<Concern> {
    match command.name()? {
        "apt-get" | "apt" if has_verb(command, APT_VERBS) => Some(Concern::SystemPackages),
        "rm" if clears_package_lists(command) => Some(Concern::SystemPackages),
        "pip" | "pip3" if has_verb(command, &["install"]) => Some(Concern::Python),
        "mkdir" | "chmod" | "chown" | "ln" => Some(Concern::Files),
        _ => None,
    }
}

/// The concern of a whole RUN: that of all its commands.
///
/// # Errors
/// The name of the command that is not known or of another concern.
pub fn concern_of_run(run: &Run) -> Result<Concern, String> {
    let mut all = None;
    for command in &run.commands {
        let name = || String::from_utf8_lossy(command.words.first().map_or(b"", |w| w.text)).into_owned();
        match (concern(command), all) {
            (None, _) => return Err(format!("dfmt does not know what `{}` does here", name())),
            (Some(c), None) => all = Some(c),
            (Some(c), Some(a)) if c == a => {}
            (Some(_), Some(_)) => {
                return Err(format!("`{}` is another concern than what stands before it", name()));
            }
        }
    }
    all.ok_or_else(|| "there is no command".to_string())
}

/// Whether the first word that is no option is one of `verbs`.
fn has_verb(command: &Command, verbs: &[&str]) -> bool {
    let first = command.args().iter().find(|w| !w.text.starts_with(b"-"));
    first.and_then(|w| w.value.as_deref()).is_some_and(|v| verbs.contains(&v))
}

/// Whether `rm -rf` names nothing but lists and caches of the package managers.
fn clears_package_lists(command: &Command) -> bool {
    let Some(values) = command.values() else { return false };
    let mut paths = values.iter().filter(|v| !v.starts_with('-')).peekable();
    let options =
        values.iter().filter(|v| v.starts_with('-')).all(|v| matches!(*v, "-rf" | "-r" | "-fr" | "-f"));
    let first = values.first() == Some(&"-rf");
    let inside =
        |p: &&str| (p.starts_with("/var/lib/apt/") || p.starts_with("/var/cache/")) && !p.contains("..");
    first && options && paths.peek().is_some() && paths.all(inside)
}

/// Whether a command works on the package database alone and names no file: then it does the same whatever a COPY into
/// another place has brought.
pub fn ignores_files(command: &Command) -> bool {
    if concern(command) != Some(Concern::SystemPackages) {
        return false;
    }
    command.name() == Some("rm") || apt::names_no_file(command)
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
