//! Maven's project files: what a POM, or a settings.xml, says of other files.
//!
//! The source of each claim is Maven's "POM Reference", "Settings Reference" and the code of its model builder (releases
//! 3.0 to 3.9):
//!
//! - `parent/relativePath` is `../pom.xml` where it is left out, and nothing where it is empty. A parent of another name at
//!   that place is read, and passed over for the one in the repository.
//! - A module is a folder with a pom.xml, or a file. All modules are read, whichever are built.
//! - Files are relative to the folder of the project, also those that a parent names.
//!
//! All profiles are read as if they were active. Does not know where a file lies.

use super::xml::{self, Element};

/// What a POM or a settings.xml says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pom {
    /// The project itself, as far as the file says it.
    pub own: Coordinates,
    /// What it inherits from, and where that may lie.
    pub parent: Option<Parent>,
    /// Its modules.
    pub modules: Vec<String>,
    /// Files whose being there makes a profile active.
    pub looked_at: Vec<String>,
    /// Files of `systemPath`.
    pub jars: Vec<String>,
    /// Where artifacts come from.
    pub repositories: Vec<String>,
    /// Plugins that take part in reading the project, as `group:artifact`.
    pub extensions: Vec<String>,
    /// Settings of the plugin that resolves dependencies.
    pub told: Vec<String>,
    /// Whether it builds elsewhere than in `target`.
    pub has_own_output: bool,
    /// `localRepository` of a settings.xml.
    pub local_repository: Option<String>,
}

/// Who a project is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordinates {
    /// `groupId`, where it is not that of the parent.
    pub group: Option<String>,
    /// `artifactId`.
    pub artifact: String,
    /// `version`, where it is not that of the parent.
    pub version: Option<String>,
}

/// What a POM inherits from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parent {
    /// Its name.
    pub name: Coordinates,
    /// Where it lies, as it is written; none where Maven looks only into repositories.
    pub path: Option<String>,
}

/// Reads a pom.xml, an extensions.xml or a settings.xml.
///
/// # Errors
/// What is not understood.
pub fn read(text: &str) -> Result<Pom, String> {
    let document = xml::parse(text)?;
    let root = document.root_element();
    if xml::value(root, "modelVersion").is_some_and(|v| v != "4.0.0") {
        return Err("its modelVersion is not 4.0.0".to_string());
    }
    let listed = |list: &'static str, item: &'static str| {
        xml::all(root, list).flat_map(move |l| xml::children(l, item))
    };
    let modules = listed("modules", "module").chain(listed("subprojects", "subproject"));
    let activations = xml::all(root, "activation").flat_map(|a| xml::children(a, "file"));
    let files =
        activations.flat_map(|f| f.children().filter(|e| xml::is(*e, "exists") || xml::is(*e, "missing")));
    Ok(Pom {
        own: coordinates(root),
        parent: xml::children(root, "parent").next().map(parent),
        modules: modules.map(xml::text).collect(),
        looked_at: files.map(xml::text).collect(),
        jars: xml::all(root, "systemPath").map(xml::text).collect(),
        repositories: repositories(root),
        extensions: extensions(root),
        told: told(root),
        has_own_output: xml::all(root, "build").any(|b| xml::children(b, "directory").next().is_some()),
        local_repository: xml::value(root, "localRepository"),
    })
}

fn coordinates(of: Element) -> Coordinates {
    Coordinates {
        group: xml::value(of, "groupId"),
        artifact: xml::value(of, "artifactId").unwrap_or_default(),
        version: xml::value(of, "version"),
    }
}

fn parent(of: Element) -> Parent {
    let path = match xml::value(of, "relativePath") {
        None => Some("../pom.xml".to_string()),
        Some(path) => Some(path).filter(|p| !p.is_empty()),
    };
    Parent { name: coordinates(of), path }
}

/// Where artifacts are fetched from. Where they are sent to does not matter.
fn repositories(root: Element) -> Vec<String> {
    let is_list = |e: &Element| {
        ["repositories", "pluginRepositories", "mirrors", "proxies"].iter().any(|name| xml::is(*e, name))
    };
    let listed = root.descendants().filter(is_list).flat_map(|list| list.children());
    listed.filter_map(|repository| xml::value(repository, "url")).collect()
}

fn name(of: Element) -> String {
    let coordinates = coordinates(of);
    let group = coordinates.group.unwrap_or_else(|| "org.apache.maven.plugins".to_string());
    format!("{group}:{}", coordinates.artifact)
}

fn extensions(root: Element) -> Vec<String> {
    let is_true = |e: &Element| xml::value(*e, "extensions").is_some_and(|v| v != "false");
    let plugins = xml::all(root, "plugin").filter(is_true);
    xml::all(root, "extension").chain(plugins).map(name).collect()
}

/// The settings of the dependency plugin that a call from the command line takes: those of the plugin itself, and of the
/// execution that stands for such a call.
fn told(root: Element) -> Vec<String> {
    let resolves = |e: &Element| {
        ["maven-dependency-plugin", "go-offline-maven-plugin"].iter().any(|n| name(*e).ends_with(n))
    };
    let mut found = Vec::new();
    for plugin in xml::all(root, "plugin").filter(resolves) {
        let executions =
            xml::all(plugin, "execution").filter(|e| xml::value(*e, "id").as_deref() == Some("default-cli"));
        let configured = executions.chain([plugin]).flat_map(|e| xml::children(e, "configuration"));
        let settings = configured.flat_map(|c| c.children().filter(Element::is_element));
        found.extend(settings.map(|e| e.tag_name().name().to_string()));
    }
    found
}

#[cfg(test)]
#[path = "pom_tests.rs"]
mod tests;
