//! One instruction: its keyword, flags, words and pairs. The text of RUN is in [`super::shell`].
//!
//! Outside shell text the author's breaks are kept, with two exceptions: many pairs of ENV, LABEL or ARG on a line
//! that is too long stand one a line, and what is glued together stays glued.

use super::gap::{self, Gap};
use super::writer::{Before, Writer};
use super::{Rules, Verbatim, pairs, script, shell};
use crate::config::Config;
use crate::syntax::expand::{self, Options};
use crate::syntax::lex;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Instruction, Keyword};

/// What laying out an instruction depends on, beside the instruction.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The rules that run.
    pub rules: Rules,
    /// Widths.
    pub config: &'a Config,
    /// Whether a later instruction of the stage makes a layer: RUN, COPY, ADD, WORKDIR.
    pub layer_follows: bool,
    /// Whether its shell text stays as it is.
    pub keep: Keep,
}

/// What of a RUN stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: it is laid out.
    Nothing,
    /// Its shell text.
    Text,
    /// All of it.
    All,
}

/// Why one of these stays.
const UNCLEAR: &str = "the second judge of layout cannot follow it";

/// Writes `i`; says why where it was left as it is.
pub fn write(i: &Instruction, context: Context, writer: &mut Writer) -> Option<Verbatim> {
    let mut line = Line { i, context, writer, end: 0, broken: false };
    let why = line.write();
    line.writer.finish();
    why
}

/// An instruction that is being written, token by token.
pub struct Line<'a, 'w> {
    /// The instruction.
    pub i: &'a Instruction<'a>,
    /// What to do.
    pub context: Context<'a>,
    /// Where to.
    pub writer: &'w mut Writer,
    /// Where in the source the last token that was written ends.
    pub end: usize,
    /// Whether every pair begins a line.
    broken: bool,
}

impl<'a> Line<'a, '_> {
    fn write(&mut self) -> Option<Verbatim> {
        if let Some(why) = self.unusual() {
            self.as_it_stands();
            return Some(Verbatim { rule: "space", why });
        }
        self.broken = self.context.rules.break_lines && self.has_too_many_pairs();
        let mut why = None;
        for (index, node) in self.i.top() {
            why = why.or(self.top(index, node));
        }
        why.or(self.trailing())
    }

    /// What makes an instruction too unusual to be laid out.
    fn unusual(&self) -> Option<&'static str> {
        let keyword = self.i.nodes.first()?;
        let broken = |n: &Node| memchr::memchr(b'\n', self.i.node_source(*n)).is_some();
        if broken(keyword) {
            return Some("the name of the instruction is broken over lines");
        }
        if self.context.keep == Keep::All {
            return Some(UNCLEAR);
        }
        if self.i.keyword == Keyword::Unknown {
            return Some("the instruction is not known");
        }
        if gap::has_odd_space(self.i, self.writer.style.escape) {
            return Some("white space other than blanks and tabs stands between its words");
        }
        let (line, escape) = (&self.i.text[..crate::model::view::line_end(self.i)], self.writer.style.escape);
        let token =
            self.i.nodes.iter().map(|n| self.i.logical.end(n.end) as usize).filter(|end| *end <= line.len());
        let token = token.max().unwrap_or(0);
        // without what stands behind it the escape would be a continuation
        if line[..token].ends_with(&[escape]) && lex::without_ending(line).len() > token {
            return Some("white space behind an escape keeps the line from going on");
        }
        // a tab inside a string keeps a list from being JSON: a blank would not
        if matches!(self.i.keyword, Keyword::Copy | Keyword::Add | Keyword::Volume)
            && self.i.words().next().is_some_and(|word| word.starts_with(b"["))
        {
            return Some("its words begin like a JSON array, and are none");
        }
        None
    }

    fn top(&mut self, index: usize, node: Node) -> Option<Verbatim> {
        match node.kind {
            Kind::Keyword => self.keyword(node),
            Kind::As => self.as_word(node),
            Kind::Exec => self.exec(index),
            Kind::LegacyPair => {
                return self.legacy_pair(index).map(|why| Verbatim { rule: "key-equals-value", why });
            }
            Kind::Pair => {
                let before = if self.broken && index > 1 { Before::Break(1) } else { Before::Space };
                self.token(node, before);
            }
            Kind::Script if self.i.keyword == Keyword::Run => {
                return self.script(index, node).map(|why| Verbatim { rule: "shell-layout", why });
            }
            Kind::Script | Kind::ShellText if self.is_body(node) => {}
            Kind::Script => self.stretch(node.start, node.end.min(self.line_len()), Before::Space),
            _ => self.token(node, Before::Space),
        }
        let foreign = node.kind == Kind::ShellText && self.i.keyword == Keyword::Run;
        foreign.then_some(Verbatim { rule: "shell-layout", why: "another shell reads it" })
    }

    /// RUN text through the shell's layout, unless every cache key is to stay.
    fn script(&mut self, index: usize, node: Node) -> Option<&'static str> {
        if self.context.config.keep_cache {
            if !self.is_body(node) {
                self.stretch(node.start, node.end.min(self.line_len()), Before::Space);
            }
            return Some("--keep-cache");
        }
        if self.is_body(node) {
            return None;
        }
        if self.context.keep == Keep::Text {
            self.stretch(node.start, node.end.min(self.line_len()), Before::Space);
            return Some(UNCLEAR);
        }
        if !self.context.rules.shell_layout && !self.context.rules.break_lines {
            self.stretch(node.start, node.end.min(self.line_len()), Before::Space);
            return None;
        }
        shell::write(self, index)
    }

    fn line_len(&self) -> u32 {
        self.i.line().len() as u32
    }

    /// Whether a node stands in a heredoc's body, which [`Line::trailing`] writes.
    fn is_body(&self, node: Node) -> bool {
        // behind the line and its newline; a body may be empty
        node.start > self.line_len()
    }

    fn keyword(&mut self, node: Node) {
        let range = self.i.source_range(node.start, node.end);
        let lead = Gap::new(&self.i.text[..range.start]);
        // a line that holds the escape alone can begin an instruction, and comments can follow it
        if !self.context.rules.space || lead.has_comment() {
            self.writer.raw(lead.bytes);
        }
        let source = &self.i.text[range.clone()];
        let upper = self.i.keyword.upper().as_bytes();
        self.writer.text(if self.context.rules.upper_keywords { upper } else { source });
        self.end = range.end;
    }

    fn as_word(&mut self, node: Node) {
        if self.context.rules.upper_as && self.i.node_source(node).eq_ignore_ascii_case(b"as") {
            self.respelled(node, Before::Space, b"AS");
        } else {
            self.token(node, Before::Space);
        }
    }

    fn exec(&mut self, index: usize) {
        let mut space = true;
        for (_, node) in self.i.children(index) {
            let glued = !space || matches!(node.kind, Kind::Comma | Kind::CloseBracket);
            let rules = self.context.rules;
            let rule = if node.kind == Kind::OpenBracket { rules.space } else { rules.space_exec_form };
            let before = if glued { Before::Nothing } else { Before::Space };
            self.ruled(node.start, node.end, before, rule);
            space = node.kind == Kind::Comma;
        }
    }

    fn legacy_pair(&mut self, index: usize) -> Option<&'static str> {
        let children: Vec<Node> = self.i.children(index).map(|(_, n)| n).collect();
        let [key, value] = children[..] else { return None };
        let escape = self.writer.style.escape;
        let form = self.context.rules.key_equals_value;
        let form = if form { self.new_form(key, value, escape) } else { Err("") };
        let form = match form {
            Ok(form) => form,
            Err(why) => {
                self.token(key, Before::Space);
                self.kept(value);
                return (!why.is_empty()).then_some(why);
            }
        };
        let range = self.i.source_range(value.start, value.end);
        let between = Gap::new(&self.i.text[self.i.source_range(key.start, key.end).end..range.start]);
        if between.has_comment() {
            // nothing may stand between the name and its `=`: the comments go above both
            let gap = self.gap(self.i.source_range(key.start, key.end).start);
            self.writer.before(Before::Break(1), &[gap, between], 0);
            self.writer.text(self.i.node_source(key));
        } else {
            self.token(key, Before::Space);
        }
        self.writer.text(b"=");
        let source = &self.i.text[range.clone()];
        match form {
            pairs::Form::Bare => self.writer.verbatim(source),
            pairs::Form::Quoted => {
                self.writer.text(b"\"");
                self.writer.verbatim(source);
                self.writer.text(b"\"");
            }
            pairs::Form::Escaped(text) => self.writer.text(&text),
        }
        self.end = range.end;
        None
    }

    /// How the value is spelled behind `=`, or why it stays as it is.
    fn new_form(&self, key: Node, value: Node, escape: u8) -> Result<pairs::Form, &'static str> {
        let form = pairs::new_form(self.i.node_text(key), self.i.node_text(value), escape)
            .ok_or("no other spelling is known to give the same value")?;
        let text = self.i.node_text(value);
        let options = Options { keep_unset: true, ..Options::new(escape) };
        let set = |name: &str| Some(name.to_string());
        if expand::word(text, options, &expand::nothing).is_err()
            || expand::word(text, options, &set).is_err()
        {
            return Err("its value cannot be read");
        }
        // escapes are set in the joined text: the lines of a broken value, and comments in it, would be lost
        let broken = memchr::memchr(b'\n', self.i.node_source(value)).is_some();
        match form {
            pairs::Form::Bare => Ok(form),
            // the build plan is the same, but a judge that compares spellings says no where a layer sees the variable
            _ if self.i.keyword == Keyword::Env && self.context.layer_follows => {
                Err("the value would need quotes, and a later layer sees the variable")
            }
            pairs::Form::Escaped(_) if broken => {
                Err("the value would need escapes, and is broken over lines")
            }
            _ => Ok(form),
        }
    }

    /// Whether pairs should stand one a line: more than one, none broken by the author, and too long.
    fn has_too_many_pairs(&self) -> bool {
        let pairs = self.i.top().filter(|(_, n)| n.kind == Kind::Pair).count();
        pairs > 1 && self.i.logical.is_unbroken() && self.i.line().len() > self.context.config.line_width
    }

    /// The gap before what begins at `start` in the source.
    pub fn gap(&self, start: usize) -> Gap<'a> {
        Gap::new(&self.i.text[self.end.min(start)..start])
    }

    /// Writes a token with what should stand before it; where the author broke the line a break stays.
    pub fn token(&mut self, node: Node, before: Before) {
        self.stretch(node.start, node.end, before);
    }

    /// Writes the source of a logical range as one token.
    pub fn stretch(&mut self, start: u32, end: u32, before: Before) {
        self.ruled(start, end, before, self.context.rules.space);
    }

    /// The same, with the rule that the gap before it is for.
    fn ruled(&mut self, start: u32, end: u32, before: Before, rule: bool) {
        let range = self.i.source_range(start, end);
        let gap = self.gap(range.start);
        self.separate(gap, before, rule);
        self.writer.verbatim(&self.i.text[range.clone()]);
        self.end = range.end;
    }

    /// Writes `text` in the place of a token.
    fn respelled(&mut self, node: Node, before: Before, text: &[u8]) {
        let range = self.i.source_range(node.start, node.end);
        let gap = self.gap(range.start);
        self.separate(gap, before, self.context.rules.space);
        self.writer.text(text);
        self.end = range.end;
    }

    /// Writes a token with its gap as it stands.
    fn kept(&mut self, node: Node) {
        let range = self.i.source_range(node.start, node.end);
        self.writer.verbatim(&self.i.text[self.end..range.end]);
        self.end = range.end;
    }

    /// What stands before a token; where the author broke the line a break stays. Without the rule for blanks a gap is
    /// kept, unless a break is asked for where there was none.
    fn separate(&mut self, gap: Gap, before: Before, rule: bool) {
        let wanted = matches!(before, Before::Break(_));
        if !rule && (gap.breaks() || !wanted) {
            return self.writer.kept_gap(gap);
        }
        let before = if gap.breaks() && !wanted { Before::Break(1) } else { before };
        self.writer.before(before, &[gap], 0);
    }

    /// What follows the last token: blanks, comments at the end of the file, heredoc bodies.
    fn trailing(&mut self) -> Option<Verbatim> {
        let line_end = crate::model::view::line_end(self.i);
        let trailing = &self.i.text[self.end..line_end.max(self.end)];
        if self.context.rules.space {
            self.writer.trailing(Gap::new(trailing), 1);
            self.writer.end_line();
        } else {
            self.writer.raw(trailing);
        }
        self.bodies(line_end.max(self.end))
    }

    /// The bodies of heredocs and the lines that end them.
    fn bodies(&mut self, from: usize) -> Option<Verbatim> {
        let scripts = self.context.rules.heredoc_layout
            && !self.context.config.keep_cache
            && self.context.keep == Keep::Nothing;
        let found = self.i.find(Kind::Script).filter(|(_, n)| scripts && self.is_body(*n));
        let Some((index, node)) = found.filter(|_| self.i.keyword == Keyword::Run) else {
            self.writer.raw(&self.i.text[from..]);
            return None;
        };
        let range = self.i.source_range(node.start, node.end);
        self.writer.raw(&self.i.text[from..range.start]);
        let why = script::write(self.i, index, self.writer);
        self.writer.raw(&self.i.text[range.end..]);
        why.map(|why| Verbatim { rule: "heredoc-layout", why })
    }

    /// The whole instruction as it stands, but for what never reaches a builder.
    fn as_it_stands(&mut self) {
        self.writer.raw(&self.i.text);
    }
}
