//! The words of `apt-get` and `apt`, as far as they say whether a file is read that they name.
//!
//! Options that are not here may: `-c` names a configuration, `-o Dir=…` the folder of all of them, `-o DPkg::…` a
//! command to be run.

use super::{Command, Word};

/// Long options without a value that name no file.
const FLAGS: &[&str] = &[
    "--yes",
    "--assume-yes",
    "--quiet",
    "--force-yes",
    "--fix-broken",
    "--fix-missing",
    "--ignore-missing",
    "--no-install-recommends",
    "--no-install-recommend",
    "--no-install-suggests",
    "--install-recommends",
    "--install-suggests",
    "--allow-unauthenticated",
    "--allow-downgrades",
    "--allow-remove-essential",
    "--allow-change-held-packages",
    "--allow-releaseinfo-change",
    "--allow-insecure-repositories",
    "--reinstall",
    "--purge",
    "--auto-remove",
    "--autoremove",
    "--no-upgrade",
    "--only-upgrade",
    "--no-remove",
    "--no-auto-remove",
    "--verbose-versions",
    "--show-progress",
    "--download-only",
];

/// Settings of `-o`, up to the first `=`, whose values name no file and no command.
const SETTINGS: &[&str] = &[
    "apt::autoremove::recommendsimportant",
    "apt::autoremove::suggestsimportant",
    "apt::install-recommends",
    "apt::install-suggests",
    "apt::get::assume-yes",
    "apt::get::allowunauthenticated",
    "apt::get::fix-missing",
    "acquire::allowinsecurerepositories",
    "acquire::allowdowngradetoinsecurerepositories",
    "acquire::check-valid-until",
    "acquire::forceipv4",
    "acquire::forceipv6",
    "acquire::gzipindexes",
    "acquire::http::timeout",
    "acquire::https::timeout",
    "acquire::http::pipeline-depth",
    "acquire::languages",
    "acquire::retries",
    "acquire::max-futuretime",
    "debug::pkgproblemresolver",
    "debug::nolocking",
    "dpkg::lock::timeout",
    "dpkg::progress-fancy",
    "dpkg::use-pty",
];

/// Whether the command names no file, whatever stands where it runs.
pub fn names_no_file(command: &Command) -> bool {
    let Some(values) = command.values() else { return false };
    let has_pattern = command.args().iter().any(Word::is_pattern);
    // `apt-get install ./x.deb` reads a file
    let names_path = values.iter().any(|v| v.contains('/') || v.to_ascii_lowercase().ends_with(".deb"));
    !has_pattern && !names_path && options_are_known(&values)
}

fn options_are_known(values: &[&str]) -> bool {
    let mut words = values.iter();
    while let Some(word) = words.next() {
        let known = match word.split_once('=') {
            _ if !word.starts_with('-') => true,
            Some(("--target-release" | "--default-release" | "--quiet" | "-q", _)) => true,
            Some(("--option", setting)) => is_known_setting(setting),
            _ if word.starts_with("-o") && word.len() > 2 => is_known_setting(&word[2..]),
            _ => match *word {
                "-t" | "--target-release" | "--default-release" => words.next().is_some(),
                "-o" | "--option" => words.next().is_some_and(|s| is_known_setting(s)),
                short if !short.starts_with("--") => short[1..].chars().all(|c| "yqfmudVs".contains(c)),
                long => FLAGS.contains(&long),
            },
        };
        if !known {
            return false;
        }
    }
    true
}

fn is_known_setting(setting: &str) -> bool {
    let Some((name, value)) = setting.split_once('=') else { return false };
    let name = name.to_ascii_lowercase();
    SETTINGS.contains(&&name[..]) || name == "dpkg::options::" && value.starts_with("--force-")
}
