//! The relations of content rules that add an option to commands, or a command to a list: that and nothing else.
//!
//! A RUN is written down token by token, without what was announced. Which commands it may come to is said here in words
//! of this module's own, and what it may be is a fixed text.

use super::declared;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

type Result = std::result::Result<(), &'static str>;

/// Whether a command is one that an option may come to, by its words.
pub(super) type IsIt = fn(&[&str]) -> bool;

/// What may be written otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Announced {
    /// An option that comes to the commands of which the second says so by their words.
    option: Option<(&'static str, IsIt)>,
    /// Commands one of which comes to the end of a RUN that is a list of `&&`.
    last: &'static [&'static str],
    /// Commands that go from a list of `&&`.
    goes: &'static [&'static str],
}

const NOTHING: Announced = Announced { option: None, last: &[], goes: &[] };

/// `apt-get install` wants no recommended packages.
pub const NO_RECOMMENDS: Announced =
    Announced { option: Some(("--no-install-recommends", is_apt_install)), ..NOTHING };

/// A RUN removes the lists of apt at its end.
pub const APT_CLEANED: Announced = Announced { last: &["rm -rf /var/lib/apt/lists/*"], ..NOTHING };

/// `pip install` keeps no cache.
pub const PIP_WITHOUT_CACHE: Announced =
    Announced { option: Some(("--no-cache-dir", is_pip_install)), ..NOTHING };

/// `apk add` keeps no index.
pub const APK_WITHOUT_CACHE: Announced = Announced {
    option: Some(("--no-cache", |words| words.first() == Some(&"apk") && words.contains(&"add"))),
    goes: &["apk update", "rm -rf /var/cache/apk/*", "rm -fr /var/cache/apk/*", "rm -f /var/cache/apk/*"],
    ..NOTHING
};

/// A RUN cleans up behind dnf, yum or microdnf.
pub const DNF_CLEANED: Announced =
    Announced { last: &["dnf clean all", "yum clean all", "microdnf clean all"], ..NOTHING };

/// A RUN cleans up behind conda, mamba or micromamba.
pub const CONDA_CLEANED: Announced = Announced {
    last: &["conda clean --all --yes", "mamba clean --all --yes", "micromamba clean --all --yes"],
    ..NOTHING
};

fn is_apt_install(words: &[&str]) -> bool {
    let is_apt = |w: &&str| ["apt-get", "apt"].iter().any(|name| w.rsplit('/').next() == Some(name));
    words.first().is_some_and(is_apt) && words.contains(&"install")
}

fn is_pip_install(words: &[&str]) -> bool {
    let before = words.split(|w| *w == "install").next().unwrap_or_default();
    let is_pip = |w: &&str| w.rsplit('/').next().is_some_and(|name| name.starts_with("pip"));
    before.len() < words.len() && before.last().is_some_and(is_pip)
}

/// Whether `after` is `before` but for what was announced.
///
/// # Errors
/// What differs.
pub fn same(
    before: &Dockerfile,
    after: &Dockerfile,
    origins: &[Option<Id>],
    announced: &Announced,
) -> Result {
    for (old, new) in declared::changed(before, after, origins)? {
        if old.keyword != Keyword::Run || new.keyword != Keyword::Run {
            return Err("another instruction than RUN has changed");
        }
        let mut went = gone_from_lists(old, |text| announced.goes.contains(&text));
        let mut came = Vec::new();
        came.extend(announced.that_comes_last(new));
        let (was, is) = (announced.options(old), announced.options(new));
        if was.len() > is.len() {
            return Err("an option is gone");
        }
        if went.is_empty() && came.is_empty() && was.len() == is.len() {
            return Err("nothing of what was announced has changed");
        }
        went.extend(was);
        came.extend(is);
        if written(old, &went) != written(new, &came) {
            return Err("more than what was announced has changed");
        }
    }
    Ok(())
}

/// The tokens but for those of some nodes.
pub(super) fn written<'i>(i: &'i Instruction, without: &[usize]) -> Vec<&'i [u8]> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(node) = i.nodes.get(at) {
        if without.contains(&at) {
            at = node.next as usize;
            continue;
        }
        if node.next as usize == at + 1 {
            found.push(i.node_text(*node));
        }
        at += 1;
    }
    found
}

impl Announced {
    /// The nodes of the option that commands have it.
    fn options(&self, i: &Instruction) -> Vec<usize> {
        let Some((option, is_it)) = self.option else { return Vec::new() };
        let mut found = Vec::new();
        for (index, _) in i.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::Simple) {
            let words = || i.children(index).filter(|(_, n)| n.kind == Kind::ShellWord);
            let text = |(_, n): (usize, Node)| std::str::from_utf8(i.node_text(n)).unwrap_or("$");
            let texts: Vec<&str> = words().map(text).collect();
            if is_it(&texts) {
                found.extend(words().zip(&texts).filter(|(_, t)| **t == option).map(|((at, _), _)| at));
            }
        }
        found
    }

    /// The last command of a RUN that is one list of `&&`, with its operator, if it is one that comes.
    fn that_comes_last(&self, i: &Instruction) -> Vec<usize> {
        let tops: Vec<usize> =
            i.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::List).map(|(at, _)| at).collect();
        let Some(list) = tops.first() else { return Vec::new() };
        let statements: Vec<(usize, Node)> = i.children(*list).collect();
        let [(and_or, node)] = statements[..] else { return Vec::new() };
        if node.kind != Kind::AndOr {
            return Vec::new();
        }
        let parts = parts(i, and_or);
        match &parts[..] {
            [.., operator, end] if self.last.contains(&&*text(i, *end)) => vec![*operator, *end],
            _ => Vec::new(),
        }
    }
}

/// The commands that go from lists of `&&`, each with an operator.
pub(super) fn gone_from_lists(i: &Instruction, goes: impl Fn(&str) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    for (index, _) in i.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::AndOr) {
        let parts = parts(i, index);
        let mut stays = false;
        for (n, part) in parts.iter().enumerate().step_by(2) {
            if goes(&text(i, *part)) {
                found.push(*part);
                // of those that go from its beginning, the operator behind
                let operator = if stays { n.checked_sub(1) } else { Some(n + 1) };
                found.extend(operator.and_then(|o| parts.get(o)));
            } else {
                stays = true;
            }
        }
    }
    found
}

/// The pipelines and operators of a list of `&&`; nothing of another list.
pub(super) fn parts(i: &Instruction, and_or: usize) -> Vec<usize> {
    let is_and = |(_, n): (usize, Node)| n.kind != Kind::AndOrOp || i.node_text(n) == b"&&";
    if i.children(and_or).all(is_and) { i.children(and_or).map(|(at, _)| at).collect() } else { Vec::new() }
}

/// The tokens below a node, a blank between.
pub(super) fn text(i: &Instruction, index: usize) -> String {
    let nodes = index..i.nodes[index].next as usize;
    let leaves = nodes.filter(|at| i.nodes[*at].next as usize == at + 1);
    leaves
        .map(|at| String::from_utf8_lossy(i.node_text(i.nodes[at])).into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
