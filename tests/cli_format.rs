//! The program as a whole, where something is rewritten or refused.

use crate::support::Folder;

const OLD: &str = "from alpine\n";
const NEW: &str = "FROM alpine\n";
const DIFF: &str = "\
--- Dockerfile
+++ Dockerfile
@@ -1 +1 @@ upper-keywords
-from alpine
+FROM alpine
";

fn one() -> Folder {
    Folder::new().file("Dockerfile", OLD)
}

#[test]
fn the_diff_is_what_is_shown() {
    let folder = one();
    folder.dfmt(&[]).run().status(0).stdout(DIFF).stderr("1 file would change (--write rewrites it)\n");
    folder.dfmt(&["-q", "Dockerfile"]).run().status(0).stdout(DIFF).stderr("");
    assert_eq!(folder.read("Dockerfile"), OLD.as_bytes());
}

#[test]
fn colours_are_asked_for() {
    one().dfmt(&["--color", "always"]).run().status(0).stdout_has("\x1b[31m-from alpine\x1b[0m\n");
    one().dfmt(&["--color=never"]).run().status(0).stdout(DIFF);
}

#[test]
fn check_names_what_would_change() {
    let folder = one().file("b/Dockerfile", NEW);
    let said = "Dockerfile: would change: upper-keywords\n";
    let run = folder.dfmt(&["--check"]).run().status(1).stdout(said);
    run.stderr(
        "1 file would change (--write in place of --check rewrites it; `dfmt rules NAME` says why), \
         1 already as it should be\n",
    );
    folder.dfmt(&["-c", "b"]).run().status(0).stdout("");
    folder.dfmt(&["--check", "--diff"]).run().status(1).stdout(format!("{said}{DIFF}"));
    folder.dfmt(&["--check", "--quiet"]).run().status(1).stdout("").stderr("");
    folder.dfmt(&["--check", "--list"]).run().status(1).stdout("Dockerfile\n").stderr("");
    assert_eq!(folder.read("Dockerfile"), OLD.as_bytes());
}

#[test]
fn check_says_where_each_rule_would_change_what() {
    let folder = Folder::new().file("Dockerfile", "FROM alpine\nRUN apk  add curl\nRUN apk add git\n");
    let merge = "Dockerfile:2: merge-runs: Joins adjacent RUNs that belong together into one.\n";
    let named = "Dockerfile: would change: merge-runs\n";
    folder.dfmt(&["--check"]).run().status(1).stdout(format!("{named}{merge}"));
    let folder = one();
    let space = "Dockerfile:1: upper-keywords: Writes the names of instructions in upper case";
    folder.dfmt(&["--check", "-v"]).run().status(1).stdout_has(space);
}

#[test]
fn the_first_write_says_how_many_runs_are_built_anew() {
    let run = "RUN a \\\n && b\n";
    let new = "RUN a    \\\n    && b\n";
    let said = "1 RUN is built anew next time, for its layout alone; --keep-cache leaves it as it was\n";
    let folder = Folder::new().file("Dockerfile", format!("FROM x\n{run}"));
    folder.dfmt(&["--check"]).run().status(1);
    folder.dfmt(&["-w"]).run().status(0).stderr(&format!("{said}1 file rewritten\n"));
    folder.dfmt(&["-w"]).run().status(0).stderr("1 file already as it should be\n");
    let write =
        |text: String, args: &[&str]| Folder::new().file("Dockerfile", text).dfmt(args).run().status(0);
    // one of its RUNs stands as dfmt sets it: it was laid out before
    write(format!("FROM x\n{}RUN c\n{run}", format_of(new)), &["-w"]).stderr("1 file rewritten\n");
    write(format!("FROM x\n{run}"), &["-w", "-q"]).stderr("");
    write(format!("from x\n{run}"), &["-w", "--keep-cache"]).stderr("1 file rewritten\n");
    // exec form, names of instructions, and what stands in front of the text are no part of it
    write("FROM x\nrun  echo a\nRUN [\"a\",\"b\"]\n".to_string(), &["-w"]).stderr("1 file rewritten\n");
}

/// A text as dfmt sets it.
fn format_of(text: &str) -> String {
    let run = Folder::new().dfmt(&["-", "--only", "layout"]).stdin(format!("FROM x\n{text}")).run().status(0);
    String::from_utf8(run.stdout).unwrap().replacen("FROM x\n", "", 1)
}

#[test]
fn write_rewrites_and_then_check_is_silent() {
    let folder = one().file("b/Dockerfile", NEW);
    let run = folder.dfmt(&["--write"]).run().status(0).stdout("");
    run.stderr("1 file rewritten, 1 already as it should be\n");
    assert_eq!(folder.read("Dockerfile"), NEW.as_bytes());
    folder.dfmt(&["--check"]).run().status(0).stdout("");
    folder.dfmt(&["-w"]).run().status(0).stderr("2 files already as they should be\n");
    one().dfmt(&["-w", "--diff"]).run().status(0).stdout(DIFF);
    one().dfmt(&["-w", "--list"]).run().status(0).stdout("Dockerfile\n").stderr("");
    one().dfmt(&["-w", "-q"]).run().status(0).stdout("").stderr("");
}

#[test]
fn names_come_sorted_whatever_is_done_first() {
    let names: Vec<String> = (100..400).map(|n| format!("d{n}/Dockerfile")).collect();
    let folder = names.iter().fold(Folder::new(), |folder, name| folder.file(name, OLD));
    folder.dfmt(&["--list"]).run().status(0).stdout(names.join("\n") + "\n");
    folder
        .dfmt(&["--list", "d200", "d100", "./d100/Dockerfile"])
        .run()
        .stdout("d100/Dockerfile\nd200/Dockerfile\n");
}

#[test]
fn rules_can_be_left_out() {
    one().dfmt(&["--skip", "upper-keywords"]).run().status(0).stdout("");
    one().dfmt(&["--only", "image"]).run().status(0).stdout("");
}

#[test]
fn stdin_is_formatted() {
    let run = |args: &[&str]| Folder::new().dfmt(args).stdin(OLD).run();
    run(&["-"]).status(0).stdout(NEW).stderr("");
    run(&["--diff", "-"]).status(0).stdout(DIFF.replace("Dockerfile", "<stdin>"));
    run(&["--diff", "-", "--stdin-filepath", "Dockerfile"]).status(0).stdout(DIFF);
    run(&["--check", "-"]).status(1).stdout("<stdin>: would change: upper-keywords\n");
    run(&["--check", "-q", "-"]).status(1).stdout("");
    run(&["--list", "-"]).status(0).stdout("<stdin>\n");
}

#[test]
fn a_compound_command_ends_where_its_line_began() {
    let old = "\
FROM a
RUN if a; then \\
    b; \\
# nor c
    fi | d && \\
    { \\
    e; \\
    } | f
RUN set -e; \\
    case x in \\
    y) z ;; \\
# nothing else
    esac && \\
    g
";
    let new = "\
FROM a
RUN if a; then \\
        b;     \\
        # nor c
    fi | d     \\
    && {       \\
        e;     \\
    } | f
RUN set -e;     \\
    case x in   \\
        y) z ;; \\
        # nothing else
    esac        \\
        && g
";
    for text in [old, new] {
        Folder::new().dfmt(&["--only", "layout", "-"]).stdin(text).run().status(0).stdout(new);
    }
}

#[test]
fn stdout_stays_empty_where_stdin_cannot_be_formatted() {
    let run = Folder::new().dfmt(&["-"]).stdin("from alpine\nRUNN x\n").run().status(2).stdout("");
    run.stderr("error: <stdin>: line 2: unknown instruction `RUNN`\n  |\n2 | RUNN x\n  | ^^^^\n");
}

#[test]
fn what_buildkit_refuses_is_left_as_it_is() {
    let cases = [
        ("from a\nRUNN x\n", "Dockerfile: line 2: unknown instruction `RUNN`\n  |\n2 | RUNN x\n  | ^^^^\n"),
        (
            "from a\nRUN <<EOF\necho\n",
            "Dockerfile: line 2: no line `EOF` ends the heredoc\n  |\n2 | RUN <<EOF\n",
        ),
        ("# only this\n", "Dockerfile: line 1: "),
        ("", "Dockerfile: line 1: "),
        ("run x\n", "Dockerfile: line 1: expected FROM"),
    ];
    for (text, message) in cases {
        let folder = Folder::new().file("Dockerfile", text);
        // named outright it is an error, found in a folder a warning; never a reason to leave out others
        let named = folder.dfmt(&["--write", "Dockerfile"]).run().status(2);
        named.stderr_has(&format!("error: {message}"));
        let folder = folder.file("z/Dockerfile", OLD);
        let found = folder.dfmt(&["--write"]).run().status(0);
        found.stderr_has(&format!("warning: {message}")).stderr_has("1 file rewritten, 1 passed over\n");
        assert_eq!(folder.read("Dockerfile"), text.as_bytes());
        assert_eq!(folder.read("z/Dockerfile"), NEW.as_bytes());
    }
}

#[test]
fn bytes_that_are_no_text_are_kept() {
    let folder = Folder::new().file("Dockerfile", b"from alpine\nRUN echo '\xff\xc3'\n");
    let run = folder.dfmt(&[]).run().status(0);
    assert!(run.stdout.windows(4).any(|w| w == b"'\xff\xc3'"), "a diff for programs holds them too");
    folder.dfmt(&["--color", "always"]).run().status(0).stdout_has("RUN echo '\u{fffd}\u{fffd}'");
    folder.dfmt(&["--write"]).run().status(0);
    assert_eq!(folder.read("Dockerfile"), b"FROM alpine\nRUN echo '\xff\xc3'\n");
}

#[test]
fn a_diff_that_is_piped_can_be_applied() {
    let folder = one();
    let diff = folder.dfmt(&[]).run().status(0).stdout;
    std::fs::write(folder.path("fix.diff"), diff).unwrap();
    let mut git = std::process::Command::new("git");
    git.args(["apply", "-p0", "fix.diff"]).current_dir(folder.path(""));
    match git.status() {
        Ok(status) => assert!(status.success()),
        Err(_) => return eprintln!("passed over: git is not here"),
    }
    assert_eq!(folder.read("Dockerfile"), NEW.as_bytes());
}

#[test]
fn a_large_file_is_rewritten() {
    let text = ["from alpine\n", &"RUN echo hello\n".repeat(700_000)].concat();
    let folder = Folder::new().file("Dockerfile", text);
    // its RUNs would be one: this is about the size
    folder
        .dfmt(&["--diff", "--write", "--only", "upper-keywords"])
        .run()
        .status(0)
        .stdout_has("+FROM alpine\n");
    assert!(folder.read("Dockerfile").starts_with(b"FROM alpine\nRUN"));
}

#[test]
fn a_closed_pipe_stops_no_rewrite() {
    let names: Vec<String> = (100..400).map(|n| format!("d{n}/Dockerfile")).collect();
    let folder = names.iter().fold(Folder::new(), |folder, name| folder.file(name, OLD));
    folder.dfmt(&[]).closed_stdout().run().status(0).stderr("");
    folder.dfmt(&["--check"]).closed_stdout().run().status(1);
    folder.dfmt(&["--write", "--list"]).closed_stdout().run().status(0);
    for name in names {
        assert_eq!(folder.read(&name), NEW.as_bytes());
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{chown, symlink};

    use super::*;
    use crate::support::{chmod, mode};

    #[test]
    fn one_that_cannot_be_written_stops_no_other() {
        let folder = one().file("a/Dockerfile", OLD).file("z/Dockerfile", OLD);
        chmod(&folder.path("a/Dockerfile"), 0o444);
        let Some(run) = folder.dfmt_as_nobody(&["--write"]) else { return };
        for name in ["Dockerfile", "z", "z/Dockerfile"].into_iter().filter(|_| folder.is_roots()) {
            chown(folder.path(name), Some(65534), Some(65534)).unwrap();
        }
        let run = run.run().status(2).stdout("");
        run.stderr("error: a/Dockerfile: read-only, left as it is\n2 files rewritten, 1 could not be done\n");
        assert_eq!(folder.read("a/Dockerfile"), OLD.as_bytes());
        assert_eq!(folder.read("z/Dockerfile"), NEW.as_bytes());
    }

    #[test]
    fn links_and_permissions_are_kept() {
        let folder = Folder::new().file("docker/prod", OLD);
        chmod(&folder.path("docker/prod"), 0o640);
        symlink("docker/prod", folder.path("Dockerfile")).unwrap();
        folder.dfmt(&["--write"]).run().status(0).stderr("1 file rewritten\n");
        assert!(folder.path("Dockerfile").is_symlink());
        assert_eq!(folder.read("docker/prod"), NEW.as_bytes());
        assert_eq!(mode(&folder.path("docker/prod")), 0o640);
    }

    #[test]
    fn a_file_of_someone_else_is_not_taken_over() {
        let folder = one();
        chmod(&folder.path("Dockerfile"), 0o644);
        if !folder.is_roots() {
            return eprintln!("passed over: only root has files that another user cannot write");
        }
        let Some(run) = folder.dfmt_as_nobody(&["--write"]) else { return };
        run.run().status(2).stderr_has("Dockerfile: not writable, left as it is\n");
        assert_eq!(folder.read("Dockerfile"), OLD.as_bytes());
    }
}
