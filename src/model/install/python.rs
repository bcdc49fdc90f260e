//! `python -m pip install -r F`, and other modules that install.
//!
//! Python searches the folder that it runs in before its own: [`python_path`](super::python_path) holds that the source
//! puts nothing in the way.

use super::{Asked, Gather, Install, MANAGERS, Manager, Obstacle, python_path};
use crate::model::command::{Command, Word};

/// Python, where it runs a package manager.
pub const MANAGER: Manager = Manager {
    name: "Python",
    programs: &[
        "python",
        "python3",
        "python3.8",
        "python3.9",
        "python3.10",
        "python3.11",
        "python3.12",
        "python3.13",
        "python3.14",
    ],
    read,
    heeds,
    home: PIP_HOME,
};

/// What pip reads in a home, and what virtual environments do.
const PIP_HOME: &[&str] =
    &[".config/pip", ".pip", ".pydistutils.cfg", ".numpy-site.cfg", ".condarc", ".cargo"];

fn heeds(name: &str) -> bool {
    MANAGERS.iter().any(|m| matches!(m.name, "pip" | "pipenv" | "poetry" | "uv") && (m.heeds)(name))
}

fn read(command: &Command) -> Option<Asked> {
    // options that change neither where modules are searched nor what is run
    let flags = command.args().iter().take_while(|w| matches!(w.text, b"-u" | b"-B" | b"-s")).count();
    let (option, rest) = command.args().get(flags..)?.split_first()?;
    if option.text != b"-m" {
        return None;
    }
    let module = rest.first()?.value.as_deref()?;
    let asked = match module {
        "venv" => return Some(venv(&rest[1..])),
        "pip" | "pipenv" | "poetry" | "uv" => {
            let manager = MANAGERS.iter().find(|m| m.programs.contains(&module))?;
            (manager.read)(&Command { words: rest.to_vec() })?
        }
        _ => return None,
    };
    Some(asked.map(|inner| Box::new(ByModule { inner }) as Box<dyn Install>))
}

/// An install by a module.
struct ByModule {
    inner: Box<dyn Install>,
}

impl Install for ByModule {
    fn reads_source(&self) -> bool {
        self.inner.reads_source()
    }

    fn minds_folder(&self) -> bool {
        self.inner.minds_folder()
    }

    fn places(&self) -> Vec<String> {
        self.inner.places()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        python_path::is_clear(gather)?;
        self.inner.needs(gather)
    }
}

/// A virtual environment, elsewhere or in the source.
struct Venv {
    folder: String,
}

fn venv(words: &[Word]) -> Asked {
    const FLAGS: [&str; 6] =
        ["--system-site-packages", "--copies", "--symlinks", "--clear", "--upgrade-deps", "--without-pip"];
    let values: Option<Vec<&str>> = words.iter().map(|w| w.value.as_deref()).collect();
    let values = values.ok_or_else(|| Obstacle::new("a word of `python -m venv` holds a variable"))?;
    let names: Vec<&str> = values.into_iter().filter(|w| !FLAGS.contains(w)).collect();
    match names[..] {
        [folder] if !folder.starts_with('-') && !folder.contains("..") => {
            Ok(Box::new(Venv { folder: folder.trim_start_matches("./").trim_end_matches('/').to_string() }))
        }
        _ => Err(Obstacle::new("it is not known where `python -m venv` writes")),
    }
}

impl Install for Venv {
    fn reads_source(&self) -> bool {
        false
    }

    fn minds_folder(&self) -> bool {
        !self.folder.starts_with('/')
    }

    fn places(&self) -> Vec<String> {
        Some(self.folder.clone()).filter(|f| f.starts_with('/')).into_iter().collect()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        python_path::is_clear(gather)?;
        if !self.folder.starts_with('/') {
            gather.leave(&self.folder);
        }
        Ok(())
    }
}
