//! Builds stages: the configuration that each ends with, and the operations that make its files.

use std::collections::{BTreeSet, HashMap};

use super::config::Config;
use super::configure::configure;
use super::needs::{self, Sources};
use super::operations::{Operations, State, hash};
use super::run_args;
use super::words::{Words, afford};
use super::{Built, Given, NotBuilt, Result};
use crate::model::build::{Base, Build, PATH, Step};
use crate::model::scope::layer::END;
use crate::model::scope::{Budget, Environment};
use crate::syntax::tree::{Instruction, Keyword};

/// What a stage ends with.
#[derive(Clone, Debug, Default)]
struct End {
    config: Config,
    state: State,
    /// Stands for the values of all variables, whatever their order.
    variables: u64,
}

/// The stage that is built.
struct Here {
    stage: usize,
    end: End,
    has_cmd: bool,
}

pub(super) struct Builder<'b> {
    build: &'b Build<'b>,
    sources: Sources<'b>,
    given: &'b Given,
    budget: &'b Budget,
    operations: Operations,
    done: HashMap<usize, End>,
}

impl<'b> Builder<'b> {
    /// `budget` is how many bytes stages may inherit and words may take in.
    pub(super) fn new(build: &'b Build<'b>, given: &'b Given, budget: &'b Budget) -> Self {
        let operations = Operations::default();
        Self { build, sources: Sources::of(build), given, budget, operations, done: HashMap::new() }
    }

    /// Builds a stage and all that it needs.
    pub(super) fn target(mut self, target: usize) -> Result<Built> {
        if self.build.stages.iter().any(|s| matches!(&s.base, Base::Image(name) if name.is_empty())) {
            return Err(NotBuilt("an image has no name".to_string()));
        }
        for stage in self.sources.needed_by(target)? {
            self.stage(stage)?;
        }
        let End { config, state, .. } = self.done.remove(&target).unwrap_or_default();
        Ok(Built { config, runs: self.operations.up_to(state) })
    }

    fn stage(&mut self, stage: usize) -> Result<()> {
        let build = self.build;
        if let Some(message) = &build.stages[stage].broken {
            return Err(NotBuilt(message.clone()));
        }
        let mut here = Here { stage, end: self.start(stage)?, has_cmd: false };
        for step in &build.stages[stage].steps {
            self.step(&mut here, step)?;
        }
        self.done.insert(stage, here.end);
        Ok(())
    }

    /// What a stage begins with. Triggers are not inherited.
    fn start(&mut self, stage: usize) -> Result<End> {
        let base = &self.build.stages[stage].base;
        let (mut end, before) = match base {
            Base::Stage(parent) => (self.inherited(*parent)?, Some(self.environment(*parent, END))),
            Base::Scratch => {
                let config = Config { working_dir: "/".to_string(), ..Config::default() };
                (End { config, ..End::default() }, None)
            }
            Base::Image(_) => (End { config: self.given.image.clone(), ..End::default() }, None),
        };
        if !matches!(base, Base::Stage(_)) {
            end.state = self.operations.add(base, Vec::new(), None);
        }
        end.config.on_build.clear();
        if !end.config.env.has("PATH") {
            end.config.env.set("PATH", PATH);
        }
        let names = end.config.env.entries().iter().filter_map(|e| e.split_once('=')).map(|(name, _)| name);
        let change = change(names, before, self.environment(stage, 0));
        end.variables = end.variables.wrapping_add(change);
        Ok(end)
    }

    fn inherited(&self, parent: usize) -> Result<End> {
        let Some(end) = self.done.get(&parent) else {
            return Err(NotBuilt("a stage is not built".to_string()));
        };
        afford(self.budget, end.config.size())?;
        Ok(end.clone())
    }

    fn environment(&self, stage: usize, at: u32) -> Environment<'b> {
        self.build.scopes.at(Build::layer(stage), at)
    }

    fn step(&mut self, here: &mut Here, step: &Step) -> Result<()> {
        let environment = self.environment(here.stage, step.at);
        let words = Words { environment, step, budget: self.budget };
        match step.instruction.keyword {
            Keyword::Run => self.run(&mut here.end, here.stage, &words),
            Keyword::Copy | Keyword::Add => self.copy(&mut here.end, here.stage, &words),
            keyword => {
                configure(&mut here.end.config, &mut here.has_cmd, &words)?;
                match keyword {
                    Keyword::Workdir => self.make_dir(&mut here.end),
                    Keyword::Env | Keyword::Arg => self.variables(here, &words)?,
                    _ => {}
                }
                Ok(())
            }
        }
    }

    fn run(&mut self, end: &mut End, stage: usize, words: &Words) -> Result<()> {
        let Step { instruction, arguments, .. } = words.step;
        if arguments.exec && arguments.list.is_empty() {
            return Err(NotBuilt("RUN needs arguments".to_string()));
        }
        let argv = run_args::argv(instruction, arguments, &end.config);
        afford(self.budget, argv.iter().map(String::len).sum())?;
        let mut mounts = Vec::new();
        for mount in needs::mounts(arguments) {
            let Some(target) = run_args::mount_target(mount, &end.config, words)? else { continue };
            let source = self.sources.mounted(stage, words.step, mount)?.and_then(|s| self.state(s));
            mounts.extend(source.map(|source| (target, source)));
        }
        // BuildKit sorts mounts by where they lie (`client/llb/exec.go`)
        mounts.sort();
        let inputs = std::iter::once(end.state).chain(mounts.into_iter().map(|(_, source)| source)).collect();
        let place = (&end.config.working_dir, &end.config.user, end.variables);
        let what = (Keyword::Run, place, &arguments.flags, bodies(instruction));
        end.state = self.operations.add(what, inputs, Some(argv));
        Ok(())
    }

    fn copy(&mut self, end: &mut End, stage: usize, words: &Words) -> Result<()> {
        let Step { instruction, arguments, .. } = words.step;
        let paths = words.copied()?;
        let source = self.sources.copied(stage, words.step)?.and_then(|s| self.state(s));
        // a stage is what it holds, not how it is named
        let flags: Vec<_> = arguments.flags.iter().filter(|(n, _)| n != "from" || source.is_none()).collect();
        let absolute = paths.last().is_some_and(|path| path.starts_with('/'));
        let variable = !instruction.heredocs.is_empty() || flags.iter().any(|(_, value)| value.contains('$'));
        let place =
            (Some(&end.config.working_dir).filter(|_| !absolute), Some(end.variables).filter(|_| variable));
        let what = (instruction.keyword, place, flags, paths, bodies(instruction));
        let inputs = std::iter::once(end.state).chain(source).collect();
        end.state = self.operations.add(what, inputs, None);
        Ok(())
    }

    /// WORKDIR makes the folder, each time.
    fn make_dir(&mut self, end: &mut End) {
        let Config { working_dir, user, .. } = &end.config;
        if working_dir != "/" {
            end.state = self.operations.add((Keyword::Workdir, working_dir, user), vec![end.state], None);
        }
    }

    /// Takes note of what ENV or ARG has set.
    fn variables(&self, here: &mut Here, words: &Words) -> Result<()> {
        let arguments = &words.step.arguments;
        let names: Vec<String> = if words.step.instruction.keyword == Keyword::Env {
            words.pairs()?.into_iter().map(|(name, _)| name).collect()
        } else {
            let name = |word: String| word.split('=').next().unwrap_or_default().to_string();
            arguments.texts().into_iter().map(name).collect()
        };
        let after = self.environment(here.stage, words.step.after);
        let change = change(names.iter().map(String::as_str), Some(words.environment), after);
        here.end.variables = here.end.variables.wrapping_add(change);
        Ok(())
    }

    fn state(&self, stage: usize) -> Option<State> {
        self.done.get(&stage).map(|end| end.state)
    }
}

/// The bodies of heredocs, delimiters not: those are not part of what is done.
fn bodies<'i>(instruction: &'i Instruction) -> Vec<&'i [u8]> {
    let text = instruction.logical_text();
    instruction.heredocs.iter().map(|doc| &text[doc.body.range()]).collect()
}

/// By how much the sum that stands for all variables changes where these are set.
fn change<'n>(names: impl Iterator<Item = &'n str>, before: Option<Environment>, after: Environment) -> u64 {
    let part = |name: &str, environment: Environment| {
        let value = environment.get(name).value;
        value.by_default().map_or(0, |text| hash(&(name, text)))
    };
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().fold(0, |sum, name| {
        let old = before.map_or(0, |before| part(name, before));
        sum.wrapping_add(part(name, after)).wrapping_sub(old)
    })
}
