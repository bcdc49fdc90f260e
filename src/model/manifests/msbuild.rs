//! Projects of MSBuild: which other files `dotnet restore` reads for one, or why that cannot be said.
//!
//! The sources are Microsoft's "MSBuild project file schema", "Customize your build by directory" and the targets of
//! NuGet (`NuGet.targets`):
//!
//! - A restore evaluates all of a project, its imports included, whatever the conditions say, and runs targets of the SDK.
//!   A target of the project runs too if it hooks into one of those.
//! - What is found by a glob (sources, content) does not reach the result of a restore.
//! - Every property that begins with one of a few words moves what NuGet and MSBuild read and write.
//!
//! Conditions are taken as true and false at once. Does not know where a file lies.

use super::xml::{self, Element};

/// What a project, or a file that it imports, says of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// `ProjectReference`: paths as they are written, with slashes.
    pub references: Vec<String>,
    /// `Import`: paths.
    pub imports: Vec<String>,
    /// Files whose being there a condition asks for.
    pub looked_at: Vec<String>,
    /// Names of files that it imports from the first folder above that has one.
    pub found_above: Vec<String>,
}

/// Kits that come with the SDK.
const KITS: &[&str] = &[
    "Microsoft.NET.Sdk",
    "Microsoft.NET.Sdk.Web",
    "Microsoft.NET.Sdk.Worker",
    "Microsoft.NET.Sdk.Razor",
    "Microsoft.NET.Sdk.BlazorWebAssembly",
    "Microsoft.NET.Sdk.WindowsDesktop",
];

/// Targets that only a build, a publish or a clean-up runs.
const BUILDS: &[&str] = &[
    "Build",
    "BeforeBuild",
    "AfterBuild",
    "CoreBuild",
    "Rebuild",
    "Compile",
    "CoreCompile",
    "BeforeCompile",
    "AfterCompile",
    "PreBuildEvent",
    "PostBuildEvent",
    "Publish",
    "BeforePublish",
    "AfterPublish",
    "PrepareForPublish",
    "PrepareForBuild",
    "ComputeFilesToPublish",
    "ComputeResolvedFilesToPublishList",
    "CopyFilesToOutputDirectory",
    "Clean",
    "CoreClean",
    "BeforeClean",
    "AfterClean",
    "Pack",
    "Test",
    "VSTest",
    "PreBuild",
    "PostBuild",
];

/// What the names of properties begin with that move files of NuGet or of MSBuild; in upper case.
const MOVES: &[&str] = &[
    "RESTORE",
    "NUGET",
    "MSBUILD",
    "BASEINTERMEDIATE",
    "BASEOUTPUT",
    "DIRECTORYBUILD",
    "DIRECTORYPACKAGES",
    "DIRECTORYSOLUTION",
    "CUSTOMBEFORE",
    "CUSTOMAFTER",
    "IMPORTDIRECTORY",
    "ARTIFACTSPATH",
    "USEARTIFACTS",
    "PROJECTASSETS",
    "INTERMEDIATEOUTPUT",
    "BEFORETARGETS",
    "AFTERTARGETS",
    "BEFOREMICROSOFT",
    "AFTERMICROSOFT",
    "COREVALIDATE",
    "ALTERNATECOMMON",
    "LANGUAGETARGETS",
    "_",
];

/// Such properties that move nothing.
const STAYS: &[&str] = &[
    "RESTOREPACKAGESWITHLOCKFILE",
    "RESTORELOCKEDMODE",
    "RESTOREIGNOREFAILEDSOURCES",
    "RESTOREUSESTATICGRAPHEVALUATION",
    "RESTOREPROJECTSTYLE",
    "NUGETAUDIT",
    "NUGETAUDITMODE",
    "NUGETAUDITLEVEL",
    "MSBUILDTREATWARNINGSASERRORS",
    "MSBUILDWARNINGSASMESSAGES",
    "RESTORESERIALIZEGLOBALPROPERTIES",
    "RESTOREENABLEGLOBALPACKAGEREFERENCE",
];

/// Whether a property of this name, or a variable of the environment, which is one too, moves what is read or written.
pub fn moves(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    MOVES.iter().any(|m| name.starts_with(m)) && !STAYS.contains(&name.as_str())
}

/// Reads a project, or a file that one imports.
///
/// # Errors
/// What is not understood.
pub fn read(text: &str) -> Result<Project, String> {
    let document = xml::parse(text)?;
    let root = document.root_element();
    if !xml::is(root, "Project") {
        return Err("it is no project of MSBuild".to_string());
    }
    if root.attribute("InitialTargets").is_some() || root.attribute("TreatAsLocalProperty").is_some() {
        return Err("it runs targets of its own first".to_string());
    }
    let mut project = Project::default();
    kits(root)?;
    // what stands in a target happens only if it runs
    let is_in_target = |e: &Element| e.ancestors().skip(1).any(|a| xml::is(a, "Target"));
    for element in root.descendants().filter(|e| e.is_element() && !is_in_target(e)) {
        project.element(element)?;
    }
    Ok(project)
}

/// The kits that it is built on.
fn kits(root: Element) -> Result<(), String> {
    let attributes = root
        .descendants()
        .filter_map(|e| if xml::is(e, "Sdk") { e.attribute("Name") } else { e.attribute("Sdk") });
    for kit in attributes.flat_map(|a| a.split(';')) {
        if !KITS.contains(&kit.trim()) {
            return Err(format!("it is built on {kit}, which may read the source"));
        }
    }
    Ok(())
}

/// Whether a file stands by itself: a project that begins with a kit, as all of today do.
///
/// # Errors
/// As [`read`].
pub fn has_kit(text: &str) -> Result<bool, String> {
    let document = xml::parse(text)?;
    let root = document.root_element();
    Ok(root.attribute("Sdk").is_some() || xml::children(root, "Sdk").next().is_some())
}

impl Project {
    fn element(&mut self, element: Element) -> Result<(), String> {
        for attribute in element.attributes() {
            let is_import = attribute.name() == "Project" && xml::is(element, "Import");
            if is_import && self.import_above(attribute.value()) {
                continue;
            }
            functions(attribute.value())?;
            self.conditions(attribute.value())?;
        }
        functions(&xml::text(element))?;
        match element.tag_name().name() {
            "ProjectReference" => {
                for name in ["Include", "Update"] {
                    let paths = element.attribute(name).into_iter().flat_map(|p| p.split(';'));
                    self.references.extend(paths.map(path).filter(|p| !p.is_empty()));
                }
            }
            "Import" => {
                let file = element.attribute("Project").unwrap_or_default();
                let is_of_kit = element.attribute("Sdk").is_some();
                if !is_of_kit && above(file).is_none() {
                    self.imports.push(path(file));
                }
            }
            "Target" => target(element)?,
            "UsingTask" => {}
            name if element.parent().is_some_and(|p| xml::is(p, "PropertyGroup")) && moves(name) => {
                return Err(format!("{name} may move what the restore reads or writes"));
            }
            _ => {}
        }
        Ok(())
    }

    fn import_above(&mut self, value: &str) -> bool {
        let name = above(value).map(ToString::to_string);
        self.found_above.extend(name.clone());
        name.is_some()
    }

    /// `Exists('path')` asks for a file.
    fn conditions(&mut self, text: &str) -> Result<(), String> {
        let lower = text.to_ascii_lowercase();
        for (at, word) in lower.match_indices("exists") {
            let rest = text[at + word.len()..].trim_start();
            let Some(rest) = rest.strip_prefix('(') else { continue };
            let inside = rest.split(')').next().unwrap_or_default().trim();
            let quoted = inside.strip_prefix('\'').and_then(|i| i.strip_suffix('\''));
            let file = quoted.ok_or_else(|| format!("`{text}` is not understood"))?;
            self.looked_at.push(path(file));
        }
        Ok(())
    }
}

/// The name in `$([MSBuild]::GetPathOfFileAbove('name', '$(MSBuildThisFileDirectory)../'))`, which people write to import
/// the file of the same name in a folder above.
fn above(value: &str) -> Option<&str> {
    let call = value.trim().strip_prefix("$([MSBuild]::GetPathOfFileAbove(")?.strip_suffix("))")?;
    let (name, from) = call.split_once(',')?;
    let quoted = |w: &'_ str| w.trim().trim_matches('\'').to_string();
    let from = quoted(from).replace('\\', "/");
    let name = name.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let is_above = from == "$(MSBuildThisFileDirectory)../" || from == "$(MSBuildThisFileDirectory)..";
    (is_above && !name.contains(['$', '/', '\\'])).then_some(name)
}

/// A path with slashes, without the folder of the file itself before it.
fn path(written: &str) -> String {
    let path = written.trim().replace('\\', "/");
    for folder in ["$(MSBuildThisFileDirectory)", "$(MSBuildProjectDirectory)/", "./"] {
        if let Some(rest) = path.strip_prefix(folder) {
            return rest.to_string();
        }
    }
    path
}

/// Functions in properties can read files; a few that cannot are known.
fn functions(text: &str) -> Result<(), String> {
    const KNOWN: [&str; 6] = [
        "$([MSBuild]::IsOSPlatform(",
        "$([MSBuild]::IsTargetFrameworkCompatible(",
        "$([MSBuild]::VersionGreaterThan",
        "$([MSBuild]::VersionLessThan",
        "$([MSBuild]::GetTargetFramework",
        "$([System.DateTime]::",
    ];
    for (at, _) in text.match_indices("$([") {
        if !KNOWN.iter().any(|k| text[at..].starts_with(k)) {
            return Err(format!("`{}` may read files", text.trim()));
        }
    }
    if text.contains("$(registry:") { Err(format!("`{text}` is not understood")) } else { Ok(()) }
}

/// A target that a restore may run.
fn target(element: Element) -> Result<(), String> {
    let name = element.attribute("Name").unwrap_or_default();
    let hooks = ["BeforeTargets", "AfterTargets"].iter().filter_map(|a| element.attribute(*a));
    let hook = hooks.flat_map(|h| h.split(';')).map(str::trim).find(|h| !h.is_empty() && !BUILDS.contains(h));
    let is_of_restore =
        ["Restore", "Collect", "_", "PackageReference", "NuGet"].iter().any(|w| name.starts_with(w));
    if is_of_restore || hook.is_some() {
        return Err(format!("its target {name} may run in a restore"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "msbuild_tests.rs"]
mod tests;
