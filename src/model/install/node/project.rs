//! A project of Node.js: its package.json, the members of its workspace, what of the source they name, what they run.

use std::collections::BTreeSet;

use super::super::{Gather, Obstacle};
use super::{members, packages, patches, scripts};
use crate::model::context::path;
use crate::model::manifests::node::lock;
use crate::model::manifests::node::package::Package;
use crate::model::manifests::node::spec::{self, Spec};

/// What a lock says, or package.json where there is none.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// Names that packages may have.
    pub names: BTreeSet<String>,
    /// Those that run a script when they are installed, where that is known.
    pub with_scripts: Option<BTreeSet<String>>,
}

/// A project.
pub struct Project {
    /// The package.json where the install runs.
    pub root: Package,
    /// The folders of the members, as paths from there.
    pub members: BTreeSet<String>,
    /// The archives that it names.
    pub archives: BTreeSet<String>,
    packages: Vec<(String, Package)>,
}

/// What a manager makes of a project.
pub struct Ways {
    /// The manager.
    pub who: &'static str,
    /// Patterns of the workspace that stand elsewhere than in package.json.
    pub patterns: Option<Vec<String>>,
    /// Whether it knows `workspace:`.
    pub has_protocol: bool,
    /// Whether scripts run.
    pub runs_scripts: bool,
}

impl Project {
    /// Takes what an install reads of the project, and notes what stands in the way.
    ///
    /// # Errors
    /// What is not understood.
    pub fn take(gather: &mut Gather, ways: &Ways) -> Result<Self, Obstacle> {
        no_workspace_above(gather)?;
        let root = package(gather, "")?.ok_or_else(|| missing(gather))?;
        let patterns = match &ways.patterns {
            Some(patterns) => patterns.clone(),
            None => root.workspaces().map_err(|why| of(gather, "", &why))?.unwrap_or_default(),
        };
        let mut packages = vec![(String::new(), root.clone())];
        let mut found = BTreeSet::new();
        for folder in members::folders(gather, &patterns)? {
            if let Some(member) = package(gather, &folder)? {
                packages.push((folder.clone(), member));
                found.insert(folder);
            }
        }
        let mut project = Self { root, members: found, archives: BTreeSet::new(), packages };
        project.look(gather, ways)?;
        Ok(project)
    }

    /// Names that the project itself depends on.
    ///
    /// # Errors
    /// What is not understood.
    pub fn names(&self) -> Result<BTreeSet<String>, Obstacle> {
        let mut names = BTreeSet::new();
        for (_, package) in &self.packages {
            names.extend(package.dependencies()?.into_iter().map(|(name, _)| name));
        }
        Ok(names)
    }

    fn look(&mut self, gather: &mut Gather, ways: &Ways) -> Result<(), Obstacle> {
        for (folder, package) in &self.packages {
            for (name, text) in package.dependencies().map_err(|why| of(gather, folder, &why))? {
                match spec::read(&text) {
                    Spec::Remote => {}
                    Spec::Member if ways.has_protocol => {}
                    Spec::Archive(file) if folder.is_empty() => {
                        gather.require(&file)?;
                        self.archives.insert(file);
                    }
                    Spec::Patch(file) if folder.is_empty() || text.contains("#~/") => {
                        let at = gather.require(&file)?;
                        patches::stays_inside(gather, &at, "")?;
                    }
                    _ => {
                        return Err(of(
                            gather,
                            folder,
                            &format!("`{name}` is `{text}`, which lies in the source"),
                        ));
                    }
                }
            }
            if package.is_injected() {
                return Err(of(gather, folder, "it copies members of the workspace into node_modules"));
            }
            if !folder.is_empty() && package.has_commands() {
                return Err(of(
                    gather,
                    folder,
                    "it brings commands, to which the install links where they are",
                ));
            }
            gather.leave(&path::join(folder, "node_modules"));
            if ways.runs_scripts {
                scripts::look(gather, folder, package, ways.who)?;
            }
        }
        Ok(())
    }

    /// Notes what the scripts of its packages may see.
    pub fn look_at_packages(&self, gather: &mut Gather, lock: &Lock) {
        packages::look(gather, &self.root, lock);
    }
}

impl Lock {
    /// The names in the text of a lock of Yarn, pnpm or Bun.
    ///
    /// # Errors
    /// What lies in the source.
    pub fn of_text(at: &str, text: &str, has_members: bool) -> Result<Self, Obstacle> {
        match lock::leads_to_source(text, has_members) {
            Some(line) => Err(Obstacle::new(format!("{at}: `{line}` may lie in the source"))),
            None => Ok(Self { names: lock::names(text), with_scripts: None }),
        }
    }
}

fn of(gather: &Gather, folder: &str, why: &str) -> Obstacle {
    Obstacle::new(format!("{}: {why}", gather.at(&path::join(folder, "package.json"))))
}

fn missing(gather: &Gather) -> Obstacle {
    Obstacle::new(format!("{} is not in the build context", gather.at("package.json")))
}

fn package(gather: &mut Gather, folder: &str) -> Result<Option<Package>, Obstacle> {
    let name = path::join(folder, "package.json");
    if !gather.take(&name)? {
        return Ok(None);
    }
    let text = gather.text(&gather.at(&name))?;
    Package::read(&text).map(Some).map_err(|why| of(gather, folder, &why))
}

/// A manager looks for a workspace in the folders above, and Node.js for packages.
fn no_workspace_above(gather: &mut Gather) -> Result<(), Obstacle> {
    for folder in packages::folders(gather).into_iter().skip(1) {
        let modules = path::join(folder, "node_modules");
        if !gather.place.context.may_hold(&modules).is_no() {
            let reason = format!(
                "the build context may hold {modules}, where Node.js looks for packages; name it in .dockerignore"
            );
            gather.obstacle(Obstacle::small(reason));
        }
        let at = path::join(folder, "pnpm-workspace.yaml");
        if !gather.place.context.may_hold(&at).is_no() {
            return Err(Obstacle::new(format!("{at} may be the root of the workspace")));
        }
        let at = path::join(folder, "package.json");
        if gather.take_at(&at)? {
            let read =
                Package::read(&gather.text(&at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
            if read.get("workspaces").is_some() {
                return Err(Obstacle::new(format!(
                    "{at} is the root of a workspace, which the install may be of"
                )));
            }
        }
    }
    Ok(())
}
