//! Puts what changes least first.
//!
//! # What it does
//!
//! A RUN that works on the system's packages alone, or installs others by their names (`pip install flask`,
//! `npm install -g yarn`, `gem install bundler`), moves above a COPY or ADD that stands above it for no reason. An ENV
//! or ARG that changes with every build (a commit, a date, the version of the app) moves down, to what uses it or to the
//! first command that may ask for it.
//!
//! # Why
//!
//! Each time a file of the COPY changes, everything below it is built anew. Packages do not depend on the source. And
//! each RUN below a variable is built anew with each new value, whether it uses it or not.
//!
//! # When it refuses
//!
//! - The RUN holds a command that dfmt does not know, or one that names a file.
//! - It installs by names, and the COPY may bring what tells the package manager what to do (.npmrc, .python-version, a
//!   home), there is no build context to look at, it does not run as root, or a WORKDIR stands between.
//! - A variable would pass an ENV, or what names it; one that a version of something else may be, as soon as anything
//!   but metadata uses it.
//! - The COPY writes to a place of the system (/etc, /usr, /var, …), or it is not known where it writes.
//! - Something above may lead the package manager to what is copied: a variable (PATH, `APT_CONFIG`, …), a RUN that
//!   names the folder, settings of apt or of the linker that were copied.
//! - A variable is set between that the RUN names, or that is not known as one of the source: the scripts of packages
//!   may ask for it.
//! - Comments follow the RUN in a continuation that the end of the file leaves open.
//! - USER, SHELL, VOLUME, ONBUILD or another RUN stands between: two RUNs never change places.
//!
//! # Before
//!
//! ```dockerfile
//! FROM python:3.12
//! WORKDIR /app
//! COPY . .
//! RUN apt-get update && apt-get install -y libgomp1
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM python:3.12
//! WORKDIR /app
//! RUN apt-get update && apt-get install -y libgomp1
//! COPY . .
//! ```

mod sink;

use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::command::{Command, table};
use crate::model::stage::{self, Stage, Step};
use crate::model::{graph, names_only, pragma};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "order-instructions",
    kind: Kind::Image,
    alone: false,
    against: &[],
    proof: Proof::SameGraph,
    page: include_str!("order_instructions.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    let stages = stage::stages(site.file);
    for stage in &stages {
        let mut order: Vec<&Step> = stage.steps.iter().collect();
        for at in 0..order.len() {
            if let Some(to) = target(site, &stages, &order, at, &mut plan) {
                let (what, before) = (order[at].id, order[to].id);
                plan.edits.push(Edit::MoveBefore { what, before });
                order[to..=at].rotate_right(1);
            }
        }
        if stage.from.is_some() {
            sink::plan(site.file, &mut order, &mut plan);
        }
    }
    plan
}

/// Where the step at `at` moves: above the topmost COPY or ADD that it may pass.
fn target(site: &Site, stages: &[Stage], order: &[&Step], at: usize, plan: &mut Plan) -> Option<usize> {
    let step = order[at];
    if !is_about_packages(site.file, step) {
        return None;
    }
    let mut to = None;
    for n in (0..at).rev() {
        let is_copy = matches!(order[n].keyword, Keyword::Copy | Keyword::Add);
        match may_pass(site, stages, order[n], step) {
            Ok(()) if is_copy => to = Some(n),
            Ok(()) => {}
            Err(why) => {
                if order[n].keyword != Keyword::Run
                    && let Some(copy) = nearest_copy(&order[..=n])
                {
                    plan.refuse(step.id, format!("it stays below line {}: {why}", copy.line));
                }
                break;
            }
        }
    }
    to
}

fn is_about_packages(file: &Dockerfile, step: &Step) -> bool {
    let Some(i) = file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Run) else { return false };
    let by_name = |c: &Command| table::ignores_files(c) || names_only::of(c).is_some();
    graph::listed(i).is_ok_and(|run| {
        table::concern_of_run(&run) == Ok(table::Concern::SystemPackages) || run.commands.iter().all(by_name)
    })
}

fn nearest_copy<'s>(steps: &[&'s Step]) -> Option<&'s Step> {
    steps.iter().rev().find(|s| matches!(s.keyword, Keyword::Copy | Keyword::Add)).copied()
}

/// Whether the graph lets the step pass, and no comment that speaks to a tool would come to stand above another.
fn may_pass(site: &Site, stages: &[Stage], above: &Step, step: &Step) -> Result<(), String> {
    let file = site.file;
    if file.instruction_at(step.item).is_some_and(Instruction::trails_anything) {
        return Err("comments follow it, in a continuation that the end of the file leaves open".to_string());
    }
    let loose = |s: &Step| {
        let own = file.block(s.item).len() - 1;
        stage::comments_above(file, s.item).skip(own).any(pragma::speaks)
    };
    if loose(above) || loose(step) {
        return Err(
            "a comment that speaks to a tool would come to stand above another instruction".to_string()
        );
    }
    graph::may_pass(file, stages, above, step, site.context)
}
