//! Layout: the same instructions, better to read.
//!
//! A printer over the tree that decides what stands between tokens and never changes a token, but for those rules
//! that respell one (keyword case, `AS`, `KEY value`). It reads items in [`items`], one instruction in
//! [`instruction`], and the text of RUN in [`shell`]; [`writer`] sets the lines. It never sees `rules`, and what it
//! writes is judged in `proof`.

pub mod gap;
mod instruction;
mod items;
mod packages;
mod pairs;
mod script;
mod shell;
mod writer;

use crate::config::{Config, Kind, Selection};
use crate::syntax::tree::{Dockerfile, Id};

macro_rules! layout_rules {
    ($($field:ident $name:literal $alone:literal $page:literal),* $(,)?) => {
        /// Which rules of layout run.
        #[derive(Clone, Copy, Debug)]
        pub struct Rules { $(#[doc = $name] pub $field: bool,)* }

        /// The names of the rules of layout, whether they run only when they are named, and their pages.
        pub const RULES: &[(&str, bool, &str)] = &[$(($name, $alone, $page)),*];

        impl Rules {
            /// Those that `selection` asks for.
            pub fn of(selection: &Selection) -> Self {
                Self { $($field: selection.has($name, Kind::Layout, $alone)),* }
            }

            /// These but for the named ones.
            fn without(self, names: &[String]) -> Self {
                let stays = |name: &str| !names.iter().any(|n| n == name);
                Self { $($field: self.$field && stays($name)),* }
            }
        }
    };
}

layout_rules! {
    upper_keywords "upper-keywords" false "Writes the names of instructions in upper case: `run` becomes `RUN`.",
    upper_as "upper-as" false "Writes `AS` of FROM in upper case.",
    space "space" false "Puts one blank between tokens, none at line ends, and one newline at the end of the file.",
    blank_lines "blank-lines" false "Keeps at most one blank line in a row, and puts one before each FROM but the first.",
    break_lines "break-lines" false "Breaks a chain of commands that is too long, or that was broken already, into one command a line; `&&`, `||` and `|` begin the line. Package lists of three or more stand one a line.",
    align_backslashes "align-backslashes" false "Sets the backslashes of an instruction in one column.",
    space_exec_form "space-exec-form" false "Spaces JSON arrays: `[\"a\", \"b\"]`.",
    key_equals_value "key-equals-value" false "Writes `ENV KEY value` and `LABEL key value` as `KEY=value`.",
    no_empty_continuations "no-empty-continuations" false "Takes empty lines out of instructions; BuildKit warns of them and will refuse them.",
    shell_layout "shell-layout" false "Lays out the shell text of RUN: one blank between tokens, compound commands indented. A RUN whose blanks move is built once more.",
    heredoc_layout "heredoc-layout" true "Lays out scripts in heredocs of RUN: lines indented by structure, one blank between tokens.",
}

/// What layout made of a file.
#[derive(Debug)]
pub struct LaidOut {
    /// The new text.
    pub text: Vec<u8>,
    /// Instructions that were left as they are, and why.
    pub verbatim: Vec<(Id, Verbatim)>,
}

/// Why an instruction, or part of it, was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verbatim {
    /// The rule that had nothing to say.
    pub rule: &'static str,
    /// Why.
    pub why: &'static str,
}

/// Lays out `file`; the shell text of the instructions in `keep` stays as it is, and all of those that stand there twice.
pub fn layout(file: &Dockerfile, config: &Config, keep: &[Id]) -> LaidOut {
    items::Items::new(file, config, keep).write()
}
