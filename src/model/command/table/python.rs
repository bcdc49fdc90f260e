//! Python's package managers and environments.
//!
//! An install may run the set-up of a package, which is taken to stay where packages are: the tools' folders, caches in
//! the home, temporary files. A set-up of the source itself writes below the working folder too.

use crate::model::command::apply::{Barrier, Known};
use crate::model::command::effect::{Brings, Effect, Heeds};
use crate::model::command::entry::{At, Entry, Use, entry};
use crate::model::command::words::Scene;
use crate::model::command::{Command, Word};

/// What the packages of Python heed by name, whatever else their set-up may ask for.
const OWN: &[&str] = &[
    "PIP_*",
    "PYTHON*",
    "UV_*",
    "POETRY_*",
    "PIPENV_*",
    "PIPX_*",
    "CONDA_*",
    "MAMBA_*",
    "VIRTUAL_ENV*",
    "SETUPTOOLS_*",
    "WORKON_HOME",
    "XDG_*",
    "SOURCE_DATE_EPOCH",
];
const HEEDS: Heeds = Heeds::Packages(OWN);

const PLACES: &[At] = &[At::Tools, At::Home, At::Temporary];
/// With the source, where it is built in place.
const AND_HERE: &[At] = &[At::Here, At::Tools, At::Home, At::Temporary];

const PIP_VALUES: &[(&str, Use)] = &[
    ("-r --requirement -c --constraint -f --find-links", Use::Reads),
    ("-e --editable", Use::Both),
    (
        "-t --target --prefix --root --src -b --build --cache-dir --log -d --download --download-cache",
        Use::Writes,
    ),
    ("-w --wheel-dir", Use::Writes),
    (
        "-i --index-url --extra-index-url --trusted-host --timeout --default-timeout --retries --only-binary \
         --no-binary --progress-bar --root-user-action --upgrade-strategy --global-option --install-option \
         --config-settings --use-feature --use-deprecated --proxy --exists-action --platform --python-version \
         --abi --implementation",
        Use::Nothing,
    ),
    ("--cert --client-cert", Use::Reads),
    ("--python", Use::Barrier),
];

const fn pip(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .operands(Use::Source)
        .values(PIP_VALUES)
        .reads(&[At::Here, At::Tools, At::Home])
        .heeds(HEEDS)
        .online()
}

const fn project(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .reads(&[At::Here, At::Tools, At::Home])
        .writes(AND_HERE)
        .heeds(Heeds::Anything)
        .online()
}

const CONDA_VALUES: &[(&str, Use)] = &[
    ("-p --prefix", Use::Writes),
    ("-f --file", Use::Reads),
    ("-n --name -c --channel --solver --repodata-fn --experimental-solver", Use::Nothing),
];

const fn conda(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .operands(Use::Package)
        .values(CONDA_VALUES)
        .reads(&[At::Tools, At::Home])
        .writes(PLACES)
        .heeds(HEEDS)
        .brings(Brings::Anything)
        .online()
}

const CONDA_VERBS: &[&str] = &[
    "install",
    "update",
    "upgrade",
    "remove",
    "uninstall",
    "create",
    "clean",
    "config",
    "init",
    "info",
    "list",
    "env create",
    "env update",
    "env remove",
    "env list",
    "search",
    "index",
    "build purge",
];

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    conda("conda").verbs(CONDA_VERBS),
    conda("conda").verbs(&["run"]).operands(Use::Barrier),
    pip("easy_install").writes(PLACES).brings(Brings::Named),
    conda("mamba").verbs(CONDA_VERBS),
    conda("micromamba").verbs(CONDA_VERBS),
    pip("pip").verbs(&["install"]).writes(PLACES).brings(Brings::Named),
    pip("pip").verbs(&["uninstall"]).operands(Use::Nothing).writes(PLACES),
    pip("pip").verbs(&["wheel", "download"]).writes(&[At::Here, At::Home, At::Temporary]),
    pip("pip").verbs(&["cache", "config"]).operands(Use::Nothing).writes(&[At::Home, At::Folder("/etc")]),
    pip("pip")
        .verbs(&["list", "freeze", "show", "check", "--version", "debug", "search"])
        .operands(Use::Nothing),
    project("pipenv")
        .values(&[("-r --requirements", Use::Reads), ("--python -i --index", Use::Nothing)])
        .verbs(&["install", "sync", "update", "lock", "clean", "uninstall", "graph", "check", "requirements"])
        .brings(Brings::Anything),
    project("pipx").verbs(&["install", "ensurepath", "inject", "upgrade"]).brings(Brings::Named),
    project("poetry")
        .values(&[
            ("-C --directory --project", Use::Enters),
            ("-E --extras --only --with --without -P", Use::Nothing),
        ])
        .verbs(&["install", "add", "update", "lock", "remove", "sync"])
        .brings(Brings::Anything),
    project("poetry")
        .values(&[
            ("-C --directory --project", Use::Enters),
            ("-o --output", Use::Writes),
            ("-f --format", Use::Nothing),
        ])
        .verbs(&[
            "config",
            "export",
            "cache",
            "check",
            "build",
            "show",
            "version",
            "self add",
            "self update",
        ]),
    entry("pyenv")
        .loose()
        .verbs(&["install", "global", "local", "rehash", "update", "versions", "virtualenv"])
        .writes(&[At::Here, At::Tools, At::Home, At::Temporary])
        .heeds(Heeds::Anything)
        .brings(Brings::Anything)
        .online(),
    project("uv")
        .values(&[
            ("--directory --project", Use::Enters),
            ("--python -p --extra --group --index-url", Use::Nothing),
        ])
        .verbs(&["sync", "lock", "add", "remove", "export", "build", "version"])
        .brings(Brings::Anything),
    pip("uv").verbs(&["pip install", "pip sync"]).writes(PLACES).brings(Brings::Named),
    pip("uv")
        .verbs(&["pip compile", "pip list", "pip freeze", "pip uninstall"])
        .values(&[("-o --output-file", Use::Writes)])
        .writes(PLACES),
    entry("uv").loose().verbs(&["venv"]).operands(Use::Writes).writes(AND_HERE).heeds(HEEDS).online(),
    entry("uv")
        .loose()
        .verbs(&["cache", "python install", "tool install", "self update"])
        .writes(PLACES)
        .heeds(HEEDS)
        .online(),
    entry("virtualenv")
        .loose()
        .values(&[("-p --python --prompt", Use::Nothing)])
        .operands(Use::Writes)
        .writes(PLACES)
        .heeds(HEEDS)
        .online(),
];

/// What `python -m module` and `python file` are about.
const MODULES: &[Entry] = &[
    entry("compileall")
        .loose()
        .operands(Use::Writes)
        .values(&[("-d -x -j -s -p", Use::Nothing)])
        .heeds(Heeds::Names(OWN)),
    entry("ensurepip").loose().writes(PLACES).heeds(HEEDS).brings(Brings::Anything),
    entry("get-pip.py").loose().writes(PLACES).heeds(HEEDS).brings(Brings::Anything).online(),
    project("setup.py").brings(Brings::Anything),
    entry("spacy").loose().verbs(&["download"]).writes(PLACES).heeds(HEEDS).online(),
    entry("venv")
        .loose()
        .values(&[("--prompt", Use::Nothing)])
        .operands(Use::Writes)
        .writes(&[At::Temporary])
        .heeds(HEEDS),
];

/// What `python` does: a module or a file that is known, or it says its version.
pub(super) fn run(command: &Command, scene: &Scene) -> Known {
    let flag = |w: &&Word| {
        matches!(w.value.as_deref(), Some("-u" | "-B" | "-s" | "-S" | "-E" | "-O" | "-OO" | "-I"))
    };
    let args = command.args();
    let args = &args[args.iter().take_while(flag).count()..];
    let text = |n: usize| args.get(n).and_then(|w| w.value.as_deref());
    let module = match (text(0), text(1)) {
        (Some("-V" | "--version"), _) => return Ok(Effect::nothing()),
        (Some("-m"), Some(_)) => 1,
        (Some(file), _) if !file.starts_with('-') => 0,
        _ => return Err(Barrier("`python` runs a program".to_string())),
    };
    let name = text(module).map(|n| n.rsplit('/').next().unwrap_or(n)).unwrap_or_default();
    let inner = Command { words: args[module..].to_vec() };
    let mut entries = MODULES.iter().filter(|e| e.name == name);
    let known = match entries.next() {
        Some(entry) => super::by_entries(std::iter::once(entry), name, &inner, scene)?,
        None if module == 1 && is_tool(name) => super::effect(&inner, scene)?,
        None => return Err(Barrier(format!("`python` runs `{name}`"))),
    };
    // the folder where it runs is the first that modules are looked for in
    let mut whole = Effect { reads: scene.here(), uses_folder: true, ..Effect::nothing() };
    whole.take(known);
    Ok(whole)
}

/// Tools that are modules too.
fn is_tool(name: &str) -> bool {
    matches!(name, "pip" | "pipenv" | "poetry" | "pipx" | "virtualenv" | "uv" | "easy_install" | "conda")
}
