//! What content rules would do beside what was asked for: a line for who sits at a terminal.

use super::files::{self, Found};
use super::job::{self, Job};
use super::read;
use crate::config::Kind;
use crate::proof::engine;

/// The content rules that would change more in a file, and were not chosen.
pub fn rules(job: &Job, found: &Found) -> Vec<&'static str> {
    let Ok(mut held) = job.settings.of(&found.path) else { return Vec::new() };
    let Ok(source) = read::file(&found.path) else { return Vec::new() };
    if files::is_containerfile(&found.path) {
        return Vec::new();
    }
    let is_new = |rule: &engine::RuleInfo| {
        rule.kind == Kind::Content && !rule.alone && !held.config.rules.has(rule.name, rule.kind, rule.alone)
    };
    let new: Vec<&str> = engine::rules().iter().filter(|rule| is_new(rule)).map(|rule| rule.name).collect();
    if new.is_empty() {
        return new;
    }
    held.config.rules.also.push(Kind::Content.name().to_string());
    let changes = job::outcome(&found.path, &held, &source).map(|outcome| outcome.changes(&source));
    let changes = changes.unwrap_or_default();
    new.into_iter().filter(|name| changes.iter().any(|change| change.rule == *name)).collect()
}

/// The line; `found` has the rules for each file.
pub fn line(found: &[Vec<&'static str>]) -> Option<String> {
    let files = found.iter().filter(|rules| !rules.is_empty()).count();
    let mut names: Vec<&str> = Vec::new();
    for name in found.iter().flatten() {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let noun = if files == 1 { "file" } else { "files" };
    (files > 0).then(|| format!("--also content would change more in {files} {noun}: {}\n", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_line_counts_files_and_names_each_rule_once() {
        assert_eq!(line(&[vec![], vec![]]), None);
        let two = line(&[vec!["a", "b"], vec![], vec!["b", "c"]]);
        assert_eq!(two.as_deref(), Some("--also content would change more in 2 files: a, b, c\n"));
        assert_eq!(line(&[vec!["a"]]).as_deref(), Some("--also content would change more in 1 file: a\n"));
    }
}
