//! The relations of content rules: what was announced, and nothing else.
//!
//! A RUN is written down token by token, but an install in a form of its own: one that is the same for whatever the
//! rule announces. What it announces may change the image; that nothing else does is held here.

use crate::model::packages::{self, Install};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

type Result = std::result::Result<(), &'static str>;

/// What may be written otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// The order of the packages of an install, and how often each is named.
    Order,
    /// Whether installs of system packages that follow each other in a list of `&&` are one.
    Joined,
}

/// Whether `after` is `before` but for what was announced. `origins` names, for each instruction of `after`, the one of
/// `before` that it was.
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>], announced: Announced) -> Result {
    for (old, new) in changed(before, after, origins)? {
        if old.keyword != Keyword::Run || new.keyword != Keyword::Run {
            return Err("another instruction than RUN has changed");
        }
        if written(old, announced) != written(new, announced) {
            return Err("more than the lists of packages has changed");
        }
        let twice = |install: Install| {
            let mut names: Vec<&str> = install.packages.iter().map(|p| p.value).collect();
            names.sort_unstable();
            names.windows(2).any(|w| w[0] == w[1])
        };
        // a list that is left as it was says nothing of those that were sorted
        let was: Vec<Vec<&[u8]>> = packages::installs(old).iter().map(listed).collect();
        let is_sorted = |install: &Install| !was.contains(&listed(install));
        if announced == Announced::Order && packages::installs(new).into_iter().filter(is_sorted).any(twice) {
            return Err("a package is still named twice");
        }
    }
    Ok(())
}

/// The packages of an install as they are written.
fn listed<'i>(install: &Install<'i>) -> Vec<&'i [u8]> {
    install.packages.iter().map(|p| p.text).collect()
}

/// The instructions whose text has changed, before and after; none has moved, come or gone.
///
/// # Errors
/// Where one has.
pub(super) fn changed<'f>(
    before: &'f Dockerfile<'f>,
    after: &'f Dockerfile<'f>,
    origins: &[Option<Id>],
) -> std::result::Result<Vec<(&'f Instruction<'f>, &'f Instruction<'f>)>, &'static str> {
    let all = before.instructions().map(|i| Some(i.id));
    if !all.eq(origins.iter().copied()) {
        return Err("an instruction moved, came or went");
    }
    let pairs = before.instructions().zip(after.instructions());
    Ok(pairs.filter(|(a, b)| a.line() != b.line() || a.keyword != b.keyword).collect())
}

/// The tokens, installs in a form of their own.
fn written(i: &Instruction, announced: Announced) -> Vec<Vec<u8>> {
    let installs = packages::installs(i);
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(node) = i.nodes.get(at) {
        if let Some(install) = installs.iter().find(|install| install.index == at) {
            found.extend(form(i, install, announced));
            at = node.next as usize;
            continue;
        }
        if node.next as usize == at + 1 {
            found.push(i.node_text(*node).to_vec());
        }
        at += 1;
    }
    found
}

fn form(i: &Instruction, install: &Install, announced: Announced) -> Vec<Vec<u8>> {
    let mut names: Vec<&[u8]> = install.packages.iter().map(|p| p.text).collect();
    let is_one =
        announced == Announced::Order || !install.is_of_system || !packages::stands_in_plain_list(i, install);
    if announced == Announced::Order {
        names.sort_unstable();
        names.dedup();
    }
    // one that could be several is written as several, an install of one package each
    let each: Vec<Vec<&[u8]>> =
        if is_one { vec![names] } else { names.into_iter().map(|n| vec![n]).collect() };
    let mut found: Vec<Vec<u8>> = Vec::new();
    for (n, names) in each.into_iter().enumerate() {
        if n > 0 {
            found.push(b"&&".to_vec());
        }
        let words = [&install.head[..], &[b"\n"], &names].concat();
        found.push(words.join(&b' '));
    }
    found
}
