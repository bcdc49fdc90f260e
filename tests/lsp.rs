//! The language server as a client sees it: documents, places, formatting, leave.

use serde_json::{Value, json};

use crate::support::Folder;
use crate::support::client::{Client, applied, formatting, range, uri};

/// Characters of one, two and four bytes, in what layout has something to say about.
const SOURCE: &str = "from  a\n# 😀 é\nrun   echo '😀'  &&   echo é\nlabel x=😀   y=1\n";
const LAID_OUT: &str = "FROM a\n# 😀 é\nRUN echo '😀' && echo é\nLABEL x=😀 y=1\n";

/// What dfmt makes of a text on stdin.
fn by_stdin(folder: &Folder, text: &str) -> String {
    let ran = folder.dfmt(&["-", "--stdin-filepath", "Dockerfile"]).stdin(text).run().status(0);
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn formatting_is_what_stdin_is() {
    let folder = Folder::new().file("Dockerfile", SOURCE);
    let uri = uri(&folder.path("Dockerfile"));
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open(&uri, SOURCE);
    assert_eq!(client.format(&uri, SOURCE), LAID_OUT);
    assert_eq!(by_stdin(&folder, SOURCE), LAID_OUT);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn edits_are_no_larger_than_they_must_be() {
    let folder = Folder::new();
    let mut client = Client::plain(&folder.path(""), Value::Null);
    let text = "FROM a\nRUN  😀 x\n";
    client.open("untitled:Untitled-1", text);
    let edits = client.ask("textDocument/formatting", formatting("untitled:Untitled-1")).unwrap();
    assert_eq!(edits, json!([{"range": range([1, 3], [1, 5]), "newText": " "}]));
    client.change("untitled:Untitled-1", 2, [1, 3], [1, 5], " ");
    let edits = client.ask("textDocument/formatting", formatting("untitled:Untitled-1")).unwrap();
    assert_eq!(edits, Value::Null);
}

#[test]
fn changes_are_followed_in_utf_16_and_utf_8() {
    for (encodings, kind, behind) in
        [(json!([]), "utf-16", [2, 14]), (json!(["utf-32", "utf-8", "utf-16"]), "utf-8", [2, 16])]
    {
        let folder = Folder::new();
        let params = json!({
            "processId": null, "rootUri": null,
            "capabilities": {"general": {"positionEncodings": encodings}},
        });
        let mut client = Client::new(&folder.path(""), params);
        assert_eq!(client.capabilities["positionEncoding"], kind);
        let uri = "untitled:a";
        client.open(uri, SOURCE);
        // an x behind the smile in the RUN, a whole line, past the end of a line, and past the end of the text
        client.change(uri, 2, behind, behind, "x");
        client.change(uri, 3, [1, 0], [2, 0], "");
        client.change(uri, 4, [0, 999], [0, 999], ":1");
        client.change(uri, 5, [99, 0], [99, 0], "user  😀");
        let want = "from  a:1\nrun   echo '😀x'  &&   echo é\nlabel x=😀   y=1\nuser  😀";
        // what the server has is seen by what it makes of it
        client.change(uri, 6, [0, 0], [0, 0], "");
        if kind == "utf-16" {
            assert_eq!(client.format(uri, want), by_stdin(&folder, want));
        } else {
            let edits = client.ask("textDocument/formatting", formatting(uri)).unwrap();
            let bytes = |at: &Value| {
                let (line, column) = (at["line"].as_u64().unwrap(), at["character"].as_u64().unwrap());
                want.split_inclusive('\n').take(line as usize).map(str::len).sum::<usize>() + column as usize
            };
            let mut text = want.to_string();
            for edit in edits.as_array().unwrap().iter().rev() {
                let at = bytes(&edit["range"]["start"])..bytes(&edit["range"]["end"]);
                text.replace_range(at, edit["newText"].as_str().unwrap());
            }
            assert_eq!(text, by_stdin(&folder, want));
        }
    }
}

#[test]
fn a_mark_line_endings_and_an_open_end_are_kept_as_on_stdin() {
    let folder = Folder::new();
    for text in [
        "\u{feff}from a\r\nrun  😀 \\\r\n  x\r\n",
        "from a\nrun  b",
        "from a\r\nrun x\nrun  y\r\n\r\n\r\nrun z",
        "from a\nrun  echo \u{2028}  \u{85} x\n",
        "from a\n\n\n\n# 😀\nrun x\n",
    ] {
        let mut client = Client::plain(&folder.path(""), Value::Null);
        client.open("untitled:a", text);
        assert_eq!(client.format("untitled:a", text), by_stdin(&folder, text), "{text:?}");
    }
}

#[test]
fn one_repository_has_one_layout_by_files_stdin_and_editor() {
    let one = "from  a\nrun   apt-get update && apt-get install -y b c\ncopy . .\n";
    let two = "from a\r\nrun x && \\\r\n  y   # 😀\r\n";
    let folder = Folder::new()
        .file("dfmt.toml", "line-width = 40\n[[overrides]]\nfiles = [\"deep/**\"]\nindent = 2\n")
        .file(".editorconfig", "root = true\n[*]\nindent_style = tab\n")
        .file("Dockerfile", one)
        .file("deep/b/web.Dockerfile", two)
        .file("deep/Containerfile", SOURCE);
    for (name, text) in [("Dockerfile", one), ("deep/b/web.Dockerfile", two), ("deep/Containerfile", SOURCE)]
    {
        let mut client = Client::plain(&folder.path(""), Value::Null);
        let uri = uri(&folder.path(name));
        client.open(&uri, text);
        let by_editor = client.format(&uri, text);
        let by_stdin = folder.dfmt(&["-", "--stdin-filepath", name]).stdin(text).run().status(0).stdout;
        folder.dfmt(&["-w", "--only", "layout", name]).run().status(0);
        assert_eq!(by_editor.as_bytes(), by_stdin, "{name}");
        assert_eq!(by_editor.as_bytes(), folder.read(name), "{name}");
        assert_ne!(by_editor, text);
    }
}

#[test]
fn formatting_does_more_where_it_is_asked_to() {
    let text = "FROM a\nRUN mkdir /x\nRUN mkdir /y\n";
    let joined = "FROM a\nRUN mkdir /x \\\n    && mkdir /y\n";
    let folder = Folder::new();
    let format = |settings: Value| {
        let mut client = Client::plain(&folder.path(""), settings);
        client.open("untitled:a", text);
        client.format("untitled:a", text)
    };
    assert_eq!(format(json!({})), text);
    assert_eq!(format(json!({"also": ["image"]})), joined);
    assert_eq!(format(json!({"dfmt": {"also": "merge-runs"}})), joined);
    assert_eq!(format(json!({"also": ["image"], "mergeRuns": "off"})), text);
    assert_eq!(format(json!({"also": ["image"], "skip": ["merge-runs"]})), text);
    // later words hold
    let mut client = Client::plain(&folder.path(""), json!({}));
    client.open("untitled:a", text);
    client.tell("workspace/didChangeConfiguration", json!({"settings": {"dfmt": {"also": ["image"]}}}));
    assert_eq!(client.format("untitled:a", text), joined);
}

#[test]
fn settings_are_asked_for_where_the_client_can_answer() {
    let folder = Folder::new();
    let dynamic = json!({"dynamicRegistration": true});
    let workspace = json!({
        "configuration": true, "didChangeConfiguration": dynamic, "didChangeWatchedFiles": dynamic,
    });
    let params = json!({"processId": null, "rootUri": null, "capabilities": {"workspace": workspace}});
    let mut client = Client::new(&folder.path(""), params);
    let registered = client.next(|m| m["method"] == "client/registerCapability");
    assert_eq!(registered["params"]["registrations"].as_array().unwrap().len(), 2);
    let asked = client.next(|m| m["method"] == "workspace/configuration");
    assert_eq!(asked["params"]["items"], json!([{"section": "dfmt"}]));
    client.send(&json!({"id": asked["id"], "result": [{"also": ["image"], "onyl": []}]}));
    let said = client.next(|m| m["method"] == "window/showMessage");
    let want = "dfmt: the setting `dfmt.onyl` is unknown: did you mean `dfmt.only`?";
    assert_eq!(said["params"]["message"], want);
    let text = "FROM a\nRUN mkdir /x\nRUN mkdir /y\n";
    client.open("untitled:a", text);
    assert_ne!(client.format("untitled:a", text), text);
}

#[test]
fn a_range_formats_the_instructions_that_it_touches() {
    let folder = Folder::new();
    let mut client = Client::plain(&folder.path(""), json!({"also": ["image"]}));
    let text = "from  a\n\n\n\nrun  mkdir /😀\nrun  mkdir /y \\\n  /z\n  # c\nuser  b";
    client.open("untitled:a", text);
    let mut format = |from, to| {
        let mut params = formatting("untitled:a");
        params["range"] = range(from, to);
        applied(text, &client.ask("textDocument/rangeFormatting", params).unwrap())
    };
    let second = "from  a\n\n\n\nRUN mkdir /😀\nrun  mkdir /y \\\n  /z\n  # c\nuser  b";
    assert_eq!(format([4, 3], [4, 3]), second);
    assert_eq!(format([2, 0], [4, 1]), second);
    assert_eq!(format([1, 0], [3, 0]), text);
    let third = "from  a\n\n\n\nrun  mkdir /😀\nRUN mkdir /y \\\n    /z\n  # c\nuser  b";
    assert_eq!(format([6, 0], [6, 4]), third);
    assert_eq!(format([8, 0], [8, 7]), text.replace("user  b", "USER b\n"));
}

#[test]
fn a_new_line_formats_what_it_has_ended_and_nothing_else() {
    let folder = Folder::new();
    let format = |text: &str, line: u32| {
        let mut client = Client::plain(&folder.path(""), Value::Null);
        client.open("untitled:a", text);
        let mut params = formatting("untitled:a");
        params["position"] = json!({"line": line, "character": 0});
        params["ch"] = "\n".into();
        applied(text, &client.ask("textDocument/onTypeFormatting", params).unwrap())
    };
    assert_eq!(format("from  a\nrun  😀  x\n", 2), "from  a\nRUN 😀 x\n");
    assert_eq!(format("from  a\nrun  😀  x\n\nuser  b\n", 2), "from  a\nRUN 😀 x\n\nuser  b\n");
    // several lines end with the last one
    let two = "from  a\nrun  x \\\n  && y\n";
    assert_eq!(format(two, 3), "from  a\nRUN x \\\n    && y\n");
    for (text, line) in [
        // an open continuation: the cursor stands in the instruction
        ("from a\nrun  x \\\n", 2),
        ("from a\nrun  x \\\n  # c\n", 3),
        ("from a\nrun  x \\\n\n  y\n", 2),
        ("from a\nrun  x \\\n  && y\n", 2),
        // an open heredoc, and another error
        ("from a\nrun  cat <<E\n", 2),
        ("from a\nrun  cat <<E\nx\nE\n", 2),
        ("from  a\nrunn x\n", 1),
        ("from  a\nrun  x\n y\n", 2),
        // no instruction stands above
        ("from  a\n# c\n", 2),
        ("\nfrom  a\n", 1),
        ("from  a\n", 0),
    ] {
        assert_eq!(format(text, line), text, "{text:?}");
    }
}

#[test]
fn what_is_broken_is_not_formatted() {
    let folder = Folder::new()
        .file("dfmt.toml", "line-widht = 50\n")
        .file("left/dfmt.toml", "exclude = [\"Dockerfile\"]\n");
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.open("untitled:a", "from  a\nbad  b\n");
    assert_eq!(client.ask("textDocument/formatting", formatting("untitled:a")), Ok(Value::Null));
    let broken = uri(&folder.path("Dockerfile"));
    client.open(&broken, "from  a\n");
    let error = client.ask("textDocument/formatting", formatting(&broken)).unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("did you mean `line-width`?"), "{error}");
    let left = uri(&folder.path("left/Dockerfile"));
    client.open(&left, "from  a\nRUN mkdir a\nRUN mkdir b\n");
    assert_eq!(client.ask("textDocument/formatting", formatting(&left)), Ok(Value::Null));
    assert_eq!(client.diagnostics(&left, 1), [Value::Null; 0]);
}

#[test]
fn every_request_has_an_answer() {
    let folder = Folder::new();
    let mut client = Client::start(&folder.path(""));
    let error = client.ask("textDocument/formatting", formatting("untitled:a")).unwrap_err();
    assert_eq!(error["code"], -32002);
    client.ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": {}})).unwrap();
    client.tell("initialized", json!({}));
    assert_eq!(client.ask("dfmt/unknown", json!({})).unwrap_err()["code"], -32601);
    assert_eq!(client.ask("textDocument/formatting", formatting("untitled:a")).unwrap_err()["code"], -32602);
    assert_eq!(client.ask("textDocument/formatting", json!(3)).unwrap_err()["code"], -32602);
    client.tell("textDocument/didChange", json!({"nonsense": 1}));
    client.tell("$/unknown", json!({}));
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": "untitled:never"}}));
    client.open("untitled:a", "from  a\n");
    assert_eq!(client.format("untitled:a", "from  a\n"), "FROM a\n");
    assert_eq!(client.ask("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.ask("dfmt/unknown", json!({})).unwrap_err()["code"], -32600);
    client.tell("exit", Value::Null);
    assert_eq!(client.wait(), Some(0));
}

#[test]
fn who_leaves_without_a_word_is_told_so() {
    let folder = Folder::new();
    let mut client = Client::plain(&folder.path(""), Value::Null);
    client.tell("exit", Value::Null);
    assert_eq!(client.wait(), Some(1));
    let mut client = Client::plain(&folder.path(""), Value::Null);
    assert_eq!(client.wait(), Some(1));
}

#[test]
fn a_request_that_waits_can_be_cancelled() {
    let folder = Folder::new();
    let mut client = Client::plain(&folder.path(""), Value::Null);
    // long enough that what follows waits for it
    let text = "FROM a\n".to_string() + &"run  echo a  b && echo c\n".repeat(10_000);
    client.open("untitled:a", &text);
    let [first, second] = [101, 102];
    let format =
        |id: i32| json!({"id": id, "method": "textDocument/formatting", "params": formatting("untitled:a")});
    client.send_all(&[
        format(first),
        format(second),
        json!({"method": "$/cancelRequest", "params": {"id": second}}),
    ]);
    let code = client.end(second).err().map(|e| e["code"].clone());
    assert_eq!(code, Some(json!(-32800)));
    assert!(client.end(first).is_ok_and(|edits| edits.is_array()));
}
