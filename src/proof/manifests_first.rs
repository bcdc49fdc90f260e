//! The relation of the split: one or more COPYs of single files are new, the COPY that brings them again comes later.
//!
//! It starts from the result: what is new, what moved, and over what. The new COPYs must take files that the moved one
//! brings to the same place with the same flags, and every RUN that it passed must read nothing else of what it brings.

use crate::model::context::{Context, Kind, Patterns};
use crate::model::install::install_reads;
use crate::model::stage::{self, Copy, Stage, Step};
use crate::model::{graph, place, reach, variables};
use crate::rules::FindContext;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

type Result<T = ()> = std::result::Result<T, String>;

/// Whether `after` is `before` but for splits. `origins` names, for each instruction of `after`, the one of `before`
/// that it was; a new one has none.
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>], context: FindContext) -> Result {
    let find = context;
    let context = find()?;
    if origins.iter().flatten().count() != before.instructions().count() {
        return Err("an instruction was lost".to_string());
    }
    let (old, new) = (stage::stages(before), stage::stages(after));
    if old.len() != new.len() {
        return Err("a stage came or went".to_string());
    }
    // the instruction of `after` at index n has id n: it was parsed again
    let origin = |s: &Step| origins[s.id.0 as usize];
    for (x, y) in old.iter().zip(&new) {
        let stage =
            Split { before, after, context: &context, find, stages: &old, old: &x.steps, new: &y.steps };
        stage.same(&origin)?;
    }
    Ok(())
}

struct Split<'a> {
    before: &'a Dockerfile<'a>,
    after: &'a Dockerfile<'a>,
    context: &'a Context,
    find: FindContext<'a>,
    stages: &'a [Stage],
    old: &'a [Step],
    new: &'a [Step],
}

impl Split<'_> {
    fn same(&self, origin: &dyn Fn(&Step) -> Option<Id>) -> Result {
        let order: Vec<Option<usize>> = self
            .new
            .iter()
            .map(|s| origin(s).and_then(|id| self.old.iter().position(|o| o.id == id)))
            .collect();
        let mut at = 0;
        let mut expected = 0;
        while at < order.len() {
            let fresh = order[at..].iter().take_while(|o| o.is_none()).count();
            if fresh == 0 && order[at] == Some(expected) {
                (at, expected) = (at + 1, expected + 1);
                continue;
            }
            // here the COPY stood: the new ones are in its place, and it comes behind what it passed
            let moved = expected;
            let later =
                order[at + fresh..].iter().position(|o| *o == Some(moved)).ok_or("a COPY was lost")?;
            let passed: Vec<usize> =
                order[at + fresh..at + fresh + later].iter().flatten().copied().collect();
            if passed.len() != later || passed.iter().enumerate().any(|(n, p)| *p != moved + 1 + n) {
                return Err("other instructions moved too".to_string());
            }
            self.split(&self.new[at..at + fresh], moved, &passed)?;
            at += fresh + later + 1;
            expected = moved + later + 1;
        }
        if expected == self.old.len() { Ok(()) } else { Err("an instruction left its stage".to_string()) }
    }

    /// One split: `fresh` COPYs, the COPY at `moved`, and the steps that it passed.
    fn split(&self, fresh: &[Step], moved: usize, passed: &[usize]) -> Result {
        let step = &self.old[moved];
        let whole = self.before.instruction_at(step.item).ok_or("a COPY was lost")?;
        let copy = Copy::of(whole, self.before.escape).ok_or("the COPY holds a variable")?;
        let target = copy.target(step.cwd.as_deref()).ok_or("it is not known where the COPY writes")?;
        if whole.keyword != Keyword::Copy || place::is_system(&target) || fresh.is_empty() {
            return Err("this COPY must stay".to_string());
        }
        let brought = self.brought(&copy, &target)?;
        let mut early = Vec::new();
        for new in fresh {
            early.extend(self.files(new, whole)?);
        }
        if early.iter().any(|file| !brought.contains(file)) {
            return Err("a file comes from elsewhere, or goes elsewhere".to_string());
        }
        let reads = passed.iter().map(|p| &self.old[*p]).filter(|passed| !self.is_independent(step, passed));
        reads.into_iter().try_for_each(|passed| self.reads_only(passed, whole, &target, &early))
    }

    /// Whether a RUN and the COPY do the same in either order.
    fn is_independent(&self, copy: &Step, run: &Step) -> bool {
        let context = self.find;
        run.keyword == Keyword::Run && graph::may_pass(self.before, self.stages, copy, run, context).is_ok()
    }

    /// What the whole COPY brings: files of the context with their places in the image.
    fn brought(&self, copy: &Copy, target: &str) -> Result<Vec<(String, String)>> {
        let none = Patterns::default();
        let mut found = Vec::new();
        for source in
            self.context.sources(copy.sources.first().map_or("", |s| s), &none).map_err(|e| e.to_string())?
        {
            let taken = self.context.contents(&source, &none).map_err(|e| e.to_string())?;
            let files = taken.into_iter().filter(|t| t.kind == Kind::File);
            found.extend(files.map(|t| (t.path, format!("{}/{}", target.trim_end_matches('/'), t.name))));
        }
        Ok(found)
    }

    /// What a new COPY brings; its flags must be those of the whole one.
    fn files(&self, new: &Step, whole: &Instruction) -> Result<Vec<(String, String)>> {
        let i = self.after.instruction_at(new.item).ok_or("a COPY was lost")?;
        let copy = Copy::of(i, self.after.escape).filter(|_| i.keyword == Keyword::Copy);
        let copy = copy.ok_or("a new instruction is no COPY of files")?;
        let folder = copy.target(new.cwd.as_deref()).ok_or("it is not known where the new COPY writes")?;
        let is_folder = copy.destination.ends_with('/') || copy.destination == ".";
        if !i.flags().eq(whole.flags()) || !is_folder {
            return Err("the new COPY has other flags or names no folder".to_string());
        }
        let name = |s: &String| s.rsplit('/').next().unwrap_or(s).to_string();
        Ok(copy
            .sources
            .iter()
            .map(|s| (s.clone(), format!("{}/{}", folder.trim_end_matches('/'), name(s))))
            .collect())
    }

    /// A step that the COPY passed reads nothing of what it brings but the early files.
    fn reads_only(
        &self,
        step: &Step,
        whole: &Instruction,
        target: &str,
        early: &[(String, String)],
    ) -> Result {
        let i = self.before.instruction_at(step.item).ok_or("an instruction was lost")?;
        match i.keyword {
            Keyword::Run => {
                reach::leads_to(self.before, self.stages, step, target).map_or(Ok(()), Err)?;
                let names =
                    install_reads(i).ok_or("a RUN that is no install was passed")??.unwrap_or_default();
                let inside = |name: &String| {
                    let at = stage::resolve(step.cwd.as_deref(), name);
                    at.is_some_and(|at| {
                        place::below(&at, target).is_some() && early.iter().any(|(_, to)| *to == at)
                    })
                };
                if names.iter().all(inside) {
                    Ok(())
                } else {
                    Err("an install reads what is not there yet".to_string())
                }
            }
            Keyword::Env | Keyword::Arg => {
                let seen =
                    variables::names(i).iter().any(|n| memchr::memmem::find(whole.line(), n).is_some());
                if seen { Err("the COPY may read a variable that it passed".to_string()) } else { Ok(()) }
            }
            Keyword::Workdir
            | Keyword::Copy
            | Keyword::Add
            | Keyword::Shell
            | Keyword::Volume
            | Keyword::Onbuild => Err("the COPY passed an instruction that it may not pass".to_string()),
            _ => Ok(()),
        }
    }
}
