//! Joins adjacent RUNs that belong together into one.
//!
//! # What it does
//!
//! RUNs of one concern that follow each other become one chain of `&&`: system packages with their lists and clean-up,
//! packages of Python, small steps in the file system (mkdir, chmod, chown, ln -s). `apt-get update` that stands alone is
//! always joined with the install below it. That is the policy `related`. With the policy `all` any two adjacent RUNs
//! become one, whatever they call; with `off` none do.
//!
//! Each RUN keeps its own style. Where a list of `;` or `||` would take a failure for less than it was, it is put in
//! braces; where the shell would keep what a RUN leaves behind (another folder, a variable, an option), that RUN is put in
//! parentheses. RUNs that open with the same `set -e…;` are joined as they are written, with `;`, under one `set`.
//! Comments between them become lines inside the chain.
//!
//! # Why
//!
//! `apt-get update` in a layer of its own is kept by the cache and grows stale, so that a later install asks for
//! packages that are gone; and what one layer adds and the next removes still weighs in the image.
//!
//! # When it refuses
//!
//! - By the policy `related`: a command that dfmt does not know, or of another concern.
//! - Other flags, or something between the two; no shell text (exec form, heredoc), or one that is not understood.
//! - Comments that follow the second in a continuation which the end of the file leaves open; a heading (a comment with a
//!   blank line below it) between them; a comment that speaks to a tool.
//! - A shell that is not one of the usual, or `BASH_ENV`: what it does, it does once for every RUN.
//! - What a shell keeps and no parentheses hold back: a process in the background, `exec`, `eval`, `trap`, `su`.
//! - `set -e`, by the text or by SHELL, in what is more than commands joined by `&&`: left of another `&&` it is off.
//! - A command that both call and that the first may bring anew (`npm install -g npm`): the shell remembers where the old
//!   one was. So does a link or a mode that decides which one is found.
//! - A link in the place of `sh`: from the next RUN on it would be the other that reads.
//! - The working folder, taken away or moved: the next RUN would make it anew.
//! - A place that each RUN gets anew: /dev, /proc, /sys, /etc/hosts, a mount that is neither a cache nor a secret.
//! - A program that goes on in the background; a user's new groups: both end, or begin, with a new process.
//! - A hard link: an overlay file system breaks it when a later layer changes one of its names.
//! - A variable that tells what ran before (`$_`, `$RANDOM`), in the second.
//!
//! # Before
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update
//! RUN apt-get install -y curl
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM debian:12
//! RUN apt-get update \
//!     && apt-get install -y curl
//! ```

mod around;
mod concern;
mod group;
mod junction;

use self::around::Around;
use self::group::{Answer, Group};
use super::{Plan, Proof, Rule, Site, cache_mounts};
use crate::config::{Kind, MergePolicy};
use crate::model::{stage, variables};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "merge-runs",
    kind: Kind::Image,
    alone: false,
    against: &[],
    proof: Proof::SameCommands,
    page: include_str!("merge_runs.rs"),
    plan,
};

/// The same rule behind `cache-mounts`, which takes a clean-up away that may have kept RUNs apart. What the first found
/// in the way has been said.
pub(crate) const RULE_AGAIN: Rule =
    Rule { plan: |site| Plan { refusals: Vec::new(), ..plan_again(site) }, ..RULE };

fn plan_again(site: &Site) -> Plan {
    let caches = &cache_mounts::RULE;
    if site.config.rules.has(caches.name, caches.kind, caches.alone) { plan(site) } else { Plan::default() }
}

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    let policy = site.config.merge_runs;
    if policy == MergePolicy::Off || variables::name_a_script_for_shells(site.file) {
        return plan;
    }
    let stages = stage::stages(site.file);
    let around = Around::of(site.file, &stages);
    for stage in &stages {
        let mut group: Option<Group> = None;
        for step in &stage.steps {
            let Some(next) = Group::of(site.file, step) else {
                if let Some(group) = group.take() {
                    group.finish(&around, &mut plan);
                }
                continue;
            };
            group = Some(match group.take() {
                None => next,
                Some(mut first) => match first.take(next, &around, policy) {
                    Answer::Joined => first,
                    Answer::Apart(next, why) => {
                        if let Some(why) = why {
                            plan.refuse(next.id(), format!("it stays apart from the RUN above it: {why}"));
                        }
                        first.finish(&around, &mut plan);
                        next
                    }
                },
            });
        }
        if let Some(group) = group {
            group.finish(&around, &mut plan);
        }
    }
    plan
}
