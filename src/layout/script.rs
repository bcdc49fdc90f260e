//! The script in a heredoc of RUN: lines as the author broke them, indented by structure.
//!
//! A script has newlines of its own, so nothing needs a continuation and the author's lines are kept: of blank lines
//! one in a row, of blanks between tokens one. Bodies of heredocs inside the script stay as they are.

use super::writer::Writer;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::Instruction;

/// Writes the script at `index`, a body of a heredoc; says why where it stays as it is.
pub fn write(i: &Instruction, index: usize, writer: &mut Writer) -> Option<&'static str> {
    let script = i.nodes[index];
    let nodes = &i.nodes[index..script.next as usize];
    let source = &i.text[i.source_range(script.start, script.end)];
    if i.heredocs.iter().any(|h| h.chomp) {
        writer.raw(source);
        return Some("tabs at its line starts belong to the heredoc");
    }
    if nodes.iter().any(|n| n.kind == Kind::Opaque) || memchr::memchr(b'\r', source).is_some() {
        writer.raw(source);
        return Some("the script is not understood");
    }
    if source.trim_ascii_end().ends_with(b"\\") {
        writer.raw(source);
        return Some("a continuation is open at its end");
    }
    let mut lines = Lines { i, writer, end: script.start, begins: true };
    lines.children(index, 0);
    let rest = &i.logical_text()[lines.end as usize..script.end as usize];
    lines.writer.raw(if rest.contains(&b'\n') || lines.begins { b"" } else { rest });
    if !lines.begins {
        lines.writer.raw(b"\n");
    }
    None
}

struct Lines<'a, 'w> {
    i: &'a Instruction<'a>,
    writer: &'w mut Writer,
    /// Where the last token ends.
    end: u32,
    /// Whether a line begins.
    begins: bool,
}

impl Lines<'_, '_> {
    fn children(&mut self, index: usize, level: usize) {
        let children: Vec<(usize, Node)> = self.i.children(index).collect();
        for (child, node) in children {
            self.node(child, node, level);
        }
    }

    fn node(&mut self, index: usize, node: Node, level: usize) {
        match node.kind {
            Kind::Script
            | Kind::List
            | Kind::AndOr
            | Kind::Pipeline
            | Kind::Simple
            | Kind::Test
            | Kind::Arith => {
                self.children(index, level);
            }
            Kind::Subshell
            | Kind::Brace
            | Kind::If
            | Kind::Loop
            | Kind::For
            | Kind::Case
            | Kind::Function
            | Kind::Coproc => {
                self.compound(index, level);
            }
            Kind::CaseItem => self.case_item(index, level),
            _ => self.token(node, level),
        }
    }

    /// Lists and patterns inside stand one level deeper, reserved words do not.
    fn compound(&mut self, index: usize, level: usize) {
        let children: Vec<(usize, Node)> = self.i.children(index).collect();
        for (child, node) in children {
            let inner = matches!(node.kind, Kind::List | Kind::CaseItem | Kind::Comment);
            self.node(child, node, level + usize::from(inner));
        }
    }

    fn case_item(&mut self, index: usize, level: usize) {
        let children: Vec<(usize, Node)> = self.i.children(index).collect();
        for (child, node) in children {
            let inner = matches!(node.kind, Kind::List | Kind::Separator | Kind::Comment);
            self.node(child, node, level + usize::from(inner));
        }
    }

    fn token(&mut self, node: Node, level: usize) {
        let text = self.i.logical_text();
        let gap = &text[self.end as usize..node.start as usize];
        let token = &text[node.start as usize..node.end as usize];
        self.end = node.end;
        if node.kind == Kind::Separator && token == b"\n" {
            self.newlines(gap);
            return self.newline();
        }
        self.gap(gap, node, level);
        self.writer.raw(token);
        self.begins = token.ends_with(b"\n");
    }

    fn gap(&mut self, gap: &[u8], node: Node, level: usize) {
        self.newlines(gap);
        if self.begins {
            // a body and its end stand where they stand
            if node.kind != Kind::HeredocBody {
                self.writer.margin(level);
            }
        } else if gap.contains(&b'\n') {
            self.writer.raw(b" \\\n");
            self.writer.margin(level + 1);
        } else if !gap.is_empty() {
            self.writer.raw(b" ");
        }
        self.begins = false;
    }

    /// The newlines of a gap that no continuation takes: one more than one is a blank line, and stays one.
    fn newlines(&mut self, gap: &[u8]) {
        let continued = gap.windows(2).filter(|w| w == b"\\\n").count();
        let free = memchr::memchr_iter(b'\n', gap).count() - continued;
        if free > 0 && !self.begins {
            self.newline();
            if free > 1 {
                self.writer.raw(b"\n");
            }
        } else if free > 0 {
            self.writer.raw(b"\n");
        }
    }

    fn newline(&mut self) {
        self.writer.raw(b"\n");
        self.begins = true;
    }
}
