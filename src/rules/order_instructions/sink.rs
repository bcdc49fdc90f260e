//! Variables that change with every build sink to what uses them.

use super::super::Plan;
use crate::model::stage::{self, Step};
use crate::model::{graph, pragma, variables, volatile};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Plans the moves of one stage, whose steps stand in `order`; the order follows.
pub(super) fn plan(file: &Dockerfile, order: &mut [&Step], plan: &mut Plan) {
    // from below, so that one that is used by another follows it
    for at in (0..order.len()).rev() {
        let Some(last) = sinks_below(file, order, at) else { continue };
        match edit(file, order, at, last) {
            Ok(edit) => {
                plan.edits.push(edit);
                order[at..=last].rotate_left(1);
            }
            Err(why) => plan.refuse(order[at].id, format!("it stays above what does not use it: {why}")),
        }
    }
}

/// The last step that makes a layer and that the variable at `at` passes, if it gains anything: a RUN that does not
/// see it any more.
fn sinks_below(file: &Dockerfile, order: &[&Step], at: usize) -> Option<usize> {
    let sets = file.instruction_at(order[at].item)?;
    if !is_volatile(file, sets, &order[at + 1..]) {
        return None;
    }
    let may_pass = |step: &&&Step| graph::may_sink(file, order[at], step).is_ok();
    let passed = order[at + 1..].iter().take_while(may_pass).count();
    let passed = &order[at + 1..=at + passed];
    passed.iter().any(|s| s.keyword == Keyword::Run).then_some(())?;
    let makes_layer =
        |s: &&Step| matches!(s.keyword, Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir);
    passed.iter().rposition(makes_layer).map(|n| at + 1 + n)
}

/// Whether all that it sets changes with every build, as far as names tell.
fn is_volatile(file: &Dockerfile, sets: &Instruction, below: &[&Step]) -> bool {
    let names = variables::names(sets);
    let uses = |step: &&Step, name: &[u8]| {
        file.instruction_at(step.item).is_some_and(|i| variables::is_named(name, i.logical_text()))
    };
    let is_one = |name: &&[u8]| {
        // a port goes elsewhere by itself, and would let it sink once more
        let of_a_port = below.iter().any(|s| s.keyword == Keyword::Expose && uses(s, name));
        let only_metadata = || below.iter().all(|s| is_metadata(s.keyword) || !uses(s, name));
        !of_a_port && (volatile::is_of_a_build(name) || volatile::is_of_a_release(name) && only_metadata())
    };
    matches!(sets.keyword, Keyword::Env | Keyword::Arg) && !names.is_empty() && names.iter().all(is_one)
}

fn is_metadata(keyword: Keyword) -> bool {
    use Keyword::{Arg, Cmd, Entrypoint, Env, Healthcheck, Label, Maintainer};
    matches!(keyword, Arg | Cmd | Entrypoint | Env | Healthcheck | Label | Maintainer)
}

/// Puts the step at `at` right below the one at `last`.
fn edit(file: &Dockerfile, order: &[&Step], at: usize, last: usize) -> Result<Edit, &'static str> {
    let what = order[at].id;
    let loose = |step: &Step| {
        let own = file.block(step.item).len() - 1;
        stage::comments_above(file, step.item).skip(own)
    };
    if loose(order[at]).next().is_some() {
        return Err("a heading stands above it, and would stand above another instruction");
    }
    match order.get(last + 1) {
        Some(next) if loose(next).any(pragma::speaks) => {
            Err("a comment that speaks to a tool would come to stand above it")
        }
        Some(next) if loose(next).next().is_none() => Ok(Edit::MoveBefore { what, before: next.id }),
        _ if file.instruction_at(order[last].item).is_some_and(Instruction::trails_anything) => {
            Err("comments follow, in a continuation that the end of the file leaves open")
        }
        _ => Ok(Edit::MoveAfter { what, after: order[last].id }),
    }
}
