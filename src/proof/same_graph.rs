//! The relation of moves: the same instructions in an order that respects every dependency.

use crate::model::graph;
use crate::model::stage::{self, Stage, Step};
use crate::rules::FindContext;
use crate::syntax::tree::{Dockerfile, Id};

use super::same_config;

type Result<T = ()> = std::result::Result<T, &'static str>;

/// Whether `after` is `before` in another order that its dependencies allow. `origins` names, for each instruction of
/// `after`, the one of `before` that it was; that none was changed is held by [`super::text`].
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>], context: FindContext) -> Result {
    each_swap(before, after, origins, |stages, earlier, later| {
        let sinks = graph::may_sink(before, earlier, later);
        let passes = sinks.or_else(|_| graph::may_pass(before, stages, earlier, later, context));
        passes.map_err(|_| "an instruction passed one that it depends on")
    })?;
    same_config::same_images(before, after)
}

/// Holds `allowed` for each pair of a stage that changed places, the earlier one first; nothing came, went, or left its
/// stage.
///
/// # Errors
/// What differs.
pub fn each_swap(
    before: &Dockerfile,
    after: &Dockerfile,
    origins: &[Option<Id>],
    allowed: impl Fn(&[Stage], &Step, &Step) -> Result,
) -> Result {
    let place = places(before, after, origins)?;
    let now = |id: Id| place[id.0 as usize];
    let stages = stage::stages(before);
    for stage in &stages {
        keeps_its_own(stage, &now)?;
        for (n, later) in stage.steps.iter().enumerate() {
            let passed = stage.steps[..n].iter().filter(|earlier| now(earlier.id) > now(later.id));
            passed.into_iter().try_for_each(|earlier| allowed(&stages, earlier, later))?;
        }
    }
    Ok(())
}

/// For each instruction of `before` where it stands in `after`.
fn places(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result<Vec<usize>> {
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
    Ok(place)
}

fn keeps_its_own(stage: &Stage, now: &impl Fn(Id) -> usize) -> Result {
    let (from, steps) = (stage.from, &stage.steps);
    let first = from.map_or(0, now);
    if from.is_some_and(|id| now(id) != id.0 as usize) {
        return Err("a FROM moved");
    }
    let inside = |s: &Step| (first..=first + steps.len()).contains(&now(s.id));
    if steps.iter().all(inside) { Ok(()) } else { Err("an instruction left its stage") }
}
