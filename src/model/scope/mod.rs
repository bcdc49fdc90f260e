//! The variables that are in force above each instruction, as BuildKit has them.
//!
//! [`Scopes::of`] reads a file once; [`Scopes::above`] then answers for an instruction. A build may give any ARG
//! another value, so [`Value`] keeps what is certain apart from what holds by default, and a proof must rely on
//! [`Value::certain`] alone. What an image sets that is not known is unknown, and so is whatever it may have set.
//! Sources: `frontend/dockerfile/dockerfile2llb`, `convert.go` and `platform.go`.

pub(super) mod assign;
pub(super) mod layer;
#[cfg(test)]
mod tests;
pub mod value;

use std::collections::{BTreeSet, HashMap};

use self::layer::Layers;
pub use self::value::{Budget, Certainty, Kind, Value, Variable};
use super::build::Build;
use crate::syntax::expand::BadWord;
use crate::syntax::tree::{Dockerfile, Id};

/// What is known of the build from outside of the file; by default nothing.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The platform that is built for and on.
    pub platform: Option<Platform>,
    /// The variables of each image that is no stage and not `scratch`, as `NAME=value`.
    pub image_env: Option<Vec<String>>,
}

/// A platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The operating system, as in `linux`.
    pub os: &'static str,
    /// The architecture, as in `amd64`.
    pub arch: &'static str,
}

/// The variables of a file.
#[derive(Debug)]
pub struct Scopes {
    pub(super) layers: Layers,
    /// The layer of each instruction, and its position in it.
    pub(super) places: HashMap<Id, (usize, u32)>,
    pub(super) escape: u8,
}

/// How many bytes of variables one call copies at most.
const CALL: usize = 1 << 20;

impl Scopes {
    /// The variables of `file`.
    pub fn of(file: &Dockerfile, world: &World) -> Self {
        Build::of(file, world).scopes
    }

    /// The variables as `instruction` finds them; for a FROM those that its image and its platform may name.
    pub fn above(&self, instruction: Id) -> Option<Environment<'_>> {
        let (layer, at) = *self.places.get(&instruction)?;
        Some(Environment { scopes: self, layer, at })
    }

    /// The variables at a position of a layer.
    pub(super) fn at(&self, layer: usize, at: u32) -> Environment<'_> {
        Environment { scopes: self, layer, at }
    }
}

/// The variables that an instruction finds.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'s> {
    scopes: &'s Scopes,
    layer: usize,
    at: u32,
}

impl Environment<'_> {
    /// The variable of that name; every name has an answer.
    pub fn get(&self, name: &str) -> Variable {
        self.scopes.layers.get(self.layer, self.at, name)
    }

    /// The names that the file has set so far in this stage or in those below it, with those of a known image.
    pub fn names(&self) -> BTreeSet<&str> {
        self.scopes.layers.names(self.layer, self.at)
    }

    /// What a word of COPY, WORKDIR and their like stands for.
    ///
    /// # Errors
    /// What BuildKit refuses in a build without arguments.
    pub fn expand(&self, word: &[u8]) -> Result<Value, BadWord> {
        self.expand_within(word, &Budget::new(CALL))
    }

    /// As [`Self::expand`], with a budget that several calls share.
    ///
    /// # Errors
    /// As for [`Self::expand`].
    pub fn expand_within(&self, word: &[u8], budget: &Budget) -> Result<Value, BadWord> {
        value::expand(word, self.scopes.escape, budget, &|name| self.get(name).value)
    }

    /// As [`Self::expand`], for EXPOSE, where a value may become several words; `None` where one is not known.
    ///
    /// # Errors
    /// As for [`Self::expand`].
    pub fn expand_words(&self, word: &[u8], budget: &Budget) -> Result<Option<Vec<String>>, BadWord> {
        value::expand_words(word, self.scopes.escape, budget, &|name| self.get(name).value)
    }
}
