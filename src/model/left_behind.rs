//! Who may still need what a RUN leaves behind for a package manager: its lists, its cache.
//!
//! What is not known to do without counts as one that needs it. Scripts are not read: each may install something.

use crate::model::calls::{self, Call};
use crate::model::stage;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Programs that run what they are given, or a script.
const SHELLS: [&str; 14] = [
    "sh", "bash", "dash", "ash", "zsh", "source", ".", "eval", "xargs", "su", "gosu", "chroot", "exec",
    "script",
];

/// Programs that ask apt for packages.
const ASK_APT: [&str; 10] = [
    "aptitude",
    "apt-cache",
    "apt-file",
    "apt-mark",
    "rosdep",
    "mk-build-deps",
    "gdebi",
    "tasksel",
    "playwright",
    "ansible-playbook",
];

/// What a RUN does with the lists of a package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Nothing.
    None,
    /// It fetches its own.
    Renews,
    /// It may need what is there.
    Needs,
}

/// The line of an instruction that may need the lists of apt that the one at `item` leaves behind, and what it does.
pub fn who_needs_apt_lists(file: &Dockerfile, item: usize) -> Option<(usize, &'static str)> {
    who(file, item, b"apt", apt)
}

/// The line of an instruction that may need the index of apk that the one at `item` leaves behind.
pub fn who_needs_apk_index(file: &Dockerfile, item: usize) -> Option<(usize, &'static str)> {
    who(file, item, b"apk", apk)
}

fn who(file: &Dockerfile, item: usize, name: &[u8], of: fn(&Call) -> Use) -> Option<(usize, &'static str)> {
    let stages = stage::stages(file);
    let own = stages.iter().find(|s| s.steps.iter().any(|step| step.item == item));
    for step in stage::heirs(file, &stages, item) {
        let i = file.instruction_at(step.item)?;
        let why = match i.keyword {
            Keyword::Run => in_run(i, name, of),
            Keyword::Onbuild => in_text(i, name),
            _ => None,
        };
        if let Some(why) = why {
            return Some((step.line, why));
        }
        // whoever follows finds the lists of this one, in this stage and in those that build on it
        let is_own = own.is_some_and(|own| own.steps.iter().any(|s| s.id == step.id));
        if is_own && i.keyword == Keyword::Run && renews(i, of) {
            return None;
        }
    }
    None
}

/// Whether a RUN fetches new lists, come what may.
fn renews(i: &Instruction, of: fn(&Call) -> Use) -> bool {
    let calls = calls::calls(i);
    calls::list(i).is_some() && calls.iter().map(of).find(|u| *u != Use::None) == Some(Use::Renews)
}

/// What a step does that needs the lists.
pub const MAY_INSTALL: &str = "may install packages";
const RUNS_A_SCRIPT: &str = "runs a script that may install packages";

fn in_run(i: &Instruction, name: &[u8], of: fn(&Call) -> Use) -> Option<&'static str> {
    let calls = calls::calls(i);
    let simple = i.nodes.iter().filter(|n| n.kind == crate::syntax::node::Kind::Simple).count();
    if calls.is_empty() || calls.len() != simple {
        // a heredoc, another shell, a word over two lines
        return in_text(i, name);
    }
    for call in &calls {
        match of(call) {
            Use::Renews => return None,
            Use::Needs => return Some(MAY_INSTALL),
            Use::None if is_script(call) => return Some(RUNS_A_SCRIPT),
            Use::None => {}
        }
    }
    None
}

/// Of a text that is not read: whether it speaks of the manager.
fn in_text(i: &Instruction, name: &[u8]) -> Option<&'static str> {
    let holds = |what: &[u8]| memchr::memmem::find(i.logical_text(), what).is_some();
    let is_script = [&b".sh"[..], b"./", b"bash", b"sh -c"].iter().any(|s| holds(s));
    match (holds(name), is_script) {
        (true, _) => Some(MAY_INSTALL),
        (_, true) => Some(RUNS_A_SCRIPT),
        _ => None,
    }
}

fn is_script(call: &Call) -> bool {
    let system = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/"];
    let program = call.program();
    let is_path = program.contains('/') && !system.iter().any(|s| program.starts_with(s));
    let sets_up =
        |word: &str| ["dep", "setup", "bootstrap", "prereq", "apt", "tools"].iter().any(|s| word.contains(s));
    let makes = call.name() == "make" && call.words[1..].iter().any(|(_, w)| sets_up(w));
    is_path
        || makes
        || program.contains('$')
        || program.rsplit('.').next() == Some("sh")
        || SHELLS.contains(&call.name())
}

fn apt(call: &Call) -> Use {
    let is_apt = |word: &str| matches!(word, "apt-get" | "apt") || word.ends_with("/apt-get");
    let Some(at) = call.words.iter().position(|(_, w)| is_apt(w)) else {
        return if call.words.iter().any(|(_, w)| ASK_APT.contains(w)) { Use::Needs } else { Use::None };
    };
    // behind sudo and the like too
    let from = Call { index: call.index, words: call.words[at..].to_vec() };
    match from.verb(calls::APT_VALUED) {
        "update" => Use::Renews,
        "clean" | "autoclean" | "remove" | "purge" | "autoremove" | "auto-remove" => Use::None,
        _ => Use::Needs,
    }
}

fn apk(call: &Call) -> Use {
    let Some(at) = call.words.iter().position(|(_, w)| *w == "apk") else { return Use::None };
    let has = |option: &str| call.has(option);
    // it fetches the index for itself, and leaves none to what follows
    if has("--no-cache") {
        return Use::None;
    }
    let fetches = ["--update-cache", "--update", "-U", "update"].iter().any(|o| has(o));
    // a RUN that adds packages gets its own index by the same rule
    let verb = call.words[at + 1..].iter().map(|(_, w)| *w).find(|w| !w.starts_with('-'));
    match verb {
        _ if fetches => Use::Renews,
        Some("add" | "del" | "info" | "version" | "--print-arch") if at == 0 => Use::None,
        _ => Use::Needs,
    }
}
