//! What source words take.

use std::sync::Arc;

use super::super::{Doubt, MemoryFolder, Setting};
use super::*;

fn context() -> Context {
    let folder = MemoryFolder::new()
        .with(".dockerignore", "secret\n*.log")
        .with(".gitignore", "local.*")
        .with_all(&["package.json", "package-lock.json", "src/a.ts", "src/sub/b.ts", "src/sub/c.md", "a.log"])
        .with_all(&["secret/key", "local.json", "web/index.html", "[x]"])
        .with_link("link", "src")
        .with_link("src/up", "../web")
        .with_entry("pipe", Entry::Other)
        .with_entry("empty", Entry::Dir { mode: 0o700 });
    Context::new(Arc::new(folder), &Setting::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn sources(word: &str) -> Result<Vec<String>, Unknown> {
    let sources = context().sources(word, &Patterns::default())?;
    Ok(sources.into_iter().map(|source| source.path).collect())
}

fn contents(word: &str, excludes: &[&str]) -> Vec<String> {
    let context = context();
    let excludes = Patterns::new(excludes.iter().copied()).unwrap_or_default();
    let sources = context.sources(word, &excludes).unwrap_or_default();
    let taken = sources.iter().filter_map(|source| context.contents(source, &excludes).ok()).flatten();
    taken.map(|taken| taken.name).collect()
}

#[test]
fn words_name_files_and_folders() {
    let table: &[(&str, &[&str])] = &[
        ("package.json", &["package.json"]),
        ("/package.json", &["package.json"]),
        ("./src/../package.json", &["package.json"]),
        (".", &[""]),
        ("/", &[""]),
        ("./", &[""]),
        ("src/", &["src"]),
        ("package*.json", &["package-lock.json", "package.json"]),
        ("./package*.json", &["package-lock.json", "package.json"]),
        ("s*/sub", &["src/sub"]),
        ("src/*/*.ts", &["src/sub/b.ts"]),
        ("src/s*", &["src/sub"]),
        ("[[]x]", &["[x]"]),
        ("web[^a]index.*", &["web/index.html"]),
        ("nothing*", &[]),
        ("*.log", &[]),
    ];
    for (word, want) in table {
        assert_eq!(
            sources(word).as_deref(),
            Ok(&want.iter().map(ToString::to_string).collect::<Vec<_>>()[..]),
            "{word}"
        );
    }
}

#[test]
fn what_is_not_certain_is_an_error() {
    let not_held = |path: &str, by: Option<&str>| Unknown::NotHeld {
        path: path.to_owned(),
        excluded_by: by.map(ToOwned::to_owned),
    };
    let table = [
        ("missing", not_held("missing", None)),
        ("a.log", not_held("a.log", Some("*.log"))),
        ("secret/key", not_held("secret/key", Some("secret"))),
        ("missing/*", not_held("missing", None)),
        ("package.json/*", not_held("package.json/*", None)),
        ("package.json/", not_held("package.json/", None)),
        ("link", Unknown::Link("link".into())),
        ("link/a.ts", Unknown::Link("link".into())),
        ("lin*", Unknown::Link("link".into())),
        ("link/*", Unknown::Link("link".into())),
        ("pipe", Unknown::Special("pipe".into())),
        ("../x", Unknown::Outside("../x".into())),
        ("src/../../x", Unknown::Outside("src/../../x".into())),
        ("[", Unknown::BadPattern("[".into())),
        ("src/*[", Unknown::BadPattern("src/*[".into())),
        ("https://example.org/x.tgz", Unknown::Remote("https://example.org/x.tgz".into())),
    ];
    for (word, want) in table {
        assert_eq!(sources(word), Err(want), "{word}");
    }
}

#[test]
fn folders_give_their_contents() {
    assert_eq!(contents("src", &[]), ["a.ts", "sub", "sub/b.ts", "sub/c.md", "up"]);
    assert_eq!(contents("package.json", &[]), ["package.json"]);
    assert_eq!(contents("empty", &[]), [""; 0]);
    assert_eq!(contents("src", &["**/*.md", "up"]), ["a.ts", "sub", "sub/b.ts"]);
    assert_eq!(contents("src", &["sub"]), ["a.ts", "up"]);
    assert_eq!(contents("src", &["*", "!sub/c.md"]), ["sub", "sub/c.md"]);
    let all = contents(".", &[]);
    assert!(all.contains(&"src/sub/b.ts".to_owned()) && !all.iter().any(|name| name.starts_with("secret")));
}

#[test]
fn excluding_a_source_itself_is_not_certain() {
    let excludes = Patterns::new(["*.json"]).unwrap_or_default();
    let error = context().sources("package.json", &excludes);
    assert_eq!(error, Err(Unknown::ExcludedSource("package.json".into())));
    assert!(context().sources(".", &excludes).is_ok());
}

#[test]
fn sources_tell_what_is_untracked() {
    let presence = |word: &str| context().sources(word, &Patterns::default()).map(|found| found[0].presence);
    assert_eq!(presence("local.json"), Ok(Presence::Perhaps(Doubt::Gitignored)));
    assert_eq!(presence("package.json"), Ok(Presence::Yes));
    assert_eq!(presence("empty"), Ok(Presence::Perhaps(Doubt::OnlyGitignored)));
}
