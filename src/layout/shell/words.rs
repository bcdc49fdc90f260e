//! The words of a command: the author's breaks are kept, package lists stand one a line.

use super::super::packages;
use super::{Shell, Want};
use crate::syntax::node::{Kind, Node};

/// How deep the words of a command stand where they begin a line.
struct Depth {
    /// Where the command itself begins its lines.
    own: usize,
    /// Where its words do.
    words: usize,
    /// How many `\(` are open, as of `find`.
    open: usize,
    /// Whether the command's name has come: variables that are set for it stand where it does.
    begun: bool,
}

impl Depth {
    /// The level of a word.
    pub(super) fn before(&self, node: Node, text: &[u8]) -> usize {
        let closes = usize::from(text == b"\\)" && node.kind == Kind::ShellWord);
        if self.begun { self.words + self.open.saturating_sub(closes) } else { self.own }
    }

    /// Takes note of a word.
    pub(super) fn behind(&mut self, node: Node, text: &[u8]) {
        self.begun |= node.kind != Kind::Assignment;
        match text {
            b"\\(" => self.open += 1,
            b"\\)" => self.open = self.open.saturating_sub(1),
            _ => {}
        }
    }
}

impl Shell<'_, '_, '_> {
    pub(super) fn simple(&mut self, index: usize, lead: Want, level: usize) {
        let packages = if self.flat { None } else { packages::list(self.line.i, index) };
        let mut want = lead;
        let mut depth = Depth { own: level.saturating_sub(1).max(1), words: level, open: 0, begun: false };
        for (n, (_, node)) in self.line.i.children(index).enumerate() {
            if n > 0 {
                want = Want::space(depth.before(node, self.line.i.node_text(node)));
            }
            let begins = packages.as_ref().is_some_and(|list| list.begins_line(n));
            self.member(n, node, want.broken(want.breaks || begins && self.line.context.rules.break_lines));
            depth.behind(node, self.line.i.node_text(node));
        }
    }

    /// The first token of a command stands where its command does; behind it the author's breaks are kept.
    pub(super) fn member(&mut self, position: usize, node: Node, want: Want) {
        if position == 0 {
            self.token(node, want);
        } else {
            self.word(node, want);
        }
    }

    pub(super) fn words(&mut self, index: usize, lead: Want, level: usize) {
        let mut want = lead;
        for (n, (_, node)) in self.line.i.children(index).enumerate() {
            self.member(n, node, want);
            want = Want::space(level);
            if self.line.i.nodes[index].kind == Kind::Arith {
                want = want.exact();
            }
        }
    }

    /// A word, an assignment, a redirection: its inner gaps stay as they are.
    pub(super) fn word(&mut self, node: Node, mut want: Want) {
        want.breaks |= !self.flat && self.gap_before(node).breaks();
        self.token(node, want);
    }
}
