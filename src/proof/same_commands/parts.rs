//! Which RUNs a merged one is made of: its text is taken apart at the operators of its top, and each stretch must be
//! the text of the next RUN, token by token, bare or inside of braces or parentheses that hold nothing else.

use crate::syntax::node::Kind;
use crate::syntax::tree::{Instruction, Keyword};

/// A RUN inside a merged one.
pub(super) struct Part<'a> {
    /// As it was.
    pub run: &'a Instruction<'a>,
    /// What it stands in.
    pub inside: Inside,
    /// Whether it follows behind `;`, and its own `set` is left out.
    pub shares_set: bool,
}

/// What a part stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Nothing,
    Braces,
    Parentheses,
}

/// A pipeline of a list, or the operator between two.
#[derive(PartialEq, Eq)]
struct Element<'a> {
    tokens: Vec<&'a [u8]>,
    /// Its node, where it is a pipeline.
    pipeline: Option<usize>,
}

impl Element<'_> {
    fn is(&self, operator: &[u8]) -> bool {
        self.pipeline.is_none() && self.tokens == [operator]
    }

    fn same(&self, other: &Element) -> bool {
        self.tokens == other.tokens && self.pipeline.is_some() == other.pipeline.is_some()
    }
}

/// Reads the RUNs that `merged` is made of: the first of `before`, at least two.
pub(super) fn parts<'a>(
    merged: &Instruction,
    before: &[&'a Instruction<'a>],
) -> Result<Vec<Part<'a>>, &'static str> {
    let whole = top(merged)?;
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut at = 0;
    while at < whole.len() {
        let run = *before.get(parts.len()).ok_or("a command is new")?;
        if run.keyword != Keyword::Run || !run.flags().eq(merged.flags()) || run.shell != merged.shell {
            return Err("a RUN is made of what was none, or was under other flags");
        }
        let text = top(run)?;
        let (inside, shares_set, taken) = match parts.first() {
            None => first(merged, &whole, &text)?,
            Some(first) => later(merged, &whole[at..], &text, first.run)?,
        };
        parts.push(Part { run, inside, shares_set });
        at += taken;
    }
    if parts.len() > 1 { Ok(parts) } else { Err("a RUN is another") }
}

/// The first stands as it was, or wrapped whole, or wrapped behind its `set …;`.
fn first(
    merged: &Instruction,
    whole: &[Element],
    text: &[Element],
) -> Result<(Inside, bool, usize), &'static str> {
    if let Ok((inside, taken)) = stretch(merged, whole, text) {
        return Ok((inside, false, taken));
    }
    let opens = text.len() > 2
        && whole.len() > 2
        && text[1].is(b";")
        && text[..2].iter().zip(whole).all(|(a, b)| a.same(b));
    if !opens {
        return Err("the commands are not the same in the same order");
    }
    let (inside, taken) = stretch(merged, &whole[2..], &text[2..])?;
    Ok((inside, false, taken + 2))
}

/// A later one stands behind `&&`, or behind `;` without the `set` that it opened with.
fn later(
    merged: &Instruction,
    rest: &[Element],
    text: &[Element],
    first: &Instruction,
) -> Result<(Inside, bool, usize), &'static str> {
    if rest[0].is(b"&&") {
        let (inside, taken) = stretch(merged, &rest[1..], text)?;
        return Ok((inside, false, taken + 1));
    }
    let opening = top(first)?;
    let alike = text.len() > 2 && opening.len() > 2 && text[..2].iter().zip(&opening).all(|(a, b)| a.same(b));
    if !rest[0].is(b";") || !alike || !text[1].is(b";") {
        return Err("the commands are not the same in the same order");
    }
    let (inside, taken) = stretch(merged, &rest[1..], &text[2..])?;
    Ok((inside, true, taken + 1))
}

/// How many elements of `rest` the elements of `text` take, and what those stand in.
fn stretch(
    merged: &Instruction,
    rest: &[Element],
    text: &[Element],
) -> Result<(Inside, usize), &'static str> {
    let same = |a: &[Element]| a.len() >= text.len() && a.iter().zip(text).all(|(a, b)| a.same(b));
    if same(rest) {
        return Ok((Inside::Nothing, text.len()));
    }
    let group = rest.first().and_then(|e| e.pipeline).and_then(|p| group(merged, p));
    let (inside, list) = group.ok_or("the commands are not the same in the same order")?;
    let inner = elements(merged, list);
    if inner.len() == text.len() && same(&inner) {
        Ok((inside, 1))
    } else {
        Err("the commands are not the same in the same order")
    }
}

/// The list inside of a pipeline that is nothing but braces or parentheses.
fn group(i: &Instruction, pipeline: usize) -> Option<(Inside, usize)> {
    let mut commands = i.children(pipeline);
    let (command, node) = commands.next().filter(|_| commands.next().is_none())?;
    let inside = match node.kind {
        Kind::Brace => Inside::Braces,
        Kind::Subshell => Inside::Parentheses,
        _ => return None,
    };
    let mut list = None;
    for (at, node) in i.children(command) {
        match node.kind {
            Kind::List => list = Some(at),
            Kind::Reserved => {}
            _ => return None,
        }
    }
    list.map(|list| (inside, list))
}

/// The elements of the text of a RUN.
fn top<'a>(i: &'a Instruction) -> Result<Vec<Element<'a>>, &'static str> {
    let (script, _) = i.find(Kind::Script).ok_or("no shell that is known reads a merged RUN")?;
    let (list, _) =
        i.children(script).find(|(_, n)| n.kind == Kind::List).ok_or("a merged RUN cannot be read")?;
    if i.heredocs.is_empty() { Ok(elements(i, list)) } else { Err("a heredoc belongs to a merged RUN") }
}

/// The pipelines of a list and what stands between them; a last `;` says nothing.
fn elements<'a>(i: &'a Instruction, list: usize) -> Vec<Element<'a>> {
    let mut found = Vec::new();
    for (at, node) in i.children(list) {
        if node.kind == Kind::AndOr {
            for (child, node) in i.children(at) {
                let pipeline = (node.kind == Kind::Pipeline).then_some(child);
                found.push(Element { tokens: tokens(i, child), pipeline });
            }
        } else {
            found.push(Element { tokens: tokens(i, at), pipeline: None });
        }
    }
    while found.last().is_some_and(|e: &Element| e.is(b";")) {
        found.pop();
    }
    found
}

/// The tokens of a node.
fn tokens<'a>(i: &'a Instruction, index: usize) -> Vec<&'a [u8]> {
    let nodes = index..i.nodes[index].next as usize;
    let leaves = nodes.filter(|at| i.nodes[*at].next as usize == at + 1);
    leaves.map(|at| i.node_text(i.nodes[at])).filter(|t| !t.is_empty()).collect()
}
