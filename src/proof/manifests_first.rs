//! The relation of the split: COPYs of single files are new, or were there, and the COPY that brings them again comes
//! later.
//!
//! It starts from the result: what is new, what moved, and over what. The new COPYs must take files that the moved one
//! brings to the same place with the same flags, and so must those that it passed, if they do not go elsewhere. Every
//! RUN that it passed must read nothing else of what it brings.

use crate::model::context::{Context, Kind, Patterns, Presence, path};
use crate::model::install::{self, Variables};
use crate::model::stage::{self, Copy, Stage, Step};
use crate::model::{archive, graph, place, reach, variables};
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
        if whole.keyword != Keyword::Copy || place::is_system(&target) {
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
        let top = self.top(&copy)?;
        // who comes first makes the folder, so that has to be a COPY with the flags of the one that moved
        let mut is_made = !fresh.is_empty();
        for step in passed.iter().map(|p| &self.old[*p]).filter(|passed| !self.is_independent(step, passed)) {
            let moved =
                Moved { whole, copy: &copy, top: &top, target: &target, early: &early, brought: &brought };
            match step.keyword {
                Keyword::Copy | Keyword::Add => {
                    let again = self.brings_again(step, &moved)?;
                    is_made |= !again.is_empty();
                    early.extend(again);
                }
                Keyword::Run | Keyword::Workdir if !is_made => {
                    return Err("the COPY passed what may make its folder".to_string());
                }
                _ => self.passes(step, &moved)?,
            }
        }
        if is_made { Ok(()) } else { Err("this COPY must stay".to_string()) }
    }

    /// The files that a COPY or ADD brings which the moved COPY brings too, to the same place with the same flags: none
    /// where it goes elsewhere.
    fn brings_again(&self, step: &Step, moved: &Moved) -> Result<Vec<(String, String)>> {
        let i = self.before.instruction_at(step.item).ok_or("an instruction was lost")?;
        let copy = Copy::of(i, self.before.escape).ok_or("the COPY passed one with a variable")?;
        let at = copy.target(step.cwd.as_deref()).ok_or("the COPY passed one to an unknown place")?;
        if place::are_apart(moved.target, &at) {
            return Ok(Vec::new());
        }
        let is_folder = copy.destination.ends_with('/') || copy.destination == ".";
        let is_file = !is_folder && copy.sources.len() == 1;
        if !i.flags().eq(moved.whole.flags()) || !(is_folder || is_file) {
            return Err("the COPY passed one with other flags, or to a place of another kind".to_string());
        }
        let mut found = Vec::new();
        for word in &copy.sources {
            for path in self.plain_files(word, i.keyword)? {
                let place = if is_file { at.clone() } else { path::join(&at, path::name(&path)) };
                found.push((path, place));
            }
        }
        match found.iter().find(|file| !moved.brought.contains(file)) {
            Some((_, place)) => Err(format!("the COPY passed one that brings another {place}")),
            None => Ok(found),
        }
    }

    /// The files that a word names, which are files on every machine, and none of them one that ADD unpacks.
    fn plain_files(&self, word: &str, keyword: Keyword) -> Result<Vec<String>> {
        let varies = self.context.is_pattern(word) && !self.context.matches_the_same_everywhere(word);
        if varies || word.contains([':', '@']) || word.starts_with("github.com/") {
            return Err(format!("it is not known what `{word}` brings"));
        }
        let mut found = Vec::new();
        for source in self.context.sources(word, &Patterns::default()).map_err(|e| e.to_string())? {
            let content = || self.context.read(&source.path);
            let unpacks =
                keyword == Keyword::Add && content().is_none_or(|content| archive::may_be(&content));
            if source.entry.kind() != Kind::File || source.presence != Presence::Yes || unpacks {
                return Err(format!("{} is no plain file of every checkout", source.path));
            }
            found.push(source.path);
        }
        if found.is_empty() { Err(format!("`{word}` names nothing")) } else { Ok(found) }
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
        let word = copy.sources.first().map_or("", |s| s);
        for source in self.context.sources(word, &none).map_err(|e| e.to_string())? {
            let taken = self.context.contents(&source, &none).map_err(|e| e.to_string())?;
            let files = taken.into_iter().filter(|t| t.kind == Kind::File);
            found.extend(files.map(|t| (t.path, format!("{}/{}", target.trim_end_matches('/'), t.name))));
        }
        Ok(found)
    }

    /// The folder of the context that the whole COPY takes.
    fn top(&self, copy: &Copy) -> Result<String> {
        let word = copy.sources.first().map_or("", |s| s);
        let sources = self.context.sources(word, &Patterns::default()).map_err(|e| e.to_string())?;
        match &sources[..] {
            [one] if one.entry.kind() == Kind::Dir => Ok(one.path.clone()),
            _ => Err("the COPY takes no folder".to_string()),
        }
    }

    /// The files that a new COPY brings, each with its place in the image; its flags must be those of the whole one.
    fn files(&self, new: &Step, whole: &Instruction) -> Result<Vec<(String, String)>> {
        let i = self.after.instruction_at(new.item).ok_or("a COPY was lost")?;
        let copy = Copy::of(i, self.after.escape).filter(|_| i.keyword == Keyword::Copy);
        let copy = copy.ok_or("a new instruction is no COPY of files")?;
        let folder = copy.target(new.cwd.as_deref()).ok_or("it is not known where the new COPY writes")?;
        let is_folder = copy.destination.ends_with('/') || copy.destination == ".";
        if !i.flags().eq(whole.flags()) || !is_folder {
            return Err("the new COPY has other flags or names no folder".to_string());
        }
        let none = Patterns::default();
        let mut found = Vec::new();
        for word in &copy.sources {
            for source in self.context.sources(word, &none).map_err(|e| e.to_string())? {
                let taken = self.context.contents(&source, &none).map_err(|e| e.to_string())?;
                if taken.iter().any(|t| t.kind == Kind::Symlink) {
                    return Err("a new COPY takes a link".to_string());
                }
                let files = taken.into_iter().filter(|t| t.kind == Kind::File);
                found.extend(files.map(|t| (t.path, format!("{}/{}", folder.trim_end_matches('/'), t.name))));
            }
        }
        Ok(found)
    }

    /// Holds that a step does the same before the COPY as behind it, and the COPY the same behind the step.
    fn passes(&self, step: &Step, moved: &Moved) -> Result {
        let i = self.before.instruction_at(step.item).ok_or("an instruction was lost")?;
        match i.keyword {
            Keyword::Run => self.reads_only(step, i, moved),
            Keyword::Env | Keyword::Arg => {
                let line = moved.whole.line();
                let seen = variables::names(i).iter().any(|n| memchr::memmem::find(line, n).is_some());
                if seen { Err("the COPY may read a variable that it passed".to_string()) } else { Ok(()) }
            }
            Keyword::Workdir => self.makes_what_comes(step, i, moved),
            Keyword::Copy | Keyword::Add | Keyword::Shell | Keyword::Volume | Keyword::Onbuild => {
                Err("the COPY passed an instruction that it may not pass".to_string())
            }
            _ => Ok(()),
        }
    }

    /// A RUN that the COPY passed reads nothing of what it brings but the early files, and leaves nothing that it brings.
    fn reads_only(&self, step: &Step, i: &Instruction, moved: &Moved) -> Result {
        reach::leads_to(self.before, self.stages, step, moved.target).map_or(Ok(()), Err)?;
        let reading = install::of_run(i).map_err(|why| why.reason)?;
        reading.is_apart_from(moved.target, i).map_err(|why| why.reason)?;
        let variables = Variables::above(self.before, self.stages, step);
        let needs = reading.needs((self.before, step), &variables, self.context, moved.top, moved.target);
        let needs = needs.map_err(|why| why.reason)?;
        let is_early = |path: &String| moved.early.iter().any(|(from, _)| from == path);
        if let Some(file) = needs.files.iter().find(|f| !is_early(f)) {
            return Err(format!("an install reads {file}, which is not there yet"));
        }
        for folder in &needs.folders {
            let inside = format!("{folder}/");
            let mut held = moved.brought.iter().filter(|(from, _)| from.starts_with(&inside));
            if held.any(|file| !moved.early.contains(file)) {
                return Err(format!("an install reads {folder}, which is not there yet"));
            }
        }
        let free = |path: &String| self.context.may_hold(path).is_no();
        match needs.writes.iter().find(|w| !free(w)) {
            Some(path) => Err(format!("the source may bring {path}, which an install writes")),
            None => Ok(()),
        }
    }

    /// A WORKDIR that the COPY passed makes a folder that is one in the source too, or nothing there.
    fn makes_what_comes(&self, step: &Step, i: &Instruction, moved: &Moved) -> Result {
        let is_absolute = moved.copy.destination.starts_with('/');
        let to = stage::folder(i, step.cwd.as_deref(), self.before.escape);
        let inside = to.as_deref().and_then(|to| place::below(to, moved.target)).filter(|_| is_absolute);
        let inside = inside.ok_or("the COPY passed a WORKDIR that leads elsewhere")?;
        if self.context.may_be_made(&path::join(moved.top, inside)) {
            Ok(())
        } else {
            Err("a WORKDIR made a folder where the source brings something else".to_string())
        }
    }
}

/// The COPY that came later.
struct Moved<'a> {
    whole: &'a Instruction<'a>,
    copy: &'a Copy,
    /// The folder of the context that it takes, and where it puts it.
    top: &'a str,
    target: &'a str,
    /// The files that came before it, and all that it brings: each with its place in the image.
    early: &'a [(String, String)],
    brought: &'a [(String, String)],
}
