//! A shell text as a whole: its outer shape, and every simple command in it, wherever that stands.
//!
//! [`super::Run`] takes nothing but a plain list. This takes all that the shell's parser reads, so that a rule can ask what
//! a text leaves behind although nobody knows what its commands do.

use super::{Command, NotPlain, Run, Word, value};
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::Instruction;

/// The text of a RUN.
#[derive(Clone, Debug)]
pub struct Script<'a> {
    /// The RUN.
    pub run: &'a Instruction<'a>,
    /// Every simple command, in the order of the text.
    pub simples: Vec<Simple<'a>>,
    /// The index of the list of its statements.
    list: usize,
}

/// A simple command with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Simple<'a> {
    /// Its words; none where it only sets variables.
    pub command: Command<'a>,
    /// The names of the variables that are set before its words.
    pub sets: Vec<&'a [u8]>,
    /// The targets of its redirections.
    pub targets: Vec<Word<'a>>,
    /// Whether a process of its own runs it: a subshell, a part of a pipeline, a substitution.
    pub apart: bool,
    /// Its node.
    pub index: usize,
}

impl<'a> Script<'a> {
    /// Reads the text of a RUN.
    ///
    /// # Errors
    /// What makes it a text to which nothing can be joined.
    pub fn of(run: &'a Instruction<'a>) -> Result<Self, NotPlain> {
        if !run.heredocs.is_empty() {
            return Err(NotPlain("a heredoc belongs to it"));
        }
        let Some((script, node)) = run.find(Kind::Script) else {
            return Err(NotPlain("no shell that dfmt knows reads it"));
        };
        if run.node_text(node).ends_with(b"\\") {
            return Err(NotPlain("it ends in a backslash"));
        }
        let unclear = |n: &Node| match n.kind {
            Kind::Opaque => Some("dfmt cannot read all of its text"),
            Kind::HeredocBody => Some("a heredoc stands in it"),
            Kind::Comment => Some("a comment of the shell ends it"),
            _ => None,
        };
        if let Some(why) = run.nodes[script..node.next as usize].iter().find_map(unclear) {
            return Err(NotPlain(why));
        }
        let Some((list, _)) = run.children(script).find(|(_, n)| n.kind == Kind::List) else {
            return Err(NotPlain("dfmt cannot read all of its text"));
        };
        let this = Self { run, simples: simples(run, script), list };
        if this.statements().next().is_none() {
            return Err(NotPlain("there is no command in it"));
        }
        Ok(this)
    }

    /// The logical text of all of it.
    pub fn text(&self) -> &'a [u8] {
        self.run.node_text(self.run.nodes[self.list])
    }

    /// All its nodes.
    pub fn nodes(&self) -> &'a [Node] {
        &self.run.nodes[self.list..self.run.nodes[self.list].next as usize]
    }

    /// Its statements: the indices of the and-or lists that `;` separates.
    pub fn statements(&self) -> impl DoubleEndedIterator<Item = usize> + use<'a> {
        let children = self.run.children(self.list);
        let found: Vec<usize> = children.filter(|(_, n)| n.kind == Kind::AndOr).map(|(at, _)| at).collect();
        found.into_iter()
    }

    /// Whether it is one list of commands joined by `&&` alone, so that it can follow another `&&`.
    pub fn is_and_list(&self) -> bool {
        let mut statements = self.statements();
        let (Some(only), None) = (statements.next(), statements.next()) else { return false };
        self.run.children(only).all(|(_, n)| n.kind != Kind::AndOrOp || self.run.node_text(n) == b"&&")
    }

    /// Whether it is such a list of simple commands: `set -e` changes nothing about it.
    pub fn is_plain_and_list(&self) -> bool {
        let plain = |n: &Node| {
            !matches!(n.kind, Kind::Bang | Kind::Time)
                && (!is_compound(n.kind) || matches!(n.kind, Kind::Test | Kind::Arith))
        };
        self.is_and_list() && self.outer_nodes().all(|n| plain(&n))
    }

    /// All nodes but those inside of substitutions.
    fn outer_nodes(&self) -> impl Iterator<Item = Node> + use<'a> {
        let (nodes, mut skip) = (self.nodes(), 0);
        nodes.iter().copied().filter(move |n| {
            let inside = n.start < skip;
            if n.kind == Kind::Substitution && !inside {
                skip = n.end;
            }
            !inside
        })
    }

    /// Its commands, if all of them are plain: no redirections, no pipelines, nothing compound but groups. A `set` that
    /// opens it and only switches options is none of them.
    ///
    /// # Errors
    /// What it holds beside.
    pub fn commands(&self) -> Result<Run<'a>, NotPlain> {
        let opening = self.opening().filter(|s| s.only_switches_options()).map(|s| s.index);
        let mut commands = Vec::new();
        for (at, node) in
            self.run.nodes.iter().enumerate().filter(|(_, n)| n.start >= self.run.nodes[self.list].start)
        {
            match node.kind {
                Kind::Simple => {
                    let command = Command::of(self.run, at)?;
                    commands.extend(Some(command).filter(|_| Some(at) != opening));
                }
                Kind::PipeOp => return Err(NotPlain("it holds a pipeline")),
                Kind::Subshell | Kind::Brace => {}
                kind if is_compound(kind) => return Err(NotPlain("it is more than a list of commands")),
                _ => {}
            }
        }
        Ok(Run { commands })
    }

    /// The `set` that is its first statement, where others follow.
    pub fn opening(&self) -> Option<&Simple<'a>> {
        let mut statements = self.statements();
        let first = statements.next()?;
        statements.next()?;
        let (pipeline, _) = only(self.run, first)?;
        let (simple, _) = only(self.run, pipeline)?;
        self.simples.iter().find(|s| s.index == simple).filter(|s| s.command.name() == Some("set"))
    }
}

/// The only child of a node.
fn only(run: &Instruction, index: usize) -> Option<(usize, Node)> {
    let mut children = run.children(index);
    children.next().filter(|_| children.next().is_none())
}

/// Whether a command of this kind holds other commands, or stands for them.
pub const fn is_compound(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Subshell
            | Kind::Brace
            | Kind::If
            | Kind::Loop
            | Kind::For
            | Kind::Case
            | Kind::Function
            | Kind::Coproc
            | Kind::Test
            | Kind::Arith
    )
}

fn simples<'a>(run: &'a Instruction<'a>, script: usize) -> Vec<Simple<'a>> {
    let mut found = Vec::new();
    // up to this index all is run by a process of its own
    let mut apart_up_to = 0;
    for index in script..run.nodes[script].next as usize {
        let node = run.nodes[index];
        let forks = match node.kind {
            Kind::Subshell | Kind::Substitution => true,
            Kind::Pipeline => run.children(index).any(|(_, n)| n.kind == Kind::PipeOp),
            _ => false,
        };
        if forks {
            apart_up_to = apart_up_to.max(node.next as usize);
        }
        if node.kind == Kind::Simple {
            found.push(Simple::of(run, index, index < apart_up_to));
        }
    }
    found
}

impl<'a> Simple<'a> {
    fn of(run: &'a Instruction<'a>, index: usize, apart: bool) -> Self {
        let mut this = Self {
            command: Command { words: Vec::new() },
            sets: Vec::new(),
            targets: Vec::new(),
            apart,
            index,
        };
        for (child, node) in run.children(index) {
            match node.kind {
                Kind::ShellWord => this.command.words.push(word(run, child)),
                // behind `export` and its like the assignments are words
                Kind::Assignment if this.command.words.is_empty() => {
                    this.sets.push(name(run.node_text(node)));
                }
                Kind::Assignment => this.command.words.push(word(run, child)),
                Kind::Redirect => {
                    let target = run.children(child).find(|(_, n)| n.kind == Kind::ShellWord);
                    this.targets.extend(target.map(|(at, _)| word(run, at)));
                }
                _ => {}
            }
        }
        this
    }

    /// Its name, where that is written out.
    pub fn name(&self) -> Option<&str> {
        self.command.name()
    }

    /// Whether it is a `set` that only switches options, all of them written out: without a word it prints all variables.
    fn only_switches_options(&self) -> bool {
        let Some(words) = self.command.values().filter(|words| !words.is_empty()) else { return false };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let letters = word.strip_prefix(['-', '+']).unwrap_or_default();
            let takes_name = letters.ends_with('o');
            let is_plain = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphabetic());
            if !is_plain || takes_name && words.next().is_none() {
                return false;
            }
        }
        true
    }

    /// What is run in the end, behind `sudo`, `env` and their like.
    pub fn program(&self) -> Command<'a> {
        let mut words = self.command.words.clone();
        while let Some(first) = words.first().and_then(|w| w.value.clone()) {
            let with_values: &[&str] = match &*first {
                "sudo" | "gosu" | "su-exec" | "doas" => &["-u", "-g", "--user", "--group"],
                "env" => &["-u", "--unset", "-C"],
                "nice" => &["-n"],
                "timeout" | "exec" | "command" | "nohup" | "xargs" | "eatmydata" | "retry" => &[],
                _ => break,
            };
            let skipped = 1 + options(&words[1..], with_values);
            if skipped >= words.len() {
                break;
            }
            words.drain(..skipped);
        }
        Command { words }
    }

    /// All its words and the targets of its redirections.
    pub fn words(&self) -> impl Iterator<Item = &Word<'a>> {
        self.command.words.iter().chain(&self.targets)
    }
}

/// How many words are options, values of options, and variables that are set.
fn options(words: &[Word], with_values: &[&str]) -> usize {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let text = word.value.as_deref().unwrap_or_default();
        let number = text.starts_with(|c: char| c.is_ascii_digit());
        match text {
            _ if with_values.contains(&text) => at += 2,
            _ if text.starts_with('-') || text.contains('=') && !text.contains('/') || number => at += 1,
            _ => break,
        }
    }
    at.min(words.len())
}

fn word<'a>(run: &'a Instruction<'a>, index: usize) -> Word<'a> {
    let node = run.nodes[index];
    let text = run.node_text(node);
    let runs = run.nodes[index..node.next as usize].iter().any(|n| n.kind == Kind::Substitution);
    Word { text, value: if runs { None } else { value(text) } }
}

/// The name in `name=value`, `name+=value`, `name[1]=value`.
fn name(assignment: &[u8]) -> &[u8] {
    let end = assignment.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_'));
    &assignment[..end.unwrap_or(assignment.len())]
}
