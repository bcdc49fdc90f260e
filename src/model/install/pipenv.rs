//! Pipenv: `pipenv sync`, and `pipenv install --system --deploy`.
//!
//! Both take what Pipfile.lock says and never write it. Without `--system`, `pipenv install` may write a Pipfile with the
//! names as the index spells them. Every call reads `.env` first, and `.venv` is used where it is there.
//! Sources: pipenv.pypa.io (cli, configuration), and the code of Pipenv 2018 to 2026 (`routines/install.py`,
//! `utils/environment.py`, `utils/pipfile.py`).

use super::words::{self, Options, Words, is_remote};
use super::{Asked, Gather, Install, Manager, Obstacle, pip, python_path};
use crate::model::command::Command;
use crate::model::manifests::document::{self, Node, Value};

/// Pipenv.
pub const MANAGER: Manager = Manager {
    name: "pipenv",
    programs: &["pipenv"],
    read,
    heeds,
    home: &[".config/pip", ".pip", ".pydistutils.cfg", ".numpy-site.cfg", ".condarc", ".cargo"],
};

/// Settings that name no file. With `VENV_IN_PROJECT` it makes `.venv`, which has to be free anyway.
const HARMLESS: &[&str] = &[
    "PIPENV_VENV_IN_PROJECT",
    "PIPENV_YES",
    "PIPENV_NOSPIN",
    "PIPENV_HIDE_EMOJIS",
    "PIPENV_TIMEOUT",
    "PIPENV_INSTALL_TIMEOUT",
    "PIPENV_VERBOSITY",
    "PIP_NO_CACHE_DIR",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_DEFAULT_TIMEOUT",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONIOENCODING",
    "PYTHONFAULTHANDLER",
    "PYTHONHASHSEED",
];

fn heeds(name: &str) -> bool {
    let told =
        ["PIPENV_", "PIP_", "PYTHON", "VIRTUAL_ENV", "WORKON_HOME"].iter().any(|p| name.starts_with(p));
    told && !HARMLESS.contains(&name)
}

const OPTIONS: Options = Options {
    flags: &[
        "--system",
        "--deploy",
        "--ignore-pipfile",
        "--dev",
        "-d",
        "--clear",
        "-v",
        "--verbose",
        "-q",
        "--quiet",
        "--sequential",
        "--keep-outdated",
        "--bare",
    ],
    values: &["--categories", "--python"],
};

struct Pipenv {
    is_system: bool,
    is_frozen: bool,
    is_sync: bool,
}

fn read(command: &Command) -> Option<Asked> {
    let verb = words::verb(command)?;
    matches!(verb, "install" | "sync").then(|| install(command, verb == "sync"))
}

fn install(command: &Command, is_sync: bool) -> Asked {
    let words = Words::of(command, &OPTIONS)?;
    if words.rest.len() != 1 {
        return Err(Obstacle::new("`pipenv install` of names writes Pipfile and Pipfile.lock"));
    }
    if let Some(python) = words.all(&["--python"]).find(|p| p.contains('/')) {
        return Err(Obstacle::new(format!("`{python}` may be a Python of the source")));
    }
    Ok(Box::new(Pipenv {
        is_system: words.has(&["--system"]),
        is_frozen: words.has(&["--deploy", "--ignore-pipfile"]),
        is_sync,
    }))
}

impl Install for Pipenv {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let pipfile = gather.require("Pipfile")?;
        let file = document::toml(&gather.text(&pipfile)?);
        let file = file.map_err(|e| Obstacle::new(format!("{pipfile} cannot be read: {e}")))?;
        names_no_path(&pipfile, &file)?;
        let lock = gather.require("Pipfile.lock")?;
        let file = document::json(&gather.text(&lock)?);
        names_no_path(&lock, &file.map_err(|e| Obstacle::new(format!("{lock} cannot be read: {e}")))?)?;
        if !(self.is_sync || self.is_system && self.is_frozen) {
            gather.obstacle(Obstacle::small(
                "`pipenv install` may rewrite Pipfile and Pipfile.lock, and the source would put its own back; use \
                 `pipenv sync`, or `pipenv install --system --deploy`",
            ));
        }
        gather.must_be_free(".env", "read by pipenv for variables");
        has_no_other_lock(gather)?;
        gather.leave(".venv");
        pip::rust_is_pinned(gather)?;
        python_path::is_clear(gather)
    }
}

/// A `pylock.toml`, or `pylock.NAME.toml`, may stand in for Pipfile.lock.
fn has_no_other_lock(gather: &mut Gather) -> Result<(), Obstacle> {
    gather.must_be_free("pylock.toml", "another lock that pipenv may take");
    let listing = gather.place.context.list(gather.place.cwd).filter(|l| l.complete);
    let listing = listing.ok_or_else(|| Obstacle::new("it is not known which locks there are"))?;
    match listing.entries.iter().find(|(name, _)| name.starts_with("pylock.")) {
        Some((name, _)) => Err(Obstacle::new(format!("pipenv may take {name} as its lock"))),
        None => Ok(()),
    }
}

/// Whether no package of any section is a path; sections hold packages by name, and sources their address.
fn names_no_path(at: &str, file: &Value) -> Result<(), Obstacle> {
    let sources = [file.at(&["source"]), file.at(&["_meta", "sources"])];
    let mut pages = sources.into_iter().flat_map(Node::items).filter_map(|s| s.get("url").text());
    if let Some(page) = pages.find(|page| !is_remote(page)) {
        return Err(Obstacle::new(format!("{at} has pipenv look for packages in `{page}`")));
    }
    let is_section = |name: &str| !matches!(name, "source" | "_meta" | "requires" | "scripts" | "pipenv");
    for (name, package) in
        file.at(&[]).entries().filter(|(n, _)| is_section(n)).flat_map(|(_, s)| s.entries())
    {
        let addresses = ["file", "git"].map(|key| package.get(key).text());
        let is_local = addresses.into_iter().flatten().any(|address| !is_remote(address));
        let is_other = ["path", "editable", "hg", "svn", "bzr"].iter().any(|key| package.get(key).is_there());
        if is_local || is_other {
            return Err(Obstacle::new(format!("{name} in {at} is a path of the source, or editable")));
        }
    }
    Ok(())
}
