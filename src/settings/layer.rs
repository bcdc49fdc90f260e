//! One layer of settings over another, each value with the place that it comes from.
//!
//! From the bottom up: the defaults, `.editorconfig`, the configuration file, its overrides, the flags. An upper layer
//! replaces the values of those below, with the exception of lists of rules: see [`choice::layered`].

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::choice;
use crate::config::{Config, Indent, Kind, MergePolicy, Selection};
use crate::proof::engine::RuleInfo;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A line of a file.
    Line(Arc<Path>, usize),
    /// A flag.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Line(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value with its origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// What it was made of; a list can come from several places.
    pub origins: Vec<Origin>,
}

impl<T> Set<T> {
    /// A value from one place.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origins: vec![origin] }
    }
}

/// The values that a place sets; `None` where it is silent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// `only`
    pub only: Option<Set<Vec<String>>>,
    /// `also`
    pub also: Option<Set<Vec<String>>>,
    /// `skip`
    pub skip: Option<Set<Vec<String>>>,
    /// `merge-runs`
    pub merge_runs: Option<Set<MergePolicy>>,
    /// `align-backslashes`
    pub align_backslashes: Option<Set<bool>>,
    /// `line-width`
    pub line_width: Option<Set<usize>>,
    /// `indent`
    pub indent: Option<Set<Indent>>,
    /// `context`
    pub context: Option<Set<PathBuf>>,
}

impl Layer {
    /// This layer under another one.
    #[must_use]
    pub fn under(&self, upper: &Self, rules: &[RuleInfo]) -> Self {
        let lists = choice::layered(&self.selection(), &upper.selection(), rules);
        let replaced = upper.only.is_some();
        let origins = |lower: &Option<Set<Vec<String>>>, upper: &Option<Set<Vec<String>>>, replaced: bool| {
            let lower = lower.iter().filter(|_| !replaced);
            lower.chain(upper).flat_map(|s| s.origins.clone()).collect::<Vec<_>>()
        };
        let list = |value: Vec<String>, origins: Vec<Origin>| {
            (!origins.is_empty()).then_some(Set { value, origins })
        };
        Self {
            only: list(lists.only, origins(&self.only, &upper.only, replaced)),
            also: list(lists.also, origins(&self.also, &upper.also, replaced)),
            skip: list(lists.skip, origins(&self.skip, &upper.skip, false)),
            merge_runs: upper.merge_runs.as_ref().or(self.merge_runs.as_ref()).cloned(),
            align_backslashes: upper.align_backslashes.as_ref().or(self.align_backslashes.as_ref()).cloned(),
            line_width: upper.line_width.as_ref().or(self.line_width.as_ref()).cloned(),
            indent: upper.indent.as_ref().or(self.indent.as_ref()).cloned(),
            context: upper.context.as_ref().or(self.context.as_ref()).cloned(),
        }
    }

    /// The rules that it chooses.
    pub fn selection(&self) -> Selection {
        let list = |set: &Option<Set<Vec<String>>>| set.as_ref().map(|s| s.value.clone()).unwrap_or_default();
        Selection { only: list(&self.only), also: list(&self.also), skip: list(&self.skip) }
    }

    /// The configuration that it makes over the defaults. `layout_only` is for an editor: without `only` no more than
    /// layout and what is named by `also`.
    pub fn config(&self, keep_cache: bool, layout_only: bool, known: &[RuleInfo]) -> Config {
        let mut rules = self.selection();
        if rules.only.is_empty() && layout_only {
            rules.only.push(Kind::Layout.name().to_string());
        }
        let default = Config::default();
        Config {
            rules: choice::settled(&rules, known),
            keep_cache,
            line_width: self.line_width.as_ref().map_or(default.line_width, |s| s.value),
            indent: self.indent.as_ref().map_or(default.indent, |s| s.value),
            merge_runs: self.merge_runs.as_ref().map_or(default.merge_runs, |s| s.value),
            align_backslashes: self.align_backslashes.as_ref().map_or(default.align_backslashes, |s| s.value),
        }
    }
}
