//! What ENV and ARG do to the variables of a stage (`convert.go`: `dispatchEnv`, `dispatchArg`, `buildMetaArgs`).
//!
//! One ENV sees the values from above it, one ARG sees those that it has set itself. Of ENV and ARG the last one wins.

use super::layer::{END, Layers};
use super::value::{Budget, Certainty, Kind, Value, expand};
use crate::model::arguments::Arguments;
use crate::syntax::expand::BadWord;
use crate::syntax::lex;
use crate::syntax::tree::Keyword;

/// Arguments that steer the build and never reach the variables of a stage.
const NOT_VARIABLES: [&str; 2] = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"];

/// The layer that holds the ARGs above the first FROM.
pub(in crate::model) const GLOBALS: usize = 0;

/// Sets variables at the end of a layer.
pub(in crate::model) struct Assign<'a> {
    pub(in crate::model) layers: &'a mut Layers,
    pub(in crate::model) layer: usize,
    /// The escape byte of the file.
    pub(in crate::model) escape: u8,
    pub(in crate::model) budget: &'a Budget,
}

impl Assign<'_> {
    /// Does what an instruction does to variables. What cannot be expanded is then unknown.
    ///
    /// # Errors
    /// What BuildKit refuses in a build without arguments.
    pub(in crate::model) fn run(&mut self, keyword: Keyword, arguments: &Arguments) -> Result<(), BadWord> {
        match keyword {
            Keyword::Env => self.env(arguments),
            Keyword::Arg => arguments.list.iter().map(|a| self.arg(a)).fold(Ok(()), Result::and),
            _ => Ok(()),
        }
    }

    fn env(&mut self, arguments: &Arguments) -> Result<(), BadWord> {
        let mut error = Ok(());
        let mut expanded = |word: &[u8]| {
            self.expand(word).unwrap_or_else(|bad| {
                error = Err(bad);
                Value::Unknown
            })
        };
        let pairs: Vec<(Value, Value)> = arguments.pairs().map(|(k, v)| (expanded(k), expanded(v))).collect();
        self.layers.advance(self.layer);
        for (name, value) in pairs {
            self.layers.blur(self.layer, name.certainty());
            if let Some(text) = name.by_default() {
                self.layers.set(self.layer, text, Kind::Env, value.at_most(name.certainty()));
            }
        }
        error
    }

    /// One word of ARG. A build may give it a value, so none is certain.
    fn arg(&mut self, word: &[u8]) -> Result<(), BadWord> {
        let equals = word.iter().position(|b| *b == b'=');
        let name = lex::lossy(&word[..equals.unwrap_or(word.len())]);
        if NOT_VARIABLES.contains(&name.as_str()) {
            return Ok(());
        }
        let (value, result) = match equals.map(|at| self.expand(&word[at + 1..])) {
            Some(Ok(value)) => (value, Ok(())),
            Some(Err(bad)) => (Value::Unknown, Err(bad)),
            None => (self.without_default(&name), Ok(())),
        };
        self.layers.advance(self.layer);
        self.layers.set(self.layer, &name, Kind::Arg, value.at_most(Certainty::Default));
        result
    }

    /// The value of an ARG that has no default: the global one, else what it was.
    fn without_default(&self, name: &str) -> Value {
        let global = self.layers.get(GLOBALS, END, name).value;
        let is_set = global == Value::Unknown || global.by_default().is_some();
        if is_set { global } else { self.value(name) }
    }

    fn value(&self, name: &str) -> Value {
        self.layers.get(self.layer, END, name).value
    }

    fn expand(&self, word: &[u8]) -> Result<Value, BadWord> {
        expand(word, self.escape, self.budget, &|name| self.value(name))
    }
}
