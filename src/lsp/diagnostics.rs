//! What is shown in a document: syntax errors, what rules would change, advice, comments without effect.

use std::ops::Range;

use lsp_types::{CodeDescription, Diagnostic, DiagnosticSeverity, NumberOrString};
use ropey::Rope;

use super::position::Encoding;
use super::work::{Holds, Proposal, Work};
use crate::config::Kind;
use crate::proof::engine::{Outcome, RuleInfo};

/// Who says it.
pub const SOURCE: &str = "dfmt";

/// The text of a document, and how places in it are counted.
pub struct Sheet<'a> {
    /// The text.
    pub text: &'a Rope,
    /// How columns count.
    pub encoding: Encoding,
}

/// All that is to be shown; without `rules` no more than what is wrong.
pub fn all(work: &Work, sheet: &Sheet, rules: bool) -> Vec<Diagnostic> {
    let held = match work.holds(false) {
        Ok(Holds::This(held)) => held,
        Ok(Holds::LeftAlone) => return Vec::new(),
        Err(message) => return vec![sheet.at(&(0..0), DiagnosticSeverity::ERROR, "configuration", message)],
    };
    let Some(outcome) = work.outcome(&held, &held.config) else {
        let message = "dfmt broke down over this file, which is a bug; it is left as it is".to_string();
        return vec![sheet.at(&(0..0), DiagnosticSeverity::WARNING, "broken", message)];
    };
    let mut found = wrong(work, sheet, &outcome);
    if rules && outcome.errors.is_empty() {
        found.extend(advice(sheet, &outcome));
        for proposal in work.proposals(&held).iter().filter(|p| p.chosen) {
            found.extend(of_rule(sheet, proposal));
        }
    }
    found
}

fn wrong(work: &Work, sheet: &Sheet, outcome: &Outcome) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for error in &outcome.errors {
        let at = sheet.visible(error.span.range());
        found.push(sheet.at(&at, DiagnosticSeverity::ERROR, "syntax", error.message.clone()));
    }
    if let Some(failure) = &outcome.failure {
        let at = sheet.first_line(&line(failure.line.unwrap_or(1)));
        let message = format!(
            "the rewrite of {} could not be proved: {}; this is a bug of dfmt, the file is left as it is",
            failure.rule, failure.what
        );
        found.push(sheet.at(&at, DiagnosticSeverity::WARNING, failure.rule, message));
    }
    for (number, fault) in work.pragma_faults(outcome) {
        let at = sheet.first_line(&line(number));
        found.push(sheet.at(&at, DiagnosticSeverity::WARNING, "comment", fault));
    }
    found
}

fn advice<'a>(sheet: &'a Sheet, outcome: &'a Outcome) -> impl Iterator<Item = Diagnostic> + 'a {
    outcome.refusals.iter().filter(|r| r.advice).map(|refusal| {
        let at = sheet.first_line(&line(refusal.line));
        sheet.at(&at, DiagnosticSeverity::INFORMATION, refusal.rule, refusal.reason.clone())
    })
}

/// What a rule would change: the first line of each place, so that a long RUN is not underlined from end to end.
pub fn of_rule(sheet: &Sheet, proposal: &Proposal) -> Vec<Diagnostic> {
    let severity = match proposal.rule.kind {
        Kind::Image => DiagnosticSeverity::INFORMATION,
        _ => DiagnosticSeverity::HINT,
    };
    let message = format!("{} ({})", summary(proposal.rule), promise(proposal.rule));
    let places = proposal.lines.iter();
    places
        .map(|lines| sheet.at(&sheet.first_line(lines), severity, proposal.rule.name, message.clone()))
        .collect()
}

/// The first line of a rule's page, without what marks a heading and without a full stop.
pub fn summary(rule: &RuleInfo) -> &str {
    rule.page.lines().next().unwrap_or("").trim_start_matches(['#', ' ']).trim_end_matches('.')
}

/// What becomes of the image.
pub fn promise(rule: &RuleInfo) -> &'static str {
    if rule.kind == Kind::Content { "the image may change" } else { "the image stays the same" }
}

impl Sheet<'_> {
    /// A diagnostic at these offsets.
    fn at(&self, at: &Range<usize>, severity: DiagnosticSeverity, code: &str, message: String) -> Diagnostic {
        Diagnostic {
            range: self.encoding.range(self.text, at.clone()),
            severity: Some(severity),
            code: Some(NumberOrString::String(code.to_string())),
            code_description: page(code),
            source: Some(SOURCE.to_string()),
            message,
            ..Diagnostic::default()
        }
    }

    /// The offset at which a line begins; lines count from 0 and end with `\n`, as those of a Dockerfile do.
    pub fn line_start(&self, line: usize) -> usize {
        let bytes = self.text.bytes().enumerate();
        let mut ends = bytes.filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        match line.checked_sub(1) {
            None => 0,
            Some(n) => ends.nth(n).unwrap_or(self.text.len_bytes()),
        }
    }

    /// What is to be seen of the first of these lines.
    fn first_line(&self, lines: &Range<usize>) -> Range<usize> {
        self.visible(self.line_start(lines.start)..self.line_start(lines.start + 1))
    }

    /// The offsets without the line ending and blanks at the end.
    fn visible(&self, at: Range<usize>) -> Range<usize> {
        let len = self.text.len_bytes();
        let (start, mut end) = (at.start.min(len), at.end.clamp(at.start.min(len), len));
        while end > start && self.text.byte(end - 1).is_ascii_whitespace() {
            end -= 1;
        }
        start..end
    }
}

/// Line `number`, which counts from 1, as a range of lines that count from 0.
fn line(number: usize) -> Range<usize> {
    number.saturating_sub(1)..number.max(1)
}

/// Where the page of a rule stands; nowhere as long as the program was built without the address of its repository.
fn page(code: &str) -> Option<CodeDescription> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let is_rule = crate::proof::engine::rules().iter().any(|r| r.name == code);
    if repository.is_empty() || !is_rule {
        return None;
    }
    let href = format!("{repository}/blob/main/docs/rules/{code}.md").parse().ok()?;
    Some(CodeDescription { href })
}
