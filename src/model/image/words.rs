//! The words of a step, with what its variables stand for in a build without arguments.

use super::{NotBuilt, Result};
use crate::model::build::Step;
use crate::model::scope::{Budget, Environment};
use crate::syntax::heredoc;

/// The arguments of a step, and what its variables stand for.
pub(super) struct Words<'b> {
    pub(super) environment: Environment<'b>,
    pub(super) step: &'b Step<'b>,
    pub(super) budget: &'b Budget,
}

impl Words<'_> {
    pub(super) fn expand(&self, word: &[u8]) -> Result<String> {
        let value = self.environment.expand_within(word, self.budget).map_err(|bad| NotBuilt(bad.0))?;
        let text = value.by_default().ok_or_else(unknown)?;
        afford(self.budget, text.len())?;
        Ok(text.to_string())
    }

    /// The words of COPY or ADD, expanded; those of heredocs are left out.
    pub(super) fn copied(&self) -> Result<Vec<String>> {
        let is_word = |word: &&Vec<u8>| !matches!(heredoc::of_word(word), Ok(Some(_)));
        self.step.arguments.list.iter().filter(is_word).map(|word| self.expand(word)).collect()
    }

    /// The one argument, expanded.
    pub(super) fn one(&self) -> Result<String> {
        self.expand(self.step.arguments.list.first().map_or(&[][..], |a| a))
    }

    /// Name and value of each pair, expanded.
    pub(super) fn pairs(&self) -> Result<Vec<(String, String)>> {
        self.step
            .arguments
            .pairs()
            .map(|(name, value)| Ok((self.expand(name)?, self.expand(value)?)))
            .collect()
    }
}

/// Takes `bytes` from what may be copied.
pub(super) fn afford(budget: &Budget, bytes: usize) -> Result<()> {
    if budget.take(bytes) { Ok(()) } else { Err(NotBuilt("it is too large to be built here".to_string())) }
}

pub(super) fn unknown() -> NotBuilt {
    NotBuilt("the value of a variable is not known".to_string())
}
