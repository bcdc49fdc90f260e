//! `dfmt rules`: the catalogue.

use anyhow::Result;

use super::status::Status;
use super::streams::Streams;
use crate::config::Kind;
use crate::proof::engine::{self, RuleInfo};
use crate::report::document::summary;
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

/// A line each: name, kind, when it runs, what it does.
fn list(rules: &[&RuleInfo]) -> String {
    let width = rules.iter().map(|r| r.name.len()).max().unwrap_or(0);
    let runs = rules.iter().map(|r| runs(r).len()).max().unwrap_or(0);
    let line = |r: &&RuleInfo| {
        format!("{:width$}  {:7}  {:runs$}  {}\n", r.name, r.kind.name(), self::runs(r), summary(r))
    };
    rules.iter().map(line).collect()
}

/// When it runs.
const fn runs(rule: &RuleInfo) -> &'static str {
    match (rule.alone, rule.kind) {
        (true, _) => "--also NAME",
        (false, Kind::Content) => "--also content",
        (false, Kind::Layout | Kind::Image) => "by default",
    }
}

/// A page of Markdown: its title, and below it the headings of the rule's file, one level down.
fn page(rule: &RuleInfo) -> String {
    let alone = if rule.alone { ", only by its own name" } else { "" };
    let mut out = format!("# {} ({}{alone})\n\n", rule.name, rule.kind.name());
    let mut in_code = false;
    for line in rule.page.trim_end().lines() {
        in_code ^= line.starts_with("```");
        if !in_code && line.starts_with("# ") {
            out.push('#');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: RuleInfo = RuleInfo {
        name: "npm-ci",
        kind: Kind::Content,
        alone: true,
        against: &[],
        page: std::borrow::Cow::Borrowed("Says `npm ci`\n\n# Why\n\n```\n# no\n```\n"),
    };

    #[test]
    fn a_line_and_a_page() {
        let space = RuleInfo {
            name: "space",
            kind: Kind::Layout,
            alone: false,
            against: &[],
            page: std::borrow::Cow::Borrowed("Blanks"),
        };
        assert_eq!(
            list(&[&space, &RULE]),
            "space   layout   by default   Blanks\nnpm-ci  content  --also NAME  Says `npm ci`\n"
        );
        assert_eq!(
            page(&RULE),
            "# npm-ci (content, only by its own name)\n\nSays `npm ci`\n\n## Why\n\n```\n# no\n```\n"
        );
    }
}
