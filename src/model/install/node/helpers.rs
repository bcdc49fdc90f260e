//! Calls that install nothing of the project: programs for everybody, settings, caches.

use super::super::{Gather, Install, Obstacle};
use super::settings;
use super::words::is_package;
use crate::model::context::path;
use crate::model::manifests::node::npmrc;

/// Installs packages of a registry for everybody.
pub struct Programs {
    names: Vec<String>,
}

impl Programs {
    /// Those of these names.
    ///
    /// # Errors
    /// A word that may name something else.
    pub fn new(names: &[String]) -> Result<Self, Obstacle> {
        match names.iter().find(|name| !is_package(name)) {
            Some(word) => Err(Obstacle::new(format!("`{word}` may be something of the source"))),
            None if names.is_empty() => Err(Obstacle::new("it installs the project itself for everybody")),
            None => Ok(Self { names: names.to_vec() }),
        }
    }
}

impl Install for Programs {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        settings::npmrc(gather)?;
        settings::yarnrc(gather)?;
        // npm before 5 takes a folder of that name, if there is one
        for name in self.names.iter().filter(|name| path::is_clean(name)) {
            gather.must_be_free(name, "a folder that npm may take for the package");
        }
        Ok(())
    }
}

/// Reads settings, and works on a cache.
pub struct Cache;

impl Install for Cache {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        settings::npmrc(gather)?;
        settings::yarnrc(gather)
    }
}

/// Tells something, or works on what lies beside the manager.
pub struct Nothing;

impl Install for Nothing {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, _: &mut Gather) -> Result<(), Obstacle> {
        Ok(())
    }
}

/// Writes a setting into a file of a home.
pub struct Setting {
    file: &'static str,
}

impl Setting {
    /// Reads `set KEY VALUE` and `set KEY=VALUE`, without the `set`.
    ///
    /// # Errors
    /// A setting that may lead to other files.
    pub fn new(words: &[String], file: &'static str) -> Result<Self, Obstacle> {
        let pair = match words {
            [key, value] if !key.contains('=') => Some((key.as_str(), value.as_str())),
            [pair] => pair.split_once('='),
            _ => None,
        };
        match pair {
            Some((key, value)) if npmrc::is_harmless(key, value) => Ok(Self { file }),
            _ => Err(Obstacle::new(format!(
                "dfmt does not know where the setting `{}` leads",
                words.join(" ")
            ))),
        }
    }
}

impl Install for Setting {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        // the folder that is copied may be the home
        gather.leave_at(&path::join(gather.place.top, self.file));
        Ok(())
    }
}
