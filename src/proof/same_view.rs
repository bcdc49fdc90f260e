//! The relation of layout: BuildKit reads the same instructions.
//!
//! It compares the tree of the source with the tree of what was written, after parsing it again: every token but for
//! those that layout may respell, every heredoc, every comment and the instruction that it belongs to. What the shell
//! reads is judged a second time by [`super::scan`], which shares no code with the parser.

use super::text;
use crate::model::{head, pragma, view};
use crate::syntax::expand::{self, Options};
use crate::syntax::lex;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Item, Keyword};

/// Where two files differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The instruction of the first file.
    pub at: Option<Id>,
    /// In words.
    pub what: &'static str,
}

type Result<T = ()> = std::result::Result<T, Difference>;

fn differs<T>(what: &'static str) -> Result<T> {
    Err(Difference { at: None, what })
}

/// One side of the comparison.
pub struct Side<'a> {
    /// Its bytes.
    pub source: &'a [u8],
    /// Its tree.
    pub file: &'a Dockerfile<'a>,
}

/// Whether BuildKit reads the same in both. With `keep_cache` the text of RUN is the same byte for byte.
///
/// # Errors
/// The first difference.
pub fn same(before: &Side, after: &Side, keep_cache: bool) -> Result {
    let (a, b) = (before.file, after.file);
    if !b.errors.is_empty() {
        return differs("BuildKit would refuse the result");
    }
    if a.bom != b.bom
        || a.escape != b.escape
        || head::directives(before.source) != head::directives(after.source)
    {
        return differs("a parser directive came or went");
    }
    let directives = |f: &'_ Dockerfile| f.items.iter().filter(|i| matches!(i, Item::Directive(_))).count();
    if directives(a) != directives(b) {
        return differs("a parser directive came or went");
    }
    let (mut left, mut right) = (Owned::new(a), Owned::new(b));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return same_comments(&left.comments, &right.comments),
            (Some(x), Some(y)) => {
                let compare = Pair { a: x, b: y, escape: a.escape, keep_cache };
                same_comments(&left.comments, &right.comments)
                    .and_then(|()| compare.all())
                    .map_err(|d| Difference { at: Some(x.id), ..d })?;
            }
            _ => return differs("there are more or fewer instructions"),
        }
    }
}

/// The instructions of a file, each with the comments that belong to it.
struct Owned<'a> {
    items: std::slice::Iter<'a, Item<'a>>,
    comments: Vec<&'a [u8]>,
    fresh: bool,
}

impl<'a> Owned<'a> {
    fn new(file: &'a Dockerfile<'a>) -> Self {
        Self { items: file.items.iter(), comments: Vec::new(), fresh: false }
    }

    /// The next instruction; `comments` holds the comment lines above it.
    fn next(&mut self) -> Option<&'a Instruction<'a>> {
        if std::mem::take(&mut self.fresh) {
            self.comments.clear();
        }
        for item in self.items.by_ref() {
            match item {
                Item::Comment(text) => self.comments.push(text),
                Item::Instruction(i) => {
                    self.fresh = true;
                    return Some(i);
                }
                Item::Directive(_) | Item::Blank(_) => {}
            }
        }
        None
    }
}

/// The same comments, in order. One that speaks to a tool keeps its column too, for BuildKit hears it only there; an
/// empty `#` in the first column cuts off those above it, so it stays what it is.
fn same_comments(a: &[&[u8]], b: &[&[u8]]) -> Result {
    let same = |x: &[u8], y: &[u8]| {
        let (tx, ty) = (&x[lex::trim(x)], &y[lex::trim(y)]);
        let column = tx == b"#" || pragma::speaks(tx);
        tx == ty && (!column || (lex::leading_space(x) == 0) == (lex::leading_space(y) == 0))
    };
    if a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(x, y)) {
        Ok(())
    } else {
        differs("the comments above an instruction differ")
    }
}

/// Two instructions that should be one and the same.
struct Pair<'a> {
    a: &'a Instruction<'a>,
    b: &'a Instruction<'a>,
    escape: u8,
    keep_cache: bool,
}

impl Pair<'_> {
    fn all(&self) -> Result {
        let (a, b) = (self.a, self.b);
        if a.text == b.text {
            return Ok(());
        }
        if a.keyword != b.keyword || a.shell != b.shell {
            return differs("the instruction is another");
        }
        self.nodes()?;
        self.verbatim_text()?;
        self.heredocs()?;
        self.inner_comments()
    }

    /// All tokens, in lockstep.
    fn nodes(&self) -> Result {
        let (a, b) = (&self.a.nodes, &self.b.nodes);
        let (mut x, mut y) = (0, 0);
        while let (Some(&m), Some(&n)) = (a.get(x), b.get(y)) {
            if m.kind == Kind::LegacyPair && n.kind == Kind::Pair {
                self.legacy_pair(x, y)?;
                (x, y) = (m.next as usize, n.next as usize);
                continue;
            }
            let leaf = m.next as usize == x + 1;
            if m.kind != n.kind || leaf != (n.next as usize == y + 1) {
                return differs("the structure differs");
            }
            if leaf && !self.same_token(m, n) {
                return differs("a token differs");
            }
            (x, y) = (x + 1, y + 1);
        }
        if x == a.len() && y == b.len() { Ok(()) } else { differs("the structure differs") }
    }

    fn same_token(&self, m: Node, n: Node) -> bool {
        let (x, y) = (self.a.node_text(m), self.b.node_text(n));
        match m.kind {
            Kind::Keyword | Kind::As => {
                x.eq_ignore_ascii_case(y) || self.a.keyword == self.b.keyword && m.kind == Kind::Keyword
            }
            // a newline between statements of a script; how many of them does not matter
            Kind::Separator if x.contains(&b'\n') => y.contains(&b'\n'),
            _ => x == y,
        }
    }

    /// `KEY value` and `KEY=value`: the same name, and the same value whatever the variables are.
    fn legacy_pair(&self, x: usize, y: usize) -> Result {
        let texts = |i: &Instruction, at: usize| -> Vec<Vec<u8>> {
            let wanted = |k| matches!(k, Kind::Key | Kind::Value);
            i.children(at).filter(|(_, n)| wanted(n.kind)).map(|(_, n)| i.node_text(n).to_vec()).collect()
        };
        let (old, new) = (texts(self.a, x), texts(self.b, y));
        if self.a.top().count() != self.b.top().count()
            || old.len() != 2
            || new.len() != 2
            || old[0] != new[0]
        {
            return differs("a name of ENV or LABEL differs");
        }
        let options = Options { keep_unset: true, ..Options::new(self.escape) };
        // read with nothing set, and with everything set to a text that would show a split
        let set = |name: &str| Some(format!("<{name} \"v\" '>"));
        let read =
            |text: &[u8]| (expand::word(text, options, &expand::nothing), expand::word(text, options, &set));
        let (old, new) = (read(&old[1]), read(&new[1]));
        if old.0.is_err() || old.1.is_err() || old != new {
            return differs("a value of ENV or LABEL differs");
        }
        Ok(())
    }

    /// Shell text that goes into the image, or must not move: the same bytes.
    fn verbatim_text(&self) -> Result {
        let moves = self.a.keyword == Keyword::Run && !self.keep_cache;
        let (Some((_, m)), Some((_, n))) = (self.a.find(Kind::Script), self.b.find(Kind::Script)) else {
            return Ok(());
        };
        if moves {
            return Ok(());
        }
        let same = self.a.node_text(m) == self.b.node_text(n);
        if same { Ok(()) } else { differs("text that must stay as it is differs") }
    }

    fn heredocs(&self) -> Result {
        let (a, b) = (&self.a.heredocs, &self.b.heredocs);
        if a.len() != b.len() {
            return differs("a heredoc came or went");
        }
        let is_script = script_in_body(self.a) && !self.keep_cache;
        for (x, y) in a.iter().zip(b) {
            let head = x.name == y.name && x.fd == y.fd && x.expand == y.expand && x.chomp == y.chomp;
            let body =
                is_script || self.a.logical_text()[x.body.range()] == self.b.logical_text()[y.body.range()];
            if !head || !body {
                return differs("a heredoc differs");
            }
        }
        Ok(())
    }

    fn inner_comments(&self) -> Result {
        if comments(self.a) == comments(self.b) {
            Ok(())
        } else {
            differs("a comment inside the instruction differs")
        }
    }
}

/// Whether the body of a heredoc is the script of RUN: its tokens are compared like any shell text.
pub fn script_in_body(i: &Instruction) -> bool {
    let line = i.line().len() as u32;
    i.keyword == Keyword::Run && i.find(Kind::Script).is_some_and(|(_, n)| n.start >= line)
}

/// The comment lines inside the continuations of an instruction.
fn comments<'a>(i: &'a Instruction) -> Vec<&'a [u8]> {
    text::comment_lines(&i.text[..view::line_end(i)])
}
