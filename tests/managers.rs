//! What holds for every package manager: each has a fixture that splits and one that stays, and what stands in the way is
//! said in one voice.

use std::fs;
use std::path::{Path, PathBuf};

use dfmt::model::command::Run;
use dfmt::model::install::MANAGERS;
use dfmt::syntax::parse;

use crate::support::fixtures::{self, Fixture};
use crate::support::laws;

const RULE: &str = "copy-manifests-first";

/// Whether a RUN of the fixture calls one of these programs.
fn calls(fixture: &Fixture, programs: &[&str]) -> bool {
    let file = parse(&fixture.bytes);
    let runs = file.instructions().filter_map(|i| Run::of(i).ok());
    let found =
        runs.flat_map(|r| r.commands.iter().filter_map(|c| c.name().map(String::from)).collect::<Vec<_>>());
    found.into_iter().any(|name| programs.contains(&name.as_str()))
}

#[test]
fn each_manager_has_a_fixture_that_splits_and_one_that_stays() {
    let fixtures = fixtures::in_folder(&format!("rules/{RULE}"));
    for manager in MANAGERS {
        let mut seen = [false; 2];
        for fixture in fixtures.iter().filter(|f| calls(f, manager.programs)) {
            let outcome = laws::formatted(&fixture.bytes, &laws::only(&[RULE]), &|| fixture.context());
            seen[usize::from(outcome.output.is_none())] = true;
        }
        assert_eq!(seen, [true, true], "{}: one that splits, one that stays", manager.name);
    }
}

#[test]
fn each_program_belongs_to_one_manager() {
    let mut all: Vec<&str> = MANAGERS.iter().flat_map(|m| m.programs).copied().collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "a program stands twice in {all:?}");
}

/// The texts that are given to a function somewhere in the sources of installs: a literal right behind it.
fn literals(function: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/model/install"))) {
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices(function) {
            let behind = text[at + function.len()..].trim_start();
            let behind = behind.strip_prefix("format!(").unwrap_or(behind).trim_start();
            let Some(literal) = behind.strip_prefix('"') else { continue };
            let literal = literal.split("\"\n").next().unwrap().split("\")").next().unwrap();
            found.push((path.display().to_string(), literal.split("\",").next().unwrap().to_string()));
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|p| if p.is_dir() { sources(&p) } else { vec![p] }).collect()
}

#[test]
fn what_stands_in_the_way_is_said_in_one_voice() {
    let mut all = literals("Obstacle::new(");
    all.extend(literals("Obstacle::small("));
    assert!(all.len() > 40, "only {} texts were found", all.len());
    for (path, text) in all {
        assert!(!text.ends_with('.'), "{path}: it ends in a full stop: {text}");
        // names of programs keep their letters
        let first = text.split(' ').next().unwrap();
        let is_name = first.chars().skip(1).any(char::is_uppercase) || matches!(first, "Erlang" | "MSBuild");
        assert!(
            !text.starts_with(char::is_uppercase) || is_name,
            "{path}: it begins like a sentence: {text}"
        );
    }
}

#[test]
fn what_is_small_says_what_to_do() {
    const DO: [&str; 13] = [
        "install with ",
        "name ",
        "add ",
        "use ",
        "put ",
        "call ",
        "write ",
        "commit",
        "set ",
        "give ",
        "remove ",
        "drop ",
        "would have to stand",
    ];
    let all = literals("Obstacle::small(");
    assert!(all.len() > 10, "only {} texts were found", all.len());
    for (path, text) in all {
        assert!(DO.iter().any(|d| text.contains(d)), "{path}: it does not say what to do: {text}");
    }
}
