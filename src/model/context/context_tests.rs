//! Which ignore file counts, what the context holds, and what it may hold elsewhere.

use super::*;

fn context(folder: MemoryFolder) -> Context {
    Context::new(Arc::new(folder), &Setting::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn ignoring(dockerignore: &str, files: &[&str]) -> Context {
    context(MemoryFolder::new().with(".dockerignore", dockerignore).with_all(files))
}

fn names(context: &Context, at: &str) -> Vec<String> {
    let entries = context.list(at).map(|listing| listing.entries).unwrap_or_default();
    entries.into_iter().map(|(name, _)| name).collect()
}

fn with_dockerfile(folder: MemoryFolder, dockerfile: &str) -> Result<Context, ContextError> {
    Context::new(Arc::new(folder), &Setting { dockerfile: Some(dockerfile.to_owned()), ..Setting::default() })
}

#[test]
fn the_dockerfile_s_own_ignore_file_comes_first() {
    let folder = MemoryFolder::new().with("d/Dockerfile.dockerignore", "a").with(".dockerignore", "b");
    let own = with_dockerfile(folder.clone(), "d/Dockerfile");
    assert_eq!(own.as_ref().ok().and_then(Context::ignore_file), Some("d/Dockerfile.dockerignore"));
    let other = with_dockerfile(folder.clone(), "Dockerfile");
    assert_eq!(other.as_ref().ok().and_then(Context::ignore_file), Some(".dockerignore"));
    let setting = Setting { own_ignore: Some(b"c".to_vec()), ..Setting::default() };
    let outside = Context::new(Arc::new(folder), &setting).map(|context| context.excluded_by("c").is_some());
    assert_eq!(outside, Ok(true));
}

#[test]
fn doubtful_ignore_files_are_errors() {
    let memory = MemoryFolder::new;
    let ambiguous = [
        (memory().with("Dockerfile.dockerignore", "").with(".dockerignore", "a"), "Dockerfile"),
        (memory().with("x/Dockerfile.dockerignore", "a"), "x/dockerfile"),
        (memory().with("dockerfile.dockerignore", "a"), "dockerfile"),
        (memory().with(".containerignore", "a"), "Containerfile"),
    ];
    for (folder, dockerfile) in ambiguous {
        let error = with_dockerfile(folder, dockerfile).err();
        assert!(matches!(error, Some(ContextError::Ambiguous { .. })), "{dockerfile}: {error:?}");
    }
    let link = with_dockerfile(memory().with_link(".dockerignore", "x"), "Dockerfile").err();
    assert!(matches!(link, Some(ContextError::Unreadable { .. })));
    let bad = with_dockerfile(memory().with(".dockerignore", "a\n["), "Dockerfile").err();
    assert_eq!(
        bad.map(|error| error.to_string()),
        Some(".dockerignore: line 2: malformed pattern: `[`".into())
    );
    assert!(with_dockerfile(memory().with("Dockerfile.dockerignore", ""), "Dockerfile").is_ok());
}

#[test]
fn holds_what_is_sent() {
    let context = ignoring("*\n!a/b\n!k", &["a/b/c", "a/d", "e/f", "k", "l"]);
    assert_eq!(names(&context, ""), ["a", "k"]);
    assert_eq!(names(&context, "a"), ["b"]);
    assert!(
        context.holds("a/b/c").is_some() && context.holds("a/d").is_none() && context.holds("e").is_none()
    );
    assert_eq!(context.read("k"), Some(Vec::new()));
    assert_eq!((context.read("l"), context.read("a"), context.list("e")), (None, None, None));
}

#[test]
fn ignore_files_are_ordinary_files_of_the_context() {
    assert_eq!(names(&ignoring("x", &["Dockerfile"]), ""), [".dockerignore", "Dockerfile"]);
    assert_eq!(names(&ignoring(".dockerignore\nDockerfile", &["Dockerfile", "y"]), ""), ["y"]);
}

#[test]
fn a_folder_with_an_exception_that_nothing_meets_is_not_sent() {
    assert!(ignoring("a\n!a/*.md", &["a/x.txt", "a/b/y.md"]).holds("a").is_none());
    assert!(ignoring("a\n!a/*.md", &["a/x.md"]).holds("a").is_some());
}

#[test]
fn files_that_are_sent_empty_are_not_relied_on() {
    let context = ignoring("*\n!d/c\nd", &["d/c"]);
    assert_eq!(context.holds("d/c"), None);
    assert_eq!(context.may_hold("d/c"), Presence::Perhaps(Doubt::Unreadable));
    assert_eq!(context.list("d").map(|listing| listing.complete), Some(false));
}

#[test]
fn the_verdict_is_the_same_on_a_clean_checkout() {
    let clean =
        MemoryFolder::new().with(".gitignore", "node_modules/\n.venv\n*.tmp\n").with_all(&["app/x.py"]);
    let laptop =
        clean.clone().with_all(&["node_modules/a/b.js", ".venv/bin/python", "app/y.tmp", "package.json"]);
    for dockerignore in ["", ".venv\n", "**/node_modules", "*\n!app", "*\n!.venv/bin"] {
        let clean = context(clean.clone().with(".dockerignore", dockerignore));
        let laptop = context(laptop.clone().with(".dockerignore", dockerignore));
        for path in
            ["node_modules", "node_modules/a", ".venv", "app", "app/x.py", "app/y.tmp", "app/z", "dist"]
        {
            assert_eq!(clean.may_hold(path), laptop.may_hold(path), "{dockerignore:?} {path}");
        }
    }
}

#[test]
fn presence() {
    let folder = MemoryFolder::new()
        .with(".gitignore", "*.pyc\nnode_modules\n/out")
        .with(".dockerignore", "secret\n!secret/open\nout")
        .with_all(&["a/b", "c/__pycache__/x.pyc", "secret/open", "secret/shut"])
        .with_link("l", "a");
    let context = context(folder);
    let table = [
        ("", Presence::Yes),
        ("a", Presence::Yes),
        ("a/b", Presence::Yes),
        ("a/c", Presence::No),
        ("node_modules", Presence::Perhaps(Doubt::Gitignored)),
        ("a/node_modules/x", Presence::Perhaps(Doubt::Gitignored)),
        ("out", Presence::No),
        ("c/__pycache__", Presence::Perhaps(Doubt::OnlyGitignored)),
        ("secret", Presence::Yes),
        ("secret/open", Presence::Yes),
        ("secret/shut", Presence::No),
        ("l", Presence::Yes),
        ("l/b", Presence::Perhaps(Doubt::BehindLink)),
        ("../x", Presence::Perhaps(Doubt::Unclear)),
    ];
    for (path, want) in table {
        assert_eq!(context.may_hold(path), want, "{path:?}");
    }
}

#[test]
fn says_which_pattern_keeps_a_path_out() {
    let context = ignoring("*.md\n!README.md", &[]);
    assert_eq!(context.excluded_by("x.md").map(|pattern| pattern.line), Some(1));
    assert!(context.excluded_by("README.md").is_none() && context.excluded_by("x").is_none());
}
