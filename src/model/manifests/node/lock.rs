//! Lock files: which packages they name, and what of them lies in the source.
//!
//! The locks of Yarn, pnpm and Bun are read word by word: that gives more names than they hold packages, never fewer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::spec::{self, Spec};

/// What a package-lock.json or an npm-shrinkwrap.json says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NpmLock {
    /// The names of all packages.
    pub names: BTreeSet<String>,
    /// Those that run a script when they are installed; `None` where the lock does not say (npm before 7).
    pub with_scripts: Option<BTreeSet<String>>,
    /// Folders of the project that it takes for packages: members of the workspace, or folders outside of it.
    pub folders: BTreeSet<String>,
    /// Archives of the project.
    pub archives: BTreeSet<String>,
}

/// Reads a package-lock.json.
///
/// # Errors
/// What is not understood.
pub fn npm(text: &str) -> Result<NpmLock, String> {
    let lock: Value = serde_json::from_str(text).map_err(|why| format!("is not understood: {why}"))?;
    let mut found = NpmLock::default();
    if let Some(packages) = lock.get("packages") {
        let packages = packages.as_object().ok_or("`packages` is not understood")?;
        let mut scripts = BTreeSet::new();
        for (place, entry) in packages {
            found.package(place, entry, &mut scripts)?;
        }
        found.with_scripts = Some(scripts);
    } else {
        found.dependencies(&lock)?;
    }
    Ok(found)
}

impl NpmLock {
    fn package(&mut self, place: &str, entry: &Value, scripts: &mut BTreeSet<String>) -> Result<(), String> {
        let Some((_, name)) = place.rsplit_once("node_modules/") else {
            if !place.is_empty() {
                self.folders.insert(place.to_string());
            }
            return Ok(());
        };
        let name = entry.get("name").and_then(Value::as_str).unwrap_or(name);
        let resolved = entry.get("resolved").and_then(Value::as_str).unwrap_or_default();
        if entry.get("link").is_some() {
            self.folders.insert(resolved.to_string());
            return Ok(());
        }
        self.names.insert(name.to_string());
        if entry.get("hasInstallScript").is_some() {
            scripts.insert(name.to_string());
        }
        self.resolved(resolved)
    }

    /// The form of npm 5 and 6: packages inside packages.
    fn dependencies(&mut self, of: &Value) -> Result<(), String> {
        for (name, entry) in of.get("dependencies").and_then(Value::as_object).into_iter().flatten() {
            self.names.insert(name.clone());
            for field in ["version", "resolved"] {
                self.resolved(entry.get(field).and_then(Value::as_str).unwrap_or_default())?;
            }
            self.dependencies(entry)?;
        }
        Ok(())
    }

    fn resolved(&mut self, text: &str) -> Result<(), String> {
        match spec::read(text) {
            Spec::Remote => Ok(()),
            Spec::Archive(path) => {
                self.archives.insert(path);
                Ok(())
            }
            _ => Err(format!("`{text}` lies in the source")),
        }
    }
}

/// The names that the text of a lock may name packages by.
pub fn names(text: &str) -> BTreeSet<String> {
    let ends = |c: char| c.is_whitespace() || "\"',:()[]{}<>#".contains(c);
    text.split(ends).filter_map(name).map(String::from).collect()
}

/// `@scope/name` of `/@scope/name@1.0.0`, `name` of `name/1.0.0`.
fn name(word: &str) -> Option<&str> {
    let word = word.trim_start_matches('/');
    let (scope, rest) = match word.strip_prefix('@') {
        Some(scoped) => (scoped.find('/')? + 2, &word[scoped.find('/')? + 2..]),
        None => (0, word),
    };
    let end = rest.find(['@', '/']).unwrap_or(rest.len());
    (end > 0).then(|| &word[..scope + end])
}

/// A place in a lock of Yarn, pnpm or Bun that leads to the source, as it is written. pnpm writes `link:` for members of
/// a workspace too.
pub fn leads_to_source(text: &str, has_members: bool) -> Option<&str> {
    const MARKS: &[&str] = &["link:", "file:", "portal:", "exec:", "type: directory"];
    let marks = if has_members { &MARKS[1..] } else { MARKS };
    let is_word = |line: &str, at: usize| {
        !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    text.lines().map(str::trim).find(|line| {
        let marks = marks.iter().any(|m| line.match_indices(m).any(|(at, _)| is_word(line, at)));
        let offline = line.strip_prefix("resolved ").map(|r| r.trim_matches('"'));
        marks || offline.is_some_and(|r| !r.starts_with("http") && !r.starts_with("git"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_who_runs_scripts() {
        let text = r#"{"packages": {"": {}, "node_modules/a": {"resolved": "https://r/a.tgz", "hasInstallScript": true},
            "node_modules/b/node_modules/@s/c": {}, "node_modules/m": {"resolved": "packages/m", "link": true},
            "packages/m": {}}}"#;
        let lock = npm(text).unwrap();
        assert_eq!(lock.with_scripts, Some(["a".to_string()].into()));
        assert_eq!(lock.names, ["a".to_string(), "@s/c".to_string()].into());
        assert_eq!(lock.folders, ["packages/m".to_string()].into());
        let old =
            npm(r#"{"dependencies": {"a": {"version": "1.0.0", "dependencies": {"b": {"version": "2"}}}}}"#);
        let old = old.unwrap();
        assert_eq!((old.names.len(), old.with_scripts), (2, None));
        assert!(npm(r#"{"dependencies": {"a": {"version": "file:lib"}}}"#).is_err());
    }

    #[test]
    fn reads_names_of_every_lock() {
        for text in [
            "\"@prisma/client@^5.0.0\":\n  version \"5.0.0\"",
            "\"@prisma/client@npm:^5.0.0\":",
            "  '@prisma/client@5.0.0(x@1)':",
            "  /@prisma/client/4.0.0:",
            "    \"@prisma/client\": [\"@prisma/client@5.0.0\", \"\"]",
        ] {
            assert!(names(text).contains("@prisma/client"), "{text:?}");
        }
        assert!(names("nx@^1, nx@^2:").contains("nx"));
        assert!(!names("\"@a/nx@^1\":").contains("nx"));
    }

    #[test]
    fn sees_what_leads_to_the_source() {
        for text in [
            "\"a@file:lib\":",
            "resolution: {directory: x, type: directory}",
            "version: link:../a",
            "resolved a-1.tgz",
            "a@git+file:///x",
        ] {
            assert!(leads_to_source(text, false).is_some(), "{text:?}");
        }
        for text in ["resolved \"https://r/a.tgz#1\"", "profile: 1", "a@git+ssh://x"] {
            assert_eq!(leads_to_source(text, false), None);
        }
        assert_eq!(leads_to_source("version: link:../a", true), None);
    }
}
