//! Other COPYs and ADDs between the COPY of the source and an install: which of them the source may come below.
//!
//! One goes elsewhere, or it brings files of the source once more, to the same places with the same flags. As far as
//! its words tell, [`reach`] says; [`Between`] looks into the build context.

use crate::model::context::{Context, Kind, Patterns, Presence, path};
use crate::model::stage::{Copy, Step};
use crate::model::{archive, place};
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// The source passes no more of them: so each step is looked at for few COPYs.
const MAX_COPIES: usize = 8;

/// Nor does it pass any where more steps than this follow.
const MAX_STEPS: usize = 200;

/// Whether a step brings files of the context, of the network or of another stage.
pub fn is_copy(step: &Step) -> bool {
    matches!(step.keyword, Keyword::Copy | Keyword::Add)
}

/// How many of the steps below a COPY are looked at: up to the next COPY, and past those that one of a folder may pass.
pub fn reach(file: &Dockerfile, (source, copy): (&Step, &Copy), below: &[Step]) -> usize {
    let up_to = |ends: &dyn Fn(&Step) -> bool| below.iter().position(ends).unwrap_or(below.len());
    let next = up_to(&is_copy);
    let target = copy.target(source.cwd.as_deref()).filter(|_| names_a_folder(&copy.sources[0]));
    let Some(target) = target.filter(|_| below.len() <= MAX_STEPS) else { return next };
    let many = below.iter().filter(|s| is_copy(s)).nth(MAX_COPIES).map_or(usize::MAX, |s| s.item);
    let end = up_to(&|step| is_copy(step) && (step.item >= many || !may_pass(file, &target, step)));
    // where a folder comes over it later, it is that one that belongs below the install
    if below[end..].iter().any(|step| is_copy(step) && lies_over(file, &target, step)) { next } else { end }
}

/// Whether a word is a folder by its form: whoever copies single files first has done already what this rule does.
fn names_a_folder(word: &str) -> bool {
    word == "." || word.ends_with('/')
}

fn may_pass(file: &Dockerfile, target: &str, step: &Step) -> bool {
    let Some(i) = file.instruction_at(step.item) else { return false };
    let Some(copy) = Copy::of(i, file.escape) else { return false };
    let Some(at) = copy.target(step.cwd.as_deref()) else { return false };
    let brings_files = || !copy.sources.iter().any(|word| names_a_folder(word));
    place::are_apart(target, &at) || place::below(&at, target).is_some() && brings_files()
}

/// Whether a step may bring a folder to the same place.
fn lies_over(file: &Dockerfile, target: &str, step: &Step) -> bool {
    let copy = file.instruction_at(step.item).and_then(|i| Copy::of(i, file.escape));
    copy.is_none_or(|copy| {
        let at = copy.target(step.cwd.as_deref());
        let is_apart = at.is_some_and(|at| place::are_apart(target, &at));
        !is_apart && copy.sources.iter().any(|word| names_a_folder(word))
    })
}

/// The COPY of the source, and the build context.
pub struct Between<'a> {
    pub file: &'a Dockerfile<'a>,
    pub whole: &'a Instruction<'a>,
    pub context: &'a Context,
    /// The folder of the context that it copies, and where to.
    pub top: &'a str,
    pub target: &'a str,
}

impl Between<'_> {
    /// The files of the source that a COPY or ADD brings once more, none where it goes elsewhere; `None` where the
    /// source may not come below it.
    pub fn passed(&self, step: &Step) -> Option<Vec<String>> {
        let i = self.file.instruction_at(step.item)?;
        let copy = Copy::of(i, self.file.escape)?;
        let at = copy.target(step.cwd.as_deref())?;
        if place::are_apart(self.target, &at) {
            return Some(Vec::new());
        }
        let is_remote = |w: &String| w.contains([':', '@']) || w.starts_with("github.com/");
        if !i.flags().eq(self.whole.flags()) || copy.sources.iter().any(is_remote) {
            return None;
        }
        // without a slash it is a file, or a folder where the source has made one
        let is_folder = copy.destination.ends_with('/') || copy.destination == ".";
        let comes_to = |name: &str| if is_folder { path::join(&at, name) } else { at.clone() };
        let mut found = Vec::new();
        for word in &copy.sources {
            let files = self.files(i, word)?;
            let is_same = |file: &String| self.place_of(file) == Some(comes_to(path::name(file)));
            if files.is_empty() || !files.iter().all(is_same) {
                return None;
            }
            found.extend(files);
        }
        Some(found)
    }

    /// The files that a word names, if it names nothing else on any machine, and ADD unpacks none.
    fn files(&self, i: &Instruction, word: &str) -> Option<Vec<String>> {
        if self.context.is_pattern(word) && !self.context.matches_the_same_everywhere(word) {
            return None;
        }
        let sources = self.context.sources(word, &Patterns::default()).ok()?;
        let unpacks = |at: &str| self.context.read(at).is_none_or(|content| archive::may_be(&content));
        let is_plain = |at: &str| i.keyword == Keyword::Copy || !unpacks(at);
        let mut files = Vec::new();
        for source in sources {
            let is_file = source.entry.kind() == Kind::File && source.presence == Presence::Yes;
            (is_file && is_plain(&source.path)).then_some(())?;
            files.push(source.path);
        }
        Some(files)
    }

    /// Where the source brings a file of the context.
    fn place_of(&self, file: &str) -> Option<String> {
        let inside = match self.top {
            "" => file,
            top => file.strip_prefix(top)?.strip_prefix('/')?,
        };
        Some(format!("{}/{inside}", self.target.trim_end_matches('/')))
    }
}
