//! Who reads the next text: a new RUN asks /bin/sh, and /etc/passwd for its user; a shell is the one that it was.

use super::{Hazard, has_option, is_one_of, last_part, paths, shown};
use crate::model::command::Command;
use crate::model::command::script::{Script, Simple};

/// Programs and files that decide how the text of a RUN is read: what takes their place counts from the next RUN on.
pub(super) const READS_TEXT: &[&str] =
    &["sh", "bash", "ash", "dash", "ksh", "zsh", "busybox", "passwd", "group"];

/// Programs that put files, or links, where they are told.
pub(super) const PLACES_FILES: &[&str] = &[
    "ln",
    "mv",
    "cp",
    "install",
    "rm",
    "unlink",
    "dpkg-divert",
    "update-alternatives",
    "alternatives",
    "tee",
    "tar",
    "unzip",
    "curl",
    "wget",
    "chmod",
    "chown",
    "rsync",
    "sed",
    "usermod",
    "userdel",
    "chsh",
];

pub(super) fn hazard(own: &Script) -> Option<Hazard> {
    own.simples.iter().find_map(reads_text)
}

/// Whether a command may change which shell reads the next text, or for whom.
fn reads_text(simple: &Simple) -> Option<Hazard> {
    let program = simple.program();
    let is_reader = |part: &[u8]| READS_TEXT.iter().any(|n| part == n.as_bytes());
    let target = simple.targets.iter().find(|w| is_reader(last_part(w.text)));
    let named = || {
        let name = program.name().unwrap_or_default();
        let places = is_one_of(simple, PLACES_FILES) && !matches!(name, "curl" | "wget" | "usermod" | "chsh");
        let dash = name == "dpkg-reconfigure";
        paths(&program).find(|w| {
            let part = last_part(w.text);
            places && is_reader(part) && !only_reads(&program, w.text) || dash && part == b"dash"
        })
    };
    let recursive = || {
        let all = is_one_of(simple, &["chmod", "chown"]) && has_option(&program, &["--recursive"], "R");
        paths(&program).find(|w| all && matches!(last_part(w.text), b"bin" | b"sbin"))
    };
    let word = target.or_else(named).or_else(recursive)?.text;
    Some(Hazard {
        predicate: "what reads the next text may be another",
        what: format!("`{}` may stand for the shell, or for its user", shown(word)),
        advice: "keep them apart",
    })
}

/// Whether a word is only a source: `cp /bin/sh /x`, `ln -s /bin/bash /x`.
fn only_reads(command: &Command, word: &[u8]) -> bool {
    let is_last = paths(command).next_back().is_some_and(|w| w.text == word);
    matches!(command.name(), Some("cp" | "ln")) && !is_last && last_is_a_name(command)
}

/// Whether the last word is the new name itself, and no folder that would hold one of the old name.
fn last_is_a_name(command: &Command) -> bool {
    paths(command).next_back().is_some_and(|w| !w.text.ends_with(b"/") && !w.text.ends_with(b"bin"))
}
