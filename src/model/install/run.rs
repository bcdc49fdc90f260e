//! A RUN that installs dependencies and does nothing else that could touch the source.

use super::{Gather, Install, MANAGERS, Manager, Needs, Obstacle, Place, Variables};
use crate::model::command::{Command, Run, Word, table};
use crate::model::context::{Context, path};
use crate::model::stage::{self, Step};
use crate::model::{place, variables};
use crate::syntax::tree::{Dockerfile, Instruction};

/// What is known of a RUN.
pub struct Reading {
    /// Its calls of package managers, in order.
    pub calls: Vec<Call>,
    /// Places outside of the source that other commands of it name: each has to be apart from what is copied.
    places: Vec<String>,
    /// Whether packages of the system are among what it works on: these may have files of their own in some folders.
    has_packages: bool,
}

/// A call of a package manager.
pub struct Call {
    /// Which one.
    pub manager: &'static Manager,
    /// What is asked of it.
    pub install: Box<dyn Install>,
    /// The folder that it runs in, from the one that the RUN begins in: by `cd` before it.
    folder: String,
}

/// Whether a RUN asks a package manager for an install, or may.
pub fn calls_manager(i: &Instruction) -> bool {
    let installs = |c: &Command| c.name().and_then(manager).is_some_and(|m| (m.read)(c).is_some());
    match Run::of(i) {
        Ok(run) => run.commands.iter().any(installs),
        Err(_) => {
            MANAGERS.iter().flat_map(|m| m.programs).any(|p| variables::is_named(p.as_bytes(), i.line()))
        }
    }
}

/// Reads a RUN.
///
/// # Errors
/// What may touch the source, beside installs.
pub fn of_run(i: &Instruction) -> Result<Reading, Obstacle> {
    read(i, &Run::of(i).map_err(|why| Obstacle::new(why.0))?)
}

fn manager(program: &str) -> Option<&'static Manager> {
    MANAGERS.iter().copied().find(|m| m.programs.contains(&program))
}

fn read(i: &Instruction, run: &Run) -> Result<Reading, Obstacle> {
    let mut reading = Reading { calls: Vec::new(), places: Vec::new(), has_packages: false };
    reading.mounts(i)?;
    let mut folder = String::new();
    for command in &run.commands {
        let name = command.name().unwrap_or_default();
        if name == "cd" {
            folder = changed(&folder, command)?;
        } else if let Some(manager) = manager(name) {
            no_pattern(command)?;
            let install = (manager.read)(command).ok_or_else(|| may_touch(command))?;
            let install = install.map_err(|why| reading.behind(why))?;
            reading.places.extend(install.places());
            reading.calls.push(Call { manager, install, folder: folder.clone() });
        } else if table::ignores_files(command) {
            reading.has_packages = true;
        } else {
            reading.places.extend(places(command).ok_or_else(|| may_touch(command))?);
        }
    }
    Ok(reading)
}

fn may_touch(command: &Command) -> Obstacle {
    let words = command.words.iter().take(3).map(|w| String::from_utf8_lossy(w.text));
    let text = words.collect::<Vec<_>>().join(" ");
    Obstacle::new(format!(
        "`{text}` may read or write the source; it would have to stand in a RUN of its own, below the install"
    ))
}

fn no_pattern(command: &Command) -> Result<(), Obstacle> {
    match command.args().iter().find(|w| w.is_pattern()) {
        Some(word) => {
            let word = String::from_utf8_lossy(word.text);
            Err(Obstacle::new(format!("the shell may put names of files in the place of `{word}`")))
        }
        None => Ok(()),
    }
}

/// The folder after a `cd`.
fn changed(folder: &str, command: &Command) -> Result<String, Obstacle> {
    match command.values().as_deref() {
        Some([to]) if !to.starts_with('-') && !to.is_empty() => {
            Ok(if to.starts_with('/') || folder.is_empty() {
                (*to).to_string()
            } else {
                format!("{folder}/{to}")
            })
        }
        _ => Err(Obstacle::new("it is not known where `cd` goes")),
    }
}

/// The places that a small command names, all of them absolute and none a pattern. An option that is not known may
/// name one too (`--reference=…`), and so may a word behind a mode that looks like an option (`chmod -x …`).
fn places(command: &Command) -> Option<Vec<String>> {
    let (skipped, letters) = match command.name()? {
        "mkdir" => (0, "pv"),
        "rm" => (0, "rRfvd"),
        "touch" => (0, "acm"),
        "chmod" => (1, "Rcfv"),
        "chown" => (1, "Rcfvh"),
        _ => return None,
    };
    let values = command.values().filter(|_| !command.args().iter().any(Word::is_pattern))?;
    let (options, operands): (Vec<&str>, Vec<&str>) = values.into_iter().partition(|v| v.starts_with('-'));
    let is_known = |option: &&str| match option.strip_prefix("--") {
        Some(name) => matches!(name, "parents" | "recursive" | "force" | "verbose"),
        None => option.len() > 1 && option[1..].chars().all(|c| letters.contains(c)),
    };
    let found: Vec<String> = operands.into_iter().skip(skipped).map(String::from).collect();
    (options.iter().all(is_known) && found.iter().all(|p| p.starts_with('/'))).then_some(found)
}

impl Reading {
    /// Whether any of its installs needs something of the folder that it runs in.
    pub fn reads_source(&self) -> bool {
        self.calls.iter().any(|c| c.install.reads_source())
    }

    /// What stands behind an install can be put into a RUN of its own.
    fn behind(&self, why: Obstacle) -> Obstacle {
        if why.is_small || !self.reads_source() {
            return why;
        }
        let what = why.reason.split(';').next().unwrap_or_default();
        Obstacle::small(format!("{what}; put it in a RUN of its own, below the install"))
    }

    /// A mount of the source would bring it in; that of a cache, a secret or a socket only hides a place.
    fn mounts(&mut self, i: &Instruction) -> Result<(), Obstacle> {
        for flag in i.flags() {
            let text = String::from_utf8_lossy(flag);
            let mount = text.strip_prefix("--mount=").unwrap_or_default();
            let field =
                |name: &str| mount.split(',').find_map(|f| f.split_once('=').filter(|(k, _)| *k == name));
            let target = ["target", "dst", "destination"].iter().find_map(|n| field(n)).map(|(_, v)| v);
            let kind = field("type").map_or("bind", |(_, v)| v);
            if let Some((_, name)) = field("env") {
                // a secret as a variable may tell where to look
                return Err(Obstacle::new(format!("{name}, a secret, may lead it to the source")));
            }
            match (kind, target) {
                ("secret" | "ssh", None) => {}
                ("cache" | "secret" | "ssh", Some(at)) if at.starts_with('/') && !at.contains('$') => {
                    self.places.push(at.to_string());
                }
                _ => return Err(Obstacle::new(format!("{text} may bring in the source"))),
            }
        }
        Ok(())
    }

    /// What its installs need, where `top` of the context is copied to `target` in the image.
    ///
    /// # Errors
    /// What is not known, or stands in the way.
    pub fn needs(
        &self,
        (file, step): (&Dockerfile, &Step),
        variables: &Variables,
        context: &Context,
        top: &str,
        target: &str,
    ) -> Result<Needs, Obstacle> {
        let mut all = Needs::default();
        for call in &self.calls {
            let cwd = match call.cwd(step, top, target) {
                Ok(cwd) => cwd,
                Err(_) if !call.install.minds_folder() => continue,
                Err(why) => return Err(why),
            };
            let mut gather = Gather::new(Place { context, top, cwd: &cwd, target, variables, file });
            call.install.needs(&mut gather)?;
            let needs = gather.finish();
            all.files.extend(needs.files);
            all.folders.extend(needs.folders);
            all.writes.extend(needs.writes);
            all.obstacles.extend(needs.obstacles);
        }
        Ok(all)
    }

    /// Whether all that its other commands work on lies apart from the folder that is copied; `i` is the RUN.
    ///
    /// # Errors
    /// The place that does not.
    pub fn is_apart_from(&self, target: &str, i: &Instruction) -> Result<(), Obstacle> {
        let meets = |p: &&String| {
            let clean = stage::resolve(None, p);
            clean.is_none_or(|p| place::below(&p, target).is_some() || place::below(target, &p).is_some())
        };
        if let Some(p) = self.places.iter().find(meets) {
            return Err(Obstacle::new(format!("it also works on {p}, which the source may hold")));
        }
        if self.has_packages && place::is_shared_with_packages(target, i.line()) {
            return Err(Obstacle::new(format!("a package may have files in {target}")));
        }
        Ok(())
    }
}

impl Call {
    /// The folder of the context that stands where it runs.
    fn cwd(&self, step: &Step, top: &str, target: &str) -> Result<String, Obstacle> {
        let start = || step.cwd.as_deref().ok_or("it is not known where it runs: no WORKDIR stands above it");
        let cwd = match self.folder.as_str() {
            "" => start()?.to_string(),
            folder if folder.starts_with('/') => stage::resolve(None, folder).unwrap_or_default(),
            folder => stage::resolve(Some(start()?), folder).unwrap_or_default(),
        };
        let inside = place::below(&cwd, target);
        let inside =
            inside.ok_or_else(|| Obstacle::new(format!("it runs in {cwd}, outside of what is copied")))?;
        Ok(path::join(top, inside))
    }
}

impl From<&str> for Obstacle {
    fn from(reason: &str) -> Self {
        Self::new(reason)
    }
}

/// Whether a usual shell reads the step: one of the source could be a wrapper.
///
/// # Errors
/// Why not.
pub fn shell_is_usual(step: &Step) -> Result<(), Obstacle> {
    if step.has_unusual_shell {
        Err(Obstacle::new("a shell that is not one of the usual reads it"))
    } else {
        Ok(())
    }
}
