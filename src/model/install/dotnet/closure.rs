//! The files that `dotnet restore` reads, and the folders that it writes.

use std::collections::BTreeSet;

use super::words::Words;
use super::{Gather, Obstacle};
use crate::model::context::{Kind, Presence, path};
use crate::model::manifests::named::{Named, named, upward};
use crate::model::manifests::{msbuild, nuget, solution};

type Result<T = ()> = std::result::Result<T, Obstacle>;

/// Files that the SDK imports from the first folder upward that has one.
const ABOVE: &[&str] = &["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

/// The spellings under which NuGet looks for its settings.
const SETTINGS: &[&str] = &["nuget.config", "NuGet.config", "NuGet.Config"];

const MAX_FILES: usize = 300;

/// Gathers what a restore reads and writes.
///
/// # Errors
/// What it is not known to do without.
pub fn gather(gather: &mut Gather, words: &Words) -> Result {
    let cwd = gather.at("");
    version_of_kit(gather, &cwd)?;
    let root = root(gather, words)?;
    let mut walk =
        Walk { gather, words, projects: BTreeSet::new(), open: Vec::new(), imported: BTreeSet::new() };
    walk.from(&root)?;
    if let Some(file) = &words.settings {
        let at = walk.inside(&cwd, file, "--configfile")?;
        walk.settings(&at)?;
    }
    let projects = walk.projects;
    writes(gather, words, &projects)
}

/// global.json says which SDK runs.
pub fn version_of_kit(gather: &mut Gather, folder: &str) -> Result {
    for at in upward(gather.place.top, folder) {
        let file = path::join(at, "global.json");
        if gather.take_at(&file)? {
            let text = gather.text(&file)?;
            let read: std::result::Result<serde_json::Value, _> =
                serde_json::from_str(text.trim_start_matches('\u{feff}'));
            let read = read.map_err(|e| Obstacle::new(format!("{file} cannot be read: {e}")))?;
            if !read["sdk"]["paths"].is_null() {
                return Err(Obstacle::new(format!("{file} names folders of SDKs")));
            }
        }
    }
    Ok(())
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn is_solution(name: &str) -> bool {
    matches!(ending(name), "sln" | "slnx")
}

fn is_project(name: &str) -> bool {
    ending(name).ends_with("proj")
}

/// The solution or project that is restored: the one that is named, or the only one in the folder.
fn root(gather: &mut Gather, words: &Words) -> Result<String> {
    let cwd = gather.at("");
    let start = match &words.root {
        Some(word) => inside(gather, &cwd, word, "dotnet restore")?,
        None => cwd,
    };
    let is_folder =
        start.is_empty() || gather.place.context.holds(&start).is_some_and(|e| e.kind() == Kind::Dir);
    if !is_folder {
        return Ok(start);
    }
    let listing = gather.place.context.list(&start).filter(|l| l.complete);
    let listing = listing.ok_or_else(|| Obstacle::new("a folder of the build context cannot be listed"))?;
    let names = listing.entries.iter().map(|(name, _)| name.as_str());
    let found: Vec<&str> = names.filter(|n| is_solution(n) || ending(n) == "slnf" || is_project(n)).collect();
    match found[..] {
        [only] => Ok(path::join(&start, only)),
        [] => Err(Obstacle::new("no solution and no project lies where `dotnet restore` runs")),
        _ => Err(Obstacle::small(
            "more than one solution or project lies where `dotnet restore` runs; name the one to restore",
        )),
    }
}

fn inside(gather: &Gather, folder: &str, word: &str, from: &str) -> Result<String> {
    match named(gather.place.top, folder, word) {
        Named::Inside(at) => Ok(at),
        Named::Above | Named::Unclear => {
            Err(Obstacle::new(format!("{from} names `{word}`, which dfmt cannot follow")))
        }
    }
}

/// What is left to look at.
struct Walk<'g, 'c> {
    gather: &'g mut Gather<'c>,
    words: &'g Words,
    projects: BTreeSet<String>,
    open: Vec<String>,
    imported: BTreeSet<(String, String)>,
}

impl Walk<'_, '_> {
    fn inside(&self, folder: &str, word: &str, from: &str) -> Result<String> {
        inside(self.gather, folder, word, from)
    }

    fn from(&mut self, root: &str) -> Result {
        self.gather.require_at(root)?;
        if is_solution(root) {
            self.solution(root)?;
        } else {
            self.open.push(root.to_string());
        }
        while let Some(at) = self.open.pop() {
            if self.projects.insert(at.clone()) {
                self.project(&at)?;
            }
            if self.projects.len() + self.imported.len() > MAX_FILES {
                return Err("there are too many projects".into());
            }
        }
        Ok(())
    }

    fn solution(&mut self, at: &str) -> Result {
        let text = self.gather.text(at)?;
        let folder = path::parent(at);
        let paths = solution::projects(at, &text).map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
        for project in paths {
            self.open.push(self.inside(folder, &project, at)?);
        }
        let name = path::name(at);
        let beside = [format!("before.{name}.targets"), format!("after.{name}.targets")];
        for file in beside.iter().map(|b| path::join(folder, b)) {
            self.gather.must_be_free_at(&file, "what MSBuild reads beside a solution");
        }
        for above in upward(self.gather.place.top, folder) {
            for file in ["Directory.Solution.props", "Directory.Solution.targets"] {
                self.gather.must_be_free_at(&path::join(above, file), "what MSBuild reads for a solution");
            }
        }
        self.folders(folder)
    }

    /// Settings in a folder and in those above it.
    fn folders(&mut self, folder: &str) -> Result {
        let top = self.gather.place.top.to_string();
        for above in upward(&top, folder) {
            self.gather
                .must_be_free_at(&path::join(above, "Directory.Build.rsp"), "a file of options of MSBuild");
            for name in SETTINGS.iter().map(|s| path::join(above, s)) {
                if self.gather.is_there(&name)? && self.words.settings.is_none() {
                    self.settings(&name)?;
                }
            }
        }
        Ok(())
    }

    fn settings(&mut self, at: &str) -> Result {
        self.gather.require_at(at)?;
        let text = self.gather.text(at)?;
        nuget::leads_to_no_file(&text).map_err(|why| Obstacle::new(format!("{at}: {why}")))
    }

    fn project(&mut self, at: &str) -> Result {
        if !matches!(ending(at), "csproj" | "fsproj" | "vbproj") {
            return Err(Obstacle::new(format!("{at} is a project of a kind that dfmt does not know")));
        }
        self.gather.require_at(at)?;
        let folder = path::parent(at).to_string();
        let text = self.gather.text(at)?;
        if !msbuild::has_kit(&text).map_err(|why| Obstacle::new(format!("{at}: {why}")))? {
            return Err(Obstacle::new(format!("{at} names no SDK: it is of the old kind")));
        }
        self.folders(&folder)?;
        self.gather.must_be_free_at(&format!("{at}.user"), "what MSBuild reads beside a project");
        for old in ["packages.config", "project.json"] {
            self.gather.take_at(&path::join(&folder, old))?;
        }
        self.import(at, &folder)?;
        for name in ABOVE {
            self.import_first_above(&folder, name, &folder)?;
        }
        Ok(())
    }

    /// Imports the file of this name in the first folder, from `folder` upward, that has one.
    fn import_first_above(&mut self, folder: &str, name: &str, project: &str) -> Result {
        let top = self.gather.place.top.to_string();
        for above in upward(&top, folder) {
            let at = path::join(above, name);
            if self.gather.take_at(&at)? {
                return self.import(&at, project);
            }
        }
        Ok(())
    }

    /// Reads a file for the project in the folder `project`.
    fn import(&mut self, at: &str, project: &str) -> Result {
        if !self.imported.insert((at.to_string(), project.to_string())) {
            return Ok(());
        }
        let read = msbuild::read(&self.gather.text(at)?);
        let read = read.map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
        let folder = path::parent(at).to_string();
        // items are relative to the project, imports and their conditions to the file
        for word in &read.references {
            let reference = self.inside(project, word, at)?;
            self.open.push(reference);
        }
        for word in &read.imports {
            let file = self.inside(&folder, word, at)?;
            if self.gather.take_at(&file)? {
                self.import(&file, project)?;
            }
        }
        for word in &read.looked_at {
            for from in BTreeSet::from([&folder, &project.to_string()]) {
                self.looks_at(from, word, at)?;
            }
        }
        for name in &read.found_above {
            if folder != self.gather.place.top {
                self.import_first_above(path::parent(&folder), name, project)?;
            }
        }
        Ok(())
    }

    /// A condition that asks whether a file is there.
    fn looks_at(&mut self, folder: &str, word: &str, from: &str) -> Result {
        let at = self.inside(folder, word, from)?;
        if self.gather.is_there(&at)? && !self.gather.take_file_at(&at)? {
            return Err(Obstacle::new(format!("{from} looks whether the folder {at} is there")));
        }
        Ok(())
    }
}

/// Each project gets an `obj`, and some keep a lock file.
fn writes(gather: &mut Gather, words: &Words, projects: &BTreeSet<String>) -> Result {
    let folders: BTreeSet<&str> = projects.iter().map(|p| path::parent(p)).collect();
    let mut held = Vec::new();
    for folder in &folders {
        let obj = path::join(folder, "obj");
        match gather.place.context.may_hold(&obj) {
            Presence::Perhaps(_) => held.push(obj),
            _ => gather.leave_at(&obj),
        }
    }
    if let Some(first) = held.first() {
        gather.obstacle(Obstacle::small(format!(
            "the build context may hold {first}, which would overwrite what the restore leaves there; name `**/obj` in .dockerignore"
        )));
    }
    for project in projects {
        let folder = path::parent(project);
        let name = path::name(project).rsplit_once('.').map_or("", |(name, _)| name).replace(' ', "_");
        for lock in ["packages.lock.json".to_string(), format!("packages.{name}.lock.json")] {
            let at = path::join(folder, &lock);
            if gather.take_at(&at)? {
                if !words.is_locked {
                    gather.obstacle(Obstacle::small(format!(
                        "`dotnet restore` may rewrite {at}; add --locked-mode"
                    )));
                }
            } else {
                gather.leave_at(&at);
            }
        }
    }
    if words.may_lock && words.is_locked {
        return Err("--use-lock-file writes a lock file that --locked-mode wants to be there".into());
    }
    Ok(())
}
