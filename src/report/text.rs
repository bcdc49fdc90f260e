//! Errors, refusals and summaries as text for people.

use std::path::Path;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::record::Touched;
use super::{Paint, visible};
use crate::proof::engine::{Failure, Refusal};
use crate::source::{Span, line_number};
use crate::syntax::tree::SyntaxError;

/// A file with more errors than this is no Dockerfile; the rest is only counted.
const MOST_ERRORS: usize = 10;

/// Columns that a source line takes at most, and those of them that stand before the place.
const COLUMNS: usize = 110;
const COLUMNS_BEFORE: usize = 50;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It could not be done.
    Error,
    /// It was passed over.
    Warning,
}

/// The name of a file, as messages show it.
pub fn name(path: &Path) -> String {
    visible(path.as_os_str().as_encoded_bytes())
}

/// `error: message`, on a line of its own.
pub fn problem(severity: Severity, message: &str, paint: Paint) -> String {
    let (style, word) = match severity {
        Severity::Error => (paint.error(), "error"),
        Severity::Warning => (paint.warning(), "warning"),
    };
    format!("{style}{word}:{style:#} {message}\n")
}

/// What `BuildKit` would refuse in `source`, each with its line and a mark under the place.
pub fn syntax_errors(
    severity: Severity,
    name: &str,
    source: &[u8],
    errors: &[SyntaxError],
    paint: Paint,
) -> String {
    let mut out = String::new();
    for error in errors.iter().take(MOST_ERRORS) {
        let line = line_number(source, error.span.start as usize);
        let message = format!("{name}: line {line}: {}", visible(error.message.as_bytes()));
        out += &problem(severity, &message, paint);
        out += &excerpt(source, error.span, line, paint);
    }
    if errors.len() > MOST_ERRORS {
        let more = format!("{name}: {} more of these", errors.len() - MOST_ERRORS);
        out += &problem(severity, &more, paint);
    }
    out
}

/// A proof that failed.
pub fn failure(name: &str, failure: &Failure, paint: Paint) -> String {
    let line = failure.line.map_or(String::new(), |line| format!("line {line}: "));
    let Failure { rule, what, .. } = failure;
    let what = visible(what.as_bytes());
    let message = format!(
        "{name}: {line}the rewrite of {rule} could not be proved: {what}; \
         this is a bug of dfmt, the file is left as it is"
    );
    problem(Severity::Error, &message, paint)
}

/// A rewrite that was not made: `path:line: rule: reason`.
pub fn refusal(name: &str, refusal: &Refusal, paint: Paint) -> String {
    let (place, bold) = (paint.place(), paint.bold());
    let Refusal { rule, line, reason, .. } = refusal;
    let reason = visible(reason.as_bytes());
    format!("{place}{name}:{line}:{place:#} {bold}{rule}:{bold:#} {reason}\n")
}

/// What a rule did: `path:line: rule: what it does`.
pub fn change(name: &str, touched: &Touched, what: &str, paint: Paint) -> String {
    let (place, bold) = (paint.place(), paint.bold());
    let line = touched.before.start + 1;
    format!("{place}{name}:{line}:{place:#} {bold}{}:{bold:#} {what}\n", touched.rule)
}

/// That layout has moved the text of RUNs, so that they are built once more.
pub fn laid_out_anew(runs: usize) -> String {
    let (runs, their, them) = match runs {
        1 => ("1 RUN is".to_string(), "its", "it as it was"),
        n => (format!("{n} RUNs are"), "their", "them as they were"),
    };
    format!("{runs} built anew next time, for {their} layout alone; --keep-cache leaves {them}\n")
}

/// How many files came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rewritten, or would be.
    pub changed: usize,
    /// Nothing to do.
    pub same: usize,
    /// Passed over with a warning.
    pub passed_over: usize,
    /// Could not be done.
    pub failed: usize,
}

impl Tally {
    /// No file.
    pub const NONE: Self = Self { changed: 0, same: 0, passed_over: 0, failed: 0 };
}

/// The last line of a run; `done` says what became of the changed ones. `None` where all has been said already: each
/// file that was passed over or failed has a message of its own.
pub fn summary(tally: &Tally, done: &str) -> Option<String> {
    if tally.changed + tally.same == 0 {
        return None;
    }
    let same = if tally.same == 1 { "already as it should be" } else { "already as they should be" };
    let counts = [
        (tally.changed, done),
        (tally.same, same),
        (tally.passed_over, "passed over"),
        (tally.failed, "could not be done"),
    ];
    let mut parts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let first = parts.first_mut()?;
    let noun = if first.starts_with("1 ") { " file " } else { " files " };
    *first = first.replacen(' ', noun, 1);
    Some(parts.join(", ") + "\n")
}

/// The line that `span` begins on, and a mark under it.
pub fn excerpt(source: &[u8], span: Span, line: usize, paint: Paint) -> String {
    let [before, marked, after] = around(source, span);
    let before = tail(&before, COLUMNS_BEFORE);
    let marked = head(&marked, COLUMNS - before.width());
    let after = head(&after, COLUMNS - before.width() - marked.width());
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let indent = " ".repeat(before.width());
    let mark = "^".repeat(marked.width().max(1));
    let (place, error) = (paint.place(), paint.error());
    format!(
        "{margin} {place}|{place:#}\n\
         {place}{number} |{place:#} {before}{marked}{after}\n\
         {margin} {place}|{place:#} {indent}{error}{mark}{error:#}\n"
    )
}

/// A line in three: before the span, the span as far as it stands on this line, and what follows.
fn around(source: &[u8], span: Span) -> [String; 3] {
    let at = (span.start as usize).min(source.len());
    let start = memchr::memrchr(b'\n', &source[..at]).map_or(0, |n| n + 1);
    let end = memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |n| at + n);
    let end = if end > at && source[end - 1] == b'\r' { end - 1 } else { end };
    let stop = (span.end as usize).clamp(at, end);
    // a line may be as long as the file: no more is looked at than could be shown
    let most = 4 * COLUMNS;
    [
        shown(&source[start.max(at.saturating_sub(most))..at]),
        shown(&source[at..stop.min(at + most)]),
        shown(&source[stop..end.min(stop + most)]),
    ]
}

/// Text with tabs made wide, so that marks stand under what they mean.
fn shown(text: &[u8]) -> String {
    visible(text).replace('\t', "    ")
}

/// The first `columns` of `text`.
fn head(text: &str, columns: usize) -> String {
    if columns == 0 {
        return String::new();
    }
    if text.width() <= columns {
        return text.to_string();
    }
    let taken = take(text.chars(), columns - 1);
    taken.into_iter().chain(['…']).collect()
}

/// The last `columns` of `text`.
fn tail(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_string();
    }
    let taken = take(text.chars().rev(), columns - 1);
    ['…'].into_iter().chain(taken.into_iter().rev()).collect()
}

fn take(chars: impl Iterator<Item = char>, columns: usize) -> Vec<char> {
    let mut left = columns;
    chars
        .take_while(|c| {
            let width = c.width().unwrap_or(0);
            let fits = width <= left;
            left = left.saturating_sub(width);
            fits
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, span: Span, want: &str) {
        let error = SyntaxError { span, message: "wrong".to_string(), by_parser: true };
        let got = syntax_errors(Severity::Error, "Dockerfile", source.as_bytes(), &[error], Paint::Plain);
        assert_eq!(got, want);
    }

    #[test]
    fn the_mark_stands_under_the_place() {
        check(
            "FROM a\r\nRUN x \tfoo bar\r\n",
            Span::new(15, 18),
            "error: Dockerfile: line 2: wrong\n  |\n2 | RUN x     foo bar\n  |           ^^^\n",
        );
        check("日本 x\n", Span::new(7, 8), "error: Dockerfile: line 1: wrong\n  |\n1 | 日本 x\n  |      ^\n");
    }

    #[test]
    fn a_span_over_several_lines_is_marked_on_its_first() {
        check("a\nbc\nd\n", Span::new(2, 6), "error: Dockerfile: line 2: wrong\n  |\n2 | bc\n  | ^^\n");
    }

    #[test]
    fn places_without_a_character_have_a_mark_too() {
        check("ab\n", Span::new(2, 2), "error: Dockerfile: line 1: wrong\n  |\n1 | ab\n  |   ^\n");
        check("", Span::new(0, 0), "error: Dockerfile: line 1: wrong\n  |\n1 | \n  | ^\n");
        check("\r\n", Span::new(0, 2), "error: Dockerfile: line 1: wrong\n  |\n1 | \n  | ^\n");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let source = format!("{}HERE{}\n", "x".repeat(500), "y".repeat(500));
        let line = format!("…{}HERE{}…", "x".repeat(49), "y".repeat(55));
        let want = format!("error: Dockerfile: line 1: wrong\n  |\n1 | {line}\n  | {}^^^^\n", " ".repeat(50));
        check(&source, Span::new(500, 504), &want);
    }

    #[test]
    fn the_rule_is_named_where_it_refused_or_failed() {
        let what = "x is gone".to_string();
        let failed = Failure { rule: "merge-runs", line: Some(3), what: what.clone() };
        assert_eq!(
            failure("D", &failed, Paint::Plain),
            "error: D: line 3: the rewrite of merge-runs could not be proved: x is gone; \
             this is a bug of dfmt, the file is left as it is\n"
        );
        let refused = Refusal { rule: "merge-runs", line: 3, reason: what, advice: false };
        assert_eq!(refusal("D", &refused, Paint::Plain), "D:3: merge-runs: x is gone\n");
    }

    #[test]
    fn runs_that_are_built_anew_are_counted() {
        let want = "1 RUN is built anew next time, for its layout alone; --keep-cache leaves it as it was\n";
        assert_eq!(laid_out_anew(1), want);
        assert!(laid_out_anew(2).starts_with("2 RUNs are built anew next time, for their layout alone;"));
    }

    #[test]
    fn many_errors_are_counted() {
        let error = SyntaxError { span: Span::new(0, 1), message: "wrong".to_string(), by_parser: true };
        let got = syntax_errors(Severity::Warning, "D", b"x\n", &vec![error; 13], Paint::Plain);
        assert!(got.ends_with("warning: D: 3 more of these\n"), "{got}");
    }

    #[test]
    fn summaries_read_as_sentences() {
        let of = |changed, same, passed_over, failed| {
            summary(&Tally { changed, same, passed_over, failed }, "rewritten")
        };
        assert_eq!(of(0, 0, 1, 1), None);
        assert_eq!(of(2, 5, 0, 0).unwrap(), "2 files rewritten, 5 already as they should be\n");
        assert_eq!(of(0, 1, 0, 0).unwrap(), "1 file already as it should be\n");
        assert_eq!(of(1, 0, 1, 10).unwrap(), "1 file rewritten, 1 passed over, 10 could not be done\n");
    }
}
