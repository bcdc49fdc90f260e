//! Code actions: to apply a rule, or all of them.
//!
//! Each holds its edit and, in `data`, the rule's name and the diff, so that a client can show it before. An edit is
//! for the version of the document that it was made from.

use std::collections::HashMap;
use std::ops::Range;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, WorkspaceEdit,
};
use serde_json::json;

use super::diagnostics::{self, Sheet, promise, summary};
use super::document::Document;
use super::edits;
use super::work::{Holds, Proposal, Work};
use crate::proof::engine::Outcome;
use crate::report::Paint;
use crate::report::diff::{self, Diff};

/// The kind of "apply all".
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.dfmt");

/// What a client asks for.
pub struct Asked<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its text, and how places in it are counted.
    pub sheet: Sheet<'a>,
    /// The offsets that are chosen.
    pub at: Range<usize>,
    /// The kinds that are wanted; none means all.
    pub only: Option<Vec<CodeActionKind>>,
    /// Whether the client understands versions in edits.
    pub versions: bool,
}

/// The actions for a place.
pub fn all(work: &Work, asked: &Asked) -> Vec<CodeActionOrCommand> {
    let Ok(Holds::This(held)) = work.holds(false) else { return Vec::new() };
    let mut found = Vec::new();
    if asked.wants(&CodeActionKind::QUICKFIX) || asked.wants(&CodeActionKind::REFACTOR_REWRITE) {
        let proposals = work.proposals(&held);
        found.extend(proposals.iter().filter_map(|proposal| asked.apply(work, proposal)));
    }
    if asked.wants(&FIX_ALL)
        && let Some(outcome) = work.outcome(&held, &held.config)
        && let Some(text) = outcome.output.as_ref().and_then(|o| std::str::from_utf8(o).ok())
    {
        let data = json!({ "diff": diff_of(work, &outcome) });
        let title = "Apply all rules of dfmt".to_string();
        found.push(CodeAction { data: Some(data), ..asked.action(title, FIX_ALL, text) });
    }
    found.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

impl Asked<'_> {
    /// Whether a kind is wanted: `source` asks for `source.fixAll` too.
    fn wants(&self, kind: &CodeActionKind) -> bool {
        let asks = |wanted: &CodeActionKind| {
            let rest = kind.as_str().strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty())
        };
        self.only.as_ref().is_none_or(|only| only.iter().any(asks))
    }

    /// To apply one rule: to the whole file, offered where it would touch what is chosen.
    fn apply(&self, work: &Work, proposal: &Proposal) -> Option<CodeAction> {
        let rule = proposal.rule;
        let kind = if proposal.chosen { CodeActionKind::QUICKFIX } else { CodeActionKind::REFACTOR_REWRITE };
        if !self.wants(&kind) || !proposal.lines.iter().any(|lines| self.touches(lines)) {
            return None;
        }
        let title = format!("{}: {} ({})", rule.name, summary(rule), promise(rule));
        let diagnostics = proposal.chosen.then(|| diagnostics::of_rule(&self.sheet, proposal));
        let data = json!({ "rule": rule.name, "diff": diff_of(work, &proposal.outcome) });
        Some(CodeAction { diagnostics, data: Some(data), ..self.action(title, kind, &proposal.output) })
    }

    fn touches(&self, lines: &Range<usize>) -> bool {
        let (start, end) = (self.sheet.line_start(lines.start), self.sheet.line_start(lines.end));
        self.at.start < end.max(start + 1) && self.at.end >= start
    }

    fn action(&self, title: String, kind: CodeActionKind, text: &str) -> CodeAction {
        CodeAction { title, kind: Some(kind), edit: Some(self.edit(text)), ..CodeAction::default() }
    }

    fn edit(&self, text: &str) -> WorkspaceEdit {
        let edits = edits::between(&self.document.text, text, self.sheet.encoding);
        let uri = self.document.uri.clone();
        if !self.versions {
            return WorkspaceEdit {
                changes: Some(HashMap::from([(uri, edits)])),
                ..WorkspaceEdit::default()
            };
        }
        let text_document =
            OptionalVersionedTextDocumentIdentifier { uri, version: Some(self.document.version) };
        let edit = TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() };
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(vec![edit])),
            ..WorkspaceEdit::default()
        }
    }
}

/// The diff of what came out.
pub fn diff_of(work: &Work, outcome: &Outcome) -> String {
    let (old, new) = (work.source.as_bytes(), outcome.output.as_deref().unwrap_or_default());
    let (changes, rules) = (outcome.changes(old), work.rule_names());
    let diff = Diff { name: work.name(), old, new, changes: &changes, rules: &rules };
    String::from_utf8_lossy(&diff::unified(&diff, Paint::Plain)).into_owned()
}
