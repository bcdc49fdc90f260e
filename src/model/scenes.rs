//! In which scene each RUN of a file runs: its folder, and the variables that ENV and ARG above it set.

use super::command::walk::RunEffect;
use super::command::words::Scene;
use super::scope::{Scopes, World};
use super::stage::{self, Stage, Step};
use super::variables;
use crate::syntax::tree::{Dockerfile, Keyword};

/// The scenes of a file.
pub struct Scenes<'f> {
    file: &'f Dockerfile<'f>,
    stages: &'f [Stage],
    scopes: Scopes,
}

impl<'f> Scenes<'f> {
    /// Of a file and its stages.
    pub fn of(file: &'f Dockerfile<'f>, stages: &'f [Stage]) -> Self {
        Self { file, stages, scopes: Scopes::of(file, &World::default()) }
    }

    /// The scene of a step. Values are those that no build can change.
    pub fn at(&self, step: &Step) -> Scene {
        let mut scene = Scene::at(step.cwd.as_deref());
        if let Some(above) = self.scopes.above(step.id) {
            let names = above.names().into_iter();
            scene.variables =
                names.map(|n| (n.to_string(), above.get(n).value.certain().map(str::to_string))).collect();
        }
        let lineage = stage::lineage(self.file, self.stages, step.item);
        let sets = lineage.iter().filter(|s| matches!(s.keyword, Keyword::Env | Keyword::Arg));
        for i in sets.filter_map(|s| self.file.instruction_at(s.item)) {
            if variables::names(i).contains(&&b"PATH"[..]) {
                scene.add_paths(&[variables::value(i, b"PATH")]);
            }
        }
        scene
    }

    /// What a RUN does; `None` for another instruction.
    pub fn effect(&self, step: &Step) -> Option<RunEffect> {
        let i = self.file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Run)?;
        Some(RunEffect::of(i, &self.at(step)))
    }
}
