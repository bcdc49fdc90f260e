//! Who else reaches a cache: instructions that want what it holds, and commands beside an install that take a folder
//! around it.
//!
//! What is in a cache is in no layer, and while it is mounted it can neither be moved nor removed.

use super::managers::Manager;
use crate::model::calls::{self, Call};
use crate::rules::each_run;
use crate::syntax::node::Kind;
use crate::syntax::tree::Instruction;

/// Folders that every image has.
const OF_ALL: &[&str] =
    &["", "/root", "/var", "/var/lib", "/var/cache", "/usr", "/usr/local", "/usr/local/share"];

/// Folders that the images have where their manager gets a cache.
const OF_IMAGES: &[&str] = &["/go", "/go/pkg", "/usr/local/cargo", "/usr/local/cargo/git"];

/// Holds that another RUN wants nothing of what a cache holds. What it removes where there is nothing is nothing.
pub(super) fn in_run(i: &Instruction, text: &str, manager: &Manager) -> Result<(), String> {
    if each_run::is_cut_off(i) && text.contains(manager.name) {
        return Err("an install without network".to_string());
    }
    let mounts =
        |flag: &[u8]| manager.paths.iter().any(|p| memchr::memmem::find(flag, p.as_bytes()).is_some());
    if i.flags().any(mounts) {
        return Ok(());
    }
    let calls = calls::calls(i);
    let is_read = calls.len() == i.nodes.iter().filter(|n| n.kind == Kind::Simple).count();
    let is_free = |call: &&Call| !super::clean_up::is_forced(call) && call.name() != "mkdir";
    let words: Vec<&str> = if is_read && !calls.is_empty() {
        calls.iter().filter(is_free).flat_map(|call| call.words[1..].iter().map(|w| w.1)).collect()
    } else {
        without_removals(text)
    };
    let wants = |word: &&&str| {
        let path = path(word);
        is_in(&path, manager) || is_around(&path, manager) && ![OF_ALL, OF_IMAGES].concat().contains(&&*path)
    };
    words.iter().find(wants).map_or(Ok(()), |word| Err(format!("`{word}`")))
}

/// The words of a text that is not read, but for those that follow `rm -rf`.
fn without_removals(text: &str) -> Vec<&str> {
    let (mut found, mut is_removed, mut last) = (Vec::new(), false, "");
    for word in text.split_ascii_whitespace() {
        is_removed = (is_removed || last == "rm" && word == "-rf") && word.starts_with(['-', '/', '~']);
        if !is_removed {
            found.push(word);
        }
        last = word;
    }
    found
}

/// Whether a COPY from another stage takes a folder around a cache, and that for what the cache holds.
pub(super) fn is_copied(i: &Instruction, text: &str, manager: &Manager) -> bool {
    let takes = |word: &str| {
        let path = path(word);
        is_around(&path, manager) && !OF_ALL.contains(&&*path)
    };
    i.flags().any(|flag| flag.starts_with(b"--from=")) && text.split_ascii_whitespace().any(takes)
}

/// Whether a CMD or ENTRYPOINT calls cargo, which wants the sources of all crates before it runs anything.
pub(super) fn is_run(text: &str, manager: &Manager) -> bool {
    let mut words = text.split([' ', '\t', '"', '\'', '[', ']', ',', ';']);
    manager.name == "cargo" && words.any(|word| word.rsplit('/').next() == Some("cargo"))
}

/// The word by which a command takes a folder around a cache, with all that is in it.
pub(super) fn taken_along<'i>(call: &Call<'i>, manager: &Manager) -> Option<&'i str> {
    let words: Vec<&str> = call.words.iter().map(|w| w.1).collect();
    let is_short =
        |word: &str, letter: char| word.starts_with('-') && !word.starts_with("--") && word.contains(letter);
    let recurses = || words.iter().any(|w| is_short(w, 'R') || *w == "--recursive");
    let picks = || words.iter().any(|w| ["-name", "-iname", "-path", "-ipath", "-regex"].contains(w));
    let last = words.len() - 1;
    let end = match call.name() {
        "rm" => last,
        "find" if !picks() => last,
        "chown" | "chmod" | "chgrp" if recurses() => last,
        // the last word is where it goes to
        "mv" | "cp" | "rsync" => last - 1,
        "tar" => last,
        _ => return None,
    };
    let is_folder =
        |at: usize| call.name() == "tar" && (is_short(words[at - 1], 'C') || words[at - 1] == "--directory");
    let is_it = |at: &usize| is_around(&path(words[*at]), manager) && !is_folder(*at);
    (1..=end).find(is_it).map(|at| words[at])
}

/// A word as a path: without quotes and slashes at its end, and with the home of root written out.
fn path(word: &str) -> String {
    let word = word.trim_matches(['"', '\'', '[', ']', ',', ';', ')']);
    let home = ["${HOME}", "$HOME", "~"].iter().find_map(|home| word.strip_prefix(home));
    let path = match home {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/root{rest}"),
        _ => word.to_string(),
    };
    // a word that is empty or an option names no folder, not the root of all
    if path.starts_with('/') { path.trim_end_matches('/').to_string() } else { format!("./{path}") }
}

fn is_in(path: &str, manager: &Manager) -> bool {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with('/');
    manager.paths.iter().any(|p| path.match_indices(p).any(|(at, found)| ends(&path[at + found.len()..])))
}

fn is_around(path: &str, manager: &Manager) -> bool {
    manager.paths.iter().any(|p| p.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
}
