//! What the README shows is what the program does. `UPDATE_DOCS=1 cargo test` writes what is made from the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A file of the project.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Its text. A checkout on Windows may have put carriage returns in.
pub fn read(name: &str) -> String {
    let text = fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    text.replace("\r\n", "\n")
}

/// Holds that a file of the project is `wanted`, or makes it so where that is asked for.
#[track_caller]
pub fn hold(name: &str, wanted: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        return fs::write(path(name), wanted).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    assert!(path(name).exists(), "{name} is not there: run the tests with UPDATE_DOCS=1");
    assert_eq!(read(name), wanted, "{name} is out of date: run the tests with UPDATE_DOCS=1");
}

/// What dfmt prints, run in the folder of the project.
pub fn dfmt<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dfmt"));
    command.args(args).current_dir(path("")).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } = command.output().expect("dfmt starts");
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Where the first block of code of this language stands in a page, without its fences.
fn block(page: &str, language: &str) -> std::ops::Range<usize> {
    let fence = format!("\n```{language}\n");
    let start = page.find(&fence).unwrap_or_else(|| panic!("there is no block of {language}")) + fence.len();
    start..start + page[start..].find("```\n").expect("the block ends")
}

/// The two commands for a fresh machine: the first block of shell code.
fn commands(page: &str) -> [&str; 2] {
    let lines: Vec<&str> = page[block(page, "sh")].lines().collect();
    lines.try_into().expect("two commands")
}

#[test]
fn the_diff_is_what_the_first_command_prints() {
    let page = read("README.md");
    let (program, args) = commands(&page)[0].split_once(" -- ").expect("arguments for dfmt");
    assert_eq!(program, "cargo run --release -q");
    let args: Vec<&str> = args.split_whitespace().collect();
    assert_eq!(args, ["examples/training"]);
    let mut wanted = page.clone();
    wanted.replace_range(block(&page, "diff"), &dfmt(&args));
    hold("README.md", &wanted);
}

#[test]
fn the_second_command_runs_the_tests() {
    assert_eq!(commands(&read("README.md"))[1], "cargo test");
}
