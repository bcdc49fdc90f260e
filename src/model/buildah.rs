//! Where Buildah reads a file otherwise than BuildKit: what dfmt proves holds for BuildKit alone.
//!
//! A list of known differences (imagebuilder's parser and evaluator), each by its sign in the text. It may name a file
//! that both read alike; it is asked for Containerfiles only.

use super::view;
use crate::source::LineEnding;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

/// The first difference, and the instruction that it is about.
pub fn difference(file: &Dockerfile) -> Option<(Option<Id>, &'static str)> {
    if file.escape != b'\\' {
        return Some((None, "it expands words and flags with a backslash, whatever the escape is"));
    }
    let crlf = file.ending == LineEnding::CrLf;
    let stages: Vec<&[u8]> = file.instructions().filter_map(stage_name).collect();
    file.instructions().find_map(|i| of_instruction(i, crlf, &stages).map(|why| (Some(i.id), why)))
}

fn of_instruction(i: &Instruction, crlf: bool, stages: &[&[u8]]) -> Option<&'static str> {
    let line = i.text[..view::line_end(i)].trim_ascii_end();
    if line.ends_with(b"\\") {
        return Some("to it a line that ends in two backslashes goes on");
    }
    if let Some(why) = heredocs(i, crlf) {
        return Some(why);
    }
    let begins_json = arguments(i).strip_prefix(b"[").map(|rest| rest.trim_ascii_start().starts_with(b"\""));
    if !i.is_exec_form() && begins_json == Some(true) {
        return Some("to it a JSON array may have text behind it");
    }
    if matches!(i.keyword, Keyword::Copy | Keyword::Add | Keyword::From) {
        if i.flags().any(|flag| flag.contains(&b'$')) {
            return Some("it expands variables in all flags");
        }
        let mut names = i.flags().filter_map(|f| f.strip_prefix(b"--from=")).chain(base(i));
        if names.any(|name| is_only_alike(name, stages)) {
            return Some("to it names of stages differ by their letter case");
        }
    }
    let expands = !matches!(
        i.keyword,
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell | Keyword::Onbuild
    );
    (expands && has_other_expansion(i.line())).then_some("it does not know all forms of ${…}")
}

fn heredocs(i: &Instruction, crlf: bool) -> Option<&'static str> {
    match i.keyword {
        _ if i.heredocs.is_empty() => None,
        Keyword::Onbuild => Some("it drops heredocs of ONBUILD"),
        Keyword::Copy | Keyword::Add => Some("it keeps quotes and backslashes in heredocs of COPY"),
        _ => crlf.then_some("it keeps carriage returns in heredocs otherwise"),
    }
}

/// What follows the name and the flags.
fn arguments<'i>(i: &'i Instruction) -> &'i [u8] {
    let words = i.line().trim_ascii();
    let mut rest = &words[words.iter().position(u8::is_ascii_whitespace).unwrap_or(words.len())..];
    loop {
        rest = rest.trim_ascii_start();
        if !rest.starts_with(b"--") {
            return rest;
        }
        rest = &rest[rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len())..];
    }
}

/// The name that a FROM gives its stage.
fn stage_name<'i>(i: &'i Instruction) -> Option<&'i [u8]> {
    let words: Vec<&[u8]> = arguments(i).split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).collect();
    match words[..] {
        [_, word, name] if i.keyword == Keyword::From && word.eq_ignore_ascii_case(b"as") => Some(name),
        _ => None,
    }
}

/// The image that a FROM begins with.
fn base<'i>(i: &'i Instruction) -> Option<&'i [u8]> {
    let first = arguments(i).split(u8::is_ascii_whitespace).next();
    first.filter(|_| i.keyword == Keyword::From)
}

fn is_only_alike(name: &[u8], stages: &[&[u8]]) -> bool {
    !stages.contains(&name) && stages.iter().any(|stage| stage.eq_ignore_ascii_case(name))
}

/// Whether a `${` holds more than a name, `:-` or `:+`.
fn has_other_expansion(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"${").any(|at| {
        let rest = &text[at + 2..];
        let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        !matches!(&rest[name..], [b'}', ..] | [b':', b'-' | b'+', ..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    #[track_caller]
    fn check(text: &str, want: Option<&str>) {
        let found = difference(&syntax::parse(text.as_bytes())).map(|(_, why)| why);
        assert_eq!(found.is_some(), want.is_some(), "{text}: {found:?}");
        assert!(found.unwrap_or_default().contains(want.unwrap_or_default()), "{text}: {found:?}");
    }

    #[test]
    fn what_both_read_alike() {
        check(
            "FROM a AS b\nRUN x \\\n  && y\nCMD [\"x\"]\nENV A=${B:-c} D=${E}\nCOPY --from=b /x /y\n",
            None,
        );
        check("FROM a\nRUN <<E\necho \\\\\nE\nRUN [ -e x ] && echo ${Z#a}\n", None);
    }

    #[test]
    fn what_they_read_otherwise() {
        check("# escape=`\nFROM a\n", Some("escape"));
        check("FROM a\nRUN echo \\\\\nRUN b\n", Some("two backslashes"));
        check("FROM a\nCMD [\"a\"] # b\n", Some("JSON"));
        check("FROM a\nCOPY --chown=$X a b\n", Some("flags"));
        check("FROM a AS Base\nCOPY --from=base a b\n", Some("letter case"));
        check("FROM a AS Base\nFROM base\n", Some("letter case"));
        check("FROM a\nENV A=${B#c}\n", Some("${…}"));
        check("FROM a\nENV A=${B-c}\n", Some("${…}"));
        check("FROM a\nCOPY <<E /x\n\"\nE\n", Some("COPY"));
        check("FROM a\r\nRUN <<E\r\nx\r\nE\r\n", Some("carriage"));
    }
}
