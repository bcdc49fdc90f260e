//! The report as workflow commands of GitHub Actions, which show it beside the lines of a pull request.
//!
//! GitHub shows ten warnings of a step and no more, so lines that meet are told together, with all their rules. What
//! stands in a file never begins a line of the output: a runner would obey it.

use std::ops::Range;
use std::path::Path;

use super::document::{Run, summary};
use super::record::{Note, Record, Touched};
use super::text::Severity;

pub(super) fn file(record: &Record, run: &Run) -> String {
    let mut out = String::new();
    for note in &record.notes {
        out += &self::note(Some(&record.path), note, run);
    }
    for (lines, rules) in blocks(&record.changes) {
        out += &change(record, &lines, &rules, run);
    }
    for refusal in run.told(record) {
        let title = format!("dfmt: {}", refusal.rule);
        let lines = (refusal.line, refusal.line);
        out += &command("notice", &properties(Some(&record.path), Some(lines), &title, run), &refusal.reason);
    }
    if let Some(diff) = &record.diff {
        let at = properties(Some(&record.path), None, "dfmt: diff", run);
        out += &command("notice", &at, &String::from_utf8_lossy(diff));
    }
    out
}

pub(super) fn note(path: Option<&Path>, note: &Note, run: &Run) -> String {
    let name = match note.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let lines = note.line.map(|line| (line, line));
    command(name, &properties(path, lines, "dfmt", run), &note.message)
}

fn change(record: &Record, lines: &Range<usize>, rules: &[&'static str], run: &Run) -> String {
    let said: Vec<String> = rules
        .iter()
        .map(|name| match run.rule(name) {
            Some(rule) => format!("{name} ({}): {}", rule.kind.name(), summary(rule)),
            None => (*name).to_string(),
        })
        .collect();
    let done = if run.mode == "write" { "rewritten" } else { "would be rewritten; `dfmt --write` does it" };
    let title = format!("dfmt: {}", rules.join(", "));
    let lines = (lines.start + 1, lines.end.max(lines.start + 1));
    let at = properties(Some(&record.path), Some(lines), &title, run);
    let name = if run.mode == "write" { "notice" } else { "warning" };
    command(name, &at, &format!("{}\n{done}", said.join("\n")))
}

/// Lines that meet, with the rules that touched them, each once, in the order in which they are told.
fn blocks(changes: &[Touched]) -> Vec<(Range<usize>, Vec<&'static str>)> {
    let mut found: Vec<(Range<usize>, Vec<&'static str>)> = Vec::new();
    for Touched { rule, before, .. } in changes {
        match found.last_mut() {
            Some((lines, rules)) if before.start <= lines.end => {
                lines.end = lines.end.max(before.end);
                if !rules.contains(rule) {
                    rules.push(rule);
                }
            }
            _ => found.push((before.clone(), vec![rule])),
        }
    }
    found
}

/// `lines` as people count them, the last one too.
fn properties(path: Option<&Path>, lines: Option<(usize, usize)>, title: &str, run: &Run) -> String {
    let mut parts = Vec::new();
    if let Some(path) = path {
        parts.push(format!("file={}", escaped(&run.path(path), true)));
    }
    if let Some((start, end)) = lines {
        parts.push(format!("line={start}"));
        if end > start {
            parts.push(format!("endLine={end}"));
        }
    }
    parts.push(format!("title={}", escaped(title, true)));
    parts.join(",")
}

fn command(name: &str, properties: &str, message: &str) -> String {
    format!("::{name} {properties}::{}\n", escaped(message, false))
}

/// As the runner takes it apart: `%` first, then what would end a line, and in a property what would end that.
fn escaped(text: &str, property: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out += "%25",
            '\r' => out += "%0D",
            '\n' => out += "%0A",
            ':' if property => out += "%3A",
            ',' if property => out += "%2C",
            '\t' => out.push('\t'),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}
