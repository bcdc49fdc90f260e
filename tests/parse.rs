//! Parsing: every text prints as it was, its tokens tile it, and a few trees as snapshots.

use std::fmt::Write;

use dfmt::model::view;
use dfmt::syntax::node::Kind;
use dfmt::syntax::parse;
use dfmt::syntax::tree::{Dockerfile, Instruction, Item, Keyword, Shell};

use crate::support::fixtures;
use crate::support::laws;

#[test]
fn every_fixture_prints_as_it_was_and_is_tiled() {
    for fixture in fixtures::all() {
        laws::parsed(&fixture.bytes);
    }
}

#[test]
fn every_beginning_and_every_end_of_a_fixture_does_too() {
    for fixture in fixtures::all().iter().filter(|f| f.bytes.len() < 1500) {
        for at in 0..fixture.bytes.len() {
            laws::parsed(&fixture.bytes[..at]);
            laws::parsed(&fixture.bytes[at..]);
        }
    }
}

#[test]
fn what_stands_between_tokens_is_no_text() {
    for fixture in fixtures::all() {
        let file = parse(&fixture.bytes);
        if !file.errors.is_empty() {
            continue;
        }
        for i in file.instructions() {
            gaps_hold_no_text(&fixture.name, i, file.escape);
        }
    }
}

/// Nothing but blanks, continuations and comment lines stands outside of tokens, up to the heredocs.
fn gaps_hold_no_text(name: &str, i: &Instruction, escape: u8) {
    let mut end = 0;
    let line_end = view::line_end(i);
    let tokens = laws::tokens(i).map(|t| i.source_range(t.start, t.end)).filter(|r| r.end <= line_end);
    for range in tokens.chain(std::iter::once(line_end..line_end)) {
        let gap = String::from_utf8_lossy(&i.text[end..range.start]).into_owned();
        let lines = gap.split('\n').filter(|l| !l.trim_start().starts_with('#'));
        let text: String = lines.collect::<Vec<_>>().join("\n");
        let is_free = |c: char| c.is_whitespace() || c == escape as char;
        assert!(text.chars().all(is_free), "{name}: {gap:?} is no gap");
        end = range.end;
    }
}

fn dump(file: &Dockerfile) -> String {
    let mut out = String::new();
    for item in &file.items {
        match item {
            Item::Directive(text) => writeln!(out, "directive {}", text.escape_ascii()).unwrap(),
            Item::Comment(text) => writeln!(out, "comment {}", text.escape_ascii()).unwrap(),
            Item::Blank(text) => writeln!(out, "blank {}", text.escape_ascii()).unwrap(),
            Item::Instruction(i) => instruction(i, &mut out),
        }
    }
    for error in &file.errors {
        let by = if error.by_parser { "parser" } else { "check" };
        writeln!(out, "error {}..{} by {by}: {}", error.span.start, error.span.end, error.message).unwrap();
    }
    out
}

fn instruction(i: &Instruction, out: &mut String) {
    let shell = if i.shell == Shell::Posix { "" } else { " (another shell)" };
    writeln!(out, "{:?}{shell}", i.keyword).unwrap();
    let mut ends: Vec<u32> = Vec::new();
    for (index, node) in i.nodes.iter().enumerate() {
        ends.retain(|end| *end as usize > index);
        let indent = "  ".repeat(ends.len() + 1);
        let text = i.node_source(*node).escape_ascii();
        writeln!(out, "{indent}{:?} {text}", node.kind).unwrap();
        ends.push(node.next);
    }
    for doc in &i.heredocs {
        let body = i.logical_text()[doc.body.range()].escape_ascii();
        writeln!(out, "  heredoc {} {} expand={} chomp={} {body}", doc.fd, doc.name, doc.expand, doc.chomp)
            .unwrap();
    }
}

#[test]
fn trees() {
    for fixture in fixtures::in_folder("parse") {
        let file = laws::parsed(&fixture.bytes);
        fixture.snapshot(&dump(&file));
    }
}

#[test]
fn keywords_in_any_case() {
    let all = [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    ];
    for name in all {
        let title = name[..1].to_string() + &name[1..].to_lowercase();
        for spelled in [name.to_string(), name.to_lowercase(), title] {
            assert_eq!(Keyword::of(spelled.as_bytes()).upper(), name);
        }
    }
    // a Kelvin sign is a k where letters are made small
    assert_eq!(Keyword::of("WOR\u{212a}DIR".as_bytes()), Keyword::Workdir);
    for other in ["", "RUNN", "RU", "RUN[", "R\u{fc}N", "INCLUDE", "CROSS_BUILD", "\u{212a}"] {
        assert_eq!(Keyword::of(other.as_bytes()), Keyword::Unknown, "{other}");
    }
    assert_eq!(Keyword::of(b"RUN\xff"), Keyword::Unknown);
}

/// Whether the head of a text holds such a directive, and which escape the file then has.
#[test]
fn directives() {
    let table: &[(&str, usize, u8)] = &[
        ("# escape=`\n", 1, b'`'),
        ("# escape=\\\n", 1, b'\\'),
        ("#escape=`\n", 1, b'`'),
        ("  #  ESCAPE  =  `  \n", 1, b'`'),
        ("# escape=`\r\n", 1, b'`'),
        ("# syntax=a\n# escape=`\n# check=skip=all\n", 3, b'`'),
        ("\n# escape=`\n", 0, b'\\'),
        ("# words\n# escape=`\n", 0, b'\\'),
        ("#\n# escape=`\n", 0, b'\\'),
        ("#!/bin/sh\n# escape=`\n", 0, b'\\'),
        ("# other=1\n# escape=`\n", 0, b'\\'),
        ("# escape `\n", 0, b'\\'),
        ("# escape=\n", 0, b'\\'),
        ("#\u{a0}escape=`\n", 1, b'`'),
        ("# es cape=`\n", 0, b'\\'),
        ("## escape=`\n", 0, b'\\'),
        ("FROM a\n# escape=`\n", 0, b'\\'),
        ("# 1escape=`\n", 0, b'\\'),
    ];
    for (head, count, escape) in table {
        let source = format!("{head}FROM a\n");
        let file = laws::parsed(source.as_bytes());
        let found = file.items.iter().filter(|i| matches!(i, Item::Directive(_))).count();
        assert_eq!((found, file.escape), (*count, *escape), "{head:?}");
        assert_eq!(file.errors, [], "{head:?}");
    }
    for wrong in ["# escape=x\n", "# escape=` # why\n", "# escape=``\n", "# syntax=a\n# syntax=b\n"] {
        let source = format!("{wrong}FROM a\n");
        let file = laws::parsed(source.as_bytes());
        assert!(file.errors.iter().any(|e| e.by_parser), "{wrong:?}");
    }
}

/// The logical line that physical lines make.
#[test]
fn continuations() {
    let table: &[(&str, &str)] = &[
        ("RUN a \\\n  b\n", "RUN a   b"),
        ("RUN a\\\nb\n", "RUN ab"),
        ("RUN a \\ \t\n b\n", "RUN a  b"),
        ("RUN a \\\r\n b\r\n", "RUN a  b"),
        ("RUN a \\\n# c\n b\n", "RUN a  b"),
        ("RUN a \\\n   # c \\\n b\n", "RUN a  b"),
        ("RUN a \\\n\n   \n b\n", "RUN a  b"),
        ("RUN a \\\n \\\n b\n", "RUN a   b"),
        ("RUN 'a \\\n# c\n b'\n", "RUN 'a  b'"),
        ("RUN a \\", "RUN a "),
        ("RUN a \\\n", "RUN a "),
        ("RUN a \\\n# c", "RUN a "),
        ("\\\nRUN a\n", "RUN a"),
        ("R\\\nUN a\n", "RUN a"),
    ];
    for (source, line) in table {
        let file = laws::parsed(source.as_bytes());
        let lines: Vec<_> =
            file.instructions().map(|i| String::from_utf8_lossy(i.line()).into_owned()).collect();
        assert_eq!(lines, [*line], "{source:?}");
    }
    for two in [
        "RUN a\\\\\nRUN b\n",
        "RUN a \\ b\nRUN c\n",
        "RUN a \\\u{b}\nRUN b\n",
        "RUN a `\nRUN b\n",
        "RUN a \\ # c\nRUN b",
    ] {
        assert_eq!(laws::parsed(two.as_bytes()).instructions().count(), 2, "{two:?}");
    }
}

/// Exec form, a hard error, or neither.
#[test]
fn exec_forms() {
    let exec: &[(&str, &[&str])] = &[
        ("[]", &[]),
        ("[ ]", &[]),
        (r#"["a"]"#, &[r#""a""#]),
        (r#"[ "a" ,"b c" ]"#, &[r#""a""#, r#""b c""#]),
        (r#"["a\"b", "\u00e9\\"]"#, &[r#""a\"b""#, r#""\u00e9\\""#]),
        (r#"["]", ","]"#, &[r#""]""#, r#"",""#]),
        ("[\"a\",\t\"b\"]  ", &[r#""a""#, r#""b""#]),
    ];
    for (text, strings) in exec {
        let source = format!("FROM a\nCMD {text}\n");
        let file = laws::parsed(source.as_bytes());
        let i = file.instructions().last().unwrap();
        let found: Vec<_> =
            i.nodes.iter().filter(|n| n.kind == Kind::JsonString).map(|n| i.node_text(*n)).collect();
        assert!(i.is_exec_form(), "{text}");
        assert_eq!(found, strings.iter().map(|s| s.as_bytes()).collect::<Vec<_>>(), "{text}");
    }
    for text in
        ["[1]", r#"["a", null]"#, r#"["a", ["b"]]"#, r#"[{"a": "b"}]"#, "[true]", "[ -1.5e3 ]", r#"["a", 1]"#]
    {
        let source = format!("FROM a\nCMD {text}\n");
        assert!(parse(source.as_bytes()).errors.iter().any(|e| e.by_parser), "{text}");
    }
    let shell = [
        "['a']",
        r#"["a",]"#,
        r#"["a" "b"]"#,
        r#"["a"] b"#,
        r#"["a"] # c"#,
        r#"["\x"]"#,
        r#"["a"#,
        r#"["a\"]"#,
        "[",
        r#"{"a": "b"}"#,
        r#""a""#,
        "[a]",
        "[01]",
        "[1.]",
        "[\"a\tb\"]",
        "[\u{a0}\"a\"]",
        "[nul]",
        "[1e999]",
    ];
    for text in shell {
        let source = format!("FROM a\nCMD {text}\n");
        let file = laws::parsed(source.as_bytes());
        assert_eq!(file.errors, [], "{text}");
        assert!(!file.instructions().last().unwrap().is_exec_form(), "{text}");
    }
}

/// Which words open a heredoc: its name, and what is said of it.
#[test]
fn heredocs() {
    let opens: &[(&str, &str, u64, bool, bool)] = &[
        ("RUN <<EOF", "EOF", 0, true, false),
        ("RUN <<-EOF", "EOF", 0, true, true),
        ("RUN << EOF", "EOF", 0, true, false),
        ("RUN <<'EOF'", "EOF", 0, false, false),
        ("RUN <<\"EOF\"", "EOF", 0, false, false),
        ("RUN <<E\"O\"F", "EOF", 0, false, false),
        ("RUN <<\\EOF", "EOF", 0, true, false),
        ("RUN cat 3<<EOF", "EOF", 3, true, false),
        ("RUN cat <<EOF.txt", "EOF.txt", 0, true, false),
        ("RUN cat <<EOF;", "EOF;", 0, true, false),
        ("RUN cat <<EOF && b", "EOF", 0, true, false),
        ("RUN # <<EOF", "EOF", 0, true, false),
        ("COPY <<EOF /a", "EOF", 0, true, false),
        ("ADD <<EOF /a", "EOF", 0, true, false),
        ("run <<eof", "eof", 0, true, false),
        ("ONBUILD RUN <<EOF", "EOF", 0, true, false),
        ("RUN --mount=type=cache,target=/c <<EOF", "EOF", 0, true, false),
    ];
    for (line, name, fd, expand, chomp) in opens {
        let source = format!("FROM a\n{line}\nbody\n{name}\nRUN b\n");
        let file = laws::parsed(source.as_bytes());
        assert_eq!(file.errors, [], "{line}");
        let i = file.instructions().nth(1).unwrap();
        let [doc] = &i.heredocs[..] else { panic!("{line}: {:?}", i.heredocs) };
        assert_eq!((&*doc.name, doc.fd, doc.expand, doc.chomp), (*name, *fd, *expand, *chomp), "{line}");
        assert_eq!(&i.logical_text()[doc.body.range()], b"body\n", "{line}");
        assert_eq!(i.logical_text()[doc.terminator.range()], *format!("{name}\n").as_bytes(), "{line}");
        assert_eq!(file.instructions().count(), 3, "{line}");
    }
    let none = [
        "RUN cat <<<EOF",
        "RUN cat<<EOF",
        "RUN \\<<EOF",
        "RUN '<<EOF'",
        "RUN $((1<<2))",
        "RUN a <<",
        "RUN <<''",
        "RUN 'open <<EOF",
        "RUN ${a^^} <<EOF",
        "CMD <<EOF",
        "USER <<EOF",
        "ENV A=<<EOF",
        "RUN [\"<<EOF\"]",
        "COPY [\"<<EOF\", \"/a\"]",
        "ENTRYPOINT cat <<EOF",
        "ONBUILD CMD <<EOF",
        "RUN $A<<EOF",
    ];
    for line in none {
        let source = format!("FROM a\n{line}\nRUN b\n");
        let file = laws::parsed(source.as_bytes());
        assert_eq!(file.instructions().count(), 3, "{line}");
        assert!(file.instructions().all(|i| i.heredocs.is_empty()), "{line}");
    }
    for open in [
        "RUN <<EOF\nbody\n EOF\n",
        "RUN <<EOF\n\tEOF\n",
        "RUN <<-EOF\n EOF\n",
        "RUN <<A <<B\nA\n",
        "RUN <<EOF\nEOF \n",
    ] {
        let source = format!("FROM a\n{open}");
        assert!(laws::parsed(source.as_bytes()).errors.iter().any(|e| e.by_parser), "{open:?}");
    }
}

#[test]
fn two_heredocs_end_in_their_order() {
    let source = b"FROM a\nRUN <<A cat <<-'B' \\\n  # c\n  && b\nB\nA\n\tA\n\tB\nRUN c\n";
    let file = laws::parsed(source);
    let i = file.instructions().nth(1).unwrap();
    let bodies: Vec<&[u8]> = i.heredocs.iter().map(|d| &i.logical_text()[d.body.range()]).collect();
    assert_eq!(bodies, [&b"B\n"[..], b"\tA\n"]);
    assert_eq!(file.instructions().count(), 3);
}

/// Which shell reads a RUN.
#[test]
fn shells() {
    let posix = [
        "FROM alpine",
        "FROM a\nSHELL [\"/bin/sh\", \"-c\"]",
        "FROM a\nSHELL [\"bash\", \"-c\"]",
        "FROM a\nSHELL [\"/usr/bin/dash\", \"-ec\"]",
        "FROM windows/servercore\nSHELL [\"sh\", \"-c\"]",
        "FROM a\nSHELL [\"pwsh\"]\nFROM b",
        "FROM a AS B\nFROM windows/x\nFROM b",
    ];
    let others = [
        "FROM a\nSHELL [\"pwsh\"]",
        "FROM a\nSHELL [\"fish\", \"-c\"]",
        "FROM a\nSHELL [\"bash\"]",
        "FROM mcr.microsoft.com/windows/nanoserver:1",
        "FROM a AS b\nSHELL [\"cmd\"]\nFROM x\nFROM B",
        "FROM a\nSHELL [\"/bin/sh\"]\nSHELL [\"python3\"]",
    ];
    for (heads, want) in [(&posix[..], Shell::Posix), (&others[..], Shell::Other)] {
        for head in heads {
            let source = format!("{head}\nRUN a\n");
            let file = laws::parsed(source.as_bytes());
            assert_eq!(file.instructions().last().unwrap().shell, want, "{head}");
        }
    }
}
