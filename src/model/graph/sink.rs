//! Which instructions a variable may pass on its way down.

use super::super::stage::Step;
use super::super::{variables, volatile};
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// Whether `variable`, an ENV or ARG, gives the same below `later` as above it, and `later` the same without it.
///
/// ENVs keep their order, for it is part of the configuration. A variable that is set later has another value, or none,
/// to whatever names it in between.
///
/// # Errors
/// What stands in the way.
pub fn may_sink(file: &Dockerfile, variable: &Step, later: &Step) -> Result<(), String> {
    let (Some(sets), Some(below)) = (file.instruction_at(variable.item), file.instruction_at(later.item))
    else {
        return Err("an instruction is not there".to_string());
    };
    let names = variables::names(sets);
    if !matches!(sets.keyword, Keyword::Env | Keyword::Arg) || !names.iter().all(|n| is_plain(n)) {
        return Err("only a variable of a plain name sinks".to_string());
    }
    // as a part of another name, too: that one may hold it
    let uses = || names.iter().any(|n| memchr::memmem::find(below.logical_text(), n).is_some());
    match below.keyword {
        Keyword::Run if volatile::run_ignores(file, later, below, &names) => Ok(()),
        Keyword::Run => Err("a command may ask for it".to_string()),
        Keyword::Env | Keyword::Arg => passes_other(sets, below, &names),
        // neither is expanded in a build
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck | Keyword::Shell | Keyword::Maintainer => {
            Ok(())
        }
        Keyword::From | Keyword::Unknown => Err("a stage ends".to_string()),
        _ if uses() => Err(format!("{} uses it", below.keyword.upper())),
        _ => Ok(()),
    }
}

fn is_plain(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
}

/// Two variables: neither takes part in the other, and no two ENVs change places.
fn passes_other(sets: &Instruction, below: &Instruction, names: &[&[u8]]) -> Result<(), String> {
    let others = variables::names(below);
    let both_env = sets.keyword == Keyword::Env && below.keyword == Keyword::Env;
    let is_used = names.iter().any(|n| variables::is_named(n, below.line()));
    let uses = others.iter().any(|n| !is_plain(n) || variables::is_named(n, sets.line()));
    if both_env || is_used || uses {
        return Err(format!("{} has to stay below it", below.keyword.upper()));
    }
    Ok(())
}
