//! docs/dfmt.schema.json says what the program says: made from its table of keys, and asked about the same texts.

use dfmt::config::{Kind, MergePolicy};
use dfmt::proof::engine;
use dfmt::settings::keys::{INDENTS, KEYS, Key, Takes, WIDTHS};
use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

use crate::readme::{hold, read};
use crate::support::Folder;

fn schema() -> Value {
    let list = |of: Value| json!({ "type": "array", "items": of });
    let one = |key: &Key| {
        let mut value = match key.takes {
            Takes::Rules => list(json!({ "$ref": "#/definitions/rule" })),
            Takes::Globs => list(json!({ "type": "string", "minLength": 1 })),
            Takes::MergeRuns => json!({ "enum": MergePolicy::ALL.map(MergePolicy::name) }),
            Takes::Bool => json!({ "type": "boolean" }),
            Takes::Width => number(&WIDTHS),
            Takes::Indent => json!({ "anyOf": [number(&INDENTS), { "enum": ["tab"] }] }),
            Takes::Folder | Takes::Version => json!({ "type": "string" }),
            Takes::Overrides => list(json!({ "$ref": "#/definitions/override" })),
        };
        value["description"] = key.about.into();
        (key.name.to_string(), value)
    };
    let object = |may: fn(&Key) -> bool| -> Value {
        let properties: Map<String, Value> = KEYS.iter().filter(|k| may(k)).map(one).collect();
        json!({ "type": "object", "additionalProperties": false, "properties": properties })
    };
    let names = engine::rules().into_iter().map(|r| r.name).chain(Kind::ALL.map(Kind::name));
    let mut schema = object(|k| k.top);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = "dfmt.toml".into();
    let mut overrides = object(|k| k.per_file);
    overrides["required"] = json!(["files"]);
    schema["definitions"] = json!({ "rule": { "enum": names.collect::<Vec<_>>() }, "override": overrides });
    schema
}

fn number(range: &std::ops::RangeInclusive<usize>) -> Value {
    json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() })
}

#[test]
fn it_is_made_from_the_keys() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    hold("docs/dfmt.schema.json", &text);
}

/// A TOML text as JSON.
fn parsed(text: &str) -> Value {
    table(DeTable::parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).get_ref())
}

fn table(table: &DeTable) -> Value {
    table.iter().map(|(k, v)| (k.get_ref().to_string(), value(v.get_ref()))).collect::<Map<_, _>>().into()
}

fn value(of: &DeValue) -> Value {
    match of {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(n) => n.as_str().parse::<i64>().unwrap().into(),
        DeValue::Boolean(yes) => (*yes).into(),
        DeValue::Array(items) => items.iter().map(|v| value(v.get_ref())).collect(),
        DeValue::Table(t) => table(t),
        DeValue::Float(_) | DeValue::Datetime(_) => panic!("no key takes this"),
    }
}

/// Whether `value` is what `schema` asks for; as much of JSON Schema as ours use.
pub fn fits(schema: &Value, value: &Value, root: &Value) -> bool {
    if let Some(path) = schema["$ref"].as_str() {
        return fits(root.pointer(&path[1..]).expect("a definition"), value, root);
    }
    let any = |list: &Vec<Value>| list.iter().any(|s| fits(s, value, root));
    let number = |name: &str| schema[name].as_i64();
    let inner = |(k, v): (&String, &Value)| schema["properties"].get(k).is_some_and(|s| fits(s, v, root));
    schema["anyOf"].as_array().is_none_or(any)
        && schema["enum"].as_array().is_none_or(|names| names.contains(value))
        && match schema["type"].as_str() {
            None => true,
            Some("string") => {
                value.as_str().is_some_and(|s| s.len() as u64 >= schema["minLength"].as_u64().unwrap_or(0))
            }
            Some("boolean") => value.is_boolean(),
            Some("integer") => value.as_i64().is_some_and(|n| {
                number("minimum").is_none_or(|least| least <= n)
                    && number("maximum").is_none_or(|most| n <= most)
            }),
            Some("array") => {
                value.as_array().is_some_and(|a| a.iter().all(|v| fits(&schema["items"], v, root)))
            }
            Some("object") => {
                let needed = schema["required"].as_array().into_iter().flatten();
                value.as_object().is_some_and(|o| o.iter().all(inner))
                    && needed.into_iter().all(|k| value.get(k.as_str().unwrap()).is_some())
            }
            Some(other) => panic!("{other} is not known here"),
        }
}

/// Whether the program takes it.
fn taken(text: &str) -> bool {
    let folder = Folder::new().file("dfmt.toml", text);
    folder.dfmt(&["config"]).run().is_done()
}

#[test]
fn program_and_schema_take_the_same() {
    let schema = schema();
    let good = [
        "",
        "only = []\nalso = [\"image\", \"space\"]\nskip = [\"content\"]",
        "merge-runs = \"all\"\nalign-backslashes = false\nline-width = 20\nindent = 16",
        "line-width = 1000\nindent = \"tab\"\ncontext = \"..\"\nexclude = [\"a\"]\nrequired-version = \"*\"",
        "[[overrides]]\nfiles = [\"a\"]\nindent = 1\n[[overrides]]\nfiles = []\nonly = [\"layout\"]",
    ];
    let bad = [
        "x = 1",
        "only = \"layout\"",
        "skip = [\"layouts\"]",
        "merge-runs = \"some\"",
        "merge-runs = true",
        "align-backslashes = \"no\"",
        "line-width = 19",
        "line-width = 1001",
        "line-width = \"80\"",
        "indent = 0",
        "indent = 17",
        "indent = \"tabs\"",
        "context = 1",
        "exclude = \"a\"",
        "exclude = [\"\"]",
        "required-version = 1",
        "files = [\"a\"]",
        "overrides = 1",
        "[overrides]\nfiles = [\"a\"]",
        "[[overrides]]\nindent = 2",
        "[[overrides]]\nfiles = [\"a\"]\nexclude = [\"b\"]",
        "[[overrides]]\nfiles = [\"a\"]\noverrides = []",
    ];
    for (texts, want) in [(&good[..], true), (&bad[..], false)] {
        for text in texts {
            assert_eq!(fits(&schema, &parsed(text), &schema), want, "the schema, over {text}");
            assert_eq!(taken(text), want, "the program, over {text}");
        }
    }
}

#[test]
fn the_examples_of_the_page_are_taken() {
    let (page, schema) = (read("docs/configuration.md"), schema());
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).map(|b| b.split("```").next().unwrap()).collect();
    assert!(!blocks.is_empty());
    for text in blocks {
        assert!(fits(&schema, &parsed(text), &schema), "{text}");
        assert!(taken(text), "{text}");
    }
}

#[test]
fn the_page_names_every_key() {
    let page = read("docs/configuration.md");
    for key in KEYS {
        let name = if key.takes == Takes::Overrides { "[[overrides]]" } else { key.name };
        assert!(page.contains(&format!("\n| `{name}` |")), "docs/configuration.md says nothing of `{name}`");
    }
}
