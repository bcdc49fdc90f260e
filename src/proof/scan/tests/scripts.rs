//! Heredoc bodies that a shell reads.

use super::{Difference, Sides, same_shell};

fn judge(before: &str, after: &str) -> Result<(), Difference> {
    let text = |body: &str| format!("RUN <<A\n{body}A\n");
    bare(&text(before), &text(after))
}

fn bare(before: &str, after: &str) -> Result<(), Difference> {
    same_shell(&Sides { before: before.as_bytes(), after: after.as_bytes(), escape: b'\\' }, true)
}

#[test]
fn accepts_layout() {
    for (before, after) in [
        ("a\n\n\n  b;c  \n", "a\nb; c\n"),
        ("\n\na\n", "a\n\n"),
        ("if a\nthen\n\tb\nfi\n", "if a\nthen\n    b\nfi\n"),
        ("a \\\n  b\\\n   c\n", "a \\\n    b \\\n    c\n"),
        ("a &&\nb |\n\nc\n", "a \\\n    && b \\\n    | c\n"),
        ("# one  \n  # two\na # three\n", "# one\n# two\na  # three\n"),
        ("cat <<B|c\n x  y\nB\n\n\nd\n", "cat <<B | c\n x  y\nB\nd\n"),
        ("x=$(\na\n  b\n)\n", "x=$(\n    a\n    b\n)\n"),
        ("a 'x\n  y'  b\n", "a 'x\n  y' b\n"),
        ("[[ a &&\n   b ]]\n", "[[ a &&\n    b ]]\n"),
    ] {
        assert_eq!(judge(before, after), Ok(()), "{before:?} to {after:?}");
        assert_eq!(judge(after, before), Ok(()), "{after:?} to {before:?}");
    }
}

#[test]
fn refuses_another_script() {
    for (before, after) in [
        ("a\nb\n", "a b\n"),
        ("a\nb\n", "a; b\n"),
        ("a \\\n\nb\n", "a \\\nb\n"),
        ("a 'x\n  y'\n", "a 'x\n y'\n"),
        ("a \"x\n\n  y\"\n", "a \"x\n  y\"\n"),
        ("a \"x\n\n  $(b  c)\"\n", "a \"x\n\n  $(b c)\"\n"),
        ("a # b  c\n", "a # b c\n"),
        ("# b\na\n", "a\n# b\n"),
        ("a # b\n", "a\n# b\n"),
        ("a\n# b\n", "a\n"),
        ("cat <<B\n x\nB\n", "cat <<B\nx\nB\n"),
        ("cat <<B\nx\n\nB\n", "cat <<B\nx\nB\n"),
        ("cat <<B\nx\nB\n", "cat <<B\nx\n  B\n"),
        ("cat <<-B\n\tx\n\tB\n", "cat <<-B\n\tx\n    B\n"),
        ("\"$(cat <<B\nx\nB\n)\"\n", "\"$(cat <<B\n x\nB\n)\"\n"),
        (" #! /bin/sh\na\n", "#! /bin/sh\na\n"),
        ("\n#! /bin/sh\na\n", "#! /bin/sh\na\n"),
        // The line would end the heredoc.
        ("  A\nb\n", "A\nb\n"),
        ("a\\\nb\n", "a \\\nb\n"),
        ("a\n", "a \\\n"),
        // Carriage returns are the word's.
        ("a\r\n", "a\n"),
        // Not understood.
        ("it's  a\n", "it's a\n"),
        ("cat <<B\nx  y\n", "cat <<B\nx y\n"),
        ("a &\\\n& b\n", "a & \\\n& b\n"),
        ("a 2\\\n>b\n", "a 2\\\n> b\n"),
        ("$\\\na  b\n", "$\\\na b\n"),
        ("[[ <<A ]]\n  b\nA\n", "[[ <<A ]]\nb\nA\n"),
    ] {
        assert!(judge(before, after).is_err() || before == "a\n", "{before:?} to {after:?}");
        assert!(judge(after, before).is_err() || before == "a\n", "{after:?} to {before:?}");
    }
}

#[test]
fn reads_tabs_as_the_builder_does() {
    let tabs = |body: &str| format!("RUN --network=none <<-'A'\n{body}\tA\n");
    assert_eq!(bare(&tabs("\ta 'b\n\t\tc'\n"), &tabs("a 'b\nc'\n")), Ok(()));
    assert!(bare(&tabs("a 'b\n\tc'\n"), &tabs("a 'b\n c'\n")).is_err());
}

#[test]
fn refuses_bodies_that_are_no_script() {
    let refuses = |text: &str| assert!(bare(text, &text.replacen("x  y", "x y", 1)).is_err(), "{text:?}");
    refuses("RUN cat <<A\nx  y\nA\n");
    refuses("RUN <<A cat\nx  y\nA\n");
    refuses("RUN <<A <<B\nx  y\nA\nB\n");
    refuses("RUN a=1 <<A\nx  y\nA\n");
    refuses("RUN <<A\nx  y\n");
    refuses("RUN <<$A\nx  y\n$A\n");
    assert_eq!(bare("RUN <<A\nx  y\nA\n", "RUN <<A\nx y\nA\n"), Ok(()));
}
