//! conda, mamba, micromamba: `conda env create -f F`, `conda install NAME`.
//!
//! It reads the environment file. For its `pip:` section it runs `python -m pip` in the folder of that file, with a
//! requirements file that it writes there for the time. Sources: docs.conda.io, `conda_env/installers/pip.py`.

use super::words::{self, Options, Words, is_remote, path_of};
use super::{Asked, Gather, Install, Manager, Obstacle, pip, python_path};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::conda::{self, Environment};
use crate::model::manifests::requirements::{self, Stand};

/// conda.
pub const MANAGER: Manager = Manager {
    name: "conda",
    programs: &["conda", "mamba", "micromamba"],
    read,
    heeds,
    home: &[
        ".conda",
        ".condarc",
        ".mambarc",
        ".mamba",
        ".config/conda",
        ".config/pip",
        ".pip",
        ".pydistutils.cfg",
        ".cargo",
    ],
};

fn heeds(name: &str) -> bool {
    const HARMLESS: &[&str] = &[
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
        "PIP_NO_CACHE_DIR",
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "CONDA_VERSION",
        "MAMBA_DOCKERFILE_ACTIVATE",
        "CONDA_AUTO_UPDATE_CONDA",
    ];
    let told = ["CONDA", "MAMBA", "PIP_", "PYTHON", "VIRTUAL_ENV"].iter().any(|p| name.starts_with(p));
    told && !HARMLESS.contains(&name)
}

const OPTIONS: Options = Options {
    flags: &[
        "-y",
        "--yes",
        "-q",
        "--quiet",
        "-v",
        "--verbose",
        "--prune",
        "--force",
        "--override-channels",
        "--no-deps",
        "--freeze-installed",
        "--update-deps",
        "-a",
        "-f",
        "-afy",
        "-ay",
        "-tipsy",
        "--all",
        "--force-pkgs-dirs",
        "--tarballs",
        "--index-cache",
        "--packages",
        "-p",
        "-t",
        "-i",
        "-ya",
        "-yaf",
        "--strict-channel-priority",
    ],
    values: &["-n", "--name", "-c", "--channel", "--file", "--solver"],
};

/// The same where `-f` and `-p` take a value.
const WITH_FILE: Options = Options {
    flags: &["-y", "--yes", "-q", "--quiet", "-v", "--verbose", "--prune", "--force"],
    values: &["-n", "--name", "-f", "--file", "-p", "--prefix", "--solver"],
};

fn read(command: &Command) -> Option<Asked> {
    let second = || command.args().iter().filter(|w| !w.text.starts_with(b"-")).nth(1)?.value.as_deref();
    let is_micro = command.name() == Some("micromamba");
    match words::verb(command)? {
        "env" if matches!(second()?, "create" | "update") => Some(environment(command)),
        "install" | "create" if is_micro => Some(environment(command)),
        "install" | "create" => Some(names(command)),
        "clean" => Some(names(command)),
        _ => None,
    }
}

struct Conda {
    file: Option<String>,
    prefixes: Vec<String>,
}

fn environment(command: &Command) -> Asked {
    let words = Words::of(command, &WITH_FILE)?;
    let prefixes: Vec<String> = words.all(&["-p", "--prefix"]).map(str::to_string).collect();
    if prefixes.iter().any(|p| !p.starts_with('/')) {
        return Err(Obstacle::new("it makes the environment inside of the source"));
    }
    let files: Vec<&str> = words.all(&["-f", "--file"]).collect();
    let verbs = if words.rest.first() == Some(&"env") { 2 } else { 1 };
    words::are_names(words.rest.get(verbs..).unwrap_or_default())?;
    match files[..] {
        [] if verbs == 2 && words.rest.len() == 2 => {
            Ok(Box::new(Conda { file: Some("environment.yml".to_string()), prefixes }))
        }
        [] if verbs == 1 => Ok(Box::new(Conda { file: None, prefixes })),
        [file] if words.rest.len() == verbs && matches!(file.rsplit('.').next(), Some("yml" | "yaml")) => {
            Ok(Box::new(Conda { file: Some(file.to_string()), prefixes }))
        }
        _ => Err(Obstacle::new("it is not known what conda reads")),
    }
}

fn names(command: &Command) -> Asked {
    let words = Words::of(command, &OPTIONS)?;
    if let Some(file) = words.all(&["--file"]).next() {
        return Err(Obstacle::new(format!("it is not known what conda reads of {file}")));
    }
    words::are_names(&words.rest[1..])?;
    channels(&words.all(&["-c", "--channel"]).collect::<Vec<_>>(), "the command")?;
    Ok(Box::new(Conda { file: None, prefixes: Vec::new() }))
}

/// A channel is an address, or a name without a path.
fn channels(names: &[&str], at: &str) -> Result<(), Obstacle> {
    let is_name = |c: &&&str| {
        c.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !c.contains(['$', '~', '\\'])
            && !c.contains("file:")
    };
    match names.iter().find(|c| !is_remote(c) && !is_name(c)) {
        Some(channel) => {
            Err(Obstacle::new(format!("the channel `{channel}` of {at} may be a folder of the source")))
        }
        None => Ok(()),
    }
}

impl Install for Conda {
    fn reads_source(&self) -> bool {
        self.file.is_some()
    }

    fn places(&self) -> Vec<String> {
        self.prefixes.clone()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let Some(name) = &self.file else { return Ok(()) };
        let at = path_of(gather, name)?;
        gather.require_at(&at)?;
        let file = conda::read(&gather.text(&at)?);
        let file = file.map_err(|line| Obstacle::new(format!("`{line}` in {at} is not understood")))?;
        if file.has_prefix && self.prefixes.is_empty() {
            return Err(Obstacle::new(format!("{at} says in which folder the environment is")));
        }
        channels(&file.channels.iter().map(String::as_str).collect::<Vec<_>>(), &at)?;
        let packages: Vec<&str> =
            file.packages.iter().map(|p| p.rsplit("::").next().unwrap_or_default()).collect();
        words::are_names(&packages)?;
        if file.pip.is_empty() { Ok(()) } else { by_pip(gather, &at, &file) }
    }
}

/// pip runs in the folder of the environment file.
fn by_pip(gather: &mut Gather, at: &str, file: &Environment) -> Result<(), Obstacle> {
    let place = gather.place;
    let folder = path::parent(at);
    if folder != place.cwd {
        return Err(Obstacle::new(format!("pip runs in the folder of {at}")));
    }
    for line in &file.pip {
        let named =
            ["-r ", "-c ", "--requirement ", "--constraint "].iter().find_map(|o| line.strip_prefix(o));
        match named {
            Some(name) => {
                let files =
                    requirements::closure(place.context, Stand { top: place.top, cwd: folder }, name.trim());
                for file in files.map_err(|e| Obstacle::new(e.to_string()))? {
                    gather.require_at(&file)?;
                }
            }
            None => words::are_names(&[line.as_str()])?,
        }
    }
    pip::rust_is_pinned(gather)?;
    python_path::is_clear(gather)
}
