//! What one shell for the commands of two RUNs would change, beside the shell's own state.
//!
//! A shell remembers where it found a command, stays in the folder in which it began, and is what it was when it
//! began; processes live until it ends; the file systems that the engine mounts (/dev, /proc, /sys) are new in every RUN.
//! Each module here is one of these. What a command that nobody knows does to them is taken for granted in
//! docs/safety.md, as far as its words do not speak of it.

mod memory;
mod places;
mod processes;
mod programs;
mod reader;

use super::renews;
use super::script::{Script, Simple};
use crate::model::stage;

/// What stands in the way of one shell for two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// The rule that does not hold; one of a few.
    pub predicate: &'static str,
    /// What does not keep it.
    pub what: String,
    /// What the author could do.
    pub advice: &'static str,
}

/// Where two RUNs are run.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The working folder, where that is known.
    pub cwd: Option<&'a str>,
    /// Whether a WORKDIR of the file names it, be it with a variable or in a stage below: else it is the base image's.
    pub is_named: bool,
}

/// What the shell that ran `own` may do otherwise than a new one when it runs `next`.
pub fn hazard(own: &Script, next: &Script, place: Place) -> Option<Hazard> {
    memory::hazard(next.text())
        .or_else(|| reader::hazard(own))
        .or_else(|| programs::hazard(own, next))
        .or_else(|| renewed(own, next))
        .or_else(|| places::hazard(own, next, place))
        .or_else(|| processes::hazard(own))
}

/// What the packages that an install names may bring anew.
fn renewed(own: &Script, next: &Script) -> Option<Hazard> {
    let own: Vec<_> = own.simples.iter().map(Simple::program).collect();
    let next: Vec<_> = next.simples.iter().map(Simple::program).collect();
    renews::renews(&own, &next).map(|why| programs::remembers(&why))
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// The words that name files: no options, nor the mode or owner that comes first.
fn paths<'c, 'a>(command: &'c super::Command<'a>) -> impl DoubleEndedIterator<Item = &'c super::Word<'a>> {
    let first = usize::from(matches!(command.name(), Some("chmod" | "chown" | "chgrp")));
    let mut found: Vec<_> = command.args().iter().filter(|w| !w.text.starts_with(b"-")).collect();
    found.drain(..first.min(found.len()));
    found.into_iter()
}

/// Whether one of the options is this word, or holds this letter among short ones.
fn has_option(command: &super::Command, long: &[&str], short: &str) -> bool {
    command.args().iter().filter_map(|w| w.value.as_deref()).any(|o| {
        long.contains(&o) || o.starts_with('-') && !o.starts_with("--") && o.contains(|c| short.contains(c))
    })
}

/// The last part of a path, quotes aside.
fn last_part(path: &[u8]) -> &[u8] {
    let quote = |b: &u8| matches!(b, b'"' | b'\'' | b'/');
    let end = path.iter().rposition(|b| !quote(b)).map_or(0, |at| at + 1);
    let path = &path[..end];
    let start = path.iter().rposition(quote).map_or(0, |at| at + 1);
    &path[start..]
}

/// Whether a simple command is one of these in the end, behind `sudo` and its like.
fn is_one_of(simple: &Simple, names: &[&str]) -> bool {
    simple.program().name().is_some_and(|n| names.contains(&base(n)))
}

/// The name of a program without its folder.
fn base(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether `path`, from the folder `at`, is `cwd` or a folder above it; `true` where that is not known.
fn may_be_above(path: &str, at: Option<&str>, cwd: &str) -> bool {
    stage::resolve(at, path).is_none_or(|p| crate::model::place::below(cwd, &p).is_some())
}
