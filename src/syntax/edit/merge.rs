//! How two RUNs become one: what stands between them, and what each is wrapped in.
//!
//! It joins texts and knows nothing of what they mean. Whether a RUN has a text that can be joined, [`fits`] says.

use std::ops::Range;

use super::Misfit;
use crate::source::LineEnding;
use crate::syntax::join::{self, Inside};
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Instruction, Item};

/// What a text is wrapped in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrap {
    /// Nothing.
    #[default]
    Bare,
    /// `{ …; }`
    Braces,
    /// `( … )`
    Parentheses,
}

/// What stands between two texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// `&&`
    #[default]
    And,
    /// `;`: both begin with the same `set -e…;`, and the second one is left out.
    Semicolon,
}

/// How two RUNs are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joint {
    /// What stands between them.
    pub by: By,
    /// What the first is wrapped in.
    pub first: Wrap,
    /// What the second is wrapped in.
    pub second: Wrap,
}

/// Whether a RUN has a text that another can be joined to.
///
/// # Errors
/// Why not.
pub fn fits(i: &Instruction) -> Result<(), Misfit> {
    Body::of(i).map(|_| ())
}

/// The text of the RUN that `one` and `two` become; the comments in `between` become lines inside.
pub(super) fn merged(
    one: &Instruction,
    between: &[Item],
    two: &Instruction,
    joint: Joint,
    escape: u8,
    ending: LineEnding,
) -> Result<Vec<u8>, Misfit> {
    let (first, second) = (Body::of(one)?, Body::of(two)?);
    let (own, next) = (first.range(joint.by)?, second.range(joint.by)?);
    let mut text = one.text[..own.start].to_vec();
    wrap(&mut text, &one.text[own], joint.first);
    if joint.by == By::Semicolon {
        text.push(b';');
    }
    let mut line = |bytes: &[u8]| {
        text.extend_from_slice(bytes);
        text.extend_from_slice(ending.bytes());
    };
    line(&[b' ', escape]);
    for item in between {
        if let Item::Comment(comment) = item {
            line(comment.trim_ascii_end());
        }
    }
    // comments may stand between RUN and its text, too
    for comment in two.text[..next.start].split(|b| *b == b'\n').skip(1) {
        if join::inside(comment) == Inside::Comment {
            line(comment.trim_ascii_end());
        }
    }
    text.extend_from_slice(if joint.by == By::And { b"    && " } else { b"    " });
    wrap(&mut text, &two.text[next], joint.second);
    text.extend_from_slice(ending.bytes());
    Ok(text)
}

fn wrap(text: &mut Vec<u8>, body: &[u8], wrap: Wrap) {
    let (open, close): (&[u8], &[u8]) = match wrap {
        Wrap::Bare => (b"", b""),
        Wrap::Braces => (b"{ ", b"; }"),
        Wrap::Parentheses => (b"( ", b" )"),
    };
    text.extend_from_slice(open);
    text.extend_from_slice(body);
    text.extend_from_slice(close);
}

/// Where the statements of a RUN stand in its source, without a last `;`.
struct Body {
    all: Range<usize>,
    /// Where the second statement begins.
    second: Option<usize>,
}

impl Body {
    fn of(i: &Instruction) -> Result<Self, Misfit> {
        let Some((script, node)) = i.find(Kind::Script) else { return Err(Misfit("RUN has no shell text")) };
        let whole = i.source_range(node.start, node.end);
        if !i.heredocs.is_empty() || i.end() != whole.end {
            return Err(Misfit("something follows the shell text"));
        }
        let list = i.children(script).find(|(_, n)| n.kind == Kind::List);
        let parts: Vec<Node> =
            list.map(|(at, _)| i.children(at).map(|(_, n)| n).collect()).unwrap_or_default();
        let statements = || parts.iter().filter(|n| n.kind == Kind::AndOr);
        let Some(end) = statements().next_back() else { return Ok(Self { all: whole, second: None }) };
        let all = whole.start..i.source_range(end.start, end.end).end;
        let semicolon = |n: &Node| n.kind == Kind::Separator && i.node_text(*n) == b";";
        let follows = parts.iter().skip_while(|n| *n != end).skip(1);
        if !follows.clone().all(semicolon) || i.text[all.end..whole.end].contains(&b'\n') {
            return Err(Misfit("more than a semicolon follows the last command"));
        }
        let second = statements().nth(1).map(|n| i.source_range(n.start, n.end).start);
        Ok(Self { all, second })
    }

    /// What is joined: all, or what follows the first statement.
    fn range(&self, by: By) -> Result<Range<usize>, Misfit> {
        match (by, self.second) {
            (By::And, _) => Ok(self.all.clone()),
            (By::Semicolon, Some(start)) => Ok(start..self.all.end),
            (By::Semicolon, None) => Err(Misfit("nothing follows its `set`")),
        }
    }
}
