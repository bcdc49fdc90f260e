//! Which instructions of a stage depend on each other.
//!
//! [`may_pass`] answers for one pair, [`edges`] gives all of a file. What is not known to be independent depends: so a command that is not in the
//! table orders everything around it.

mod edges;
mod runs;

pub use edges::edges;

use super::command::{Run, table};
use super::place;
use super::reach;
use super::stage::{Copy, Stage, Step};
use super::variables;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Whether `later`, a RUN, gives the same above `earlier` as below it, and `earlier` the same below it. Both are of
/// `stages`, which are those of the file.
///
/// # Errors
/// What stands in the way.
pub fn may_pass(file: &Dockerfile, stages: &[Stage], earlier: &Step, later: &Step) -> Result<(), String> {
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
    let commands = Run::of(run).map_err(|why| why.0.to_string())?;
    if let Some(command) = commands.commands.iter().find(|c| !table::ignores_files(c)) {
        let name = String::from_utf8_lossy(command.words.first().map_or(b"", |w| w.text)).into_owned();
        return Err(format!("`{name}` may read or write files that stand above it"));
    }
    match earlier.keyword {
        Keyword::Copy | Keyword::Add => {
            let target = passes_copy(above, earlier, file.escape)?;
            if place::is_shared_with_packages(&target, run.line()) {
                return Err(format!("a package may have files in {target}"));
            }
            reach::leads_to(file, stages, earlier, &target).map_or(Ok(()), Err)
        }
        Keyword::Workdir => passes_workdir(above, earlier, file.escape),
        Keyword::Env | Keyword::Arg => passes_variables(above, run),
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

fn passes_workdir(above: &Instruction, step: &Step, escape: u8) -> Result<(), String> {
    let raw = above.find(crate::syntax::node::Kind::Raw).map(|(_, n)| above.node_text(n)).unwrap_or_default();
    let path =
        super::stage::literal(raw, escape).and_then(|p| super::stage::resolve(step.cwd.as_deref(), &p));
    match path {
        Some(path) if !place::is_system(&path) => Ok(()),
        Some(path) => Err(format!("WORKDIR makes {path}, where packages may look")),
        None => Err("it is not known which folder WORKDIR makes".to_string()),
    }
}

/// The scripts of packages may ask for any variable, for a yes to a licence say: it has to be one that none asks for.
fn passes_variables(above: &Instruction, run: &Instruction) -> Result<(), String> {
    for name in variables::names(above) {
        if !variables::is_of_the_source(name) || variables::is_named(name, run.line()) {
            return Err(format!("it may read {}, which is set above it", String::from_utf8_lossy(name)));
        }
    }
    Ok(())
}
