//! The lossless tree of a Dockerfile: flat items, each with its own text.
//!
//! Invariant: the texts of the items, one after the other, are the file (behind its byte order mark). An item ends
//! behind its line's ending. Stages are meaning, not syntax: they live in `model`.

use std::borrow::Cow;
use std::ops::Range;

use super::join::Logical;
use super::node::{Kind, Node, children};
use crate::source::{LineEnding, Span};

/// Bytes of the source, or bytes of our own; never `String`, for input need not be UTF-8.
pub type Text<'s> = Cow<'s, [u8]>;

/// A file.
#[derive(Clone, Debug)]
pub struct Dockerfile<'s> {
    /// Whether a UTF-8 byte order mark stands before it.
    pub bom: bool,
    /// The escape byte: `\`, or a backtick by directive.
    pub escape: u8,
    /// How most of its lines end.
    pub ending: LineEnding,
    /// Its items, in order.
    pub items: Vec<Item<'s>>,
    /// What BuildKit would refuse, in order.
    pub errors: Vec<SyntaxError>,
    /// The id that the next made instruction gets.
    pub(super) next_id: u32,
}

/// An item, with its line ending.
#[derive(Clone, Debug)]
pub enum Item<'s> {
    /// `# escape=…`, `# syntax=…`, `# check=…` at the head of the file.
    Directive(Text<'s>),
    /// A comment line outside of instructions.
    Comment(Text<'s>),
    /// A line of white space outside of instructions.
    Blank(Text<'s>),
    /// An instruction.
    Instruction(Box<Instruction<'s>>),
}

/// Names an instruction through moves and merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub u32);

/// An instruction, from the blanks before its keyword to the end of its last line, heredoc bodies included.
#[derive(Clone, Debug)]
pub struct Instruction<'s> {
    /// Its name through all rewrites.
    pub id: Id,
    /// Which instruction it is.
    pub keyword: Keyword,
    /// Its source.
    pub text: Text<'s>,
    /// Its text without continuations.
    pub logical: Logical,
    /// Its nodes, in preorder; offsets count in the logical text.
    pub nodes: Vec<Node>,
    /// Its heredocs, in order.
    pub heredocs: Vec<Heredoc>,
    /// Which shell reads its text, where one does.
    pub shell: Shell,
}

/// A heredoc of RUN, COPY or ADD (or of those inside ONBUILD).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// Its delimiter, quotes removed.
    pub name: String,
    /// The number before `<<`.
    pub fd: u64,
    /// Whether variables in it are expanded: no part of the delimiter was quoted.
    pub expand: bool,
    /// `<<-`: tabs at line starts are dropped.
    pub chomp: bool,
    /// The body, in the logical text.
    pub body: Span,
    /// The line that ends it, in the logical text.
    pub terminator: Span,
}

/// Which shell reads the shell text of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shell {
    /// `/bin/sh`, bash, dash, ash, ksh, zsh.
    #[default]
    Posix,
    /// cmd, PowerShell, or one that is not known.
    Other,
}

/// What BuildKit would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where, in the file.
    pub span: Span,
    /// What is wrong, and what was expected.
    pub message: String,
    /// Whether BuildKit's parser says so; else its check of instructions, which comes after.
    pub by_parser: bool,
}

macro_rules! keywords {
    ($($name:ident $text:literal),* $(,)?) => {
        /// The instructions of the language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Keyword {
            $(#[doc = $text] $name,)*
            /// Any other word.
            Unknown,
        }

        impl Keyword {
            /// Its canonical spelling; empty where it is unknown.
            pub const fn upper(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unknown => "" }
            }

            /// The keyword that `word` spells, in any case.
            pub fn of(word: &[u8]) -> Self {
                $(if word.eq_ignore_ascii_case($text.as_bytes()) { return Self::$name; })*
                // BuildKit lower-cases as Unicode does: the Kelvin sign is a k
                match std::str::from_utf8(word) {
                    Ok(word) if !word.is_ascii() => {
                        let lower = word.to_lowercase();
                        if lower.is_ascii() { Self::of(lower.as_bytes()) } else { Self::Unknown }
                    }
                    _ => Self::Unknown,
                }
            }
        }
    };
}

keywords! {
    Add "ADD", Arg "ARG", Cmd "CMD", Copy "COPY", Entrypoint "ENTRYPOINT", Env "ENV", Expose "EXPOSE", From "FROM",
    Healthcheck "HEALTHCHECK", Label "LABEL", Maintainer "MAINTAINER", Onbuild "ONBUILD", Run "RUN", Shell "SHELL",
    Stopsignal "STOPSIGNAL", User "USER", Volume "VOLUME", Workdir "WORKDIR",
}

impl<'s> Dockerfile<'s> {
    /// Its instructions, in order.
    pub fn instructions(&self) -> impl Iterator<Item = &Instruction<'s>> {
        self.items.iter().filter_map(Item::instruction)
    }

    /// The instruction of that id.
    pub fn instruction(&self, id: Id) -> Option<&Instruction<'s>> {
        self.instructions().find(|i| i.id == id)
    }
}

impl<'s> Dockerfile<'s> {
    /// The instruction that the item at `position` is.
    pub fn instruction_at(&self, position: usize) -> Option<&Instruction<'s>> {
        self.items.get(position)?.instruction()
    }

    /// The 1-based line on which an instruction begins.
    pub fn line_of(&self, id: Id) -> Option<usize> {
        let mut line = 1;
        for item in &self.items {
            if item.instruction().is_some_and(|i| i.id == id) {
                return Some(line);
            }
            line += memchr::memchr_iter(b'\n', item.text()).count();
        }
        None
    }
}

impl<'s> Item<'s> {
    /// Its bytes.
    pub fn text(&self) -> &[u8] {
        match self {
            Self::Directive(t) | Self::Comment(t) | Self::Blank(t) => t,
            Self::Instruction(i) => &i.text,
        }
    }

    /// The instruction that it is.
    pub fn instruction(&self) -> Option<&Instruction<'s>> {
        match self {
            Self::Instruction(i) => Some(i),
            _ => None,
        }
    }
}

impl Instruction<'_> {
    /// The logical line, without heredoc bodies.
    pub fn line(&self) -> &[u8] {
        self.logical.line(&self.text)
    }

    /// The logical text, heredoc bodies included: what node offsets count in.
    pub fn logical_text(&self) -> &[u8] {
        self.logical.text(&self.text)
    }

    /// The logical bytes of a node.
    pub fn node_text(&self, node: Node) -> &[u8] {
        &self.logical_text()[node.start as usize..node.end as usize]
    }

    /// The bytes of a node as they stand in the source, continuations inside it included.
    pub fn node_source(&self, node: Node) -> &[u8] {
        &self.text[self.source_range(node.start, node.end)]
    }

    /// Where the logical range `start..end` stands in the source.
    pub fn source_range(&self, start: u32, end: u32) -> Range<usize> {
        if start == end {
            let at = self.logical.start(start) as usize;
            return at..at;
        }
        self.logical.start(start) as usize..self.logical.end(end) as usize
    }

    /// Where it ends in its source without what trails: blanks, and the continuation that the end of a file may leave
    /// open. Comments in such a one, heredocs, and white space that is no blank belong to it: without that an escape
    /// could come to stand at its end.
    pub fn end(&self) -> usize {
        let token = self.nodes.last().map_or(0, |n| self.logical.end(n.end) as usize);
        let free = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'\\' | b'`');
        if self.heredocs.is_empty() && self.text[token..].iter().all(free) {
            token
        } else {
            self.text.trim_ascii_end().len()
        }
    }

    /// Whether comments follow its last token, in a continuation that the end of the file leaves open.
    pub fn trails_comments(&self) -> bool {
        self.heredocs.is_empty() && memchr::memchr(b'#', &self.text[self.token_end()..]).is_some()
    }

    /// Whether comments, or white space that is no blank, follow its last token: they may stand in a continuation that
    /// the end of the file leaves open, and then nothing can be put below them.
    pub fn trails_anything(&self) -> bool {
        let free = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'\\' | b'`');
        self.heredocs.is_empty() && !self.text[self.token_end()..].iter().all(free)
    }

    fn token_end(&self) -> usize {
        self.nodes.last().map_or(0, |n| self.logical.end(n.end) as usize)
    }

    /// The nodes of the Dockerfile grammar at the top: keyword, flags, arguments.
    pub fn top(&self) -> impl Iterator<Item = (usize, Node)> + '_ {
        children(&self.nodes, 0, self.nodes.len())
    }

    /// The children of the node at `index`.
    pub fn children(&self, index: usize) -> impl Iterator<Item = (usize, Node)> + '_ {
        children(&self.nodes, index + 1, self.nodes[index].next as usize)
    }

    /// The first top node of a kind.
    pub fn find(&self, kind: Kind) -> Option<(usize, Node)> {
        self.top().find(|(_, n)| n.kind == kind)
    }

    /// Its flags, as they stand (`--name=value`).
    pub fn flags(&self) -> impl Iterator<Item = &[u8]> + '_ {
        self.top().filter(|(_, n)| n.kind == Kind::Flag).map(|(_, n)| self.node_text(n))
    }

    /// Its list arguments: the words of COPY, FROM, EXPOSE and their like.
    pub fn words(&self) -> impl Iterator<Item = &[u8]> + '_ {
        self.top().filter(|(_, n)| matches!(n.kind, Kind::Word | Kind::As)).map(|(_, n)| self.node_text(n))
    }

    /// Whether its arguments are a JSON array.
    pub fn is_exec_form(&self) -> bool {
        self.find(Kind::Exec).is_some()
    }
}
