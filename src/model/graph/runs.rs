//! RUNs among the other instructions of a stage: who of them needs its place, by what the commands do.
//!
//! A RUN with flags, under a shell that is not a usual one, or with a command that is a barrier depends on all.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::super::command::effect::{Effect, Place};
use super::super::place;
use super::super::reach;
use super::super::scenes::Scenes;
use super::super::stage::{self, Copy, Stage, Step};
use super::super::variables;
use crate::syntax::exec;
use crate::syntax::node::Kind;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

/// What the RUNs of a file do.
pub struct Runs<'f> {
    file: &'f Dockerfile<'f>,
    stages: &'f [Stage],
    /// The effect of each RUN that is known, and where its tools are.
    effects: OnceCell<HashMap<Id, (Effect, Vec<Place>)>>,
}

impl<'f> Runs<'f> {
    /// Those of a file; what they do is read when it is first asked for.
    pub fn of(file: &'f Dockerfile<'f>, stages: &'f [Stage]) -> Self {
        Self { file, stages, effects: OnceCell::new() }
    }

    fn read(&self) -> HashMap<Id, (Effect, Vec<Place>)> {
        let scenes = Scenes::of(self.file, self.stages);
        let mut effects = HashMap::new();
        for step in self.stages.iter().flat_map(|s| &s.steps) {
            let has_flags = self.file.instruction_at(step.item).is_none_or(|i| i.flags().next().is_some());
            let known = if has_flags || step.has_unusual_shell { None } else { scenes.effect(step) };
            if let Some(effect) = known.and_then(|e| e.whole.ok()) {
                effects.insert(step.id, (effect, scenes.at(step).tools));
            }
        }
        effects
    }

    /// Whether a RUN and another instruction of its stage, which is none, may not change places.
    pub fn depends(&self, run: &Step, other: &Step) -> bool {
        let Some((effect, tools)) = self.effects.get_or_init(|| self.read()).get(&run.id) else {
            return true;
        };
        let (Some(text), Some(i)) =
            (self.file.instruction_at(run.item), self.file.instruction_at(other.item))
        else {
            return true;
        };
        let touches = |path: &str| touches(effect, tools, path);
        match i.keyword {
            Keyword::Env | Keyword::Arg => variables::names(i).iter().any(|name| heeds(effect, text, name)),
            Keyword::Copy | Keyword::Add => {
                let target = Copy::of(i, self.file.escape).and_then(|c| c.target(other.cwd.as_deref()));
                let Some(target) = target else { return true };
                let last = if run.item > other.item { run } else { other };
                touches(&target)
                    || gives_away(i)
                        && effect.writes.iter().any(|w| w.meets(&Place::Below("/etc/passwd".to_string())))
                    || reach::leads_to(self.file, self.stages, last, &target).is_some()
            }
            Keyword::Workdir => {
                let raw = i.find(Kind::Raw).map(|(_, n)| i.node_text(n)).unwrap_or_default();
                let path = stage::literal(raw, self.file.escape);
                let path = path.and_then(|p| stage::resolve(other.cwd.as_deref(), &p));
                effect.uses_folder || path.is_none_or(|p| touches(&p))
            }
            Keyword::Volume => {
                let words = i.nodes.iter().filter(|n| matches!(n.kind, Kind::Word | Kind::JsonString));
                let mut paths = words.map(|n| match n.kind {
                    Kind::JsonString => {
                        stage::literal(exec::value(i.node_text(*n)).as_bytes(), self.file.escape)
                    }
                    _ => stage::literal(i.node_text(*n), self.file.escape),
                });
                let path = |p: String| stage::resolve(other.cwd.as_deref(), &p);
                paths.any(|p| p.and_then(path).is_none_or(|p| touches(&p)))
            }
            _ => true,
        }
    }
}

/// Whether a variable matters to the commands, or stands in their text.
fn heeds(effect: &Effect, run: &Instruction, name: &[u8]) -> bool {
    let named = variables::is_named(name, run.logical_text());
    named || std::str::from_utf8(name).map_or(true, |name| effect.heeds(name))
}

/// Whether COPY or ADD gives the files to a user, whom a RUN may have made.
fn gives_away(i: &Instruction) -> bool {
    i.flags().any(|f| f.starts_with(b"--chown"))
}

/// Whether commands read or write at a path, or find their programs there, or may have to make a folder above it.
fn touches(effect: &Effect, tools: &[Place], path: &str) -> bool {
    let here = Place::Below(path.to_string());
    let all = || effect.reads.iter().chain(&effect.writes);
    place::is_system(path)
        || all().chain(tools).any(|p| p.meets(&here))
        || all().any(|p| matches!(p, Place::Below(other) if place::share_new_folder(path, other)))
}
