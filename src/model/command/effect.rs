//! What a command does, as a value: the places it reads and writes, the variables it heeds, what it leaves in the shell.
//!
//! An effect is a bound: a command does nothing that its effect does not name. It knows nothing of single commands.

use super::super::{place, variables};

/// A place in the image's file system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A file, or a folder with all that is below it: a clean absolute path.
    Below(String),
    /// The folders that packages and the system use ([`place::is_system`]), with /opt and /srv, and with those of
    /// projects inside of the system's.
    System,
    /// A home, whoever's: caches, settings, tools of one user.
    Home,
    /// /tmp and /var/tmp.
    Temporary,
    /// Nobody knows.
    Anywhere,
}

impl Place {
    /// Whether two places have a path in common, or it is not known.
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Anywhere, _) | (_, Self::Anywhere) => true,
            (Self::Below(a), Self::Below(b)) => place::below(a, b).is_some() || place::below(b, a).is_some(),
            (Self::Below(path), wide) | (wide, Self::Below(path)) => wide.holds(path),
            // a system's folder holds a home (/root) and temporary files (/tmp)
            (Self::System, _) | (_, Self::System) => true,
            (a, b) => a == b,
        }
    }

    /// Whether a path, or something below it, lies in a place that has no path of its own.
    fn holds(&self, path: &str) -> bool {
        let under = |top: &str| place::below(path, top).is_some() || place::below(top, path).is_some();
        match self {
            Self::System => {
                place::is_system(path)
                    || place::above_project(path).is_some()
                    || under("/opt")
                    || under("/srv")
            }
            Self::Home => under("/root") || under("/home"),
            Self::Temporary => under("/tmp") || under("/var/tmp"),
            Self::Below(_) | Self::Anywhere => true,
        }
    }

    /// How it is written for people and scripts: a path, or a word in angle brackets.
    pub fn name(&self) -> &str {
        match self {
            Self::Below(path) => path,
            Self::System => "<system>",
            Self::Home => "<home>",
            Self::Temporary => "<temporary>",
            Self::Anywhere => "<anywhere>",
        }
    }
}

/// The variables that a command heeds, beside those that every program does ([`reach_every_program`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heeds {
    /// No other.
    Nothing,
    /// Those of these names; `PIP_*` and `*FLAGS` stand for all that begin or end so.
    Names(&'static [&'static str]),
    /// What the scripts of packages may ask for: every variable but those of the source
    /// ([`variables::is_of_the_source`]); and those of these names all the same.
    Packages(&'static [&'static str]),
    /// Any.
    Anything,
}

impl Heeds {
    /// Whether a variable of this name may matter.
    pub fn heeds(self, name: &str) -> bool {
        let listed = |names: &[&str]| names.iter().any(|pattern| fits(pattern, name));
        match self {
            _ if reach_every_program(name) => true,
            Self::Nothing => false,
            Self::Names(names) => listed(names),
            // the set-up of a language's package may look at the version and the flags of whatever it is built for
            Self::Packages(names) => {
                let of_set_up = !names.is_empty() && listed(&["*_VERSION", "*FLAGS"]);
                !variables::is_of_the_source(name.as_bytes()) || of_set_up || listed(names)
            }
            Self::Anything => true,
        }
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(start), _) => name.get(..start.len()).is_some_and(|n| same(n, start)),
        (_, Some(end)) => {
            name.len().checked_sub(end.len()).and_then(|at| name.get(at..)).is_some_and(|n| same(n, end))
        }
        _ => same(pattern, name),
    }
}

/// Variables that the shell, the linker or the library of every program asks for: where programs are, which language
/// they speak, whose home it is.
pub fn reach_every_program(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "PATH",
        "HOME",
        "IFS",
        "LANG",
        "LANGUAGE",
        "LC_*",
        "LD_*",
        "TZ",
        "TZDIR",
        "ENV",
        "BASH_*",
        "SHELLOPTS",
        "BASHOPTS",
        "GLOBIGNORE",
        "CDPATH",
        "*_PROXY",
        "TMPDIR",
        "TERM",
        "SHELL",
        "USER",
        "LOGNAME",
        "PWD",
        "OLDPWD",
        "PS4",
        "POSIXLY_CORRECT",
        "GCONV_PATH",
        "LOCPATH",
        "NLSPATH",
        "LOCALDOMAIN",
        "RES_OPTIONS",
        "HOSTALIASES",
        "MALLOC_*",
        "GLIBC_TUNABLES",
        "COLUMNS",
        "LINES",
        "QEMU_*",
    ];
    NAMES.iter().any(|pattern| fits(pattern, name))
}

/// What a command changes in the shell that runs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State(u8);

impl State {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The working folder.
    pub const FOLDER: Self = Self(1);
    /// Variables.
    pub const VARIABLES: Self = Self(2);
    /// Options, umask, limits.
    pub const OPTIONS: Self = Self(4);
    /// Traps.
    pub const TRAPS: Self = Self(8);
    /// Functions, aliases.
    pub const FUNCTIONS: Self = Self(16);
    /// Where it has found commands.
    pub const HASH: Self = Self(32);
    /// It ends, or another program takes its place.
    pub const ENDS: Self = Self(64);

    const NAMES: [(Self, &'static str); 7] = [
        (Self::FOLDER, "folder"),
        (Self::VARIABLES, "variables"),
        (Self::OPTIONS, "options"),
        (Self::TRAPS, "traps"),
        (Self::FUNCTIONS, "functions"),
        (Self::HASH, "hash"),
        (Self::ENDS, "ends"),
    ];

    /// This and the other.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What it holds, in words.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(s, _)| self.0 & s.0 != 0).map(|(_, name)| name)
    }
}

/// Which commands there may be afterwards that were not there, or were others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brings {
    /// None.
    Nothing,
    /// Commands of the system's packages, at the places where such commands always are.
    System,
    /// Those of the packages that are named, ahead of the system's in `PATH`.
    Named,
    /// Any.
    Anything,
}

/// What a command does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Where it may read, beside programs, libraries and their own data.
    pub reads: Vec<Place>,
    /// Where it may write, or change modes and owners, or remove.
    pub writes: Vec<Place>,
    /// The variables that it heeds.
    pub heeds: Vec<Heeds>,
    /// What it changes in its shell.
    pub state: State,
    /// Whether it needs the network.
    pub network: bool,
    /// The commands that it may install.
    pub brings: Brings,
    /// Whether the folder in which it runs matters.
    pub uses_folder: bool,
}

impl Effect {
    /// Of a command that does nothing.
    pub const fn nothing() -> Self {
        Self {
            reads: Vec::new(),
            writes: Vec::new(),
            heeds: Vec::new(),
            state: State::NONE,
            network: false,
            brings: Brings::Nothing,
            uses_folder: false,
        }
    }

    /// Whether a variable of this name may matter to it.
    pub fn heeds(&self, name: &str) -> bool {
        reach_every_program(name) || self.heeds.iter().any(|h| h.heeds(name))
    }

    /// Takes in what another does.
    pub fn take(&mut self, other: Self) {
        let Self { reads, writes, heeds, state, network, brings, uses_folder } = other;
        add(&mut self.reads, reads);
        add(&mut self.writes, writes);
        add(&mut self.heeds, heeds);
        self.state = self.state.and(state);
        self.network |= network;
        self.uses_folder |= uses_folder;
        if brings != Brings::Nothing && self.brings != Brings::Anything {
            self.brings = if self.brings == Brings::Nothing || self.brings == brings {
                brings
            } else {
                Brings::Anything
            };
        }
    }
}

/// Adds what is not there yet.
fn add<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_meet_where_one_lies_in_the_other() {
        let below = |p: &str| Place::Below(p.to_string());
        for (a, b, meets) in [
            (below("/app"), below("/app/src"), true),
            (below("/app"), below("/apple"), false),
            (below("/"), below("/x"), true),
            (Place::System, below("/usr/bin"), true),
            (Place::System, below("/opt/tool"), true),
            (Place::System, below("/usr/src/app"), true),
            (Place::System, below("/var/www/html/lib"), true),
            (Place::System, below("/app"), false),
            (Place::System, below("/"), true),
            (Place::Home, below("/home/me/x"), true),
            (Place::Home, below("/"), true),
            (Place::Home, Place::Temporary, false),
            (Place::Home, Place::System, true),
            (Place::Temporary, below("/var"), true),
            (Place::Temporary, below("/data"), false),
            (Place::Anywhere, below("/data"), true),
        ] {
            assert_eq!(a.meets(&b), meets, "{a:?} {b:?}");
            assert_eq!(b.meets(&a), meets, "{b:?} {a:?}");
        }
    }

    #[test]
    fn patterns_stand_for_names() {
        let pip = Heeds::Names(&["PIP_*", "*FLAGS", "CC"]);
        for (name, heeds) in [
            ("PIP_INDEX_URL", true),
            ("CFLAGS", true),
            ("CC", true),
            ("CCC", false),
            ("PI", false),
            ("PATH", true),
        ] {
            assert_eq!(pip.heeds(name), heeds, "{name}");
        }
        assert!(!Heeds::Packages(&[]).heeds("PORT"));
        assert!(Heeds::Packages(&["PORT"]).heeds("PORT"));
        assert!(Heeds::Packages(&[]).heeds("ACCEPT_EULA"));
        assert!(!Heeds::Packages(&[]).heeds("APP_VERSION"));
        assert!(Heeds::Packages(&["PIP_*"]).heeds("APP_VERSION"));
        assert!(Heeds::Nothing.heeds("http_proxy"));
    }
}
