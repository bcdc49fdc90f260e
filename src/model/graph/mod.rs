//! Which instructions of a stage depend on each other.
//!
//! [`may_pass`] answers for a RUN that moves up, [`may_sink`] for a variable that moves down, [`edges`] gives all pairs
//! of a file. What is not known to be independent depends: so a command that is not in the table orders everything
//! around it.

mod edges;
mod runs;
mod sink;

pub use edges::{depends, edges};
pub use runs::Runs;
pub use sink::may_sink;

use super::command::script::Script;
use super::command::{Run, table};
use super::context::Context;
use super::names_only::{self, ByName};
use super::place;
use super::reach;
use super::stage::{Copy, Stage, Step};
use super::variables;
use super::volatile;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Whether `later`, a RUN, gives the same above `earlier` as below it, and `earlier` the same below it. Both are of
/// `stages`, which are those of the file. The build context is asked for only where all else speaks for it.
///
/// # Errors
/// What stands in the way.
pub fn may_pass(
    file: &Dockerfile,
    stages: &[Stage],
    earlier: &Step,
    later: &Step,
    context: &dyn Fn() -> Result<Context, String>,
) -> Result<(), String> {
    let (Some(above), Some(run)) = (file.instruction_at(earlier.item), file.instruction_at(later.item))
    else {
        return Err("an instruction is not there".to_string());
    };
    if run.keyword != Keyword::Run || run.flags().next().is_some() {
        return Err("only a RUN without flags moves".to_string());
    }
    if later.has_unusual_shell {
        return Err("a shell that is not one of the usual reads it".to_string());
    }
    let commands = listed(run)?;
    let by_name = installs_by_name(&commands)?;
    match earlier.keyword {
        Keyword::Copy | Keyword::Add => {
            let target = passes_copy(above, earlier, file.escape)?;
            if place::is_shared_with_packages(&target, run.line()) {
                return Err(format!("a package may have files in {target}"));
            }
            reach::leads_to(file, stages, earlier, &target).map_or(Ok(()), Err)?;
            if by_name.is_empty() {
                return Ok(());
            }
            names_only::ignores_copy(file, stages, (earlier, &target), later, &by_name, context)
        }
        Keyword::Workdir if by_name.is_empty() => passes_workdir(above, earlier, run, file.escape),
        Keyword::Workdir => Err("it runs in the folder that WORKDIR sets".to_string()),
        Keyword::Env | Keyword::Arg => passes_variables(above, run, &commands),
        Keyword::Label
        | Keyword::Expose
        | Keyword::Cmd
        | Keyword::Entrypoint
        | Keyword::Healthcheck
        | Keyword::Stopsignal
        | Keyword::Maintainer => Ok(()),
        other => Err(format!("{} stands between", other.upper())),
    }
}

/// The commands of a RUN that is nothing but plain commands, one after the other: joined by `&&`, or by the `;` that
/// merge-runs would make an `&&` of.
///
/// # Errors
/// What it holds beside.
pub fn listed<'a>(run: &'a Instruction<'a>) -> Result<Run<'a>, String> {
    let refused = match Run::of(run) {
        Ok(run) => return Ok(run),
        Err(why) => why.0.to_string(),
    };
    let Ok(script) = Script::of(run) else { return Err(refused) };
    let joins = |n: &Node| match n.kind {
        Kind::AndOrOp => run.node_text(*n) == b"&&",
        Kind::Separator => run.node_text(*n) == b";",
        kind => !matches!(kind, Kind::Bang | Kind::Time | Kind::Subshell | Kind::Brace),
    };
    if script.opening().is_some() || !script.nodes().iter().all(joins) {
        return Err(refused);
    }
    script.commands().map_err(|_| refused)
}

/// The installs by name among commands that care for no file of the source.
fn installs_by_name(run: &Run) -> Result<Vec<ByName>, String> {
    let mut found = Vec::new();
    for command in run.commands.iter().filter(|c| !table::ignores_files(c)) {
        let name = || String::from_utf8_lossy(command.words.first().map_or(b"", |w| w.text)).into_owned();
        let install = names_only::of(command);
        found.push(
            install.ok_or_else(|| format!("`{}` may read or write files that stand above it", name()))?,
        );
    }
    Ok(found)
}

/// Packages care for nothing that is copied to a place which is not the system's; gives the place.
fn passes_copy(above: &Instruction, step: &Step, escape: u8) -> Result<String, String> {
    let name = above.keyword.upper();
    let copy = Copy::of(above, escape).ok_or(format!("{name} holds a variable or a heredoc"))?;
    let target = copy
        .target(step.cwd.as_deref())
        .ok_or(format!("it is not known where {name} writes: no WORKDIR stands above it"))?;
    if place::is_system(&target) {
        return Err(format!("{name} writes to {target}, where packages may look"));
    }
    Ok(target)
}

fn passes_workdir(above: &Instruction, step: &Step, run: &Instruction, escape: u8) -> Result<(), String> {
    let raw = above.find(crate::syntax::node::Kind::Raw).map(|(_, n)| above.node_text(n)).unwrap_or_default();
    let path =
        super::stage::literal(raw, escape).and_then(|p| super::stage::resolve(step.cwd.as_deref(), &p));
    match path {
        Some(path) if place::is_shared_with_packages(&path, run.line()) => {
            Err(format!("a package may have files in {path}, which WORKDIR makes"))
        }
        Some(path) if !place::is_system(&path) => Ok(()),
        Some(path) => Err(format!("WORKDIR makes {path}, where packages may look")),
        None => Err("it is not known which folder WORKDIR makes".to_string()),
    }
}

fn passes_variables(above: &Instruction, run: &Instruction, commands: &Run) -> Result<(), String> {
    for name in variables::names(above) {
        let is_ignored = commands.commands.iter().all(|c| volatile::ignores(c, name));
        if !is_ignored || variables::is_named(name, run.line()) {
            return Err(format!("it may read {}, which is set above it", String::from_utf8_lossy(name)));
        }
    }
    Ok(())
}
