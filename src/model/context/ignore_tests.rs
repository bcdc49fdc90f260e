//! The reader and the matcher of .dockerignore, by tables.

use super::*;

fn read(file: &str) -> Patterns {
    Patterns::read(file.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn texts(file: &str) -> Vec<String> {
    read(file).list.iter().map(ToString::to_string).collect()
}

#[test]
fn reads_lines() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("\n\n  \n", &[]),
        ("\u{feff}a\r\nb\r\n", &["a", "b"]),
        ("# no\n#no\n # yes", &["# yes"]),
        ("  a \t", &["a"]),
        ("/a\n//a\na/\n./a\na//b/../c", &["a", "a", "a", "a", "a/c"]),
        ("!a\n!  /a/\n ! b", &["!a", "!a", "!b"]),
        (".\n/\n..", &[".", "/", ".."]),
        ("a b", &["a b"]),
        ("/ a\n/ /", &["a"]),
        ("/!a", &["!a"]),
        ("!!a", &["!!a"]),
        ("a\u{a0}\n\u{2003}b", &["a", "b"]),
    ];
    for (file, want) in table {
        assert_eq!(texts(file), *want, "{file:?}");
    }
}

#[test]
fn refuses_malformed_patterns() {
    for (file, line) in
        [("a\n!", 2), ("!/", 1), ("[", 1), ("ok\n\na[b", 3), ("x\\", 1), ("\n*a|b", 2), ("[a-]", 1)]
    {
        let error = Patterns::read(file.as_bytes()).map(|_| ()).expect_err(file);
        assert_eq!(error.line, line, "{file:?}: {error}");
    }
    assert!(Patterns::read(b"\xff").is_err());
    assert!(Patterns::read(b"# \xff\na").is_ok(), "comments may be anything");
    assert!(Patterns::read("a".repeat(70_000).as_bytes()).is_err());
}

#[test]
fn the_last_match_decides() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("a", &["a", "a/b", "a/b/c"], &["b", "ab", "b/a"]),
        ("*", &["a", "a/b", ".a"], &[]),
        ("**/a", &["a", "b/a", "b/a/c"], &["b"]),
        ("a/*", &["a/b", "a/b/c"], &["a"]),
        ("*\n!a", &["b"], &["a", "a/b"]),
        ("*\n!a/b", &["a", "a/c"], &["a/b", "a/b/c"]),
        ("a\n!a/b\na/b/c", &["a", "a/b/c"], &["a/b", "a/b/d"]),
        ("!a\na", &["a"], &[]),
        ("*.md\n!R*.md\nREADME.md", &["x.md", "README.md"], &["RELEASE.md"]),
        ("/\n.\n..", &[], &["a"]),
        ("a/../b", &["b"], &["a"]),
    ];
    for (file, out, kept) in table {
        let patterns = read(file);
        out.iter().for_each(|at| assert!(patterns.verdict(at).is_excluded, "{file:?} {at:?}"));
        kept.iter().for_each(|at| assert!(!patterns.verdict(at).is_excluded, "{file:?} {at:?}"));
    }
}

#[test]
fn names_the_pattern_that_decided() {
    let patterns = read("# c\n*\n!a\na/b");
    let by = |at: &str| {
        patterns.verdict(at).by.and_then(|index| patterns.get(index)).map(|p| (p.line, p.to_string()))
    };
    assert_eq!(by("x"), Some((2, "*".into())));
    assert_eq!(by("a"), Some((3, "!a".into())));
    assert_eq!(by("a/b/c"), Some((4, "a/b".into())));
}

#[test]
fn the_walk_and_the_look_up_can_differ() {
    // `!d` is skipped for d itself, so the walk does not remember it for d/c.
    let patterns = read("d/c\n!d");
    assert!(patterns.verdict("d/c").is_excluded && !patterns.excludes_alone("d/c"));
    // The other way round the file is sent, and nothing in it.
    let patterns = read("*\n!d/c\nd");
    assert!(patterns.is_emptied("d/c") && !patterns.is_emptied("d/e"));
}

#[test]
fn knows_where_something_may_be_taken_back() {
    let patterns = read("*\n!a/b\n!c/*");
    for (at, want) in [("a", true), ("a/b", true), ("c", true), ("d", false), ("ab", false)] {
        assert_eq!(patterns.may_take_back_below(at), want, "{at:?}");
    }
    assert!(read("*\n!**/x").may_take_back_below("d"));
    assert!(!read("*").may_take_back_below("d"));
}
