//! Puts ports and commands below the last step that makes a layer.
//!
//! # What it does
//!
//! EXPOSE, HEALTHCHECK, ENTRYPOINT and CMD that stand above a RUN, COPY or ADD of their stage go below the last of
//! these, in this order. What stands there already keeps its place.
//!
//! # Why
//!
//! How a container starts is looked for at the end of a file. It is no matter of speed: BuildKit makes no layer of them.
//!
//! # When it refuses
//!
//! - An EXPOSE holds a variable that is set below it.
//! - A CMD or ENTRYPOINT in shell form stands above a SHELL: it takes in the shell that holds at its place.
//! - A later one of the same name has to stay above.
//! - A heading stands above it (a comment with a blank line below it), which would head something else.
//! - A comment that speaks to a tool would come to stand above another instruction.
//! - Comments follow the last instruction in a continuation that the end of the file leaves open.
//!
//! # Before
//!
//! ```dockerfile
//! FROM python:3.12
//! WORKDIR /app
//! CMD ["python", "app.py"]
//! EXPOSE 8080
//! COPY . .
//! RUN python -m compileall .
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM python:3.12
//! WORKDIR /app
//! COPY . .
//! RUN python -m compileall .
//! EXPOSE 8080
//! CMD ["python", "app.py"]
//! ```

use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::stage::{self, Stage, Step};
use crate::model::{pragma, variables};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "order-metadata",
    kind: Kind::Image,
    alone: false,
    against: &[],
    proof: Proof::SameConfig,
    page: include_str!("order_metadata.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    for stage in stage::stages(site.file).iter().filter(|s| s.from.is_some()) {
        let makes_layer = |s: &Step| matches!(s.keyword, Keyword::Run | Keyword::Copy | Keyword::Add);
        if let Some(last) = stage.steps.iter().rposition(makes_layer) {
            Tail { file: site.file, steps: &stage.steps, last }.plan(stage, &mut plan);
        }
    }
    plan
}

/// The order of what goes below.
fn rank(keyword: Keyword) -> Option<u8> {
    match keyword {
        Keyword::Expose => Some(0),
        Keyword::Healthcheck => Some(1),
        Keyword::Entrypoint => Some(2),
        Keyword::Cmd => Some(3),
        _ => None,
    }
}

/// The end of a stage, behind the last step that makes a layer.
struct Tail<'a> {
    file: &'a Dockerfile<'a>,
    steps: &'a [Step],
    /// The last step that makes a layer.
    last: usize,
}

impl Tail<'_> {
    fn plan(&self, stage: &Stage, plan: &mut Plan) {
        let mut moves = Vec::new();
        // from below, so that what stays is known to those above it
        for at in (0..self.last).rev() {
            let Some(rank) = rank(self.steps[at].keyword) else { continue };
            match self.hindrance(at, &moves) {
                None => moves.push((rank, at)),
                Some(why) => plan.refuse(self.steps[at].id, format!("it stays above a layer: {why}")),
            }
        }
        moves.sort_unstable();
        let mut end = stage.steps.last().map(|s| s.id);
        for (_, at) in moves {
            let what = self.steps[at].id;
            if let Some(n) = self.landing(at) {
                plan.edits.push(Edit::MoveBefore { what, before: self.steps[n].id });
                continue;
            }
            plan.edits.extend(end.map(|after| Edit::MoveAfter { what, after }));
            end = Some(what);
        }
    }

    /// What the step at `at` comes to stand above: the first below the last layer that is not to stand above it. None
    /// is the end of the stage.
    fn landing(&self, at: usize) -> Option<usize> {
        let own = rank(self.steps[at].keyword);
        (self.last + 1..self.steps.len())
            .find(|n| rank(self.steps[*n].keyword).is_some_and(|r| Some(r) >= own))
    }

    /// Why the step at `at` stays where it is, while `moves` go down.
    fn hindrance(&self, at: usize, moves: &[(u8, usize)]) -> Option<String> {
        let step = self.file.instruction_at(self.steps[at].item)?;
        let landing = self.landing(at);
        let tears = |n: usize| {
            let item = self.steps[n].item;
            let own = self.file.block(item).len() - 1;
            stage::comments_above(self.file, item).skip(own).any(pragma::speaks)
        };
        if has_heading(self.file, self.steps[at].item) {
            return Some("a heading stands above it, and would stand above another instruction".into());
        }
        if landing.is_some_and(tears) {
            return Some(
                "a comment that speaks to a tool would come to stand above another instruction".into(),
            );
        }
        let last = self.steps.last().and_then(|s| self.file.instruction_at(s.item));
        if landing.is_none() && last.is_some_and(Instruction::trails_anything) {
            return Some(
                "comments follow the last instruction, in a continuation that the file leaves open".into(),
            );
        }
        let passed =
            (at + 1..landing.unwrap_or(self.steps.len())).filter(|n| !moves.iter().any(|(_, m)| m == n));
        passed
            .filter_map(|n| self.file.instruction_at(self.steps[n].item))
            .find_map(|other| keeps_above(step, other))
    }
}

/// Whether comments stand above an instruction that do not move with it.
fn has_heading(file: &Dockerfile, item: usize) -> bool {
    stage::comments_above(file, item).count() >= file.block(item).len()
}

/// Why an instruction may not go below another.
fn keeps_above(step: &Instruction, other: &Instruction) -> Option<String> {
    match other.keyword {
        Keyword::Env | Keyword::Arg => {
            let is_plain = |n: &[u8]| n.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
            let names = variables::names(other);
            let expands = step.keyword == Keyword::Expose && step.line().contains(&b'$');
            let used =
                names.iter().find(|n| expands && (!is_plain(n) || variables::is_named(n, step.line())))?;
            Some(format!("it holds {}, which is set below it", String::from_utf8_lossy(used)))
        }
        Keyword::Shell => {
            let takes_it_in =
                matches!(step.keyword, Keyword::Cmd | Keyword::Entrypoint) && !step.is_exec_form();
            takes_it_in.then(|| "it takes in the shell, and a SHELL below it sets another".into())
        }
        same if same == step.keyword && same != Keyword::Expose => {
            Some(format!("a later {} has to stay, and would be replaced by it", same.upper()))
        }
        _ => None,
    }
}
