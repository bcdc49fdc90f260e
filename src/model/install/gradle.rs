//! Gradle: the task `dependencies` of a single project whose scripts only declare.
//!
//! A build script is a program; only one that calls nothing but what declares is known. Gradle writes `.gradle` and `build`
//! beside it.

use super::switches::Switches;
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::gradle;
use crate::model::manifests::named::upward;

/// Gradle.
pub const MANAGER: Manager = Manager {
    name: "gradle",
    programs: &["gradle", "gradlew", "./gradlew"],
    read,
    heeds,
    home: &[".gradle", ".m2"],
};

fn heeds(name: &str) -> bool {
    const JAVA: [&str; 4] = ["JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS"];
    const HARMLESS: [&str; 2] = ["GRADLE_VERSION", "GRADLE_HOME"];
    let told = ["GRADLE_", "ORG_GRADLE_"].iter().any(|p| name.starts_with(p));
    (told || JAVA.contains(&name)) && !HARMLESS.contains(&name)
}

const SWITCHES: Switches = Switches {
    program: "gradle",
    flags: &[
        "--no-daemon",
        "--daemon",
        "-q",
        "--quiet",
        "-i",
        "--info",
        "-w",
        "--warn",
        "-s",
        "--stacktrace",
        "-S",
        "--full-stacktrace",
        "--refresh-dependencies",
        "--parallel",
        "--no-parallel",
        "--build-cache",
        "--no-build-cache",
        "--continue",
        "--offline",
        "--no-watch-fs",
    ],
    valued: &["--console", "--warning-mode", "--configuration"],
    glued: &[],
};

fn read(command: &Command) -> Option<Asked> {
    const BUILDS: [&str; 12] = [
        "build",
        "assemble",
        "bootJar",
        "bootWar",
        "jar",
        "war",
        "shadowJar",
        "installDist",
        "test",
        "check",
        "classes",
        "publishToMavenLocal",
    ];
    let program = command.name()?;
    let values: Vec<&str> = command.args().iter().filter_map(|w| w.value.as_deref()).collect();
    if let Some(task) = values.iter().find(|v| BUILDS.contains(&v.rsplit(':').next().unwrap_or_default())) {
        return Some(Err(Obstacle::new(format!(
            "`{program} {task}` builds the source; a `RUN {program} dependencies` of its own above it would keep the dependencies, where the build scripts only declare"
        ))));
    }
    if values.iter().any(|v| matches!(*v, "-v" | "--version")) {
        return Some(Ok(Box::new(Gradle { is_wrapper: program != "gradle", resolves: false })));
    }
    if values.contains(&"downloadDependencies") {
        return Some(Err(Obstacle::small(format!(
            "a task of the project may read all of it; call `{program} dependencies` instead"
        ))));
    }
    if !values.contains(&"dependencies") {
        return None;
    }
    let install = || -> Result<Gradle, Obstacle> {
        let values = command.values().ok_or("a word of `gradle` holds a variable")?;
        let taken = SWITCHES.take(&values)?;
        match taken.operands.iter().find(|t| **t != "dependencies") {
            Some(task) => Err(Obstacle::small(format!(
                "`{task}` may read or write the source; put it in a RUN of its own, below that of the dependencies"
            ))),
            None => Ok(Gradle { is_wrapper: program != "gradle", resolves: true }),
        }
    };
    Some(install().map(|g| Box::new(g) as Box<dyn Install>))
}

struct Gradle {
    is_wrapper: bool,
    /// Whether it resolves the dependencies, or only says its version.
    resolves: bool,
}

impl Install for Gradle {
    fn reads_source(&self) -> bool {
        self.resolves || self.is_wrapper
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        if self.is_wrapper {
            wrapper(gather)?;
        }
        script(gather, "settings.gradle")?;
        if !script(gather, "build.gradle")? && self.resolves {
            return Err("no build.gradle lies where it runs".into());
        }
        if gather.take("gradle.properties")? {
            let at = gather.at("gradle.properties");
            let plain = gradle::properties_are_plain(&gather.text(&at)?);
            plain.map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
        }
        gather.take_folder("gradle")?;
        for lock in ["gradle.lockfile", "buildscript-gradle.lockfile", "settings-gradle.lockfile"] {
            gather.take(lock)?;
        }
        gather.must_be_free("buildSrc", "a build of its own");
        gather.must_be_free("build.gradle.dcl", "a script of another kind");
        gather.must_be_free("settings.gradle.dcl", "a script of another kind");
        no_settings_above(gather);
        gather.leave(".gradle");
        gather.leave("build");
        Ok(())
    }
}

/// Takes a script in either language; says whether there is one.
fn script(gather: &mut Gather, name: &str) -> Result<bool, Obstacle> {
    let mut is_there = false;
    for name in [name.to_string(), format!("{name}.kts")] {
        if gather.take(&name)? {
            let at = gather.at(&name);
            let declares = gradle::only_declares(&gather.text(&at)?);
            declares.map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
            is_there = true;
        }
    }
    Ok(is_there)
}

/// Gradle looks for settings in the folders above, and older ones in a folder `master` beside.
fn no_settings_above(gather: &mut Gather) {
    let cwd = gather.at("");
    let above: Vec<String> = upward(gather.place.top, &cwd).skip(1).map(ToString::to_string).collect();
    for folder in above {
        for name in ["settings.gradle", "settings.gradle.kts", "master"] {
            gather.must_be_free_at(&path::join(&folder, name), "where Gradle looks for settings");
        }
    }
}

/// The script that fetches Gradle and calls it. It is a file of the project, so it has to look like the usual one.
fn wrapper(gather: &mut Gather) -> Result<(), Obstacle> {
    let at = gather.require("gradlew")?;
    let text = gather.text(&at)?;
    if !["Gradle start up script", "Gradle startup script"].iter().any(|m| text.contains(m)) {
        return Err(Obstacle::new(format!("{at} is not the usual wrapper of Gradle")));
    }
    gather.require("gradle/wrapper/gradle-wrapper.jar")?;
    let settings = gather.require("gradle/wrapper/gradle-wrapper.properties")?;
    let text = gather.text(&settings)?;
    let stays = |l: &&str| {
        let (key, value) = l.split_once('=').unwrap_or((l, ""));
        let base = key.trim().ends_with("Base") && value.trim() != "GRADLE_USER_HOME";
        let url = key.trim().ends_with("Url") && !value.trim().starts_with("http");
        base || url
    };
    match text.lines().find(stays) {
        Some(line) => Err(Obstacle::new(format!("{settings} holds `{line}`, which may lead to the source"))),
        None => Ok(()),
    }
}
