//! Stages, and the state in which each instruction of one is run: folder, user, shell, variables.

use crate::syntax::exec;
use crate::syntax::expand::{self, Options};
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Item, Keyword};

/// A stage: a FROM and what follows it.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// Its instructions without the FROM, in order.
    pub steps: Vec<Step>,
    /// Its FROM; none for what stands before the first.
    pub from: Option<Id>,
}

/// An instruction of a stage, with the state in which it is run.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which instruction.
    pub id: Id,
    /// Its keyword.
    pub keyword: Keyword,
    /// Its place among the file's items.
    pub item: usize,
    /// The working folder, clean and absolute; `None` where it is not known (the base image's, or a variable in it).
    pub cwd: Option<String>,
    /// How many USERs and SHELLs of the stage stand above it: where two steps agree they run as the same user.
    pub identity: (usize, usize),
    /// Whether a SHELL of the stage stands above it.
    pub has_shell: bool,
}

/// The stages of a file; the first holds what stands before the first FROM.
pub fn stages(file: &Dockerfile) -> Vec<Stage> {
    let mut stages = vec![Stage::default()];
    let mut state = State::default();
    for (item, instruction) in file.items.iter().enumerate().filter_map(|(n, i)| Some((n, i.instruction()?)))
    {
        if instruction.keyword == Keyword::From {
            stages.push(Stage { from: Some(instruction.id), steps: Vec::new() });
            state = State::default();
            continue;
        }
        let step = state.step(instruction, item);
        state.see(instruction, file.escape);
        if let Some(stage) = stages.last_mut() {
            stage.steps.push(step);
        }
    }
    stages
}

#[derive(Default)]
struct State {
    cwd: Option<String>,
    users: usize,
    shells: usize,
}

impl State {
    fn step(&self, i: &Instruction, item: usize) -> Step {
        Step {
            id: i.id,
            keyword: i.keyword,
            item,
            cwd: self.cwd.clone(),
            identity: (self.users, self.shells),
            has_shell: self.shells > 0,
        }
    }

    fn see(&mut self, i: &Instruction, escape: u8) {
        match i.keyword {
            Keyword::User => self.users += 1,
            Keyword::Shell => self.shells += 1,
            Keyword::Workdir => {
                let path = i.find(Kind::Raw).and_then(|(_, n)| literal(i.node_text(n), escape));
                self.cwd = path.and_then(|p| resolve(self.cwd.as_deref(), &p));
            }
            _ => {}
        }
    }
}

/// The value of a word that holds no variable, read as BuildKit reads words; `None` where it holds one.
pub fn literal(word: &[u8], escape: u8) -> Option<String> {
    if word.contains(&b'$') || std::str::from_utf8(word).is_err() {
        return None;
    }
    expand::word(word, Options::new(escape), &expand::nothing).ok()
}

/// `path` as a clean absolute path, from the folder `cwd` where it is relative; `None` where that is not known.
pub fn resolve(cwd: Option<&str>, path: &str) -> Option<String> {
    let whole = if path.starts_with('/') { path.to_string() } else { format!("{}/{path}", cwd?) };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

/// A COPY or ADD: its sources and its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The source words, quotes and escapes read.
    pub sources: Vec<String>,
    /// The destination word.
    pub destination: String,
}

impl Copy {
    /// Reads one; `None` where a word holds a variable or a heredoc.
    pub fn of(i: &Instruction, escape: u8) -> Option<Self> {
        if !i.heredocs.is_empty() {
            return None;
        }
        let word = |n: Node| match n.kind {
            Kind::JsonString => literal(exec::value(i.node_text(n)).as_bytes(), escape),
            _ => literal(i.node_text(n), escape),
        };
        let nodes = i.nodes.iter().copied().filter(|n| matches!(n.kind, Kind::Word | Kind::JsonString));
        let mut words = nodes.map(word).collect::<Option<Vec<String>>>()?;
        let destination = words.pop()?;
        (!words.is_empty()).then_some(Self { sources: words, destination })
    }

    /// Where it writes, clean and absolute; `None` where the working folder is not known.
    pub fn target(&self, cwd: Option<&str>) -> Option<String> {
        resolve(cwd, &self.destination)
    }
}

/// The comment lines that belong to the instruction at `item`, as BuildKit counts them: all since the one before it.
pub fn comments_above<'a>(file: &'a Dockerfile, item: usize) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    file.items[..item].iter().rev().take_while(|i| i.instruction().is_none()).filter_map(|i| match i {
        Item::Comment(text) => Some(&**text),
        _ => None,
    })
}
