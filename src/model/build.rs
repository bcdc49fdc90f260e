//! The stages as BuildKit builds them: what each stands upon, the ONBUILD triggers that it runs first, its own steps.
//!
//! Sources: `convert.go`, `buildDispatchStates`, `addState`, `initOnBuildTriggers`. Names of stages are kept in lower
//! case and FROM compares them as they stand, so `FROM Foo` finds no stage `AS Foo`. Triggers of an image that is not
//! a stage are not known.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use super::arguments::Arguments;
use super::scope::assign::{Assign, GLOBALS};
use super::scope::layer::{Below, END, Layers};
use super::scope::{Budget, Certainty, Scopes, Value, World, value};
use crate::syntax;
use crate::syntax::lex;
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

/// How many bytes of variables and triggers a file may copy; beyond it variables are unknown, and stages broken.
const MAX_COPIED: usize = 8 << 20;

/// What PATH is where an image has none (`util/system/path.go`).
pub(super) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The stages of a file, and their variables.
#[derive(Debug)]
pub(super) struct Build<'a> {
    pub(super) stages: Vec<Stage<'a>>,
    pub(super) scopes: Scopes,
    /// The stage of each name, in lower case; of several the last.
    pub(super) names: HashMap<String, usize>,
}

/// A stage.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    /// What it stands upon, in a build without arguments.
    pub(super) base: Base,
    /// The triggers of its base, then its own instructions.
    pub(super) steps: Vec<Step<'a>>,
    /// Why it cannot be built, where that was found on the way.
    pub(super) broken: Option<String>,
    /// The text of its ONBUILDs, and about how many bytes it takes to run them.
    triggers: Vec<String>,
    cost: usize,
}

/// What a stage stands upon.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Base {
    /// An earlier stage.
    Stage(usize),
    /// Nothing.
    Scratch,
    /// An image of that name.
    Image(String),
}

/// A step of a stage.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) instruction: Held<'a>,
    pub(super) arguments: Arguments,
    /// Its position in the layer of its stage, and the one behind it.
    pub(super) at: u32,
    pub(super) after: u32,
}

/// An instruction of the file, or of a trigger.
#[derive(Debug)]
pub(super) enum Held<'a> {
    Own(&'a Instruction<'a>),
    Trigger(Arc<Instruction<'static>>),
}

impl<'a> Deref for Held<'a> {
    type Target = Instruction<'a>;

    fn deref(&self) -> &Instruction<'a> {
        match self {
            Self::Own(instruction) => instruction,
            Self::Trigger(instruction) => instruction,
        }
    }
}

impl Build<'_> {
    /// The layer of a stage.
    pub(super) fn layer(stage: usize) -> usize {
        stage + GLOBALS + 1
    }
}

impl<'a> Build<'a> {
    /// The stages of `file`.
    pub(super) fn of(file: &'a Dockerfile<'a>, world: &World) -> Self {
        let mut linker = Linker::new(file, world);
        for instruction in file.instructions() {
            linker.see(instruction);
        }
        let Linker { layers, places, stages, names, .. } = linker;
        Self { stages, names, scopes: Scopes { layers, places, escape: file.escape } }
    }
}

/// Goes through a file, instruction by instruction.
struct Linker<'a, 'w> {
    escape: u8,
    world: &'w World,
    layers: Layers,
    places: HashMap<Id, (usize, u32)>,
    stages: Vec<Stage<'a>>,
    names: HashMap<String, usize>,
    /// Triggers of stages that others stand upon, read.
    read: HashMap<usize, Result<Vec<Arc<Instruction<'static>>>, String>>,
    budget: Budget,
}

impl<'a, 'w> Linker<'a, 'w> {
    fn new(file: &Dockerfile, world: &'w World) -> Self {
        let mut layers = Layers::default();
        layers.push(Below::Given { set: platform(file, world), rest: Value::Certain(None) });
        Self {
            escape: file.escape,
            world,
            layers,
            places: HashMap::new(),
            stages: Vec::new(),
            names: HashMap::new(),
            read: HashMap::new(),
            budget: Budget::new(MAX_COPIED),
        }
    }

    fn see(&mut self, instruction: &'a Instruction<'a>) {
        if instruction.keyword == Keyword::From {
            if self.stages.is_empty() {
                self.epoch();
            }
            self.places.insert(instruction.id, (GLOBALS, END));
            self.from(&Arguments::of(instruction, self.escape));
            return;
        }
        let layer = self.stages.len();
        self.places.insert(instruction.id, (layer, self.layers.now(layer)));
        let arguments = Arguments::of(instruction, self.escape);
        self.step(Held::Own(instruction), arguments);
    }

    /// A global `SOURCE_DATE_EPOCH` that is no plain number is replaced by the date of what it names (`epoch.go`).
    fn epoch(&mut self) {
        let name = "SOURCE_DATE_EPOCH";
        let value = self.layers.get(GLOBALS, END, name).value;
        let plain = |text: &str| text.is_empty() || text.parse::<i64>().is_ok_and(|n| n.to_string() == text);
        if !value.by_default().is_none_or(plain) {
            self.layers.set(GLOBALS, name, super::scope::Kind::Arg, Value::Unknown);
        }
    }

    /// Begins a stage.
    fn from(&mut self, arguments: &Arguments) {
        let (base, sure) = self.base(arguments);
        self.layers.push(self.below(&base, sure));
        let stage = self.stages.len();
        let broken = None;
        let parent = if let Base::Stage(parent) = base { Some(parent) } else { None };
        self.stages.push(Stage { base, steps: Vec::new(), broken, triggers: Vec::new(), cost: 0 });
        if let Some(name) = arguments.text(2) {
            self.names.insert(name.to_lowercase(), stage);
        }
        if let Some(parent) = parent {
            self.run_triggers(parent);
        }
    }

    /// What a FROM names in a build without arguments, and whether every build finds it.
    fn base(&self, arguments: &Arguments) -> (Base, bool) {
        let word = arguments.list.first().map_or(&[][..], |w| w);
        let get = |name: &str| self.layers.get(GLOBALS, END, name).value;
        let image = value::expand(word, self.escape, &self.budget, &get).unwrap_or(Value::Unknown);
        let name = image.by_default().unwrap_or_default();
        let base = match self.names.get(name) {
            Some(stage) => Base::Stage(*stage),
            None if name == "scratch" => Base::Scratch,
            None => Base::Image(name.to_string()),
        };
        (base, image.certainty() == Certainty::Certain)
    }

    fn below(&self, base: &Base, sure: bool) -> Below {
        let certainty = if sure { Certainty::Certain } else { Certainty::Default };
        let given = |env: &[String]| {
            let entry = |e: &String| {
                let (name, value) = e.split_once('=').unwrap_or((e, ""));
                (name.to_string(), Value::of(value).at_most(certainty))
            };
            let path = ("PATH".to_string(), Value::of(PATH).at_most(certainty));
            let set = std::iter::once(path).chain(env.iter().map(entry)).collect();
            Below::Given { set, rest: Value::Certain(None).at_most(certainty) }
        };
        match (base, &self.world.image_env) {
            (Base::Stage(stage), _) => Below::Layer { index: Build::layer(*stage), sure },
            (Base::Scratch, _) => given(&[]),
            (Base::Image(_), Some(env)) => given(env),
            (Base::Image(_), None) => Below::unknown(),
        }
    }

    /// Runs the ONBUILDs of the stage that the newest one stands upon.
    fn run_triggers(&mut self, parent: usize) {
        let Stage { triggers, cost, .. } = &self.stages[parent];
        if !self.budget.take(*cost) {
            return self.fail("too many triggers of ONBUILD are run".to_string());
        }
        let read = self.read.entry(parent).or_insert_with(|| triggers.iter().map(|t| trigger(t)).collect());
        let read = read.clone();
        match read {
            Err(message) => self.fail(message),
            Ok(instructions) => {
                for instruction in instructions {
                    // a trigger is parsed with the usual escape, its words are expanded with that of the file
                    let arguments = Arguments::of(&instruction, b'\\');
                    self.step(Held::Trigger(instruction), arguments);
                }
            }
        }
    }

    fn step(&mut self, instruction: Held<'a>, arguments: Arguments) {
        let layer = self.stages.len();
        let at = self.layers.now(layer);
        let (layers, escape, budget) = (&mut self.layers, self.escape, &self.budget);
        let done = Assign { layers, layer, escape, budget }.run(instruction.keyword, &arguments);
        let after = self.layers.now(layer);
        let Some(stage) = self.stages.last_mut() else { return };
        if let Err(bad) = done {
            stage.broken.get_or_insert(bad.0);
        }
        if instruction.keyword == Keyword::Onbuild {
            let text = on_build(&instruction);
            stage.cost += text.len() + 64;
            stage.triggers.push(text);
        }
        stage.steps.push(Step { instruction, arguments, at, after });
    }

    /// The newest stage cannot be built, and nothing is known of its variables.
    fn fail(&mut self, message: String) {
        let layer = self.stages.len();
        self.layers.blur(layer, Certainty::Unknown);
        if let Some(stage) = self.stages.last_mut() {
            stage.broken.get_or_insert(message);
        }
    }
}

/// The arguments that every build sets by itself (`platform.go`, `defaultArgs`).
fn platform(file: &Dockerfile, world: &World) -> HashMap<String, Value> {
    let last = file.instructions().filter(|i| i.keyword == Keyword::From).last();
    let name = last.and_then(|i| Arguments::of(i, file.escape).text(2)).map(|n| n.to_lowercase());
    let known = |text: &str| Value::of(text).at_most(Certainty::Default);
    let mut set = HashMap::from([("TARGETSTAGE".to_string(), known(name.as_deref().unwrap_or("default")))]);
    for side in ["BUILD", "TARGET"] {
        let values = world.platform.map(|p| [format!("{}/{}", p.os, p.arch), p.os.into(), p.arch.into()]);
        for (n, part) in ["PLATFORM", "OS", "ARCH", "OSVERSION", "VARIANT"].iter().enumerate() {
            let value = values.as_ref().map_or(Value::Unknown, |v| known(v.get(n).map_or("", |t| t)));
            set.insert(format!("{side}{part}"), value);
        }
    }
    set
}

/// The text of ONBUILD as it goes into the image: the line without its first word, blanks at its end included, and
/// the heredocs (`instructions/parse.go`, `parseOnBuild`).
pub(super) fn on_build(instruction: &Instruction) -> String {
    let line = instruction.line();
    let skip = |text: &[u8]| lex::regex_spaces(text).map_or(0, |(_, s)| s.len());
    let keyword = skip(line) + Keyword::Onbuild.upper().len();
    let rest = line.get(keyword..).unwrap_or_default();
    let mut text = lex::lossy(&rest[skip(rest)..]);
    for doc in &instruction.heredocs {
        text.push('\n');
        text.push_str(&lex::lossy(&instruction.logical_text()[doc.body.range()]));
        text.push_str(&doc.name);
    }
    text
}

/// Reads the text of a trigger.
fn trigger(text: &str) -> Result<Arc<Instruction<'static>>, String> {
    // a FROM above it makes it an instruction of a stage, and closes the head of the file
    let source = format!("FROM scratch\n{text}");
    let file = syntax::parse(source.as_bytes());
    if let Some(error) = file.errors.first() {
        return Err(format!("a trigger of ONBUILD: {}", error.message));
    }
    let mut instructions = file.instructions().skip(1);
    match (instructions.next(), instructions.next()) {
        (Some(one), None) => Ok(Arc::new(owned(one))),
        _ => Err("a trigger of ONBUILD is not one instruction".to_string()),
    }
}

fn owned(i: &Instruction) -> Instruction<'static> {
    Instruction {
        id: i.id,
        keyword: i.keyword,
        text: Cow::Owned(i.text.to_vec()),
        logical: i.logical.clone(),
        nodes: i.nodes.clone(),
        heredocs: i.heredocs.clone(),
        shell: i.shell,
    }
}
