//! The relation of merges: every stage runs the same commands, in the same order and in the same state.
//!
//! It starts from the result. Instructions that are the same on both sides are passed over, so what stands between two
//! RUNs stands between their commands, too: folder, user, shell, variables and layers are the same where the sequences
//! are. A RUN that is new must be made of RUNs that stood there, one after the other, whole and with the same flags
//! ([`parts`]); and at each place where two of them meet, the first may leave nothing to the second ([`junction`]).
//!
//! It knows nothing of how a rule plans, and asks nobody what a command does.

mod junction;
mod parts;

use self::junction::Surroundings;
use crate::model::variables;
use crate::syntax::shells;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Whether `after` runs what `before` runs.
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile) -> Result<(), &'static str> {
    let own: Vec<&Instruction> = before.instructions().collect();
    let sets = |i: &&Instruction| matches!(i.keyword, Keyword::Env | Keyword::Arg);
    let names: Vec<&[u8]> = before.instructions().filter(sets).flat_map(variables::names).collect();
    let mut at = 0;
    for now in after.instructions() {
        let rest = own.get(at..).unwrap_or_default();
        if rest.first().is_some_and(|was| is_same(was, now)) {
            at += 1;
            continue;
        }
        let parts = parts::parts(now, rest)?;
        let around = Surroundings { names: &names, errexit: may_have_errexit(&own[..at]) };
        junction::all_hold(&parts, &around)?;
        at += parts.len();
    }
    if at == own.len() { Ok(()) } else { Err("an instruction is gone") }
}

/// Whether an instruction is the one that it was, in its text and its shell.
fn is_same(was: &Instruction, now: &Instruction) -> bool {
    was.keyword == now.keyword && was.shell == now.shell && was.logical_text() == now.logical_text()
}

/// Whether a SHELL above sets errexit: any of the file's may be in force by inheritance.
fn may_have_errexit(above: &[&Instruction]) -> bool {
    let shell = above.iter().rev().find(|i| matches!(i.keyword, Keyword::Shell | Keyword::From));
    let inherited = shell.is_none_or(|i| i.keyword == Keyword::From);
    let all = above.iter().filter(|i| i.keyword == Keyword::Shell && inherited).chain(shell);
    let options = |i: &Instruction| shells::arguments(i).into_iter().skip(1);
    all.flat_map(|i| options(i))
        .any(|o| o == "errexit" || o.starts_with('-') && o[1..].starts_with(|c| c != '-') && o.contains('e'))
}
