//! Lists, chains and pipelines: between their commands dfmt decides the breaks.

use super::super::gap::Gap;
use super::{Shell, Want};
use crate::syntax::node::{Kind, Node};

impl Shell<'_, '_, '_> {
    /// Statements; each begins a line at `level` where `multi`.
    pub(super) fn list(&mut self, index: usize, lead: Want, level: usize, multi: bool) {
        let mut want = lead;
        for (child, node) in self.line.i.children(index) {
            if node.kind != Kind::AndOr {
                self.separator(node, level);
                continue;
            }
            let may_fit = !self.flat && !self.is_broken(node);
            if !may_fit || !self.fits(|s| s.and_or(child, want.firm(), level + 1, false)) {
                self.and_or(child, want, level + 1, !self.flat);
            }
            want = Want::space(level).broken(multi);
        }
    }

    /// `;` is glued to its statement, `&` stands apart. A `;` on a line of its own, behind a list that grows line by line,
    /// stays there.
    pub(super) fn separator(&mut self, node: Node, level: usize) {
        let text = self.line.i.node_text(node);
        if node.start >= self.end || text.contains(&b'\n') {
            return;
        }
        let breaks = !self.flat && self.gap_before(node).breaks();
        let want = if text == b"&" { Want::space(level) } else { Want::nothing(level) };
        self.token(node, want.broken(breaks));
    }

    pub(super) fn and_or(&mut self, index: usize, lead: Want, level: usize, multi: bool) {
        let count = self.line.i.children(index).count();
        let inner = if count > 1 { level + 1 } else { level };
        let mut want = lead;
        for (child, node) in self.line.i.children(index) {
            if node.kind == Kind::Pipeline {
                self.pipeline(child, want, inner);
                want = Want::space(level).broken(multi);
            } else {
                self.operator(child, node, want);
                // where the operator ends the line, the command begins the next
                want = Want::space(if self.line.context.rules.break_lines { inner } else { level });
            }
        }
    }

    pub(super) fn pipeline(&mut self, index: usize, lead: Want, level: usize) {
        let i = self.line.i;
        let pipes = i.children(index).filter(|(_, n)| n.kind == Kind::PipeOp).count();
        let inner = if pipes > 0 { level + 1 } else { level };
        let broken = self.breaks_at_pipe(index);
        if pipes > 0 && !self.flat && !self.stays_broken(index) {
            if self.fits(|s| s.commands(index, lead.firm(), level, inner, false)) {
                return;
            }
            return self.commands(index, lead, level, inner, true);
        }
        self.commands(index, lead, level, inner, broken && !self.flat);
    }

    pub(super) fn commands(&mut self, index: usize, lead: Want, level: usize, inner: usize, multi: bool) {
        let mut want = lead;
        for (child, node) in self.line.i.children(index) {
            match node.kind {
                Kind::PipeOp => {
                    self.operator(child, node, Want::space(level).broken(multi));
                    want = Want::space(inner);
                }
                Kind::Bang | Kind::Time => {
                    self.token(node, want);
                    want = Want::space(inner);
                }
                _ => {
                    self.command(child, node, want, inner);
                    want = Want::space(inner);
                }
            }
        }
    }

    /// Whether the author broke the line before or behind a `|` of this pipeline.
    pub(super) fn breaks_at_pipe(&self, index: usize) -> bool {
        let i = self.line.i;
        let (mut end, mut after_pipe) = (None, false);
        for (_, node) in i.children(index) {
            let range = i.source_range(node.start, node.end);
            let is_pipe = node.kind == Kind::PipeOp;
            if let Some(end) = end.filter(|_| is_pipe || after_pipe)
                && Gap::new(&i.text[end..range.start]).breaks()
            {
                return true;
            }
            (end, after_pipe) = (Some(range.end), is_pipe);
        }
        false
    }
}
