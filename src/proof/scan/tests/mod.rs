//! Wrong layouts that must be seen, right ones that must pass, and mutations of these.

mod mutations;
mod scripts;

use super::{Difference, Sides, same_shell};

fn judge(before: &str, after: &str) -> Result<(), Difference> {
    let sides = Sides { before: before.as_bytes(), after: after.as_bytes(), escape: b'\\' };
    same_shell(&sides, false)
}

/// Both ways: layout is a relation between equals.
fn accepts(before: &str, after: &str) {
    assert_eq!(judge(before, after), Ok(()), "{before:?} to {after:?}");
    assert_eq!(judge(after, before), Ok(()), "{after:?} to {before:?}");
}

fn refuses(before: &str, after: &str) {
    assert!(judge(before, after).is_err(), "{before:?} to {after:?}");
    assert!(judge(after, before).is_err(), "{after:?} to {before:?}");
}

/// Right layouts, by what they do.
const RIGHT: &[(&str, &str)] = &[
    // Operators change to the other side of a break.
    ("run a && \\\n  b | \\\n  c || d\n", "RUN a \\\n    && b \\\n    | c \\\n    || d\n"),
    ("RUN a && b\n", "RUN a     \\\n    && b"),
    // Column, empty lines, blanks behind the escape byte, comment lines.
    (
        "RUN abc \\  \n\n\n  && d \\\n# one\n\t# two \n  && e\n",
        "RUN abc   \\\n    && d  \\\n    # one\n    # two\n    && e\n",
    ),
    ("RUN a \\\r\n  && b\r\n", "RUN a \\\n    && b\n"),
    ("RUN set -eux ;\\\n a;b\n", "RUN set -eux; \\\n    a; \\\n    b\n"),
    ("RUN a>b 2>&1 <c&d|e;(f)", "RUN a > b 2>& 1 < c & d | e ; ( f )"),
    ("RUN case $x in a)b;;(c|d) e ;; esac", "RUN case $x in a) b ;; ( c | d )e;; esac"),
    ("RUN f(){ a; }; f", "RUN f () { a ; } ; f"),
    ("RUN x=$(a|b) && y=$( c )d", "RUN x=$( a | b ) \\\n  && y=$(c)d"),
    ("RUN diff <(a) <( b;c )", "RUN diff  <( a ) <(b; c)"),
    ("RUN [[  $a  =~  ^(b|c d)$  ]]&&e", "RUN [[ $a =~ ^(b|c d)$ ]] && e"),
    ("RUN a=(b  c) ; ((i++))&&d", "RUN a=( b c ); ((i++)) && d"),
    (
        "RUN  --mount=type=cache,target='/a b'   --network=none a",
        "RUN --mount=type=cache,target='/a b' \\\n --network=none \\\n a",
    ),
    ("RUN a # it's so", "RUN  a   # it's so  "),
    ("RUN a;#b", "RUN a; #b"),
    ("RUN ec\\\nho 'a\\\n  b'  c", "RUN ec\\\nho 'a\\\n  b' c"),
    (
        "RUN a\\ b  \"c  d\" `e  f` ${g:-h  i} $((1  +  2))",
        "RUN a\\ b \"c  d\" `e  f` ${g:-h  i} $((1  +  2))",
    ),
    ("RUN \"$(case a in a) echo \"b  c\";; esac)\"&&d", "RUN \"$(case a in a) echo \"b  c\";; esac)\" && d"),
    ("RUN a&&cat <<A >b && c\n  x  \nA\n", "RUN a && cat <<A > b \\\n    && c\n  x  \nA"),
    ("RUN <<A  cat\r\nx\r\nA\r\n", "RUN <<A cat\nx\r\nA\n"),
    // Not understood, but the same once it is joined.
    ("RUN it's  \\\n a", "run  it's \\\n  a"),
];

#[test]
fn accepts_layout() {
    for (before, after) in RIGHT {
        accepts(before, after);
    }
}

#[test]
fn keeps_what_is_inside_quotes() {
    for (before, after) in [
        ("RUN echo 'a  b'", "RUN echo 'a b'"),
        ("RUN echo \"a  b\"", "RUN echo \"a b\""),
        ("RUN echo \"a \\\n  b\"", "RUN echo \"a \\\n b\""),
        ("RUN echo $'a  b'", "RUN echo $'a b'"),
        ("RUN echo `a  b`", "RUN echo `a b`"),
        ("RUN echo ${a:-b  c}", "RUN echo ${a:-b c}"),
        ("RUN echo $((a  + b))", "RUN echo $((a + b))"),
        ("RUN ((a  + b))", "RUN ((a + b))"),
        ("RUN echo \"$(a  b)\"", "RUN echo \"$(a b)\""),
        ("RUN echo \"$(a;b)\"", "RUN echo \"$(a; b)\""),
        ("RUN echo \"$(case a in a) b;; esac)  c\"", "RUN echo \"$(case a in a) b;; esac) c\""),
        ("RUN echo \"${a:-\"b  c\"}\"", "RUN echo \"${a:-\"b c\"}\""),
        ("RUN echo '&&'", "RUN echo ' &&'"),
        ("RUN ls !(a|b  c)", "RUN ls !(a|b c)"),
        ("RUN [[ $a =~ (b  c) ]]", "RUN [[ $a =~ (b c) ]]"),
        ("RUN --mount=target='/a  b' c", "RUN --mount=target='/a b' c"),
    ] {
        refuses(before, after);
    }
}

#[test]
fn keeps_escaped_bytes() {
    refuses("RUN echo a\\ b", "RUN echo a\\  b");
    refuses("RUN echo a\\ b", "RUN echo a\\b");
    refuses("RUN echo a\\  b", "RUN echo a\\ b");
    refuses("RUN echo \\; b", "RUN echo \\ ; b");
    refuses("RUN echo \\'a  b\\'", "RUN echo \\'a b \\'");
    accepts("RUN echo \\'a  b\\'", "RUN echo \\'a b\\'");
}

#[test]
fn keeps_words() {
    for (before, after) in [
        ("RUN a b", "RUN ab"),
        ("RUN a \\\nb", "RUN a\\\nb"),
        ("RUN ec\\\nho", "RUN ec\\\n ho"),
        ("RUN ! a", "RUN !a"),
        ("RUN { a; }", "RUN {a; }"),
        ("RUN { a; }", "RUN { a;  } }"),
        ("RUN a=b", "RUN a= b"),
        ("RUN a=(b)", "RUN a= (b)"),
        ("RUN a=()", "RUN a= ()"),
        ("RUN a=(b)c", "RUN a=(b) c"),
        ("RUN a$(b)", "RUN a $(b)"),
        ("RUN $(a)b", "RUN $(a) b"),
        ("RUN $(a )b", "RUN $(a) b"),
        ("RUN a <(b)", "RUN a<(b)"),
        ("RUN 'a''b'", "RUN 'a' 'b'"),
        ("RUN ls @(a|b)c", "RUN ls @(a|b) c"),
        ("RUN [[ a<b ]]", "RUN [[ a < b ]]"),
        ("RUN [ a ]", "RUN [a ]"),
        ("RUN --network=none a", "RUN --network= none a"),
        ("RUN echo a", "RUN echoa"),
        ("RUN a", "RUNa"),
    ] {
        refuses(before, after);
    }
}

#[test]
fn keeps_operators() {
    for (before, after) in [
        ("RUN a && b", "RUN a & & b"),
        ("RUN a || b", "RUN a | | b"),
        ("RUN a 2> b", "RUN a 2 > b"),
        ("RUN a {fd}> b", "RUN a {fd} > b"),
        ("RUN a >> b", "RUN a > > b"),
        ("RUN a >& b", "RUN a > & b"),
        ("RUN a &> b", "RUN a & > b"),
        ("RUN a >| b", "RUN a > | b"),
        ("RUN a <<< b", "RUN a << < b"),
        ("RUN a < <(b)", "RUN a <<(b)"),
        ("RUN a < <(b)", "RUN a < < (b)"),
        ("RUN $(b)", "RUN $ (b)"),
        ("RUN ((a))", "RUN ( (a) )"),
        ("RUN a ;; b", "RUN a ; ; b"),
        ("RUN a && b", "RUN a ; b"),
        ("RUN a && b", "RUN b && a"),
        ("RUN a; b", "RUN a b"),
    ] {
        refuses(before, after);
    }
}

#[test]
fn keeps_comments() {
    for (before, after) in [
        ("RUN a#b", "RUN a #b"),
        ("RUN $(a)#b", "RUN $(a) #b"),
        ("RUN a #b  c", "RUN a #b c"),
        ("RUN a \\\n# one\n b", "RUN a \\\n b"),
        ("RUN a \\\n# one\n# two\n b", "RUN a \\\n# two\n# one\n b"),
        ("RUN a \\\n# one\n b", "RUN a \\\n# One\n b"),
        ("RUN a \\\n# one\n b \\\n c", "RUN a \\\n b \\\n# one\n c"),
        ("RUN a \\\n b \\\n #c", "RUN a \\\n b #c"),
    ] {
        refuses(before, after);
    }
}

#[test]
fn keeps_the_end() {
    let judged = |before, after| judge(before, after).map_err(|difference| difference.what);
    assert_eq!(judged("RUN a \\\n", "RUN a\n"), Ok(()));
    assert_eq!(judged("RUN a \\\n  # c\n", "RUN a\n# c\n"), Ok(()));
    assert_eq!(judged("RUN a\n", "RUN a \\\n"), Err("the last line goes on"));
    refuses("RUN a\n", "RUN a\nb\n");
    refuses("RUN a \\\\\n", "RUN a \\ \\\n");
    refuses("RUN a", "CMD a");
    refuses("RUN a \\\n&& b", "RUN a \n&& b");
}

#[test]
fn keeps_heredocs() {
    for (before, after) in [
        ("RUN cat <<A\nx  y\nA\n", "RUN cat <<A\nx y\nA\n"),
        ("RUN cat <<A\nx\nA\n", "RUN cat <<A\n x\nA\n"),
        ("RUN cat <<A\nx\nA\n", "RUN cat <<A\nx\n A\n"),
        ("RUN cat <<A\nx\nA\n", "RUN cat <<A\nx\n"),
        ("RUN cat <<A\nx\r\nA\n", "RUN cat <<A\nx\nA\n"),
        ("RUN cat <<-A\n\tx\nA\n", "RUN cat <<-A\nx\nA\n"),
        // The builder would await another end, or none.
        ("RUN cat <<A; b\nx\nA;\n", "RUN cat <<A ; b\nx\nA;\n"),
        ("RUN cat <<A\nx\nA\n", "RUN cat<<A\nx\nA\n"),
        ("RUN cat <<A\nx\nA\n", "RUN cat << A\nx\nA\n"),
        ("RUN a;<<A\nx\nA\n", "RUN a; <<A\nx\nA\n"),
        ("RUN `a <<A`; b\nx\nA`;\n", "RUN `a <<A` ; b\nx\nA`;\n"),
        ("RUN a 1<<A\nx\nA\n", "RUN a 1 <<A\nx\nA\n"),
    ] {
        refuses(before, after);
    }
}

#[test]
fn allows_nothing_where_it_is_lost() {
    for text in [
        "RUN it's  a;b",
        "RUN \"a  ;b",
        "RUN `a  ;b",
        "RUN ${a  ;b",
        "RUN $(a  ;b",
        "RUN a)  ;b",
        "RUN $'\\'  ;'  b'",
        "RUN ((a) ||  (b));b",
        "RUN echo \"${a#'}  ;'}\";  b",
        "RUN [[ a  ;b",
        "RUN case a in  b) c;d",
        "RUN ${ a;  b; }",
        "RUN --a='b  c;d",
        "RUN ((a))#  b;c",
        "RUN $[ a  ];b",
        "CMD a  ;b",
    ] {
        accepts(text, text);
        refuses(text, &text.replacen("  ", " ", 1));
        refuses(text, &text.replacen(';', "; ", 1));
    }
}

#[test]
fn reads_the_escape_directive() {
    let judge = |before: &str, after: &str| {
        same_shell(&Sides { before: before.as_bytes(), after: after.as_bytes(), escape: b'`' }, false)
    };
    assert_eq!(judge("RUN a && `\n b", "RUN a `\n  && b"), Ok(()));
    assert!(judge("RUN a `\n b", "RUN a \\\n b").is_err());
}

#[test]
fn names_the_place() {
    let found = judge("RUN a \\\n  && b  'c  d'", "RUN a \\\n    && b 'c d'").unwrap_err();
    assert_eq!((found.at_before, found.at_after, found.what), (16, 17, "another token"));
}
