//! The items of a file: directives, comments, blank lines, and between them the instructions.
//!
//! Nothing here may make a comment a parser directive or stop one from being one. BuildKit has three readers of the
//! head of a file, and they differ: its parser takes indented directives, the readers of `syntax` and `check` do not,
//! but skip a `#!` line. So directives stay as they are, and comments that look like one keep their place.

use super::instruction::{self, Keep};
use super::writer::{Style, Writer};
use super::{LaidOut, Rules, Verbatim};
use crate::config::Config;
use crate::model::pragma;
use crate::model::pragma::own::Protected;
use crate::syntax::lex;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Item, Keyword};

/// Lays out the items of a file.
pub struct Items<'a> {
    file: &'a Dockerfile<'a>,
    config: &'a Config,
    rules: Rules,
    writer: Writer,
    verbatim: Vec<(Id, Verbatim)>,
    keep: &'a [Id],
    /// For each item whether a later one of its stage makes a layer.
    layer_follows: Vec<bool>,
    /// What comments keep as it is.
    protected: Protected,
}

impl<'a> Items<'a> {
    /// Ready to write.
    pub fn new(file: &'a Dockerfile<'a>, config: &'a Config, keep: &'a [Id]) -> Self {
        let rules = Rules::of(&config.rules);
        let size: usize = file.items.iter().map(|i| i.text().len()).sum();
        let writer = Writer::new(style(file, config, rules), size + size / 4);
        let (layer_follows, protected) = (layer_follows(file), Protected::of(file));
        Self { file, config, rules, writer, verbatim: Vec::new(), keep, layer_follows, protected }
    }

    /// Writes them all.
    pub fn write(mut self) -> LaidOut {
        if self.file.bom {
            self.writer.out.extend_from_slice(b"\xef\xbb\xbf");
        }
        let items = &self.file.items;
        let mut at = 0;
        let mut stages = 0;
        // blank lines that wait for what follows them
        let mut blanks = 0..0;
        while at < items.len() {
            if self.protected.is_off(at) {
                self.writer.out.extend_from_slice(items[at].text());
                at += 1;
                continue;
            }
            match &items[at] {
                Item::Blank(_) => {
                    blanks = if blanks.is_empty() { at..at + 1 } else { blanks.start..at + 1 };
                    at += 1;
                    continue;
                }
                _ => self.blanks(std::mem::replace(&mut blanks, 0..0), at, &mut stages),
            }
            self.item(at);
            at += 1;
        }
        if !self.rules.blank_lines {
            for item in &items[blanks] {
                self.blank(item.text());
            }
        }
        self.final_newline();
        LaidOut { text: self.writer.out, verbatim: self.verbatim }
    }

    /// The blank lines before the item at `at`.
    fn blanks(&mut self, blanks: std::ops::Range<usize>, at: usize, stages: &mut usize) {
        let ending = self.file.ending.bytes();
        if at > 0 && self.protected.is_off(at - 1) {
            return;
        }
        if !self.rules.blank_lines {
            for n in blanks {
                self.blank(self.file.items[n].text());
            }
            return;
        }
        let first = blanks.start == 0 && at == blanks.len();
        let wanted = match (first, blanks.is_empty()) {
            (true, false) => self.may_become_directive(at),
            (true, true) => false,
            (false, is_empty) => !is_empty || self.opens_later_stage(at, stages),
        };
        if wanted {
            self.writer.out.extend_from_slice(ending);
        }
    }

    fn blank(&mut self, text: &[u8]) {
        if self.rules.space {
            self.writer.out.extend_from_slice(self.file.ending.bytes());
        } else {
            self.writer.out.extend_from_slice(text);
        }
    }

    /// Whether a FROM but the first stands here, or the comments that belong to it begin here.
    fn opens_later_stage(&mut self, at: usize, stages: &mut usize) -> bool {
        let is_comment = |i: &Item| matches!(i, Item::Comment(_));
        if at > 0 && is_comment(&self.file.items[at - 1]) {
            return false;
        }
        let next = self.file.items[at..].iter().find(|i| !is_comment(i));
        let opens = next.and_then(Item::instruction).is_some_and(|i| i.keyword == Keyword::From);
        if opens && *stages == 0 {
            let before = self.file.items[..at].iter().filter_map(Item::instruction);
            *stages = before.filter(|i| i.keyword == Keyword::From).count();
        }
        opens && *stages > 0
    }

    /// Whether a comment that now follows blank lines could be read as a directive without them.
    fn may_become_directive(&self, at: usize) -> bool {
        let comments = self.file.items[at..].iter().map_while(|i| match i {
            Item::Comment(text) => Some(text),
            _ => None,
        });
        comments.into_iter().any(|text| looks_like_directive(text))
    }

    fn item(&mut self, at: usize) {
        match &self.file.items[at] {
            Item::Directive(text) => self.line(lex::without_ending(text), text),
            Item::Comment(text) => self.comment(at, text),
            Item::Blank(_) => {}
            Item::Instruction(i) => self.instruction(at, i),
        }
    }

    /// A line of its own, with the file's ending; without the rule `space` as it stands.
    fn line(&mut self, bare: &[u8], source: &[u8]) {
        if self.rules.space {
            self.writer.out.extend_from_slice(bare);
            self.writer.out.extend_from_slice(self.file.ending.bytes());
        } else {
            self.writer.out.extend_from_slice(source);
        }
    }

    /// A comment loses the blanks at its ends, but those before it only where nobody would read it otherwise: one that
    /// is indented says nothing to BuildKit (`# check=…`, the description of a stage), and would from the first column.
    fn comment(&mut self, at: usize, source: &[u8]) {
        if looks_like_directive(source) {
            // where its value ends is seen differently, too
            return self.line(lex::without_ending(source), source);
        }
        let text = &source[lex::trim(source)];
        let margin = &source[..lex::leading_space(source)];
        // a `#!` line in the first column is skipped by who looks for directives below it
        let is_heard = text == b"#" || text.starts_with(b"#!") || pragma::speaks(text);
        let stays = !margin.is_empty() && (is_heard || self.describes(at, text));
        let end = margin.len() + text.len();
        self.line(if stays { &source[..end] } else { text }, source);
    }

    /// Whether the comment's first word is the name of the stage or argument below: BuildKit shows it as description.
    fn describes(&self, at: usize, text: &[u8]) -> bool {
        let rest = &text[1..];
        let Ok((_, word)) = lex::word(&rest[lex::leading_space(rest)..]) else { return true };
        let next = self.file.items[at..].iter().find_map(Item::instruction);
        next.is_some_and(|i| {
            matches!(i.keyword, Keyword::From | Keyword::Arg)
                && i.nodes.iter().any(|n| i.node_text(*n).eq_ignore_ascii_case(word))
        })
    }

    fn instruction(&mut self, at: usize, i: &Instruction) {
        let Some(rules) = self.rules_for(i.id) else {
            return self.writer.out.extend_from_slice(&i.text);
        };
        self.writer.style = style(self.file, self.config, rules);
        let layer_follows = self.layer_follows[at];
        let keep = match self.keep.iter().filter(|id| **id == i.id).count() {
            0 => Keep::Nothing,
            1 => Keep::Text,
            _ => Keep::All,
        };
        let context = instruction::Context { rules, config: self.config, layer_follows, keep };
        if let Some(why) = instruction::write(i, context, &mut self.writer) {
            self.verbatim.push((i.id, why));
        }
    }

    /// The rules that may touch an instruction; `None` where a comment keeps all of them from it.
    fn rules_for(&self, id: Id) -> Option<Rules> {
        match self.protected.mark(id) {
            None => Some(self.rules),
            Some(mark) if mark.against("layout", "layout").is_some() => None,
            Some(mark) => Some(self.rules.without(&mark.rules)),
        }
    }

    /// Whether the last item stays as it is.
    fn ends_protected(&self) -> bool {
        let last = self.file.items.len().saturating_sub(1);
        let kept = |i: &Instruction| self.rules_for(i.id).is_none();
        self.protected.is_off(last) || self.file.instruction_at(last).is_some_and(kept)
    }

    /// One newline at the end of the file, none in an empty one.
    fn final_newline(&mut self) {
        if self.ends_protected() {
            return;
        }
        let out = &mut self.writer.out;
        if self.rules.space && !out.is_empty() && !out.ends_with(b"\n") {
            // half an ending may be there already
            let ending = if out.ends_with(b"\r") { b"\n" } else { self.file.ending.bytes() };
            out.extend_from_slice(ending);
        }
    }
}

/// How the instructions of a file are written under these rules.
fn style(file: &Dockerfile, config: &Config, rules: Rules) -> Style {
    Style {
        escape: file.escape,
        ending: file.ending,
        indent: config.indent,
        width: config.line_width,
        align: rules.align_backslashes && config.align_backslashes,
        space: rules.space,
        no_empty: rules.no_empty_continuations,
    }
}

/// For each item whether RUN, COPY, ADD or WORKDIR follows in its stage.
fn layer_follows(file: &Dockerfile) -> Vec<bool> {
    let mut follows = vec![false; file.items.len()];
    let mut now = false;
    for (at, item) in file.items.iter().enumerate().rev() {
        follows[at] = now;
        match item.instruction().map(|i| i.keyword) {
            Some(Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Workdir) => now = true,
            Some(Keyword::From) => now = false,
            _ => {}
        }
    }
    follows
}

/// Whether a reader of directives would take this comment for one.
fn looks_like_directive(line: &[u8]) -> bool {
    let line = lex::without_ending(line);
    let Some(rest) = line[lex::leading_space(line)..].strip_prefix(b"#") else { return false };
    match lex::directive(&rest[lex::leading_space(rest)..]) {
        Ok((_, (name, _))) => matches!(&name.to_ascii_lowercase()[..], b"syntax" | b"escape" | b"check"),
        Err(_) => false,
    }
}
