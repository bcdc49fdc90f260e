//! package.json: what of it reaches an install.

use serde_json::{Map, Value};

/// A package.json.
#[derive(Clone, Debug)]
pub struct Package {
    fields: Map<String, Value>,
}

/// Fields that hold dependencies, as names and specs.
const DEPENDENCIES: &[&str] = &[
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
    "resolutions",
    "overrides",
    "catalog",
    "catalogs",
];

/// Scripts that an install runs, of the project and of the members of its workspace: those of every manager, whichever
/// of them runs which.
const LIFECYCLE: &[&str] = &[
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
    "dependencies",
    "predependencies",
    "postdependencies",
    "pnpm:devPreinstall",
];

impl Package {
    /// Reads the text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self { fields }),
            Ok(_) => Err("is no object".to_string()),
            Err(why) => Err(format!("is not understood: {why}")),
        }
    }

    /// A field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// All that it depends on, by name and spec: what replaces dependencies counts too.
    ///
    /// # Errors
    /// A field that is not understood.
    pub fn dependencies(&self) -> Result<Vec<(String, String)>, String> {
        let mut found = Vec::new();
        for field in DEPENDENCIES {
            pairs(field, self.get(field), &mut found)?;
        }
        let pnpm = self.get("pnpm").and_then(|pnpm| pnpm.get("overrides"));
        pairs("pnpm.overrides", pnpm, &mut found)?;
        if let Some(workspaces @ Value::Object(_)) = self.get("workspaces") {
            pairs("workspaces.catalog", workspaces.get("catalog"), &mut found)?;
            pairs("workspaces.catalogs", workspaces.get("catalogs"), &mut found)?;
        }
        Ok(found)
    }

    /// The scripts that an install runs, with their texts.
    pub fn lifecycle(&self) -> Vec<(&str, &str)> {
        let scripts = self.get("scripts").and_then(Value::as_object);
        let all = scripts.into_iter().flatten().filter(|(name, _)| LIFECYCLE.contains(&name.as_str()));
        all.map(|(name, text)| (name.as_str(), text.as_str().unwrap_or("?"))).collect()
    }

    /// The patterns of its workspace; nothing where it is none.
    ///
    /// # Errors
    /// Where they are not understood.
    pub fn workspaces(&self) -> Result<Option<Vec<String>>, String> {
        let Some(field) = self.get("workspaces") else { return Ok(None) };
        let list = if field.is_object() { field.get("packages").unwrap_or(&Value::Null) } else { field };
        let words = list.as_array().map(|l| l.iter().map(|w| w.as_str().map(String::from)).collect());
        match (list, words) {
            (Value::Null, _) => Ok(Some(Vec::new())),
            (_, Some(Some(patterns))) => Ok(Some(patterns)),
            _ => Err("`workspaces` is not understood".to_string()),
        }
    }

    /// Whether it brings commands: an install would make them executable, and link to them only if they are there.
    pub fn has_commands(&self) -> bool {
        let folder = self.get("directories").and_then(|d| d.get("bin"));
        self.get("bin").or(folder).is_some()
    }

    /// The package manager that it asks for, as `yarn@1.22.22`.
    pub fn manager(&self) -> Option<&str> {
        self.get("packageManager").and_then(Value::as_str)
    }

    /// The patch files that pnpm and Bun are told of, as paths from its folder.
    ///
    /// # Errors
    /// Where they are not understood.
    pub fn patches(&self) -> Result<Vec<String>, String> {
        let of_pnpm = self.get("pnpm").and_then(|pnpm| pnpm.get("patchedDependencies"));
        let mut found = Vec::new();
        for field in [self.get("patchedDependencies"), of_pnpm] {
            pairs("patchedDependencies", field, &mut found)?;
        }
        Ok(found.into_iter().map(|(_, path)| path).collect())
    }

    /// What pnpm is told in it: names of settings, and the specs by which it adds to what packages depend on.
    pub fn pnpm(&self) -> (Vec<&str>, Vec<&str>) {
        let settings = self.get("pnpm").and_then(Value::as_object);
        let names = settings.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let mut specs = Vec::new();
        if let Some(extensions) = settings.and_then(|s| s.get("packageExtensions")) {
            texts(extensions, &mut specs);
        }
        (names, specs)
    }

    /// Whether a member of the workspace is copied into `node_modules` with all its files.
    pub fn is_injected(&self) -> bool {
        let meta = self.get("dependenciesMeta").and_then(Value::as_object);
        meta.into_iter().flatten().any(|(_, m)| m.get("injected").is_some_and(|i| *i != Value::Bool(false)))
    }
}

/// All texts in a value.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|v| texts(v, found)),
        Value::Object(map) => map.values().for_each(|v| texts(v, found)),
        _ => {}
    }
}

/// Names and texts of an object, of those inside it too.
fn pairs(field: &str, value: Option<&Value>, found: &mut Vec<(String, String)>) -> Result<(), String> {
    match value {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Object(map)) => map.iter().try_for_each(|(name, value)| match value {
            Value::String(text) => {
                found.push((name.clone(), text.clone()));
                Ok(())
            }
            Value::Object(_) => pairs(field, Some(value), found),
            _ => Err(format!("`{field}` is not understood")),
        }),
        Some(_) => Err(format!("`{field}` is not understood")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(text: &str) -> Package {
        Package::read(text).unwrap()
    }

    #[test]
    fn reads_all_that_replaces_dependencies() {
        let text = r#"{"dependencies": {"a": "1"}, "overrides": {"b": {".": "2", "c": "file:x"}},
            "pnpm": {"overrides": {"d>e": "3"}}, "workspaces": {"catalog": {"f": "4"}}}"#;
        let found = package(text).dependencies().unwrap();
        let specs: Vec<&str> = found.iter().map(|(_, spec)| spec.as_str()).collect();
        assert_eq!(specs, ["1", "2", "file:x", "3", "4"]);
        assert!(package(r#"{"dependencies": ["a"]}"#).dependencies().is_err());
    }

    #[test]
    fn reads_both_forms_of_workspaces() {
        let patterns = |text| package(text).workspaces();
        assert_eq!(patterns(r#"{"workspaces": ["a/*"]}"#), Ok(Some(vec!["a/*".to_string()])));
        assert_eq!(patterns(r#"{"workspaces": {"packages": ["b"]}}"#), Ok(Some(vec!["b".to_string()])));
        assert_eq!(patterns("{}"), Ok(None));
        assert!(patterns(r#"{"workspaces": "a"}"#).is_err());
    }

    #[test]
    fn knows_the_scripts_of_an_install() {
        let text = r#"{"scripts": {"build": "x", "postinstall": "y", "prepare": 1}}"#;
        assert_eq!(package(text).lifecycle(), [("postinstall", "y"), ("prepare", "?")]);
    }
}
