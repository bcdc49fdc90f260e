//! Finds the configuration of a folder: the nearest `dfmt.toml` or `.dfmt.toml` upward.
//!
//! The search ends at a folder that holds `.git`, or at the root. Each folder is looked at once in a run.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::broken::Broken;
use super::editorconfig::EditorConfig;
use super::file::ConfigFile;
use crate::proof::engine::RuleInfo;

/// The names of a configuration file.
pub const NAMES: [&str; 2] = ["dfmt.toml", ".dfmt.toml"];

/// A configuration that holds for a folder: none, one, or one that cannot be used.
pub type Answer = Result<Option<Arc<ConfigFile>>, Arc<Broken>>;

/// What is known of a folder.
#[derive(Clone)]
pub struct Folder {
    /// Its real path.
    pub real: Arc<Path>,
    /// The configuration that holds in it.
    pub file: Answer,
    /// The `.editorconfig` files that may speak of its files, from the nearest to the outermost.
    pub editors: Arc<[Arc<EditorConfig>]>,
}

/// All folders that were looked at.
pub struct Search {
    rules: Arc<[RuleInfo]>,
    /// The folder that shown paths are seen from.
    here: PathBuf,
    folders: HashMap<PathBuf, Folder>,
}

impl Search {
    /// Nothing is known yet.
    pub fn new(rules: Arc<[RuleInfo]>, here: PathBuf) -> Self {
        Self { rules, here, folders: HashMap::new() }
    }

    /// What is known of the folder at the real path `path`.
    pub fn folder(&mut self, path: &Path) -> Folder {
        let unknown: Vec<&Path> =
            path.ancestors().take_while(|folder| !self.folders.contains_key(*folder)).collect();
        for folder in unknown.into_iter().rev() {
            let above = folder.parent().and_then(|parent| self.folders.get(parent)).cloned();
            let known = self.look(folder, above);
            self.folders.insert(folder.to_path_buf(), known);
        }
        self.folders[path].clone()
    }

    /// Looks at a folder; `above` is what is known of its parent.
    fn look(&self, folder: &Path, above: Option<Folder>) -> Folder {
        let (outer, editors) = match above {
            Some(above) => (above.file, above.editors),
            None => (Ok(None), Arc::from([])),
        };
        let file = match self.own(folder) {
            Ok(None) if folder.join(".git").exists() => Ok(None),
            Ok(None) => outer,
            own => own,
        };
        let editors = match EditorConfig::in_folder(folder, |path| self.shown(path)) {
            None => editors,
            Some(own) => {
                let outer = if own.is_root { &[][..] } else { &editors[..] };
                std::iter::once(Arc::new(own)).chain(outer.iter().cloned()).collect()
            }
        };
        Folder { real: folder.into(), file, editors }
    }

    /// The configuration that stands in a folder itself.
    fn own(&self, folder: &Path) -> Answer {
        let there = NAMES.map(|name| folder.join(name)).into_iter().filter(|p| p.is_file());
        match &there.collect::<Vec<_>>()[..] {
            [] => Ok(None),
            [one] => self.read(one, folder).map(Some),
            [one, ..] => {
                let [name, other] = NAMES;
                let why = format!("{other} stands beside it: only one of {name} and {other} can hold");
                Err(Arc::new(Broken::whole(&self.shown(one), why)))
            }
        }
    }

    /// Reads the configuration at `path`, whose globs are seen from `folder`.
    pub fn read(&self, path: &Path, folder: &Path) -> Result<Arc<ConfigFile>, Arc<Broken>> {
        let shown = self.shown(path);
        let read = || {
            let bytes = fs::read(path).map_err(|e| Broken::whole(&shown, reason(&e)))?;
            let text = String::from_utf8(bytes).map_err(|_| Broken::whole(&shown, "it is no UTF-8 text"))?;
            ConfigFile::read(&shown, folder, &text, &self.rules)
        };
        read().map(Arc::new).map_err(Arc::new)
    }

    /// A real path as messages show it.
    fn shown(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.here).unwrap_or(path).to_path_buf()
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or folder".to_string(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => error.to_string(),
    }
}
