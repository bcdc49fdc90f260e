//! The text of RUN: chains, pipelines, compound commands.
//!
//! It only decides what stands before each token; no token is added, dropped or changed. Between the commands of a
//! chain dfmt decides the breaks, inside a command the author's are kept. A level is one step of indentation.
//!
//! A construct is written on one line where the author wrote it so and it fits: that is tried, and taken back where
//! the line grows too long.

use super::gap::Gap;
use super::instruction::Line;
use super::packages;
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
    } else if has(Kind::Opaque) {
        Some("the shell text is not understood")
    } else if nodes.iter().any(|n| is_ambiguous(line, *n)) {
        Some("`((` or `!(` begins a subshell, and could be read as something else")
    } else if has(Kind::Comment) {
        Some("a shell comment takes the rest of the text")
    } else if nodes.len() <= 1 {
        Some("there is no shell text")
    } else {
        None
    }
}

/// Whether a subshell stands right behind `(` or `!`: some shells read arithmetic there, or a pattern.
fn is_ambiguous(line: &Line, node: Node) -> bool {
    let before = (node.start as usize).checked_sub(1).map(|at| line.i.logical_text()[at]);
    node.kind == Kind::Subshell && matches!(before, Some(b'(' | b'!'))
}

/// What stands before a token: `flat` where the line goes on, else a break to `level`.
#[derive(Clone, Copy)]
struct Want {
    flat: Before,
    level: usize,
    breaks: bool,
    /// Whether it breaks even where one line is tried: it is the line before that ends.
    firm: bool,
    /// Whether comments above it belong to a list that it ends, and are indented like that.
    ends_list: bool,
}

impl Want {
    fn space(level: usize) -> Self {
        Self { flat: Before::Space, level, breaks: false, firm: false, ends_list: false }
    }

    fn nothing(level: usize) -> Self {
        Self { flat: Before::Nothing, level, breaks: false, firm: false, ends_list: false }
    }

    fn broken(self, breaks: bool) -> Self {
        Self { breaks, ..self }
    }

    fn firm(self) -> Self {
        Self { firm: true, ..self }
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
    fn before(&self, node: Node, text: &[u8]) -> usize {
        let closes = usize::from(text == b"\\)" && node.kind == Kind::ShellWord);
        if self.begun { self.words + self.open.saturating_sub(closes) } else { self.own }
    }

    /// Takes note of a word.
    fn behind(&mut self, node: Node, text: &[u8]) {
        self.begun |= node.kind != Kind::Assignment;
        match text {
            b"\\(" => self.open += 1,
            b"\\)" => self.open = self.open.saturating_sub(1),
            _ => {}
        }
    }
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

    /// Statements; each begins a line at `level` where `multi`.
    fn list(&mut self, index: usize, lead: Want, level: usize, multi: bool) {
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
    fn separator(&mut self, node: Node, level: usize) {
        let text = self.line.i.node_text(node);
        if node.start >= self.end || text.contains(&b'\n') {
            return;
        }
        let breaks = !self.flat && self.gap_before(node).breaks();
        let want = if text == b"&" { Want::space(level) } else { Want::nothing(level) };
        self.token(node, want.broken(breaks));
    }

    fn and_or(&mut self, index: usize, lead: Want, level: usize, multi: bool) {
        let count = self.line.i.children(index).count();
        let inner = if count > 1 { level + 1 } else { level };
        let mut want = lead;
        for (child, node) in self.line.i.children(index) {
            if node.kind == Kind::Pipeline {
                self.pipeline(child, want, inner);
                want = Want::space(level).broken(multi);
            } else {
                self.operator(child, node, want);
                want = Want::space(inner);
            }
        }
    }

    fn pipeline(&mut self, index: usize, lead: Want, level: usize) {
        let i = self.line.i;
        let pipes = i.children(index).filter(|(_, n)| n.kind == Kind::PipeOp).count();
        let inner = if pipes > 0 { level + 1 } else { level };
        let broken = self.breaks_at_pipe(index);
        let node = self.line.i.nodes[index];
        if pipes > 0 && !self.flat && !self.is_broken(node) {
            if self.fits(|s| s.commands(index, lead.firm(), level, inner, false)) {
                return;
            }
            return self.commands(index, lead, level, inner, true);
        }
        self.commands(index, lead, level, inner, broken && !self.flat);
    }

    fn commands(&mut self, index: usize, lead: Want, level: usize, inner: usize, multi: bool) {
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
    fn breaks_at_pipe(&self, index: usize) -> bool {
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

    fn simple(&mut self, index: usize, lead: Want, level: usize) {
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
    fn member(&mut self, position: usize, node: Node, want: Want) {
        if position == 0 {
            self.token(node, want);
        } else {
            self.word(node, want);
        }
    }

    fn words(&mut self, index: usize, lead: Want, level: usize) {
        let mut want = lead;
        for (n, (_, node)) in self.line.i.children(index).enumerate() {
            self.member(n, node, want);
            want = Want::space(level);
        }
    }

    /// A word, an assignment, a redirection: its inner gaps stay as they are.
    fn word(&mut self, node: Node, mut want: Want) {
        want.breaks |= !self.flat && self.gap_before(node).breaks();
        self.token(node, want);
    }

    /// A compound command: on one line where it was and fits, else its lists are indented, and it ends where the line
    /// began that opened it.
    fn compound(&mut self, index: usize, node: Node, lead: Want) {
        let close = if self.breaks(node, lead) { lead.level } else { self.margin };
        if self.flat {
            return self.parts(index, lead, close, false);
        }
        if self.is_broken(node) || !self.fits(|s| s.parts(index, lead.firm(), close, false)) {
            self.parts(index, lead, close, true);
        }
    }

    /// The reserved words, lists and words of a compound command whose last line is indented by `close`.
    fn parts(&mut self, index: usize, lead: Want, close: usize, multi: bool) {
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
                Kind::Reserved => {
                    let text = self.line.i.node_text(node);
                    // `then` and `do` stay on the line of their condition
                    let joins = matches!(text, b"then" | b"do" | b"in");
                    want.ends_list = matches!(text, b"fi" | b"done" | b"esac" | b"}" | b")");
                    self.token(node, if joins { Want::space(close) } else { want });
                    body = opens_body(text);
                    want = if text == b"(" { Want::nothing(close + 1) } else { Want::space(close + 1) };
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

    /// Whether the next token is the `)` of a subshell, which stands close.
    fn closes_subshell(&self, compound: usize, child: usize) -> bool {
        let nodes = &self.line.i.nodes;
        let next = nodes[child].next as usize;
        nodes[compound].kind == Kind::Subshell
            && next < nodes[compound].next as usize
            && nodes[next].kind == Kind::Reserved
            && self.line.i.node_text(nodes[next]) == b")"
    }

    /// `pattern) list ;;`, on one line where it was and fits.
    fn case_item(&mut self, index: usize, lead: Want, multi: bool) {
        let node = self.line.i.nodes[index];
        let may_fit = multi && !self.is_broken(node);
        if !may_fit || !self.fits(|s| s.item_parts(index, lead.firm(), false)) {
            self.item_parts(index, lead, multi);
        }
    }

    fn item_parts(&mut self, index: usize, lead: Want, multi: bool) {
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
    fn function(&mut self, index: usize, lead: Want, level: usize) {
        let mut want = lead;
        for (child, node) in self.line.i.children(index) {
            if node.kind == Kind::Reserved && matches!(self.line.i.node_text(node), b"(" | b")") {
                self.token(node, Want::nothing(level));
            } else if matches!(node.kind, Kind::ShellWord | Kind::Reserved | Kind::Text) {
                self.word(node, want);
            } else {
                self.command(child, node, want, level);
            }
            want = Want::space(level);
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
        if !self.line.context.rules.shell_layout && alone && own.breaks() == want.breaks {
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

/// Whether a list behind this word is the body of a compound command, not its condition.
fn opens_body(word: &[u8]) -> bool {
    matches!(word, b"then" | b"do" | b"else" | b"{" | b"(")
}
