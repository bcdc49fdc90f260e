//! The words of the package managers of the system, as far as they say whether a file is read that they name.
//!
//! What is not listed may name one: `-c` a configuration, `--root` another system, `--repository` a folder.

use super::{Command, Word, apt};

/// What a package manager knows of options that name no file.
struct Options {
    /// Letters without a value.
    letters: &'static str,
    /// Long options without a value.
    flags: &'static [&'static str],
    /// Options with a value that names no file.
    values: &'static [&'static str],
    /// Options whose value is a place to fetch from: no file if it is one of the network.
    sources: &'static [&'static str],
    /// How a file that is a package ends.
    ending: &'static str,
}

const APK: Options = Options {
    letters: "Uuqvfl",
    flags: &[
        "--no-cache",
        "--update",
        "--update-cache",
        "--upgrade",
        "--quiet",
        "--verbose",
        "--no-progress",
        "--purge",
        "--available",
        "--latest",
        "--allow-untrusted",
        "--force",
        "--force-overwrite",
        "--force-broken-world",
        "--force-refresh",
        "--rdepends",
    ],
    values: &["-t", "--virtual", "--wait", "--timeout"],
    sources: &["-X", "--repository"],
    ending: ".apk",
};

const YUM: Options = Options {
    letters: "yqvtde0123456789",
    flags: &[
        "--assumeyes",
        "--quiet",
        "--nogpgcheck",
        "--nodocs",
        "--skip-broken",
        "--allowerasing",
        "--best",
        "--nobest",
        "--refresh",
        "--security",
        "--noplugins",
        "--verbose",
        "--obsoletes",
    ],
    values: &[
        "--enablerepo",
        "--disablerepo",
        "--exclude",
        "-x",
        "--repo",
        "--repoid",
        "--setopt",
        "--releasever",
        "--disableplugin",
        "--disableexcludes",
    ],
    sources: &[],
    ending: ".rpm",
};

const ZYPPER: Options = Options {
    letters: "nqvyfl",
    flags: &[
        "--non-interactive",
        "--no-gpg-checks",
        "--gpg-auto-import-keys",
        "--no-recommends",
        "--recommends",
        "--force",
        "--no-confirm",
        "--auto-agree-with-licenses",
        "--allow-unsigned-rpm",
        "--clean-deps",
        "--no-refresh",
        "--quiet",
        "--all",
        "-a",
    ],
    values: &["--from", "-t", "--type"],
    sources: &[],
    ending: ".rpm",
};

/// Whether the command names no file, whatever stands where it runs.
pub(super) fn names_no_file(command: &Command) -> bool {
    let options = match command.name() {
        Some("apt" | "apt-get") => return apt::names_no_file(command),
        Some("apk") => &APK,
        Some("yum" | "dnf" | "microdnf") => &YUM,
        Some("zypper") => &ZYPPER,
        _ => return false,
    };
    let Some(values) = command.values() else { return false };
    !command.args().iter().any(Word::is_pattern) && options.know(&values)
}

impl Options {
    fn know(&self, values: &[&str]) -> bool {
        let mut words = values.iter();
        while let Some(word) = words.next() {
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) if word.starts_with('-') => (name, Some(value)),
                _ => (*word, None),
            };
            let known = if self.values.contains(&name) {
                attached.or_else(|| words.next().copied()).is_some_and(|v| !v.contains('/'))
            } else if self.sources.contains(&name) {
                attached.or_else(|| words.next().copied()).is_some_and(is_remote)
            } else if name.starts_with('-') {
                attached.is_none() && (self.flags.contains(&name) || self.is_letters(name))
            } else {
                // a package: no path, no URL, no file
                !word.contains('/') && !word.to_ascii_lowercase().ends_with(self.ending)
            };
            if !known {
                return false;
            }
        }
        true
    }

    fn is_letters(&self, word: &str) -> bool {
        word.len() > 1 && !word.starts_with("--") && word[1..].chars().all(|c| self.letters.contains(c))
    }
}

fn is_remote(value: &str) -> bool {
    value.starts_with("http://") || value.starts_with("https://")
}
