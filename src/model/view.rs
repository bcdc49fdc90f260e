//! BuildKit's view of a file: what its parser gives for each instruction.
//!
//! This is the form in which the judges compare dfmt with BuildKit itself (`dfmt debug view`), written for fidelity
//! and not for speed: the proofs compare trees, see `proof`.

use std::fmt::Write as _;

use crate::syntax::args::{Line, flag_value, word_value};
use crate::syntax::exec;
use crate::syntax::join::{self, Inside};
use crate::syntax::lex;
use crate::syntax::node::{Builder, Kind, Node, children};
use crate::syntax::tree::{Dockerfile, Heredoc, Instruction, Item, Keyword};

/// What BuildKit's parser makes of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The last line of each instruction that has an empty line inside a continuation.
    pub empty_continuations: Vec<usize>,
    /// Its instructions.
    pub nodes: Vec<ViewNode>,
}

/// What BuildKit's parser makes of an instruction.
#[derive(Debug, PartialEq, Eq)]
pub struct ViewNode {
    /// Its first line, from 1.
    pub start: usize,
    /// Its last line.
    pub end: usize,
    /// The node in BuildKit's own notation.
    pub dump: String,
    /// The logical line.
    pub original: Vec<u8>,
    /// Whether it is in exec form.
    pub json: bool,
    /// The comments that belong to it.
    pub comments: Vec<String>,
    /// Its heredocs with their bodies.
    pub heredocs: Vec<(Heredoc, Vec<u8>)>,
}

/// The view of `file`.
pub fn of(file: &Dockerfile) -> View {
    let mut view = View::default();
    let mut comments = Vec::new();
    let mut line = 1;
    for item in &file.items {
        let next = line + lines(item.text());
        match item {
            Item::Comment(text) => note(&mut comments, text),
            Item::Directive(_) | Item::Blank(_) => {}
            Item::Instruction(i) => {
                let own = &i.text[..line_end(i)];
                if has_empty_line(own) {
                    view.empty_continuations.push(line + lines(own) - 1);
                }
                view.nodes.push(node(i, file.escape, line..next, std::mem::take(&mut comments)));
            }
        }
        line = next;
    }
    view
}

/// Adds a comment line; an empty one at the first column drops those before it.
pub fn note(comments: &mut Vec<String>, line: &[u8]) {
    let rest = line.get(1..).unwrap_or_default();
    let text = lex::lossy(&rest[lex::trim(rest)]);
    if text.is_empty() {
        comments.clear();
    } else {
        comments.push(text);
    }
}

fn lines(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count() + usize::from(!text.is_empty() && !text.ends_with(b"\n"))
}

/// Where the lines of the logical line end in the source: before the heredoc bodies.
pub fn line_end(instruction: &Instruction) -> usize {
    match instruction.heredocs.first() {
        Some(doc) => instruction.logical.start(doc.body.start) as usize,
        None => instruction.text.len(),
    }
}

fn has_empty_line(text: &[u8]) -> bool {
    let mut rest = text;
    let mut first = true;
    while let Ok((after, line)) = lex::physical_line(rest) {
        if line.is_empty() {
            return false;
        }
        if !first && join::inside(line) == Inside::Empty {
            return true;
        }
        (rest, first) = (after, false);
    }
    false
}

fn node(i: &Instruction, escape: u8, at: std::ops::Range<usize>, comments: Vec<String>) -> ViewNode {
    let line = Line { text: i.line(), escape };
    let text = i.logical_text();
    ViewNode {
        start: at.start,
        end: at.end - 1,
        dump: dump(&line),
        original: i.line().to_vec(),
        json: i.is_exec_form(),
        comments,
        heredocs: i.heredocs.iter().map(|h| (h.clone(), text[h.body.range()].to_vec())).collect(),
    }
}

/// A line in BuildKit's notation: `copy ["--from=a"] "x" "y"`.
fn dump(line: &Line) -> String {
    let mut builder = Builder::default();
    let (head, _) = line.parse(&mut builder);
    let nodes = &builder.nodes;
    let text = |n: Node| &line.text[n.start as usize..n.end as usize];
    let mut out = nodes.first().map_or(String::new(), |n| lex::lossy(text(*n)).to_lowercase());
    let flags: Vec<String> = nodes
        .iter()
        .filter(|n| n.kind == Kind::Flag)
        .map(|n| flag_value(text(*n), line.escape))
        .filter(|value| value != b"--")
        .map(|value| quote(&value))
        .collect();
    if !flags.is_empty() {
        let _ = write!(out, " [{}]", flags.join(" "));
    }
    match head.keyword {
        Keyword::Unknown => out.push_str(" \"\""),
        Keyword::Onbuild if head.args < head.end => {
            let inner = Line { text: &line.text[head.args..head.end], escape: line.escape };
            let _ = write!(out, " ({})", dump(&inner));
        }
        keyword => {
            for value in values(line, nodes, keyword) {
                let _ = write!(out, " {}", quote(&value));
            }
        }
    }
    out[lex::trim(out.as_bytes())].to_string()
}

/// The values that follow the keyword in BuildKit's list.
pub(super) fn values(line: &Line, nodes: &[Node], keyword: Keyword) -> Vec<Vec<u8>> {
    let text = |n: Node| &line.text[n.start as usize..n.end as usize];
    let mut out = Vec::new();
    for (index, node) in children(nodes, 0, nodes.len()) {
        match node.kind {
            Kind::Word if keyword == Keyword::Arg => {
                out.push(characters(word_value(text(node), line.escape)));
            }
            Kind::Pair if keyword == Keyword::Arg => {
                out.push(characters(word_value(text(node), line.escape)));
            }
            Kind::Pair => {
                let word = characters(word_value(text(node), line.escape));
                let equals = word.iter().position(|b| *b == b'=').unwrap_or(word.len());
                out.push(word[..equals].to_vec());
                out.push(word.get(equals + 1..).unwrap_or_default().to_vec());
                out.push(b"=".to_vec());
            }
            Kind::LegacyPair => {
                out.extend(children(nodes, index + 1, node.next as usize).map(|(_, n)| text(n).to_vec()));
                out.push(Vec::new());
            }
            Kind::Exec => {
                let strings = children(nodes, index + 1, node.next as usize)
                    .filter(|(_, n)| n.kind == Kind::JsonString);
                out.extend(strings.map(|(_, n)| exec::value(text(n)).into_bytes()));
            }
            Kind::Keyword | Kind::Flag => {}
            _ => out.push(text(node).to_vec()),
        }
    }
    out
}

/// The bytes of a word that BuildKit has read character by character: invalid ones are U+FFFD.
fn characters(text: &[u8]) -> Vec<u8> {
    lex::lossy(text).into_bytes()
}

/// Go's `strconv.Quote`.
pub fn quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for (at, char, len) in lex::chars(text) {
        match char {
            '\u{fffd}' if len == 1 => {
                let _ = write!(out, "\\x{:02x}", text[at]);
            }
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            c if (c as u32) < 0x20 || c == '\u{7f}' => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if is_printable(c) => out.push(c),
            c if (c as u32) < 0x1_0000 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => {
                let _ = write!(out, "\\U{:08x}", c as u32);
            }
        }
    }
    out.push('"');
    out
}

/// Go's `strconv.IsPrint`, by what Rust's own escaping leaves alone behind another character.
fn is_printable(char: char) -> bool {
    if char.is_ascii() {
        return matches!(char, ' '..='~');
    }
    let mut pair = String::from("a");
    pair.push(char);
    pair.escape_debug().nth(1) == Some(char)
}
