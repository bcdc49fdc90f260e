//! The relations of content rules that write an instruction in another form: that form and nothing else.

use super::declared;
use crate::model::stage;
use crate::syntax::exec;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

type Result = std::result::Result<(), &'static str>;

/// Whether all that has changed is that `npm install` is `npm ci`, with the same options and no names.
///
/// # Errors
/// What differs.
pub fn npm_ci(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result {
    for (old, new) in declared::changed(before, after, origins)? {
        if old.keyword != Keyword::Run || new.keyword != Keyword::Run {
            return Err("another instruction than RUN has changed");
        }
        let tokens = |i| leaves(i).map(|(_, n)| n).collect::<Vec<Node>>();
        let (was, is) = (tokens(old), tokens(new));
        if was.len() != is.len() {
            return Err("a word came or went");
        }
        for (n, (a, b)) in was.iter().zip(&is).enumerate() {
            let (a, b) = (old.node_text(*a), new.node_text(*b));
            let is_npm = n > 0 && new.node_text(is[n - 1]) == b"npm";
            let is_ci = is_npm && b == b"ci" && (a == b"install" || a == b"i");
            if a != b && !is_ci {
                return Err("more than `npm install` has changed");
            }
        }
        if new.nodes.iter().enumerate().any(|(at, n)| n.kind == Kind::Simple && is_ci_of_names(new, at)) {
            return Err("`npm ci` takes no names");
        }
    }
    Ok(())
}

fn is_ci_of_names(i: &Instruction, index: usize) -> bool {
    let words: Vec<&[u8]> =
        i.children(index).filter(|(_, n)| n.kind == Kind::ShellWord).map(|(_, n)| i.node_text(n)).collect();
    matches!(&words[..], [b"npm", b"ci", rest @ ..] if rest.iter().any(|w| !w.starts_with(b"-")))
}

/// Whether all that has changed is that each MAINTAINER is a label with that name.
///
/// # Errors
/// What differs.
pub fn label(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result {
    for (old, new) in declared::changed(before, after, origins)? {
        if old.keyword != Keyword::Maintainer || new.keyword != Keyword::Label {
            return Err("another instruction than MAINTAINER has changed");
        }
        let of = |i: &Instruction, kind: Kind| -> Vec<Vec<u8>> {
            i.nodes.iter().filter(|n| n.kind == kind).map(|n| i.node_text(*n).to_vec()).collect()
        };
        let (keys, values, names) = (of(new, Kind::Key), of(new, Kind::Value), of(old, Kind::Raw));
        let ([key], [value], [name]) = (&keys[..], &values[..], &names[..]) else {
            return Err("the label is not one");
        };
        let quoted = |q: u8| name.len() > 1 && name.first() == Some(&q) && name.last() == Some(&q);
        let name = if quoted(b'"') || quoted(b'\'') { &name[1..name.len() - 1] } else { &name[..] };
        let value = stage::literal(value, after.escape);
        if key != b"org.opencontainers.image.authors" || value.is_none_or(|v| v.as_bytes() != name) {
            return Err("the label is another than the name");
        }
    }
    Ok(())
}

/// Whether all that has changed is that a CMD or ENTRYPOINT of plain words is in exec form.
///
/// # Errors
/// What differs.
pub fn exec_form(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result {
    for (old, new) in declared::changed(before, after, origins)? {
        if !matches!(old.keyword, Keyword::Cmd | Keyword::Entrypoint) || new.keyword != old.keyword {
            return Err("another instruction than CMD and ENTRYPOINT has changed");
        }
        if old.is_exec_form() || !new.is_exec_form() {
            return Err("the result is not in exec form");
        }
        let line = old.line().trim_ascii_start();
        let text = &line[line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len())..];
        // what a shell takes as it stands; a path or a word, and nothing it acts upon
        if !text.iter().all(|b| b.is_ascii_alphanumeric() || b"_@%+=:,./- \t".contains(b)) {
            return Err("the text is one for a shell");
        }
        let words = text.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty());
        let strings = new.nodes.iter().filter(|n| n.kind == Kind::JsonString);
        let values: Vec<String> = strings.map(|n| exec::value(new.node_text(*n))).collect();
        if !words.eq(values.iter().map(String::as_bytes)) {
            return Err("the words are others");
        }
    }
    Ok(())
}

fn leaves<'i>(i: &'i Instruction) -> impl Iterator<Item = (usize, Node)> + 'i {
    i.nodes.iter().copied().enumerate().filter(|(at, n)| n.next as usize == at + 1)
}
