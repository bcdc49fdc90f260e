//! The words of a call of Maven, which stand in .mvn/maven.config too.

use super::Obstacle;
use crate::model::install::switches::Switches;

const SWITCHES: Switches = Switches {
    program: "maven",
    flags: &[
        "-B",
        "--batch-mode",
        "-q",
        "--quiet",
        "-e",
        "--errors",
        "-X",
        "--debug",
        "-U",
        "--update-snapshots",
        "-nsu",
        "--no-snapshot-updates",
        "-V",
        "--show-version",
        "-ntp",
        "--no-transfer-progress",
        "-o",
        "--offline",
        "-ff",
        "--fail-fast",
        "-fae",
        "--fail-at-end",
        "-fn",
        "--fail-never",
        "-N",
        "--non-recursive",
        "-am",
        "--also-make",
        "-amd",
        "--also-make-dependents",
        "-C",
        "--strict-checksums",
        "-c",
        "--lax-checksums",
        "-llr",
        "--legacy-local-repository",
    ],
    valued: &[
        "-s",
        "--settings",
        "-gs",
        "--global-settings",
        "-f",
        "--file",
        "-pl",
        "--projects",
        "--threads",
        "--activate-profiles",
        "--define",
        "--color",
    ],
    glued: &["-D", "-P", "-T"],
};

/// Properties that lead to no file: they say what to fetch, what to leave out, and how to speak to a server.
const PROPERTIES: &[&str] = &[
    "silent",
    "verbose",
    "artifact",
    "artifactId",
    "groupId",
    "version",
    "packaging",
    "transitive",
    "includeScope",
    "excludeScope",
    "includeTypes",
    "excludeTypes",
    "includeArtifactIds",
    "excludeArtifactIds",
    "includeGroupIds",
    "excludeGroupIds",
    "includeClassifiers",
    "excludeClassifiers",
    "excludeReactor",
    "excludeTransitive",
    "includeParents",
    "revision",
    "changelist",
    "sha1",
    "style.color",
    "file.encoding",
    "maven.artifact.threads",
    "org.slf4j.simpleLogger.defaultLogLevel",
    "org.slf4j.simpleLogger.showDateTime",
    "org.slf4j.simpleLogger.dateTimeFormat",
    "org.slf4j.simpleLogger.log.org.apache.maven.cli.transfer.Slf4jMavenTransferListener",
];

/// What such properties begin with.
const PREFIXES: &[&str] =
    &["skip", "maven.wagon.", "maven.resolver.transport", "http.", "https.", "java.net."];

/// The goals, and files that the call names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub goals: Vec<String>,
    /// The project file, or its folder.
    pub file: Option<String>,
    pub settings: Vec<String>,
}

/// Reads the words behind the name.
///
/// # Errors
/// The one that is not understood.
pub fn read(words: &[&str]) -> Result<Words, Obstacle> {
    let taken = SWITCHES.take(words)?;
    let mut found =
        Words { goals: taken.operands.iter().map(ToString::to_string).collect(), ..Words::default() };
    for (option, value) in taken.given {
        match option {
            "-f" | "--file" => found.file = Some(value.to_string()),
            "-s" | "--settings" | "-gs" | "--global-settings" => found.settings.push(value.to_string()),
            "-D" | "--define" if !is_harmless(value) => return Err(SWITCHES.unknown(&format!("-D{value}"))),
            _ => {}
        }
    }
    Ok(found)
}

fn is_harmless(property: &str) -> bool {
    let name = property.split('=').next().unwrap_or_default();
    PROPERTIES.contains(&name)
        || PREFIXES.iter().any(|p| name.starts_with(p))
        || matches!(name.rsplit_once('.'), Some((_, "skip" | "version")))
}

/// Whether a word is a goal that resolves dependencies and does nothing else. `resolve` looks for marks in target, but only
/// to say less where it finds some; `resolve-sources` sets them.
pub fn resolves(word: &str) -> bool {
    const GOALS: [&str; 7] = ["go-offline", "resolve", "resolve-plugins", "tree", "list", "get", "collect"];
    let parts: Vec<&str> = word.split(':').collect();
    match parts[..] {
        ["dependency", goal]
        | ["org.apache.maven.plugins", "maven-dependency-plugin", goal]
        | ["org.apache.maven.plugins", "maven-dependency-plugin", _, goal] => GOALS.contains(&goal),
        ["de.qaware.maven", "go-offline-maven-plugin", goal]
        | ["de.qaware.maven", "go-offline-maven-plugin", _, goal] => goal == "resolve-dependencies",
        _ => false,
    }
}
