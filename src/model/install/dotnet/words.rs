//! The words of `dotnet restore`.

use super::Obstacle;
use crate::model::install::switches::Switches;

const SWITCHES: Switches = Switches {
    program: "dotnet",
    flags: &[
        "--no-cache",
        "--no-http-cache",
        "--no-dependencies",
        "-f",
        "--force",
        "--ignore-failed-sources",
        "--interactive",
        "--locked-mode",
        "--force-evaluate",
        "--use-lock-file",
        "--disable-parallel",
        "--disable-build-servers",
        "--nologo",
        "-nologo",
        "/nologo",
        "-m",
        "-m:1",
        "/m",
        "/m:1",
        "-maxcpucount:1",
        "/maxcpucount:1",
        "--use-current-runtime",
        "--ucr",
    ],
    valued: &[
        "-r",
        "--runtime",
        "-a",
        "--arch",
        "--os",
        "-s",
        "--source",
        "--configfile",
        "-v",
        "--verbosity",
        "-tl",
        "--tl",
    ],
    glued: &[
        "-p:",
        "-property:",
        "--property:",
        "/p:",
        "-v:",
        "/v:",
        "-verbosity:",
        "-nowarn:",
        "-warnaserror:",
        "-tl:",
    ],
};

/// Properties that say what to restore, and lead to no file.
const PROPERTIES: &[&str] = &[
    "Configuration",
    "Platform",
    "RuntimeIdentifier",
    "RuntimeIdentifiers",
    "TargetFramework",
    "TargetFrameworks",
    "PublishReadyToRun",
    "PublishSingleFile",
    "PublishTrimmed",
    "PublishAot",
    "SelfContained",
    "Version",
    "VersionPrefix",
    "VersionSuffix",
    "AssemblyVersion",
    "FileVersion",
    "InformationalVersion",
    "TreatWarningsAsErrors",
    "WarningLevel",
    "RestoreUseStaticGraphEvaluation",
    "RestoreLockedMode",
    "NuGetAudit",
    "ContinuousIntegrationBuild",
    "UseAppHost",
];

/// What a restore is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The solution or project, or its folder.
    pub root: Option<String>,
    /// `--configfile`.
    pub settings: Option<String>,
    pub is_locked: bool,
    pub may_lock: bool,
}

/// Reads the words behind `restore`.
///
/// # Errors
/// The one that is not understood.
pub fn read(words: &[&str]) -> Result<Words, Obstacle> {
    // an option may begin with a slash; then it is no path of the source
    let dashed: Vec<&str> = words.to_vec();
    let (slashed, words): (Vec<&str>, Vec<&str>) = dashed.into_iter().partition(|w| w.starts_with('/'));
    let known = |w: &str| SWITCHES.flags.contains(&w) || SWITCHES.glued.iter().any(|g| w.starts_with(g));
    if let Some(word) = slashed.iter().find(|w| !known(w)) {
        return Err(SWITCHES.unknown(word));
    }
    let taken = SWITCHES.take(&words)?;
    let mut found = Words {
        is_locked: words.contains(&"--locked-mode"),
        may_lock: words.contains(&"--use-lock-file"),
        ..Words::default()
    };
    for (option, value) in taken.given {
        match option {
            "--configfile" => found.settings = Some(value.to_string()),
            "-s" | "--source" if !value.starts_with("https://") && !value.starts_with("http://") => {
                return Err(SWITCHES.unknown(&format!("{option} {value}")));
            }
            "-p:" | "-property:" | "--property:" => found.property(value)?,
            _ => {}
        }
    }
    let properties = slashed.iter().filter_map(|w| w.strip_prefix("/p:"));
    properties.into_iter().try_for_each(|p| found.property(p))?;
    match taken.operands[..] {
        [] => {}
        [root] => found.root = Some(root.to_string()),
        [_, other, ..] => return Err(SWITCHES.unknown(other)),
    }
    Ok(found)
}

impl Words {
    fn property(&mut self, words: &str) -> Result<(), Obstacle> {
        for word in words.split(';') {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            if !PROPERTIES.contains(&name) {
                return Err(SWITCHES.unknown(&format!("-p:{word}")));
            }
            self.is_locked |= name == "RestoreLockedMode" && value == "true";
        }
        Ok(())
    }
}
