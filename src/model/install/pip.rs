//! pip: `pip install -r F`.
//!
//! It reads the requirements files with all that they name, and writes where Python has its packages. pip before Python
//! 3.10 asks distutils where to install, which reads the setup.cfg of the folder that it runs in.

use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::{Command, table};
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
    let install = table::pip_install(command).map(|i| Box::new(Pip { files: i.files }) as Box<dyn Install>);
    Some(install.map_err(Obstacle::new))
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
            if name.starts_with('/') {
                return Err(Obstacle::new(format!("it names {name} by its whole path")));
            }
            let stand = Stand { top: place.top, cwd: place.cwd };
            let files = requirements::closure(place.context, stand, name);
            for file in files.map_err(|e| Obstacle::new(e.to_string()))? {
                gather.require_at(&file)?;
            }
        }
        no_settings_of_distutils(gather)
    }
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
