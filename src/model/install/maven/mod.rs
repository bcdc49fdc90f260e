//! Maven: goals of its dependency plugin, which fetch what the project files name.
//!
//! Maven reads the project files with their parents and modules, and what lies in .mvn. These goals run no other plugin of
//! the project, but its extensions run while the project is read. They write to the repository in the home, and nothing
//! where the project is.

mod closure;
mod words;

use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use words::Words;

/// Maven.
pub const MANAGER: Manager =
    Manager { name: "maven", programs: &["mvn", "mvnw", "./mvnw"], read, heeds, home: &[".m2", ".mavenrc"] };

fn heeds(name: &str) -> bool {
    const JAVA: [&str; 3] = ["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"];
    const HARMLESS: [&str; 3] = ["MAVEN_VERSION", "MAVEN_HOME", "M2_HOME"];
    let told = ["MAVEN_", "MVN", "M2_", "CLASSWORLDS_"].iter().any(|p| name.starts_with(p));
    (told || JAVA.contains(&name)) && !HARMLESS.contains(&name)
}

/// Phases that build the project.
const BUILDS: &[&str] = &["compile", "test-compile", "test", "package", "verify", "install", "deploy"];

fn read(command: &Command) -> Option<Asked> {
    let values: Vec<&str> = command.args().iter().filter_map(|w| w.value.as_deref()).collect();
    let resolves = values.iter().any(|v| words::resolves(v));
    if let Some(phase) = values.iter().find(|v| BUILDS.contains(v)) {
        return Some(Err(build(command.name()?, phase, resolves)));
    }
    if values.iter().any(|v| matches!(*v, "-v" | "--version" | "-h" | "--help")) {
        return Some(Ok(Box::new(Asks)));
    }
    if !resolves {
        return None;
    }
    let install = || -> Result<Maven, Obstacle> {
        let values = command.values().ok_or("a word of `mvn` holds a variable")?;
        let words = words::read(&values)?;
        if let Some(goal) = words.goals.iter().find(|g| !words::resolves(g)) {
            return Err(Obstacle::small(format!(
                "`{goal}` may read or write the source; put it in a RUN of its own, below that of the dependencies"
            )));
        }
        Ok(Maven { is_wrapper: command.name() != Some("mvn"), words })
    };
    Some(install().map(|m| Box::new(m) as Box<dyn Install>))
}

/// Why a build cannot stand above the source, and what could.
fn build(program: &str, phase: &str, resolves: bool) -> Obstacle {
    if resolves {
        return Obstacle::small(format!(
            "`{program} {phase}` builds the source; put it in a RUN of its own, below that of the dependencies"
        ));
    }
    Obstacle::new(format!(
        "`{program} {phase}` builds the source; a `RUN {program} dependency:go-offline` above it would keep the dependencies"
    ))
}

/// A question that Maven answers without a project.
struct Asks;

impl Install for Asks {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        closure::settings_of_folders(gather, &gather.at(""), false).map(drop)
    }
}

struct Maven {
    is_wrapper: bool,
    words: Words,
}

impl Install for Maven {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        if self.is_wrapper {
            wrapper(gather)?;
        }
        closure::gather(gather, &self.words)
    }
}

/// The script that fetches Maven and calls it. It is a file of the project, so it has to look like the usual one.
fn wrapper(gather: &mut Gather) -> Result<(), Obstacle> {
    const MARKS: [&str; 2] = ["Apache Maven Wrapper startup", "Maven Start Up Batch script"];
    let at = gather.require("mvnw")?;
    let text = gather.text(&at)?;
    if !MARKS.iter().any(|m| text.contains(m)) && !text.contains("Maven2 Start Up Batch script") {
        return Err(Obstacle::new(format!("{at} is not the usual wrapper of Maven")));
    }
    let settings = gather.require(".mvn/wrapper/maven-wrapper.properties")?;
    let text = gather.text(&settings)?;
    let urls = text.lines().filter_map(|l| l.split_once('=')).filter(|(key, _)| key.trim().ends_with("Url"));
    for (_, url) in urls {
        let url = url.trim().replace('\\', "");
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(Obstacle::new(format!("{settings} names {url}, which is not fetched over http")));
        }
    }
    Ok(())
}
