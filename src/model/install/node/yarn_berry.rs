//! Yarn 2 and later.
//!
//! It reads package.json, yarn.lock, `.yarnrc.yml` here and in all folders above, the release and the plugins that it
//! names, patches, `.yarn/cache`. Held against traces of Yarn 3 and 4, with `node_modules` and without.

use super::super::{Gather, Obstacle};
use super::corepack;
use super::packages::folders;
use super::project::{Lock, Project, Ways};
use super::yarn::{Use, Yarn};
use crate::model::context::{Presence, path};
use crate::model::manifests::node::spec::{self, Spec};
use crate::model::manifests::yaml::{self, Yaml};

/// Settings that name no file beyond those that are looked at.
const SETTINGS: &[&str] = &[
    "catalog",
    "catalogs",
    "checksumBehavior",
    "compressionLevel",
    "defaultSemverRangePrefix",
    "enableColors",
    "enableGlobalCache",
    "enableHardenedMode",
    "enableImmutableInstalls",
    "enableInlineBuilds",
    "enableMessageNames",
    "enableNetwork",
    "enableProgressBars",
    "enableScripts",
    "enableStrictSsl",
    "enableTelemetry",
    "httpRetry",
    "httpTimeout",
    "initFields",
    "initScope",
    "logFilters",
    "networkConcurrency",
    "nmHoistingLimits",
    "nmMode",
    "nmSelfReferences",
    "nodeLinker",
    "npmAlwaysAuth",
    "npmAuthIdent",
    "npmAuthToken",
    "npmMinimalAgeGate",
    "npmPreapprovedPackages",
    "npmPublishAccess",
    "npmRegistryServer",
    "npmScopes",
    "packageExtensions",
    "plugins",
    "pnpEnableEsmLoader",
    "pnpFallbackMode",
    "pnpIgnorePatterns",
    "pnpMode",
    "preferInteractive",
    "supportedArchitectures",
    "telemetryInterval",
    "tsEnableAutoTypes",
    "yarnPath",
];

/// What an install writes beside `node_modules`.
const WRITES: &[&str] = &[
    ".pnp.cjs",
    ".pnp.js",
    ".pnp.data.json",
    ".pnp.loader.mjs",
    ".yarn/build-state.yml",
    ".yarn/install-state.gz",
    ".yarn/unplugged",
];

/// What an install needs.
///
/// # Errors
/// What is not understood.
pub fn needs(install: &Yarn, gather: &mut Gather) -> Result<(), Obstacle> {
    if matches!(install.lock, Use::Read | Use::None) {
        return Err(Obstacle::new("it has an option of Yarn 1"));
    }
    corepack::take(gather)?;
    for folder in folders(gather) {
        settings_in(gather, folder)?;
    }
    gather.must_be_free(".env.yarn", "a file from which Yarn takes variables");
    let runs_scripts = match install.mode.as_deref() {
        None => true,
        Some("skip-build") => false,
        Some(mode) => return Err(Obstacle::new(format!("dfmt does not know what --mode={mode} does"))),
    };
    let project =
        Project::take(gather, &Ways { who: "Yarn", patterns: None, has_protocol: true, runs_scripts })?;
    // seen with Yarn 3: it links to the project's own commands where they are, and makes them executable
    if project.root.has_commands() {
        let at = gather.at("package.json");
        return Err(Obstacle::new(format!(
            "{at}: it brings commands, to which the install links where they are"
        )));
    }
    let at = gather.require("yarn.lock")?;
    if install.lock == Use::Rewritten {
        gather.obstacle(Obstacle::small(format!(
            "`yarn install` may rewrite {at}, and the source would put its own back; add --immutable"
        )));
    }
    writes(gather)?;
    let lock = Lock::of_text(&at, &gather.text(&at)?, true)?;
    if runs_scripts {
        project.look_at_packages(gather, &lock);
    }
    Ok(())
}

/// Whether `.yarnrc.yml` names the release of Yarn that is to be called.
///
/// # Errors
/// Where it cannot be read.
pub fn names_a_release(gather: &mut Gather) -> Result<bool, Obstacle> {
    let at = gather.require(".yarnrc.yml")?;
    let yaml = yaml::read(&gather.text(&at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
    Ok(yaml.get("yarnPath").is_some())
}

fn settings_in(gather: &mut Gather, folder: &str) -> Result<(), Obstacle> {
    let at = path::join(folder, ".yarnrc.yml");
    if !gather.take_at(&at)? {
        return Ok(());
    }
    let unclear = |why: String| Obstacle::new(format!("{at}: {why}"));
    let yaml = yaml::read(&gather.text(&at)?).map_err(unclear)?;
    if let Some((key, _)) = yaml.map().iter().find(|(key, _)| !SETTINGS.contains(&key.as_str())) {
        return Err(unclear(format!("dfmt does not know where `{key}` leads")));
    }
    for field in ["packageExtensions", "catalog", "catalogs"] {
        let specs = yaml.get(field).map(Yaml::leaves).unwrap_or_default();
        if let Some((_, spec)) = specs.iter().find(|(_, spec)| spec::read(spec) != Spec::Remote) {
            return Err(unclear(format!("`{spec}` lies in the source")));
        }
    }
    let mut files: Vec<&str> = yaml.get("yarnPath").and_then(Yaml::text).into_iter().collect();
    if files.iter().any(|f| !f.contains(".yarn/releases/yarn-")) {
        return Err(unclear("`yarnPath` names no release of Yarn".to_string()));
    }
    files.extend(plugins(&yaml).map_err(unclear)?);
    for file in files.into_iter().map(|f| f.strip_prefix("./").unwrap_or(f)) {
        if !path::is_clean(file) {
            return Err(unclear(format!("{file} may lie elsewhere")));
        }
        gather.require_at(&path::join(folder, file))?;
    }
    Ok(())
}

/// The files of the plugins: all have to be those of Yarn itself.
fn plugins(yaml: &Yaml) -> Result<Vec<&str>, String> {
    match yaml.get("plugins") {
        None => Ok(Vec::new()),
        Some(Yaml::List(list)) => list.iter().map(plugin).collect(),
        Some(_) => Err("`plugins` is not understood".to_string()),
    }
}

fn plugin(plugin: &Yaml) -> Result<&str, String> {
    let spec = plugin.get("spec").and_then(Yaml::text).unwrap_or_default();
    let is_known = spec.starts_with("@yarnpkg/plugin-") && spec != "@yarnpkg/plugin-exec";
    let path = plugin.get("path").and_then(Yaml::text).filter(|_| is_known);
    path.ok_or_else(|| format!("the plugin `{spec}` may read the source"))
}

/// Notes what it writes. The cache may be part of the source: then it is read.
fn writes(gather: &mut Gather) -> Result<(), Obstacle> {
    let cache = gather.at(".yarn/cache");
    if gather.place.context.may_hold(&cache) == Presence::Yes {
        return Err(Obstacle::new(format!("{cache} is part of the source, and Yarn may write into it")));
    }
    let names = WRITES.iter().copied().chain([".yarn/cache"]);
    let doubtful: Vec<String> = names
        .clone()
        .map(|name| gather.at(name))
        .filter(|at| matches!(gather.place.context.may_hold(at), Presence::Perhaps(_)))
        .collect();
    if doubtful.len() > 1 {
        let list = doubtful.join(", ");
        gather.obstacle(Obstacle::small(format!(
            "the build context may hold {list}, which Yarn writes; name them in .dockerignore"
        )));
        return Ok(());
    }
    names.for_each(|name| gather.leave(name));
    Ok(())
}
