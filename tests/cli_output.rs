//! Documents for programs: JSON, SARIF and workflow commands, whatever becomes of the files.

use serde_json::Value;

use crate::readme::read;
use crate::schema::fits;
use crate::support::{Folder, Ran};

const OLD: &str = "from alpine\nRUN   apk add curl\n";

/// Something of each kind: what changes, what does not, what is refused, what cannot be read.
fn all_sorts() -> Folder {
    Folder::new()
        .file("Dockerfile", OLD)
        .file("a/Dockerfile", "FROM alpine\n# dfmt: skpi\nRUN echo hello\n")
        .file("b/Dockerfile", "FROM alpine\nRUNN x\n")
        .file("c/Dockerfile", "FROM alpine\n")
        .file("c/dfmt.toml", "x = 1\n")
        .file("d/Dockerfile", "FROM alpine\nRUN apk add curl\nRUN make\n")
        .file("empty/main.py", "")
}

#[track_caller]
fn json(ran: &Ran) -> Value {
    serde_json::from_slice(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}\n{}", String::from_utf8_lossy(&ran.stdout)))
}

const RUNS: [&[&str]; 8] = [
    &["--check", ".", "nowhere"],
    &["."],
    &["--check", "-q"],
    &["--diff", "--check", "-v"],
    &["empty"],
    &["b/Dockerfile"],
    &["--write"],
    &["-w"],
];

#[test]
fn json_is_what_its_schema_says() {
    let schema: Value = serde_json::from_str(&read("docs/output.schema.json")).unwrap();
    let folder = all_sorts();
    let mut seen = String::new();
    for args in RUNS {
        let ran = folder.dfmt(&[&["--output", "json"], args].concat()).run();
        let document = json(&ran);
        assert!(fits(&schema, &document, &schema), "{args:?}: {document:#}");
        seen += &document.to_string();
    }
    // no key of the schema is made up
    let mut open = vec![&schema];
    while let Some(value) = open.pop() {
        for name in value["properties"].as_object().into_iter().flat_map(|p| p.keys()) {
            assert!(seen.contains(&format!("\"{name}\":")), "no run has {name}");
        }
        open.extend(value.as_object().into_iter().flat_map(|o| o.values()).filter(|v| v.is_object()));
    }
    for status in ["same", "changed", "passed-over", "failed"] {
        assert!(seen.contains(&format!("\"status\":\"{status}\"")), "no run has {status}");
    }
}

#[test]
fn the_schema_refuses_what_no_run_says() {
    let schema: Value = serde_json::from_str(&read("docs/output.schema.json")).unwrap();
    let good = json(&all_sorts().dfmt(&["--output", "json"]).run());
    let mutations: [fn(&mut Value); 4] = [
        |d| d["version"] = 2.into(),
        |d| d["files"][0]["changes"][0]["before"]["line"] = 0.into(),
        |d| d["files"][0]["more"] = 1.into(),
        |d| drop(d["files"][1].as_object_mut().unwrap().remove("status")),
    ];
    for mutate in mutations {
        let mut bad = good.clone();
        mutate(&mut bad);
        assert!(!fits(&schema, &bad, &schema), "{bad:#}");
    }
}

#[test]
fn json_tells_rules_lines_and_the_diff() {
    let folder = Folder::new().file("Dockerfile", OLD);
    let document = json(&folder.dfmt(&["--output", "json", "./Dockerfile"]).run().status(0));
    let file = &document["files"][0];
    assert_eq!(file["path"], "Dockerfile");
    assert_eq!(
        file["changes"].to_string(),
        "[{\"after\":{\"count\":1,\"line\":1},\"before\":{\"count\":1,\"line\":1},\"kind\":\"layout\",\
         \"rule\":\"upper-keywords\"},{\"after\":{\"count\":1,\"line\":2},\"before\":{\"count\":1,\"line\":2},\
         \"kind\":\"layout\",\"rule\":\"space\"}]"
    );
    assert!(file["diff"].as_str().unwrap().contains("\n-from alpine\n"));
    let checked = json(&folder.dfmt(&["--output", "json", "--check"]).run().status(1));
    assert_eq!(checked["files"][0].get("diff"), None);
    assert_eq!(checked["summary"]["changed"], 1);
}

#[test]
fn stdin_has_its_document_too() {
    let run = |args: &[&str], text: &str| Folder::new().dfmt(args).stdin(text).run();
    let document = json(&run(&["--output", "json", "-"], OLD).status(0));
    assert_eq!(document["files"][0]["path"], "<stdin>");
    assert_eq!(document["files"][0]["status"], "changed");
    json(&run(&["--output", "json", "--check", "-"], OLD).status(1));
    let document = json(&run(&["--output", "json", "-"], "FROM a\nRUNN x\n").status(2));
    assert_eq!(document["files"][0]["messages"][0]["line"], 2);
    let sarif =
        json(&run(&["--output", "sarif", "--diff", "--stdin-filepath", "x y/Dockerfile"], OLD).status(0));
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "x%20y/Dockerfile");
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "FROM alpine\nRUN apk add curl\n");
    assert_eq!(replacement["deletedRegion"]["endLine"], 3);
}

#[test]
fn sarif_names_rules_that_it_describes() {
    let folder = all_sorts();
    for args in RUNS {
        let ran = folder.dfmt(&[&["--output", "sarif"], args].concat()).run();
        let document = json(&ran);
        let run = &document["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for rule in rules {
            assert!(!rule["help"]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(result["ruleId"], rules[index]["id"], "{args:?}");
            let place = &result["locations"][0]["physicalLocation"];
            assert!(!place["artifactLocation"]["uri"].as_str().unwrap().starts_with(['/', '.']), "{place}");
            assert!(place["region"]["startLine"].as_u64() >= Some(1), "{place}");
            assert!(place["region"]["endLine"].as_u64() >= place["region"]["startLine"].as_u64(), "{place}");
        }
    }
}

#[test]
fn sarif_tells_errors_of_a_text_and_of_the_tool_apart() {
    let document = json(&all_sorts().dfmt(&["--output", "sarif", ".", "nowhere"]).run().status(2));
    let run = &document["runs"][0];
    let of = |id: &str| run["results"].as_array().unwrap().iter().filter(|r| r["ruleId"] == id).count();
    assert_eq!((of("syntax"), of("upper-keywords"), of("space")), (2, 1, 1));
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let said = invocation["toolExecutionNotifications"].to_string();
    assert!(said.contains("no such file") && said.contains("unknown key `x`"), "{said}");
}

#[test]
fn github_gets_a_command_for_lines_that_meet() {
    let folder = Folder::new().file("a,b%/Dockerfile", OLD).file("bad.Dockerfile", "FROM a\nRUNN 50%\n");
    let run = folder.dfmt(&["--output", "github", "--check", "-q"]).run().status(1);
    run.stdout(
        "::warning file=a%2Cb%25/Dockerfile,line=1,endLine=2,title=dfmt%3A upper-keywords%2C space::\
         upper-keywords (layout): Writes the names of instructions in upper case: `run` becomes `RUN`.%0A\
         space (layout): Puts one blank between tokens, none at line ends, and one newline at the end of the file.%0A\
         would be rewritten; `dfmt --write` does it\n\
         ::warning file=bad.Dockerfile,line=2,title=dfmt::unknown instruction `RUNN`\n",
    );
}

#[test]
fn what_stands_in_a_file_is_no_command() {
    let folder = Folder::new().file("Dockerfile", "from a\nRUN <<E\n::set-env name=X::y\n##[error]z\nE\n");
    let run = folder.dfmt(&["--output", "github", "--diff", "--check"]).run().status(1);
    let out = String::from_utf8(run.stdout).unwrap();
    assert!(out.contains("%0A ::set-env name=X::y%0A"), "{out}");
    assert!(out.lines().all(|l| l.starts_with("::warning ") || l.starts_with("::notice ")), "{out}");
}

#[test]
fn documents_are_the_same_each_time_and_hold_nothing_else() {
    let folder = all_sorts();
    for form in ["json", "sarif", "github"] {
        let args = ["--output", form, "--check", "--diff", "--color", "always", ".", "nowhere"];
        let [a, b] = [(); 2].map(|()| folder.dfmt(&args).run().stdout);
        assert_eq!(a, b);
        assert!(!a.contains(&0x1b));
    }
}

#[test]
fn names_alone_are_no_document() {
    let run = all_sorts().dfmt(&["--output", "json", "--list"]).run().status(2).stdout("");
    run.stderr_has("--list");
}
