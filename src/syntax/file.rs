//! A file to its items: directives, comments, blank lines, instructions.
//!
//! Parsing never fails. What BuildKit would refuse is an error value, and the tree still holds every byte.

use std::borrow::Cow;

use super::args::{Line, Wrong};
use super::join::{self, Inside, Logical};
use super::node::{Builder, Kind};
use super::tree::{Dockerfile, Heredoc, Id, Instruction, Item, Keyword, Shell, SyntaxError, Text};
use super::{heredoc, lex, shell, shells, validate};
use crate::source::{LineEnding, Span};

/// BuildKit reads lines into a buffer of this many bytes; a longer one is an error.
const MAX_LINE: usize = 65_536;

/// The UTF-8 byte order mark; BuildKit drops one, at the first byte.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads a file.
pub fn parse(source: &[u8]) -> Dockerfile<'_> {
    Parser::new(source).file()
}

struct Parser<'s> {
    source: &'s [u8],
    at: usize,
    /// Whether a line may still be a directive.
    head: bool,
    seen: Vec<Vec<u8>>,
    shells: shells::Tracker,
    file: Dockerfile<'s>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s [u8]) -> Self {
        let file = Dockerfile {
            bom: source.starts_with(BOM),
            escape: b'\\',
            ending: LineEnding::of(source),
            items: Vec::new(),
            errors: Vec::new(),
            next_id: 0,
        };
        let at = if file.bom { BOM.len() } else { 0 };
        Self { source, at, head: true, seen: Vec::new(), shells: shells::Tracker::default(), file }
    }

    fn file(mut self) -> Dockerfile<'s> {
        while self.at < self.source.len() {
            let item = self.item();
            self.at += item.text().len();
            self.file.items.push(item);
        }
        self.long_lines();
        if self.file.instructions().next().is_none() {
            let message = "there are no instructions: expected FROM".to_string();
            self.file.errors.push(SyntaxError { span: Span::default(), message, by_parser: true });
        }
        validate::file(&mut self.file);
        self.file.errors.sort_by_key(|e| e.span.start);
        self.file
    }

    fn item(&mut self) -> Item<'s> {
        let rest = &self.source[self.at..];
        let (_, line) = lex::physical_line(rest).unwrap_or((&[], rest));
        let bare = lex::without_ending(line);
        let bare = &bare[lex::leading_space(bare)..];
        if std::mem::take(&mut self.head) && self.directive(bare, line.len()) {
            self.head = true;
            return Item::Directive(Cow::Borrowed(line));
        }
        match bare.first() {
            None => Item::Blank(Cow::Borrowed(line)),
            Some(b'#') => Item::Comment(Cow::Borrowed(line)),
            Some(_) => Item::Instruction(Box::new(self.instruction(rest))),
        }
    }

    /// Whether the line is a directive; reads it.
    fn directive(&mut self, bare: &[u8], len: usize) -> bool {
        let Some(rest) = bare.strip_prefix(b"#") else { return false };
        let Ok((_, (name, value))) = lex::directive(&rest[lex::leading_space(rest)..]) else { return false };
        let name = name.to_ascii_lowercase();
        if !matches!(&name[..], b"syntax" | b"escape" | b"check") {
            return false;
        }
        if self.seen.contains(&name) {
            let name = String::from_utf8_lossy(&name);
            self.error(0, len, format!("the directive `{name}` stands here a second time: expected it once"));
        } else if name == b"escape" {
            match value {
                b"\\" | b"`" => self.file.escape = value[0],
                _ => self.error(0, len, "the escape must be a backslash or a backtick"),
            }
        }
        self.seen.push(name);
        true
    }

    fn instruction(&mut self, rest: &'s [u8]) -> Instruction<'s> {
        let parsed = read(rest, self.file.escape, self.shells.now());
        if let Some((span, message)) = parsed.error {
            self.error(span.start as usize, span.end as usize, message);
        }
        let id = Id(self.file.next_id);
        self.file.next_id += 1;
        let instruction = parsed.shape.into_instruction(id, Cow::Borrowed(&rest[..parsed.len]));
        self.shells.see(&instruction);
        instruction
    }

    fn error(&mut self, start: usize, end: usize, message: impl Into<String>) {
        let span = Span::new((self.at + start) as u32, (self.at + end) as u32);
        self.file.errors.push(SyntaxError { span, message: message.into(), by_parser: true });
    }

    /// Lines that do not fit into BuildKit's buffer.
    fn long_lines(&mut self) {
        if self.source.len() < MAX_LINE {
            return;
        }
        let mut at = 0;
        while let Ok((rest, line)) = lex::physical_line(&self.source[at..]) {
            if line.len() > MAX_LINE || (line.len() == MAX_LINE && !line.ends_with(b"\n")) {
                self.at = at;
                self.error(0, line.len().min(80), format!("the line is longer than {} bytes", MAX_LINE - 1));
            }
            at += line.len();
            if rest.is_empty() {
                return;
            }
        }
    }
}

/// All of an instruction but its id and its text.
pub(super) struct Shape {
    keyword: Keyword,
    logical: Logical,
    nodes: Builder,
    heredocs: Vec<Heredoc>,
    shell: Shell,
}

impl Shape {
    pub(super) fn into_instruction(self, id: Id, text: Text<'_>) -> Instruction<'_> {
        let Self { keyword, logical, nodes, heredocs, shell } = self;
        Instruction { id, keyword, text, logical, nodes: nodes.nodes, heredocs, shell }
    }
}

/// What [`read`] found.
pub(super) struct Parsed {
    pub(super) shape: Shape,
    /// How many bytes it takes.
    pub(super) len: usize,
    /// What BuildKit's parser would refuse; the span counts in the source.
    pub(super) error: Option<(Span, String)>,
}

/// Reads the instruction that `source` begins with.
pub(super) fn read(source: &[u8], escape: u8, shell: Shell) -> Parsed {
    let (logical, mut len) = logical_line(source, escape);
    let mut builder = Builder::default();
    let line = Line { text: logical.line(source), escape };
    let (head, result) = line.parse(&mut builder);
    let mut error = result.err().map(|Wrong { at, message }| (place(&logical, at, line.text.len()), message));
    let mut shape = Shape { keyword: head.keyword, logical, nodes: builder, heredocs: Vec::new(), shell };
    if error.is_none() {
        match shape.heredocs(source, len, &line_may_open(&shape, source, escape)) {
            Ok(end) => len = end,
            Err((span, message)) => error = Some((span, message)),
        }
    }
    shape.shell_text(source);
    Parsed { shape, len, error }
}

fn place(logical: &Logical, from: usize, to: usize) -> Span {
    Span::new(logical.start(from as u32), logical.end(to.max(from) as u32))
}

/// Joins the physical lines of the instruction that `source` begins with; gives the offset behind the last one.
fn logical_line(source: &[u8], escape: u8) -> (Logical, usize) {
    let mut logical: Option<Logical> = None;
    let mut at = 0;
    while at < source.len() {
        let (_, line) = lex::physical_line(&source[at..]).unwrap_or((&[], &source[at..]));
        let bare = lex::without_ending(line);
        let from = if logical.is_none() { lex::leading_space(bare) } else { 0 };
        let skipped = logical.is_some() && join::inside(line) != Inside::Text;
        let here = at;
        at += line.len();
        if skipped {
            continue;
        }
        let goes_on = join::continued(&bare[from..], escape);
        let text = here + from..here + goes_on.map_or(bare.len(), |end| from + end);
        match &mut logical {
            None => logical = Some(Logical::unbroken(text)),
            Some(logical) => logical.push(source, text),
        }
        if goes_on.is_none() {
            break;
        }
    }
    (logical.unwrap_or_default(), at)
}

/// The heredocs that the line may open: RUN, COPY and ADD, ONBUILD directly before one of these, never an exec form.
fn line_may_open(shape: &Shape, source: &[u8], escape: u8) -> Result<Vec<Heredoc>, String> {
    let line = shape.logical.line(source);
    if memchr::memmem::find(line, b"<<").is_none() || !shape.may_hold_heredocs(line, escape) {
        return Ok(Vec::new());
    }
    heredoc::of_line(line)
}

impl Shape {
    fn may_hold_heredocs(&self, line: &[u8], escape: u8) -> bool {
        let takes = |k| matches!(k, Keyword::Run | Keyword::Copy | Keyword::Add);
        if self.keyword != Keyword::Onbuild {
            return takes(self.keyword) && !self.nodes.nodes.iter().any(|n| n.kind == Kind::Exec);
        }
        let Some(raw) = self.nodes.nodes.iter().find(|n| n.kind == Kind::Raw) else { return false };
        let mut scratch = Builder::default();
        let inner = Line { text: &line[raw.start as usize..], escape };
        let (head, _) = inner.parse(&mut scratch);
        takes(head.keyword) && !scratch.nodes.iter().any(|n| n.kind == Kind::Exec)
    }

    /// Finds the bodies behind the line, which ends at `end`; gives the offset behind the last one.
    fn heredocs(
        &mut self,
        source: &[u8],
        end: usize,
        opened: &Result<Vec<Heredoc>, String>,
    ) -> Result<usize, (Span, String)> {
        let line_len = self.logical.line(source).len();
        let here = place(&self.logical, 0, line_len);
        let opened = opened.as_ref().map_err(|e| (here, e.clone()))?;
        let mut at = end;
        let mut found = opened.clone();
        // the body of the first begins behind the line and its newline
        let logical = |at: usize| (line_len + 1 + at - end) as u32;
        for doc in &mut found {
            let Some((body, all)) = heredoc::body(doc, &source[at..]) else {
                return Err((here, format!("no line `{}` ends the heredoc", doc.name)));
            };
            doc.body = Span::new(logical(at), logical(at + body));
            doc.terminator = Span::new(logical(at + body), logical(at + all));
            at += all;
        }
        if !found.is_empty() {
            self.logical.push_bodies(source, end - 1, end..at);
            self.heredocs = found;
        }
        Ok(at)
    }

    /// Gives the shell text its tree, where a shell that we know reads it.
    fn shell_text(&mut self, source: &[u8]) {
        let Some(leaf) = self.nodes.nodes.last().copied().filter(|n| n.kind == Kind::ShellText) else {
            return;
        };
        if self.shell != Shell::Posix || self.keyword == Keyword::Shell {
            return;
        }
        let text = self.logical.text(source);
        let range = leaf.start as usize..leaf.end as usize;
        if self.heredocs.len() == 1 && matches!(heredoc::of_word(&text[range.clone()]), Ok(Some(_))) {
            self.script_of_heredoc(source, leaf.start as usize..leaf.end as usize);
            return;
        }
        // the builder writes the lines that end heredocs anew: the newline of the last one, which a file may lack, goes
        let end = if self.heredocs.is_empty() { range.end } else { lex::without_ending(text).len() };
        self.nodes.nodes.pop();
        shell::parse(text, range.start..end, &mut self.nodes);
    }

    /// `RUN <<EOF`: the body is the script, unless its first line names another interpreter.
    fn script_of_heredoc(&mut self, source: &[u8], word: std::ops::Range<usize>) {
        self.nodes.nodes.pop();
        self.nodes.leaf(Kind::Word, word.start, word.end);
        let text = self.logical.text(source);
        let body = self.heredocs[0].body.range();
        if shells::reads_script(&text[body.clone()]) {
            let chomp = self.heredocs[0].chomp && text[body.clone()].contains(&b'\t');
            if chomp {
                self.chomped_script(source, body);
            } else {
                shell::parse(text, body, &mut self.nodes);
            }
        } else {
            self.nodes.leaf(Kind::ShellText, body.start, body.end);
        }
    }

    /// The script of a `<<-` heredoc: the shell reads it without the tabs at its line starts, so it is parsed without
    /// them, and the offsets are set back to the text that has them.
    fn chomped_script(&mut self, source: &[u8], body: std::ops::Range<usize>) {
        let text = self.logical.text(source);
        let (mut without, mut tabs) = (Vec::with_capacity(body.len()), vec![(0, body.start)]);
        let mut rest = &text[body.clone()];
        while let Ok((after, line)) = lex::physical_line(rest) {
            if line.is_empty() {
                break;
            }
            let margin = line.iter().take_while(|b| **b == b'\t').count();
            tabs.push((without.len(), body.end - rest.len() + margin));
            without.extend_from_slice(&line[margin..]);
            rest = after;
        }
        let mut parsed = Builder::default();
        shell::parse(&without, 0..without.len(), &mut parsed);
        let back = |offset: u32, index: usize| (tabs[index].1 + offset as usize - tabs[index].0) as u32;
        let before = self.nodes.nodes.len() as u32;
        for mut node in parsed.nodes {
            let last = tabs.partition_point(|(at, _)| *at < node.end as usize).max(1) - 1;
            let first = tabs.partition_point(|(at, _)| *at <= node.start as usize) - 1;
            node.start = back(node.start, first);
            node.end = back(node.end, last).max(node.start);
            node.next += before;
            self.nodes.nodes.push(node);
        }
    }
}
