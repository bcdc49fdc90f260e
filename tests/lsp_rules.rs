//! The language server: what rules say in a document, and what is done with it.

use serde_json::{Value, json};

use crate::support::Folder;
use crate::support::client::{Client, applied, formatting, range, uri};

/// The default rules join the RUNs and drop the first CMD.
const SOURCE: &str = "FROM a\n# 😀\nRUN mkdir /😀\nRUN mkdir /y\nCMD [\"x\"]\nCMD [\"y\"]\n";

fn versions() -> Value {
    json!({
        "processId": null, "rootUri": null,
        "capabilities": {"workspace": {"workspaceEdit": {"documentChanges": true}}},
    })
}

/// The actions of a kind for a range.
fn actions(client: &mut Client, uri: &str, from: [u32; 2], to: [u32; 2], only: &str) -> Vec<Value> {
    let context = json!({"diagnostics": [], "only": [only]});
    let params = json!({"textDocument": {"uri": uri}, "range": range(from, to), "context": context});
    client.ask("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

/// The text that an action makes.
fn made(text: &str, action: &Value) -> String {
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["version"], 1);
    applied(text, &change["edits"])
}

fn by_command_line(folder: &Folder, args: &[&str]) -> String {
    let text = folder.read("Dockerfile");
    folder.dfmt(&[&["-w"], args, &["Dockerfile"]].concat()).run().status(0);
    let new = String::from_utf8(folder.read("Dockerfile")).unwrap();
    std::fs::write(folder.path("Dockerfile"), text).unwrap();
    new
}

fn codes(all: &[Value]) -> Vec<(&str, u64, u64)> {
    let place = |d: &Value| d["range"]["start"]["line"].as_u64().unwrap();
    all.iter().map(|d| (d["code"].as_str().unwrap(), place(d), d["severity"].as_u64().unwrap())).collect()
}

#[test]
fn syntax_errors_stand_where_they_are_and_go_when_they_are_mended() {
    let folder = Folder::new();
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open("untitled:a", "FROM a\n# 😀\n  RUNN x 😀  \nRUN y\n");
    let shown = client.diagnostics("untitled:a", 1);
    assert_eq!(codes(&shown), [("syntax", 2, 1)]);
    assert_eq!(shown[0]["source"], "dfmt");
    assert_eq!(shown[0]["range"]["end"]["line"], 2);
    client.change("untitled:a", 2, [2, 5], [2, 6], "");
    assert_eq!(codes(&client.diagnostics("untitled:a", 2)), []);
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": "untitled:a"}}));
    let cleared = client.next(|m| m["params"]["uri"] == "untitled:a" && m["params"]["version"].is_null());
    assert_eq!(cleared["params"]["diagnostics"], json!([]));
}

#[test]
fn what_rules_would_change_is_shown() {
    let folder = Folder::new().file("Dockerfile", SOURCE);
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::new(&folder.path(""), versions());
    client.open(&uri, SOURCE);
    let shown = client.diagnostics(&uri, 1);
    assert_eq!(codes(&shown), [("drop-overridden", 4, 3), ("merge-runs", 2, 3)]);
    assert_eq!(shown[1]["range"], range([2, 0], [2, 13]));
    assert_eq!(
        shown[1]["message"],
        "Joins adjacent RUNs that belong together into one (the image stays the same)"
    );
    // not where nobody wants to see it, nor where the configuration says no
    let mut client = Client::plain(&folder.path(""), json!({"diagnostics": false}));
    client.open(&uri, SOURCE);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), []);
    let folder = folder.file("dfmt.toml", "skip = [\"merge-runs\"]\n");
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open(&uri, SOURCE);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), [("drop-overridden", 4, 3)]);
}

#[test]
fn a_broken_configuration_and_a_comment_in_vain_are_shown() {
    let folder = Folder::new().file("dfmt.toml", "line-widht = 50\nindent = true\n");
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open(&uri, "FROM a\n# dfmt: skip=merge-rnus\nRUN x\n");
    let shown = client.diagnostics(&uri, 1);
    assert_eq!(codes(&shown), [("configuration", 0, 1)]);
    // a line each, as it is shown in small windows
    let message = shown[0]["message"].as_str().unwrap();
    let lines: Vec<&str> = message.split('\n').collect();
    assert!(lines[0].starts_with("dfmt.toml: line 1: ") && lines[0].ends_with("did you mean `line-width`?"));
    assert!(lines[1].starts_with("dfmt.toml: line 2: ") && lines.len() == 2, "{lines:?}");
    let refused = client.ask("textDocument/formatting", formatting(&uri)).unwrap_err();
    assert_eq!(refused["message"], message);
    // it is mended on the disk, and the client says so
    std::fs::write(folder.path("dfmt.toml"), "line-width = 50\n").unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({"changes": []}));
    let shown = client.diagnostics(&uri, 1);
    assert_eq!(codes(&shown), [("comment", 1, 2)]);
    assert!(shown[0]["message"].as_str().unwrap().contains("did you mean `merge-runs`?"), "{shown:?}");
}

#[test]
fn an_action_applies_one_rule_as_the_command_line_does() {
    let folder = Folder::new().file("Dockerfile", SOURCE);
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::new(&folder.path(""), versions());
    client.open(&uri, SOURCE);
    let found = actions(&mut client, &uri, [3, 1], [3, 1], "quickfix");
    assert_eq!(found.len(), 1, "{found:?}");
    let action = &found[0];
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["diagnostics"][0]["code"], "merge-runs");
    assert_eq!(action["data"]["rule"], "merge-runs");
    let new = made(SOURCE, action);
    assert_ne!(new, SOURCE);
    assert_eq!(new, by_command_line(&folder, &["--only", "merge-runs"]));
    let diff = folder.dfmt(&["--only", "merge-runs", "Dockerfile"]).run().status(0).stdout;
    assert_eq!(action["data"]["diff"].as_str().unwrap().as_bytes(), diff);
    // elsewhere it is not offered
    let found = actions(&mut client, &uri, [0, 0], [0, 1], "quickfix");
    assert_eq!(found, [Value::Null; 0]);
}

#[test]
fn apply_all_is_what_the_command_line_makes() {
    let folder = Folder::new().file("Dockerfile", SOURCE);
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::new(&folder.path(""), versions());
    client.open(&uri, SOURCE);
    for only in ["source.fixAll.dfmt", "source.fixAll", "source"] {
        let found = actions(&mut client, &uri, [0, 0], [0, 0], only);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0]["kind"], "source.fixAll.dfmt");
        assert_eq!(made(SOURCE, &found[0]), by_command_line(&folder, &[]));
    }
    assert_eq!(actions(&mut client, &uri, [0, 0], [0, 0], "source.fixAll.other"), [Value::Null; 0]);
    // a client that knows no versions
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open(&uri, SOURCE);
    let found = actions(&mut client, &uri, [0, 0], [0, 0], "source");
    assert_eq!(applied(SOURCE, &found[0]["edit"]["changes"][&uri]), by_command_line(&folder, &[]));
}

#[test]
fn rules_of_content_are_offered_and_not_pressed() {
    let text = "FROM debian\nRUN apt-get update && apt-get install -y git 😀 curl ca-certificates\n";
    let text = &text.replace("😀 ", "");
    let folder = Folder::new().file("Dockerfile", text);
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::new(&folder.path(""), versions());
    client.open(&uri, text);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), []);
    let found = actions(&mut client, &uri, [1, 0], [1, 0], "refactor");
    let sort = found.iter().find(|a| a["data"]["rule"] == "sort-packages").expect("it is offered");
    assert_eq!(sort["kind"], "refactor.rewrite");
    assert!(sort["title"].as_str().unwrap().ends_with("(the image may change)"), "{sort}");
    assert_eq!(made(text, sort), by_command_line(&folder, &["--only", "sort-packages"]));
    // one that is chosen is a diagnostic, and its action mends it
    let options = json!({"processId": null, "rootUri": null, "initializationOptions": {"also": ["sort-packages"]},
        "capabilities": {"workspace": {"workspaceEdit": {"documentChanges": true}}}});
    let mut client = Client::new(&folder.path(""), options);
    client.open(&uri, text);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), [("sort-packages", 1, 4)]);
    let found = actions(&mut client, &uri, [1, 0], [1, 0], "quickfix");
    assert_eq!(found[0]["data"]["rule"], "sort-packages");
}

/// What is told of the place in a text, in a folder with two files to copy.
fn told(text: &str, line: u32, character: u32) -> String {
    let folder = Folder::new().file("a.txt", "").file("src/b.txt", "").file("Dockerfile", text);
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open(&uri, text);
    let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
    let hover = client.ask("textDocument/hover", params).unwrap();
    hover["contents"]["value"].as_str().unwrap_or_default().to_string()
}

#[test]
fn an_instruction_tells_of_its_layer() {
    let text = "ARG G\nFROM a AS base\nENV 😀=1\nARG hidden\nFROM base\nARG B=2\nRUN x\nCOPY a.txt src /d/\n\
                LABEL l=1\nCOPY --from=base /x /y\nUSER u\n";
    let run = told(text, 6, 0);
    assert!(run.starts_with("**RUN** makes a filesystem layer."), "{run}");
    assert!(run.contains("the value of a variable: `😀`, `B`\n"), "{run}");
    let copy = told(text, 7, 3);
    assert!(copy.contains("the copied files: their names, content, owner and mode"), "{copy}");
    assert!(copy.contains("it takes 2 files now"), "{copy}");
    let label = told(text, 8, 0);
    assert!(label.starts_with("**LABEL** makes no filesystem layer: only configuration."), "{label}");
    assert!(label.contains("nothing below it runs anew"), "{label}");
    let from = told(text, 9, 0);
    assert!(from.contains("the copied files in `base`") && !from.contains("build context"), "{from}");
    assert!(told(text, 10, 0).contains("every RUN and WORKDIR below it runs anew"));
    assert!(told(text, 0, 0).contains("it is seen by FROM"));
    let above = "any filesystem layer above it";
    assert!(told("FROM a\nCOPY a.txt /\n", 1, 0).contains(above));
    assert!(!told("FROM a\nCOPY --link a.txt /\n", 1, 0).contains(above));
    assert!(told(text, 4, 0).starts_with("**FROM** begins a stage"));
    assert!(told(text, 5, 0).contains("is not in the image"));
    // nothing is said of comments, nor in a file that is not built
    assert_eq!(told("# c\nFROM a\n", 0, 1), "");
    assert_eq!(told("FROM a\nRUNN x\n", 0, 1), "");
}

#[test]
fn an_instruction_tells_what_rules_would_do() {
    let run = told(SOURCE, 2, 0);
    assert!(run.contains("`merge-runs`: Joins adjacent RUNs"), "{run}");
    assert!(run.contains("```diff\n--- Dockerfile\n") && run.contains("\n+    && mkdir /y\n"), "{run}");
    assert!(!told(SOURCE, 0, 0).contains("merge-runs"));
}

#[test]
fn what_was_never_saved_has_no_build_context_but_the_settings_of_the_open_folder() {
    let text = "FROM a\nRUN mkdir /x\nRUN mkdir /y\nCOPY . .\n";
    let folder = Folder::new().file("dfmt.toml", "also = [\"image\"]\n");
    let params = json!({"processId": null, "rootUri": uri(&folder.path("")), "capabilities": {}});
    let mut client = Client::new(&folder.path(""), params);
    client.open("untitled:a", text);
    assert_eq!(client.format("untitled:a", text), text.replace("\nRUN mkdir /y", " \\\n    && mkdir /y"));
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open("untitled:a", text);
    assert_eq!(client.format("untitled:a", text), text);
    let params = json!({"textDocument": {"uri": "untitled:a"}, "position": {"line": 3, "character": 0}});
    let hover = client.ask("textDocument/hover", params).unwrap();
    assert!(!hover["contents"]["value"].as_str().unwrap().contains("build context"), "{hover}");
}

#[test]
fn paths_of_settings_begin_at_the_open_folder() {
    let text = "FROM python\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";
    let open = Folder::new()
        .file("docker/Dockerfile", text)
        .file("src/requirements.txt", "flask\n")
        .file("src/app.py", "")
        .file("of/team.toml", "skip = [\"copy-manifests-first\"]\n");
    let elsewhere = Folder::new();
    let uri_of = |path| uri(&open.path(path));
    let shown = |settings: Value| {
        let mut client = Client::new(
            &elsewhere.path(""),
            json!({"processId": null, "rootUri": uri_of(""), "capabilities": {}, "initializationOptions": {}}),
        );
        client.tell("workspace/didChangeConfiguration", json!({"settings": {"dfmt": settings}}));
        client.open(&uri_of("docker/Dockerfile"), text);
        let shown = client.diagnostics(&uri_of("docker/Dockerfile"), 1);
        codes(&shown).into_iter().map(|(code, ..)| code.to_string()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(shown(json!({})), none);
    assert_eq!(shown(json!({"context": "src"})), ["copy-manifests-first"]);
    assert_eq!(shown(json!({"context": open.path("src")})), ["copy-manifests-first"]);
    assert_eq!(shown(json!({"context": "src", "config": "of/team.toml"})), none);
}

#[test]
fn the_extension_has_the_settings_of_the_page() {
    let package = include_str!("../editors/vscode/package.json");
    let package: Value = serde_json::from_str(package).unwrap();
    let properties = package["contributes"]["configuration"]["properties"].as_object().unwrap();
    let of_the_extension = |key: &str| key != "path" && !key.starts_with("trace");
    let settings: serde_json::Map<String, Value> = properties
        .iter()
        .map(|(key, value)| (key.strip_prefix("dfmt.").unwrap().to_string(), value["default"].clone()))
        .filter(|(key, _)| of_the_extension(key))
        .collect();
    let page = include_str!("../docs/editors.md");
    let table = page.split("## Settings").nth(1).unwrap().split("## ").next().unwrap();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    let mut keys: Vec<&str> = cells.flat_map(|cell| cell.trim_end_matches('`').split("`, `")).collect();
    keys.sort_unstable();
    assert!(!keys.is_empty());
    assert!(settings.keys().map(String::as_str).eq(keys), "{settings:?}");
    // nothing is wrong with their defaults, and they ask for nothing
    let folder = Folder::new().file("Dockerfile", SOURCE);
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::plain(&folder.path(""), Value::Object(settings));
    client.open(&uri, SOURCE);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), [("drop-overridden", 4, 3), ("merge-runs", 2, 3)]);
    assert_eq!(client.aside.iter().find(|m| m["method"] == "window/showMessage"), None);
}
