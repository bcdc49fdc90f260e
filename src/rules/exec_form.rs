//! Starts the program itself, without a shell around it.
//!
//! # What it does
//!
//! `CMD node server.js` becomes `CMD ["node", "server.js"]`, and so does ENTRYPOINT, where a shell would do nothing but
//! start the program.
//!
//! # Why
//!
//! The shell form runs `/bin/sh -c`: signals may end at the shell, so that `docker stop` waits ten seconds and kills, and
//! an ENTRYPOINT ignores the words of `docker run`. But the configuration of the image is another: an entrypoint of the
//! base image sees other words, and `docker run` adds its words to an ENTRYPOINT. So the rule runs only when it is named
//! itself.
//!
//! # When it refuses
//!
//! - The text needs a shell: variables, quotes, wildcards, `&&`, `|`, redirections, `~`, braces, a variable that is set in
//!   front, a command of the shell itself (`cd`, `exec`, `echo`, …).
//! - The program may be a script without `#!` (`./run.sh`, `/entrypoint`), which a shell runs and nobody else; or PATH holds
//!   a folder that is not named in full (`./node_modules/.bin`).
//! - SHELL is set in the stage or one that it builds on, or it is a shell that is not known.
//! - An ENTRYPOINT of the file gets the words of the CMD, or the words of a CMD would come behind an ENTRYPOINT that has
//!   ignored them until now.
//! - A stage builds on this one: it may add to it.
//! - A comment tells hadolint to let DL3025 pass.
//!
//! # Before
//!
//! ```dockerfile
//! FROM node:20
//! CMD node server.js
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM node:20
//! CMD ["node", "server.js"]
//! ```

use super::{Plan, Proof, Rule, Site, each_run};
use crate::config::Kind;
use crate::model::stage::{self, Stage, Step};
use crate::model::variables;
use crate::syntax::edit::Edit;
use crate::syntax::node;
use crate::syntax::tree::{Instruction, Keyword, Shell};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "exec-form",
    kind: Kind::Content,
    alone: true,
    against: &[],
    proof: Proof::ExecForm,
    page: include_str!("exec_form.rs"),
    plan,
};

/// Commands and words of the shell itself. Some are programs too, but not in each image, and not the same ones.
const BUILTINS: &[&str] = &[
    ".",
    ":",
    "[",
    "alias",
    "bg",
    "bind",
    "break",
    "builtin",
    "caller",
    "case",
    "cd",
    "chdir",
    "command",
    "compgen",
    "complete",
    "compopt",
    "continue",
    "coproc",
    "declare",
    "dirs",
    "disown",
    "do",
    "done",
    "echo",
    "elif",
    "else",
    "enable",
    "esac",
    "eval",
    "exec",
    "exit",
    "export",
    "false",
    "fc",
    "fg",
    "fi",
    "for",
    "function",
    "getopts",
    "hash",
    "help",
    "history",
    "if",
    "in",
    "jobs",
    "kill",
    "let",
    "local",
    "logout",
    "mapfile",
    "popd",
    "printf",
    "pushd",
    "pwd",
    "read",
    "readarray",
    "readonly",
    "return",
    "select",
    "set",
    "setvar",
    "shift",
    "shopt",
    "source",
    "suspend",
    "test",
    "then",
    "time",
    "times",
    "trap",
    "true",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
    "until",
    "wait",
    "while",
];

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    let stages = stage::stages(site.file);
    for stage in &stages {
        for step in stage.steps.iter().filter(|s| matches!(s.keyword, Keyword::Cmd | Keyword::Entrypoint)) {
            let Some(i) = site.file.instruction_at(step.item).filter(|i| !i.is_exec_form()) else { continue };
            match exec(site, (&stages, stage), step, i) {
                Ok(_) if each_run::is_told(site, step, "DL3025") => {
                    plan.refuse(step.id, "a comment tells hadolint to let DL3025 pass");
                }
                Ok(text) => plan.edits.push(Edit::Replace { what: step.id, text }),
                Err(why) => plan.refuse(step.id, why),
            }
        }
    }
    plan
}

fn exec(site: &Site, stages: (&[Stage], &Stage), step: &Step, i: &Instruction) -> Result<Vec<u8>, String> {
    let (_, keyword) = i.find(node::Kind::Keyword).ok_or("it has no keyword")?;
    let text = i.find(node::Kind::Script).or_else(|| i.find(node::Kind::ShellText));
    let (_, text) = text.ok_or("its text is not clear")?;
    if !i.heredocs.is_empty() || i.trails_anything() || super::has_comment(&i.text) {
        return Err("a comment stands in it".to_string());
    }
    let words = words(i.node_text(text))?;
    whose_shell(site, stages.0, step, i)?;
    path_is_absolute(site)?;
    who_else(site, stages, step)?;
    let quoted = words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
    Ok([i.node_source(keyword), b" [", quoted.as_bytes(), b"]"].concat())
}

/// The words, where a shell would take each as it stands.
fn words(text: &[u8]) -> Result<Vec<&str>, String> {
    let text = std::str::from_utf8(text).map_err(|e| e.to_string())?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./- \t".contains(c);
    if let Some(sign) = text.chars().find(|c| !is_plain(*c)) {
        return Err(format!("`{sign}` is for the shell"));
    }
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    match words.first() {
        None => Err("it is empty".to_string()),
        Some(first) if first.contains('=') => Err("it sets a variable first".to_string()),
        Some(first) if BUILTINS.contains(first) => Err(format!("`{first}` is a command of the shell")),
        Some(first) if may_lack_a_shebang(first) => {
            Err(format!("`{first}` may be a script without `#!`, which only a shell can run"))
        }
        Some(_) => Ok(words),
    }
}

/// Whether a program may be a script of the shell: one without a first line that says so is run by shells alone.
fn may_lack_a_shebang(program: &str) -> bool {
    const NAMES: [&str; 7] = ["boot", "docker-entrypoint", "entrypoint", "init", "launch", "run", "start"];
    let name = program.rsplit('/').next().unwrap_or_default();
    let is_script =
        ["sh", "bash", "ksh"].iter().any(|end| name.rsplit_once('.').is_some_and(|(_, e)| e == *end));
    is_script || program.contains('/') && NAMES.contains(&name)
}

/// Holds that programs are looked for in folders that are named in full: others, a shell takes and a runtime refuses.
fn path_is_absolute(site: &Site) -> Result<(), String> {
    let is_one = |i: &&Instruction| matches!(i.keyword, Keyword::Env | Keyword::Arg);
    for i in site.file.instructions().filter(is_one) {
        let value = String::from_utf8_lossy(variables::value(i, b"PATH")).into_owned();
        let value = value.trim_matches(['"', '\'']);
        if !value.is_empty() && value.split(':').any(|folder| !folder.starts_with(['/', '$'])) {
            return Err("PATH names a folder from where it runs, which only a shell looks into".to_string());
        }
    }
    Ok(())
}

/// Holds that the shell is the usual one, which does no more than start the program.
fn whose_shell(site: &Site, stages: &[Stage], step: &Step, i: &Instruction) -> Result<(), String> {
    let above = stage::lineage(site.file, stages, step.item);
    let is_set = step.has_unusual_shell || above.iter().any(|s| s.keyword == Keyword::Shell);
    if is_set || i.shell != Shell::Posix || site.file.escape != b'\\' {
        return Err("another shell than the usual one starts it".to_string());
    }
    Ok(())
}

/// Holds that no other instruction gets these words, or adds to them.
fn who_else(site: &Site, (stages, own): (&[Stage], &Stage), step: &Step) -> Result<(), String> {
    let above = stage::lineage(site.file, stages, step.item);
    let below = stage::heirs(site.file, stages, step.item);
    let near = || above.iter().chain(&below);
    let is_own = |s: &&&Step| own.steps.iter().any(|o| o.item == s.item);
    if below.iter().any(|s| !is_own(&s)) {
        return Err("a stage builds on it".to_string());
    }
    let other = |keyword: Keyword| near().find(|s| s.keyword == keyword).map(|s| s.line);
    if let Some(line) = other(step.keyword) {
        return Err(format!("line {line} says something else"));
    }
    match step.keyword {
        Keyword::Cmd => match other(Keyword::Entrypoint) {
            Some(line) => Err(format!("the entrypoint of line {line} gets its words")),
            None => Ok(()),
        },
        _ => match other(Keyword::Cmd) {
            Some(line) => Err(format!("the words of line {line} would come behind it")),
            None => Ok(()),
        },
    }
}
