//! pip: `pip install -r F`.
//!
//! It reads the requirements files with all that they name, and writes where Python has its packages. pip before Python
//! 3.10 asks distutils where to install, which reads the setup.cfg of the folder that it runs in.

use super::words::{is_remote, path_of};
use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::{Command, table};
use crate::model::context::path;
use crate::model::manifests::requirements::{self, Stand};

/// pip.
pub const MANAGER: Manager = Manager {
    name: "pip",
    programs: &["pip", "pip3"],
    read,
    heeds,
    home: &[".config/pip", ".pip", ".pydistutils.cfg", ".numpy-site.cfg", ".condarc", ".cargo"],
};

/// Settings of pip and of Python that name no file.
const HARMLESS: &[&str] = &[
    "PIP_NO_CACHE_DIR",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_ROOT_USER_ACTION",
    "PIP_NO_INPUT",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONIOENCODING",
];

fn heeds(name: &str) -> bool {
    let told = ["PIP_", "PYTHON", "VIRTUAL_ENV"].iter().any(|p| name.starts_with(p));
    told && !HARMLESS.contains(&name)
}

fn read(command: &Command) -> Option<Asked> {
    let verb = command.args().iter().find(|w| !w.text.starts_with(b"-"));
    if verb?.value.as_deref() != Some("install") {
        return None;
    }
    let install = without_remote_links(command).and_then(|rest| {
        let found = table::pip_install(&rest).map_err(Obstacle::new)?;
        Ok(Box::new(Pip { files: found.files }) as Box<dyn Install>)
    });
    Some(install)
}

/// The command without the pages on which it looks for archives, each of them an address.
fn without_remote_links<'a>(command: &Command<'a>) -> Result<Command<'a>, Obstacle> {
    let mut words = Vec::new();
    let mut all = command.words.iter().cloned();
    while let Some(word) = all.next() {
        let value = word.value.as_deref().unwrap_or_default();
        let link = if matches!(value, "-f" | "--find-links") {
            all.next().and_then(|w| w.value).unwrap_or_default()
        } else if let Some(link) = value.strip_prefix("--find-links=") {
            link.to_string()
        } else {
            words.push(word);
            continue;
        };
        if !is_remote(&link) {
            return Err(Obstacle::new(format!(
                "`{link}` may be a folder of the source where pip looks for archives"
            )));
        }
    }
    Ok(Command { words })
}

struct Pip {
    /// What `-r` and `-c` name.
    files: Vec<String>,
}

impl Install for Pip {
    fn reads_source(&self) -> bool {
        !self.files.is_empty()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let place = gather.place;
        for name in &self.files {
            let (name, cwd) = match name.strip_prefix('/') {
                Some(_) => (&path_of(gather, name)?, ""),
                None => (name, place.cwd),
            };
            let files = requirements::closure(place.context, Stand { top: place.top, cwd }, name);
            for file in files.map_err(|e| Obstacle::new(e.to_string()))? {
                gather.require_at(&file)?;
            }
        }
        rust_is_pinned(gather)?;
        no_settings_of_distutils(gather)
    }
}

/// pip says to the index which Rust there is, and asks `rustc` for it: where that is rustup's, it looks for the version
/// that a project wants, and may fetch it.
pub fn rust_is_pinned(gather: &mut Gather) -> Result<(), Obstacle> {
    for folder in gather.folders_up() {
        for name in ["rust-toolchain", "rust-toolchain.toml"] {
            gather.take_at(&path::join(&folder, name))?;
        }
    }
    Ok(())
}

fn no_settings_of_distutils(gather: &mut Gather) -> Result<(), Obstacle> {
    let at = gather.at("setup.cfg");
    let text = gather.place.context.read(&at).unwrap_or_else(|| b"[install]".to_vec());
    let mut lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    if !gather.place.context.may_hold(&at).is_no() && lines.any(|l| l.starts_with(b"[install]")) {
        return Err(Obstacle::new(format!("{at} may tell pip where to install")));
    }
    Ok(())
}
