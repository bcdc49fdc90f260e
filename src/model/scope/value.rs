//! What is known of the value of a variable, and how a word that holds variables is expanded.
//!
//! A build may give any ARG another value, so what holds by default is kept apart from what every build gives.

use std::cell::Cell;
use std::sync::Arc;

use crate::syntax::expand::{self, BadWord, Options};

/// How sure a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Nothing is known: the base image sets it, or the platform of the build.
    Unknown,
    /// It holds in a build that is given no arguments.
    Default,
    /// It holds in every build.
    Certain,
}

/// What is known of the value of a variable. A `None` inside says that it is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Every build gives it this. A build that replaces a stage as a whole (`--build-context`) is not thought of.
    Certain(Option<Arc<str>>),
    /// A build without arguments gives it this.
    Default(Option<Arc<str>>),
    /// It may be anything, or not set.
    Unknown,
}

/// Which instruction gave a variable its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// ENV.
    Env,
    /// ARG, also one that only names it.
    Arg,
}

/// A variable as it stands above an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The last instruction that named it; none where only the base image can have set it.
    pub kind: Option<Kind>,
    /// Its value.
    pub value: Value,
}

impl Value {
    /// A value that every build gives.
    pub fn of(text: &str) -> Self {
        Self::Certain(Some(text.into()))
    }

    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        match self {
            Self::Certain(_) => Certainty::Certain,
            Self::Default(_) => Certainty::Default,
            Self::Unknown => Certainty::Unknown,
        }
    }

    /// The text that a build without arguments gives it; `None` where it is not set or not known.
    pub fn by_default(&self) -> Option<&str> {
        match self {
            Self::Certain(text) | Self::Default(text) => text.as_deref(),
            Self::Unknown => None,
        }
    }

    /// The text that every build gives it: what a proof may rely on.
    pub fn certain(&self) -> Option<&str> {
        match self {
            Self::Certain(text) => text.as_deref(),
            _ => None,
        }
    }

    /// The same value, no surer than that.
    #[must_use]
    pub fn at_most(self, certainty: Certainty) -> Self {
        match (self, certainty) {
            (_, Certainty::Unknown) | (Self::Unknown, _) => Self::Unknown,
            (Self::Certain(text), Certainty::Default) => Self::Default(text),
            (value, _) => value,
        }
    }
}

/// How many bytes of variables may yet be copied into words, so that values which double each time stay bounded.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Budget {
    /// A budget of that many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Cell::new(bytes))
    }

    /// Takes `bytes` from it; false where they are not there.
    pub fn take(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// `word` with its variables replaced by what `get` knows of them. It is as sure as the least sure of those that it
/// names, those in the word of a `${name:-word}` that is not used included.
///
/// # Errors
/// What BuildKit refuses in a build without arguments.
pub fn expand(
    word: &[u8],
    escape: u8,
    budget: &Budget,
    get: &dyn Fn(&str) -> Value,
) -> Result<Value, BadWord> {
    let (text, sure) = with(word, budget, get, |lookup| expand::word(word, Options::new(escape), lookup));
    match (text, sure) {
        (_, Certainty::Unknown) => Ok(Value::Unknown),
        (text, sure) => Ok(Value::of(&text?).at_most(sure)),
    }
}

/// As [`expand`], in words: a value may become several, or none; `None` where one is not known.
///
/// # Errors
/// As for [`expand`].
pub fn expand_words(
    word: &[u8],
    escape: u8,
    budget: &Budget,
    get: &dyn Fn(&str) -> Value,
) -> Result<Option<Vec<String>>, BadWord> {
    let (words, sure) = with(word, budget, get, |lookup| expand::words(word, Options::new(escape), lookup));
    if sure == Certainty::Unknown { Ok(None) } else { words.map(Some) }
}

/// What `read` gives, and how sure the variables are that it looked up.
fn with<T>(
    word: &[u8],
    budget: &Budget,
    get: &dyn Fn(&str) -> Value,
    read: impl FnOnce(expand::Lookup) -> T,
) -> (T, Certainty) {
    let sure = Cell::new(Certainty::Certain);
    let has_pattern = may_hold_pattern(word);
    let result = read(&|name| {
        let value = get(name);
        let text = value.by_default();
        let fits = text.is_none_or(|t| budget.take(cost(t.len(), has_pattern)));
        sure.set(sure.get().min(if fits { value.certainty() } else { Certainty::Unknown }));
        text.filter(|_| fits).map(str::to_string)
    });
    (result, sure.get())
}

/// Whether a word may hold `${name#pattern}` or its like.
fn may_hold_pattern(word: &[u8]) -> bool {
    memchr::memmem::find_iter(word, b"${").any(|at| {
        let rest = &word[at + 2..];
        let name =
            rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80).count();
        // a name may also be one sign, `#` among them
        let operator = rest.get(name.max(1)).or(rest.get(name));
        matches!(operator, Some(b'#' | b'%' | b'/'))
    })
}

/// What a value costs: matching a pattern takes the square of its length, and more.
fn cost(len: usize, has_pattern: bool) -> usize {
    if has_pattern { len.saturating_mul(len).saturating_mul(4) } else { len }
}

#[cfg(test)]
mod tests {
    use super::may_hold_pattern;

    #[test]
    fn patterns_are_told_from_plain_variables() {
        for word in ["${A#x}", "${AB%%x}", "a/${A/b/c}", "${A:-${B#c}}", "${@#x}", "${é/a/b}"] {
            assert!(may_hold_pattern(word.as_bytes()), "{word}");
        }
        for word in ["${A}/b", "$A/#%", "${A:-b/c}", "${", "", "${A"] {
            assert!(!may_hold_pattern(word.as_bytes()), "{word}");
        }
    }
}
