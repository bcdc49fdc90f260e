//! Cargo, which cannot install dependencies alone: it wants the targets of each package to be there, and compiles them.
//! Only calls that have nothing to do with the project are known.

use super::switches::Switches;
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::named::upward;

/// Cargo.
pub const MANAGER: Manager =
    Manager { name: "cargo", programs: &["cargo"], read, heeds, home: &[".cargo", ".rustup"] };

fn heeds(name: &str) -> bool {
    const HARMLESS: [&str; 8] = [
        "CARGO_TERM_COLOR",
        "CARGO_INCREMENTAL",
        "CARGO_NET_RETRY",
        "CARGO_NET_GIT_FETCH_WITH_CLI",
        "CARGO_HTTP_MULTIPLEXING",
        "CARGO_REGISTRIES_CRATES_IO_PROTOCOL",
        "RUST_BACKTRACE",
        "RUST_VERSION",
    ];
    (name.starts_with("CARGO") || name.starts_with("RUST")) && !HARMLESS.contains(&name)
}

const SWITCHES: Switches = Switches {
    program: "cargo",
    flags: &[
        "--locked",
        "--frozen",
        "--force",
        "-f",
        "-q",
        "--quiet",
        "-v",
        "--verbose",
        "--debug",
        "--all-features",
        "--no-default-features",
        "--bins",
    ],
    valued: &["--version", "--vers", "--features", "-F", "-j", "--jobs", "--bin", "--color"],
    glued: &[],
};

fn read(command: &Command) -> Option<Asked> {
    let verb = command.args().iter().find(|w| !w.text.starts_with(b"+"))?.value.as_deref()?;
    match verb {
        "--version" | "-V" | "version" => Some(Ok(Box::new(Apart))),
        "install" if !command.args().iter().any(|w| names_source(w.value.as_deref())) => Some(apart(command)),
        "build" | "b" | "install" | "test" | "run" | "check" | "rustc" => Some(Err(Obstacle::new(format!(
            "`cargo {verb}` builds the source, and cargo cannot build the dependencies alone; cargo-chef can, or mounts of a cache keep what was built"
        )))),
        "fetch" | "vendor" => Some(Err(Obstacle::new(format!(
            "`cargo {verb}` wants the targets of all packages to be there, which are source; cargo-chef does without"
        )))),
        _ => None,
    }
}

fn names_source(word: Option<&str>) -> bool {
    word.is_none_or(|w| w.starts_with("--path") || w.starts_with('.') || w.contains('/'))
}

/// An install of a program from the registry.
fn apart(command: &Command) -> Asked {
    let values = command.values().ok_or("a word of `cargo install` holds a variable")?;
    let words: Vec<&str> = values.into_iter().filter(|w| !w.starts_with('+')).skip(1).collect();
    let taken = SWITCHES.take(&words)?;
    if taken.operands.is_empty() {
        return Err("`cargo install` without a name builds the source".into());
    }
    Ok(Box::new(Apart))
}

/// A call that needs nothing of the project; settings may lie where it runs.
struct Apart;

impl Install for Apart {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let cwd = gather.at("");
        for at in upward(gather.place.top, &cwd) {
            for name in [".cargo/config", ".cargo/config.toml", "rust-toolchain", "rust-toolchain.toml"] {
                gather.must_be_free_at(&path::join(at, name), "a settings file of cargo");
            }
        }
        Ok(())
    }
}
