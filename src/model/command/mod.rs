//! Commands of RUN as the model sees them: what each reads, writes and needs.
//!
//! It looks at the shell's tree, never at text. What is not known is a barrier: [`Run::of`] gives `None` for a text that
//! holds anything but plain commands joined by `&&`, and [`table::concern`] for a command that is not in the table.

mod apply;
mod apt;
mod concern;
pub mod effect;
mod entry;
mod packages;
mod renews;
pub mod script;
mod shell_state;
mod special;
pub mod table;
pub mod together;
pub mod walk;
pub mod words;

pub use apply::Barrier;

use crate::syntax::node::Kind;
use crate::syntax::tree::Instruction;

/// A RUN that is a plain list of simple commands, each run only if the one before it succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// Its commands, in order.
    pub commands: Vec<Command<'a>>,
}

/// A simple command without assignments and redirections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// Its words, the name first.
    pub words: Vec<Word<'a>>,
}

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// As it is written.
    pub text: &'a [u8],
    /// What it stands for, where no expansion is in it (globs are left as they are written).
    pub value: Option<String>,
}

/// Why a RUN is not a plain list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPlain(pub &'static str);

impl<'a> Run<'a> {
    /// Reads the text of a RUN.
    ///
    /// # Errors
    /// What makes it something else than commands joined by `&&`.
    pub fn of(i: &'a Instruction) -> Result<Self, NotPlain> {
        if !i.heredocs.is_empty() {
            return Err(NotPlain("a heredoc belongs to it"));
        }
        let Some((script, _)) = i.find(Kind::Script) else {
            return Err(NotPlain("no shell that dfmt knows reads it"));
        };
        if i.node_text(i.nodes[script]).ends_with(b"\\") {
            return Err(NotPlain("it ends in a backslash"));
        }
        let end = i.source_range(i.nodes[script].start, i.nodes[script].end).end;
        if i.end() != end && !i.trails_comments() {
            // a space that is none to the shell
            return Err(NotPlain("something follows its text"));
        }
        let list = only(i, script, Kind::List)?;
        let and_or = only_statement(i, list)?;
        let mut commands = Vec::new();
        for (index, node) in i.children(and_or) {
            match node.kind {
                Kind::Pipeline => commands.push(Command::of(i, only(i, index, Kind::Simple)?)?),
                _ if i.node_text(node) == b"&&" => {}
                _ => return Err(NotPlain("it holds `||`")),
            }
        }
        Ok(Self { commands })
    }
}

/// The only statement of a list. A `;` may end it: it says no more than the end of the text.
fn only_statement(i: &Instruction, list: usize) -> Result<usize, NotPlain> {
    let mut children = i.children(list);
    match (children.next(), children.next(), children.next()) {
        (Some((child, node)), end, None)
            if node.kind == Kind::AndOr && end.is_none_or(|(_, n)| i.node_text(n) == b";") =>
        {
            Ok(child)
        }
        _ => Err(NotPlain("it is more than commands joined by `&&`")),
    }
}

/// The only child of a node, if it is of this kind.
fn only(i: &Instruction, index: usize, kind: Kind) -> Result<usize, NotPlain> {
    let mut children = i.children(index);
    match (children.next(), children.next()) {
        (Some((child, node)), None) if node.kind == kind => Ok(child),
        _ => Err(NotPlain("it is more than commands joined by `&&`")),
    }
}

impl<'a> Command<'a> {
    fn of(i: &'a Instruction, index: usize) -> Result<Self, NotPlain> {
        let mut words = Vec::new();
        for (child, node) in i.children(index) {
            match node.kind {
                Kind::ShellWord => words.push(Word::of(i, child)?),
                Kind::Assignment => return Err(NotPlain("it sets a variable")),
                _ => return Err(NotPlain("it redirects input or output")),
            }
        }
        Ok(Self { words })
    }

    /// Its name, where that is written out.
    pub fn name(&self) -> Option<&str> {
        self.words.first()?.value.as_deref()
    }

    /// The words behind the name.
    pub fn args(&self) -> &[Word<'a>] {
        self.words.get(1..).unwrap_or_default()
    }

    /// What the words behind the name stand for; `None` where one holds an expansion.
    pub fn values(&self) -> Option<Vec<&str>> {
        self.args().iter().map(|w| w.value.as_deref()).collect()
    }
}

impl<'a> Word<'a> {
    fn of(i: &'a Instruction, index: usize) -> Result<Self, NotPlain> {
        let node = i.nodes[index];
        let text = i.node_text(node);
        if i.nodes[index..node.next as usize].iter().any(|n| n.kind == Kind::Substitution) {
            return Err(NotPlain("it runs a command inside a word"));
        }
        if sets_a_variable(text) {
            return Err(NotPlain("it sets a variable inside a word"));
        }
        Ok(Self { text, value: value(text) })
    }

    /// Whether the shell may put names of files in its place.
    pub fn is_pattern(&self) -> bool {
        let (mut quote, mut bytes) = (None, self.text.iter());
        while let Some(&b) = bytes.next() {
            match (quote, b) {
                (None, b'*' | b'?' | b'[' | b'(') => return true,
                (None, b'\'' | b'"') => quote = Some(b),
                (Some(q), b) if q == b => quote = None,
                (None | Some(b'"'), b'\\') => _ = bytes.next(),
                _ => {}
            }
        }
        false
    }
}

/// `${name:=word}`, `${name=word}` and `$((…))` can set a variable; whatever looks like it counts.
fn sets_a_variable(text: &[u8]) -> bool {
    let braces = memchr::memmem::find(text, b"${").is_some() && text.contains(&b'=');
    braces || memchr::memmem::find(text, b"$((").is_some() || memchr::memmem::find(text, b"$[").is_some()
}

/// What a word without expansions stands for.
fn value(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), c) => out.push(c),
            (_, '$' | '`') => return None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '\\') => out.push(chars.next()?),
            (Some(_), '\\') => match chars.next()? {
                c @ ('"' | '\\' | '$' | '`') => out.push(c),
                c => {
                    out.push('\\');
                    out.push(c);
                }
            },
            (None, '~' | '{') => return None,
            (_, c) => out.push(c),
        }
    }
    quote.is_none().then_some(out)
}
