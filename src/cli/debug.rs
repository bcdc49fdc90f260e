//! `dfmt debug …`: what dfmt sees in a file, for us and for the judges.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::model::command::Barrier;
use crate::model::command::effect::{Effect, Place};
use crate::model::image::config::{Config, Env};
use crate::model::image::health::Health;
use crate::model::image::{self, Built, Given};
use crate::model::scenes::Scenes;
use crate::model::scope::Platform;
use crate::model::{graph, stage, view};
use crate::syntax;
use crate::syntax::node::Kind;
use crate::syntax::shell;
use crate::syntax::tree::{Dockerfile, Instruction, Item, Keyword};

/// One JSON line a file: what BuildKit's parser would give.
///
/// # Errors
/// Where `out` cannot be written.
pub fn view(path: &Path, source: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let file = syntax::parse(source);
    writeln!(out, "{}", view_json(path, &file))
}

fn view_json(path: &Path, file: &Dockerfile) -> Value {
    let view = view::of(file);
    let parse_err = file.errors.iter().find(|e| e.by_parser).map(|e| e.message.clone());
    let nodes: Vec<Value> = view
        .nodes
        .iter()
        .map(|n| {
            let heredocs: Vec<Value> = n
                .heredocs
                .iter()
                .map(|(h, body)| json!({"name": h.name, "fd": h.fd, "expand": h.expand, "chomp": h.chomp, "content": latin1(body)}))
                .collect();
            json!({"Start": n.start, "End": n.end, "Dump": n.dump, "original": latin1(&n.original), "JSON": n.json,
                "Comments": n.comments, "Heredocs": heredocs})
        })
        .collect();
    json!({"path": path.to_string_lossy(), "parse_err": parse_err, "escape": (file.escape as char).to_string(),
        "empty_cont_lines": view.empty_continuations, "nodes": nodes})
}

/// Each byte as one code point, so that any bytes survive JSON.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|b| *b as char).collect()
}

/// One JSON line a file: what BuildKit would refuse.
///
/// # Errors
/// Where `out` cannot be written.
pub fn errors(path: &Path, source: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let file = syntax::parse(source);
    let errors: Vec<&str> = file.errors.iter().map(|e| e.message.as_str()).collect();
    writeln!(out, "{}", json!({"path": path.to_string_lossy(), "errors": errors}))
}

/// The tree, an item or node a line: its kind and its text.
///
/// # Errors
/// Where `out` cannot be written.
pub fn tree(path: &Path, source: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let file = syntax::parse(source);
    writeln!(out, "{}", path.display())?;
    for item in &file.items {
        let kind = match item {
            Item::Directive(_) => "Directive",
            Item::Comment(_) => "Comment",
            Item::Blank(_) => "Blank",
            Item::Instruction(_) => "Instruction",
        };
        writeln!(out, "{kind} \"{}\"", item.text().escape_ascii())?;
        if let Item::Instruction(i) = item {
            nodes(i, out)?;
        }
    }
    Ok(())
}

fn nodes(instruction: &Instruction, out: &mut dyn Write) -> io::Result<()> {
    // where the open nodes end: as many as there are, so deep is the next one
    let mut open: Vec<u32> = Vec::new();
    for (index, node) in instruction.nodes.iter().enumerate() {
        open.retain(|end| *end as usize > index);
        let indent = 4 * (open.len() + 1);
        let text = instruction.node_text(*node).escape_ascii();
        writeln!(out, "{:indent$}{:?} \"{text}\"", "", node.kind)?;
        open.push(node.next);
    }
    Ok(())
}

/// One JSON line a file: the shape of each RUN that sh or bash reads.
///
/// # Errors
/// Where `out` cannot be written.
pub fn shell(path: &Path, source: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let file = syntax::parse(source);
    let mut texts: Vec<Value> = Vec::new();
    let mut line = 1;
    for item in &file.items {
        if let Item::Instruction(i) = item
            && i.keyword == Keyword::Run
            && let Some((script, _)) = i.find(Kind::Script)
        {
            let (shape, opaque) = shell::shape(i.logical_text(), &i.nodes, script);
            texts.push(json!({"line": line, "opaque": opaque, "shape": shape}));
        }
        line += memchr::memchr_iter(b'\n', item.text()).count();
    }
    writeln!(out, "{}", json!({"path": path.to_string_lossy(), "shell": texts}))
}

/// One JSON line a file: what a build without arguments runs and the configuration of its image, upon images for
/// linux/amd64 that have a PATH, a command and an entry point.
///
/// # Errors
/// Where `out` cannot be written.
pub fn model(path: &Path, source: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let file = syntax::parse(source);
    let image = Config {
        env: Env::from_iter([("PATH".to_string(), "/usr/bin".to_string())]),
        cmd: vec!["basecmd".to_string()],
        entrypoint: vec!["baseep".to_string()],
        ..Config::default()
    };
    let given = Given { platform: Platform { os: "linux", arch: "amd64" }, image };
    let mut line = json!({"path": path.to_string_lossy()});
    match image::of(&file, &given) {
        Ok(Built { config, runs }) => {
            line["run_args"] = json!(runs);
            line["image_config"] = config_json(&config);
        }
        Err(why) => line["error"] = json!(why.0),
    }
    writeln!(out, "{line}")
}

/// A configuration as the image has it: what is empty is left out.
fn config_json(config: &Config) -> Value {
    let set = |names: Vec<String>| Value::Object(names.into_iter().map(|n| (n, json!({}))).collect());
    let mut all = json!({
        "User": config.user, "ExposedPorts": set(config.ports.names()), "Env": config.env.entries(),
        "Entrypoint": config.entrypoint, "Cmd": config.cmd, "Volumes": set(config.volumes.iter().cloned().collect()),
        "WorkingDir": config.working_dir, "Labels": config.labels, "StopSignal": config.stop_signal,
        "ArgsEscaped": config.args_escaped, "Healthcheck": config.health.as_ref().map(health_json),
        "OnBuild": config.on_build, "Shell": config.shell,
    });
    drop_empty(&mut all);
    all
}

fn health_json(health: &Health) -> Value {
    let mut all = json!({
        "Test": health.test, "Interval": health.interval, "Timeout": health.timeout,
        "StartPeriod": health.start_period, "StartInterval": health.start_interval, "Retries": health.retries,
    });
    drop_empty(&mut all);
    all
}

fn drop_empty(object: &mut Value) {
    let empty = [json!(null), json!(false), json!(0), json!(""), json!([]), json!({})];
    if let Value::Object(fields) = object {
        fields.retain(|_, value| !empty.contains(value));
    }
}

/// One JSON line a file: the pairs of instructions that may not change places.
///
/// # Errors
/// Where `out` cannot be written.
pub fn graph(path: &Path, source: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let edges = graph::edges(&syntax::parse(source));
    writeln!(out, "{}", json!({"path": path.to_string_lossy(), "edges": edges}))
}

/// One JSON line a file: what each RUN does, command by command, in places that it reads and writes.
///
/// # Errors
/// Where `out` cannot be written.
pub fn commands(path: &Path, source: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let file = syntax::parse(source);
    let stages = stage::stages(&file);
    let scenes = Scenes::of(&file, &stages);
    let steps = stages.iter().enumerate().flat_map(|(n, stage)| stage.steps.iter().map(move |s| (n, s)));
    let runs: Vec<Value> = steps
        .filter_map(|(stage, step)| {
            let effect = scenes.effect(step)?;
            let commands: Vec<Value> =
                effect.commands.iter().map(|c| known_json(&c.name, &c.outcome)).collect();
            let mut run = known_json("", &effect.whole);
            run["line"] = json!(step.line);
            run["stage"] = json!(stage);
            run["commands"] = json!(commands);
            Some(run)
        })
        .collect();
    writeln!(out, "{}", json!({"path": path.to_string_lossy(), "runs": runs}))
}

fn known_json(name: &str, outcome: &Result<Effect, Barrier>) -> Value {
    match outcome {
        Ok(e) => {
            json!({"name": name, "known": true, "reads": names_of(&e.reads), "writes": names_of(&e.writes),
            "shell": e.state.names().collect::<Vec<_>>(), "network": e.network})
        }
        Err(why) => json!({"name": name, "known": false, "barrier": why.0}),
    }
}

fn names_of(places: &[Place]) -> Vec<&str> {
    places.iter().map(Place::name).collect()
}
