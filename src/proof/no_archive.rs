//! The relation of COPY for ADD: nothing else has changed, and none of the files is one that ADD would unpack.

use crate::model::archive;
use crate::model::context::{Context, Kind, Patterns, Presence};
use crate::model::stage::Copy;
use crate::rules::FindContext;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

use super::same_config;

type Result = std::result::Result<(), String>;

/// Whether `after` is `before` but for ADDs that are COPYs now and do the same. `origins` names, for each instruction of
/// `after`, the one of `before` that it was.
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>], context: FindContext) -> Result {
    let all = before.instructions().map(|i| Some(i.id));
    if !all.eq(origins.iter().copied()) {
        return Err("an instruction moved, came or went".to_string());
    }
    let context = context()?;
    for (old, new) in before.instructions().zip(after.instructions()) {
        if old.keyword != new.keyword || old.line() != new.line() {
            is_the_copy_of(old, new)?;
            takes_no_archive(&context, old, before.escape)?;
        }
    }
    same_config::same_images(before, after).map_err(String::from)
}

/// The new one is a COPY with all that stands behind the keyword of the ADD.
fn is_the_copy_of(old: &Instruction, new: &Instruction) -> Result {
    let (is, was) = (new.keyword, old.keyword);
    let rest = |i: &Instruction, name: &str| i.line().get(name.len()..).map(<[u8]>::to_vec);
    if was != Keyword::Add || is != Keyword::Copy || rest(old, "ADD") != rest(new, "COPY") {
        return Err("another instruction than ADD has changed, or more of it".to_string());
    }
    Ok(())
}

/// Reads what the ADD takes: folders, and files that are no archive wherever the source is checked out.
fn takes_no_archive(context: &Context, add: &Instruction, escape: u8) -> Result {
    let words = Copy::of(add, escape).ok_or("it is not known what the ADD takes")?;
    for word in &words.sources {
        for source in context.sources(word, &Patterns::default()).map_err(|e| e.to_string())? {
            let is_file = source.entry.kind() != Kind::Dir;
            let unpacks = || context.read(&source.path).is_none_or(|content| archive::may_be(&content));
            if source.presence != Presence::Yes || is_file && unpacks() {
                return Err(format!("ADD may unpack {}", source.path));
            }
        }
    }
    Ok(())
}
