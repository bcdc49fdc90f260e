//! The report as JSON of our own. docs/output.schema.json says what it holds; a line a file.

use std::ops::Range;

use serde_json::{Value, json};

use super::document::Run;
use super::record::{About, Note, Record, Touched};
use super::text::{Severity, Tally};

/// The version of the form: another one where a reader of this one would stumble.
const VERSION: u32 = 1;

pub(super) fn begin(run: &Run) -> String {
    let tool = json!({ "name": "dfmt", "version": env!("CARGO_PKG_VERSION") });
    format!("{{\"version\":{VERSION},\"tool\":{tool},\"mode\":{},\"files\":[", json!(run.mode))
}

pub(super) fn end<'n>(notes: impl Iterator<Item = &'n Note>, tally: &Tally, interrupted: bool) -> String {
    let notes: Vec<Value> = notes.map(note).collect();
    let summary = json!({
        "changed": tally.changed,
        "same": tally.same,
        "passed-over": tally.passed_over,
        "failed": tally.failed,
        "interrupted": interrupted,
    });
    format!("\n],\"messages\":{},\"summary\":{summary}}}\n", Value::from(notes))
}

pub(super) fn file(record: &Record, run: &Run) -> Value {
    let mut value = json!({
        "path": run.path(&record.path),
        "status": record.fate.name(),
        "changes": record.changes.iter().map(|t| change(t, run)).collect::<Vec<_>>(),
        "refusals": record.refusals.iter().map(|r| json!({
            "rule": r.rule, "kind": kind(r.rule, run), "line": r.line, "reason": r.reason, "advice": r.advice,
        })).collect::<Vec<_>>(),
        "messages": record.notes.iter().map(note).collect::<Vec<_>>(),
    });
    if let Some(diff) = &record.diff {
        value["diff"] = String::from_utf8_lossy(diff).into();
    }
    value
}

fn change(touched: &Touched, run: &Run) -> Value {
    json!({
        "rule": touched.rule,
        "kind": kind(touched.rule, run),
        "before": lines(&touched.before),
        "after": lines(&touched.after),
    })
}

fn kind(rule: &str, run: &Run) -> Option<&'static str> {
    run.rule(rule).map(|r| r.kind.name())
}

/// Lines as people count them: from 1, the last one too. No lines are a place: `count` is 0, and they would begin here.
fn lines(range: &Range<usize>) -> Value {
    json!({ "line": range.start + 1, "count": range.len() })
}

fn note(note: &Note) -> Value {
    let severity = match note.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let about = match note.about {
        About::Text => "text",
        About::Place => "place",
        About::Bug => "bug",
    };
    json!({ "severity": severity, "about": about, "line": note.line, "message": note.message })
}
