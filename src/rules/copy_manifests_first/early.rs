//! A COPY of the source with installs below it, and what stands between the two.

use super::super::Site;
use super::between::{self, Between};
use super::lines;
use crate::model::context::{Context, Kind, Patterns, path};
use crate::model::install::{self, Manager, Needs, Obstacle, Reading, Variables};
use crate::model::stage::{self, Copy, Stage, Step};
use crate::model::{graph, place, pragma, reach, variables};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

type Result<T> = std::result::Result<T, Obstacle>;

/// A COPY of a folder with installs below it.
pub struct EarlyCopy<'a> {
    file: &'a Dockerfile<'a>,
    step: &'a Step,
    copy: Copy,
    /// All stages, for what it builds on.
    stages: &'a [Stage],
    /// The steps below it, up to the next COPY that it may not pass.
    below: &'a [Step],
}

/// The installs that directly follow.
struct Installs<'a> {
    runs: Vec<(&'a Step, Reading)>,
    /// The last that reads the source.
    last: &'a Step,
}

impl<'a> EarlyCopy<'a> {
    /// The COPY at `at`, if it takes a folder of the context and an install follows it.
    pub fn find(file: &'a Dockerfile, stages: &'a [Stage], steps: &'a [Step], at: usize) -> Option<Self> {
        let step = &steps[at];
        let i = file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Copy)?;
        let copy = Copy::of(i, file.escape)?;
        if i.flags().any(|f| f.starts_with(b"--from")) || copy.sources.len() != 1 {
            return None;
        }
        let below = &steps[at + 1..];
        let below = &below[..between::reach(file, (step, &copy), below)];
        let early = Self { file, step, copy, stages, below };
        let may_read = |s: &Step| {
            let Some(run) = early.run(s).filter(|i| install::calls_manager(i)) else { return false };
            install::of_run(run).map_or(true, |reading| reading.reads_source())
        };
        early.below.iter().any(may_read).then_some(early)
    }

    /// Which instruction it is.
    pub fn id(&self) -> Id {
        self.step.id
    }

    /// The edits that put the manifests and the installs above it; none where it copies no folder.
    pub fn split(&self, site: &Site) -> Result<Option<Vec<Edit>>> {
        let i = self.file.instruction_at(self.step.item).ok_or("it is not there")?;
        let target = self.copy.target(self.step.cwd.as_deref());
        let target = target.ok_or(
            "it is not known where it writes: no WORKDIR stands above it; add one to get faster rebuilds",
        )?;
        if place::is_system(&target) {
            return Err(Obstacle::new(format!("it writes to {target}, where installs may look")));
        }
        lines::flags_can_be_repeated(i)?;
        if !self.below.iter().any(between::is_copy) {
            return self.split_at(site, i, &target);
        }
        // what it may pass is known from the build context alone
        let context = (site.context)()?;
        let Some(top) = self.folder(&context)? else { return Ok(None) };
        let between = Between { file: self.file, whole: i, context: &context, top: &top, target: &target };
        let ends = |s: &Step| between::is_copy(s) && between.passed(s).is_none();
        let end = self.below.iter().position(ends).unwrap_or(self.below.len());
        Self { below: &self.below[..end], copy: self.copy.clone(), ..*self }.split_at(site, i, &target)
    }

    /// As [`Self::split`], where it may pass each COPY below it.
    fn split_at(&self, site: &Site, i: &Instruction, target: &str) -> Result<Option<Vec<Edit>>> {
        let Some(installs) = self.installs(site, target)? else { return Ok(None) };
        let managers = installs.managers();
        install::environment_is_harmless(self.file, self.stages, installs.last, &managers, target)?;
        if let Some(why) = reach::leads_to(self.file, self.stages, installs.last, target) {
            return Err(Obstacle::new(why));
        }
        self.no_pragma()?;
        let context = (site.context)()?;
        let Some(top) = self.folder(&context)? else { return Ok(None) };
        install::home_is_free(&context, &top, &managers)?;
        self.passes_folders(&context, &top, target, installs.last)?;
        let between = Between { file: self.file, whole: i, context: &context, top: &top, target };
        let again = self.brought_again(&between);
        let needs = |again: &[(usize, String)]| installs.needs(self, &between, again);
        let (needs, last) = match needs(&again)? {
            // who comes first makes the folder, so that has to be a COPY
            (found, _) if found.names_nothing() && !self.begins_with_copies(&again) => needs(&[])?,
            found => found,
        };
        let texts = lines::of(i, &self.copy.destination, &top, &needs)?;
        let inserted = texts.into_iter().map(|text| Edit::InsertBefore { text, before: self.step.id });
        let moved = Edit::MoveAfter { what: self.step.id, after: last };
        Ok(Some(inserted.chain([moved]).collect()))
    }

    fn run(&self, step: &Step) -> Option<&'a Instruction<'a>> {
        self.file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Run)
    }

    /// The folder of the context that is copied (the empty path for all of it), if it is one.
    fn folder(&self, context: &Context) -> Result<Option<String>> {
        let sources = context.sources(&self.copy.sources[0], &Patterns::default());
        match &sources.map_err(|e| Obstacle::new(e.to_string()))?[..] {
            [source] if source.entry.kind() == Kind::Dir => Ok(Some(source.path.clone())),
            _ => Ok(None),
        }
    }

    /// The installs that directly follow; none where none of them reads the source.
    fn installs(&self, site: &Site, target: &str) -> Result<Option<Installs<'a>>> {
        let (mut runs, mut last) = (Vec::new(), None);
        for step in self.below {
            match self.run(step) {
                // it does not care where it stands, and order-instructions will lift it
                Some(_) if self.ignores_the_source(site, step) => {}
                Some(run) => match install(step, run, target) {
                    Ok(reading) => {
                        last = if reading.reads_source() { Some((step, runs.len() + 1)) } else { last };
                        runs.push((step, reading));
                    }
                    Err(why) if last.is_none() => {
                        let reason = format!("the RUN in line {} may read the source: {why}", step.line);
                        return Err(Obstacle { reason, ..why });
                    }
                    Err(_) => break,
                },
                None if self.copy_may_pass(step) => {}
                None if last.is_none() => {
                    let name = step.keyword.upper();
                    return Err(Obstacle::new(format!("{name} stands between it and the install")));
                }
                None => break,
            }
        }
        let Some((last, count)) = last else { return Ok(None) };
        runs.truncate(count);
        Ok(Some(Installs { runs, last }))
    }

    /// The files that other COPYs bring once more, each with the place of its COPY among the items: these need no COPY
    /// more.
    fn brought_again(&self, between: &Between) -> Vec<(usize, String)> {
        let copies = self.below.iter().filter(|s| between::is_copy(s));
        let of = |step: &Step| {
            let item = step.item;
            between.passed(step).unwrap_or_default().into_iter().map(move |file| (item, file))
        };
        copies.flat_map(of).collect()
    }

    /// Whether the first of them stands above all that could make a folder.
    fn begins_with_copies(&self, again: &[(usize, String)]) -> bool {
        let makes = |s: &&Step| matches!(s.keyword, Keyword::Run | Keyword::Workdir);
        let first = self.below.iter().find(makes).map_or(usize::MAX, |s| s.item);
        again.first().is_some_and(|(item, _)| *item < first)
    }

    fn ignores_the_source(&self, site: &Site, step: &Step) -> bool {
        graph::may_pass(self.file, self.stages, self.step, step, site.context).is_ok()
    }

    /// Whether the COPY does the same below this step as above it.
    fn copy_may_pass(&self, step: &Step) -> bool {
        let Some(i) = self.file.instruction_at(step.item) else { return false };
        let copy = self.file.instruction_at(self.step.item).map(Instruction::line).unwrap_or_default();
        match step.keyword {
            Keyword::Env | Keyword::Arg => {
                !variables::names(i).iter().any(|n| memchr::memmem::find(copy, n).is_some())
            }
            // the manifests make the folder as the whole would have; a folder below it has its mode and owner from the
            // COPY that brings it, whoever made it
            Keyword::Workdir => self.copy.destination.starts_with('/') && self.is_inside(step, i),
            // those that it may not pass end what is below it
            Keyword::Copy
            | Keyword::Add
            | Keyword::User
            | Keyword::Label
            | Keyword::Expose
            | Keyword::Cmd
            | Keyword::Entrypoint
            | Keyword::Healthcheck
            | Keyword::Stopsignal
            | Keyword::Maintainer => true,
            _ => false,
        }
    }

    /// Whether a WORKDIR goes to the folder that is copied, or below it.
    fn is_inside(&self, step: &Step, workdir: &Instruction) -> bool {
        let to = stage::folder(workdir, step.cwd.as_deref(), self.file.escape);
        let target = self.copy.target(self.step.cwd.as_deref());
        to.zip(target).is_some_and(|(to, target)| place::below(&to, &target).is_some())
    }

    /// A WORKDIR below what is copied makes the folder before the source comes: it has to be one there, or nothing.
    fn passes_folders(&self, context: &Context, top: &str, target: &str, last: &Step) -> Result<()> {
        let passed = self.below.iter().take_while(|s| s.item < last.item);
        for step in passed.filter(|s| s.keyword == Keyword::Workdir) {
            let workdir = self.file.instruction_at(step.item).ok_or("it is not there")?;
            let to = stage::folder(workdir, step.cwd.as_deref(), self.file.escape).unwrap_or_default();
            let inside = place::below(&to, target).ok_or("a WORKDIR leads out of what is copied")?;
            if !context.may_be_made(&path::join(top, inside)) {
                return Err(Obstacle::new(format!("WORKDIR {to} may be a link or a file of the source")));
            }
        }
        Ok(())
    }

    fn no_pragma(&self) -> Result<()> {
        let own = self.file.block(self.step.item).len() - 1;
        if stage::comments_above(self.file, self.step.item).skip(own).any(pragma::speaks) {
            return Err(
                "a comment that speaks to a tool would come to stand above another instruction".into()
            );
        }
        Ok(())
    }
}

impl Installs<'_> {
    fn managers(&self) -> Vec<&'static Manager> {
        self.runs.iter().flat_map(|(_, r)| &r.calls).map(|c| c.manager).collect()
    }

    /// What they need, and the last of them: one that has to stay below the source ends the list, where another that
    /// reads the source stands above it. Where more than one thing stands in the way, none of them is said unasked.
    /// What stands there already, by its place among the items, is left out.
    fn needs(&self, early: &EarlyCopy, between: &Between, there: &[(usize, String)]) -> Result<(Needs, Id)> {
        let Between { context, top, target, .. } = *between;
        let (mut all, mut whole) = (Needs::default(), None);
        for (step, reading) in &self.runs {
            let variables = Variables::above(early.file, early.stages, step);
            let needs = match reading.needs((early.file, step), &variables, context, top, target) {
                Ok(needs) if needs.obstacles.is_empty() || whole.is_none() => needs,
                Err(why) if whole.is_none() => return Err(why),
                _ => break,
            };
            let is_there = |file: &String| there.iter().any(|(item, f)| *item < step.item && f == file);
            all.files.extend(needs.files.into_iter().filter(|file| !is_there(file)));
            all.folders.extend(needs.folders);
            all.writes.extend(needs.writes);
            all.obstacles.extend(needs.obstacles);
            if reading.reads_source() && all.obstacles.is_empty() {
                whole = Some((all.clone(), step.id));
            }
        }
        let is_alone = all.obstacles.len() == 1;
        let reason = |first: &Obstacle| first.reason.clone();
        match (whole, all.obstacles.first()) {
            (Some(whole), _) => Ok(whole),
            (None, Some(first)) => {
                Err(Obstacle { reason: reason(first), is_small: first.is_small && is_alone })
            }
            (None, None) => Err("no install reads the source".into()),
        }
    }
}

/// Reads a RUN that the COPY would pass.
fn install(step: &Step, run: &Instruction, target: &str) -> Result<Reading> {
    let reading = install::of_run(run)?;
    install::shell_is_usual(step)?;
    reading.is_apart_from(target, run)?;
    if run.trails_anything() {
        return Err("comments follow it, in a continuation that the end of the file leaves open".into());
    }
    Ok(reading)
}
