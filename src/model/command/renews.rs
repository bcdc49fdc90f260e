//! Installs that may bring another program for a name that a shell has already called: it remembers where the first was.

use super::concern::{Concern, concern};
use super::{Command, Word};

/// What an install of `own` may bring anew that `own` and `next` both call.
pub(super) fn renews(own: &[Command], next: &[Command]) -> Option<String> {
    let called = |name: &str, all: &[Command]| all.iter().any(|c| c.name() == Some(name));
    let both: Vec<&str> = next.iter().filter_map(Command::name).filter(|n| called(n, own)).collect();
    own.iter().find_map(|c| both.iter().find_map(|name| brings(c, name)))
}

/// Why a command may bring another program of that name.
fn brings(command: &Command, name: &str) -> Option<String> {
    // a caller asks about pip by itself
    let concern = concern(command).filter(|c| *c != Concern::Python)?;
    let named = command.args().iter().find(|w| is_of(w, name));
    if let Some(word) = named.filter(|_| !matches!(concern, Concern::Files | Concern::Users)) {
        let word = String::from_utf8_lossy(word.text);
        return Some(format!("`{word}` may be another `{name}`, and the shell remembers the old one"));
    }
    let is_unclear = match concern {
        // the names of packages say it
        Concern::SystemPackages
        | Concern::Python
        | Concern::Files
        | Concern::Users
        | Concern::Go
        | Concern::Rust => false,
        // they put no commands where a shell looks
        Concern::Dotnet | Concern::Elixir | Concern::Php => false,
        Concern::Node => is_global(command) && command.args().iter().any(is_no_name),
        Concern::Ruby => {
            !says(command, &["config", "cleanup"])
                && (says(command, &["install"]) && command.name() == Some("bundle")
                    || command.args().iter().any(is_no_name))
        }
        Concern::Poetry => !says(command, &["config"]),
        Concern::Conda => command
            .args()
            .iter()
            .any(|w| is_no_name(w) || w.text.starts_with(b"-f") || w.text.starts_with(b"--file")),
    };
    let why = || format!("an install may bring another `{name}`, and the shell remembers the old one");
    is_unclear.then(why)
}

/// Whether a word asks for a package that brings a program of that name.
fn is_of(word: &Word, name: &str) -> bool {
    const ALSO: [(&str, &[&str]); 5] = [
        ("bundle", &["bundler"]),
        ("gem", &["rubygems-update"]),
        ("npm", &["corepack", "node", "n"]),
        ("yarn", &["corepack"]),
        ("pnpm", &["corepack"]),
    ];
    let Some(value) = word.value.as_deref() else { return false };
    let start = value.trim_start_matches('@');
    let last = start.rsplit('/').next().unwrap_or(start);
    let bare = |text: &str| {
        let end = text.find(|c: char| "@=<>~:[".contains(c)).unwrap_or(text.len());
        text[..end].to_ascii_lowercase()
    };
    let also = ALSO.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, also)| also);
    [bare(start), bare(last)].iter().any(|asked| asked == name || also.contains(&asked.as_str()))
}

/// Whether a word is no plain name of a package: a path, a URL, a variable.
fn is_no_name(word: &Word) -> bool {
    match word.value.as_deref() {
        None => true,
        Some(value) if value.starts_with('-') || value.starts_with('@') => false,
        Some(value) => value.contains('/') || value.contains(':') || word.is_pattern(),
    }
}

fn is_global(command: &Command) -> bool {
    says(command, &["-g", "--global", "global", "--location=global"])
}

fn says(command: &Command, words: &[&str]) -> bool {
    command.args().iter().filter_map(|w| w.value.as_deref()).any(|v| words.contains(&v))
}
