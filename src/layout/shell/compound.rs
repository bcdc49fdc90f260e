//! Compound commands: on one line where they were and fit, else their lists are indented.

use super::super::writer::Before;
use super::{Shell, Want};
use crate::syntax::node::{Kind, Node};

impl Shell<'_, '_, '_> {
    /// A compound command: on one line where it was and fits, else its lists are indented, and it ends where the line
    /// began that opened it.
    pub(super) fn compound(&mut self, index: usize, node: Node, lead: Want) {
        let close = if self.breaks(node, lead) { lead.level } else { self.margin };
        if self.flat {
            return self.parts(index, lead, close, false);
        }
        if self.is_broken(node) || !self.fits(|s| s.parts(index, lead.firm(), close, false)) {
            self.parts(index, lead, close, true);
        }
    }

    /// The reserved words, lists and words of a compound command whose last line is indented by `close`.
    pub(super) fn parts(&mut self, index: usize, lead: Want, close: usize, multi: bool) {
        let mut want = lead;
        let mut body = false;
        for (child, node) in self.line.i.children(index) {
            match node.kind {
                Kind::List => {
                    self.list(child, want.broken(want.breaks || (body && multi)), close + 1, body && multi);
                    want = Want::space(close).broken(body && multi);
                }
                Kind::CaseItem => {
                    self.case_item(child, Want::space(close + 1).broken(multi), multi);
                    want = Want::space(close).broken(multi);
                }
                // `for ((…))`
                Kind::Text => self.token(node, want.exact()),
                Kind::Reserved if self.line.i.node_text(node) == b"))" => {
                    self.token(node, want.exact());
                    want = Want::space(close);
                }
                Kind::Reserved => {
                    let text = self.line.i.node_text(node);
                    // `then` and `do` stay on the line of their condition
                    let joins = matches!(text, b"then" | b"do" | b"in");
                    want.ends_list = matches!(text, b"fi" | b"done" | b"esac" | b"}" | b")");
                    self.token(node, if joins { Want::space(close) } else { want });
                    body = opens_body(text);
                    // `((` would be arithmetic
                    let glued = text == b"(" && !self.opens_parenthesis(child + 1);
                    want = if glued { Want::nothing(close + 1) } else { Want::space(close + 1) };
                }
                Kind::Separator => {
                    // people let the `;` of a long `for` stand on the line of its `do`
                    let breaks = !self.flat && self.gap_before(node).breaks();
                    self.token(node, Want::nothing(close).broken(breaks));
                    want = Want::space(close);
                }
                _ => {
                    self.word(node, want);
                    want = Want::space(close + 1);
                }
            }
            if self.closes_subshell(index, child) {
                want.flat = Before::Nothing;
            }
        }
    }

    /// Whether the token at or below `index` is a `(`.
    pub(super) fn opens_parenthesis(&self, index: usize) -> bool {
        let nodes = &self.line.i.nodes;
        let is_leaf = |n: &usize| nodes[*n].next as usize == n + 1;
        let first = (index..nodes.len()).find(is_leaf);
        first.is_some_and(|n| self.line.i.node_text(nodes[n]).starts_with(b"("))
    }

    /// Whether the next token is the `)` of a subshell, which stands close.
    pub(super) fn closes_subshell(&self, compound: usize, child: usize) -> bool {
        let nodes = &self.line.i.nodes;
        let next = nodes[child].next as usize;
        nodes[compound].kind == Kind::Subshell
            && next < nodes[compound].next as usize
            && nodes[next].kind == Kind::Reserved
            && self.line.i.node_text(nodes[next]) == b")"
    }

    /// `pattern) list ;;`, on one line where it was and fits.
    pub(super) fn case_item(&mut self, index: usize, lead: Want, multi: bool) {
        let node = self.line.i.nodes[index];
        let may_fit = multi && !self.is_broken(node);
        if !may_fit || !self.fits(|s| s.item_parts(index, lead.firm(), false)) {
            self.item_parts(index, lead, multi);
        }
    }

    pub(super) fn item_parts(&mut self, index: usize, lead: Want, multi: bool) {
        let level = lead.level;
        let mut want = lead;
        for (child, node) in self.line.i.children(index) {
            match node.kind {
                Kind::List => {
                    self.list(child, Want::space(level + 1).broken(multi), level + 1, multi);
                    want = Want::space(level + 1).broken(multi);
                }
                Kind::Separator => self.token(node, want),
                Kind::PipeOp => {
                    self.token(node, Want::space(level));
                    want = Want::space(level);
                }
                Kind::Reserved if self.line.i.node_text(node) == b"(" => {
                    self.token(node, want);
                    want = Want::nothing(level);
                }
                Kind::Reserved => {
                    self.token(node, Want::nothing(level));
                    want = Want::space(level + 1).broken(multi);
                }
                _ => {
                    self.word(node, want);
                    want = Want::space(level);
                }
            }
        }
    }

    /// `name() { … }`: the parentheses are glued to the name.
    pub(super) fn function(&mut self, index: usize, lead: Want, level: usize) {
        let mut want = lead;
        for (n, (child, node)) in self.line.i.children(index).enumerate() {
            if node.kind == Kind::Reserved && matches!(self.line.i.node_text(node), b"(" | b")") {
                self.token(node, Want::nothing(level));
            } else if matches!(node.kind, Kind::ShellWord | Kind::Reserved | Kind::Text) {
                self.member(n, node, want);
            } else {
                self.command(child, node, want, level);
            }
            want = Want::space(level);
        }
    }
}

/// Whether a list behind this word is the body of a compound command, not its condition.
fn opens_body(word: &[u8]) -> bool {
    matches!(word, b"then" | b"do" | b"else" | b"{" | b"(")
}
