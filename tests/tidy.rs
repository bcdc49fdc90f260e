//! The house: who may import whom, where each dependency lives, how long a file may grow.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of `src/`, from the bottom up: a module imports only what stands before it, and those that stand
/// together never see each other.
const LAYERS: [&[&str]; 10] = [
    &["source", "config"],
    &["syntax"],
    &["model"],
    &["rules", "layout"],
    &["proof"],
    &["report"],
    &["settings"],
    &["lsp"],
    &["cli"],
    &["main", "lib"],
];

/// Dependencies that have a home, and where it is.
const HOMES: [(&str, &[&str]); 23] = [
    ("nom", &["src/syntax/"]),
    ("similar", &["src/report/", "src/lsp/edits.rs"]),
    ("clap", &["src/cli/", "src/main.rs"]),
    ("clap_complete", &["src/cli/"]),
    ("clap_mangen", &["src/cli/man.rs"]),
    ("anyhow", &["src/cli/", "src/main.rs"]),
    ("roxmltree", &["src/model/manifests/"]),
    (
        "serde_json",
        &[
            "src/cli/debug.rs",
            "src/report/",
            "src/syntax/shell/",
            "src/model/manifests/",
            "src/model/install/",
            "src/lsp/",
        ],
    ),
    ("ignore", &["src/cli/files.rs", "src/model/context/", "src/settings/"]),
    ("tempfile", &["src/cli/"]),
    ("rayon", &["src/cli/"]),
    ("anstyle", &["src/report/"]),
    ("anstream", &["src/report/", "src/cli/"]),
    ("unicode_width", &["src/layout/", "src/report/"]),
    ("strsim", &["src/settings/"]),
    ("toml", &["src/settings/", "src/model/manifests/"]),
    ("semver", &["src/settings/"]),
    ("ec4rs", &["src/settings/"]),
    ("indicatif", &["src/cli/"]),
    ("ctrlc", &["src/cli/"]),
    ("lsp_server", &["src/lsp/"]),
    ("lsp_types", &["src/lsp/"]),
    ("ropey", &["src/lsp/"]),
];

/// A file longer than this has more than one subject.
const MAX_LINES: usize = 400;

/// Files that may be longer, and why.
const LONG: [(&str, &str); 1] = [("src/syntax/shell/tests.rs", "a table of every construct of the shell")];

/// The files of `src/`, with their texts.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<PathBuf> = vec![root.join("src")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// The lines of code, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|l| !l.trim_start().starts_with("//"))
}

/// The folder or file of `src/` that a file belongs to.
fn part(name: &str) -> &str {
    let below = name.strip_prefix("src/").unwrap();
    below.split('/').next().unwrap().trim_end_matches(".rs")
}

fn layer(part: &str) -> Option<usize> {
    LAYERS.iter().position(|l| l.contains(&part))
}

/// The names behind each `root` in a line: `crate::model::view` gives `model`.
fn names_behind<'t>(line: &'t str, root: &'t str) -> impl Iterator<Item = &'t str> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    line.match_indices(root)
        .map(move |(at, _)| line[at + root.len()..].split(ends).next().unwrap_or_default())
}

#[test]
fn modules_import_only_what_stands_below_them() {
    let mut seen = 0;
    for (name, text) in sources() {
        let own = part(&name);
        let mine = layer(own).unwrap_or_else(|| panic!("{name} is in no layer"));
        for line in code(&text) {
            assert!(!line.contains("crate::{"), "{name}: one `use` for each module: {line}");
            for other in names_behind(line, "crate::") {
                let Some(theirs) = layer(other) else { panic!("{name}: `{other}` is in no layer: {line}") };
                assert!(own == other || theirs < mine, "{name} must not know `{other}`: {line}");
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "only {seen} imports were found");
}

#[test]
fn dependencies_stay_at_home() {
    let mut used = vec![0; HOMES.len()];
    for (name, text) in sources() {
        for line in code(&text) {
            for (n, (dependency, homes)) in HOMES.iter().enumerate() {
                let path = format!("{dependency}::");
                let begins =
                    |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c));
                let is_used =
                    line.match_indices(&path).any(|(at, _)| begins(at) || line[..at].ends_with(" ::"));
                if !is_used {
                    continue;
                }
                let at_home = homes.iter().any(|h| name.starts_with(h));
                assert!(at_home, "{name}: `{dependency}` lives in {homes:?}: {line}");
                used[n] += 1;
            }
        }
    }
    for ((dependency, _), used) in HOMES.iter().zip(used) {
        assert!(used > 0, "`{dependency}` is not used any more");
    }
}

#[test]
fn every_dependency_has_a_home() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    for line in section.lines().filter(|l| l.contains('=')) {
        let name = line.split([' ', '=']).next().unwrap().replace('-', "_");
        // it searches bytes: everybody may
        let known = name == "memchr" || HOMES.iter().any(|(d, _)| *d == name);
        assert!(known, "`{name}` has no home in this test");
    }
}

#[test]
fn files_say_what_they_hold_and_have_one_subject() {
    for (name, text) in sources() {
        assert!(text.starts_with("//! "), "{name} does not begin with what it holds");
        let lines = text.lines().count();
        let may = LONG.iter().any(|(n, _)| *n == name);
        assert!(lines <= MAX_LINES || may, "{name} has {lines} lines: split it by subject");
    }
}
