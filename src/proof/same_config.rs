//! The relations of metadata: where the instructions of a stage stand that make no layer, and which of them count.
//!
//! Both hold that every stage of the file gives the same configuration and runs the same commands, as `model::image`
//! works it out: once upon an image that sets nothing, and once upon one that sets all that an instruction could leave
//! as it was, the variables of the file among it.

use std::collections::BTreeSet;

use crate::model::graph;
use crate::model::image::config::{Config, Env};
use crate::model::image::run_args::Argv;
use crate::model::image::{self, Built, Given, NotBuilt};
use crate::model::scope::Platform;
use crate::model::stage::{self, Stage, Step};
use crate::model::variables;
use crate::syntax::tree::{Dockerfile, Id, Keyword};

use super::same_graph::each_swap;

type Result = std::result::Result<(), &'static str>;

/// Whether `after` is `before` with EXPOSE, HEALTHCHECK, ENTRYPOINT and CMD at other places of their stages, none of
/// which has passed what it depends on.
///
/// # Errors
/// What differs.
pub fn moved(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result {
    let stages = stage::stages(before);
    let runs = graph::Runs::of(before, &stages);
    each_swap(before, after, origins, |_, earlier, later| {
        if !is_metadata(earlier) && !is_metadata(later) {
            Err("an instruction moved that makes a layer")
        } else if graph::depends(before, &runs, earlier, later) {
            Err("an instruction passed one that it depends on")
        } else {
            Ok(())
        }
    })?;
    same_images(before, after)
}

fn is_metadata(step: &Step) -> bool {
    use Keyword::{Cmd, Entrypoint, Expose, Healthcheck};
    matches!(step.keyword, Expose | Healthcheck | Entrypoint | Cmd)
}

/// Whether `after` is `before` without instructions that a later one of their stage replaces.
///
/// # Errors
/// What differs.
pub fn replaced(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result {
    let kept: Vec<Id> = origins.iter().flatten().copied().collect();
    if kept.len() != origins.len() || kept.len() != after.instructions().count() {
        return Err("an instruction came from nowhere");
    }
    if !kept.is_sorted_by(|a, b| a < b) {
        return Err("an instruction moved");
    }
    let stages = stage::stages(before);
    let gone = |id: Id| kept.binary_search(&id).is_err();
    if stages.iter().filter_map(|s| s.from).any(gone) {
        return Err("a FROM is gone");
    }
    stages.iter().try_for_each(|stage| are_replaced(stage, &gone))?;
    same_images(before, after)
}

/// Each that is gone was the CMD, ENTRYPOINT or HEALTHCHECK of the stage only until one that is left.
fn are_replaced(stage: &Stage, gone: &impl Fn(Id) -> bool) -> Result {
    use Keyword::{Cmd, Entrypoint, Healthcheck};
    for (n, step) in stage.steps.iter().enumerate().filter(|(_, s)| gone(s.id)) {
        let mut below = stage.steps[n + 1..].iter().filter(|s| !gone(s.id));
        let one_counts = matches!(step.keyword, Cmd | Entrypoint | Healthcheck);
        if !one_counts || !below.any(|s| s.keyword == step.keyword) {
            return Err("an instruction is gone that nothing replaces");
        }
    }
    Ok(())
}

/// Whether all stages have the same configuration and run the same commands, in whatever order.
///
/// # Errors
/// In words, where not.
pub fn same_images(before: &Dockerfile, after: &Dockerfile) -> Result {
    let same = |given: &Given| of_each_stage(before, given) == of_each_stage(after, given);
    if images(before).iter().all(same) { Ok(()) } else { Err("the image would have another configuration") }
}

/// Configuration and commands of each stage. BuildKit does once what two stages have in common, so how often a command
/// is listed is no matter of the file alone.
fn of_each_stage(
    file: &Dockerfile,
    given: &Given,
) -> Vec<std::result::Result<(Config, BTreeSet<Argv>), NotBuilt>> {
    let built = image::of_each_stage(file, given).into_iter();
    built.map(|stage| stage.map(|Built { config, runs }| (config, runs.into_iter().collect()))).collect()
}

/// What the file may be built upon: an image that sets nothing, and one that sets everything.
fn images(file: &Dockerfile) -> [Given; 2] {
    let sets = file.instructions().filter(|i| matches!(i.keyword, Keyword::Env | Keyword::Arg));
    let names = sets.flat_map(variables::names).map(|n| String::from_utf8_lossy(n).into_owned());
    let image = Config {
        env: names.map(|name| (name, "8080".to_string())).collect::<Env>(),
        cmd: vec!["cmd".to_string()],
        entrypoint: vec!["entrypoint".to_string()],
        shell: vec!["/bin/base".to_string(), "-c".to_string()],
        ..Config::default()
    };
    let platform = Platform { os: "linux", arch: "amd64" };
    [Given { platform, image: Config::default() }, Given { platform, image }]
}
