//! What the user asked for, made into a [`Config`]: flags, `dfmt.toml` with its overrides, `.editorconfig`.
//!
//! The one place below the command line that looks at files by itself, and only at those of the configuration. Paths of
//! Dockerfiles are only names here: a file need not exist to have settings, stdin may stand for one.

pub mod broken;
pub mod choice;
mod editorconfig;
mod file;
mod globs;
pub mod keys;
mod layer;
pub mod pragmas;
mod search;
mod show;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use choice::{UnknownRule, WrongChoice, named};

use crate::config::{Config, Selection};
use crate::proof::engine::RuleInfo;
use broken::Broken;
use file::ConfigFile;
use globs::Globs;
use layer::{Layer, Origin, Set};
use search::{Folder, Search};

/// What flags say.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--only`, `--also`, `--skip`, as they were given.
    pub rules: Selection,
    /// `--keep-cache`
    pub keep_cache: bool,
    /// Without `--only` only the layout is worked on, as an editor wants it on save.
    pub layout_only: bool,
    /// `--context`
    pub context: Option<PathBuf>,
    /// `--config`
    pub file: Option<PathBuf>,
    /// `--isolated`: no file is looked at.
    pub isolated: bool,
    /// `--exclude`, seen from the current folder.
    pub exclude: Vec<String>,
}

/// Why there are no settings at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Flags name a rule that does not exist, or two that contradict each other.
    Rules(WrongChoice),
    /// A flag has a glob that is none.
    Glob(String),
    /// The file that `--config` names is broken.
    File(Arc<Broken>),
}

/// What holds for each file.
pub struct Settings {
    flags: Layer,
    keep_cache: bool,
    layout_only: bool,
    isolated: bool,
    rules: Arc<[RuleInfo]>,
    exclude: Option<Globs>,
    /// The configuration that `--config` names: it holds for all files.
    fixed: Option<Arc<ConfigFile>>,
    search: Mutex<Known>,
}

/// What was found out so far.
struct Known {
    search: Search,
    /// Folders by the path that they were asked for with.
    folders: HashMap<PathBuf, Folder>,
}

/// What holds for one file.
#[derive(Clone, Debug)]
pub struct Held {
    /// How to format it.
    pub config: Config,
    /// Its build context, where one was named.
    pub context: Option<PathBuf>,
    layer: Layer,
    file: Option<Arc<ConfigFile>>,
}

impl Settings {
    /// The settings that `flags` ask for, where `rules` are all there are.
    ///
    /// # Errors
    /// Where a flag names something that does not exist, or a broken configuration.
    pub fn new(flags: Flags, rules: &[RuleInfo]) -> Result<Self, Unusable> {
        let here = real(Path::new("."));
        let exclude = match &flags.exclude[..] {
            [] => None,
            globs => Some(Globs::new(&here, globs).map_err(|(_, why)| Unusable::Glob(why))?),
        };
        let rules: Arc<[RuleInfo]> = rules.into();
        let search = Search::new(rules.clone(), here);
        let fixed = match &flags.file {
            Some(path) => {
                let folder = real(path.parent().unwrap_or(Path::new("")));
                Some(search.read(path, &folder).map_err(Unusable::File)?)
            }
            None => None,
        };
        Ok(Self {
            keep_cache: flags.keep_cache,
            layout_only: flags.layout_only,
            isolated: flags.isolated,
            flags: layer_of(flags, &rules).map_err(Unusable::Rules)?,
            rules,
            exclude,
            fixed,
            search: Mutex::new(Known { search, folders: HashMap::new() }),
        })
    }

    /// What holds for the file at `path`, which need not exist.
    ///
    /// # Errors
    /// Where its configuration is broken.
    pub fn of(&self, path: &Path) -> Result<Held, Arc<Broken>> {
        let (file, editors) = self.layers(path)?;
        let layer = editors.under(&file.as_ref().map_or(Layer::default(), |f| f.1.clone()), &self.rules);
        let layer = layer.under(&self.flags, &self.rules);
        Ok(Held {
            config: layer.config(self.keep_cache, self.layout_only, &self.rules),
            context: layer.context.as_ref().map(|c| c.value.clone()),
            layer,
            file: file.map(|f| f.0),
        })
    }

    /// What is wrong with the configuration of a file.
    pub fn broken(&self, path: &Path) -> Option<Arc<Broken>> {
        if self.isolated {
            return None;
        }
        let (folder, _) = self.place(path)?;
        self.file(&folder).err()
    }

    /// What the configuration and `.editorconfig` say of a file.
    #[expect(clippy::type_complexity, reason = "taken apart right where it is made")]
    fn layers(&self, path: &Path) -> Result<(Option<(Arc<ConfigFile>, Layer)>, Layer), Arc<Broken>> {
        if self.isolated {
            return Ok((None, Layer::default()));
        }
        let Some((folder, real)) = self.place(path) else { return Ok((None, Layer::default())) };
        let editors = match &folder.editors[..] {
            [] => Layer::default(),
            some => editorconfig::layer(some.iter().rev().map(AsRef::as_ref), &real),
        };
        let file = self.file(&folder)?;
        Ok((file.map(|file| (file.clone(), file.layer(&real, &self.rules))), editors))
    }

    fn file(&self, folder: &Folder) -> search::Answer {
        if let Some(fixed) = &self.fixed { Ok(Some(fixed.clone())) } else { folder.file.clone() }
    }

    /// The folder that a path lies in, and the path in its real form.
    fn place(&self, path: &Path) -> Option<(Folder, PathBuf)> {
        let name = path.file_name()?;
        let parent = path.parent().unwrap_or(Path::new(""));
        let mut known = self.search.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = if let Some(folder) = known.folders.get(parent) {
            folder.clone()
        } else {
            let folder = known.search.folder(&real(parent));
            known.folders.insert(parent.to_path_buf(), folder.clone());
            folder
        };
        let real = folder.real.join(name);
        Some((folder, real))
    }

    /// Whether a search leaves out what stands at `path`, in a folder that it does not leave out. A broken configuration
    /// excludes nothing: it is told of when a file asks for it.
    pub fn excludes(&self, path: &Path, is_dir: bool) -> bool {
        self.excluded_by(path, |globs, real| globs.name(real, is_dir))
    }

    /// Whether `path` or a folder that it lies in is left out: for files that are named outright.
    pub fn excludes_all_of(&self, path: &Path, is_dir: bool) -> bool {
        self.excluded_by(path, |globs, real| globs.hold(real, is_dir))
    }

    fn excluded_by(&self, path: &Path, holds: impl Fn(&Globs, &Path) -> bool) -> bool {
        let Some((folder, real)) = self.place(path) else { return false };
        let file = if self.isolated { None } else { self.file(&folder).ok().flatten() };
        let by_file = file.and_then(|f| f.exclude.as_ref().map(|set| holds(&set.value, &real)));
        by_file == Some(true) || self.exclude.as_ref().is_some_and(|globs| holds(globs, &real))
    }
}

/// The layer that flags are.
fn layer_of(flags: Flags, rules: &[RuleInfo]) -> Result<Layer, WrongChoice> {
    let Selection { only, also, skip } = choice::checked(&flags.rules, rules)?;
    let list = |names: Vec<String>, flag| (!names.is_empty()).then(|| Set::new(names, Origin::Flag(flag)));
    Ok(Layer {
        only: list(only, "--only"),
        also: list(also, "--also"),
        skip: list(skip, "--skip"),
        context: flags.context.map(|c| Set::new(c, Origin::Flag("--context"))),
        ..Layer::default()
    })
}

/// The real path of a folder. One that stdin stands in need not exist: then that of the nearest folder above that does.
fn real(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let known = whole.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match known {
        Some((above, real)) => whole.strip_prefix(above).map_or(whole.clone(), |rest| real.join(rest)),
        None => whole,
    }
}
