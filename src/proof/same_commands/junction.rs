//! The places where two RUNs meet in one: where the first fails nothing of the second may run, and it may leave nothing
//! in the shell.
//!
//! By short lists and from the tokens alone, and strictly: a word that is not known to be no command of the shell counts as
//! one, and a variable whose name occurs in a later text is used there.

use super::parts::{Inside, Part};
use crate::model::variables;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::Instruction;

/// What is around the RUN.
pub(super) struct Surroundings<'a> {
    /// The names that ENV and ARG set.
    pub names: &'a [&'a [u8]],
    /// Whether the shell may run with errexit.
    pub errexit: bool,
}

/// Commands of the shell after which the shell may be another. What parentheses do not hold back stands in
/// [`NEVER`].
const OWN: &[&[u8]] = &[
    b".",
    b"alias",
    b"cd",
    b"declare",
    b"enable",
    b"exit",
    b"export",
    b"getopts",
    b"hash",
    b"let",
    b"local",
    b"mapfile",
    b"popd",
    b"pushd",
    b"read",
    b"readarray",
    b"readonly",
    b"set",
    b"shift",
    b"shopt",
    b"source",
    b"typeset",
    b"ulimit",
    b"umask",
    b"unalias",
    b"unset",
];

/// Commands of the shell that nothing may follow.
const NEVER: &[&[u8]] =
    &[b"builtin", b"eval", b"exec", b"logout", b"newgrp", b"return", b"su", b"trap", b"wait", b"disown"];

/// Whether each part may stand before those that follow it.
pub(super) fn all_hold(parts: &[Part], around: &Surroundings) -> Result<(), &'static str> {
    let shares_set = parts.iter().skip(1).all(|p| p.shares_set);
    if !shares_set && parts.iter().any(|p| p.shares_set) {
        return Err("some parts share a `set` and some do not");
    }
    for (n, part) in parts.iter().enumerate() {
        let later = &parts[n + 1..];
        is_understood(part.run)?;
        if !later.is_empty() && sends_away(part.run) {
            return Err("a process would go on in the background");
        }
        if n > 0 && !shares_set && part.inside == Inside::Nothing && !is_and_list(part.run) {
            return Err("what follows `&&` is more than it holds back");
        }
        if later.is_empty() {
            continue;
        }
        let opens = usize::from(shares_set);
        if shares_set {
            stops(part)?;
        } else if (around.errexit || changes_options(part.run)) && !is_simple(part.run) {
            return Err("`&&` would switch errexit off");
        }
        leaves_nothing(part, later, around, opens)?;
        renews_nothing(part.run, later)?;
    }
    Ok(())
}

/// Everything is read.
fn is_understood(run: &Instruction) -> Result<(), &'static str> {
    let unclear = |kind| matches!(kind, Kind::Opaque | Kind::Comment | Kind::HeredocBody);
    let is = run.nodes.iter().all(|n| !unclear(n.kind));
    if is { Ok(()) } else { Err("a merged RUN holds what is not understood") }
}

/// Whether a process goes on in the background, wherever it was started.
fn sends_away(run: &Instruction) -> bool {
    let ends = |n: &Node| n.kind == Kind::Separator && run.node_text(*n) == b"&";
    run.nodes.iter().any(|n| n.kind == Kind::Coproc || ends(n))
}

fn is_and_list(run: &Instruction) -> bool {
    let lists: Vec<usize> = (0..run.nodes.len()).filter(|at| run.nodes[*at].kind == Kind::AndOr).collect();
    let Some(first) = lists.first() else { return false };
    let is_only = lists.iter().all(|at| *at < run.nodes[*first].next as usize);
    is_only && run.children(*first).all(|(_, n)| run.node_text(n) != b"||" || n.kind != Kind::AndOrOp)
}

/// Whether it is an and-list without any compound command: `set -e` says nothing about it.
fn is_simple(run: &Instruction) -> bool {
    let own = own_nodes(run);
    let plain = |at: &usize| {
        let kind = run.nodes[*at].kind;
        !matches!(
            kind,
            Kind::Subshell
                | Kind::Brace
                | Kind::If
                | Kind::Loop
                | Kind::For
                | Kind::Case
                | Kind::Function
                | Kind::Bang
        )
    };
    is_and_list(run) && own.iter().all(plain)
}

/// The nodes that stand in no substitution.
fn own_nodes(run: &Instruction) -> Vec<usize> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < run.nodes.len() {
        found.push(at);
        at = if run.nodes[at].kind == Kind::Substitution { run.nodes[at].next as usize } else { at + 1 };
    }
    found
}

/// Whether a part that ends in `;` makes the shell stop where it fails: it opens with `set -e`, and its last command is
/// one alone, or stands in parentheses.
fn stops(part: &Part) -> Result<(), &'static str> {
    let run = part.run;
    let set = commands(run).into_iter().find(|(_, words, _)| !words.is_empty());
    let on = set.is_some_and(|(_, words, _)| {
        words[0] == b"set"
            && words[1..].iter().any(|w| w.starts_with(b"-") && w.contains(&b'e') || *w == b"errexit")
    });
    let last = (0..run.nodes.len()).rev().find(|at| run.nodes[*at].kind == Kind::AndOr && is_top(run, *at));
    let lone = last.is_some_and(|at| run.children(at).count() == 1 && !starts_compound(run, at));
    if on && (lone || part.inside == Inside::Parentheses) {
        Ok(())
    } else {
        Err("a failure would be passed over")
    }
}

/// Whether an and-or list stands at the top of the text.
fn is_top(run: &Instruction, index: usize) -> bool {
    let around = |at: usize| run.nodes[at].kind == Kind::List && (run.nodes[at].next as usize) > index;
    (0..index).filter(|at| around(*at)).count() == 1
}

/// Whether the only command of a list can fail without a word: `!`, `if`, `{ a && b; }`.
fn starts_compound(run: &Instruction, and_or: usize) -> bool {
    let kinds: Vec<Kind> =
        run.nodes[and_or + 2..run.nodes[and_or].next as usize].iter().map(|n| n.kind).collect();
    let bang = kinds.first().is_some_and(|k| matches!(k, Kind::Bang | Kind::Time));
    let piped = run.children(and_or + 1).count() > 1;
    bang || !piped && kinds.first().is_some_and(|k| !matches!(k, Kind::Simple | Kind::Subshell | Kind::Test))
}

/// The words of each simple command, the names that are set before them, and whether the shell itself runs it.
type Called<'a> = (Vec<&'a [u8]>, Vec<Vec<u8>>, bool);

fn commands<'a>(run: &'a Instruction) -> Vec<Called<'a>> {
    let (mut found, mut apart) = (Vec::new(), 0);
    for (at, node) in run.nodes.iter().enumerate() {
        let piped = node.kind == Kind::Pipeline && run.children(at).any(|(_, n)| n.kind == Kind::PipeOp);
        if piped || matches!(node.kind, Kind::Subshell | Kind::Substitution) {
            apart = apart.max(node.next as usize);
        }
        if node.kind == Kind::Simple {
            let of =
                |kind| run.children(at).filter(move |(_, n)| n.kind == kind).map(|(_, n)| run.node_text(n));
            let words: Vec<Vec<u8>> = of(Kind::ShellWord).map(unquoted).collect();
            found.push((of(Kind::Assignment).collect(), words, at >= apart));
        }
    }
    found
}

/// A word without its quotes.
fn unquoted(word: &[u8]) -> Vec<u8> {
    word.iter().copied().filter(|b| !b"'\"\\".contains(b)).collect()
}

/// Whether errexit may be switched on: by a `set` that could, or by a text that is not here.
fn changes_options(run: &Instruction) -> bool {
    let own = commands(run).into_iter().filter(|(_, words, own)| *own && !words.is_empty());
    own.map(|(_, words, _)| words).any(|words| match &words[0][..] {
        b"set" => !words[1..].iter().all(|w| leaves_errexit(w)),
        name => name.contains(&b'$') || matches!(name, b"." | b"source" | b"shopt"),
    })
}

/// Whether a word of `set` is written out and does not switch errexit on.
fn leaves_errexit(word: &[u8]) -> bool {
    let letters = word.starts_with(b"-") && !word.iter().any(|b| b"e$`".contains(b));
    letters || word.iter().all(u8::is_ascii_lowercase) && word != b"errexit"
}

/// Whether nothing stays in the shell that a later part sees. `opens`: how many `set` at its head are shared.
fn leaves_nothing(
    part: &Part,
    later: &[Part],
    around: &Surroundings,
    opens: usize,
) -> Result<(), &'static str> {
    let (run, is_contained) = (part.run, part.inside == Inside::Parentheses);
    let is_unseen = !is_contained && later.iter().any(|p| asks_for_any_variable(p.run));
    for name in variables_set(run) {
        let is_known = around.names.contains(&&name[..]) || matches!(&name[..], b"PATH" | b"IFS" | b"HOME");
        let is_big = name.iter().any(u8::is_ascii_uppercase);
        let is_used = later.iter().any(|p| variables::is_named(&name, p.run.logical_text()));
        if is_known || is_used || is_unseen || is_big && !is_contained {
            return Err("a variable stays for the next");
        }
    }
    for (at, (_, words, _)) in
        commands(run).iter().enumerate().filter(|(_, (_, words, own))| *own && !words.is_empty())
    {
        let name = &words[0][..];
        if NEVER.contains(&name) {
            return Err("the shell would go on otherwise");
        }
        let shared = at < opens && name == b"set";
        let changes = OWN.contains(&name) || name.contains(&b'$') || name.contains(&b'`');
        if changes && !shared && !is_contained {
            return Err("a state of the shell stays for the next");
        }
    }
    let function = run.nodes.iter().any(|n| matches!(n.kind, Kind::Function | Kind::Arith));
    if (function || sets_in_words(run)) && !is_contained {
        return Err("a state of the shell stays for the next");
    }
    Ok(())
}

/// Whether it may ask for variables that it does not name: by a text from elsewhere, or by a list of them all.
fn asks_for_any_variable(run: &Instruction) -> bool {
    const ASKS: &[&[u8]] =
        &[b".", b"source", b"eval", b"builtin", b"declare", b"typeset", b"local", b"compgen"];
    commands(run).iter().filter(|(_, words, _)| !words.is_empty()).any(|(_, words, _)| match &words[0][..] {
        b"set" => words.len() == 1,
        b"command" => !matches!(words.get(1).map(Vec::as_slice), Some(b"-v" | b"-V")),
        name => ASKS.contains(&name) || name.contains(&b'$') && !name.contains(&b'/'),
    })
}

/// The variables that the shell itself sets: by assignments alone, and in loops.
fn variables_set(run: &Instruction) -> Vec<Vec<u8>> {
    let loops = run.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::For);
    let variable = |at: usize| run.children(at).find(|(_, n)| n.kind == Kind::ShellWord);
    let mut names: Vec<Vec<u8>> =
        loops.filter_map(|(at, _)| variable(at)).map(|(_, n)| run.node_text(n).to_vec()).collect();
    for (assigned, ..) in commands(run).iter().filter(|(_, words, own)| *own && words.is_empty()) {
        let name =
            |a: &&[u8]| a.iter().copied().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').collect();
        names.extend(assigned.iter().map(name));
    }
    names
}

/// Whether a word holds `${name:=…}`.
fn sets_in_words(run: &Instruction) -> bool {
    run.nodes.iter().filter(|n| matches!(n.kind, Kind::ShellWord | Kind::Assignment)).any(|n| {
        let text = run.node_text(*n);
        let opens = |at: usize| memchr::memmem::rfind(&text[..at], b"${");
        memchr::memmem::find_iter(text, b":=")
            .any(|at| opens(at).is_some_and(|open| !text[open..at].contains(&b'}')))
    })
}

/// Whether no part that calls a command installs it too, before another calls it.
fn renews_nothing(run: &Instruction, later: &[Part]) -> Result<(), &'static str> {
    let own = commands(run);
    let installs = |words: &[Vec<u8>]| words.iter().any(|w| matches!(&w[..], b"install" | b"i" | b"add"));
    let is_called = |name: &[u8], run: &Instruction| {
        commands(run).iter().any(|(_, words, _)| words.first().is_some_and(|w| w == name))
    };
    let named = own.iter().filter(|(_, words, _)| installs(words)).flat_map(|(_, words, _)| &words[1..]);
    for word in named {
        let end = word.iter().skip(1).position(|b| matches!(b, b'@' | b'=')).map_or(word.len(), |at| at + 1);
        let name = &word[..end];
        if is_called(name, run) && later.iter().any(|p| is_called(name, p.run)) {
            return Err("a command is installed anew that the shell has found");
        }
    }
    Ok(())
}
