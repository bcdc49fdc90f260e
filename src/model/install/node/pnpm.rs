//! pnpm: `pnpm install`, `pnpm fetch`, and what it does for everybody.
//!
//! It reads package.json, pnpm-workspace.yaml (looked for upward), pnpm-lock.yaml, `.npmrc`, patches, and runs
//! `.pnpmfile.cjs`. Held against traces of pnpm 8, 9 and 10.

use super::super::{Asked, Gather, Install, Manager, Obstacle};
use super::helpers::{Cache, Nothing, Programs, Setting};
use super::project::{Lock, Project, Ways};
use super::words::{self, Known, Words};
use super::{corepack, patches, settings};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::node::spec::{self, Spec};
use crate::model::manifests::yaml::{self, Yaml};

/// pnpm.
pub const MANAGER: Manager =
    Manager { name: "pnpm", programs: &["pnpm"], read, heeds: super::heeds, home: super::HOME };

const KNOWN: Known = Known {
    who: "pnpm",
    flags: &[
        "--aggregate-output",
        "--color",
        "--dev",
        "--force",
        "--frozen-lockfile",
        "--global",
        "--ignore-scripts",
        "--no-color",
        "--no-frozen-lockfile",
        "--no-lockfile",
        "--no-optional",
        "--no-strict-peer-dependencies",
        "--offline",
        "--prefer-frozen-lockfile",
        "--prefer-offline",
        "--prod",
        "--production",
        "--recursive",
        "--shamefully-hoist",
        "--silent",
        "--stream",
        "--strict-peer-dependencies",
        "--unsafe-perm",
        "-D",
        "-P",
        "-g",
        "-r",
        "-s",
    ],
    valued: &[
        "--child-concurrency",
        "--fetch-retries",
        "--fetch-timeout",
        "--filter",
        "-F",
        "--loglevel",
        "--network-concurrency",
        "--registry",
        "--reporter",
        "--workspace-concurrency",
    ],
};

/// Settings of pnpm-workspace.yaml and of `pnpm` in package.json that name no file beyond those that are looked at.
const SETTINGS: &[&str] = &[
    "allowBuilds",
    "allowNonAppliedPatches",
    "allowUnusedPatches",
    "allowedDeprecatedVersions",
    "auditConfig",
    "autoInstallPeers",
    "catalog",
    "catalogMode",
    "catalogs",
    "cleanupUnusedCatalogs",
    "dedupePeerDependents",
    "enablePrePostScripts",
    "engineStrict",
    "hoist",
    "hoistPattern",
    "ignoredBuiltDependencies",
    "ignoredOptionalDependencies",
    "linkWorkspacePackages",
    "minimumReleaseAge",
    "minimumReleaseAgeExclude",
    "neverBuiltDependencies",
    "onlyBuiltDependencies",
    "overrides",
    "packageExtensions",
    "packages",
    "patchedDependencies",
    "peerDependencyRules",
    "preferWorkspacePackages",
    "publicHoistPattern",
    "resolutionMode",
    "saveExact",
    "savePrefix",
    "shamefullyHoist",
    "strictDepBuilds",
    "strictPeerDependencies",
    "supportedArchitectures",
    "trustPolicy",
    "updateConfig",
    "verifyDepsBeforeRun",
];

fn read(command: &Command) -> Option<Asked> {
    if Words::asks_for_version(command) {
        return Some(Ok(Box::new(Nothing)));
    }
    match words::verb(command, &KNOWN)? {
        "install" | "i" | "fetch" | "add" | "config" | "store" => {}
        _ => return None,
    }
    Some(Words::read(command, &KNOWN).and_then(|words| asked(&words)))
}

fn asked(words: &Words) -> Asked {
    let rest = words.operands();
    // `[origin/main]` asks git what has changed
    let filter = words.value("--filter").or_else(|| words.value("-F")).unwrap_or_default();
    if filter.contains('[') {
        return Err(Obstacle::new(format!("the filter `{filter}` may read the source")));
    }
    match (words.plain[0].as_str(), rest.first().map(String::as_str)) {
        ("add", _) if words.has(&["-g", "--global"]) => Ok(Box::new(Programs::new(rest)?)),
        ("store", Some("prune")) => Ok(Box::new(Cache)),
        ("config", Some("set")) => Ok(Box::new(Setting::new(&rest[1..], ".npmrc")?)),
        ("install" | "i" | "fetch", None) if !words.has(&["-g", "--global"]) => Ok(Box::new(Pnpm {
            is_fetch: words.plain[0] == "fetch",
            is_frozen: words.has(&["--frozen-lockfile"]),
            ignores_scripts: words.flag(&["--ignore-scripts"]),
            ignores_lock: words.has(&["--no-lockfile"]),
        })),
        ("install" | "i" | "add", Some(name)) => Err(Obstacle::small(format!(
            "`pnpm add {name}` writes into package.json, which the source would put back; name it there, and install \
             without names"
        ))),
        _ => Err(Obstacle::new("this call of pnpm is not understood")),
    }
}

/// An install of what package.json or the lock names.
struct Pnpm {
    is_fetch: bool,
    is_frozen: bool,
    ignores_scripts: Option<bool>,
    ignores_lock: bool,
}

impl Install for Pnpm {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        corepack::take(gather)?;
        let npmrc = settings::npmrc(gather)?;
        for name in [".pnpmfile.cjs", ".pnpmfile.mjs", ".pnpmfile.js", "pnpmfile.js"] {
            gather.must_be_free(name, "a file that pnpm runs");
        }
        let yaml = workspace(gather)?;
        let says = npmrc.iter().any(|(key, value)| key == "ignore-scripts" && value == "true");
        let runs_scripts = !self.ignores_scripts.unwrap_or(says);
        let ways = Ways {
            who: "pnpm",
            patterns: Some(patterns(&yaml)?),
            has_protocol: true,
            runs_scripts: runs_scripts && !self.is_fetch,
        };
        let project = Project::take(gather, &ways)?;
        no_other_manifests(gather, &project);
        let (names, specs) = project.root.pnpm();
        known(names.into_iter(), &gather.at("package.json"))?;
        remote(specs.into_iter(), &gather.at("package.json"))?;
        patches::named(gather, &project.root.patches().map_err(Obstacle::new)?)?;
        let lock = self.lock(gather, &project)?;
        if runs_scripts {
            project.look_at_packages(gather, &lock);
        }
        Ok(())
    }
}

impl Pnpm {
    fn lock(&self, gather: &mut Gather, project: &Project) -> Result<Lock, Obstacle> {
        let is_there = !self.ignores_lock && gather.take("pnpm-lock.yaml")?;
        let at = gather.at("pnpm-lock.yaml");
        if is_there {
            if !self.is_frozen && !self.is_fetch {
                gather.obstacle(Obstacle::small(format!(
                    "`pnpm install` may rewrite {at}, and the source would put its own back; add --frozen-lockfile"
                )));
            }
            return Lock::of_text(&at, &gather.text(&at)?, !project.members.is_empty());
        }
        if self.is_frozen || self.is_fetch {
            return Err(Obstacle::new(format!("{at} is not in the build context")));
        }
        if !self.ignores_lock {
            gather.leave("pnpm-lock.yaml");
        }
        Ok(Lock { names: project.names()?, with_scripts: None })
    }
}

/// The settings of pnpm-workspace.yaml, where it is there.
fn workspace(gather: &mut Gather) -> Result<Yaml, Obstacle> {
    let at = gather.at("pnpm-workspace.yaml");
    if !gather.take("pnpm-workspace.yaml")? {
        return Ok(Yaml::Nothing);
    }
    let yaml = yaml::read(&gather.text(&at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
    let is_remote = |name: &str| yaml.get(name).map(Yaml::leaves).unwrap_or_default();
    known(yaml.map().iter().map(|(key, _)| key.as_str()), &at)?;
    for field in ["catalog", "catalogs", "overrides", "packageExtensions"] {
        remote(is_remote(field).into_iter().map(|(_, spec)| spec), &at)?;
    }
    let files = is_remote("patchedDependencies").into_iter().map(|(_, file)| file.to_string());
    patches::named(gather, &files.collect::<Vec<_>>())?;
    Ok(yaml)
}

fn patterns(yaml: &Yaml) -> Result<Vec<String>, Obstacle> {
    let words = yaml.get("packages").map_or(Some(Vec::new()), Yaml::words);
    let words = words.ok_or("`packages` of pnpm-workspace.yaml is not understood")?;
    Ok(words.into_iter().map(String::from).collect())
}

fn known<'n>(mut names: impl Iterator<Item = &'n str>, at: &str) -> Result<(), Obstacle> {
    match names.find(|name| !SETTINGS.contains(name)) {
        Some(name) => Err(Obstacle::new(format!("{at}: dfmt does not know where `{name}` leads"))),
        None => Ok(()),
    }
}

fn remote<'s>(mut specs: impl Iterator<Item = &'s str>, at: &str) -> Result<(), Obstacle> {
    match specs.find(|spec| !matches!(spec::read(spec), Spec::Remote | Spec::Member)) {
        Some(spec) => Err(Obstacle::new(format!("{at}: `{spec}` lies in the source"))),
        None => Ok(()),
    }
}

/// pnpm takes a package.yaml or a package.json5 for a package.json.
fn no_other_manifests(gather: &mut Gather, project: &Project) {
    for name in
        project.members.iter().flat_map(|f| ["package.yaml", "package.json5"].map(|n| path::join(f, n)))
    {
        gather.must_be_free(&name, "a manifest that pnpm may take for package.json");
    }
}
