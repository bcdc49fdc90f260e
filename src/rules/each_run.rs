//! What the rules have in common that write single commands of RUN anew.

use std::ops::Range;

use super::{Piece, Plan, Site, has_comment};
use crate::model::calls::{self, Call};
use crate::model::stage::{self, Step};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Instruction, Keyword};

/// A RUN and where it stands.
pub(super) struct Place<'a> {
    pub site: &'a Site<'a>,
    pub step: &'a Step,
    pub run: &'a Instruction<'a>,
}

/// What a rule wants of a RUN: pieces to put in, none where it has nothing to do; or why it refuses.
pub(super) type Wish<'i> = Result<Vec<Piece<'i>>, String>;

/// The plan that asks `wish` of each RUN. Where a comment tells hadolint to let it pass, that is what the author wants:
/// `code` is its name for what the rule mends.
pub(super) fn plan(site: &Site, code: &str, wish: impl for<'a> Fn(&Place<'a>) -> Wish<'a>) -> Plan {
    let mut plan = Plan::default();
    let stages = stage::stages(site.file);
    for step in stages.iter().flat_map(|s| &s.steps).filter(|s| s.keyword == Keyword::Run) {
        let Some(run) = site.file.instruction_at(step.item) else { continue };
        match wish(&Place { site, step, run }) {
            Ok(pieces) if pieces.is_empty() => {}
            Ok(_) if is_told(site, step, code) => {
                plan.refuse(run.id, format!("a comment tells hadolint to let {code} pass"));
            }
            Ok(pieces) => {
                plan.edits.push(Edit::Replace { what: run.id, text: super::patched(run, pieces) });
            }
            Err(why) => plan.refuse(run.id, why),
        }
    }
    plan
}

/// Whether a comment tells hadolint to let something pass.
pub(super) fn is_told(site: &Site, step: &Step, code: &str) -> bool {
    let has = |text: &[u8], what: &str| memchr::memmem::find(text, what.as_bytes()).is_some();
    let all =
        site.file.items.iter().filter(|i| i.instruction().is_none()).map(crate::syntax::tree::Item::text);
    let mut global = all.filter(|c| has(c, "hadolint global"));
    let tells = |c: &[u8]| has(c, "hadolint") && has(c, code);
    global.any(tells) || stage::comments_above(site.file, step.item).any(tells)
}

impl<'a> Place<'a> {
    /// What adds an option behind a word of a command, and behind the options that follow it and for which `passes`.
    pub fn option(&self, call: &Call, at: usize, passes: impl Fn(&str) -> bool, text: &'a [u8]) -> Piece<'a> {
        let behind = call.words[at + 1..].iter().take_while(|(_, w)| passes(w)).last();
        let node = behind.map_or(call.words[at].0, |(node, _)| *node);
        let end = self.run.source_range(node.start, node.end).end;
        (end..end, text)
    }

    /// What adds a command at the end.
    pub fn at_end(&self, text: &'a [u8]) -> Piece<'a> {
        let end = self.run.end();
        (end..end, text)
    }

    /// What takes commands out of a list of `&&`, each with the operator that goes with it. One at least has to stay.
    ///
    /// # Errors
    /// Where one stands elsewhere, or beside a comment.
    pub fn without(&self, goes: &[&Call]) -> Result<Vec<Piece<'a>>, String> {
        let run = self.run;
        let list = calls::list(run).unwrap_or_default();
        let at = |call: &&Call| list.iter().position(|p| call.is_all_of(run, *p) && call.is_bare(run));
        let gone = goes.iter().map(at).collect::<Option<Vec<usize>>>();
        let gone = gone.ok_or("what would go is no command of a list of `&&`")?;
        let source = |n: usize| run.source_range(run.nodes[list[n]].start, run.nodes[list[n]].end);
        let range = |(rank, n): (usize, &usize)| {
            // those that go from the beginning of the list take the operator behind them along
            if rank == *n { source(*n).start..source(n + 1).start } else { source(n - 1).end..source(*n).end }
        };
        let ranges: Vec<Range<usize>> = gone.iter().enumerate().map(range).collect();
        if ranges.iter().any(|range| has_comment(&run.text[range.clone()])) {
            return Err("a comment stands beside what would go".to_string());
        }
        Ok(ranges.into_iter().map(|range| (range, &[][..])).collect())
    }

    /// The last command, where the RUN is one list of `&&` and nothing follows.
    ///
    /// # Errors
    /// Where it is more than that.
    pub fn last_of_list<'c, 'i>(&self, calls: &'c [Call<'i>]) -> Result<&'c Call<'i>, &'static str> {
        let list = calls::list(self.run).ok_or("its commands are joined by more than `&&`")?;
        let call = list.last().and_then(|p| calls.iter().find(|call| call.is_all_of(self.run, *p)));
        call.ok_or("it ends in more than a simple command")
    }

    /// Whether its text holds one of these.
    pub fn mentions(&self, any: &[&str]) -> bool {
        mentions(self.run, any)
    }

    /// Whether one of its mounts is a cache at a path that holds one of these.
    pub fn mounts_cache(&self, any: &[&str]) -> bool {
        let has = |flag: &[u8], what: &str| memchr::memmem::find(flag, what.as_bytes()).is_some();
        self.run.flags().any(|flag| has(flag, "--mount") && any.iter().any(|what| has(flag, what)))
    }

    /// Whether a RUN of the file calls one of these programs where it has no network, but what others have left.
    pub fn is_cut_off_anywhere(&self, programs: &[&str]) -> bool {
        let calls_one = |i: &Instruction| calls::calls(i).iter().any(|call| programs.contains(&call.name()));
        self.site.file.instructions().filter(|i| is_cut_off(i)).any(calls_one)
    }

    /// Whether an instruction of the file, but for RUN, holds one of these: an ENV, an ARG, a COPY.
    pub fn is_set_elsewhere(&self, any: &[&str]) -> bool {
        self.site.file.instructions().any(|i| i.keyword != Keyword::Run && mentions(i, any))
    }

    /// Whether a RUN of the file holds one of these.
    pub fn is_run_anywhere(&self, any: &[&str]) -> bool {
        self.site.file.instructions().any(|i| i.keyword == Keyword::Run && mentions(i, any))
    }
}

/// Whether a RUN has no network.
pub(super) fn is_cut_off(run: &Instruction) -> bool {
    run.flags().any(|flag| flag == b"--network=none")
}

fn mentions(i: &Instruction, any: &[&str]) -> bool {
    any.iter().any(|what| memchr::memmem::find(i.logical_text(), what.as_bytes()).is_some())
}
