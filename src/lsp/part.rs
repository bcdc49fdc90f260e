//! A part of a layout: some instructions as they would be laid out, all else as it stands.
//!
//! Layout keeps instructions in their order and puts nothing of one into another, so each can be taken on its own.
//! That this is so for a file is not believed but shown by the caller: see `Work::layout_of`.

use std::ops::Range;

use crate::syntax;
use crate::syntax::tree::Dockerfile;

/// `source` with those instructions that `wanted` says of where they stand in `laid_out`.
pub fn of(source: &str, laid_out: &str, wanted: impl Fn(&Range<usize>) -> bool) -> Option<String> {
    let (before, after) = (syntax::parse(source.as_bytes()), syntax::parse(laid_out.as_bytes()));
    let (old, new) = (places(&before), places(&after));
    if old.len() != new.len() {
        return None;
    }
    let (mut text, mut at) = (String::with_capacity(source.len()), 0);
    for (old, new) in old.into_iter().zip(new).filter(|(old, _)| wanted(old)) {
        text.push_str(source.get(at..old.start)?);
        text.push_str(laid_out.get(new)?);
        at = old.end;
    }
    text.push_str(source.get(at..)?);
    Some(text)
}

/// Where each instruction stands.
pub fn places(file: &Dockerfile) -> Vec<Range<usize>> {
    let mut at = if file.bom { '\u{feff}'.len_utf8() } else { 0 };
    let mut found = Vec::new();
    for item in &file.items {
        let end = at + item.text().len();
        if item.instruction().is_some() {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// Whether a word at the offset `line`, where a line begins, would belong to the instruction above it: a continuation is
/// open there. An open heredoc is none: where its end stands below it is seen by that, and else it is an error.
pub fn is_open(source: &str, line: usize) -> bool {
    let Some(above) = source.get(..line) else { return true };
    let probe = format!("{above}x");
    places(&syntax::parse(probe.as_bytes())).iter().any(|place| place.start < line && line < place.end)
}

#[cfg(test)]
mod tests {
    use super::is_open;

    #[test]
    fn an_open_continuation_goes_on() {
        for text in ["FROM a\n", "FROM a\nRUN x\n", "FROM a\nRUN <<E\nx\nE\n", "", "# escape=`\nRUN x \\\n"] {
            assert!(!is_open(text, text.len()), "{text:?}");
        }
        for text in ["FROM a \\\n", "RUN x \\ \n", "RUN x \\\n\n", "RUN x \\\n# c\n", "# escape=`\nRUN x `\n"]
        {
            assert!(is_open(text, text.len()), "{text:?}");
        }
    }
}
