//! Joins adjacent RUNs that belong together into one.
//!
//! # What it does
//!
//! RUNs of one concern that follow each other become one chain of `&&`: system packages with their lists and clean-up,
//! packages of Python, small steps in the file system (mkdir, chmod, chown, ln -s). Comments between them become lines
//! inside the chain.
//!
//! # Why
//!
//! `apt-get update` in a layer of its own is kept by the cache and grows stale, so that a later install asks for
//! packages that are gone; and what one layer adds and the next removes still weighs in the image.
//!
//! # When it refuses
//!
//! - A RUN that is more than simple commands joined by `&&`: behind `||` or `;` a failure would be hidden or passed over.
//! - A command that dfmt does not know, or of another concern.
//! - Other flags, or something between the two.
//! - Comments that follow the second in a continuation which the end of the file leaves open.
//! - A heading (a comment with a blank line below it) between them, or a comment that speaks to a tool.
//! - An install of pip that may bring another `pip`, before one that calls it: the shell remembers where the first was.
//! - A shell that is not one of the usual, or `BASH_ENV`: what it does, it does once for every RUN.
//! - A hard link: an overlay file system breaks it when a later layer changes one of its names.
//! - A link or a mode that decides which `sh`, or which of the commands that both call, is found from then on.
//! - A link that may take the place of the working folder, before a relative path.
//! - A place that each RUN gets anew: /dev, /proc, /sys, a mount that is neither a cache nor a secret.
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

use super::{Plan, Proof, Rule, Site};
use crate::config::{Kind, MergePolicy};
use crate::model::command::table::{self, Concern};
use crate::model::command::{Command, Run, together};
use crate::model::stage::{self, Step};
use crate::model::{pragma, variables};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Instruction, Item, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "merge-runs",
    kind: Kind::Image,
    alone: false,
    proof: Proof::SameCommands,
    page: include_str!("merge_runs.rs"),
    plan,
};

/// A chain longer than this could be too long for one argument of the shell (128 KiB on Linux).
const MAX_TEXT: usize = 100_000;

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    if site.config.merge_runs == MergePolicy::Off || runs_something_for_each_shell(site.file) {
        return plan;
    }
    for stage in stage::stages(site.file) {
        let mut group: Option<Group> = None;
        for step in &stage.steps {
            let next = Group::of(site.file, step);
            group = match (group.take(), next) {
                (Some(mut first), Some(second)) => {
                    if first.takes(&second, site.file, &mut plan) {
                        first.join(second);
                        Some(first)
                    } else {
                        Some(second)
                    }
                }
                (_, next) => next,
            };
        }
    }
    plan
}

/// ENV and `BASH_ENV` name a script that every shell runs first: once for each RUN.
fn runs_something_for_each_shell(file: &Dockerfile) -> bool {
    let sets = |i: &Instruction| matches!(i.keyword, Keyword::Env | Keyword::Arg);
    let names = |i: &Instruction| variables::names(i).iter().any(|n| matches!(*n, b"ENV" | b"BASH_ENV"));
    file.instructions().any(|i| sets(i) && names(i))
}

/// RUNs that are, or will be, one.
struct Group<'a> {
    first: &'a Instruction<'a>,
    last: &'a Step,
    runs: Vec<Result<Run<'a>, &'static str>>,
    bytes: usize,
}

impl<'a> Group<'a> {
    fn of(file: &'a Dockerfile, step: &'a Step) -> Option<Self> {
        let first = file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Run)?;
        let run = Run::of(first).map_err(|why| why.0);
        Some(Self { first, last: step, runs: vec![run], bytes: first.text.len() })
    }

    fn join(&mut self, other: Self) {
        self.last = other.last;
        self.runs.extend(other.runs);
        self.bytes += other.bytes;
    }

    fn concern(&self) -> Result<Concern, String> {
        let run = self.runs.last().map_or(Err("there is no command"), |r| r.as_ref().map_err(|why| *why));
        run.map_err(ToString::to_string).and_then(table::concern_of_run)
    }

    /// Whether `next` goes into this group; plans it, or says why not.
    fn takes(&self, next: &Group<'a>, file: &Dockerfile, plan: &mut Plan) -> bool {
        let (Ok(a), Ok(b)) = (self.concern(), next.concern()) else {
            if let Some(why) = [self.concern(), next.concern()].into_iter().find_map(Result::err) {
                plan.refuse(next.first.id, format!("it stays apart from the RUN above it: {why}"));
            }
            return false;
        };
        if a != b {
            // no refusal: what is of two concerns is not meant to be one
            return false;
        }
        if let Some(why) = self.hazard(next, file) {
            plan.refuse(next.first.id, format!("it stays apart from the RUN above it: {why}"));
            false
        } else {
            plan.edits.push(Edit::Merge { first: self.first.id, second: next.first.id });
            true
        }
    }

    /// What one shell for both would change.
    fn hazard(&self, next: &Group<'a>, file: &Dockerfile) -> Option<String> {
        if self.bytes + next.bytes > MAX_TEXT {
            return Some("the chain would grow too long".to_string());
        }
        if !self.first.flags().eq(next.first.flags()) {
            return Some("their flags differ".to_string());
        }
        if let Some(flag) = self.first.flags().find(|f| !is_the_same_for_one(f)) {
            let flag = String::from_utf8_lossy(flag);
            return Some(format!("what it writes to {flag} is gone in the next RUN"));
        }
        if next.first.trails_comments() {
            return Some(
                "comments follow, in a continuation that the end of the file leaves open".to_string(),
            );
        }
        if self.last.has_unusual_shell || next.last.has_unusual_shell {
            return Some("a shell that is not one of the usual reads them".to_string());
        }
        between(file, self.last.item, next.last.item).or_else(|| self.shell_state(next))
    }

    fn shell_state(&self, next: &Group<'a>) -> Option<String> {
        let commands = |g: &Group<'a>| -> Vec<Command<'a>> {
            g.runs.iter().flatten().flat_map(|r| r.commands.clone()).collect()
        };
        let own = commands(self);
        if own.iter().any(|c| c.name() == Some("ln") && !is_symbolic(c)) {
            return Some("a hard link is made, which a later layer would break".to_string());
        }
        if let Some(why) = together::hazard(&own, &commands(next), next.last.cwd.as_deref()) {
            return Some(why);
        }
        let calls = |run: &Group, name: &str| {
            run.runs.iter().flatten().any(|r| r.commands.iter().any(|c| c.name() == Some(name)))
        };
        let pips = ["pip", "pip3"].iter().any(|name| calls(next, name));
        let brings = own.iter().filter(|c| matches!(c.name(), Some("pip" | "pip3"))).find_map(brings_pip);
        brings.filter(|_| pips)
    }
}

/// Whether a flag gives two RUNs what it gives one: not a mount that each RUN gets anew and may write to.
fn is_the_same_for_one(flag: &[u8]) -> bool {
    let Some(mount) = flag.strip_prefix(b"--mount=") else { return true };
    let mut fields = mount.split(|b| *b == b',');
    fields.any(|f| matches!(f, b"type=cache" | b"type=secret" | b"type=ssh"))
}

/// Whether `ln` makes a symbolic link. Behind `-S` and `-t` stands a value, behind `--` no option.
fn is_symbolic(command: &Command) -> bool {
    let options = command.args().iter().map(|w| w.text).take_while(|w| *w != b"--");
    options.filter(|w| w.starts_with(b"-")).any(|w| {
        let letters = w[1..].split(|b| matches!(b, b'S' | b't')).next().unwrap_or_default();
        w == b"--symbolic" || !w.starts_with(b"--") && letters.contains(&b's')
    })
}

/// Why an install may leave another pip than the one that the shell has found.
fn brings_pip(command: &Command) -> Option<String> {
    match table::pip_install(command) {
        Err(why) => Some(why),
        Ok(install) if !install.files.is_empty() => Some(format!(
            "{} may bring another pip, and the shell remembers the old one",
            install.files.join(", ")
        )),
        Ok(install) => {
            let name = install.names.iter().find(|n| table::brings_pip(n))?;
            Some(format!("`{name}` brings another pip, and the shell remembers the old one"))
        }
    }
}

/// What stands between two RUNs, or above them, that a merge would tear away.
fn between(file: &Dockerfile, first: usize, second: usize) -> Option<String> {
    let speaks = |item: usize| stage::comments_above(file, item).any(pragma::speaks);
    if speaks(first) || speaks(second) {
        return Some("a comment speaks to a tool about one of them".to_string());
    }
    let items = &file.items[first + 1..second];
    let heading = items.windows(2).any(|w| matches!(w, [Item::Comment(_), Item::Blank(_)]));
    heading.then(|| "a heading stands between them".to_string())
}
