//! Comments that speak to dfmt or to another tool: what they keep as it is, and what is said of those without effect.

use crate::support::Folder;

/// What becomes of a Dockerfile under all rules; a second time changes nothing.
#[track_caller]
fn check(args: &[&str], source: &str, want: &str) -> Folder {
    let folder =
        Folder::new().file("Dockerfile", source).file("requirements.txt", "flask==3\n").file("a.py", "");
    let ran = folder.dfmt(&[&["-w", "-q"], args].concat()).run().status(0).stdout("");
    assert_eq!(String::from_utf8(folder.read("Dockerfile")).unwrap(), want);
    ran.stderr("");
    folder.dfmt(&[&["-c", "-q"], args].concat()).run().status(0);
    folder
}

#[test]
fn between_off_and_on_nothing_changes() {
    check(
        &[],
        "from a\n# dfmt: off\n\n\nrun   x   \n  # odd\nenv A b\n\n\n# dfmt: on\n\n\nrun   y\n",
        "FROM a\n# dfmt: off\n\n\nrun   x   \n  # odd\nenv A b\n\n\n# dfmt: on\n\nRUN y\n",
    );
    // without `on` it goes to the end, where no newline is added either
    check(&[], "from a\n# dfmt: off\nrun   x", "FROM a\n# dfmt: off\nrun   x");
    check(&[], "# dfmt: off\nfrom a\n\n\nrun  x\n", "# dfmt: off\nfrom a\n\n\nrun  x\n");
    // a stage that begins below has its blank line only outside
    check(
        &[],
        "from a\n# dfmt: off\nrun  x\n# dfmt: on\nfrom b\n",
        "FROM a\n# dfmt: off\nrun  x\n# dfmt: on\nFROM b\n",
    );
    check(
        &[],
        "from a\n# dfmt: off\r\nrun  x\r\n# dfmt: on\n",
        "FROM a\n# dfmt: off\nrun  x\r\n# dfmt: on\n",
    );
}

#[test]
fn skip_keeps_the_next_instruction() {
    check(
        &[],
        "from a\n# dfmt: skip  a table\nrun a   && \\\n      b    # x\nrun  c\n",
        "FROM a\n# dfmt: skip  a table\nrun a   && \\\n      b    # x\nRUN c\n",
    );
    // its comments are not part of it, and may stand between
    check(
        &[],
        "from a\n  # dfmt: skip\n# why\n\n\nenv A  b\nenv C  d",
        "FROM a\n  # dfmt: skip\n# why\n\nenv A  b\nENV C=d\n",
    );
    check(&[], "from a\n# dfmt: skip\nrun  x", "FROM a\n# dfmt: skip\nrun  x");
}

#[test]
fn skip_of_rules_keeps_it_from_these() {
    check(
        &[],
        "from a\n# dfmt: skip=upper-keywords\nrun   x\n",
        "FROM a\n# dfmt: skip=upper-keywords\nrun x\n",
    );
    check(
        &[],
        "from a\n# dfmt: skip=align-backslashes, upper-keywords\nrun aaaaaaaa && \\\n  b && \\\n  c\n",
        "FROM a\n# dfmt: skip=align-backslashes, upper-keywords\nrun aaaaaaaa \\\n    && b \\\n    && c\n",
    );
    check(&[], "from a\n# dfmt: skip=layout\nrun   x\n", "FROM a\n# dfmt: skip=layout\nrun   x\n");
    check(&[], "from a\n# dfmt: skip=space\nenv  A   b\n", "FROM a\n# dfmt: skip=space\nENV  A=b\n");
}

const RUNS: &str = "FROM a\nRUN apt-get update\nRUN apt-get install -y curl\n";

#[test]
fn what_is_kept_is_not_joined() {
    let pragmas = ["# dfmt: skip", "# dfmt: skip=merge-runs", "# dfmt: skip=image", "# dfmt: off"];
    for pragma in pragmas {
        let source = RUNS.replace("RUN apt-get install", &format!("{pragma}\nRUN apt-get install"));
        check(&[], &source, &source);
        let source = RUNS.replace("RUN apt-get update", &format!("{pragma}\nRUN apt-get update"));
        check(&[], &source, &source);
    }
    check(&[], RUNS, "FROM a\nRUN apt-get update \\\n    && apt-get install -y curl\n");
}

#[test]
fn a_pair_that_is_kept_leaves_the_others_to_be_joined() {
    let source = format!(
        "{RUNS}# dfmt: off\nRUN mkdir /a\nRUN chmod 755 /a\n# dfmt: on\nRUN mkdir /b\nRUN chmod 755 /b\n"
    );
    let want = "FROM a\nRUN apt-get update \\\n    && apt-get install -y curl\n\
        # dfmt: off\nRUN mkdir /a\nRUN chmod 755 /a\n# dfmt: on\n";
    let folder = Folder::new().file("Dockerfile", source);
    folder.dfmt(&["-w", "-q"]).run().status(0);
    let text = String::from_utf8(folder.read("Dockerfile")).unwrap();
    assert!(text.starts_with(want), "{text}");
    folder.dfmt(&["-c", "-q"]).run().status(0);
}

#[test]
fn nothing_moves_past_what_is_kept() {
    let moved = "FROM debian:12\nCOPY src /app\nRUN apt-get update && apt-get install -y curl\n";
    let folder = Folder::new().file("Dockerfile", moved);
    folder.dfmt(&["-c"]).run().status(1).stdout_has("order-instructions");
    for pragma in ["# dfmt: skip", "# dfmt: skip=order-instructions", "# dfmt: off"] {
        for line in ["COPY src", "RUN apt"] {
            let source = moved.replace(line, &format!("{pragma}\n{line}"));
            check(&[], &source, &source);
        }
    }
    // over a region, too: it stands where it stood
    let over = moved.replace("RUN apt", "# dfmt: off\nENV  A=b\n# dfmt: on\nRUN apt");
    check(&[], &over, &over);
    // a rule that is not named still moves it
    let folder = Folder::new().file("Dockerfile", moved.replace("RUN apt", "# dfmt: skip=space\n\nRUN apt"));
    folder.dfmt(&["-c", "-q"]).run().status(0);
}

const MANIFESTS: &str = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";

#[test]
fn half_of_a_rewrite_is_none() {
    let folder = Folder::new().file("Dockerfile", MANIFESTS).file("requirements.txt", "flask==3\n");
    folder.dfmt(&["-c"]).run().status(1).stdout_has("copy-manifests-first");
    for pragma in ["# dfmt: skip", "# dfmt: skip=copy-manifests-first", "# dfmt: off"] {
        for line in ["COPY . .", "RUN pip"] {
            let source = MANIFESTS.replace(line, &format!("{pragma}\n{line}"));
            check(&[], &source, &source);
        }
    }
}

#[test]
fn the_comment_is_named_where_it_stands_in_the_way() {
    let source = "FROM debian:12\nCOPY src /app\n# dfmt: off\nENV A=b\n# dfmt: on\n\nRUN apt-get update && apt-get install -y curl\n";
    let folder = Folder::new().file("Dockerfile", source);
    folder.dfmt(&["-c", "-v"]).run().status(0).stderr_has("order-instructions: ");
}

/// What is said on stderr.
#[track_caller]
fn warns(source: &str, want: &str) {
    let folder = Folder::new().file("Dockerfile", source);
    folder
        .dfmt(&["-c"])
        .run()
        .status(0)
        .stdout("")
        .stderr(&format!("{want}1 file already as it should be\n"));
    folder.dfmt(&["-c", "-q"]).run().status(0).stderr("");
    folder
        .dfmt(&["-"])
        .stdin(source)
        .run()
        .status(0)
        .stdout(source)
        .stderr(&want.replace("Dockerfile", "<stdin>"));
}

#[test]
fn what_has_no_effect_is_a_warning() {
    warns(
        "FROM a\n# dfmt: skip=merge-run, nothing-like-it, space\nRUN b\n",
        "warning: Dockerfile: line 2: unknown rule `merge-run`: did you mean `merge-runs`? (in a `# dfmt: skip=…` comment)\n\
         warning: Dockerfile: line 2: unknown rule `nothing-like-it`: `dfmt rules` lists them all (in a `# dfmt: skip=…` comment)\n",
    );
    warns(
        "FROM a\n# dfmt: on\nRUN b\n",
        "warning: Dockerfile: line 2: `# dfmt: on` has no effect: no `# dfmt: off` stands above it\n",
    );
    warns(
        "FROM a\n# dfmt: disable\nRUN b\n",
        "warning: Dockerfile: line 2: `# dfmt: disable` has no effect: dfmt knows off, on, skip and skip=RULES\n",
    );
    warns(
        "FROM a\nRUN b\n# dfmt: skip\n",
        "warning: Dockerfile: line 3: `# dfmt: skip` has no effect: no instruction stands below it\n",
    );
    warns(
        "FROM a\nRUN b \\\n    # dfmt: off\n    && c\n",
        "warning: Dockerfile: line 3: `# dfmt: off` has no effect: it stands inside of an instruction: it is heard above one\n",
    );
    warns(
        "FROM a\n# dfmt: skip=\nRUN b\n",
        "warning: Dockerfile: line 2: `# dfmt: skip=` names no rule: write `# dfmt: skip` to keep all rules away\n",
    );
    warns("FROM a\n# dfmt: off\nRUN  b\n", "");
}

/// What other tools say about an instruction.
const TOOLS: [&str; 8] = [
    "# hadolint ignore=DL3008,DL3009",
    "# renovate: datasource=docker depName=a",
    "# trivy:ignore:AVD-DS-0002",
    "#checkov:skip=CKV_DOCKER_2:none is wanted",
    "# nosemgrep: dockerfile.security.missing-user",
    "# kics-scan ignore-line",
    "# shellcheck disable=SC2086",
    "# check=skip=all",
];

#[test]
fn other_tools_are_heard_where_they_speak() {
    for tool in TOOLS {
        // not joined, not moved, and nothing comes between
        let joined = RUNS.replace("RUN apt-get install", &format!("{tool}\nRUN apt-get install"));
        check(&[], &joined, &joined);
        let moved =
            format!("from debian:12\nCOPY src /app\n{tool}\nRUN apt-get update && apt-get install -y curl\n");
        let folder = Folder::new().file("Dockerfile", &moved);
        folder.dfmt(&["-w", "-q"]).run().status(0);
        let text = String::from_utf8(folder.read("Dockerfile")).unwrap();
        assert!(text.contains(&format!("{tool}\nRUN apt-get update")), "{text}");
        // an indented one is not heard by all of them, so it keeps its margin; the text is as it was
        let text = format!("FROM a\n  {tool}\nRUN b\n");
        check(&[], &text, &text);
        // inside of a RUN it stays above the same word
        let inside =
            format!("FROM a\nRUN apt-get install -y \\\n        {tool}\n        curl=7.1 \\\n        git\n");
        let folder = Folder::new().file("Dockerfile", &inside);
        folder.dfmt(&["-w", "-q"]).run().status(0);
        let text = String::from_utf8(folder.read("Dockerfile")).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let at = lines.iter().position(|l| *l == tool).unwrap();
        assert!(lines[at + 1].starts_with("curl=7.1"), "{text}");
    }
}

#[test]
fn directives_stay_where_they_are() {
    let source = "# syntax=docker/dockerfile:1\n# check=skip=JSONArgsRecommended\nfrom a\nrun b\n";
    check(&[], source, &source.replace("from", "FROM").replace("run", "RUN"));
}
