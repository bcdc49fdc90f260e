//! What comments keep from being rewritten stays as it is: `# dfmt: off`, `# dfmt: skip`.
//!
//! A rule may ask by itself (`Site::guards`), and then refuses with a reason. The engine holds it for all rules: of a
//! plan that does not respect the comments only those edits are made that do.

use std::collections::HashSet;

use crate::model::pragma::own::Protected;
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Id};

/// Whether a rewrite by a rule respects the comments; `origins` says for each instruction of the result the one that
/// it was.
///
/// # Errors
/// The comment that it does not respect, and an instruction that is about.
pub fn respected(
    (rule, kind): (&str, &str),
    (before, protected): (&Dockerfile, &Protected),
    after: &Dockerfile,
    origins: &[Option<Id>],
) -> Result<(), (Id, &'static str)> {
    if protected.pragmas.is_empty() {
        return Ok(());
    }
    let marked = Protected::of(after);
    same_marks(protected, &marked, origins)?;
    let texts = |file: &Dockerfile, protected: &Protected| -> Vec<Vec<u8>> {
        let regions = protected.regions.iter();
        regions.map(|r| file.items[r.clone()].iter().flat_map(|i| i.text().to_vec()).collect()).collect()
    };
    if texts(before, protected) != texts(after, &marked) {
        let first = protected.marks.iter().find(|(_, mark)| mark.off).or(protected.marks.first());
        return Err((first.map_or(Id(0), |(id, _)| *id), "`# dfmt: off`"));
    }
    let guarded =
        protected.marks.iter().filter_map(|(id, mark)| mark.against(rule, kind).map(|by| (*id, by)));
    for (id, by) in guarded {
        if !stands(before, after, origins, id) {
            return Err((id, by));
        }
    }
    Ok(())
}

/// The same instructions are marked, in the same way.
fn same_marks(
    before: &Protected,
    after: &Protected,
    origins: &[Option<Id>],
) -> Result<(), (Id, &'static str)> {
    let origin = |id: Id| origins.get(id.0 as usize).copied().flatten();
    let now: Vec<(Option<Id>, _)> = after.marks.iter().map(|(id, mark)| (origin(*id), mark)).collect();
    let lost = before.marks.iter().find(|(id, mark)| !now.contains(&(Some(*id), mark)));
    match lost {
        Some((id, mark)) => Err((*id, if mark.off { "`# dfmt: off`" } else { "`# dfmt: skip`" })),
        None if now.len() != before.marks.len() => Err((Id(0), "`# dfmt: skip`")),
        None => Ok(()),
    }
}

/// Whether an instruction has its text still, and none has passed it.
fn stands(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>], id: Id) -> bool {
    let old: Vec<_> = before.instructions().collect();
    let Some(was) = old.iter().position(|i| i.id == id) else { return false };
    let Some(is) = origins.iter().position(|o| *o == Some(id)) else { return false };
    let left: HashSet<Id> = origins.iter().flatten().copied().collect();
    let above_then: HashSet<Id> = old[..was].iter().map(|i| i.id).filter(|i| left.contains(i)).collect();
    let above_now: HashSet<Id> = origins[..is].iter().flatten().copied().collect();
    let same_text = after.instructions().nth(is).is_some_and(|i| i.text == old[was].text);
    same_text && above_then == above_now
}

/// The edits in groups that share no instruction: half of a rewrite is none.
pub fn groups(edits: &[Edit]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(HashSet<Id>, Vec<usize>)> = Vec::new();
    for (n, edit) in edits.iter().enumerate() {
        let ids: HashSet<Id> = match edit {
            Edit::MoveBefore { what, before } => [*what, *before].into(),
            Edit::MoveAfter { what, after } => [*what, *after].into(),
            Edit::InsertBefore { before, .. } => [*before].into(),
            Edit::Merge { first, second, .. } => [*first, *second].into(),
            Edit::Remove { what } | Edit::Replace { what, .. } => [*what].into(),
        };
        let (mut shared, others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(known, _)| !known.is_disjoint(&ids));
        let mut joined = (ids, vec![n]);
        for (known, numbers) in shared.drain(..) {
            joined.0.extend(known);
            joined.1.extend(numbers);
        }
        joined.1.sort_unstable();
        groups = others;
        groups.push(joined);
    }
    let mut numbers: Vec<Vec<usize>> = groups.into_iter().map(|(_, numbers)| numbers).collect();
    numbers.sort();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::edit::Joint;

    #[test]
    fn what_shares_an_instruction_is_one_group() {
        let joint = Joint::default();
        let merge = |first, second| Edit::Merge { first: Id(first), second: Id(second), joint };
        let edits = [
            merge(1, 2),
            Edit::MoveAfter { what: Id(7), after: Id(8) },
            merge(1, 3),
            Edit::InsertBefore { text: Vec::new(), before: Id(8) },
            Edit::MoveBefore { what: Id(9), before: Id(10) },
            merge(10, 3),
        ];
        assert_eq!(groups(&edits), [vec![0, 2, 4, 5], vec![1, 3]]);
    }
}
