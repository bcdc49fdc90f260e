//! The nodes of one instruction, flat: one array in preorder, a node knows where its subtree ends.
//!
//! Invariants, which [`check`] holds:
//! - the children of a node lie inside its range, in order, without overlap;
//! - a leaf is a token; what lies between two tokens is the gap that the second one owns;
//! - offsets count in the instruction's logical text (see [`super::join`]), where no continuation,
//!   comment line or empty line is left.
//!
//! It must not know what a Dockerfile means.

/// What a node is. Inner nodes first, then tokens, each for Dockerfile grammar and for shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    // ---- Dockerfile, inner
    /// `KEY=value` of ENV, LABEL: [`Kind::Key`], [`Kind::Equals`], [`Kind::Value`] without gaps.
    Pair,
    /// `KEY value`, the old form of ENV and LABEL: [`Kind::Key`], [`Kind::Value`].
    LegacyPair,
    /// `["a", "b"]`: brackets, strings and commas.
    Exec,
    // ---- Dockerfile, tokens
    /// The instruction's name, in any case.
    Keyword,
    /// `--name=value`, or the `--` that ends flags.
    Flag,
    /// A word of a list: a source, a port, an image.
    Word,
    /// `AS` of FROM, in any case.
    As,
    /// The name of a [`Kind::Pair`].
    Key,
    /// Its `=`.
    Equals,
    /// Its value, quotes and all.
    Value,
    /// `CMD` or `NONE` of HEALTHCHECK.
    HealthType,
    /// Text that goes into the image as it stands: USER, WORKDIR, the text of ONBUILD.
    Raw,
    /// `[` of an exec form.
    OpenBracket,
    /// A JSON string with its quotes.
    JsonString,
    /// `,` of an exec form.
    Comma,
    /// `]` of an exec form.
    CloseBracket,
    /// Shell text that is kept as it is (CMD in shell form, another shell's text).
    ShellText,
    // ---- shell, inner
    /// A whole shell text: one [`Kind::List`], or one [`Kind::Opaque`] where it is not read.
    Script,
    /// Statements one after the other: [`Kind::AndOr`], each perhaps followed by a [`Kind::Separator`];
    /// [`Kind::Comment`] and [`Kind::HeredocBody`] stand where they are in the text. An empty one is a node without
    /// children and without length.
    List,
    /// Pipelines joined by `&&` and `||`: [`Kind::Pipeline`], [`Kind::AndOrOp`], …
    AndOr,
    /// Commands joined by `|` and `|&`; [`Kind::Bang`] and [`Kind::Time`] may come first.
    Pipeline,
    /// A simple command: [`Kind::Assignment`], [`Kind::ShellWord`], [`Kind::Redirect`] in source order.
    Simple,
    /// `( … )`
    Subshell,
    /// `{ …; }`
    Brace,
    /// `if … then … elif … else … fi`: reserved words and a [`Kind::List`] behind each but the last. As in every
    /// compound command, [`Kind::Redirect`] comes last.
    If,
    /// `while … do … done`, `until …`
    Loop,
    /// `for name in word …; do … done`, `select`; `for ((…))` has its text as [`Kind::Arith`] has.
    For,
    /// `case word in … esac`: [`Kind::CaseItem`] between the reserved words.
    Case,
    /// One `pattern | pattern) list ;;` of a case: [`Kind::ShellWord`] and [`Kind::PipeOp`], [`Kind::Reserved`],
    /// [`Kind::List`], [`Kind::Separator`].
    CaseItem,
    /// `name() command`, `function name command`: reserved words, the name as a word, a compound command.
    Function,
    /// `[[ … ]]`; what stands between the brackets is one [`Kind::Text`].
    Test,
    /// `(( … ))`; what stands between the brackets is one [`Kind::Text`].
    Arith,
    /// `coproc command`, `coproc name command`
    Coproc,
    /// `name=value`, `name+=value`, `name=(…)`; a leaf, or parts as in a word.
    Assignment,
    /// A word of a command; a leaf, or [`Kind::Text`] and [`Kind::Substitution`] one after the other.
    ShellWord,
    /// An operator ([`Kind::RedirectOp`], with the number before it) and its target word.
    Redirect,
    /// `$( … )`, `` ` … ` ``, `<( … )`, `>( … )`: [`Kind::Open`], [`Kind::List`], [`Kind::Close`].
    Substitution,
    // ---- shell, tokens
    /// Part of a word.
    Text,
    /// `;`, `&`, or a newline between statements; `;;` and its like in a case.
    Separator,
    /// `&&` or `||`.
    AndOrOp,
    /// `|` or `|&`.
    PipeOp,
    /// `!`
    Bang,
    /// `time`, with its option
    Time,
    /// A reserved word or bracket of a compound command: `if`, `then`, `{`, `(`, `)`, `in`, …
    Reserved,
    /// `>`, `2>&`, `<<-`, …
    RedirectOp,
    /// `$(`, `` ` ``, `<(`, `>(`; `` \` `` inside backticks
    Open,
    /// `)`, `` ` ``; `` \` `` inside backticks
    Close,
    /// The body of a heredoc with its terminator line.
    HeredocBody,
    /// `# …` up to the end of its line, where the shell has comments.
    Comment,
    /// What is not understood, as it stands.
    Opaque,
}

/// A node; its children follow it in the array, up to [`Node::next`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Offset of its first byte in the logical text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Index of the first node behind its subtree; its own index plus one for a leaf.
    pub next: u32,
}

/// Builds the array: leaves are added, inner nodes opened and closed.
#[derive(Debug, Default)]
pub struct Builder {
    /// The nodes so far.
    pub nodes: Vec<Node>,
}

/// An inner node that was opened and waits to be closed.
#[derive(Debug)]
#[must_use]
pub struct Opened(u32);

/// A state to fall back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark(usize);

impl Builder {
    /// Adds a token.
    pub fn leaf(&mut self, kind: Kind, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { kind, start: start as u32, end: end as u32, next });
    }

    /// Opens an inner node at `start`.
    pub fn open(&mut self, kind: Kind, start: usize) -> Opened {
        let index = self.nodes.len() as u32;
        self.nodes.push(Node { kind, start: start as u32, end: start as u32, next: index + 1 });
        Opened(index)
    }

    /// Closes it at `end`; all that was added since is inside.
    // By value, so that nothing is closed twice.
    #[allow(clippy::needless_pass_by_value)]
    pub fn close(&mut self, opened: Opened, end: usize) {
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[opened.0 as usize];
        node.end = end as u32;
        node.next = next;
    }

    /// Gives an opened node another kind.
    pub fn rename(&mut self, opened: &Opened, kind: Kind) {
        self.nodes[opened.0 as usize].kind = kind;
    }

    /// Remembers where the array stands.
    pub fn mark(&self) -> Mark {
        Mark(self.nodes.len())
    }

    /// Drops all that was added since `mark`.
    pub fn reset(&mut self, mark: Mark) {
        self.nodes.truncate(mark.0);
    }
}

/// The nodes that stand side by side from `from` up to `to`, with their indices.
pub fn children(nodes: &[Node], from: usize, to: usize) -> impl Iterator<Item = (usize, Node)> + '_ {
    let mut at = from;
    std::iter::from_fn(move || {
        let node = (at < to).then(|| nodes[at])?;
        let index = at;
        at = node.next as usize;
        Some((index, node))
    })
}

/// Checks the invariants named at the head of this file; for tests and debugging.
///
/// # Errors
/// The first violation, in words.
pub fn check(nodes: &[Node]) -> Result<(), String> {
    let mut ends: Vec<(u32, u32, u32)> = Vec::new(); // index behind the subtree, end of the range, end of the last child
    for (index, node) in nodes.iter().enumerate() {
        while ends.last().is_some_and(|e| e.0 <= index as u32) {
            ends.pop();
        }
        if let Some((behind, end, last)) = ends.last_mut() {
            if node.start < *last || node.end > *end || node.next > *behind {
                return Err(format!(
                    "node {index} {node:?} is not inside its parent or overlaps its sibling"
                ));
            }
            *last = node.end;
        }
        if node.end < node.start || node.next <= index as u32 || node.next > nodes.len() as u32 {
            return Err(format!("node {index} {node:?} is inside out"));
        }
        if node.next > index as u32 + 1 {
            ends.push((node.next, node.end, node.start));
        }
    }
    Ok(())
}
