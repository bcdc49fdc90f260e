//! The form of the table: an entry says as data what a command, or one of its verbs, does.
//!
//! Entries are constants, built by chains of `const fn`. What an entry does not say does not happen: an option that it
//! does not list makes a barrier of the command, unless the entry is [`Entry::loose`].

use super::effect::{Brings, Heeds, State};

/// A place that a command reads or writes whatever its words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The working folder and all below it.
    Here,
    /// The folder above the working folder, and all below that.
    Above,
    /// A folder of the image and all below it.
    Folder(&'static str),
    /// The folders of packages and of the system.
    System,
    /// Where the tools of a language are: the system's folders, and those that PATH or a variable of the tool names.
    Tools,
    /// The homes.
    Home,
    /// /tmp and /var/tmp.
    Temporary,
    /// Anywhere.
    Anywhere,
}

/// What a word is to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// No file.
    Nothing,
    /// A file, or a folder and all below it, that is read.
    Reads,
    /// One that is written.
    Writes,
    /// One that is both.
    Both,
    /// The folder in which the command then works.
    Enters,
    /// The folder or file that takes the place of the working folder, and of the last operand, as what is written.
    Into,
    /// A file that is written, and others beside it in its folder.
    Beside,
    /// It takes the part of the first operand: `sed -e`.
    First,
    /// The name of a package, or the path of one.
    Package,
    /// The name of a package, or the path of a source that is built where it lies.
    Source,
    /// `NAME=value`, where the value may be a folder that is written.
    Setting,
    /// Another command, from here on to the end.
    Command,
    /// Nobody knows what it does then.
    Barrier,
}

/// A command that needs more than its words' places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// None.
    None,
    /// An archive goes in or out; the first word may be letters of options without a dash: `tar xzf`.
    Tar,
    /// Its first operand is a program of sed, and `-i` says that the others are written.
    Sed,
    /// Its first operand is a program of awk.
    Awk,
    /// Assignments before the command that it runs: `env A=b make`.
    Env,
    /// A command, which gets more operands from the input.
    Xargs,
    /// Its operands are followed by actions: `find . -exec`.
    Find,
    /// A text that the shell reads, behind `-c`: `sh -c text`.
    Script,
    /// A text that the shell reads later: `trap text EXIT`.
    Trap,
    /// A file that the shell reads: `source file`.
    Source,
}

/// What one command does, or some of its verbs.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub(super) name: &'static str,
    /// The sub-commands that it is about, each one word or more; none: whatever the words are.
    pub(super) verbs: &'static [&'static str],
    /// Options of one letter without a value.
    pub(super) flags: &'static str,
    /// Other options without a value, between blanks. One that ends in `=` may have a value that names no file.
    pub(super) longs: &'static str,
    /// Options with a value, between blanks, and what that is.
    pub(super) values: &'static [(&'static str, Use)],
    /// Options that it does not know are options without a value that change nothing.
    pub(super) is_loose: bool,
    /// What the first operand, the last, and the others are.
    pub(super) first: Option<Use>,
    pub(super) last: Option<Use>,
    pub(super) rest: Use,
    pub(super) reads: &'static [At],
    /// What is written beside what words name. [`At::Here`] is not, where a word says where things go.
    pub(super) writes: &'static [At],
    /// What is written where one of these options is there.
    pub(super) also: &'static [(&'static str, At)],
    /// Options with which the working folder is not written.
    pub(super) instead: &'static [&'static str],
    pub(super) heeds: Heeds,
    pub(super) state: State,
    pub(super) network: bool,
    pub(super) brings: Brings,
    pub(super) special: Special,
}

/// A command that names no file, reads none, writes none.
pub(super) const fn entry(name: &'static str) -> Entry {
    Entry {
        name,
        verbs: &[],
        flags: "",
        longs: "",
        values: &[],
        is_loose: false,
        first: None,
        last: None,
        rest: Use::Nothing,
        reads: &[],
        writes: &[],
        also: &[],
        instead: &[],
        heeds: Heeds::Nothing,
        state: State::NONE,
        network: false,
        brings: Brings::Nothing,
        special: Special::None,
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty),* $(,)?) => {
        impl Entry {
            $($(#[$doc])* pub(super) const fn $name(mut self, $name: $type) -> Self { self.$name = $name; self })*
        }
    };
}

setters! {
    /// The verbs that it is about.
    verbs: &'static [&'static str],
    /// Letters of options without a value.
    flags: &'static str,
    /// Other options without a value.
    longs: &'static str,
    /// Options with a value.
    values: &'static [(&'static str, Use)],
    /// What it reads beside what its words name.
    reads: &'static [At],
    /// What it writes beside what its words name.
    writes: &'static [At],
    /// What it writes where an option is there.
    also: &'static [(&'static str, At)],
    /// Options with which it does not write the working folder.
    instead: &'static [&'static str],
    /// The variables that it heeds.
    heeds: Heeds,
    /// What it changes in its shell.
    state: State,
    /// The commands that it may install.
    brings: Brings,
    /// What needs code.
    special: Special,
}

impl Entry {
    /// Options that are not listed change nothing.
    pub(super) const fn loose(mut self) -> Self {
        self.is_loose = true;
        self
    }

    /// It needs the network.
    pub(super) const fn online(mut self) -> Self {
        self.network = true;
        self
    }

    /// All its operands are this.
    pub(super) const fn operands(mut self, rest: Use) -> Self {
        self.rest = rest;
        self
    }

    /// Its first operand is this.
    pub(super) const fn first(mut self, first: Use) -> Self {
        self.first = Some(first);
        self
    }

    /// Its last operand is this, where it has more than one, or no `first`.
    pub(super) const fn last(mut self, last: Use) -> Self {
        self.last = Some(last);
        self
    }
}
