//! The operations of a build, each once, and the order in which BuildKit lists them.
//!
//! It writes operations down inputs first: the file system that a RUN or COPY starts from, then the stages that it
//! takes from (`client/llb/state.go`, `marshal`). Two that are the same, upon the same inputs, are one.
//!
//! Invariant: inputs stand before what takes from them.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::run_args::Argv;

/// An operation, and so the file system behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct State(usize);

#[derive(Debug)]
struct Operation {
    argv: Option<Argv>,
    inputs: Vec<State>,
}

/// All operations.
#[derive(Debug, Default)]
pub(super) struct Operations {
    all: Vec<Operation>,
    known: HashMap<u64, State>,
}

impl Operations {
    /// The operation that does `what` to `inputs`; `argv` is what it executes, where it is a RUN.
    pub(super) fn add(&mut self, what: impl Hash, inputs: Vec<State>, argv: Option<Argv>) -> State {
        let new = State(self.all.len());
        let state = *self.known.entry(hash(&(what, &inputs, &argv))).or_insert(new);
        if state == new {
            self.all.push(Operation { argv, inputs });
        }
        state
    }

    /// What is executed up to `state`, inputs first.
    pub(super) fn up_to(mut self, state: State) -> Vec<Argv> {
        let mut seen = vec![false; self.all.len()];
        let mut open = vec![(state, 0)];
        let mut found = Vec::new();
        while let Some((State(here), input)) = open.last_mut() {
            let operation = &mut self.all[*here];
            seen[*here] = true;
            *input += 1;
            if let Some(next) = operation.inputs.get(*input - 1) {
                if !seen[next.0] {
                    open.push((*next, 0));
                }
            } else {
                found.extend(operation.argv.take());
                open.pop();
            }
        }
        found
    }
}

/// 64 bits that stand for a value.
pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Operations;

    #[test]
    fn operations_are_listed_inputs_first_and_once() {
        let mut all = Operations::default();
        let argv = |name: &str| Some(vec![name.to_string()]);
        let image = all.add("image", Vec::new(), None);
        let a = all.add("run", vec![image], argv("a"));
        let b = all.add("run", vec![image], argv("b"));
        let again = all.add("run", vec![image], argv("a"));
        assert_eq!(a, again);
        let copy = all.add("copy", vec![b, again], None);
        let end = all.add("run", vec![copy, a], argv("c"));
        assert_eq!(all.up_to(end), [["b"], ["a"], ["c"]]);
    }
}
