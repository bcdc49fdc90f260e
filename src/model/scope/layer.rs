//! The variables of one stage after the other, in layers: each is a log of what was set, upon a stage or a base image.
//!
//! Invariants: positions in a layer grow; what is set at a position is in force from there on; a layer stands upon an
//! earlier one. Looking up costs the height of the stack, which is bounded.

use std::collections::{BTreeSet, HashMap};

use super::value::{Certainty, Kind, Value, Variable};

/// Stages upon stages beyond this are taken for unknown.
const MAX_DEPTH: usize = 64;

/// Behind all positions.
pub(in crate::model) const END: u32 = u32::MAX;

/// What a layer stands upon.
#[derive(Debug)]
pub(in crate::model) enum Below {
    /// An earlier layer; not `sure` where an argument of the build can choose another.
    Layer { index: usize, sure: bool },
    /// What is given: the variables of an image, or of the platform.
    Given { set: HashMap<String, Value>, rest: Value },
}

impl Below {
    /// An image of which nothing is known.
    pub(in crate::model) fn unknown() -> Self {
        Self::Given { set: HashMap::new(), rest: Value::Unknown }
    }
}

#[derive(Debug)]
struct Event {
    at: u32,
    kind: Kind,
    value: Value,
}

/// One layer.
#[derive(Debug)]
struct Layer {
    below: Below,
    depth: usize,
    now: u32,
    names: HashMap<String, Vec<Event>>,
    /// Where a name was set that is not certain: by default another one, or not known at all.
    other_name: Vec<u32>,
    any_name: Vec<u32>,
}

impl Layer {
    /// The last event of `name` that is in force at `at`.
    fn last(&self, name: &str, at: u32) -> Option<&Event> {
        let events = self.names.get(name)?;
        events[..events.partition_point(|e| e.at <= at)].last()
    }

    /// The last ENV of `name`.
    fn last_env(&self, name: &str) -> Option<&Event> {
        self.names.get(name)?.iter().rev().find(|e| e.kind == Kind::Env)
    }

    /// How sure a value can be at `at` that was set at `from`, with what was set by an uncertain name between.
    fn limit(&self, from: u32, at: u32) -> Certainty {
        let between = |places: &[u32]| {
            let first = places.partition_point(|p| *p < from);
            places.get(first).is_some_and(|p| *p <= at)
        };
        if between(&self.any_name) {
            Certainty::Unknown
        } else if between(&self.other_name) {
            Certainty::Default
        } else {
            Certainty::Certain
        }
    }

    fn variable(&self, event: &Event, at: u32) -> Variable {
        let value = event.value.clone().at_most(self.limit(event.at, at));
        Variable { kind: Some(event.kind), value }
    }
}

/// All layers of a file.
#[derive(Debug, Default)]
pub(in crate::model) struct Layers(Vec<Layer>);

impl Layers {
    /// Begins a layer; gives its index.
    pub(in crate::model) fn push(&mut self, below: Below) -> usize {
        let depth = match below {
            Below::Layer { index, .. } => self.0[index].depth + 1,
            Below::Given { .. } => 0,
        };
        let (below, depth) = if depth > MAX_DEPTH { (Below::unknown(), 0) } else { (below, depth) };
        let names = HashMap::new();
        self.0.push(Layer { below, depth, now: 0, names, other_name: Vec::new(), any_name: Vec::new() });
        self.0.len() - 1
    }

    /// The position at the end of a layer.
    pub(in crate::model) fn now(&self, index: usize) -> u32 {
        self.0[index].now
    }

    /// What is set from here on is not in force at the positions so far.
    pub(in crate::model) fn advance(&mut self, index: usize) {
        self.0[index].now += 1;
    }

    /// Sets a variable at the end of a layer.
    pub(in crate::model) fn set(&mut self, index: usize, name: &str, kind: Kind, value: Value) {
        let layer = &mut self.0[index];
        let event = Event { at: layer.now, kind, value };
        layer.names.entry(name.to_string()).or_default().push(event);
    }

    /// A name that is only so sure was set: others may have been in its place.
    pub(in crate::model) fn blur(&mut self, index: usize, sure: Certainty) {
        let layer = &mut self.0[index];
        match sure {
            Certainty::Certain => {}
            Certainty::Default => layer.other_name.push(layer.now),
            Certainty::Unknown => layer.any_name.push(layer.now),
        }
    }

    /// A variable as it stands in a layer at a position.
    pub(in crate::model) fn get(&self, index: usize, at: u32, name: &str) -> Variable {
        let layer = &self.0[index];
        match layer.last(name, at) {
            Some(event) => layer.variable(event, at),
            None => self.inherited(index, name, layer.limit(0, at)),
        }
    }

    /// What the layers below `index` give: BuildKit sets the configured variables of a stage once more for the stage
    /// that stands upon it, so an ENV below wins over an ARG that followed it (`convert.go`, `dispatchStages`).
    fn inherited(&self, mut index: usize, name: &str, mut most: Certainty) -> Variable {
        let mut arg: Option<Variable> = None;
        loop {
            let (next, sure) = match &self.0[index].below {
                Below::Layer { index, sure } => (*index, *sure),
                Below::Given { set, rest } => return given(set.get(name), rest, arg, most),
            };
            most = most.min(if sure { Certainty::Certain } else { Certainty::Default });
            let layer = &self.0[next];
            if let Some(event) = layer.last_env(name) {
                let Variable { kind, value } = layer.variable(event, END);
                return Variable { kind, value: value.at_most(most) };
            }
            let own = layer.last(name, END).map(|e| layer.variable(e, END));
            arg = arg.or(own.map(|v| Variable { kind: v.kind, value: v.value.at_most(most) }));
            most = most.min(layer.limit(0, END));
            index = next;
        }
    }

    /// The names that were set in a layer up to a position, or below it.
    pub(in crate::model) fn names(&self, index: usize, at: u32) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let (mut index, mut at) = (index, at);
        loop {
            let layer = &self.0[index];
            found.extend(layer.names.iter().filter(|(_, e)| e[0].at <= at).map(|(n, _)| n.as_str()));
            match &layer.below {
                Below::Layer { index: next, .. } => (index, at) = (*next, END),
                Below::Given { set, .. } => {
                    found.extend(set.keys().map(String::as_str));
                    return found;
                }
            }
        }
    }
}

/// What an image gives, with the ARG that the stages upon it may have.
fn given(set: Option<&Value>, rest: &Value, arg: Option<Variable>, most: Certainty) -> Variable {
    match (set, arg) {
        (Some(value), _) => Variable { kind: None, value: value.clone().at_most(most) },
        (None, Some(arg)) if *rest != Value::Unknown => arg,
        // an image that is not known may have an ENV of that name
        (None, Some(arg)) => Variable { kind: arg.kind, value: Value::Unknown },
        (None, None) => Variable { kind: None, value: rest.clone().at_most(most) },
    }
}
