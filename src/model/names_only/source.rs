//! What could lead an install by name to what a COPY brings: a user whose home it is, a variable, settings of the package
//! manager, a folder of the name of a package.
//!
//! Each is asked for by its place in the image, so that the answer is the same on every machine. What is not known is
//! an error that says what stands in the way.

use super::super::context::{Context, Kind as EntryKind, Patterns, path};
use super::super::stage::{self, Copy, Stage, Step};
use super::super::{place, variables, volatile};
use super::{ByName, Manager};
use crate::syntax::node::Kind;
use crate::syntax::tree::{Dockerfile, Keyword};

/// Files by which package managers, and what they call, are told what to do: of the folder in which they run and those
/// above it, and of a home. Some choose among versions of a language.
const SETTINGS: &[&str] = &[
    ".local",
    ".cache",
    ".config",
    ".netrc",
    ".gitconfig",
    ".git-credentials",
    ".ssh",
    ".curlrc",
    ".cargo",
    ".tool-versions",
    "mise.toml",
    ".mise.toml",
    ".mise",
];

impl Manager {
    /// Those of one of them.
    const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Pip => &[
                ".pip",
                ".pydistutils.cfg",
                ".pypirc",
                "pip.conf",
                "pip.ini",
                ".condarc",
                ".numpy-site.cfg",
                ".python-version",
            ],
            Self::Npm => {
                &[".npmrc", ".npm", ".node-gyp", ".yarnrc", ".node-version", ".nvmrc", ".python-version"]
            }
            Self::Gem => &[".gemrc", ".gem", ".bundle", ".ruby-version"],
        }
    }

    /// A file of which some lines are, with what these hold: distutils is asked by an old pip, corepack stands in for
    /// npm.
    const fn part_of(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Pip => Some(("setup.cfg", &["[install]", "[easy_install]", "[build"])),
            Self::Npm => Some(("package.json", &["packageManager", "devEngines", "volta"])),
            Self::Gem => None,
        }
    }
}

/// Whether installs by name do the same above a COPY as below it.
///
/// # Errors
/// What stands in the way.
pub fn ignores_copy(
    file: &Dockerfile,
    stages: &[Stage],
    (copy, target): (&Step, &str),
    run: &Step,
    installs: &[ByName],
    context: &dyn Fn() -> Result<Context, String>,
) -> Result<(), String> {
    let cwd = run.cwd.as_deref().ok_or("it is not known where it runs: no WORKDIR stands above it")?;
    let i = file.instruction_at(copy.item).ok_or("an instruction is not there")?;
    if i.keyword != Keyword::Copy {
        return Err("it is not known what ADD brings".to_string());
    }
    let is_known = |f: &[u8]| f.starts_with(b"--chown=") || f.starts_with(b"--chmod=") || f == b"--link";
    if let Some(flag) = i.flags().find(|f| !is_known(f)) {
        return Err(format!("it is not known what COPY brings with {}", String::from_utf8_lossy(flag)));
    }
    let words = Copy::of(i, file.escape).ok_or("COPY holds a variable or a heredoc")?;
    environment(file, stages, run)?;
    let context = context()?;
    context.is_no_mere_collection()?;
    let brought = Brought::of(&context, &words, target)?;
    installs.iter().try_for_each(|install| {
        settings(&brought, cwd, install.manager)?;
        names(&brought, cwd, install)
    })
}

/// Whoever installs is root, and no variable tells it of other places.
fn environment(file: &Dockerfile, stages: &[Stage], run: &Step) -> Result<(), String> {
    const TELLS: &[&[u8]] = &[
        b"PIP_",
        b"PYTHON",
        b"VIRTUAL_ENV",
        b"NPM_CONFIG_",
        b"NODE_",
        b"COREPACK_",
        b"GEM",
        b"RUBY",
        b"BUNDLE_",
        b"GIT_",
        b"XDG_",
        b"CONDA_",
    ];
    const HARMLESS: &[&[u8]] = &[
        b"PIP_NO_CACHE_DIR",
        b"PIP_DISABLE_PIP_VERSION_CHECK",
        b"PIP_DEFAULT_TIMEOUT",
        b"PIP_ROOT_USER_ACTION",
        b"PIP_NO_INPUT",
        b"PYTHONUNBUFFERED",
        b"PYTHONDONTWRITEBYTECODE",
        b"PYTHONIOENCODING",
        b"PYTHONHASHSEED",
        b"PYTHONFAULTHANDLER",
        b"NODE_ENV",
        b"NODE_VERSION",
        b"PYTHON_VERSION",
        b"RUBY_VERSION",
    ];
    for i in stage::lineage(file, stages, run.item).into_iter().filter_map(|s| file.instruction_at(s.item)) {
        match i.keyword {
            Keyword::Env | Keyword::Arg => {
                for name in variables::names(i) {
                    let upper = name.to_ascii_uppercase();
                    let tells = TELLS.iter().any(|p| upper.starts_with(p)) && !HARMLESS.contains(&name);
                    if (tells || upper == b"HOME") && !volatile::is_of_a_build(name) {
                        return Err(format!("{} may lead it to the source", String::from_utf8_lossy(name)));
                    }
                }
            }
            Keyword::User => {
                let name = i.find(Kind::Raw).map(|(_, n)| i.node_text(n)).unwrap_or_default();
                if !matches!(name, b"root" | b"0" | b"root:root" | b"0:0") {
                    return Err("the home of its USER may be in the source".to_string());
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a COPY brings, as far as it can be asked for by its place in the image.
struct Brought<'c> {
    context: &'c Context,
    /// Folders of the context whose content comes to the target.
    folders: Vec<String>,
    /// Places of single files.
    files: Vec<String>,
    target: &'c str,
}

impl<'c> Brought<'c> {
    fn of(context: &'c Context, words: &Copy, target: &'c str) -> Result<Self, String> {
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        for word in &words.sources {
            for source in context.sources(word, &Patterns::default()).map_err(|e| e.to_string())? {
                if source.entry.kind() == EntryKind::Dir {
                    folders.push(source.path);
                } else {
                    files.push(format!("{}/{}", target.trim_end_matches('/'), path::name(&source.path)));
                    files.push(target.to_string());
                }
            }
            if word.contains(['*', '?', '[', '\\']) {
                return Err(format!("it is not certain what `{word}` brings on every machine"));
            }
        }
        Ok(Self { context, folders, files, target })
    }

    /// Whether it may bring something to this place of the image, or to one below it.
    fn may_bring(&self, at: &str) -> bool {
        let inside = |file: &String| place::below(file, at).is_some();
        let below = place::below(at, self.target);
        let held = |folder: &String| {
            below.is_some_and(|rest| !self.context.may_hold(&path::join(folder, rest)).is_no())
        };
        let above = !self.folders.is_empty() && place::below(self.target, at).is_some();
        above || self.folders.iter().any(held) || self.files.iter().any(inside)
    }

    /// The content of what it brings to this place; `None` where it is not known to be one file of a folder.
    fn read(&self, at: &str) -> Option<Vec<u8>> {
        let below = place::below(at, self.target)?;
        self.folders.iter().find_map(|folder| self.context.read(&path::join(folder, below)))
    }

    /// Whether it may bring a file to this folder whose name ends so.
    fn may_bring_ending(&self, folder: &str, end: &str) -> bool {
        let Some(below) = place::below(folder, self.target) else { return false };
        let listed = |at: &String| {
            let at = path::join(at, below);
            match self.context.list(&at) {
                Some(listing) => {
                    !listing.complete || listing.entries.iter().any(|(name, _)| name.ends_with(end))
                }
                None => !self.context.may_hold(&at).is_no(),
            }
        };
        self.folders.iter().any(listed) || self.files.iter().any(|f| f.ends_with(end))
    }
}

fn settings(brought: &Brought, cwd: &str, manager: Manager) -> Result<(), String> {
    let folders = std::iter::successors(Some(cwd), |at| at.rsplit_once('/').map(|(above, _)| above));
    for folder in folders.chain([brought.target]).map(|f| f.trim_end_matches('/')) {
        let names = SETTINGS.iter().chain(manager.settings());
        let found = names.map(|name| format!("{folder}/{name}")).find(|at| brought.may_bring(at));
        if let Some(at) = found {
            return Err(format!(
                "the context may hold {at}, which tells it what to do; name it in .dockerignore"
            ));
        }
        let Some((name, signs)) = manager.part_of() else { continue };
        let at = format!("{folder}/{name}");
        let says_so = |text: &[u8]| signs.iter().any(|s| memchr::memmem::find(text, s.as_bytes()).is_some());
        if brought.may_bring(&at) && brought.read(&at).is_none_or(|text| says_so(&text)) {
            return Err(format!("{at} may tell it what to do"));
        }
    }
    Ok(())
}

/// Old npms take a folder for the package of its name, gem an archive.
fn names(brought: &Brought, cwd: &str, install: &ByName) -> Result<(), String> {
    let cwd = cwd.trim_end_matches('/');
    let is_local = |name: &&String| brought.may_bring(&format!("{cwd}/{name}"));
    match install.manager {
        Manager::Pip => Ok(()),
        Manager::Npm => match install.names.iter().find(is_local) {
            Some(name) => Err(format!("the source may hold {name}, which npm would install")),
            None => Ok(()),
        },
        Manager::Gem if brought.may_bring_ending(cwd, ".gem") => {
            Err("the source may hold a gem, which would be installed".to_string())
        }
        Manager::Gem => Ok(()),
    }
}
