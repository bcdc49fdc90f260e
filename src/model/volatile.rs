//! Variables that change with every commit, build or release, and the commands that ignore a variable.
//!
//! A name is volatile by what people call such things; nothing hangs on it but whether a move is worth while. What may
//! not be wrong is [`ignores`]: a command that is not known asks for every variable.

use super::command::script::Script;
use super::command::{Command, table};
use super::names_only;
use super::stage::Step;
use super::variables;
use crate::syntax::tree::{Dockerfile, Instruction};

/// A commit, or the day or the number of a build.
const OF_A_BUILD: &[&[u8]] = &[
    b"COMMIT",
    b"COMMIT_SHA",
    b"COMMIT_HASH",
    b"COMMIT_ID",
    b"COMMIT_REF",
    b"COMMIT_DATE",
    b"GIT_COMMIT",
    b"GIT_COMMIT_SHA",
    b"GIT_COMMIT_HASH",
    b"GIT_SHA",
    b"GIT_SHA1",
    b"GIT_HASH",
    b"GIT_REV",
    b"GIT_REVISION",
    b"GIT_REF",
    b"GIT_TAG",
    b"SHA",
    b"SHA1",
    b"REVISION",
    b"VCS_REF",
    b"SOURCE_COMMIT",
    b"SOURCE_REVISION",
    b"BUILD_DATE",
    b"BUILD_TIME",
    b"BUILD_TIMESTAMP",
    b"BUILD_NUMBER",
    b"BUILD_ID",
    b"BUILD_SHA",
    b"BUILD_HASH",
    b"BUILD_COMMIT",
    b"BUILD_REF",
    b"BUILD_REVISION",
];

/// The version of what is packed: a name that others use for the version of a tool, too.
const OF_A_RELEASE: &[&[u8]] = &[
    b"VERSION",
    b"APP_VERSION",
    b"BUILD_VERSION",
    b"IMAGE_VERSION",
    b"RELEASE",
    b"RELEASE_VERSION",
    b"APP_RELEASE",
    b"BUILD_RELEASE",
];

/// Whether a variable of that name changes with every build.
pub fn is_of_a_build(name: &[u8]) -> bool {
    OF_A_BUILD.contains(&name) || name.starts_with(b"CI_")
}

/// Whether a variable of that name changes with every release, if it is the version of what is packed.
pub fn is_of_a_release(name: &[u8]) -> bool {
    OF_A_RELEASE.contains(&name)
}

/// Whether a command does the same whatever a variable is that it does not name.
///
/// Scripts of packages may ask for any variable, for a yes to a licence say: it has to be one that none asks for.
pub fn ignores(command: &Command, name: &[u8]) -> bool {
    if names_only::of(command).is_some() {
        return is_free_for_languages(name);
    }
    match table::concern(command) {
        Some(table::Concern::SystemPackages) => {
            let is_free = variables::is_of_the_source(name) || is_of_a_build(name) || is_of_a_release(name);
            table::ignores_files(command) && is_free
        }
        Some(table::Concern::Files) => !variables::is_far_reaching(name) || is_of_a_build(name),
        _ => false,
    }
}

/// Variables that no build of a package asks for, as far as anybody could know: not the version, nor the number of a
/// build, nor what a service of continuous integration says of itself.
fn is_free_for_languages(name: &[u8]) -> bool {
    const PREFIXES: &[&[u8]] =
        &[b"APP_", b"FLASK_", b"DJANGO_", b"GUNICORN_", b"UVICORN_", b"STREAMLIT_", b"LOG_"];
    let of_a_build =
        is_of_a_build(name) && !name.starts_with(b"CI_") && !matches!(name, b"BUILD_NUMBER" | b"BUILD_ID");
    let of_the_source = name == b"PORT" || PREFIXES.iter().any(|p| name.starts_with(p));
    (of_a_build || of_the_source) && !name.ends_with(b"_VERSION") && !name.ends_with(b"FLAGS")
}

/// Whether a RUN does the same whatever these variables are.
pub fn run_ignores(file: &Dockerfile, step: &Step, run: &Instruction, names: &[&[u8]]) -> bool {
    let text = run.logical_text();
    // `${!name}` is the variable that a variable names
    let is_named = names.iter().any(|n| variables::is_named(n, text));
    if is_named
        || step.has_unusual_shell
        || memchr::memmem::find(text, b"${!").is_some()
        || variables::name_a_script_for_shells(file)
    {
        return false;
    }
    // whatever decides which of its commands run, none of them looks at the variable
    let commands = Script::of(run).ok().filter(|s| s.opening().is_none()).map(|script| script.commands());
    let ignores = |c: &Command| names.iter().all(|n| ignores(c, n));
    commands.is_some_and(|run| run.is_ok_and(|run| run.commands.iter().all(ignores)))
}
