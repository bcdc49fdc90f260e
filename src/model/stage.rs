//! Stages, and the state in which each instruction of one is run: folder, user, shell, variables.

use crate::syntax::exec;
use crate::syntax::expand::{self, Options};
use crate::syntax::node::{Kind, Node};
use crate::syntax::shells;
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
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The working folder, clean and absolute; `None` where it is not known (the base image's, or a variable in it).
    pub cwd: Option<String>,
    /// How many USERs and SHELLs of the stage stand above it: where two steps agree they run as the same user.
    pub identity: (usize, usize),
    /// Whether a SHELL of the stage names a program that is not a usual one at its usual place: it may be a wrapper.
    pub has_unusual_shell: bool,
}

/// The stages of a file; the first holds what stands before the first FROM.
pub fn stages(file: &Dockerfile) -> Vec<Stage> {
    let mut stages = vec![Stage::default()];
    let mut state = State::default();
    let mut unusual = UnusualShells::default();
    let mut line = 1;
    for (item, any) in file.items.iter().enumerate() {
        let here = line;
        line += memchr::memchr_iter(b'\n', any.text()).count();
        let Some(instruction) = any.instruction() else { continue };
        if instruction.keyword == Keyword::From {
            stages.push(Stage { from: Some(instruction.id), steps: Vec::new() });
            state = State { unusual: unusual.of_next(instruction, state.unusual), ..State::default() };
            continue;
        }
        let step = Step { line: here, ..state.step(instruction, item) };
        state.see(instruction, file.escape);
        if let Some(stage) = stages.last_mut() {
            stage.steps.push(step);
        }
    }
    stages
}

/// The stages that end with a shell which is not a usual one: who builds on them has it too.
#[derive(Default)]
struct UnusualShells {
    stages: Vec<(Option<Vec<u8>>, bool)>,
    name: Option<Vec<u8>>,
}

impl UnusualShells {
    /// Whether the stage of this FROM begins with one; `last` says how the stage above it ends.
    fn of_next(&mut self, from: &Instruction, last: bool) -> bool {
        self.stages.push((self.name.take(), last));
        let (image, name) = base(from);
        self.name = name;
        if image.contains(&b'$') {
            // it may be any stage
            return self.stages.iter().any(|(_, unusual)| *unusual);
        }
        self.stages.iter().rev().find(|(name, _)| *name == Some(image.to_vec())).is_some_and(|(_, u)| *u)
    }
}

/// What a FROM builds on, as it is written, and the name that it gives, as BuildKit keeps it.
pub(super) fn base<'a>(from: &'a Instruction) -> (&'a [u8], Option<Vec<u8>>) {
    let mut words = from.words();
    let image = words.next().unwrap_or_default();
    (image, words.nth(1).map(<[u8]>::to_ascii_lowercase))
}

#[derive(Default)]
struct State {
    cwd: Option<String>,
    users: usize,
    shells: usize,
    unusual: bool,
}

impl State {
    fn step(&self, i: &Instruction, item: usize) -> Step {
        Step {
            id: i.id,
            keyword: i.keyword,
            item,
            line: 0,
            cwd: self.cwd.clone(),
            identity: (self.users, self.shells),
            has_unusual_shell: self.unusual,
        }
    }

    fn see(&mut self, i: &Instruction, escape: u8) {
        match i.keyword {
            Keyword::User => self.users += 1,
            Keyword::Shell => {
                self.shells += 1;
                self.unusual = !has_usual_program(i);
            }
            Keyword::Workdir => self.cwd = folder(i, self.cwd.as_deref(), escape),
            _ => {}
        }
    }
}

/// The steps whose outcome the one at `item` finds, the nearest first: those above it in its stage, and those of the
/// stages that it builds on.
pub fn lineage<'s>(file: &Dockerfile, stages: &'s [Stage], item: usize) -> Vec<&'s Step> {
    let from = |stage: &Stage| stage.from.and_then(|id| file.instruction(id));
    let Some(own) = stages.iter().rposition(|s| s.steps.iter().any(|step| step.item == item)) else {
        return Vec::new();
    };
    let mut found: Vec<&Step> = stages[own].steps.iter().rev().filter(|s| s.item < item).collect();
    let mut image = from(&stages[own]).map(base);
    for stage in stages[..own].iter().rev() {
        let (Some((wanted, _)), Some((below, name))) = (&image, from(stage).map(base)) else { break };
        // a variable may stand for any stage
        let any = wanted.contains(&b'$');
        if any || name.as_deref() == Some(wanted) {
            found.extend(stage.steps.iter().rev());
            image = if any { image } else { Some((below, name)) };
        }
    }
    found
}

/// The steps that find what the one at `item` leaves behind: those below it in its stage, and those of the stages that
/// build on it, or that take all of its files along.
pub fn heirs<'s>(file: &Dockerfile, stages: &'s [Stage], item: usize) -> Vec<&'s Step> {
    let Some(own) = stages.iter().position(|s| s.steps.iter().any(|step| step.item == item)) else {
        return Vec::new();
    };
    let from = |stage: &Stage| stage.from.and_then(|id| file.instruction(id)).map(base);
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut found: Vec<&Step> = Vec::new();
    for (n, stage) in stages.iter().enumerate().skip(own) {
        let Some((image, name)) = from(stage) else { continue };
        let is_heir = image.contains(&b'$') || names.contains(&image.to_ascii_lowercase());
        let copies = |step: &&Step| file.instruction_at(step.item).is_some_and(|i| takes_system(i, &names));
        if n == own || is_heir || stage.steps.iter().any(|step| copies(&step)) {
            found.extend(stage.steps.iter().filter(|step| step.item > item));
            // the first of the list stands above all FROMs
            names.extend([name.unwrap_or_default(), (n - 1).to_string().into_bytes()]);
        }
    }
    found
}

/// Whether a COPY takes the folders of the system from one of these stages.
fn takes_system(i: &Instruction, stages: &[Vec<u8>]) -> bool {
    let is_of = |f: &[u8]| {
        f.strip_prefix(b"--from=")
            .is_some_and(|name| name.contains(&b'$') || stages.contains(&name.to_ascii_lowercase()))
    };
    let is_system =
        |w: &[u8]| w == b"/" || w.starts_with(b"/var") || w.starts_with(b"/*") || w.contains(&b'$');
    i.flags().any(is_of) && i.words().any(is_system)
}

/// Whether SHELL names sh, bash, ash or dash, at a place where a distribution puts it, and it reads no file first: a
/// login shell reads the system's profile and the user's, each time.
fn has_usual_program(i: &Instruction) -> bool {
    let arguments = shells::arguments(i);
    let Some((program, options)) = arguments.split_first() else { return false };
    let (folder, name) = program.rsplit_once('/').unwrap_or(("", program));
    let reads_first = |o: &String| {
        matches!(&o[..], "--login" | "--posix")
            || !o.starts_with("--") && o.starts_with('-') && o.contains(['l', 'i'])
    };
    matches!(folder, "" | "/bin" | "/usr/bin")
        && matches!(name, "sh" | "bash" | "ash" | "dash")
        && !options.iter().any(reads_first)
}

/// The folder that a WORKDIR goes to from `cwd`, clean and absolute; `None` where that is not known.
pub fn folder(workdir: &Instruction, cwd: Option<&str>, escape: u8) -> Option<String> {
    let path = workdir.find(Kind::Raw).and_then(|(_, n)| literal(workdir.node_text(n), escape))?;
    resolve(cwd, &path)
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
