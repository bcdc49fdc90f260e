//! The package managers of Node.
//!
//! An install runs the scripts of packages, which are taken to stay below the working folder, the tools' folders, the
//! home and temporary files; `run` runs one of the project's own, and is bounded in the same way.

use crate::model::command::effect::{Brings, Heeds};
use crate::model::command::entry::{At, Entry, Use, entry};

const OWN: &[&str] =
    &["NPM_*", "NODE*", "YARN_*", "PNPM_*", "BUN_*", "COREPACK_*", "XDG_*", "CI", "NVM_*", "N_PREFIX"];
const PLACES: &[At] = &[At::Here, At::Tools, At::Home, At::Temporary];
const GLOBAL: &[At] = &[At::Tools, At::Home, At::Temporary];

const VALUES: &[(&str, Use)] = &[
    ("--prefix -C --dir --cwd", Use::Enters),
    (
        "--cache --cache-folder --modules-folder --global-folder --store-dir --install-dir --globalconfig",
        Use::Writes,
    ),
    ("--userconfig", Use::Reads),
    (
        "--registry -w --workspace --filter -F --omit --include --only --loglevel --network-timeout --network-concurrency --mutex --tag --jobs",
        Use::Nothing,
    ),
];

const fn manager(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .values(VALUES)
        .operands(Use::Nothing)
        .instead(&["-g", "--global"])
        .reads(&[At::Here, At::Above, At::Tools, At::Home])
        .writes(PLACES)
        .heeds(Heeds::Packages(OWN))
        .brings(Brings::Named)
        .online()
}

const fn runner(name: &'static str) -> Entry {
    manager(name).heeds(Heeds::Anything)
}

/// Settings of the user.
const fn settings(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .values(VALUES)
        .reads(&[At::Here, At::Home])
        .writes(&[At::Tools, At::Home, At::Here])
        .heeds(Heeds::Names(OWN))
}

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    runner("bower"),
    manager("bun").verbs(&["install", "add", "remove", "update", "i", "pm"]),
    runner("bun").verbs(&["run", "build", "x"]),
    entry("corepack").loose().writes(GLOBAL).heeds(Heeds::Names(OWN)).brings(Brings::Anything).online(),
    runner("gulp"),
    entry("n").loose().writes(GLOBAL).heeds(Heeds::Names(OWN)).brings(Brings::Anything).online(),
    runner("next").verbs(&["build"]),
    runner("ng").verbs(&["build", "version", "config", "set"]),
    entry("node")
        .loose()
        .flags("v")
        .longs("--version")
        .operands(Use::Barrier)
        .values(&[("-e -p -r --eval --print --require", Use::Barrier)]),
    manager("npm").verbs(&[
        "install",
        "i",
        "ci",
        "add",
        "update",
        "upgrade",
        "uninstall",
        "remove",
        "rm",
        "dedupe",
        "prune",
        "rebuild",
        "link",
        "clean-install",
        "install-ci-test",
        "audit",
        "audit fix",
        "fund",
    ]),
    settings("npm").verbs(&[
        "config",
        "config set",
        "set",
        "get",
        "config get",
        "config delete",
        "cache",
        "cache clean",
        "config rm",
    ]),
    runner("npm").verbs(&[
        "run",
        "run-script",
        "test",
        "start",
        "build",
        "pack",
        "exec",
        "version",
        "init",
        "shrinkwrap",
        "t",
    ]),
    settings("npm").verbs(&[
        "root", "bin", "prefix", "ls", "list", "view", "show", "search", "outdated", "help", "doctor",
        "whoami",
    ]),
    runner("npx"),
    manager("pnpm").verbs(&[
        "install",
        "i",
        "add",
        "fetch",
        "update",
        "remove",
        "prune",
        "rebuild",
        "store prune",
        "deploy",
        "import",
        "up",
    ]),
    settings("pnpm").verbs(&["config", "config set", "set", "setup"]),
    runner("pnpm").verbs(&["run", "build", "test", "exec", "dlx", "turbo", "lint", "recursive"]),
    runner("tsc"),
    runner("turbo"),
    runner("webpack"),
    manager("yarn").verbs(&["global add", "global remove", "global upgrade", "cache clean"]).writes(GLOBAL),
    manager("yarn").verbs(&[
        "install",
        "add",
        "remove",
        "upgrade",
        "workspaces focus",
        "dedupe",
        "autoclean",
        "import",
        "up",
        "plugin import",
        "set version",
        "rebuild",
    ]),
    settings("yarn").verbs(&["config", "config set", "cache dir", "global bin", "versions"]),
    // without a verb it installs; any other word is a script
    runner("yarn"),
];
