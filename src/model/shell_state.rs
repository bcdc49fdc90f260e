//! What a shell text leaves behind for a text that the same shell reads after it.
//!
//! Decided from the tree alone: what a program does to the files is not asked here, since a shell of its own would see
//! that too. What a subshell keeps to itself is told from what goes through it.

use crate::model::command::script::{Script, Simple};
use crate::syntax::node::Kind;

/// Something that stays in the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// A variable of this name.
    Variable(Vec<u8>),
    /// A variable that is set inside of parentheses: gone behind them, but of a name that means something.
    Contained(Vec<u8>),
    /// Another state that ends with a subshell: the folder, options, functions; named by the command.
    State(String),
    /// What no subshell holds back, or what is not worth one.
    Beyond(String),
}

/// Commands of the shell that change what ends with the shell.
const STATE: &[&str] = &[
    "cd",
    "pushd",
    "popd",
    "export",
    "readonly",
    "declare",
    "typeset",
    "local",
    "unset",
    "read",
    "mapfile",
    "readarray",
    "getopts",
    "let",
    "set",
    "shopt",
    "umask",
    "ulimit",
    "alias",
    "unalias",
    "source",
    ".",
    "exit",
    "hash",
    "shift",
    "setopt",
    "enable",
];

/// Those behind which nothing can be told: they replace the shell, run a text, or wait for processes.
const BEYOND: &[&str] = &[
    "exec", "eval", "trap", "return", "logout", "su", "newgrp", "sg", "wait", "builtin", "disown", "jobs",
    "fg", "bg", "suspend", "bind", "complete", "fc", "history", "login",
];

/// Commands of the shell by whose side a variable stays set.
const KEEP_VARIABLES: &[&str] = &[":", "export", "readonly", "set", "unset", ".", "source", "exit", "shift"];

/// All that stays.
pub fn leftovers(script: &Script) -> Vec<Leftover> {
    let run = script.run;
    let mut found: Vec<Leftover> = Vec::new();
    for node in script.nodes() {
        match node.kind {
            Kind::Separator if run.node_text(*node) == b"&" => found.push(Leftover::Beyond("&".to_string())),
            Kind::Coproc => found.push(Leftover::Beyond("coproc".to_string())),
            Kind::Function => found.push(Leftover::State("a function".to_string())),
            Kind::Arith => found.push(Leftover::State("((…))".to_string())),
            Kind::ShellWord | Kind::Assignment => found.extend(set_inside(run.node_text(*node))),
            _ => {}
        }
    }
    found.extend(loops(script));
    found.extend(script.simples.iter().filter(|s| !s.apart).flat_map(of_simple));
    found.extend(
        script.simples.iter().filter(|s| s.apart && is_in_parentheses(script, s)).flat_map(contained),
    );
    found
}

fn is_in_parentheses(script: &Script, simple: &Simple) -> bool {
    let mut around = script.run.nodes[..simple.index].iter().filter(|n| n.next as usize > simple.index);
    around.any(|n| n.kind == Kind::Subshell)
}

fn contained(simple: &Simple) -> Vec<Leftover> {
    let variable = |l| if let Leftover::Variable(name) = l { Some(Leftover::Contained(name)) } else { None };
    of_simple(simple).into_iter().filter_map(variable).collect()
}

/// `for name in …` sets its variable.
fn loops(script: &Script) -> Vec<Leftover> {
    let run = script.run;
    let first = |index: usize| run.children(index).find(|(_, n)| n.kind == Kind::ShellWord);
    let loops = run.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::For);
    loops
        .filter_map(|(at, _)| first(at))
        .map(|(_, n)| Leftover::Variable(run.node_text(n).to_vec()))
        .collect()
}

fn of_simple(simple: &Simple) -> Vec<Leftover> {
    let words = &simple.command.words;
    let variables = || simple.sets.iter().map(|n| Leftover::Variable(n.to_vec())).collect();
    let Some(first) = words.first() else { return variables() };
    let Some(name) = first.value.as_deref() else {
        return vec![Leftover::State(String::from_utf8_lossy(first.text).into_owned())];
    };
    let asks = matches!(words.get(1).and_then(|w| w.value.as_deref()), Some("-v" | "-V"));
    match name {
        "command" if asks => Vec::new(),
        "command" => vec![Leftover::Beyond(name.to_string())],
        "printf" if asks || words.get(1).is_some_and(|w| may_be_option(w.text)) => {
            vec![Leftover::State("printf -v".to_string())]
        }
        _ if BEYOND.contains(&name) => vec![Leftover::Beyond(name.to_string())],
        "read" | "unset" | "getopts" | "mapfile" | "readarray" => named(simple),
        _ if STATE.contains(&name) => vec![Leftover::State(name.to_string())],
        _ if KEEP_VARIABLES.contains(&name) => variables(),
        _ => Vec::new(),
    }
}

/// The variables that the words of a command name, and that the command did something to the shell.
fn named(simple: &Simple) -> Vec<Leftover> {
    let name = simple.name().map(|n| Leftover::State(n.to_string()));
    let words = simple.command.args().iter().filter(|w| !w.text.starts_with(b"-"));
    name.into_iter().chain(words.map(|w| Leftover::Variable(w.text.to_vec()))).collect()
}

/// Whether a word with an expansion may become an option.
fn may_be_option(text: &[u8]) -> bool {
    text.iter().find(|b| **b != b'"').is_some_and(|b| b"$`".contains(b))
}

/// `${name:=word}`, `$((name=1))`, `$[…]`: whatever looks as if it set a variable, with its name where it has one.
fn set_inside(text: &[u8]) -> Vec<Leftover> {
    let state = || Leftover::State(String::from_utf8_lossy(text).into_owned());
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(text, b"${") {
        let rest = &text[at + 2..];
        let end = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        if matches!(rest.get(end..), Some([b'=', ..] | [b':', b'=', ..])) {
            found.extend([state(), Leftover::Variable(rest[..end].to_vec())]);
        }
    }
    let changes = |inside: &[u8]| {
        [&b"="[..], b"++", b"--"].iter().any(|sign| memchr::memmem::find(inside, sign).is_some())
    };
    let arithmetic = memchr::memmem::find(text, b"$((").is_some_and(|at| changes(&text[at..]));
    if arithmetic || memchr::memmem::find(text, b"$[").is_some() {
        found.push(state());
    }
    found
}

/// Whether the text may ask for variables of the shell that it does not name: it reads another text, or lists them all.
pub fn may_ask_for_any_variable(script: &Script) -> bool {
    script.simples.iter().any(|s| {
        let Some(first) = s.command.words.first() else { return false };
        let next = s.command.words.get(1).and_then(|w| w.value.as_deref());
        match first.value.as_deref() {
            Some("." | "source" | "eval" | "builtin" | "declare" | "typeset" | "local" | "compgen") => true,
            Some("command") => !matches!(next, Some("-v" | "-V")),
            Some("set") => s.command.args().is_empty(),
            Some(_) => false,
            // a path is no command of the shell
            None => !first.text.contains(&b'/'),
        }
    })
}

/// Whether the text may switch errexit on in its own shell: then what stands left of a `&&` is read otherwise.
pub fn may_set_errexit(script: &Script) -> bool {
    script.simples.iter().filter(|s| !s.apart).any(|s| match s.name() {
        None => !s.command.words.is_empty(),
        Some("." | "source" | "eval" | "shopt" | "command" | "builtin") => true,
        Some("set") => sets_errexit(s) != Some(false),
        _ => false,
    })
}

/// Whether a `set` switches errexit on; `None` where that is not written out.
pub fn sets_errexit(set: &Simple) -> Option<bool> {
    let values = set.command.values()?;
    let mut on = false;
    let mut words = values.iter();
    while let Some(word) = words.next() {
        match word.split_at_checked(1) {
            Some(("-", letters)) if !letters.starts_with('-') => {
                on |= letters.contains('e');
                if letters.ends_with('o') {
                    on |= words.next().is_none_or(|o| *o == "errexit");
                }
            }
            _ => return None,
        }
    }
    Some(on)
}
