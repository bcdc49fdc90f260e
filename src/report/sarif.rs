//! The report as SARIF 2.1.0, as GitHub code scanning takes it.
//!
//! What a rule would change or refused to change is a result, and so is a text that `BuildKit` would refuse. What keeps
//! dfmt from looking at a file is none: it is a notification of the tool.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::document::{Run, summary};
use super::record::{About, Note, Record, Replaced, Touched};
use super::text::Severity;
use crate::config::Kind;
use crate::proof::engine::{Refusal, RuleInfo};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The rule of texts that `BuildKit` would refuse, and of comments to dfmt that say nothing.
const SYNTAX: &str = "syntax";

/// Where the pages of rules are, if the package says where it lives.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// Whether a note is about the text of a file, and so a result.
pub(super) fn is_result(note: &Note) -> bool {
    note.about == About::Text
}

pub(super) fn begin(run: &Run) -> String {
    let mut rules: Vec<Value> = run.rules.iter().map(rule).collect();
    rules.push(json!({
        "id": SYNTAX,
        "shortDescription": { "text": "BuildKit would refuse the file, or a comment to dfmt says nothing" },
        "help": { "text": "The file is left as it is. Mend the line, then dfmt can read it." },
        "defaultConfiguration": { "level": "error" },
    }));
    let mut driver = json!({ "name": "dfmt", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules });
    if !HOME.is_empty() {
        driver["informationUri"] = HOME.into();
    }
    let tool = json!({ "driver": driver });
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{tool},\
         \"columnKind\":\"unicodeCodePoints\",\"results\":["
    )
}

fn rule(rule: &RuleInfo) -> Value {
    let mut value = json!({
        "id": rule.name,
        "shortDescription": { "text": summary(rule) },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(rule.kind) },
        "properties": { "tags": [rule.kind.name()] },
    });
    if !HOME.is_empty() {
        value["helpUri"] = format!("{HOME}/blob/main/docs/rules/{}.md", rule.name).into();
    }
    value
}

/// How it looks is a note; what makes builds slow is a warning.
const fn level(kind: Kind) -> &'static str {
    match kind {
        Kind::Layout => "note",
        Kind::Image | Kind::Content => "warning",
    }
}

/// The results of a file.
pub(super) fn file(record: &Record, run: &Run) -> Vec<Value> {
    let notes = record.notes.iter().filter(|n| is_result(n)).map(|n| syntax(record, n, run));
    let mut changes: Vec<Value> = record.changes.iter().map(|t| change(record, t, run)).collect();
    // the changes of a file are proved together, so they are one fix
    if let (Some(first), Some(fix)) = (changes.first_mut(), fix(record, run)) {
        first["fixes"] = json!([fix]);
    }
    let refusals = run.told(record).map(|r| refusal(record, r, run));
    notes.chain(changes).chain(refusals).collect()
}

fn syntax(record: &Record, note: &Note, run: &Run) -> Value {
    let lines = note.line.unwrap_or(1);
    result(SYNTAX, severity(note.severity), &note.message, &location(&record.path, (lines, lines), run), run)
}

fn change(record: &Record, touched: &Touched, run: &Run) -> Value {
    let (what, level) = match run.rule(touched.rule) {
        Some(rule) => (summary(rule), level(rule.kind)),
        None => (touched.rule, "note"),
    };
    let first = touched.before.start + 1;
    let place = location(&record.path, (first, touched.before.end.max(first)), run);
    result(touched.rule, level, &format!("{what} `dfmt --write` does it."), &place, run)
}

fn refusal(record: &Record, refusal: &Refusal, run: &Run) -> Value {
    let place = location(&record.path, (refusal.line, refusal.line), run);
    result(refusal.rule, "note", &refusal.reason, &place, run)
}

fn result(rule: &str, level: &str, message: &str, place: &Value, run: &Run) -> Value {
    let mut value = json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": message },
        "locations": [place],
    });
    // where the rule stands among those that the document describes: ours are followed by that of texts
    let of_ours = run.rules.iter().position(|r| r.name == rule);
    if let Some(index) = of_ours.or((rule == SYNTAX).then_some(run.rules.len())) {
        value["ruleIndex"] = index.into();
    }
    value
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn location(path: &Path, (start, end): (usize, usize), run: &Run) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": artifact(path, run),
        "region": { "startLine": start, "endLine": end },
    } })
}

fn artifact(path: &Path, run: &Run) -> Value {
    json!({ "uri": uri(&run.path(path)) })
}

/// All that was replaced, as one fix; `None` where it was not asked for, or is no text.
fn fix(record: &Record, run: &Run) -> Option<Value> {
    record.diff.as_ref()?;
    let replacements: Option<Vec<Value>> = record.replaced.iter().map(replacement).collect();
    Some(json!({
        "description": { "text": "All changes of this file, which are proved together." },
        "artifactChanges": [{
            "artifactLocation": artifact(&record.path, run),
            "replacements": replacements.filter(|r| !r.is_empty())?,
        }],
    }))
}

fn replacement(replaced: &Replaced) -> Option<Value> {
    let region = json!({
        "startLine": replaced.lines.start + 1,
        "startColumn": 1,
        "endLine": replaced.lines.end + 1,
        "endColumn": 1,
    });
    let text = std::str::from_utf8(&replaced.text).ok()?;
    Some(json!({ "deletedRegion": region, "insertedContent": { "text": text } }))
}

/// A path as a URI: relative as it is, absolute with its scheme.
fn uri(path: &str) -> String {
    let mut out = String::new();
    if path.starts_with('/') {
        out += "file://";
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(byte as char);
        } else {
            // a String takes all that is written to it
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

pub(super) fn end(aside: &[(Option<PathBuf>, Note)], failed: bool, run: &Run) -> String {
    let notifications: Vec<Value> =
        aside.iter().map(|(path, n)| notification(path.as_deref(), n, run)).collect();
    let failed = failed || aside.iter().any(|(_, n)| n.severity == Severity::Error);
    let invocation = json!({ "executionSuccessful": !failed, "toolExecutionNotifications": notifications });
    format!("\n],\"invocations\":[{invocation}]}}]}}\n")
}

fn notification(path: Option<&Path>, note: &Note, run: &Run) -> Value {
    let mut value = json!({ "level": severity(note.severity), "message": { "text": note.message } });
    if let Some(path) = path {
        value["locations"] = json!([{ "physicalLocation": { "artifactLocation": artifact(path, run) } }]);
    }
    value
}
