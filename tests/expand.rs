//! Words and variables as BuildKit reads them: each operator, quotes, escapes, errors.

use dfmt::syntax::expand::{self, Options};

/// `A` is set, `E` is set to nothing, `P` is a path, all else is not set.
fn lookup(name: &str) -> Option<String> {
    let value = match name {
        "A" => "one",
        "E" => "",
        "P" => "/usr/lib/liba.so.1",
        "W" => "two  words",
        "1" | "12" => "digits",
        "é" => "letters",
        _ => return None,
    };
    Some(value.to_string())
}

#[track_caller]
fn gives(table: &[(&str, &str)], options: Options) {
    for (word, want) in table {
        let got = expand::word(word.as_bytes(), options, &lookup);
        assert_eq!(got.as_deref(), Ok(*want), "{word}");
    }
}

fn plain() -> Options {
    Options::new(b'\\')
}

#[test]
fn quotes_and_escapes() {
    gives(
        &[
            ("", ""),
            ("a b", "a b"),
            ("'a $A \"b\" \\'", "a $A \"b\" \\"),
            ("\"a $A 'b'\"", "a one 'b'"),
            (r#""\" \\ \$ \n \a""#, r#"" \ $ \n \a"#),
            (r"\a\ \$A\'\\", r"a $A'\"),
            (r"a\", "a"),
            ("a'b'\"c\"d", "abcd"),
            ("a`b`$(c)~*", "a`b`$(c)~*"),
            ("\u{feff}a", "a"),
        ],
        plain(),
    );
}

#[test]
fn variables() {
    gives(
        &[
            ("$A", "one"),
            ("${A}", "one"),
            ("$Ab", ""),
            ("${A}b", "oneb"),
            ("$X", ""),
            ("${X}", ""),
            ("$", "$"),
            ("a$ b", "a$ b"),
            ("$$", ""),
            ("$12", "digits"),
            ("$1a", "digitsa"),
            ("$é", "letters"),
            ("$A$A.$A", "oneone.one"),
            ("$W", "two  words"),
        ],
        plain(),
    );
}

#[test]
fn defaults() {
    gives(
        &[
            ("${A:-x}", "one"),
            ("${E:-x}", "x"),
            ("${X:-x}", "x"),
            ("${A-x}", "one"),
            ("${E-x}", ""),
            ("${X-x}", "x"),
            ("${A:+x}", "x"),
            ("${E:+x}", ""),
            ("${X:+x}", ""),
            ("${A+x}", "x"),
            ("${E+x}", "x"),
            ("${X+x}", ""),
            ("${A:?x}", "one"),
            ("${E?x}", ""),
            ("${X:-}", ""),
            ("${X:-$A}", "one"),
            ("${X:-${Y:-${A}}}", "one"),
            ("${X:-'a b'\"c\"}", "a bc"),
            (r"${X:-\}}", "}"),
            ("${X:-a b}c", "a bc"),
        ],
        plain(),
    );
}

#[test]
fn prefixes_and_suffixes() {
    gives(
        &[
            ("${P#*/}", "usr/lib/liba.so.1"),
            ("${P##*/}", "liba.so.1"),
            ("${P%/*}", "/usr/lib"),
            ("${P%%/*}", ""),
            ("${P%%.*}", "/usr/lib/liba"),
            ("${P%.?}", "/usr/lib/liba.so"),
            ("${P#x}", "/usr/lib/liba.so.1"),
            ("${P#/usr}", "/lib/liba.so.1"),
            ("${X#a}", ""),
            ("${A#$A}", ""),
            (r"${A#\*}", "one"),
        ],
        plain(),
    );
}

#[test]
fn replacements() {
    gives(
        &[
            ("${P/lib/x}", "/usr/x/liba.so.1"),
            ("${P//lib/x}", "/usr/x/xa.so.1"),
            ("${P/l?b/x}", "/usr/x/liba.so.1"),
            ("${P/\\//x}", "xusr/lib/liba.so.1"),
            ("${A/x/y}", "one"),
            ("${A/o*/x}", "x"),
            ("${A//e/}", "on"),
            ("${X/a/b}", ""),
        ],
        plain(),
    );
}

#[test]
fn what_is_no_word() {
    let wrong = [
        "'a",
        "\"a",
        "${",
        "${}",
        "${A",
        "${A:",
        "${A:-",
        "${A:-x",
        "${A:=x}",
        "${A^^}",
        "${A:1:2}",
        "${A!}",
        "${:A}",
        "${{A}}",
        "${A/x}",
        "${A[0]}",
        "${X:?not set}",
        "${E:?empty}",
        "${X?not set}",
        "\"${A\"",
        "a'b\"c",
        "${P//\\/}",
        r"${A#\n}",
    ];
    for word in wrong {
        assert!(expand::word(word.as_bytes(), plain(), &lookup).is_err(), "{word}");
    }
}

#[test]
fn why_a_variable_must_be_set_is_told() {
    let error = expand::word(b"${X:?a version is needed}", plain(), &lookup).unwrap_err();
    assert!(error.0.contains("X: a version is needed"), "{}", error.0);
}

#[test]
fn a_backtick_is_an_escape_where_the_file_says_so() {
    gives(
        &[(r"C:\a\$A", r"C:\a\one"), ("`$A", "$A"), ("\"`\"`$\"", "\"$"), ("a`", "a"), (r"\'a'", r"\a")],
        Options::new(b'`'),
    );
}

#[test]
fn unset_variables_can_stay() {
    let options = Options { keep_unset: true, ..plain() };
    gives(
        &[
            ("$X", "$X"),
            ("${X}", "${X}"),
            ("${X:-a}", "${X:-a}"),
            ("${X+a}", "${X+a}"),
            ("${X#a}", "${X#a}"),
            ("$A$X", "one$X"),
            ("${E:-a}", "a"),
            ("'$X'", "$X"),
        ],
        options,
    );
}

#[test]
fn quotes_and_escapes_can_stay() {
    let options = Options { raw_quotes: true, raw_escapes: true, ..plain() };
    gives(&[("'a'", "'a'"), ("\"a\"b", "\"a\"b"), (r"\a", r"\a"), (r#""\$""#, r#""\$""#)], options);
}

#[test]
fn words_are_split_at_blanks_that_are_not_quoted() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("  ", &[]),
        ("a  b\tc", &["a", "b", "c"]),
        ("'a b' \"c d\"", &["a b", "c d"]),
        (r"a\ b c", &["a b", "c"]),
        ("$W", &["two", "words"]),
        ("\"$W\"", &["two  words"]),
        ("a$W", &["atwo", "words"]),
        ("$X", &[]),
        ("a $X b", &["a", "b"]),
        ("<<EOF a", &["<<EOF", "a"]),
        ("<< EOF a", &["<< EOF", "a"]),
        // an oddity of BuildKit: what stands before `${…:-…}` in its word is dropped
        ("8${X:-0}", &["0"]),
    ];
    for (text, want) in table {
        let got = expand::words(text.as_bytes(), plain(), &lookup).unwrap();
        assert_eq!(got, *want, "{text}");
    }
}

#[test]
fn depth_and_length_have_an_end() {
    let deep = "${X:-".repeat(10_000) + &"}".repeat(10_000);
    assert!(expand::word(deep.as_bytes(), plain(), &lookup).is_err());
    let long = format!("${{P#{}}}", "*".repeat(100_000));
    assert!(expand::word(long.as_bytes(), plain(), &lookup).is_err());
    let fits = format!("${{P#{}}}", "*a".repeat(100));
    assert!(expand::word(fits.as_bytes(), plain(), &lookup).is_ok());
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    let got = expand::word(b"a\xff\xc3\xa9", plain(), &lookup);
    assert_eq!(got.as_deref(), Ok("a\u{fffd}é"));
}
