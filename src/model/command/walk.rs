//! All simple commands of a RUN, with what each does: also those inside compound commands, functions, substitutions.
//!
//! It follows the working folder and the variables as far as that is sure, and keeps more than one possibility where it
//! is not. What is not understood makes a barrier of the whole, which names the first command that is one.
//!
//! It must not know what any command does, beside those that change folder, variables and options of the shell.

use std::collections::HashMap;

use super::apply::{Barrier, Known};
use super::effect::{Effect, Place};
use super::shell_state;
use super::words::Scene;
use crate::syntax::node::{Builder, Kind, Node, children};
use crate::syntax::shell;
use crate::syntax::tree::Instruction;

mod simple;
#[cfg(test)]
mod tests;

/// A simple command that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Its name, as it is written; empty where it only sets variables.
    pub name: String,
    /// What it does with its redirections, or why that is not known.
    pub outcome: Known,
}

/// What a RUN does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEffect {
    /// Its simple commands, in the order of the text.
    pub commands: Vec<Ran>,
    /// What all of it does together, or the first barrier.
    pub whole: Known,
}

impl RunEffect {
    /// Of a RUN, in the scene that its stage gives it.
    pub fn of(i: &Instruction, scene: &Scene) -> Self {
        let walker = if let Some((script, _)) = i.find(Kind::Script) {
            let mut walker = Walker::new(i.logical_text(), &i.nodes, scene.clone(), 0);
            walker.children(script);
            walker
        } else if i.is_exec_form() {
            let mut walker = Walker::new(b"", &[], scene.clone(), 0);
            walker.exec(i);
            walker
        } else {
            let mut walker = Walker::new(b"", &[], scene.clone(), 0);
            walker.stop("a shell that dfmt does not know reads it");
            walker
        };
        walker.finish()
    }
}

/// What a text does that another shell reads, as `sh -c` has it.
pub(super) fn script(text: &[u8], scene: &Scene) -> Known {
    walk_text(text, scene.clone())
}

/// What a text does that is read later, when the folder may be another.
pub(super) fn later(text: &[u8], scene: &Scene) -> Known {
    walk_text(text, anytime(scene))
}

fn walk_text(text: &[u8], scene: Scene) -> Known {
    let mut builder = Builder::default();
    shell::parse(text, 0..text.len(), &mut builder);
    let depth = scene.depth + 1;
    if depth > MAX_DEPTH {
        return Err(Barrier("shells inside of shells".to_string()));
    }
    let mut walker = Walker::new(text, &builder.nodes, scene, depth);
    walker.children(0);
    walker.finish().whole
}

/// How many texts may stand inside of each other.
const MAX_DEPTH: u8 = 4;

/// The scene of a text that may be read at any time: nothing is known of what may have changed.
fn anytime(scene: &Scene) -> Scene {
    let variables = scene.variables.iter().map(|(name, _)| (name.clone(), None)).collect();
    Scene { folders: vec![None], variables, ..scene.clone() }
}

struct Walker<'a> {
    text: &'a [u8],
    nodes: &'a [Node],
    scene: Scene,
    /// Functions, with the variables that each sets and whether it changes the folder.
    functions: HashMap<Vec<u8>, Changes>,
    /// A failure of a command ends the shell.
    errexit: bool,
    commands: Vec<Ran>,
    whole: Known,
}

/// What commands of a stretch of text may change in the shell.
#[derive(Clone, Debug, Default)]
struct Changes {
    variables: Vec<String>,
    folder: bool,
}

impl<'a> Walker<'a> {
    fn new(text: &'a [u8], nodes: &'a [Node], scene: Scene, depth: u8) -> Self {
        Self {
            text,
            nodes,
            scene: Scene { depth, ..scene },
            functions: HashMap::new(),
            errexit: false,
            commands: Vec::new(),
            whole: Ok(Effect::nothing()),
        }
    }

    fn finish(self) -> RunEffect {
        let sort = |mut e: Effect| {
            e.reads.sort();
            e.writes.sort();
            e
        };
        RunEffect { commands: self.commands, whole: self.whole.map(sort) }
    }

    fn stop(&mut self, why: &str) {
        if self.whole.is_ok() {
            self.whole = Err(Barrier(why.to_string()));
        }
    }

    fn slice(&self, node: Node) -> &'a [u8] {
        &self.text[node.start as usize..node.end as usize]
    }

    fn child_nodes(&self, index: usize) -> Vec<(usize, Node)> {
        children(self.nodes, index + 1, self.nodes[index].next as usize).collect()
    }

    fn children(&mut self, index: usize) {
        for (child, node) in self.child_nodes(index) {
            self.node(child, node);
        }
    }

    fn node(&mut self, index: usize, node: Node) {
        match node.kind {
            Kind::List => self.list(index),
            Kind::Simple => self.simple(index),
            Kind::Brace | Kind::CaseItem => self.compound(index),
            Kind::Subshell | Kind::Substitution => self.apart(|w| w.compound(index)),
            Kind::If | Kind::Case => self.branches(index),
            Kind::Loop | Kind::For => self.looped(index),
            Kind::Function => self.function(index),
            Kind::Test | Kind::Arith => self.expression(node),
            Kind::Redirect => self.loose_redirect(index),
            Kind::HeredocBody => self.heredoc(index, node),
            Kind::Coproc => self.stop("a coprocess"),
            Kind::Opaque => self.stop("a text that dfmt cannot read"),
            Kind::ShellWord | Kind::Assignment => self.substitutions(index),
            _ => {}
        }
    }

    fn compound(&mut self, index: usize) {
        self.children(index);
    }

    /// Runs something in a shell of its own: what it changes there is gone afterwards.
    fn apart(&mut self, inner: impl FnOnce(&mut Self)) {
        let (scene, errexit) = (self.scene.clone(), self.errexit);
        inner(self);
        self.scene = scene;
        self.errexit = errexit;
    }

    fn list(&mut self, index: usize) {
        let all = self.child_nodes(index);
        for (n, (child, node)) in all.iter().enumerate() {
            if node.kind != Kind::AndOr {
                self.node(*child, *node);
                continue;
            }
            let is_background = all.get(n + 1).is_some_and(|(_, s)| self.slice(*s) == b"&");
            if is_background {
                self.apart(|w| w.and_or(*child));
            } else {
                self.and_or(*child);
            }
        }
    }

    /// Behind a list it is sure that all of it ran where a failure would have ended the shell.
    fn and_or(&mut self, index: usize) {
        let before = self.scene.clone();
        let all = self.child_nodes(index);
        for (n, (child, node)) in all.iter().enumerate() {
            if node.kind != Kind::Pipeline {
                continue;
            }
            let start = self.scene.clone();
            self.pipeline(*child);
            if all.get(n + 1).is_some_and(|(_, op)| self.slice(*op) == b"||") {
                self.scene.or(&start);
            }
        }
        if all.len() > 1 || !self.errexit {
            self.scene.or_folders(&before);
        }
        if all.len() > 1 {
            self.scene.or(&before);
        }
    }

    /// Each command of a pipeline has a shell of its own.
    fn pipeline(&mut self, index: usize) {
        let commands: Vec<(usize, Node)> = self.child_nodes(index);
        let piped = commands.iter().any(|(_, n)| n.kind == Kind::PipeOp);
        for (child, node) in commands {
            if piped {
                self.apart(|w| w.node(child, node));
            } else {
                self.node(child, node);
            }
        }
    }

    /// `if` and `case`: each part may have run or not.
    fn branches(&mut self, index: usize) {
        for (child, node) in self.child_nodes(index) {
            let before = self.scene.clone();
            self.node(child, node);
            self.scene.or(&before);
        }
    }

    /// A loop: what it changes may be changed already where it begins again.
    fn looped(&mut self, index: usize) {
        let changes = self.changes(index);
        let kept = self.errexit;
        self.forget(&changes);
        self.children(index);
        self.forget(&changes);
        self.errexit = kept;
    }

    fn function(&mut self, index: usize) {
        let all = self.child_nodes(index);
        let name = all.iter().find(|(_, n)| n.kind == Kind::ShellWord).map(|(_, n)| self.slice(*n));
        let changes = self.changes(index);
        self.functions.insert(name.unwrap_or_default().to_vec(), changes);
        let scene = anytime(&self.scene);
        self.apart(|w| {
            w.scene = scene;
            w.children(index);
        });
    }

    fn forget(&mut self, changes: &Changes) {
        for name in &changes.variables {
            self.scene.set(name, None);
        }
        if changes.folder {
            self.scene.folders = vec![None];
        }
    }

    /// What the commands of a subtree may change.
    fn changes(&self, index: usize) -> Changes {
        let mut found = Changes::default();
        for at in index + 1..self.nodes[index].next as usize {
            match self.nodes[at].kind {
                Kind::Assignment => found.variables.extend(self.assigned(at).map(|(name, _)| name)),
                Kind::Simple => {
                    let command = self.command(at);
                    let name = command.name().unwrap_or_default();
                    found.folder |= matches!(name, "cd" | "pushd" | "popd")
                        || self.functions.contains_key(name.as_bytes());
                    found.variables.extend(shell_state::names(&command));
                }
                Kind::For => {
                    let words = self.child_nodes(at).into_iter().filter(|(_, n)| n.kind == Kind::ShellWord);
                    found.variables.extend(words.take(1).map(|(_, n)| text_of(self.slice(n))));
                }
                _ => {}
            }
        }
        if self.nodes[index].kind == Kind::For {
            let word = self.child_nodes(index).into_iter().find(|(_, n)| n.kind == Kind::ShellWord);
            found.variables.extend(word.map(|(_, n)| text_of(self.slice(n))));
        }
        found
    }

    /// `[[ … ]]` and `(( … ))`
    fn expression(&mut self, node: Node) {
        let text = self.slice(node);
        if memchr::memmem::find(text, b"$(").is_some() || text.contains(&b'`') {
            self.stop("a substitution in an expression");
        }
        if node.kind == Kind::Arith {
            self.scene.variables.iter_mut().for_each(|(_, value)| *value = None);
        } else if memchr::memmem::find(text, b" -").is_some() || text.starts_with(b"-") {
            let reads = Effect { reads: vec![Place::Anywhere], uses_folder: true, ..Effect::nothing() };
            self.take(Ok(reads));
        }
    }

    fn heredoc(&mut self, index: usize, node: Node) {
        let pairs = shell::heredocs(self.text, self.nodes);
        let redirect = pairs.iter().find(|(_, body)| *body == index).map(|(redirect, _)| *redirect);
        let quoted =
            redirect.is_some_and(|at| self.slice(self.nodes[at]).iter().any(|b| b"'\"\\".contains(b)));
        let body = self.slice(node);
        if !quoted && (memchr::memmem::find(body, b"$(").is_some() || body.contains(&b'`')) {
            self.stop("a substitution in a heredoc");
        }
    }

    /// Commands inside of a word.
    fn substitutions(&mut self, index: usize) {
        let end = self.nodes[index].next as usize;
        let mut at = index + 1;
        while at < end {
            let node = self.nodes[at];
            if node.kind == Kind::Substitution {
                self.node(at, node);
                at = node.next as usize;
            } else {
                at += 1;
            }
        }
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
