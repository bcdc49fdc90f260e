//! Poetry: `poetry install --no-root` and its like, `poetry config`.
//!
//! It reads pyproject.toml, poetry.lock and poetry.toml of the folder that it runs in, and a licence file that
//! pyproject.toml names. An install from a lock never writes it; with none it makes one. `.venv` of the project is used
//! where it is there. Plugins run as part of it: those that a project asks for, or has settings for, are refused.
//! Sources: python-poetry.org/docs (cli, configuration, pyproject), and what Poetry 1.8 and 2.x open (`strace`).

use super::words::{self, Options, Words, is_remote};
use super::{Asked, Gather, Install, Manager, Obstacle, python_path};
use crate::model::command::Command;
use crate::model::manifests::document::{self, Node, Value};

/// Poetry.
pub const MANAGER: Manager = Manager {
    name: "poetry",
    programs: &["poetry"],
    read,
    heeds,
    home: &[
        ".config/pypoetry",
        ".config/pip",
        ".pip",
        ".pydistutils.cfg",
        ".numpy-site.cfg",
        ".condarc",
        ".cargo",
    ],
};

/// Settings that name no file. With `IN_PROJECT` it makes `.venv`, which has to be free anyway.
const HARMLESS: &[&str] = &[
    "POETRY_VERSION",
    "POETRY_NO_INTERACTION",
    "POETRY_NO_ANSI",
    "POETRY_VIRTUALENVS_CREATE",
    "POETRY_VIRTUALENVS_IN_PROJECT",
    "POETRY_INSTALLER_PARALLEL",
    "POETRY_INSTALLER_MAX_WORKERS",
    "POETRY_REQUESTS_TIMEOUT",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONIOENCODING",
    "PYTHONFAULTHANDLER",
    "PYTHONHASHSEED",
    "PIP_NO_CACHE_DIR",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_DEFAULT_TIMEOUT",
];

fn heeds(name: &str) -> bool {
    let told = ["POETRY_", "PYTHON", "PIP_", "VIRTUAL_ENV", "CONDA_"].iter().any(|p| name.starts_with(p));
    told && !HARMLESS.contains(&name)
}

const INSTALL: Options = Options {
    flags: &[
        "--no-root",
        "--no-directory",
        "--no-dev",
        "--only-root",
        "--sync",
        "--remove-untracked",
        "--all-extras",
        "--all-groups",
        "--compile",
        "--no-cache",
        "-n",
        "--no-interaction",
        "-q",
        "--quiet",
        "-v",
        "-vv",
        "-vvv",
        "--verbose",
        "--ansi",
        "--no-ansi",
        "--no-plugins",
    ],
    values: &["--only", "--with", "--without", "-E", "--extras"],
};

fn read(command: &Command) -> Option<Asked> {
    match words::verb(command)? {
        "install" | "sync" => Some(install(command)),
        "config" => Some(config(command)),
        _ => None,
    }
}

struct Poetry {
    skips_root: bool,
}

fn install(command: &Command) -> Asked {
    let words = Words::of(command, &INSTALL)?;
    if words.rest.len() != 1 {
        return Err(Obstacle::new("`poetry install` takes no names"));
    }
    if words.has(&["--only-root"]) {
        return Err(Obstacle::new("`poetry install --only-root` installs the source itself"));
    }
    Ok(Box::new(Poetry { skips_root: words.has(&["--no-root"]) }))
}

impl Install for Poetry {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let at = gather.require("pyproject.toml")?;
        let file = toml(gather, &at)?;
        settings(gather)?;
        has_no_plugins(&at, &file)?;
        names_no_path(&at, &file)?;
        if let Some(licence) = file.at(&["project", "license", "file"]).text() {
            gather.require(licence)?;
        }
        let is_package = !file.at(&["tool", "poetry", "package-mode"]).is(false);
        if !self.skips_root && is_package {
            gather.obstacle(Obstacle::small(
                "poetry installs the source as a package too; add --no-root, and where the package is needed a \
                 `poetry install --only-root` below the source",
            ));
        }
        if gather.take("poetry.lock")? {
            locks_no_path(gather)?;
        } else {
            gather.leave("poetry.lock");
        }
        gather.leave(".venv");
        gather.must_be_free(".poetry", "where poetry has plugins of the project");
        python_path::is_clear(gather)
    }
}

fn toml(gather: &Gather, at: &str) -> Result<Value, Obstacle> {
    document::toml(&gather.text(at)?).map_err(|e| Obstacle::new(format!("{at} cannot be read: {e}")))
}

/// Keys of poetry.toml, by section, that name no file.
const SETTINGS: &[(&str, &[&str])] = &[
    (
        "virtualenvs",
        &["create", "in-project", "options", "prompt", "prefer-active-python", "use-poetry-python"],
    ),
    (
        "installer",
        &["parallel", "max-workers", "modern-installation", "no-binary", "only-binary", "re-resolve"],
    ),
];

/// poetry.toml: settings of the project.
fn settings(gather: &mut Gather) -> Result<(), Obstacle> {
    if !gather.take("poetry.toml")? {
        return Ok(());
    }
    let at = gather.at("poetry.toml");
    let file = toml(gather, &at)?;
    for (section, node) in file.at(&[]).entries() {
        let known = SETTINGS.iter().find(|(name, _)| *name == section).map_or(&[][..], |(_, keys)| keys);
        if !node.is_there()
            || node.entries().any(|(key, _)| !known.contains(&key))
            || node.entries().next().is_none()
        {
            return Err(Obstacle::new(format!(
                "it is not known what the settings of `{section}` in {at} lead to"
            )));
        }
    }
    Ok(())
}

/// A plugin may do anything; those that work on a project have their settings in its pyproject.toml.
fn has_no_plugins(at: &str, file: &Value) -> Result<(), Obstacle> {
    if file.at(&["tool", "poetry", "requires-plugins"]).is_there() {
        return Err(Obstacle::new(format!("{at} asks for plugins of poetry, which may read the source")));
    }
    let is_plugin =
        |key: &str| key.starts_with("poetry-") || key.starts_with("poetry_") || key.contains("version");
    match file.at(&["tool"]).entries().find(|(key, _)| is_plugin(key)) {
        Some((key, _)) => {
            Err(Obstacle::new(format!("[tool.{key}] in {at} is for a plugin that may read the source")))
        }
        None => Ok(()),
    }
}

/// Whether no dependency of the project is a path; all groups count, whether they are installed or not.
fn names_no_path(at: &str, file: &Value) -> Result<(), Obstacle> {
    let poetry = file.at(&["tool", "poetry"]);
    let own = [poetry.get("dependencies"), poetry.get("dev-dependencies")];
    let groups = poetry.get("group").entries().map(|(_, group)| group.get("dependencies"));
    for (name, value) in own.into_iter().chain(groups).flat_map(Node::entries) {
        let mut all = value.items().chain([value]);
        if all.any(|v| v.get("path").is_there() || v.get("file").is_there()) {
            return Err(Obstacle::new(format!("{name} in {at} is a path of the source")));
        }
    }
    let standard = ["dependencies", "optional-dependencies"].map(|key| file.at(&["project", key]));
    let texts = standard.into_iter().chain([file.at(&["dependency-groups"])]).flat_map(Node::texts);
    if let Some(text) = texts.into_iter().find(|t| t.contains("file:") || t.contains("@ .")) {
        return Err(Obstacle::new(format!("`{text}` in {at} is a path of the source")));
    }
    let mut sources = poetry.get("source").items().filter_map(|s| s.get("url").text());
    match sources.find(|url| !is_remote(url)) {
        Some(url) => Err(Obstacle::new(format!("{at} has poetry look for archives in `{url}`"))),
        None => Ok(()),
    }
}

fn locks_no_path(gather: &Gather) -> Result<(), Obstacle> {
    let at = gather.at("poetry.lock");
    let file = toml(gather, &at)?;
    for package in file.at(&["package"]).items() {
        let source = package.get("source");
        let url = source.get("url").text().unwrap_or("https://");
        let is_known = matches!(source.get("type").text(), None | Some("legacy" | "url" | "git"));
        if !is_known || !is_remote(url) {
            let name = package.get("name").text().unwrap_or_default();
            return Err(Obstacle::new(format!("{name} in {at} comes from `{url}`")));
        }
    }
    Ok(())
}

/// `poetry config`: settings of the user, by keys that name no place.
struct Config;

/// Keys of `poetry config` that name no place.
const CONFIG_KEYS: &[&str] = &[
    "virtualenvs.create",
    "virtualenvs.in-project",
    "installer.parallel",
    "installer.max-workers",
    "installer.modern-installation",
    "experimental.new-installer",
    "warnings.export",
];

fn config(command: &Command) -> Asked {
    let words =
        Words::of(command, &Options { flags: &["-n", "--no-interaction", "-q", "--no-ansi"], values: &[] })?;
    match words.rest[..] {
        [_, key, _] if CONFIG_KEYS.contains(&key) || key.starts_with("virtualenvs.options.") => {
            Ok(Box::new(Config))
        }
        [_, key, ..] if key.starts_with("http-basic.") || key.starts_with("pypi-token.") => {
            Ok(Box::new(Config))
        }
        _ => Err(Obstacle::new("it is not known what `poetry config` leads to")),
    }
}

impl Install for Config {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        if gather.take("pyproject.toml")? {
            let at = gather.at("pyproject.toml");
            let file = toml(gather, &at)?;
            has_no_plugins(&at, &file)?;
            if let Some(licence) = file.at(&["project", "license", "file"]).text() {
                gather.require(licence)?;
            }
        }
        settings(gather)
    }
}
