//! `dfmt rules`: the catalogue.

use anyhow::Result;

use super::run::Status;
use super::streams::Streams;
use crate::proof::engine::{self, RuleInfo};
use crate::settings;

/// Prints the list of rules, those of a kind, or the page of one.
///
/// # Errors
/// Where there is no rule of that name, or stdout cannot be written.
pub fn print(name: Option<&str>, streams: &mut Streams) -> Result<Status> {
    let rules = engine::rules();
    let text = match name {
        None => list(&rules.iter().collect::<Vec<_>>()),
        Some(name) => match settings::named(name, &rules)?[..] {
            [rule] if rule.name == name.trim() => page(rule),
            ref of_kind => list(of_kind),
        },
    };
    streams.print(text.as_bytes())?;
    Ok(Status::Done)
}

/// A line each: name, kind, what it does.
fn list(rules: &[&RuleInfo]) -> String {
    let width = rules.iter().map(|r| r.name.len()).max().unwrap_or(0);
    let line = |r: &&RuleInfo| format!("{:width$}  {:7}  {}\n", r.name, r.kind.name(), summary(r));
    rules.iter().map(line).collect()
}

/// The first line of its page.
fn summary(rule: &RuleInfo) -> &str {
    rule.page.lines().next().unwrap_or("").trim_start_matches(['#', ' '])
}

fn page(rule: &RuleInfo) -> String {
    let alone = if rule.alone { ", only by its own name" } else { "" };
    format!("{} ({}{alone})\n\n{}\n", rule.name, rule.kind.name(), rule.page.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Kind;

    const RULE: RuleInfo = RuleInfo {
        name: "npm-ci",
        kind: Kind::Content,
        alone: true,
        page: std::borrow::Cow::Borrowed("# Says `npm ci`\n\nWhy: so.\n"),
    };

    #[test]
    fn a_line_and_a_page() {
        let space = RuleInfo {
            name: "space",
            kind: Kind::Layout,
            alone: false,
            page: std::borrow::Cow::Borrowed("Blanks"),
        };
        assert_eq!(list(&[&space, &RULE]), "space   layout   Blanks\nnpm-ci  content  Says `npm ci`\n");
        assert_eq!(page(&RULE), "npm-ci (content, only by its own name)\n\n# Says `npm ci`\n\nWhy: so.\n");
    }
}
