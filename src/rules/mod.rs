//! The rules that change more than layout: one file each, and the table of them in the order in which they run.
//!
//! A rule is data with a function that plans: it looks at the tree and says which edits it wants and where it refuses,
//! and touches nothing. `proof::engine` makes the edits and proves them. Order in the table: first what moves, so that
//! what belongs together comes to stand together, then what joins.

mod apk_no_cache;
mod apt_clean_lists;
mod apt_no_recommends;
mod cache_mounts;
mod conda_clean;
mod copy_manifests_first;
mod copy_not_add;
mod dnf_clean;
mod drop_overridden;
mod each_run;
mod exec_form;
mod join_installs;
mod maintainer_label;
mod merge_runs;
mod npm_ci;
mod order_instructions;
mod order_metadata;
mod pip_no_cache;
mod sort_packages;

use std::ops::Range;

use crate::config::{Config, Kind};
use crate::model::context::Context;
use crate::model::pragma::own::Protected;
use crate::syntax::edit::Edit;
use crate::syntax::join::{self, Inside};
use crate::syntax::tree::{Dockerfile, Id, Instruction};

/// How the model gets at the build context: only asked where a rule needs it.
///
/// The error says, as the end of a sentence, why there is none.
pub type FindContext<'a> = &'a dyn Fn() -> Result<Context, String>;

/// What a rule looks at.
pub struct Site<'a> {
    /// The file.
    pub file: &'a Dockerfile<'a>,
    /// How to format.
    pub config: &'a Config,
    /// The build context.
    pub context: FindContext<'a>,
    /// What comments keep from being rewritten. The engine holds it for every rule; one that asks can say more.
    pub protected: &'a Protected,
}

impl Site<'_> {
    /// Why a rule may not touch an instruction, nor move another one past it.
    pub fn guard(&self, id: Id, rule: &Rule) -> Option<String> {
        let by = self.protected.against(id, rule.name, rule.kind.name())?;
        Some(format!("{by} keeps it as it is"))
    }
}

/// What a rule wants.
#[derive(Debug, Default)]
pub struct Plan {
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// Where it refuses.
    pub refusals: Vec<Refused>,
}

impl Plan {
    fn refuse(&mut self, at: Id, reason: impl Into<String>) {
        self.refusals.push(Refused { at, reason: reason.into(), advice: false });
    }

    /// Refuses, and says so unasked: the build would gain, and one small thing stands in the way.
    fn advise(&mut self, at: Id, reason: impl Into<String>) {
        self.refusals.push(Refused { at, reason: reason.into(), advice: true });
    }
}

/// A rewrite that a rule did not plan.
#[derive(Debug)]
pub struct Refused {
    /// The instruction that it is about.
    pub at: Id,
    /// What stands in the way.
    pub reason: String,
    /// Whether the build would gain, and this one thing stands in the way.
    pub advice: bool,
}

/// What is proved of a rule's edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The same commands in the same order and state.
    SameCommands,
    /// The same instructions in an order that respects every dependency.
    SameGraph,
    /// The same configuration, though metadata moved.
    SameConfig,
    /// What is gone was replaced by what stands below it.
    Replaced,
    /// COPY for an ADD that unpacks nothing.
    NoArchive,
    /// Installs that follow each other are one.
    JoinedInstalls,
    /// The packages of an install stand in another order, none twice.
    SortedPackages,
    /// `apt-get install` says that it wants no recommended packages.
    NoRecommends,
    /// A RUN removes the lists of apt at its end.
    AptCleaned,
    /// `pip install` keeps no cache.
    PipWithoutCache,
    /// `apk add` keeps no index, and what that makes needless is gone.
    ApkWithoutCache,
    /// A RUN cleans up behind dnf, yum or microdnf.
    DnfCleaned,
    /// A RUN cleans up behind conda, mamba or micromamba.
    CondaCleaned,
    /// A RUN has caches of the builder, and what empties them is gone.
    CacheMounts,
    /// `npm ci` for `npm install`.
    NpmCi,
    /// A label for a MAINTAINER.
    MaintainerLabel,
    /// The exec form of a command that needs no shell.
    ExecForm,
    /// One COPY more, of files that a later one brings again.
    ManifestsFirst,
}

/// A rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// What it promises.
    pub kind: Kind,
    /// Whether it runs only when it is named itself, not by its kind.
    pub alone: bool,
    /// The rules that take back what it does: both cannot be asked for.
    pub against: &'static [&'static str],
    /// What is proved.
    pub proof: Proof,
    /// Its page: the head of its file.
    pub page: &'static str,
    /// Says what it wants.
    pub plan: fn(&Site) -> Plan,
}

/// All of them, in the order in which they run. One that stands here twice does one thing early and another late.
pub const RULES: &[Rule] = &[
    cache_mounts::RULE,
    drop_overridden::RULE,
    copy_not_add::RULE,
    copy_manifests_first::RULE,
    order_instructions::RULE,
    order_metadata::RULE,
    // a list without what is needless may be joined, and installs of the same options
    apk_no_cache::RULE,
    merge_runs::RULE,
    cache_mounts::RULE_OF_APT,
    merge_runs::RULE_AGAIN,
    apt_no_recommends::RULE,
    pip_no_cache::RULE,
    join_installs::RULE,
    sort_packages::RULE,
    apt_clean_lists::RULE,
    dnf_clean::RULE,
    conda_clean::RULE,
    npm_ci::RULE,
    maintainer_label::RULE,
    exec_form::RULE,
];

/// Whether one of the lines behind the first is a comment.
fn has_comment(text: &[u8]) -> bool {
    text.split(|b| *b == b'\n').skip(1).any(|line| join::inside(line) == Inside::Comment)
}

/// A place in the source of an instruction, and what comes there.
type Piece<'i> = (Range<usize>, &'i [u8]);

/// The text of an instruction with other bytes in the place of some; the ranges do not overlap.
fn patched(i: &Instruction, mut pieces: Vec<Piece>) -> Vec<u8> {
    pieces.sort_by_key(|(range, _)| range.start);
    let (mut text, mut at) = (Vec::new(), 0);
    for (range, bytes) in pieces {
        text.extend_from_slice(&i.text[at..range.start]);
        text.extend_from_slice(bytes);
        at = range.end;
    }
    text.extend_from_slice(&i.text[at..i.end()]);
    text
}
