//! The program as a whole, where no rewrite is needed: usage, exit status, reading, stdin.

use crate::support::Folder;

/// Formatted as it is, whatever rules there are.
const GOOD: &str = "FROM alpine\nRUN echo hello\n";

#[test]
fn a_path_that_does_not_exist() {
    let folder = Folder::new();
    folder.dfmt(&["nowhere"]).run().status(2).stdout("").stderr("error: nowhere: no such file or folder\n");
    folder.dfmt(&["--write", "nowhere"]).run().status(2);
    folder.dfmt(&["--check", "nowhere"]).run().status(2);
}

#[test]
fn others_are_done_where_one_does_not_exist() {
    let folder = Folder::new().file("Dockerfile", GOOD);
    let run = folder.dfmt(&["nowhere", "Dockerfile"]).run().status(2);
    run.stderr("error: nowhere: no such file or folder\n1 file already as it should be\n");
}

#[test]
#[cfg(unix)]
fn a_file_that_cannot_be_read() {
    let folder = Folder::new().file("a/Dockerfile", GOOD).file("b/Dockerfile", GOOD);
    crate::support::chmod(&folder.path("a/Dockerfile"), 0);
    for args in [&["--check"][..], &["--check", "a/Dockerfile", "b/Dockerfile"]] {
        let Some(run) = folder.dfmt_as_nobody(args) else { return };
        run.run()
            .status(2)
            .stdout("")
            .stderr_has("error: a/Dockerfile: permission denied\n")
            .stderr_has("already as it should be");
    }
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_entered() {
    let folder = Folder::new().file("a/Dockerfile", GOOD).file("b/Dockerfile", GOOD);
    crate::support::chmod(&folder.path("a"), 0);
    let run = folder.dfmt_as_nobody(&["--check"]).map(crate::support::Run::run);
    crate::support::chmod(&folder.path("a"), 0o700);
    let Some(run) = run else { return };
    run.status(2).stderr_has("a: permission denied\n").stderr_has("1 file already as it should be\n");
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_nowhere() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("gone", folder.path("Dockerfile")).unwrap();
    folder.dfmt(&["Dockerfile"]).run().status(2).stderr("error: Dockerfile: no such file or folder\n");
    // in a folder it is nothing that could be formatted
    folder.dfmt(&["."]).run().status(0).stderr("warning: no Dockerfile found in .\n");
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = Folder::new();
    let file = std::fs::File::create(folder.path("Dockerfile")).unwrap();
    file.set_len(5 << 30).unwrap();
    folder.dfmt(&["Dockerfile"]).run().status(2).stderr("error: Dockerfile: larger than 64 MiB\n");
}

#[test]
fn no_dockerfile_is_no_error() {
    let folder = Folder::new().file("main.py", "");
    folder.dfmt(&[]).run().status(0).stdout("").stderr("warning: no Dockerfile found in this folder\n");
    folder.dfmt(&["--check", "."]).run().status(0).stderr("warning: no Dockerfile found in .\n");
    folder.dfmt(&["-q"]).run().status(0).stderr("");
}

#[test]
fn nothing_to_do_is_said_unless_quiet() {
    let folder = Folder::new().file("Dockerfile", GOOD).file("dev.Dockerfile", GOOD);
    folder.dfmt(&[]).run().status(0).stdout("").stderr("2 files already as they should be\n");
    folder.dfmt(&["--check"]).run().status(0).stdout("").stderr("2 files already as they should be\n");
    folder.dfmt(&["--write", "-q"]).run().status(0).stdout("").stderr("");
    folder.dfmt(&["--list"]).run().status(0).stdout("").stderr("");
}

#[test]
fn a_folder_named_dockerfile_is_searched() {
    let folder = Folder::new().file("Dockerfile/Dockerfile", GOOD);
    folder.dfmt(&["Dockerfile"]).run().status(0).stderr("1 file already as it should be\n");
    folder.dfmt(&[]).run().status(0).stderr("1 file already as it should be\n");
}

#[test]
fn stdin_goes_to_stdout() {
    let folder = Folder::new();
    folder.dfmt(&["-"]).stdin(GOOD).run().status(0).stdout(GOOD).stderr("");
    folder.dfmt(&["--stdin-filepath", "a/Dockerfile"]).stdin(GOOD).run().status(0).stdout(GOOD);
    folder.dfmt(&["--check", "-"]).stdin(GOOD).run().status(0).stdout("").stderr("");
    folder.dfmt(&["--diff", "-"]).stdin(GOOD).run().status(0).stdout("").stderr("");
    folder.dfmt(&["--list", "-"]).stdin(GOOD).run().status(0).stdout("");
}

#[test]
fn stdin_may_hold_any_bytes() {
    let text = b"FROM alpine\nRUN echo '\xff\xfe\xc3'\n";
    Folder::new().dfmt(&["-"]).stdin(text).run().status(0).stdout(text);
}

#[test]
fn stdin_may_be_large() {
    let text = ["FROM alpine\n", &"RUN echo hello\n".repeat(700_000)].concat();
    assert!(text.len() > 10_000_000);
    let run = Folder::new().dfmt(&["-"]).stdin(&text).run().status(0);
    assert_eq!(run.stdout.len(), text.len());
}

#[test]
fn a_large_file() {
    let text = ["FROM alpine\n", &"RUN echo hello\n".repeat(700_000)].concat();
    let folder = Folder::new().file("Dockerfile", text);
    folder.dfmt(&["--check"]).run().status(0).stderr("1 file already as it should be\n");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new().file("Dockerfile", GOOD.repeat(10_000));
    folder.dfmt(&["-"]).stdin(GOOD).closed_stdout().run().status(0).stderr("");
    folder.dfmt(&["rules"]).closed_stdout().run().status(0).stderr("");
    folder.dfmt(&["debug", "tree", "Dockerfile"]).closed_stdout().run().status(0).stderr("");
    folder.dfmt(&["--help"]).closed_stdout().run().status(0).stderr("");
}

#[test]
fn unknown_rules_are_refused_with_the_nearest_name() {
    let folder = Folder::new().file("Dockerfile", GOOD);
    for flag in ["--only", "--also", "--skip"] {
        folder
            .dfmt(&[flag, "layout,imaeg"])
            .run()
            .status(2)
            .stdout("")
            .stderr("error: unknown rule `imaeg`: did you mean `image`?\n");
    }
    folder.dfmt(&["rules", "frobnicate"]).run().status(2).stderr_has("`dfmt rules` lists them all");
}

#[test]
fn kinds_can_be_chosen() {
    let folder = Folder::new().file("Dockerfile", GOOD);
    folder.dfmt(&["--only", "layout", "--also", "image,content", "--skip", "content"]).run().status(0);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let folder = Folder::new().file("Dockerfile", GOOD);
    let refused = [
        &["--write", "--check"][..],
        &["--list", "--diff"],
        &["--quiet", "--verbose"],
        &["--write", "-"],
        &["-", "Dockerfile"],
        &["--stdin-filepath", "x", "Dockerfile"],
        &["--context", "nowhere"],
        &["--frobnicate"],
        &["--color", "sometimes"],
    ];
    for args in refused {
        let run = folder.dfmt(args).stdin(GOOD).run().status(2).stdout("");
        run.stderr_has("error:");
    }
}

#[test]
fn a_path_may_be_called_like_a_command() {
    let folder = Folder::new().file("rules/Dockerfile", GOOD);
    folder.dfmt(&["./rules"]).run().status(0).stderr("1 file already as it should be\n");
    folder.dfmt(&["--check", "rules"]).run().status(0).stderr("1 file already as it should be\n");
    folder.dfmt(&["rules"]).run().status(0).stderr("");
}

#[test]
fn help_names_the_exit_status_and_not_debug() {
    let run = Folder::new().dfmt(&["--help"]).run().status(0).stdout_has("--check found a file");
    assert!(!String::from_utf8_lossy(&run.stdout).contains("debug"));
}

#[test]
fn debug_shows_one_answer_a_file_in_order() {
    let folder = Folder::new().file("b", GOOD).file("a", "FROM a\nRUNN x\n");
    let run = folder.dfmt(&["debug", "errors", "b", "gone", "a"]).run().status(2);
    run.stdout(
        "{\"errors\":[],\"path\":\"b\"}\n{\"errors\":[\"unknown instruction `RUNN`\"],\"path\":\"a\"}\n",
    )
    .stderr("error: gone: no such file or folder\n");
    let tree = folder.dfmt(&["debug", "tree", "b"]).run().status(0);
    tree.stdout_has("Instruction \"FROM alpine\\n\"\n    Keyword \"FROM\"\n    Word \"alpine\"\n");
}
