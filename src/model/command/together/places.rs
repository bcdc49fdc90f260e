//! Places that a new RUN finds as they should be: its working folder, and what the engine mounts.

use super::{Hazard, has_option, last_part, may_be_above, paths, shown};
use crate::model::command::script::{Script, Simple};
use crate::model::command::{Command, Word};
use crate::model::{place, stage};

/// Programs that only look.
const READERS: &[&str] =
    &["cat", "grep", "egrep", "head", "tail", "test", "[", "ls", "awk", "cut", "wc", "sort", "diff"];

/// Below these no image works: where the folder is not known, what is taken away there is not the folder.
const NO_FOLDERS: &[&str] = &[
    "/var/lib/apt",
    "/var/lib/dpkg",
    "/var/cache",
    "/var/log",
    "/var/tmp",
    "/tmp",
    "/etc",
    "/usr/share",
    "/usr/lib",
    "/usr/lib64",
    "/usr/include",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/local/share",
    "/usr/local/include",
    "/lib",
    "/bin",
    "/sbin",
    "/root",
    "/run",
    "/var/run",
    "/var/lib/yum",
    "/var/lib/rpm",
    "/var/lib/cache",
    "/var/lib/log",
    "/var/spool",
];

pub(super) fn hazard(own: &Script, next: &Script, at: super::Place) -> Option<Hazard> {
    takes_the_folder(own, at)
        .or_else(|| own.simples.iter().find_map(is_mounted_anew))
        .or_else(|| own.simples.iter().find_map(|s| moves_folder(s, next, at)))
}

fn gone(what: &[u8]) -> Hazard {
    Hazard {
        predicate: "the working folder may be another, which a new RUN finds as it should be",
        what: format!("`{}` may be it, or a folder above it", shown(what)),
        advice: "name the folder with WORKDIR, and what is taken away by a path without variables",
    }
}

/// Whether a command of `own` takes away or moves the folder in which its shell stands.
fn takes_the_folder(own: &Script, place: super::Place) -> Option<Hazard> {
    let mut here = place.cwd.map(String::from);
    for simple in &own.simples {
        let program = simple.program();
        match program.name().map(super::base) {
            Some("cd" | "pushd") => here = moved(here.as_deref(), &program),
            Some("popd") => here = None,
            _ => {}
        }
        if let Some(word) = taken(&program).into_iter().find(|w| may_take(w, here.as_deref(), place)) {
            return Some(gone(word.text));
        }
    }
    None
}

/// What a command takes away from where it is, folders and all.
fn taken<'c, 'a>(program: &'c Command<'a>) -> Vec<&'c Word<'a>> {
    match program.name().map(super::base) {
        Some("rm") if has_option(program, &["--recursive", "--dir"], "rRd") => paths(program).collect(),
        Some("rmdir") => paths(program).collect(),
        Some("find") if takes_what_it_finds(program) => starts_of(program).collect(),
        Some("mv") if has_option(program, &[], "t") => paths(program).collect(),
        Some("mv") => paths(program).rev().skip(1).collect(),
        _ => Vec::new(),
    }
}

/// Whether `find` takes away whatever it meets, the folder where it starts, too.
fn takes_what_it_finds(find: &Command) -> bool {
    let has =
        |names: &[&str]| find.args().iter().filter_map(|w| w.value.as_deref()).any(|w| names.contains(&w));
    has(&["-delete", "rm"]) && !has(&["-name", "-iname", "-type", "-mindepth", "-path", "-regex", "-empty"])
}

fn starts_of<'c, 'a>(find: &'c Command<'a>) -> impl Iterator<Item = &'c Word<'a>> {
    find.args().iter().take_while(|w| !w.text.starts_with(b"-"))
}

/// Where `cd` leads.
fn moved(here: Option<&str>, cd: &Command) -> Option<String> {
    match cd.args() {
        [word] => stage::resolve(here, word.value.as_deref()?),
        _ => None,
    }
}

/// Whether a path may lead to the folder, or to one above it.
fn may_take(word: &Word, here: Option<&str>, place: super::Place) -> bool {
    let text = word.value.clone().unwrap_or_else(|| shown(word.text).replace(['"', '\''], ""));
    let Some(special) = text.find(['$', '`', '*', '?', '[', '{', '~']) else {
        return may_take_path(&text, here, place);
    };
    // what a pattern stands for lies below the folder in front of it
    let front = text[..special].rfind('/').map_or("", |at| &text[..at]);
    let is_pattern = !text.contains(['$', '`', '~', '{']) && !text.contains("..");
    if is_pattern && text[special..].find('/').is_none() {
        return match front {
            // a pattern in the folder itself
            "" if !text.starts_with('/') => here.is_none() || place.cwd != here,
            front => is_strictly_below(place, front, here),
        };
    }
    named_otherwise(&text, place)
}

/// Whether the folder may lie below `front`, so that one of the entries there leads to it.
fn is_strictly_below(place: super::Place, front: &str, here: Option<&str>) -> bool {
    let Some(cwd) = place.cwd else {
        return !is_no_folder(front, place) && may_take_path(front, here, place);
    };
    stage::resolve(here, front).is_none_or(|f| place::below(cwd, &f).is_some() && cwd != f)
}

fn is_no_folder(path: &str, place: super::Place) -> bool {
    let inside = NO_FOLDERS.iter().any(|top| place::below(path, top).is_some());
    inside && !place.is_named && !path.contains("..")
}

fn may_take_path(path: &str, here: Option<&str>, place: super::Place) -> bool {
    match place.cwd {
        Some(cwd) if stage::resolve(here, path).is_some() => may_be_above(path, here, cwd),
        Some(_) => named_otherwise(path, place),
        None if path.starts_with('/') => !is_no_folder(path, place),
        // from where the shell began, a name leads down
        None => {
            here.is_some() && !resolved_below(here, path, place)
                || path.split('/').any(|p| p == "..")
                || path == "."
        }
    }
}

fn resolved_below(here: Option<&str>, path: &str, place: super::Place) -> bool {
    stage::resolve(here, path).is_some_and(|p| is_no_folder(&p, place))
}

/// Whether a path of which the beginning is not known may be the folder or one above it: not if its last part is none of
/// the folder's parts.
fn named_otherwise(path: &str, place: super::Place) -> bool {
    let last = last_part(path.as_bytes());
    let unclear =
        last.is_empty() || last.iter().any(|b| b"$`*?[{}~".contains(b)) || matches!(last, b"." | b"..");
    unclear || place.cwd.is_none_or(|cwd| cwd.split('/').any(|part| part.as_bytes() == last))
}

/// What lies in a file system that every RUN gets anew is gone in the next.
fn is_mounted_anew(simple: &Simple) -> Option<Hazard> {
    let program = simple.program();
    let name = program.name().unwrap_or_default();
    let changes = matches!(
        name,
        "mount"
            | "umount"
            | "losetup"
            | "sysctl"
            | "hostname"
            | "ip"
            | "ifconfig"
            | "iptables"
            | "modprobe"
            | "swapon"
    );
    let edits = READERS.contains(&super::base(name));
    let words: Vec<&Word> = match name {
        "ln" => paths(&program).next_back().into_iter().collect(),
        _ if edits => Vec::new(),
        _ => program.args().iter().collect(),
    };
    let word = words.into_iter().chain(&simple.targets).find(|w| is_anew(w.text)).map(|w| w.text);
    let word = word.or_else(|| changes.then_some(name.as_bytes()))?;
    Some(Hazard {
        predicate: "each RUN gets a place anew",
        what: format!("`{}`", shown(word)),
        advice: "write to another place",
    })
}

/// Whether a word names a place that the engine makes for each RUN. What has no memory is none.
fn is_anew(word: &[u8]) -> bool {
    const FILES: [&[u8]; 3] = [b"/etc/hosts", b"/etc/hostname", b"/etc/resolv.conf"];
    const PLAIN: [&str; 9] = ["null", "stdout", "stderr", "stdin", "tty", "zero", "random", "urandom", "fd"];
    let text = String::from_utf8_lossy(word);
    let ends = |c: char| !(c.is_ascii_alphanumeric() || "._-/".contains(c));
    let mut parts = text.split(ends).filter(|p| !p.is_empty());
    parts.any(|part| {
        let path = stage::resolve(Some("/"), part).filter(|_| part.starts_with('/')).unwrap_or_default();
        let device = path.strip_prefix("/dev/").map(|d| d.split('/').next().unwrap_or_default());
        let is_device = path == "/dev" || device.is_some_and(|d| !PLAIN.contains(&d));
        is_device
            || FILES.contains(&path.as_bytes())
            || ["/proc", "/sys"].iter().any(|top| place::below(&path, top).is_some())
    })
}

/// Whether `ln` may put another link where the folder, or one above it, is, before `next` names a path from there.
fn moves_folder(simple: &Simple, next: &Script, place: super::Place) -> Option<Hazard> {
    let program = simple.program();
    let replaces = has_option(&program, &["--force"], "f")
        && has_option(&program, &["--no-dereference", "--no-target-directory"], "nT");
    let above = |w: &&Word| match (w.value.as_deref(), place.cwd) {
        (Some(path), Some(cwd)) => may_be_above(path, Some(cwd), cwd),
        (Some(path), None) => !is_no_folder(path, place),
        _ => true,
    };
    let word = paths(&program).filter(|_| program.name() == Some("ln") && replaces).find(above)?.text;
    let absolute = |w: &Word| [&b"/"[..], b"\"/", b"'/"].iter().any(|s| w.text.starts_with(s));
    let names_relative = |s: &Simple| {
        let known = matches!(s.name(), Some("mkdir" | "chmod" | "chown" | "ln"));
        !known || paths(&s.command).any(|w| !absolute(w))
    };
    next.simples.iter().any(names_relative).then(|| gone(word))
}
