//! What a RUN executes, and where it mounts other stages.

use super::config::{Config, clean};
use super::words::Words;
use super::{Result, needs};
use crate::model::arguments::Arguments;
use crate::syntax::heredoc;
use crate::syntax::lex;
use crate::syntax::tree::{Heredoc, Instruction};

/// What a RUN executes: a program and its arguments.
pub type Argv = Vec<String>;

/// The command line of a RUN (`convert.go`, `dispatchRun`).
///
/// One heredoc alone is the script itself, or a file where its first line names an interpreter; any other heredoc
/// stays with the text, for the shell to read.
pub fn argv(instruction: &Instruction, arguments: &Arguments, config: &Config) -> Argv {
    if instruction.heredocs.is_empty() {
        return config.command(arguments.texts(), arguments.exec);
    }
    let body = |doc: &Heredoc| lex::lossy(&instruction.logical_text()[doc.body.range()]);
    let line = arguments.text(0).unwrap_or_default();
    let only = arguments.list.first().is_some_and(|text| matches!(heredoc::of_word(text), Ok(Some(_))));
    let text = if only {
        let doc = &instruction.heredocs[0];
        let script = if doc.chomp { chomped(&body(doc)) } else { body(doc) };
        let is_file = script.starts_with("#!");
        if is_file { clean(&format!("/dev/pipes/{}", doc.name)) } else { script }
    } else {
        instruction.heredocs.iter().fold(line, |text, doc| format!("{text}\n{}{}", body(doc), doc.name))
    };
    config.command(vec![text], false)
}

/// A body without the tabs at its line starts.
fn chomped(body: &str) -> String {
    body.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
}

/// Where a mount lies, if a stage can be its source: it is a cache or a bind, and the latter names what it binds.
pub(super) fn mount_target(mount: &str, config: &Config, words: &Words) -> Result<Option<String>> {
    let (mut kind, mut target, mut from) = ("bind".to_string(), String::new(), String::new());
    for (name, value) in needs::fields(mount) {
        let value = words.expand(value.as_bytes())?;
        match &name[..] {
            "type" => kind = value.to_lowercase(),
            "target" | "dst" | "destination" => target = value,
            "from" => from = value,
            _ => {}
        }
    }
    if !(kind == "cache" || kind == "bind" && !from.is_empty()) {
        return Ok(None);
    }
    let whole =
        if target.starts_with('/') { target } else { clean(&format!("{}/{target}", config.working_dir)) };
    Ok(Some(whole))
}
