//! Which stages a stage takes files from, and so which ones a build needs (`convert.go`, `toCommand`;
//! `convert_runmount.go`).
//!
//! Names are looked up over the whole file, in lower case; of several stages of one name the last counts. A stage
//! must stand above what takes from it.

use super::NotBuilt;
use crate::model::arguments::Arguments;
use crate::model::build::{Base, Build, Held, Step};
use crate::syntax::tree::Keyword;

/// Looks stages up.
#[derive(Debug)]
pub(super) struct Sources<'b> {
    build: &'b Build<'b>,
    /// How many images the file takes from; BuildKit numbers them behind the stages, by accident.
    images: usize,
}

impl<'b> Sources<'b> {
    pub(super) fn of(build: &'b Build<'b>) -> Self {
        let mut images = 0;
        for step in build.stages.iter().flat_map(|stage| &stage.steps) {
            images += match step.instruction.keyword {
                Keyword::Copy => usize::from(step.arguments.flag("from").is_some_and(|f| is_image(build, f))),
                Keyword::Run => mounts(&step.arguments).filter(|m| is_image(build, mount_name(m))).count(),
                _ => 0,
            };
        }
        Self { build, images }
    }

    /// The stages that `target` needs, itself included, in the order of the file.
    ///
    /// # Errors
    /// A stage that takes from itself or from a later one.
    pub(super) fn needed_by(&self, target: usize) -> Result<Vec<usize>, NotBuilt> {
        let mut needed = vec![false; self.build.stages.len()];
        let mut open = vec![target];
        while let Some(index) = open.pop() {
            if std::mem::replace(&mut needed[index], true) {
                continue;
            }
            let stage = &self.build.stages[index];
            open.extend(if let Base::Stage(base) = stage.base { Some(base) } else { None });
            for step in &stage.steps {
                open.extend(self.of_step(index, step)?);
            }
        }
        Ok((0..needed.len()).filter(|stage| needed[*stage]).collect())
    }

    fn of_step(&self, index: usize, step: &Step) -> Result<Vec<usize>, NotBuilt> {
        match step.instruction.keyword {
            Keyword::Copy => Ok(self.copied(index, step)?.into_iter().collect()),
            Keyword::Run => {
                mounts(&step.arguments).filter_map(|m| self.mounted(index, step, m).transpose()).collect()
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The stage that a COPY in stage `index` takes from, by number or by name; `None` for the build context or an
    /// image.
    ///
    /// # Errors
    /// A number that is none, or a stage that does not stand above.
    pub(super) fn copied(&self, index: usize, step: &Step) -> Result<Option<usize>, NotBuilt> {
        let from = step.arguments.flag("from").unwrap_or_default();
        let stages = self.build.stages.len();
        let found = match from.parse::<i64>() {
            Ok(number) => usize::try_from(number).ok(),
            Err(_) => match self.build.names.get(&from.to_lowercase()) {
                Some(stage) => Some(*stage),
                None => return Ok(None),
            },
        };
        if found.is_some_and(|stage| (stages..stages + self.images).contains(&stage)) {
            return Ok(None);
        }
        let above = found.filter(|stage| is_above(*stage, index, step));
        above
            .map(Some)
            .ok_or_else(|| NotBuilt(format!("no stage `{from}` stands above the COPY that names it")))
    }

    /// The stage that a mount of a RUN in stage `index` names.
    ///
    /// # Errors
    /// A stage that does not stand above.
    pub(super) fn mounted(&self, index: usize, step: &Step, mount: &str) -> Result<Option<usize>, NotBuilt> {
        let name = mount_name(mount);
        match self.build.names.get(&name.to_lowercase()) {
            Some(stage) if !is_above(*stage, index, step) => {
                Err(NotBuilt(format!("no stage `{name}` stands above the RUN that mounts it")))
            }
            found => Ok(found.copied()),
        }
    }
}

/// Whether a step of stage `index` may take from a stage. BuildKit looks for circles before it reads triggers, so one
/// can name the stage that runs it.
fn is_above(stage: usize, index: usize, step: &Step) -> bool {
    stage < index || stage == index && matches!(step.instruction, Held::Trigger(_))
}

/// Whether `--from` names an image: neither the build context, nor a number, nor a stage.
fn is_image(build: &Build, from: &str) -> bool {
    !from.is_empty() && from.parse::<i64>().is_err() && !build.names.contains_key(&from.to_lowercase())
}

/// The `--mount`s of a RUN.
pub(super) fn mounts(arguments: &Arguments) -> impl Iterator<Item = &str> {
    arguments.flags.iter().filter(|(name, _)| name == "mount").map(|(_, value)| value.as_str())
}

/// The fields of a mount, their names in lower case. Quotes, which CSV would allow, are not read.
pub(super) fn fields(mount: &str) -> impl Iterator<Item = (String, &str)> {
    mount.split(',').filter_map(|f| f.split_once('=')).map(|(name, value)| (name.to_lowercase(), value))
}

/// What a mount is taken from. One that does not say is taken from `scratch`, and so from a stage of that name.
fn mount_name(mount: &str) -> &str {
    let from = fields(mount).filter(|(name, _)| name == "from").last();
    from.map(|(_, value)| value).filter(|from| !from.is_empty()).unwrap_or("scratch")
}
