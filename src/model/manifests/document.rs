//! A manifest in TOML or JSON, as a tree of values that is asked by keys.
//!
//! Both formats are read by their crates; what the keys mean is for who asks.

use std::fmt;

use serde_json::Value as Json;

/// A value of a manifest, or nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Value(Json);

/// A manifest that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a TOML file.
///
/// # Errors
/// Where it is none.
pub fn toml(text: &str) -> Result<Value, Malformed> {
    let table: toml::Table = toml::from_str(text).map_err(|e| Malformed(e.message().to_string()))?;
    Ok(Value(of_toml(toml::Value::Table(table))))
}

/// Reads a JSON file.
///
/// # Errors
/// Where it is none.
pub fn json(text: &str) -> Result<Value, Malformed> {
    serde_json::from_str(text).map(Value).map_err(|e| Malformed(e.to_string()))
}

fn of_toml(value: toml::Value) -> Json {
    match value {
        toml::Value::Table(table) => Json::Object(table.into_iter().map(|(k, v)| (k, of_toml(v))).collect()),
        toml::Value::Array(items) => Json::Array(items.into_iter().map(of_toml).collect()),
        toml::Value::String(text) => Json::String(text),
        toml::Value::Boolean(is_set) => Json::Bool(is_set),
        toml::Value::Integer(number) => Json::from(number),
        toml::Value::Float(number) => Json::from(number),
        toml::Value::Datetime(time) => Json::String(time.to_string()),
    }
}

const NOTHING: &Json = &Json::Null;

impl Value {
    /// What stands at a path of keys.
    pub fn at(&self, keys: &[&str]) -> Node<'_> {
        Node(keys.iter().fold(&self.0, |value, key| value.get(key).unwrap_or(NOTHING)))
    }
}

/// A value inside of a manifest; nothing is one too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node<'a>(&'a Json);

impl<'a> Node<'a> {
    /// What stands at a key.
    #[must_use]
    pub fn get(self, key: &str) -> Self {
        Self(self.0.get(key).unwrap_or(NOTHING))
    }

    /// Whether there is something.
    pub fn is_there(self) -> bool {
        !self.0.is_null()
    }

    /// A text.
    pub fn text(self) -> Option<&'a str> {
        self.0.as_str()
    }

    /// Whether it is `true`, or `false`; anything else is neither.
    pub fn is(self, wanted: bool) -> bool {
        self.0.as_bool() == Some(wanted)
    }

    /// The items of a list; none of what is no list.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> {
        self.0.as_array().into_iter().flatten().map(Node)
    }

    /// The keys of a table with their values; none of what is no table.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        self.0.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), Node(value)))
    }

    /// Every text in it, at any depth.
    pub fn texts(self) -> Vec<&'a str> {
        match self.0 {
            Json::String(text) => vec![text],
            Json::Array(items) => items.iter().flat_map(|v| Node(v).texts()).collect(),
            Json::Object(map) => map.values().flat_map(|v| Node(v).texts()).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_asked_by_keys() {
        let file =
            toml("[a]\nb = 'x'\nc = [1, true]\n[[d]]\ne = {f = 'y'}\n").unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(file.at(&["a", "b"]).text(), Some("x"));
        assert_eq!(file.at(&["a", "c"]).items().nth(1).map(|n| n.is(true)), Some(true));
        assert_eq!(file.at(&["d"]).items().next().map(|n| n.get("e").texts()), Some(vec!["y"]));
        assert!(!file.at(&["a", "b", "c"]).is_there() && !file.at(&["z"]).is_there());
        assert_eq!(json("{\"a\": {\"b\": 1}}").map(|v| v.at(&["a"]).entries().count()), Ok(1));
        assert!(toml("a = ").is_err() && json("{").is_err());
    }
}
