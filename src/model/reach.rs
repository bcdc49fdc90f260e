//! What may lead a program that looks at no file of the source to that source all the same: a variable that names it,
//! a setting or a link that points into it.
//!
//! The instructions above a step decide this, those of the stages that it builds on among them. The base image is not
//! known; what is taken for granted of it is in docs/safety.md.

use super::command::{Command, Run, table};
use super::stage::{self, Copy, Stage, Step};
use super::{place, variables};
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// What stands above `step` and may lead to the folder `target`, in words.
pub fn leads_to(file: &Dockerfile, stages: &[Stage], step: &Step, target: &str) -> Option<String> {
    let lineage = stage::lineage(file, stages, step.item);
    let mut names: Vec<&[u8]> = Vec::new();
    // from the top on, so that a variable that holds the folder is known where another one names it
    for i in lineage.iter().rev().filter_map(|s| file.instruction_at(s.item)) {
        if matches!(i.keyword, Keyword::Env | Keyword::Arg) && mentions(i, target, &names) {
            names.extend(variables::names(i));
        }
    }
    lineage.into_iter().find_map(|step| {
        let i = file.instruction_at(step.item)?;
        match i.keyword {
            Keyword::Env | Keyword::Arg => by_variable(i, target, &names),
            Keyword::Run => by_command(i, step, target, &names),
            Keyword::Copy | Keyword::Add => by_settings(i, step, file.escape, target),
            _ => None,
        }
    })
}

/// Whether a text names the folder, the one that it stands in at the top, or a variable that does. Where that is a
/// folder of projects, the folder of all of them counts too: its path could be the first half of a longer one.
fn mentions(i: &Instruction, target: &str, names: &[&[u8]]) -> bool {
    let text = i.logical_text();
    let is_of_a_name = |b: &u8| b.is_ascii_alphanumeric() || b"_-.".contains(b);
    let stands = |folder: &str, goes_on: &dyn Fn(&[u8]) -> bool| {
        memchr::memmem::find_iter(text, folder).any(|at| !goes_on(&text[at + folder.len()..]))
    };
    let goes_on = |rest: &[u8]| rest.first().is_some_and(is_of_a_name);
    let goes_elsewhere = |rest: &[u8]| {
        let first = rest.strip_prefix(b"/").and_then(<[u8]>::first);
        goes_on(rest) || first.is_some_and(|b| is_of_a_name(b) && *b != b'.')
    };
    let own = place::own_top(target);
    match place::above_project(target) {
        None if stands(own, &goes_on) => return true,
        None => {}
        // by a part of its path that a way around (`/usr/local/../src/app`), or from where it runs, ends in too
        Some(all) => {
            let last = all.rfind('/').map_or(0, |at| at + 1);
            if stands(&own[last..], &goes_on) || stands(all, &goes_elsewhere) {
                return true;
            }
        }
    }
    names.iter().any(|n| is_used(n, text))
}

/// Whether `$name` or `${name…}` stands in a text.
fn is_used(name: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, name).any(|at| {
        let before = text[..at].strip_suffix(b"{").unwrap_or(&text[..at]);
        let goes_on = text.get(at + name.len()).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        before.ends_with(b"$") && !goes_on
    })
}

/// Any variable may tell a tool, or the script of a package, where to look; but not those of the source itself.
fn by_variable(i: &Instruction, target: &str, names: &[&[u8]]) -> Option<String> {
    let leads = mentions(i, target, names);
    let relative =
        |name| variables::is_far_reaching(name) && has_relative_path(name, variables::value(i, name));
    let set = variables::names(i);
    let name = set.iter().find(|name| leads && !variables::is_of_the_source(name) || relative(name))?;
    Some(format!("{} may lead to {target}", String::from_utf8_lossy(name)))
}

/// Whether a value holds a path that begins where the program stands: each part of a search path and each name of a
/// file may be one (`bin:$PATH`, `apt.conf`), in any other value what looks like one (`./lib`, but not `Europe/Berlin`).
fn has_relative_path(name: &[u8], value: &[u8]) -> bool {
    const SEARCHED: [&[u8]; 3] = [b"PATH", b"LIB", b"PRELOAD"];
    const FILES: [&[u8]; 8] = [b"CONFIG", b"CONF", b"FILE", b"BUNDLE", b"DIR", b"HOME", b"NETRC", b"INFO"];
    let word = |b: &u8| matches!(b, b'=' | b':' | b' ' | b'\t' | b'"' | b'\'' | b',');
    let names_path = SEARCHED.iter().chain(&FILES).any(|end| name.ends_with(end));
    let is_relative = |part: &[u8]| match part {
        [] | [b'/' | b'$', ..] => false,
        // a switch: PIP_NO_CACHE_DIR=off
        b"0" | b"1" | b"on" | b"off" | b"true" | b"false" | b"yes" | b"no" => false,
        _ => {
            names_path || matches!(part, b"." | b"..") || part.starts_with(b"./") || part.starts_with(b"../")
        }
    };
    memchr::memmem::find(value, b"://").is_none() && value.split(word).any(is_relative)
}

/// A RUN that names the folder, by its path or from where it runs, and may have set a link to it, or a setting.
fn by_command(i: &Instruction, step: &Step, target: &str, names: &[&[u8]]) -> Option<String> {
    if !mentions(i, target, names) && !mentions_from(i, step, target) {
        return None;
    }
    (!is_known(i)).then(|| format!("a RUN above may have set a link or a setting that leads to {target}"))
}

/// Whether a RUN that runs in the folder, in one below it or in one that is not known, speaks of where it runs, or sets
/// an option of a tool, which may be a path from there.
fn mentions_from(i: &Instruction, step: &Step, target: &str) -> bool {
    const SPEAKS: [&[u8]; 6] = [b"$PWD", b"${PWD", b"pwd", b"./", b"pip config", b"git config"];
    let cwd = step.cwd.as_deref();
    let meets = |cwd: &str| place::below(cwd, target).is_some() || place::below(target, cwd).is_some();
    let text = i.logical_text();
    cwd.is_none_or(meets) && SPEAKS.iter().any(|s| memchr::memmem::find(text, s).is_some())
}

/// Whether all commands of a RUN are known to set neither.
fn is_known(i: &Instruction) -> bool {
    use table::Concern as C;
    let sets_none = |c: &Command| {
        matches!(table::concern(c), Some(C::SystemPackages | C::Python | C::Files)) && c.name() != Some("ln")
    };
    Run::of(i).is_ok_and(|run| run.commands.iter().all(sets_none))
}

/// A COPY that may bring settings of package managers or of the linker, or a link.
fn by_settings(i: &Instruction, step: &Step, escape: u8, target: &str) -> Option<String> {
    const PLACES: &[&str] = &[
        "/etc/apt",
        "/etc/apk",
        "/etc/dnf",
        "/etc/dpkg",
        "/etc/ld.so",
        "/etc/pip",
        "/etc/pki",
        "/etc/rpm",
        "/etc/xdg",
        "/etc/perl",
        "/etc/python",
        "/etc/yum",
        "/etc/zypp",
        "/root",
    ];
    let why = || Some(format!("a {} above may bring settings that lead to {target}", i.keyword.upper()));
    let Some(at) = Copy::of(i, escape).and_then(|copy| copy.target(step.cwd.as_deref())) else {
        return why();
    };
    let brings =
        at == "/" || at == "/etc" || PLACES.iter().any(|p| at.starts_with(p)) || at.contains("-packages");
    let inside = place::below(target, &at).is_some_and(|rest| !rest.is_empty());
    if brings || inside { why() } else { None }
}
