//! Mix: `mix deps.get`, `mix deps.compile`, and what is set up for them.
//!
//! Each task runs mix.exs and the scripts in config first. `deps.get` writes `deps`, and mix.lock where it is not told to
//! leave it; `deps.compile` writes `_build`. Code of packages is taken to read nothing of the source but config.

use super::switches::Switches;
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use crate::model::context::{Kind, path};
use crate::model::manifests::mix_exs;

/// Mix.
pub const MANAGER: Manager = Manager {
    name: "mix",
    programs: &["mix"],
    read,
    heeds,
    home: &[".mix", ".hex", ".config/rebar3", ".erlang", ".erlang.cookie"],
};

fn heeds(name: &str) -> bool {
    const HARMLESS: [&str; 8] = [
        "MIX_ENV",
        "MIX_QUIET",
        "MIX_DEBUG",
        "HEX_API_KEY",
        "HEX_HTTP_TIMEOUT",
        "HEX_HTTP_CONCURRENCY",
        "ELIXIR_VERSION",
        "ERLANG_VERSION",
    ];
    let told = ["MIX_", "HEX_", "ELIXIR_", "ERL_", "ERLANG_", "REBAR"].iter().any(|p| name.starts_with(p));
    told && !HARMLESS.contains(&name)
}

const SWITCHES: Switches = Switches {
    program: "mix",
    flags: &[
        "--force",
        "--if-missing",
        "--check-locked",
        "--no-archives-check",
        "--no-compile",
        "--quiet",
        "--all",
    ],
    valued: &["--only", "--target"],
    glued: &[],
};

fn read(command: &Command) -> Option<Asked> {
    let verb = command.args().first()?.value.as_deref()?;
    let is_known = |w: &str| task(w.trim_end_matches(',')).is_some();
    let among = || command.args().iter().filter_map(|w| w.value.as_deref()).any(is_known);
    if !is_known(verb) && (verb != "do" || !among()) {
        return None;
    }
    Some(tasks(command).map(|mix| Box::new(mix) as Box<dyn Install>))
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    SetsUp,
    Gets,
    Compiles,
}

fn task(name: &str) -> Option<Task> {
    match name {
        "local.hex" | "local.rebar" => Some(Task::SetsUp),
        "deps.get" => Some(Task::Gets),
        "deps.compile" => Some(Task::Compiles),
        _ => None,
    }
}

fn tasks(command: &Command) -> Result<Mix, Obstacle> {
    let variable = || Obstacle::small("a word of `mix` holds a variable; write its value out");
    let values = command.values().ok_or_else(variable)?;
    let words = if values.first() == Some(&"do") { &values[1..] } else { &values[..] };
    let mut mix = Mix { tasks: Vec::new(), is_locked: false };
    for words in words.split_inclusive(|w| w.ends_with(',') || *w == "+") {
        let words: Vec<&str> = words.iter().map(|w| w.trim_end_matches(',')).filter(|w| *w != "+").collect();
        let Some((name, rest)) = words.split_first() else { continue };
        let task = task(name).ok_or_else(|| {
            Obstacle::small(format!(
                "`mix {name}` may read or write the source; put it in a RUN of its own, below that of the dependencies"
            ))
        })?;
        let taken = SWITCHES.take(rest)?;
        if let Some(word) = taken.operands.first().filter(|_| task != Task::Compiles) {
            return Err(SWITCHES.unknown(word));
        }
        mix.is_locked |= rest.contains(&"--check-locked");
        mix.tasks.push(task);
    }
    Ok(mix)
}

/// A call.
struct Mix {
    tasks: Vec<Task>,
    is_locked: bool,
}

impl Install for Mix {
    fn reads_source(&self) -> bool {
        self.tasks.iter().any(|t| *t != Task::SetsUp)
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let has_project = gather.take("mix.exs")?;
        if !has_project && self.reads_source() {
            return Err(Obstacle::new(format!("{} is not in the build context", gather.at("mix.exs"))));
        }
        gather.must_be_free(".erlang", "a script of Erlang");
        no_code_of_erlang(gather)?;
        if has_project {
            self.project(gather)?;
        }
        if self.tasks.contains(&Task::Gets) {
            self.lock(gather)?;
        } else {
            gather.take("mix.lock")?;
        }
        if self.reads_source() {
            gather.leave("deps");
            gather.leave("_build");
        }
        Ok(())
    }
}

impl Mix {
    fn lock(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        if !gather.take("mix.lock")? {
            gather.leave("mix.lock");
        } else if !self.is_locked {
            let at = gather.at("mix.lock");
            gather.obstacle(Obstacle::small(format!("`mix deps.get` may rewrite {at}; add --check-locked")));
        }
        Ok(())
    }

    fn project(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let at = gather.at("mix.exs");
        let mix = project(gather, &at, false)?;
        config(gather)?;
        let Some(apps) = mix.apps else { return Ok(()) };
        if self.tasks.contains(&Task::Compiles) {
            return Err("`mix deps.compile` may compile the apps of the umbrella".into());
        }
        apps_of(gather, &apps)
    }
}

/// Erlang looks for its own modules first where it stands.
fn no_code_of_erlang(gather: &Gather) -> Result<(), Obstacle> {
    let is_code = |name: &str| matches!(name.rsplit_once('.'), Some((_, "beam" | "ez" | "boot")));
    let cwd = gather.at("");
    match listed(gather, &cwd)?.iter().find(|(name, _)| is_code(name)) {
        Some((name, _)) => Err(Obstacle::new(format!("Erlang may load {}", path::join(&cwd, name)))),
        None => Ok(()),
    }
}

fn project(gather: &Gather, at: &str, is_app: bool) -> Result<mix_exs::Mix, Obstacle> {
    mix_exs::read(&gather.text(at)?, is_app).map_err(|why| Obstacle::new(format!("{at}: {why}")))
}

/// The scripts of config. What is read only when the program starts is copied with them, and says nothing here.
fn config(gather: &mut Gather) -> Result<(), Obstacle> {
    if !gather.take_folder("config")? {
        return Ok(());
    }
    let mut open = vec![gather.at("config")];
    while let Some(folder) = open.pop() {
        for (name, kind) in listed(gather, &folder)? {
            let at = path::join(&folder, &name);
            if kind == Kind::Dir {
                open.push(at);
            } else if !matches!(name.as_str(), "runtime.exs" | "releases.exs") {
                let judged = mix_exs::config(&gather.text(&at)?);
                judged.map_err(|why| Obstacle::new(format!("{at}: {why}")))?;
            }
        }
    }
    Ok(())
}

/// The apps of an umbrella: each folder with a mix.exs.
fn apps_of(gather: &mut Gather, apps: &str) -> Result<(), Obstacle> {
    if !path::is_clean(apps) || apps.is_empty() {
        return Err(Obstacle::new(format!("the apps lie in `{apps}`, which dfmt cannot follow")));
    }
    let folder = gather.at(apps);
    for (name, _) in listed(gather, &folder)? {
        let at = path::join(&path::join(&folder, &name), "mix.exs");
        if gather.take_at(&at)? {
            project(gather, &at, true)?;
        }
    }
    Ok(())
}

fn listed(gather: &Gather, folder: &str) -> Result<Vec<(String, Kind)>, Obstacle> {
    let listing = gather.place.context.list(folder).filter(|l| l.complete);
    let listing = listing.ok_or_else(|| Obstacle::new(format!("{folder} cannot be listed")))?;
    Ok(listing.entries)
}
