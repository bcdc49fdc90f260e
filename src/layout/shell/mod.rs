//! The text of RUN: chains, pipelines, compound commands.
//!
//! It only decides what stands before each token; no token is added, dropped or changed. Between the commands of a
//! chain dfmt decides the breaks, inside a command the author's are kept. A level is one step of indentation.
//!
//! A construct is written on one line where the author wrote it so and it fits: that is tried, and taken back where
//! the line grows too long.

mod compound;
mod lists;
mod words;

use super::gap::Gap;
use super::instruction::Line;
use super::writer::{Before, Mark};
use crate::syntax::node::{Kind, Node};

/// Writes the Script at `index`; says why where it stays as it is.
pub fn write(line: &mut Line, index: usize) -> Option<&'static str> {
    let end = line.i.line().len() as u32;
    if let Some(why) = unclear(line, index) {
        line.stretch(line.i.nodes[index].start, line.i.nodes[index].end.min(end), Before::Space);
        return Some(why);
    }
    let from = line.end;
    let mut shell = Shell { line, end, consumed: from, flat: false, margin: 1 };
    shell.script(index);
    None
}

/// What makes a text too doubtful to be laid out.
fn unclear(line: &Line, index: usize) -> Option<&'static str> {
    let nodes = &line.i.nodes[index..line.i.nodes[index].next as usize];
    let on_line = |n: &&Node| (n.start as usize) < line.i.line().len();
    let has = |kind| nodes.iter().filter(on_line).any(|n: &Node| n.kind == kind);
    if !line.i.heredocs.is_empty() {
        // the plan is the same, but a judge that reads such a text without its terminator says no
        Some("a heredoc belongs to the text")
    } else if may_open_heredoc(line.i.line()) {
        Some("it holds a `<<` that opens no heredoc, and could with other blanks")
    } else if has(Kind::Opaque) {
        Some("the shell text is not understood")
    } else if (index..line.i.nodes[index].next as usize).any(|n| is_ambiguous(line, n)) {
        Some("a parenthesis is glued to what stands before it, and could be read as something else")
    } else if has(Kind::Comment) {
        Some("a shell comment takes the rest of the text")
    } else if nodes.len() <= 1 {
        Some("there is no shell text")
    } else {
        None
    }
}

/// Whether the text holds a `<<` other than `<<<`: which words of it open a heredoc hangs on the blanks around them.
fn may_open_heredoc(line: &[u8]) -> bool {
    let mut rest = line;
    while let Some(at) = memchr::memmem::find(rest, b"<<") {
        let count = rest[at..].iter().take_while(|b| **b == b'<').count();
        if count != 3 {
            return true;
        }
        rest = &rest[at + count..];
    }
    false
}

/// Whether a parenthesis is glued to what stands before it: behind `(` or `!` some shells read arithmetic, or a pattern, and
/// behind a word the second judge sees a part of that.
fn is_ambiguous(line: &Line, index: usize) -> bool {
    let node = line.i.nodes[index];
    let before = (node.start as usize).checked_sub(1).map_or(b' ', |at| line.i.logical_text()[at]);
    if node.kind == Kind::Function {
        // what stands before its parentheses must be seen to be a name by all
        let name = line.i.children(index).find(|(_, n)| n.kind == Kind::ShellWord);
        let last = name.and_then(|(_, n)| line.i.node_text(n).last());
        return !last.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    }
    let opens = matches!(node.kind, Kind::Subshell | Kind::Arith)
        || node.kind == Kind::Reserved && line.i.node_text(node) == b"((";
    opens && !matches!(before, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')')
}

/// What stands before a token: `flat` where the line goes on, else a break to `level`.
#[expect(clippy::struct_excessive_bools, reason = "each is asked alone")]
#[derive(Clone, Copy)]
struct Want {
    flat: Before,
    level: usize,
    breaks: bool,
    /// Whether it breaks even where one line is tried: it is the line before that ends.
    firm: bool,
    /// Whether comments above it belong to a list that it ends, and are indented like that.
    ends_list: bool,
    /// Whether what stands there stays: in arithmetic no blank comes or goes.
    exact: bool,
}

impl Want {
    fn space(level: usize) -> Self {
        Self { flat: Before::Space, level, breaks: false, firm: false, ends_list: false, exact: false }
    }

    fn nothing(level: usize) -> Self {
        Self { flat: Before::Nothing, level, breaks: false, firm: false, ends_list: false, exact: false }
    }

    fn broken(self, breaks: bool) -> Self {
        Self { breaks, ..self }
    }

    fn firm(self) -> Self {
        Self { firm: true, ..self }
    }

    fn exact(self) -> Self {
        Self { exact: true, ..self }
    }
}

struct Shell<'l, 'a, 'w> {
    line: &'l mut Line<'a, 'w>,
    /// Where the logical line ends; heredoc bodies are behind it.
    end: u32,
    /// Up to here in the source the lines of gaps are written: an operator takes those of the gap behind it along.
    consumed: usize,
    /// Whether one line is being tried.
    flat: bool,
    /// How far the line that is being written is indented.
    margin: usize,
}

/// Where a trial began.
struct Trial {
    mark: Mark,
    end: usize,
    consumed: usize,
    margin: usize,
}

impl<'a> Shell<'_, 'a, '_> {
    fn script(&mut self, index: usize) {
        // behind flags the author may begin a line; behind RUN alone the first command stands on its line
        let flags = self.line.i.top().any(|(_, n)| n.kind == Kind::Flag);
        let lead = Want::space(1).broken(flags && self.gap_before(self.line.i.nodes[index]).breaks());
        let Some((list, node)) = self.line.i.children(index).next() else { return };
        let broken = self.is_broken(node);
        if !broken && self.fits(|s| s.list(list, lead.firm(), 1, false)) {
            return;
        }
        let statements =
            self.line.i.children(list).filter(|(_, n)| n.kind == Kind::AndOr && n.start < self.end).count();
        let Some((only, _)) = self.line.i.children(list).find(|(_, n)| n.kind == Kind::AndOr) else { return };
        if statements > 1 {
            return self.list(list, lead, 1, true);
        }
        self.and_or(only, lead, 1, true);
        for (_, node) in self.line.i.children(list).skip(1) {
            self.separator(node, 1);
        }
    }

    fn command(&mut self, index: usize, node: Node, lead: Want, level: usize) {
        match node.kind {
            Kind::Simple => self.simple(index, lead, level),
            Kind::Subshell | Kind::Brace | Kind::If | Kind::Loop | Kind::For | Kind::Case => {
                self.compound(index, node, lead);
            }
            Kind::Function | Kind::Coproc => self.function(index, lead, level),
            // `[[ ]]` and `(( ))`: their text is one token
            _ => self.words(index, lead, level),
        }
    }

    // ---- writing

    fn gap_before(&self, node: Node) -> Gap<'a> {
        let start = self.line.i.source_range(node.start, node.end).start;
        Gap::new(&self.line.i.text[self.line.end.max(self.consumed).min(start)..start])
    }

    /// An operator that begins a line takes the comments behind it along, so that they stand above it.
    fn operator(&mut self, index: usize, node: Node, want: Want) {
        let i = self.line.i;
        if !self.line.context.rules.break_lines {
            return self.token(node, want);
        }
        let behind = i.source_range(node.start, node.end).end;
        let next = i.nodes.get(index + 1).map_or(behind, |n| i.logical.start(n.start) as usize);
        let after = Gap::new(&i.text[behind..next.max(behind)]);
        let breaks =
            !self.flat && (want.breaks || after.has_comment() || self.gap_before(node).has_comment());
        self.write(node, want.broken(breaks), &[self.gap_before(node), after]);
        if breaks {
            self.consumed = next;
        }
    }

    fn token(&mut self, node: Node, want: Want) {
        let breaks = self.breaks(node, want);
        self.write(node, want.broken(breaks), &[self.gap_before(node)]);
    }

    /// Whether the line is broken before a token.
    fn breaks(&self, node: Node, want: Want) -> bool {
        let gap = self.gap_before(node);
        let wanted = if self.line.context.rules.break_lines { want.breaks } else { gap.breaks() };
        (!self.flat || want.firm) && (wanted || gap.has_comment())
    }

    fn write(&mut self, node: Node, want: Want, gaps: &[Gap]) {
        let before = if want.breaks { Before::Break(want.level) } else { want.flat };
        if want.breaks {
            self.margin = want.level;
        }
        let range = self.line.i.source_range(node.start, node.end);
        let own = gaps.first().copied().unwrap_or_default();
        let alone = gaps.iter().skip(1).all(|gap| !gap.breaks());
        // what stood behind an operator went before it
        let moved = self.consumed > self.line.end;
        let stays = !self.line.context.rules.shell_layout && !moved && alone && own.breaks() == want.breaks;
        if want.exact {
            self.line.writer.raw(own.bytes);
        } else if stays {
            self.line.writer.kept_gap(own);
        } else {
            self.line.writer.before(before, gaps, usize::from(want.ends_list));
        }
        self.line.writer.verbatim(&self.line.i.text[range.clone()]);
        self.line.end = range.end;
    }

    // ---- one line or many

    /// Whether the author broke the line somewhere inside.
    fn is_broken(&self, node: Node) -> bool {
        let source = self.line.i.source_range(node.start, node.end.min(self.end).max(node.start));
        memchr::memchr(b'\n', &self.line.i.text[source]).is_some()
    }

    /// The same, but for breaks that go: behind `!`, `time` and the name of a function what follows joins the line.
    fn stays_broken(&self, index: usize) -> bool {
        let i = self.line.i;
        let all = index..i.nodes[index].next as usize;
        if !self.is_broken(i.nodes[index]) {
            return false;
        }
        let is_leaf = |n: &usize| i.nodes[*n].next as usize == n + 1;
        let first_leaf = |at: usize| (at..all.end).find(is_leaf);
        let mut joins = std::collections::HashSet::new();
        for n in all.clone() {
            match i.nodes[n].kind {
                Kind::Function => joins.extend(i.children(n).skip(1).filter_map(|(at, _)| first_leaf(at))),
                Kind::Bang | Kind::Time => joins.extend(first_leaf(n + 1)),
                _ => {}
            }
        }
        let mut end = None;
        all.filter(is_leaf).any(|n| {
            let range = i.source_range(i.nodes[n].start, i.nodes[n].end);
            let gap = Gap::new(&i.text[end.unwrap_or(range.start)..range.start]);
            end = Some(range.end);
            let goes = joins.contains(&n) && !gap.has_comment();
            gap.breaks() && !goes || memchr::memchr(b'\n', &i.text[range]).is_some()
        })
    }

    fn trial(&self) -> Trial {
        Trial {
            mark: self.line.writer.mark(),
            end: self.line.end,
            consumed: self.consumed,
            margin: self.margin,
        }
    }

    fn back(&mut self, trial: &Trial) {
        self.line.writer.reset(trial.mark);
        self.line.end = trial.end;
        self.consumed = trial.consumed;
        self.margin = trial.margin;
    }

    /// Writes on one line; takes it back and says no where the line is too long or breaks after all.
    fn fits(&mut self, write: impl FnOnce(&mut Self)) -> bool {
        let from = self.trial();
        let outer = std::mem::replace(&mut self.flat, true);
        write(self);
        self.flat = outer;
        if self.line.writer.column() <= self.line.context.config.line_width
            || !self.line.context.rules.break_lines
        {
            return true;
        }
        self.back(&from);
        false
    }
}
