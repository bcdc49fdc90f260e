//! What RUNs are about: those of one concern belong together.
//!
//! A command with a concern leaves nothing in the shell that runs it, and starts no process that stays.

use super::{Command, Run, packages};

/// What a RUN is about; RUNs of one concern belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// The packages of the system: their lists, installs, clean-up.
    SystemPackages,
    /// Packages of Python, by pip.
    Python,
    /// Those of poetry.
    Poetry,
    /// Those of conda.
    Conda,
    /// Packages of Node.
    Node,
    /// Packages of Ruby.
    Ruby,
    /// Packages of PHP.
    Php,
    /// Modules and tools of Go.
    Go,
    /// Crates and tools of Rust.
    Rust,
    /// Packages and tools of .NET.
    Dotnet,
    /// Packages of Elixir.
    Elixir,
    /// Small steps in the file system: folders, modes, owners, links.
    Files,
    /// Users and groups.
    Users,
}

impl Concern {
    /// How people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SystemPackages => "system packages",
            Self::Python => "Python packages",
            Self::Poetry => "packages of poetry",
            Self::Conda => "packages of conda",
            Self::Node => "Node packages",
            Self::Ruby => "Ruby packages",
            Self::Php => "PHP packages",
            Self::Go => "Go modules",
            Self::Rust => "Rust crates",
            Self::Dotnet => ".NET packages",
            Self::Elixir => "Elixir packages",
            Self::Files => "small file-system steps",
            Self::Users => "users and groups",
        }
    }
}

/// Commands with the verbs that have a concern, sorted by name. Builds are none: only what installs, and sets up what
/// installs.
const VERBS: &[(&str, &[&str], Concern)] = &[
    ("apk", &["add", "del", "update", "upgrade"], Concern::SystemPackages),
    ("apt", APT_VERBS, Concern::SystemPackages),
    ("apt-get", APT_VERBS, Concern::SystemPackages),
    ("bun", &["install", "add", "remove"], Concern::Node),
    ("bundle", &["install", "config"], Concern::Ruby),
    ("cargo", &["fetch", "install"], Concern::Rust),
    ("composer", &["install", "require", "update", "config", "global"], Concern::Php),
    ("conda", CONDA_VERBS, Concern::Conda),
    ("dnf", YUM_VERBS, Concern::SystemPackages),
    ("dotnet", &["restore"], Concern::Dotnet),
    ("gem", &["install", "cleanup"], Concern::Ruby),
    ("go", &["get", "mod"], Concern::Go),
    ("mamba", CONDA_VERBS, Concern::Conda),
    ("microdnf", YUM_VERBS, Concern::SystemPackages),
    ("mix", &["deps.get", "local.hex", "local.rebar", "archive.install"], Concern::Elixir),
    ("npm", &["install", "i", "ci", "uninstall", "update", "cache", "config", "prune"], Concern::Node),
    ("pip", &["install"], Concern::Python),
    ("pip3", &["install"], Concern::Python),
    ("pnpm", &["install", "i", "add", "fetch", "config", "prune"], Concern::Node),
    ("poetry", &["config", "install", "add", "lock"], Concern::Poetry),
    ("yarn", &["install", "add", "global", "cache", "config"], Concern::Node),
    ("yum", YUM_VERBS, Concern::SystemPackages),
    (
        "zypper",
        &["install", "in", "update", "up", "refresh", "ref", "remove", "rm", "clean"],
        Concern::SystemPackages,
    ),
];

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

const YUM_VERBS: &[&str] = &[
    "install",
    "update",
    "upgrade",
    "remove",
    "erase",
    "clean",
    "makecache",
    "reinstall",
    "autoremove",
    "groupinstall",
];

const CONDA_VERBS: &[&str] = &["install", "update", "remove", "clean", "config", "create"];

/// The concern of one command; `None` where it is not known.
pub fn concern(command: &Command) -> Option<Concern> {
    let name = command.name()?;
    match name {
        "rm" if clears_package_lists(command) => Some(Concern::SystemPackages),
        "mkdir" | "chmod" | "chown" | "chgrp" | "ln" | "touch" => Some(Concern::Files),
        "useradd" | "adduser" | "groupadd" | "addgroup" => Some(Concern::Users),
        _ => {
            let at = VERBS.binary_search_by(|(n, ..)| (*n).cmp(name)).ok()?;
            let (_, verbs, concern) = VERBS[at];
            has_verb(command, verbs).then_some(concern)
        }
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
    concern(command) == Some(Concern::SystemPackages)
        && (command.name() == Some("rm") || packages::names_no_file(command))
}
