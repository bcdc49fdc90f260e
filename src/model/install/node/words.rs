//! The words of a call of one of these managers: a verb, operands, options that are known.

use super::super::Obstacle;
use crate::model::command::Command;

/// Which options a manager knows that change nothing about the files that it reads and writes.
pub struct Known {
    /// The manager.
    pub who: &'static str,
    /// Without a value, or with `=true` or `=false`.
    pub flags: &'static [&'static str],
    /// With a value, in the same word behind a `=` or in the next.
    pub valued: &'static [&'static str],
}

/// What a call says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words that are no options, the verb first.
    pub plain: Vec<String>,
    /// The options, with their values.
    options: Vec<(String, Option<String>)>,
}

/// The first word that is no option nor the value of one.
pub fn verb<'a>(command: &'a Command, known: &Known) -> Option<&'a str> {
    let mut args = command.args().iter();
    while let Some(word) = args.next() {
        match word.value.as_deref() {
            Some(text) if known.valued.contains(&text) => _ = args.next(),
            Some(text) if text.starts_with('-') => {}
            other => return other,
        }
    }
    None
}

impl Words {
    /// Reads all words.
    ///
    /// # Errors
    /// The one that is not known.
    pub fn read(command: &Command, known: &Known) -> Result<Self, Obstacle> {
        let who = known.who;
        let values = command.values();
        let values =
            values.ok_or_else(|| Obstacle::new(format!("a word of the call of {who} holds a variable")))?;
        let mut found = Self::default();
        let mut words = values.into_iter();
        while let Some(word) = words.next() {
            let unclear = || Obstacle::new(format!("dfmt does not know what `{word}` makes {who} read"));
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value)),
                _ => (word, None),
            };
            if known.flags.contains(&name) {
                if !matches!(attached, None | Some("true" | "false")) {
                    return Err(unclear());
                }
                found.options.push((name.to_string(), attached.map(String::from)));
            } else if known.valued.contains(&name) {
                let value = attached.or_else(|| words.next()).ok_or_else(unclear)?;
                let is_remote = value.starts_with("https://") || value.starts_with("http://");
                if name.ends_with("registry") && !is_remote {
                    return Err(unclear());
                }
                found.options.push((name.to_string(), Some(value.to_string())));
            } else if word.starts_with('-') {
                return Err(unclear());
            } else {
                found.plain.push(word.to_string());
            }
        }
        Ok(found)
    }

    /// Whether one of these flags is given, and not taken back.
    pub fn has(&self, names: &[&str]) -> bool {
        self.flag(names) == Some(true)
    }

    /// What the last of these flags says.
    pub fn flag(&self, names: &[&str]) -> Option<bool> {
        let given = self.options.iter().rfind(|(name, _)| names.contains(&name.as_str()));
        given.map(|(_, value)| value.as_deref() != Some("false"))
    }

    /// The value of an option.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.options.iter().rfind(|(n, _)| n == name)?.1.as_deref()
    }

    /// The operands behind the verb.
    pub fn operands(&self) -> &[String] {
        self.plain.get(1..).unwrap_or_default()
    }

    /// Whether there is nothing but questions for the version.
    pub fn asks_for_version(command: &Command) -> bool {
        command.values().is_some_and(|v| !v.is_empty() && v.iter().all(|w| matches!(*w, "-v" | "--version")))
    }
}

/// Whether a word names a package of a registry, perhaps with a version: `typescript@5`, `@angular/cli`.
pub fn is_package(word: &str) -> bool {
    let (scope, rest) = match word.strip_prefix('@').map(|w| w.split_once('/')) {
        Some(Some((scope, rest))) => (scope, rest),
        Some(None) => return false,
        None => ("x", word),
    };
    let (name, version) = rest.split_once('@').unwrap_or((rest, "latest"));
    let is_name = |t: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !t.is_empty() && !t.starts_with(['.', '-']) && t.chars().all(fits)
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-^~<>=+*x|".contains(c);
    let is_archive = [".tgz", ".tar.gz", ".tar"].iter().any(|end| word.to_ascii_lowercase().ends_with(end));
    is_name(scope) && is_name(name) && !version.is_empty() && version.chars().all(fits) && !is_archive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_packages() {
        for word in ["yarn", "npm@9.8.1", "@angular/cli@^17", "@a/b", "n@latest"] {
            assert!(is_package(word), "{word}");
        }
        for word in
            [".", "./x", "../x", "/x", "a/b", "x.tgz", "file:x", "@a", "x@", "x@file:y", "git@github.com:a/b"]
        {
            assert!(!is_package(word), "{word}");
        }
    }
}
