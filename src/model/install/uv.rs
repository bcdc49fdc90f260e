//! uv: `uv sync` without the project itself, and what stands around it.
//!
//! What uv reads of a project is in [`uv_project`](super::uv_project), `uv pip` in [`uv_pip`](super::uv_pip).

use super::uv_project::{self, Project, Skips};
use super::words::{self, Options, Words, path_of};
use super::{Asked, Gather, Install, Manager, Obstacle, uv_pip};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::{place, stage};

/// uv.
pub const MANAGER: Manager = Manager {
    name: "uv",
    programs: &["uv"],
    read,
    heeds,
    home: &[".config/uv", ".config/pip", ".pip", ".pydistutils.cfg", ".numpy-site.cfg", ".condarc", ".cargo"],
};

/// Settings that name no file.
const HARMLESS: &[&str] = &[
    "UV_COMPILE_BYTECODE",
    "UV_LINK_MODE",
    "UV_NO_CACHE",
    "UV_NO_PROGRESS",
    "UV_NO_DEV",
    "UV_FROZEN",
    "UV_LOCKED",
    "UV_SYSTEM_PYTHON",
    "UV_BREAK_SYSTEM_PACKAGES",
    "UV_PYTHON_DOWNLOADS",
    "UV_PYTHON_PREFERENCE",
    "UV_HTTP_TIMEOUT",
    "UV_CONCURRENT_DOWNLOADS",
    "UV_CONCURRENT_BUILDS",
    "UV_CONCURRENT_INSTALLS",
    "UV_INDEX_STRATEGY",
    "UV_NATIVE_TLS",
    "UV_VERSION",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONIOENCODING",
];

fn heeds(name: &str) -> bool {
    ["UV_", "PYTHON", "VIRTUAL_ENV", "CONDA_"].iter().any(|p| name.starts_with(p))
        && !HARMLESS.contains(&name)
}

const SYNC: Options = Options {
    flags: &[
        "--frozen",
        "--locked",
        "--no-install-project",
        "--no-install-workspace",
        "--no-install-local",
        "--no-dev",
        "--dev",
        "--only-dev",
        "--all-extras",
        "--all-groups",
        "--no-default-groups",
        "--no-editable",
        "--all-packages",
        "--compile-bytecode",
        "--no-cache",
        "-n",
        "-q",
        "--quiet",
        "-v",
        "--verbose",
        "--no-progress",
        "--inexact",
        "--exact",
        "--no-python-downloads",
        "--managed-python",
        "--no-managed-python",
        "--native-tls",
        "--system-certs",
        "--no-color",
        "--no-build-isolation",
        "--reinstall",
        "--refresh",
        "--no-build",
        "--no-binary",
    ],
    values: &[
        "--extra",
        "--no-extra",
        "--group",
        "--no-group",
        "--only-group",
        "--package",
        "--link-mode",
        "--python",
        "-p",
        "--no-install-package",
        "--index-strategy",
        "--color",
        "--no-build-package",
        "--no-binary-package",
    ],
};

fn read(command: &Command) -> Option<Asked> {
    let second = || command.args().iter().filter(|w| !w.text.starts_with(b"-")).nth(1)?.value.as_deref();
    match words::verb(command)? {
        "sync" => Some(sync(command)),
        "pip" if matches!(second()?, "install" | "sync") => Some(uv_pip::read(command)),
        "venv" => Some(venv(command)),
        "tool" if second()? == "install" => Some(helper(command, 2)),
        "python" if second()? == "install" => Some(helper(command, 2)),
        "cache" if matches!(second()?, "clean" | "prune") => Some(helper(command, 2)),
        _ => None,
    }
}

/// A Python that is asked for by version, not by a path of the source.
pub fn python_is_a_version(words: &Words) -> Result<(), Obstacle> {
    let mut asked = words.all(&["--python", "-p"]);
    let is_of_the_system = |p: &str| stage::resolve(None, p).is_some_and(|p| place::is_system(&p));
    let is_plain = |p: &str| {
        p.starts_with("/usr/") && is_of_the_system(p)
            || p.chars().all(|c| c.is_ascii_alphanumeric() || ".-+@".contains(c))
    };
    match asked.find(|p| !is_plain(p)) {
        Some(python) => Err(Obstacle::new(format!("`{python}` may be a Python of the source"))),
        None => Ok(()),
    }
}

struct Sync {
    is_frozen: bool,
    is_locked: bool,
    skips: Skips,
}

fn sync(command: &Command) -> Asked {
    let words = Words::of(command, &SYNC)?;
    python_is_a_version(&words)?;
    if words.rest.len() != 1 {
        return Err(Obstacle::new("`uv sync` takes no names"));
    }
    let skips = if words.has(&["--no-install-workspace", "--no-install-local"]) {
        Skips::Members
    } else if words.has(&["--no-install-project"]) {
        Skips::Project
    } else {
        Skips::Nothing
    };
    Ok(Box::new(Sync { is_frozen: words.has(&["--frozen"]), is_locked: words.has(&["--locked"]), skips }))
}

impl Install for Sync {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let project = Project::of(gather)?;
        let variables = gather.place.variables;
        let is_frozen = self.is_frozen || variables.is_on("UV_FROZEN");
        let is_locked = self.is_locked || variables.is_on("UV_LOCKED");
        let lock = path::join(project.root(), "uv.lock");
        if gather.take_at(&lock)? {
            if !is_frozen && !is_locked {
                gather.obstacle(Obstacle::small(format!(
                    "`uv sync` may rewrite {lock}, and the source would put its own back; add --locked"
                )));
            }
            project.packages_come_from_elsewhere(gather, &lock, self.skips)?;
        } else {
            gather.leave_at(&lock);
            project.names_no_path(gather, self.skips)?;
        }
        if !is_frozen {
            project.is_static()?;
        }
        Ok(())
    }
}

/// A virtual environment of its own.
struct Venv {
    folder: String,
}

fn venv(command: &Command) -> Asked {
    const VENV: Options = Options {
        flags: &[
            "--seed",
            "-q",
            "--quiet",
            "--no-cache",
            "-n",
            "--clear",
            "--system-site-packages",
            "--no-project",
            "-v",
        ],
        values: &["--python", "-p", "--prompt", "--link-mode"],
    };
    let words = Words::of(command, &VENV)?;
    python_is_a_version(&words)?;
    match words.rest[..] {
        [_] => Ok(Box::new(Venv { folder: ".venv".to_string() })),
        [_, folder] if !folder.contains("..") => Ok(Box::new(Venv { folder: folder.to_string() })),
        _ => Err(Obstacle::new("it is not known where `uv venv` writes")),
    }
}

impl Install for Venv {
    fn reads_source(&self) -> bool {
        false
    }

    fn minds_folder(&self) -> bool {
        true
    }

    fn places(&self) -> Vec<String> {
        Some(self.folder.clone()).filter(|f| f.starts_with('/')).into_iter().collect()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        uv_project::settings(gather)?;
        if !self.folder.starts_with('/') {
            let at = path_of(gather, &self.folder)?;
            gather.leave_at(&at);
        }
        Ok(())
    }
}

/// What installs tools for the machine, or clears the cache: it reads settings where it runs, nothing more.
struct Helper;

fn helper(command: &Command, verbs: usize) -> Asked {
    const HELPER: Options = Options {
        flags: &["-q", "--quiet", "-v", "--verbose", "--no-cache", "-n", "--force"],
        values: &["--python", "-p"],
    };
    let words = Words::of(command, &HELPER)?;
    python_is_a_version(&words)?;
    words::are_names(words.rest.get(verbs..).unwrap_or_default())?;
    if words.rest.first() == Some(&"python") && words.rest.len() == verbs {
        return Err(Obstacle::new("`uv python install` reads which version it should be; name it"));
    }
    Ok(Box::new(Helper))
}

impl Install for Helper {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        uv_project::settings(gather).map(drop)
    }
}
