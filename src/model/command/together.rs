//! What one shell for the commands of two RUNs would change, where all of them are in the [table](super::table).
//!
//! A shell remembers where it found a command, stays in the folder in which it began, and is what it was when it
//! began; the file systems that the engine mounts (/dev, /proc, /sys) are new in every RUN.

use super::{Command, Word, renews};
use crate::model::{place, stage};

/// Programs and files that decide how the text of a RUN is read: a link over one of them counts from the next RUN on.
const READS_TEXT: &[&str] = &["sh", "bash", "ash", "dash", "ksh", "zsh", "busybox", "passwd", "group"];

/// Variables of the shell that tell of what it did before.
const MEMORY: &[&str] = &[
    "_",
    "BASH",
    "PIPESTATUS",
    "RANDOM",
    "SRANDOM",
    "SECONDS",
    "EPOCH",
    "LINENO",
    "HISTCMD",
    "COMP",
    "DIRSTACK",
];

/// What the shell that ran `own` may do otherwise than a new one when it runs `next`, in the folder `cwd`.
pub fn hazard(own: &[Command], next: &[Command], cwd: Option<&str>) -> Option<String> {
    if next.iter().flat_map(|c| &c.words).any(|w| has_memory(w.text)) {
        return Some("a variable tells of the command before it".to_string());
    }
    if let Some(why) = renews::renews(own, next) {
        return Some(why);
    }
    own.iter().filter(|c| changes_files(c)).find_map(|c| {
        replaces_program(c, own, next)
            .or_else(|| is_mounted_anew(c))
            .or_else(|| (moves_folder(c, cwd) && next.iter().any(names_relative_path)).then(moved))
    })
}

fn moved() -> String {
    "a link may be set where the working folder is, and the shell would stay where it was".to_string()
}

fn changes_files(command: &Command) -> bool {
    matches!(command.name(), Some("ln" | "chmod" | "chown" | "chgrp" | "mkdir" | "touch"))
}

/// Whether a text holds `$_`, `${RANDOM…}` or their like.
fn has_memory(text: &[u8]) -> bool {
    memchr::memchr_iter(b'$', text).any(|at| {
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix(b"{").unwrap_or(rest);
        let last_job = matches!(rest.first(), Some(b'!' | b'-'));
        let rest = rest.strip_prefix(b"#").or(rest.strip_prefix(b"!")).unwrap_or(rest);
        let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_')).unwrap_or(rest.len());
        let name = &rest[..end];
        MEMORY.iter().any(|m| name == m.as_bytes() || m.len() > 3 && name.starts_with(m.as_bytes()))
            || last_job
    })
}

/// Whether a link or a mode may decide which program a name stands for: the shell's own, or one that both RUNs call.
fn replaces_program(command: &Command, own: &[Command], next: &[Command]) -> Option<String> {
    let both = next.iter().filter_map(Command::name).filter(|n| own.iter().any(|c| c.name() == Some(n)));
    let names: Vec<&str> = READS_TEXT.iter().copied().chain(both).collect();
    let among_programs = paths(command).any(|w| is_among_programs(w.text));
    let recursive = command.args().iter().any(|w| w.text.starts_with(b"-") && w.text.contains(&b'R'));
    let replaces = |w: &&Word| {
        let last = last_part(w.text);
        let exact = names.iter().any(|n| last == n.as_bytes());
        let perhaps = among_programs && names.iter().any(|n| may_be(last, n.as_bytes()));
        exact || perhaps || recursive && matches!(last, b"bin" | b"sbin")
    };
    let word = paths(command).filter(|_| command.name() != Some("mkdir")).find(replaces)?;
    Some(format!("`{}` may stand for a program that both call", String::from_utf8_lossy(word.text)))
}

/// The words that name files: no options, nor the mode or owner that comes first.
fn paths<'c>(command: &'c Command) -> impl Iterator<Item = &'c Word<'c>> {
    let first = usize::from(matches!(command.name(), Some("chmod" | "chown" | "chgrp")));
    command.args().iter().filter(|w| !w.text.starts_with(b"-")).skip(first)
}

fn last_part(path: &[u8]) -> &[u8] {
    let quote = |b: &u8| matches!(b, b'"' | b'\'' | b'/');
    let end = path.iter().rposition(|b| !quote(b)).map_or(0, |at| at + 1);
    let path = &path[..end];
    let start = path.iter().rposition(quote).map_or(0, |at| at + 1);
    &path[start..]
}

fn is_among_programs(path: &[u8]) -> bool {
    path.split(|b| matches!(b, b'/' | b'"' | b'\'')).any(|part| part.ends_with(b"bin"))
}

/// Whether a part of a path that holds a pattern or a variable may stand for `name`.
fn may_be(part: &[u8], name: &[u8]) -> bool {
    let special = |b: &u8| b"*?[$`{".contains(b);
    let Some(first) = part.iter().position(special) else { return false };
    if part.contains(&b'$') {
        return name.starts_with(&part[..first]);
    }
    let last = part.iter().rposition(|b| b"*?]}".contains(b)).map_or(first, |at| at + 1);
    name.starts_with(&part[..first]) && name.ends_with(part.get(last..).unwrap_or_default())
}

/// What lies in a file system that every RUN gets anew is gone in the next.
fn is_mounted_anew(command: &Command) -> Option<String> {
    const FILES: [&str; 3] = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];
    let is_anew = |w: &&Word| {
        let Some(path) = w.value.as_deref() else { return false };
        FILES.contains(&path) || ["/dev", "/proc", "/sys"].iter().any(|top| place::below(path, top).is_some())
    };
    let last = command.args().len().saturating_sub(1);
    let places = paths(command)
        .filter(|w| command.name() != Some("ln") || std::ptr::eq(*w, &raw const command.args()[last]));
    let word = places.into_iter().find(is_anew)?;
    Some(format!("`{}` is new in every RUN", String::from_utf8_lossy(word.text)))
}

/// Whether `ln` may put another link where `cwd`, or a folder above it, is one.
fn moves_folder(command: &Command, cwd: Option<&str>) -> bool {
    let option = |long: &[&str], short: &str| {
        command.args().iter().filter_map(|w| w.value.as_deref()).any(|o| {
            long.contains(&o)
                || o.starts_with('-') && !o.starts_with("--") && o.contains(|c| short.contains(c))
        })
    };
    let replaces = option(&["--force"], "f") && option(&["--no-dereference", "--no-target-directory"], "nT");
    command.name() == Some("ln") && replaces && paths(command).any(|w| may_be_above(w, cwd))
}

fn may_be_above(word: &Word, cwd: Option<&str>) -> bool {
    let (Some(path), Some(cwd)) = (word.value.as_deref(), cwd) else { return true };
    stage::resolve(Some(cwd), path).is_none_or(|at| place::below(cwd, &at).is_some())
}

/// Whether a command names a file from where it stands.
fn names_relative_path(command: &Command) -> bool {
    let absolute =
        |w: &Word| w.text.starts_with(b"/") || w.text.starts_with(b"\"/") || w.text.starts_with(b"'/");
    paths(command).any(|w| !absolute(w))
}
