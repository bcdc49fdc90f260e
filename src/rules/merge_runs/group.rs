//! RUNs that are, or will be, one.

use super::around::{Around, hazard};
use super::concern::{self, Related};
use super::{Plan, junction};
use crate::config::MergePolicy;
use crate::model::command::NotPlain;
use crate::model::command::script::{Script, Simple};
use crate::model::command::together::{self, Hazard};
use crate::model::stage::Step;
use crate::syntax::edit::{self, By, Edit, Joint, Wrap};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

/// A chain longer than this could be too long for one argument of the shell (128 KiB on Linux).
const MAX_TEXT: usize = 100_000;

const ONE_BY_ONE: &str = "a shared `set` must be the only one of its sort";

/// A RUN, and what it has to be wrapped in.
struct Member<'a> {
    run: &'a Instruction<'a>,
    step: &'a Step,
    script: Result<Script<'a>, NotPlain>,
    wrap: Wrap,
}

/// RUNs that follow each other and are joined alike.
pub(super) struct Group<'a> {
    members: Vec<Member<'a>>,
    by: Option<By>,
}

/// How a RUN is joined to a group: by what, what each of the own is wrapped in then, and what it is.
struct Fit {
    by: By,
    own: Vec<Wrap>,
    next: Wrap,
}

/// Whether a RUN went into the group.
pub(super) enum Answer<'a> {
    Joined,
    /// It comes back, with what stood in the way where that is worth a word.
    Apart(Group<'a>, Option<String>),
}

impl<'a> Group<'a> {
    /// A group of one, if the step is a RUN.
    pub fn of(file: &'a Dockerfile<'a>, step: &'a Step) -> Option<Self> {
        let run = file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Run)?;
        let script = Script::of(run).and_then(|script| {
            if run.trails_comments() {
                return Err(NotPlain(
                    "something follows its text: comments in a continuation that the end of the file leaves open, or \
                     white space that is no blank",
                ));
            }
            edit::fits(run).map(|()| script).map_err(|misfit| NotPlain(misfit.0))
        });
        Some(Self { members: vec![Member { run, step, script, wrap: Wrap::Bare }], by: None })
    }

    /// Its name.
    pub fn id(&self) -> Id {
        self.members[0].run.id
    }

    /// Takes the RUN below it in, where it may.
    pub fn take(&mut self, next: Group<'a>, around: &Around, policy: MergePolicy) -> Answer<'a> {
        match self.fit(&next, around, policy) {
            Ok(Some(fit)) => {
                self.by = Some(fit.by);
                self.members.iter_mut().zip(fit.own).for_each(|(m, wrap)| m.wrap = m.wrap.max(wrap));
                self.members.extend(next.members.into_iter().map(|m| Member { wrap: fit.next, ..m }));
                Answer::Joined
            }
            Ok(None) => Answer::Apart(next, None),
            Err(Hazard { predicate, what, advice }) => {
                Answer::Apart(next, Some(format!("{predicate}: {what}; {advice}")))
            }
        }
    }

    /// How the RUN below it is joined; `None` where nobody would expect them to be one.
    fn fit(&self, next: &Group<'a>, around: &Around, policy: MergePolicy) -> Result<Option<Fit>, Hazard> {
        let (last, other) =
            (self.members.last().ok_or_else(nothing)?, next.members.first().ok_or_else(nothing)?);
        let (own, text) = (script(last)?, script(other)?);
        if policy == MergePolicy::Related {
            match concern::related(own, text) {
                Related::Yes => {}
                Related::No => return Ok(None),
                Related::Unclear(why) => return Err(why),
            }
        }
        if let Some(why) = around.hazard(self.members[0].step, last.step, other.step) {
            return Err(why);
        }
        if self.members.iter().map(|m| m.run.text.len()).sum::<usize>() + other.run.text.len() > MAX_TEXT {
            return Err(hazard("the chain would grow too long", "a shell takes no more", "keep them apart"));
        }
        let by = match self.by {
            Some(By::And) => By::And,
            Some(By::Semicolon) | None => junction::style(own, text),
        };
        let errexit = around.has_errexit(other.step);
        let place = around.place(other.step);
        let left = |member| {
            let own = script(member)?;
            together::hazard(own, text, place).map_or(Ok(()), Err)?;
            junction::left(own, text, by, around, errexit)
        };
        let wraps = self.members.iter().map(left).collect::<Result<_, _>>()?;
        Ok(Some(Fit { by, own: wraps, next: junction::right(text, by) }))
    }

    /// Whether a RUN below the group holds the `set` that its members share. Which of them was left out could then not be
    /// told from the texts alone.
    fn set_is_used_below(&self, around: &Around) -> bool {
        let (Some(first), Some(last)) = (self.members.first(), self.members.last()) else { return false };
        let words = |s: &Simple| s.command.values().map(|w| w.join(" ")).filter(|_| s.name() == Some("set"));
        let opening = first.script.as_ref().ok().and_then(Script::opening).and_then(words);
        around
            .runs_below(last.step)
            .any(|run| Script::of(run).is_ok_and(|s| s.simples.iter().any(|simple| words(simple) == opening)))
    }

    /// Plans what it has gathered.
    pub fn finish(self, around: &Around, plan: &mut Plan) {
        let (Some(first), by) = (self.members.first(), self.by.unwrap_or_default()) else { return };
        if by == By::Semicolon && self.set_is_used_below(around) {
            for member in &self.members[1..] {
                let what =
                    "the `set` that they share stands in a RUN further down, too; join that one as well";
                plan.refuse(
                    member.run.id,
                    format!("it stays apart from the RUN above it: {ONE_BY_ONE}: {what}"),
                );
            }
            return;
        }
        for (n, member) in self.members.iter().enumerate().skip(1) {
            let own = if n == 1 { first.wrap } else { Wrap::Bare };
            let joint = Joint { by, first: own, second: member.wrap };
            plan.edits.push(Edit::Merge { first: first.run.id, second: member.run.id, joint });
        }
    }
}

fn nothing() -> Hazard {
    hazard("there is nothing to join", "no RUN", "keep them apart")
}

fn script<'m, 'a>(member: &'m Member<'a>) -> Result<&'m Script<'a>, Hazard> {
    let advice = "write it as one line of commands for the shell";
    member
        .script
        .as_ref()
        .map_err(|why| hazard("one of them is no text that another can be joined to", why.0, advice))
}
