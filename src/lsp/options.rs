//! What the client's settings ask for.
//!
//! They are read from `initializationOptions`, from `workspace/didChangeConfiguration` and from the answer to
//! `workspace/configuration`: an object of our keys, or one that holds it under `dfmt`. They hold as flags of the command
//! line do: over `dfmt.toml`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::config::{MergePolicy, Selection};
use crate::settings::{Flags, choice, keys};

/// What the client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `only`, `also`, `skip`
    pub rules: Selection,
    /// `keepCache`
    pub keep_cache: bool,
    /// `mergeRuns`
    pub merge_runs: Option<MergePolicy>,
    /// `context`
    pub context: Option<PathBuf>,
    /// `config`
    pub config: Option<PathBuf>,
    /// `isolated`
    pub isolated: bool,
    /// `diagnostics`: whether rules and advice are shown; syntax errors always are.
    pub diagnostics: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules: Selection::default(),
            keep_cache: false,
            merge_runs: None,
            context: None,
            config: None,
            isolated: false,
            diagnostics: true,
        }
    }
}

const KEYS: [&str; 9] =
    ["only", "also", "skip", "keepCache", "mergeRuns", "context", "config", "isolated", "diagnostics"];

/// Keys of clients that are no business of the server.
const OF_CLIENTS: [&str; 4] = ["enable", "path", "args", "trace"];

impl Options {
    /// What an object of settings says, and what is wrong with it: what cannot be used is as if it were not there.
    pub fn read(value: &Value) -> (Self, Vec<String>) {
        let value = value.get("dfmt").unwrap_or(value);
        let mut options = Self::default();
        let mut faults = Vec::new();
        for (key, value) in value.as_object().into_iter().flatten().filter(|(_, v)| !v.is_null()) {
            if let Err(wanted) = options.set(key, value) {
                faults.push(format!("the setting `dfmt.{key}` {wanted}"));
            }
        }
        (options, faults)
    }

    fn set(&mut self, key: &str, value: &Value) -> Result<(), String> {
        match key {
            "only" => self.rules.only = names(value)?,
            "also" => self.rules.also = names(value)?,
            "skip" => self.rules.skip = names(value)?,
            "keepCache" => self.keep_cache = yes(value)?,
            "isolated" => self.isolated = yes(value)?,
            "diagnostics" => self.diagnostics = yes(value)?,
            "mergeRuns" => self.merge_runs = policy(value)?,
            "context" => self.context = path(value)?,
            "config" => self.config = path(value)?,
            _ if OF_CLIENTS.contains(&key) => {}
            _ => return Err(unknown(key)),
        }
        Ok(())
    }

    /// With paths that begin at the folder that is open: clients start the server wherever they stand.
    pub fn below(mut self, root: Option<&Path>) -> Self {
        if let Some(root) = root {
            for path in [&mut self.context, &mut self.config].into_iter().flatten() {
                *path = root.join(&*path);
            }
        }
        self
    }

    /// As flags of the command line.
    pub fn flags(&self, layout_only: bool) -> Flags {
        Flags {
            rules: self.rules.clone(),
            keep_cache: self.keep_cache,
            layout_only,
            context: self.context.clone(),
            file: self.config.clone(),
            isolated: self.isolated,
            exclude: Vec::new(),
        }
    }
}

/// A list of names, or one text with commas as on the command line.
fn names(value: &Value) -> Result<Vec<String>, String> {
    let parts = |text: &str| -> Vec<String> {
        text.split(',').map(str::trim).filter(|n| !n.is_empty()).map(str::to_string).collect()
    };
    let all = match value {
        Value::String(text) => Some(parts(text)),
        Value::Array(all) => all.iter().map(|v| v.as_str().map(str::to_string)).collect(),
        _ => None,
    };
    all.ok_or_else(|| format!("takes {}", keys::Takes::Rules.in_words()))
}

fn yes(value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("takes {}", keys::Takes::Bool.in_words()))
}

/// An empty text is no policy: forms of clients have no other way to say so.
fn policy(value: &Value) -> Result<Option<MergePolicy>, String> {
    match value.as_str() {
        Some("") => Ok(None),
        name => name
            .and_then(keys::policy)
            .map(Some)
            .ok_or_else(|| format!("takes {}", keys::Takes::MergeRuns.in_words())),
    }
}

fn path(value: &Value) -> Result<Option<PathBuf>, String> {
    let text = value.as_str().ok_or("takes a path")?;
    Ok((!text.is_empty()).then(|| PathBuf::from(text)))
}

fn unknown(key: &str) -> String {
    match choice::nearest(key, KEYS.into_iter()) {
        Some(nearest) => format!("is unknown: did you mean `dfmt.{nearest}`?"),
        None => "is unknown".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_read_with_and_without_a_section() {
        let want = Options {
            rules: Selection { also: vec!["image".to_string()], ..Selection::default() },
            merge_runs: Some(MergePolicy::All),
            ..Options::default()
        };
        let settings =
            json!({"also": ["image"], "mergeRuns": "all", "context": "", "path": "x", "only": null});
        assert_eq!(Options::read(&settings), (want.clone(), vec![]));
        assert_eq!(Options::read(&json!({"dfmt": settings, "other": 1})), (want, vec![]));
        assert_eq!(Options::read(&Value::Null), (Options::default(), vec![]));
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let (options, faults) = Options::read(&json!({"alos": [], "keepCache": 1, "skip": "a, b"}));
        assert_eq!(options.rules.skip, ["a", "b"]);
        let want = [
            "the setting `dfmt.alos` is unknown: did you mean `dfmt.also`?",
            "the setting `dfmt.keepCache` takes true or false",
        ];
        assert_eq!(faults, want);
    }
}
