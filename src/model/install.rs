//! Installs of dependencies: which files of the source a RUN reads that installs them.
//!
//! It answers for pip. What is not understood is an error that says what stands in the way.

use super::command::{Run, table};
use super::context::{Context, Patterns, Presence, path};
use super::manifests::requirements::{self, Stand};
use super::stage::{self, Step};
use super::{place, variables};
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// A requirements file, as a path in the image, and the folder that pip runs in.
#[derive(Debug)]
pub struct FileRead {
    /// The file, below what was copied.
    pub file: String,
    /// The working folder, below what was copied.
    pub cwd: String,
}

/// The requirements files that a RUN names if it installs with pip and does nothing else that could touch the source;
/// `Ok(None)` where it names none, `None` where it does not call pip.
pub fn install_reads(i: &Instruction) -> Option<Result<Option<Vec<String>>, String>> {
    let run = match Run::of(i) {
        Ok(run) => run,
        Err(why) => {
            let calls_pip = variables::is_named(b"pip", i.line()) || variables::is_named(b"pip3", i.line());
            return calls_pip.then(|| Err(why.0.to_string()));
        }
    };
    if !run.commands.iter().any(|c| table::concern(c) == Some(table::Concern::Python)) {
        return None;
    }
    if i.flags().any(|f| !f.starts_with(b"--mount=type=cache")) {
        return Some(Err("its flags may bring in the source".to_string()));
    }
    let mut files = Vec::new();
    for command in &run.commands {
        if table::concern(command) == Some(table::Concern::Python) {
            if let Some(word) = command.args().iter().find(|w| w.is_pattern()) {
                let word = String::from_utf8_lossy(word.text);
                return Some(Err(format!("the shell may put names of files in the place of `{word}`")));
            }
            match table::pip_install(command) {
                Ok(install) => files.extend(install.files),
                Err(why) => return Some(Err(why)),
            }
        } else if !table::ignores_files(command) {
            let name = String::from_utf8_lossy(command.words.first().map_or(b"", |w| w.text)).into_owned();
            return Some(Err(format!("`{name}` may read or write the source")));
        }
    }
    Some(Ok((!files.is_empty()).then_some(files)))
}

/// Whether a usual shell reads the step: one of the source could be a wrapper.
///
/// # Errors
/// Why not.
pub fn shell_is_usual(step: &Step) -> Result<(), String> {
    if step.has_unusual_shell {
        Err("a shell that is not one of the usual reads it".to_string())
    } else {
        Ok(())
    }
}

/// What [`install_reads`] says of a step.
pub fn install(file: &Dockerfile, step: &Step) -> Option<Result<Option<Vec<String>>, String>> {
    let i = file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Run)?;
    install_reads(i)
}

/// Where the files that an install names lie below what was copied to `target`.
pub fn locate(names: &[String], step: &Step, target: &str) -> Result<Vec<FileRead>, String> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let cwd = step.cwd.as_deref().ok_or("it is not known where it runs: no WORKDIR stands above it")?;
    let mut found = Vec::new();
    for name in names {
        let at = stage::resolve(Some(cwd), name).ok_or("it is not known where it runs")?;
        let inside =
            place::below(cwd, target).ok_or(format!("it runs in {cwd}, outside of what is copied"))?;
        let file = place::below(&at, target).ok_or(format!("it reads {at}, outside of what is copied"))?;
        if name.starts_with('/') {
            return Err(format!("it names {name} by its whole path"));
        }
        found.push(FileRead { file: file.to_string(), cwd: inside.to_string() });
    }
    Ok(found)
}

/// The files of the context that the install reads because it reads this one; each is there in every checkout.
pub fn closure(
    context: &Context,
    folder: &str,
    target: &str,
    read: &FileRead,
) -> Result<Vec<String>, String> {
    let cwd = path::join(folder, &read.cwd);
    let name =
        relative(&read.file, &read.cwd).ok_or(format!("{target}/{} lies above where pip runs", read.file))?;
    let stand = Stand { top: folder, cwd: &cwd };
    let files = requirements::closure(context, stand, name).map_err(|e| e.to_string())?;
    for file in &files {
        let sources = context.sources(file, &Patterns::default()).map_err(|e| e.to_string())?;
        if sources.iter().any(|s| s.presence != Presence::Yes) {
            return Err(format!("{file} is not in every checkout: a .gitignore names it"));
        }
    }
    Ok(files)
}

fn relative<'p>(file: &'p str, cwd: &str) -> Option<&'p str> {
    if cwd.is_empty() { Some(file) } else { file.strip_prefix(cwd)?.strip_prefix('/') }
}

/// Where the folder that is copied is somebody's home, pip reads its settings and writes its packages there.
pub fn home_is_free(context: &Context, folder: &str) -> Result<(), String> {
    const NAMES: [&str; 16] = [
        ".config/pip",
        ".pip",
        ".netrc",
        ".pydistutils.cfg",
        ".local",
        ".cache",
        // and what it calls to fetch and to build
        ".config/git",
        ".gitconfig",
        ".git-credentials",
        ".ssh",
        ".hgrc",
        ".subversion",
        ".curlrc",
        ".cargo",
        ".numpy-site.cfg",
        ".condarc",
    ];
    for name in NAMES {
        let at = path::join(folder, name);
        if !context.may_hold(&at).is_no() {
            return Err(format!(
                "the context may hold {at}, which pip reads or writes; name it in .dockerignore"
            ));
        }
    }
    Ok(())
}
