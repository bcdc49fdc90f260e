//! The files that Maven reads before it resolves dependencies.

use std::collections::BTreeSet;

use super::words::{self, Words};
use super::{Gather, Obstacle};
use crate::model::context::{Kind, path};
use crate::model::manifests::named::{Named, named, upward};
use crate::model::manifests::pom::{self, Parent, Pom};
use crate::model::{place, stage};

type Result<T = ()> = std::result::Result<T, Obstacle>;

/// Parents in repositories that make no profile active by a file of the project, by their group.
const PARENTS: &[&str] = &[
    "org.springframework.boot",
    "org.springframework.cloud",
    "io.dropwizard",
    "io.helidon.applications",
    "org.apache",
    "org.sonatype.oss",
];

/// Extensions that fetch artifacts or name the system, and read nothing of the project.
const EXTENSIONS: &[&str] = &[
    "kr.motd.maven:os-maven-plugin",
    "org.apache.maven.wagon:",
    "org.springframework.build:aws-maven",
    "org.kuali.maven.wagons:maven-s3-wagon",
    "com.google.cloud.artifactregistry:artifactregistry-maven-wagon",
    "org.apache.felix:maven-bundle-plugin",
    "org.sonatype.plugins:nexus-staging-maven-plugin",
    "org.sonatype.central:central-publishing-maven-plugin",
    "org.graalvm.buildtools:native-maven-plugin",
];

/// Settings of the dependency plugin that lead to no file.
const TOLD: &[&str] = &[
    "silent",
    "includeScope",
    "excludeScope",
    "includeTypes",
    "excludeTypes",
    "includeArtifactIds",
    "excludeArtifactIds",
    "includeGroupIds",
    "excludeGroupIds",
    "excludeReactor",
    "excludeTransitive",
    "includeParents",
    "failOnWarning",
    "ignoreNonCompile",
    "ignoredUnusedDeclaredDependencies",
    "ignoredUsedUndeclaredDependencies",
    "usedDependencies",
    "downloadSources",
    "downloadJavadoc",
    "dynamicDependencies",
];

const MAX_PROJECTS: usize = 200;

/// Gathers what a call reads.
///
/// # Errors
/// What it is not known to do without.
pub fn gather(gather: &mut Gather, words: &Words) -> Result {
    let cwd = gather.at("");
    let first = match &words.file {
        None => gather.at("pom.xml"),
        Some(file) => place_of(gather, &cwd, file).map(|at| project_file(gather, at))?,
    };
    let base = path::parent(&first).to_string();
    let mut settings = words.settings.clone();
    settings.extend(settings_of_folders(gather, &base, true)?);
    if base != cwd {
        settings.extend(settings_of_folders(gather, &cwd, true)?);
    }
    for file in &settings {
        settings_file(gather, &cwd, file)?;
    }
    gather.require_at(&first)?;
    projects(gather, first)
}

/// Takes the .mvn of `folder` and of those above it; gives the settings that it names. Without a project only the options
/// of the Java machine count, and any of them may be there.
pub fn settings_of_folders(gather: &mut Gather, folder: &str, has_project: bool) -> Result<Vec<String>> {
    let mut settings = Vec::new();
    for at in upward(gather.place.top, folder) {
        let inside = |name: &str| path::join(at, &path::join(".mvn", name));
        if !gather.is_there(&path::join(at, ".mvn"))? {
            continue;
        }
        gather.take_folder_at(&path::join(at, ".mvn"))?;
        if gather.is_there(&inside("maven.config"))? && has_project {
            let text = gather.text(&inside("maven.config"))?;
            let found = words::read(&text.split_whitespace().collect::<Vec<_>>())?;
            if found.file.is_some() || !found.goals.is_empty() {
                return Err(Obstacle::new(format!("{} names more than options", inside("maven.config"))));
            }
            settings.extend(found.settings);
        }
        if gather.is_there(&inside("jvm.config"))? {
            options_of_java(&gather.text(&inside("jvm.config"))?, &inside("jvm.config"))?;
        }
        if gather.is_there(&inside("extensions.xml"))? {
            let at = inside("extensions.xml");
            let read = read(gather, &at)?;
            extensions_are_known(&read, &at)?;
        }
        for name in ["settings.xml", "maven-user.properties", "maven-system.properties", "maven.properties"] {
            gather.must_be_free_at(&inside(name), "a settings file of Maven 4");
        }
    }
    Ok(settings)
}

fn options_of_java(text: &str, at: &str) -> Result {
    let sizes = ["-Xmx", "-Xms", "-Xss", "-Xmn"];
    let opens = ["--add-opens", "--add-exports", "--enable-native-access"];
    let is_harmless = |w: &str| {
        let plain = w.chars().all(|c| c.is_ascii_alphanumeric() || "-+:".contains(c));
        let switch = w.strip_prefix("-XX:").is_some_and(|w| w.starts_with(['+', '-'])) && plain;
        let opened = w.contains("=ALL-UNNAMED") && !w.starts_with("-D");
        switch || sizes.iter().any(|s| w.starts_with(s)) || opens.iter().any(|o| w.starts_with(o)) || opened
    };
    match text.split_whitespace().find(|w| !is_harmless(w)) {
        Some(word) => {
            Err(Obstacle::new(format!("{at} gives Java the option `{word}`, which dfmt does not know")))
        }
        None => Ok(()),
    }
}

/// A settings.xml. One that lies where the system is does not come from the source.
fn settings_file(gather: &mut Gather, cwd: &str, file: &str) -> Result {
    let clean = stage::resolve(None, file);
    if clean.is_some_and(|clean| file.starts_with('/') && place::is_system(&clean)) {
        return Ok(());
    }
    let at = place_of(gather, cwd, file)?;
    gather.require_at(&at)?;
    let settings = read(gather, &at)?;
    if let Some(local) = settings.local_repository.as_deref().filter(|l| !l.starts_with("${user.home}/")) {
        return Err(Obstacle::new(format!("{at} puts the local repository to {local}")));
    }
    named_files(gather, &settings, cwd, &at)
}

/// The project at `first`, and its modules.
fn projects(gather: &mut Gather, first: String) -> Result {
    let (mut open, mut seen) = (vec![first.clone()], BTreeSet::from([first]));
    let mut has_own_output = false;
    while let Some(at) = open.pop() {
        let folder = path::parent(&at);
        if seen.len() > MAX_PROJECTS {
            return Err("there are too many projects".into());
        }
        gather.take_at(&path::join(folder, "profiles.xml"))?;
        for (from, model) in lineage(gather, &at)? {
            named_files(gather, &model, folder, &from)?;
            has_own_output |= model.has_own_output;
            if from != at {
                continue;
            }
            for module in &model.modules {
                let module = place_of(gather, folder, module).map(|m| project_file(gather, m))?;
                // a module of a profile need not be there
                if gather.take_at(&module)? && seen.insert(module.clone()) {
                    open.push(module);
                }
            }
        }
    }
    if seen.len() == 1 {
        return Ok(());
    }
    if has_own_output {
        return Err("a project builds elsewhere than in target, where another may find it".into());
    }
    for at in &seen {
        gather.must_be_free_at(
            &path::join(path::parent(at), "target"),
            "what another project of the build may use",
        );
    }
    Ok(())
}

/// A POM and what it inherits from, as far as that lies in the source: each with its path.
fn lineage(gather: &mut Gather, at: &str) -> Result<Vec<(String, Pom)>> {
    let mut found = vec![(at.to_string(), read(gather, at)?)];
    loop {
        let (from, model) = &found[found.len() - 1];
        extensions_are_known(model, from)?;
        if let Some(setting) = model.told.iter().find(|t| !TOLD.contains(&t.as_str())) {
            return Err(Obstacle::new(format!(
                "{from} sets {setting} for the plugin that resolves dependencies"
            )));
        }
        let Some(parent) = model.parent.clone() else { return Ok(found) };
        let above = parent_in_source(gather, &parent, from)?;
        let above = above.filter(|(_, model)| is_the_parent(model, &parent));
        match above {
            Some(next) if found.len() < MAX_PROJECTS => found.push(next),
            Some(_) => return Err(Obstacle::new(format!("{at} has too many parents"))),
            None => return parent_in_repository(&parent, from).map(|()| found),
        }
    }
}

fn parent_in_source(gather: &mut Gather, parent: &Parent, from: &str) -> Result<Option<(String, Pom)>> {
    let Some(word) = &parent.path else { return Ok(None) };
    let at = match named(gather.place.top, path::parent(from), word) {
        Named::Inside(at) => project_file(gather, at),
        Named::Above => return Ok(None),
        Named::Unclear => return Err(Obstacle::new(format!("{from} has its parent at `{word}`"))),
    };
    if !gather.take_at(&at)? {
        return Ok(None);
    }
    let model = read(gather, &at)?;
    Ok(Some((at, model)))
}

/// Maven passes over a file that is somebody else, and asks the repository.
fn is_the_parent(model: &Pom, parent: &Parent) -> bool {
    let above = model.parent.as_ref().map(|p| &p.name);
    let group = model.own.group.as_ref().or(above.and_then(|a| a.group.as_ref()));
    let version = model.own.version.as_ref().or(above.and_then(|a| a.version.as_ref()));
    model.own.artifact == parent.name.artifact
        && group == parent.name.group.as_ref()
        && version == parent.name.version.as_ref()
}

fn parent_in_repository(parent: &Parent, from: &str) -> Result {
    let group = parent.name.group.as_deref().unwrap_or_default();
    if PARENTS.contains(&group) {
        return Ok(());
    }
    let artifact = &parent.name.artifact;
    Err(Obstacle::new(format!(
        "{from} inherits from {group}:{artifact}, which may look at files of the source"
    )))
}

fn extensions_are_known(model: &Pom, at: &str) -> Result {
    let is_known = |e: &str| EXTENSIONS.iter().any(|k| *k == e || k.ends_with(':') && e.starts_with(k));
    match model.extensions.iter().find(|e| !is_known(e)) {
        Some(extension) => {
            Err(Obstacle::new(format!("{at} has the extension {extension}, which may read the source")))
        }
        None => Ok(()),
    }
}

/// Files that a model names for a project in `folder`.
fn named_files(gather: &mut Gather, model: &Pom, folder: &str, from: &str) -> Result {
    for file in model.looked_at.iter().chain(&model.jars) {
        if ["${java.home}", "${env.JAVA_HOME}"].iter().any(|h| file.starts_with(h)) {
            continue;
        }
        let unclear = || Obstacle::new(format!("{from} looks for `{file}`"));
        match named(gather.place.top, folder, in_project(file).unwrap_or(file)) {
            Named::Inside(at) if gather.place.context.holds(&at).is_some_and(|e| e.kind() == Kind::Dir) => {
                return Err(Obstacle::new(format!("{from} looks whether the folder {at} is there")));
            }
            Named::Inside(at) => gather.take_at(&at).map(drop)?,
            Named::Above => {}
            Named::Unclear => return Err(unclear()),
        }
    }
    for url in model.repositories.iter().filter(|u| !is_remote(u)) {
        let unclear =
            || Obstacle::new(format!("{from} names the repository `{url}`, which may lie in the source"));
        let local =
            url.strip_prefix("file:").map(|u| u.strip_prefix("//").unwrap_or(u)).ok_or_else(unclear)?;
        match named(gather.place.top, folder, in_project(local).ok_or_else(unclear)?) {
            Named::Inside(at) => gather.take_folder_at(&at).map(drop)?,
            Named::Above | Named::Unclear => return Err(unclear()),
        }
    }
    Ok(())
}

fn is_remote(url: &str) -> bool {
    ["https://", "http://", "s3://", "artifactregistry://"].iter().any(|s| url.starts_with(s))
}

/// What stands behind `${basedir}/`.
fn in_project(word: &str) -> Option<&str> {
    ["${basedir}/", "${project.basedir}/", "${pom.basedir}/"].iter().find_map(|p| word.strip_prefix(p))
}

fn place_of(gather: &Gather, folder: &str, word: &str) -> Result<String> {
    match named(gather.place.top, folder, word) {
        Named::Inside(at) => Ok(at),
        Named::Above | Named::Unclear => {
            Err(Obstacle::new(format!("maven reads `{word}`, which dfmt cannot follow")))
        }
    }
}

/// A folder stands for the pom.xml in it.
fn project_file(gather: &Gather, at: String) -> String {
    let is_folder = at.is_empty() || gather.place.context.holds(&at).is_some_and(|e| e.kind() == Kind::Dir);
    if is_folder { path::join(&at, "pom.xml") } else { at }
}

fn read(gather: &Gather, at: &str) -> Result<Pom> {
    pom::read(&gather.text(at)?).map_err(|why| Obstacle::new(format!("{at}: {why}")))
}
