//! A project as uv sees it: its pyproject.toml with the members of its workspace, its settings, its lock.
//!
//! uv looks for settings (`uv.toml`, `[tool.uv]`), for the version of Python (`.python-version`, `.python-versions`) and
//! for the root of a workspace in the folder that it runs in and in all above it. `--frozen` takes the lock as it is,
//! `--locked` compares it with what the members say, which is not asked of a build backend where it is static.
//! Sources: docs.astral.sh/uv (concepts/projects/workspaces, concepts/projects/sync, reference/settings,
//! guides/integration/docker).

use std::collections::BTreeSet;

use super::words::is_remote;
use super::{Gather, Obstacle};
use crate::model::context::path;
use crate::model::manifests::document::{self, Node, Value};

/// Keys of `[tool.uv]` and of uv.toml that name no file, or that are looked at here.
const KEYS: &[&str] = &[
    "package",
    "managed",
    "dev-dependencies",
    "default-groups",
    "dependency-groups",
    "required-version",
    "environments",
    "required-environments",
    "constraint-dependencies",
    "override-dependencies",
    "exclude-dependencies",
    "build-constraint-dependencies",
    "conflicts",
    "resolution",
    "prerelease",
    "fork-strategy",
    "index-strategy",
    "exclude-newer",
    "exclude-newer-package",
    "no-build",
    "no-build-package",
    "no-binary",
    "no-binary-package",
    "no-build-isolation",
    "no-build-isolation-package",
    "compile-bytecode",
    "link-mode",
    "python-preference",
    "python-downloads",
    "native-tls",
    "system-certs",
    "concurrent-downloads",
    "concurrent-builds",
    "concurrent-installs",
    "index",
    "sources",
    "workspace",
    "build-backend",
    "cache-keys",
    "publish-url",
    "trusted-publishing",
    "check-url",
    "index-url",
    "extra-index-url",
    "find-links",
    "no-cache",
    "pip",
    "extra",
];

/// What an install leaves out of the project itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Skips {
    /// Nothing: each member that is a package is built.
    Nothing,
    /// The project that it runs in.
    Project,
    /// All members of the workspace.
    Members,
}

/// A project.
pub struct Project {
    /// The folder of its root.
    root: String,
    /// The folder that uv runs in.
    own: String,
    /// The pyproject.toml of the root, of the folder that uv runs in, and of each member, with their paths.
    files: Vec<(String, Value)>,
}

/// Takes what uv reads of settings, in the folder that it runs in and above; gives these folders.
///
/// # Errors
/// A setting that may lead to other files.
pub fn settings(gather: &mut Gather) -> Result<Vec<String>, Obstacle> {
    let folders = gather.folders_up();
    for folder in &folders {
        for name in [".python-version", ".python-versions"] {
            gather.take_at(&path::join(folder, name))?;
        }
        let at = path::join(folder, "uv.toml");
        if gather.take_at(&at)? {
            names_no_file(&at, read(gather, &at)?.at(&[]))?;
        }
        let at = path::join(folder, "pyproject.toml");
        if gather.take_at(&at)? {
            let file = read(gather, &at)?;
            names_no_file(&at, file.at(&["tool", "uv"]))?;
            members(gather, folder, &file)?;
        }
    }
    Ok(folders)
}

fn read(gather: &Gather, at: &str) -> Result<Value, Obstacle> {
    document::toml(&gather.text(at)?).map_err(|e| Obstacle::new(format!("{at} cannot be read: {e}")))
}

fn names_no_file(at: &str, settings: Node) -> Result<(), Obstacle> {
    if let Some((key, _)) = settings.entries().find(|(key, _)| !KEYS.contains(key)) {
        return Err(Obstacle::new(format!("it is not known what the setting `{key}` in {at} makes uv read")));
    }
    let own =
        ["system", "break-system-packages", "no-deps", "require-hashes", "strict", "universal", "all-extras"];
    let of_pip = settings.get("pip").entries().find(|(key, _)| !KEYS.contains(key) && !own.contains(key));
    if let Some((key, _)) = of_pip {
        return Err(Obstacle::new(format!(
            "it is not known what the setting `pip.{key}` in {at} makes uv read"
        )));
    }
    let pages = ["index-url", "extra-index-url", "find-links"];
    let named = pages.iter().flat_map(|key| [settings.get(key), settings.get("pip").get(key)]);
    let listed = [settings, settings.get("pip")]
        .into_iter()
        .flat_map(|s| s.get("index").items())
        .map(|i| i.get("url"));
    let page = named.chain(listed).flat_map(Node::texts).find(|page| !is_remote(page));
    page.map_or(Ok(()), |page| Err(Obstacle::new(format!("{at} has uv look for archives in `{page}`"))))
}

/// Takes the pyproject.toml of each member of a workspace whose root is in `folder`.
fn members(gather: &mut Gather, folder: &str, root: &Value) -> Result<Vec<(String, Value)>, Obstacle> {
    let mut found = BTreeSet::new();
    for pattern in root.at(&["tool", "uv", "workspace", "members"]).texts() {
        let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
        let is_plain = |p: &str| path::is_clean(p) && !p.contains(['*', '?', '[', '{']);
        match pattern.strip_suffix("/*") {
            _ if is_plain(pattern) => drop(found.insert(path::join(folder, pattern))),
            Some(parent) if is_plain(parent) => {
                let parent = path::join(folder, parent);
                let listing = gather.place.context.list(&parent).filter(|l| l.complete);
                let listing =
                    listing.ok_or_else(|| Obstacle::new(format!("it is not known what {parent} holds")))?;
                found.extend(listing.entries.iter().map(|(name, _)| path::join(&parent, name)));
            }
            _ => return Err(Obstacle::new(format!("it is not known which members `{pattern}` names"))),
        }
    }
    let mut files = Vec::new();
    for member in found {
        let at = path::join(&member, "pyproject.toml");
        if gather.take_at(&at)? {
            let file = read(gather, &at)?;
            names_no_file(&at, file.at(&["tool", "uv"]))?;
            files.push((at, file));
            nothing_between(gather, folder, &member)?;
        }
    }
    Ok(files)
}

/// From a member uv goes up to the root: a pyproject.toml on the way could be another root.
fn nothing_between(gather: &mut Gather, root: &str, member: &str) -> Result<(), Obstacle> {
    let mut folder = path::parent(member);
    while folder.len() > root.len() {
        let at = path::join(folder, "pyproject.toml");
        if gather.is_there(&at)? {
            return Err(Obstacle::new(format!("{at} stands between a member and the root of its workspace")));
        }
        folder = path::parent(folder);
    }
    Ok(())
}

impl Project {
    /// The project that uv finds where it runs.
    ///
    /// # Errors
    /// Where there is none, or what it names is not known.
    pub fn of(gather: &mut Gather) -> Result<Self, Obstacle> {
        let own = gather.require("pyproject.toml")?;
        let folders = settings(gather)?;
        let mut project = Self { root: folders[0].clone(), own: folders[0].clone(), files: Vec::new() };
        project.files.push((own.clone(), read(gather, &own)?));
        let mut roots = Vec::new();
        for folder in &folders {
            let at = path::join(folder, "pyproject.toml");
            if gather.take_at(&at)? {
                let file = read(gather, &at)?;
                if file.at(&["tool", "uv", "workspace"]).is_there() {
                    roots.push(folder);
                    project.files.extend(members(gather, folder, &file)?);
                    project.files.push((at, file));
                }
            }
        }
        if let Some(root) = roots.first() {
            project.root.clone_from(root);
        }
        if roots.len() > 1 {
            return Err(Obstacle::new("it is not known which of its workspaces uv takes"));
        }
        for folder in &folders {
            gather.leave_at(&path::join(folder, ".venv"));
        }
        Ok(project)
    }

    /// The project of one file that a command line names.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn at(gather: &mut Gather, at: &str) -> Result<Self, Obstacle> {
        gather.require_at(at)?;
        let folder = path::parent(at).to_string();
        Ok(Self { root: folder.clone(), own: folder, files: vec![(at.to_string(), read(gather, at)?)] })
    }

    /// The folder of its root.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Whether no member has its version or its dependencies worked out by a build backend.
    ///
    /// # Errors
    /// The one that has.
    pub fn is_static(&self) -> Result<(), Obstacle> {
        for (at, file) in &self.files {
            let is_workspace_alone = file.at(&["tool", "uv", "workspace"]).is_there();
            let project = file.at(&["project"]);
            if !project.is_there() && !is_workspace_alone {
                return Err(Obstacle::new(format!("{at} has no [project]")));
            }
            if project.get("dynamic").items().next().is_some() {
                return Err(Obstacle::small(format!(
                    "uv may build the project to learn what is dynamic in {at}; use --frozen instead of --locked"
                )));
            }
        }
        Ok(())
    }

    /// Whether the dependencies of one file are all that is read for it.
    ///
    /// # Errors
    /// Why not.
    pub fn lists_its_dependencies(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        self.is_static()?;
        self.names_no_path(gather, Skips::Members)
    }

    /// Whether no dependency is a path of the source, where there is no lock to tell.
    ///
    /// # Errors
    /// The one that is.
    pub fn names_no_path(&self, gather: &mut Gather, skips: Skips) -> Result<(), Obstacle> {
        for (at, file) in &self.files {
            let names = ["dependencies", "optional-dependencies"].map(|key| file.at(&["project", key]));
            let groups = [file.at(&["dependency-groups"]), file.at(&["tool", "uv"])];
            let texts = names.into_iter().chain(groups).flat_map(Node::texts);
            if let Some(text) = texts.into_iter().find(|t| t.contains("file:") || t.contains("@ .")) {
                return Err(Obstacle::new(format!("`{text}` in {at} is a path")));
            }
            for (name, source) in file.at(&["tool", "uv", "sources"]).entries() {
                let all: Vec<Node> = source.items().chain([source]).collect();
                if all.iter().any(|s| s.get("path").is_there() || s.get("workspace").is_there()) {
                    return Err(Obstacle::new(format!("{name} in {at} is a path")));
                }
            }
            if self.files.len() == 1 && skips == Skips::Nothing && is_package(file) {
                gather.obstacle(adds_no_install("project"));
            }
        }
        Ok(())
    }

    /// Whether the lock takes every package but those of the project from elsewhere, and these are skipped.
    ///
    /// # Errors
    /// The package that is a path.
    pub fn packages_come_from_elsewhere(
        &self,
        gather: &mut Gather,
        lock: &str,
        skips: Skips,
    ) -> Result<(), Obstacle> {
        let file = read(gather, lock)?;
        let members = file.at(&["manifest", "members"]).texts();
        let own = self.own.strip_prefix(&self.root).unwrap_or_default().trim_start_matches('/');
        let own = if own.is_empty() { "." } else { own };
        for package in file.at(&["package"]).items() {
            let name = package.get("name").text().unwrap_or_default();
            for (kind, value) in package.get("source").entries() {
                let value = value.text().unwrap_or_default();
                let is_own = value == own;
                let is_member = is_own || members.contains(&name);
                match kind {
                    "virtual" => {}
                    "editable" | "directory"
                        if is_own && skips != Skips::Nothing || is_member && skips == Skips::Members => {}
                    "editable" | "directory" if is_own => gather.obstacle(adds_no_install("project")),
                    "editable" | "directory" if is_member => gather.obstacle(adds_no_install("workspace")),
                    "registry" | "url" | "git" if is_remote(value) => {}
                    "subdirectory" => {}
                    _ => return Err(Obstacle::new(format!("{name} in {lock} comes from `{value}`"))),
                }
            }
        }
        Ok(())
    }
}

/// Whether uv installs the project itself.
fn is_package(file: &Value) -> bool {
    let says = file.at(&["tool", "uv", "package"]);
    says.is(true) || file.at(&["build-system"]).is_there() && !says.is(false)
}

fn adds_no_install(what: &str) -> Obstacle {
    Obstacle::small(format!(
        "`uv sync` builds the {what} itself too; add --no-install-{what}, and a second `uv sync` below the source"
    ))
}
