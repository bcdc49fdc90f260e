//! The relation of moves: the same instructions in an order that respects every dependency.

use crate::model::graph;
use crate::model::stage::{self, Stage, Step};
use crate::syntax::tree::{Dockerfile, Id};

/// Whether `after` is `before` in another order that its dependencies allow. `origins` names, for each instruction of
/// `after`, the one of `before` that it was; that none was changed is held by [`super::text`].
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result<(), &'static str> {
    let count = before.instructions().count();
    if count != origins.len() || count != after.instructions().count() {
        return Err("there are more or fewer instructions");
    }
    if origins.iter().any(Option::is_none) {
        return Err("an instruction came from nowhere");
    }
    let mut place = vec![usize::MAX; count];
    for (now, origin) in origins.iter().enumerate() {
        let was = origin.map_or(usize::MAX, |id| id.0 as usize);
        match place.get_mut(was) {
            Some(slot) if *slot == usize::MAX => *slot = now,
            _ => return Err("an instruction stands twice"),
        }
    }
    let stages = stage::stages(before);
    stages.iter().try_for_each(|s| every_swap_is_allowed(before, &stages, s, &place))
}

/// Holds for each pair of a stage that changed places that the later one may pass; nothing leaves its stage.
fn every_swap_is_allowed(
    before: &Dockerfile,
    stages: &[Stage],
    stage: &Stage,
    place: &[usize],
) -> Result<(), &'static str> {
    let (from, steps) = (stage.from, &stage.steps);
    let now = |id: Id| place[id.0 as usize];
    let first = from.map_or(0, now);
    if from.is_some_and(|id| now(id) != id.0 as usize) {
        return Err("a FROM moved");
    }
    let inside = |s: &Step| (first..=first + steps.len()).contains(&now(s.id));
    if !steps.iter().all(inside) {
        return Err("an instruction left its stage");
    }
    for (n, later) in steps.iter().enumerate() {
        for earlier in steps[..n].iter().filter(|e| now(e.id) > now(later.id)) {
            graph::may_pass(before, stages, earlier, later)
                .map_err(|_| "an instruction passed one that it depends on")?;
        }
    }
    Ok(())
}
