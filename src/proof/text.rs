//! What every rewrite must keep: the comments of a file, each with its instruction, and the bytes of what no rule
//! touched.

use std::collections::{HashMap, HashSet};

use crate::syntax::edit::Edit;
use crate::syntax::join::{self, Inside};
use crate::syntax::lex;
use crate::syntax::tree::{Dockerfile, Id, Item};

/// The lines of `text` that begin with `#`, without the white space at their ends, in order.
pub fn comment_lines(text: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    if memchr::memchr(b'#', text).is_none() {
        return found;
    }
    let mut rest = text;
    while let Ok((after, line)) = lex::physical_line(rest) {
        if line.is_empty() {
            break;
        }
        if join::inside(line) == Inside::Comment {
            found.push(&line[lex::trim(line)]);
        }
        rest = after;
    }
    found
}

/// The texts of all lines that begin with `#`, sorted, heredoc bodies included.
fn comments<'a>(file: &'a Dockerfile) -> Vec<&'a [u8]> {
    let mut found: Vec<&[u8]> = file.items.iter().flat_map(|item| comment_lines(item.text())).collect();
    found.sort_unstable();
    found
}

/// Whether two files hold the same comments.
///
/// # Errors
/// In words, where not.
pub fn same_comments(before: &Dockerfile, after: &Dockerfile) -> Result<(), &'static str> {
    if comments(before) == comments(after) { Ok(()) } else { Err("a comment was lost, added or changed") }
}

/// Whether every instruction that no edit changed is the same byte for byte, under the same comments. `origins` names,
/// for each instruction of `after`, the one of `before` that it was.
///
/// # Errors
/// In words, where not.
pub fn same_untouched(
    before: &Dockerfile,
    after: &Dockerfile,
    origins: &[Option<Id>],
    edits: &[Edit],
) -> Result<(), &'static str> {
    let changed: HashSet<Id> = edits.iter().filter_map(Edit::changes).collect();
    let old: HashMap<Id, Owned> = owned(before).collect();
    for ((_, now), origin) in owned(after).zip(origins) {
        let Some(was) = origin.as_ref().and_then(|id| old.get(id)) else { continue };
        let is_changed = origin.is_some_and(|id| changed.contains(&id));
        if !is_changed && was.text != now.text {
            return Err("an instruction was changed that no rule touched");
        }
        if was.comments != now.comments {
            return Err("a comment left its instruction");
        }
    }
    Ok(())
}

/// An instruction, without the line ending that a last one may lack and the continuation that it may leave open, and
/// the comment lines directly above it.
struct Owned<'a> {
    text: &'a [u8],
    comments: Vec<&'a [u8]>,
}

fn owned<'a>(file: &'a Dockerfile) -> impl Iterator<Item = (Id, Owned<'a>)> {
    file.items.iter().enumerate().filter_map(|(at, item)| {
        let i = item.instruction()?;
        let block = file.block(at);
        let comments =
            file.items[block.start..at].iter().map(Item::text).map(<[u8]>::trim_ascii_end).collect();
        Some((i.id, Owned { text: &i.text[..i.end()], comments }))
    })
}
