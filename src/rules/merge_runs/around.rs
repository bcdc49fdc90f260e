//! What surrounds two RUNs: the shell that reads them, the variables of the file, the comments and flags that a merge
//! would tear away.

use crate::model::command::together::{Hazard, Place};
use crate::model::stage::{self, Stage, Step};
use crate::model::{pragma, variables};
use crate::syntax::shells;
use crate::syntax::tree::{Dockerfile, Instruction, Item, Keyword};

/// The file, as far as both RUNs see it.
pub(super) struct Around<'a> {
    file: &'a Dockerfile<'a>,
    stages: &'a [Stage],
    /// The names that an ENV or ARG of the file sets.
    pub names: Vec<&'a [u8]>,
}

fn sets_variables(i: &Instruction) -> bool {
    matches!(i.keyword, Keyword::Env | Keyword::Arg)
}

impl<'a> Around<'a> {
    pub fn of(file: &'a Dockerfile<'a>, stages: &'a [Stage]) -> Self {
        let names = file.instructions().filter(|i| sets_variables(i)).flat_map(variables::names).collect();
        Self { file, stages, names }
    }

    /// The RUNs of its stage that stand below a step.
    pub fn runs_below(&self, step: &Step) -> impl Iterator<Item = &'a Instruction<'a>> {
        let own = self.stages.iter().find(|s| s.steps.iter().any(|x| x.item == step.item));
        let item = step.item;
        let below = own.into_iter().flat_map(|s| &s.steps).filter(move |s| s.item > item);
        below.filter(|s| s.keyword == Keyword::Run).filter_map(|s| self.file.instruction_at(s.item))
    }

    /// Where a step runs.
    pub fn place<'s>(&self, step: &'s Step) -> Place<'s> {
        let lineage = stage::lineage(self.file, self.stages, step.item);
        let is_named = lineage.iter().any(|s| s.keyword == Keyword::Workdir);
        Place { cwd: step.cwd.as_deref(), is_named }
    }

    /// Whether the SHELL in force sets errexit.
    pub fn has_errexit(&self, step: &Step) -> bool {
        let lineage = stage::lineage(self.file, self.stages, step.item);
        let shell = lineage.iter().find(|s| s.keyword == Keyword::Shell);
        let options =
            shell.and_then(|s| self.file.instruction(s.id)).map(shells::arguments).unwrap_or_default();
        let short = |o: &String| o.starts_with('-') && !o.starts_with("--") && o.contains('e');
        options.iter().skip(1).any(|o| short(o) || o == "errexit")
    }

    /// What stands between two RUNs, or around them, and would be torn away.
    pub fn hazard(&self, first: &Step, last: &Step, next: &Step) -> Option<Hazard> {
        let run = |step: &Step| self.file.instruction(step.id);
        let (one, two) = (run(first)?, run(next)?);
        if first.has_unusual_shell || next.has_unusual_shell {
            return Some(hazard(
                "the shell that reads them is not one of the usual",
                "SHELL names it",
                "keep them apart, or use sh or bash",
            ));
        }
        flags(one, two).or_else(|| self.comments(last, next)).or_else(|| self.above(first))
    }

    fn above(&self, step: &Step) -> Option<Hazard> {
        stage::comments_above(self.file, step.item).any(pragma::speaks).then(speaks)
    }

    fn comments(&self, last: &Step, next: &Step) -> Option<Hazard> {
        let apart = "move the comment, and they can be one";
        let items = &self.file.items[last.item + 1..next.item];
        let heading = items.windows(2).any(|w| matches!(w, [Item::Comment(_), Item::Blank(_)]));
        let heading = heading.then(|| hazard(LOSES, "a heading stands between them", apart));
        heading.or_else(|| self.above(next))
    }
}

const LOSES: &str = "a comment would lose its place";

fn speaks() -> Hazard {
    hazard(LOSES, "a comment speaks to a tool about one of them", "move the comment, and they can be one")
}

pub(super) fn hazard(predicate: &'static str, what: &str, advice: &'static str) -> Hazard {
    Hazard { predicate, what: what.to_string(), advice }
}

fn flags(one: &Instruction, two: &Instruction) -> Option<Hazard> {
    if !one.flags().eq(two.flags()) {
        return Some(hazard(
            "their flags differ",
            "what one may do the other may not",
            "give both the same flags",
        ));
    }
    let flag = one.flags().find(|f| !is_the_same_for_one(f))?;
    let what = format!("what it writes to {} is gone in the next RUN", String::from_utf8_lossy(flag));
    Some(hazard("each RUN gets a place anew", &what, "keep them apart"))
}

/// Whether a flag gives two RUNs what it gives one: not a mount that each RUN gets anew and may write to.
fn is_the_same_for_one(flag: &[u8]) -> bool {
    let Some(mount) = flag.strip_prefix(b"--mount=") else { return true };
    let mut fields = mount.split(|b| *b == b',');
    fields.any(|f| matches!(f, b"type=cache" | b"type=secret" | b"type=ssh"))
}
