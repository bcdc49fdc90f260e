//! What each construct reads as. It must not know how the nodes are made.

use serde_json::{Value, json};

use super::super::node::{self, Builder, Kind, Node};
use super::{parse, shape};

mod properties;

fn nodes(text: &[u8]) -> Vec<Node> {
    let mut builder = Builder::default();
    parse(text, 0..text.len(), &mut builder);
    node::check(&builder.nodes).unwrap();
    tiles(text, &builder.nodes);
    builder.nodes
}

/// Between the tokens stands nothing but blanks, ends of lines and continuations.
fn tiles(text: &[u8], nodes: &[Node]) {
    let mut at = 0;
    let is_token = |index: usize, node: &Node| node.next as usize == index + 1 && node.kind != Kind::List;
    for (index, token) in nodes.iter().enumerate() {
        if is_token(index, token) {
            is_gap(&text[at..token.start as usize], text);
            at = token.end as usize;
        }
    }
    is_gap(&text[at..], text);
}

fn is_gap(gap: &[u8], text: &[u8]) {
    let mut rest = gap;
    while let Some(byte) = rest.first() {
        let length = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => 1,
            b'\\' if rest.starts_with(b"\\\n") => 2,
            b'\\' if rest.starts_with(b"\\\r\n") => 3,
            _ => panic!("{:?} is in no token of {:?}", gap.escape_ascii(), text.escape_ascii().to_string()),
        };
        rest = &rest[length..];
    }
}

fn shape_of(text: &str) -> (Value, usize) {
    shape(text.as_bytes(), &nodes(text.as_bytes()), 0)
}

#[track_caller]
fn reads(text: &str, expected: Value) {
    assert_eq!(shape_of(text), (expected, 0), "{text}");
}

#[track_caller]
fn refuses(text: &str) {
    let nodes = nodes(text.as_bytes());
    assert_eq!(nodes.len(), 2, "{text}: {:?}", shape(text.as_bytes(), &nodes, 0));
    assert_eq!(nodes[1].kind, Kind::Opaque, "{text}");
}

/// Kind and text of each token.
fn tokens(text: &str) -> Vec<(Kind, &str)> {
    let nodes = nodes(text.as_bytes());
    let leaf = |(index, node): &(usize, &Node)| node.next as usize == index + 1;
    let token = |(_, node): (usize, &Node)| (node.kind, &text[node.start as usize..node.end as usize]);
    nodes.iter().enumerate().filter(leaf).map(token).collect()
}

#[test]
fn lists_and_pipelines() {
    reads("", json!(["list"]));
    reads("a b", json!(["cmd", "a", "b"]));
    reads("a && b && c", json!(["and", ["cmd", "a"], ["cmd", "b"], ["cmd", "c"]]));
    reads("a && b || c", json!(["or", ["and", ["cmd", "a"], ["cmd", "b"]], ["cmd", "c"]]));
    reads("a | b |& c", json!(["pipe&", ["pipe", ["cmd", "a"], ["cmd", "b"]], ["cmd", "c"]]));
    reads("a; b & c", json!(["list", ["cmd", "a"], ["bg", ["cmd", "b"]], ["cmd", "c"]]));
    reads("! a | b && c", json!(["and", ["not", ["pipe", ["cmd", "a"], ["cmd", "b"]]], ["cmd", "c"]]));
    reads("time -p a | b", json!(["time", ["pipe", ["cmd", "a"], ["cmd", "b"]]]));
    reads(
        "a &&\n\nb |\nc\n\nd\n",
        json!(["list", ["and", ["cmd", "a"], ["pipe", ["cmd", "b"], ["cmd", "c"]]], ["cmd", "d"]]),
    );
}

#[test]
fn what_no_shell_reads_is_refused() {
    for text in [
        "&& a",
        "a &&",
        "a || ",
        "a |",
        "; a",
        "a ;; b",
        "a;; b",
        "a & ; b",
        "a && && b",
        "a && }",
        "a | fi",
        "in",
        "for ((1)); do a; done",
        "(a",
        "a)",
        "()",
        "{ }",
        "{ a }",
        "}",
        "then a",
        "if a; then b",
        "if a then b; fi",
        "if ; then a; fi",
        "fi",
        "do a",
        "done",
        "esac",
        "a; fi",
        "while a; do done",
        "for 1 in a; do b; done",
        "for x in a",
        "for x in (a); do b; done",
        "case a in b) c",
        "a (b)",
        "a () b",
        "\"a\" () { b; }",
        "'a",
        "\"a",
        "`a",
        "$(a",
        "${a",
        "${a b}",
        "${a.b}",
        "${}",
        "$((1)",
        "$((1) )",
        "a >",
        "a > && b",
        "a <<",
        "a <<E",
        "a <<E\nb\nEE",
        "[[ a",
        "[[ ]]",
        "((",
        "(a) b",
        "$(a) (b)",
        "a\0b",
        "a[1 b",
        "! ! a",
        "a | ! b",
        "! ",
        "a=(b",
        "function",
        "coproc",
        "if a; then b; fi c",
    ] {
        refuses(text);
    }
}

#[test]
fn words_and_quotes() {
    for word in [
        "a",
        "'a b'",
        "\"a b\"",
        "\"a\\\" b\"",
        "a\\ b",
        "$'a\\' b'",
        "$\"a b\"",
        "$a",
        "$1$$$?",
        "$",
        "a$",
        "\"$\"",
        "a#b",
        "{a,b}",
        "*.[ch]",
        "@(a|b c)",
        "a!(*.x)",
        "${a}",
        "${#a}",
        "${#}",
        "${!a}",
        "${a:-b c}",
        "${a:='}'}",
        "\"${a:-it's}\"",
        "\"${a#'}'}\"",
        "${a:-\"b}\"}",
        "${a[0]}",
        "${a//x/y}",
        "${a:1:2}",
        "${@}",
        "$((1 + (2)))",
        "\"$((a[1] * 2))\"",
        "$[1 + 2]",
        "~/a",
        "a\\",
        "=",
        "a\u{a0}b",
        "\u{e4}",
    ] {
        assert_eq!(tokens(word), [(Kind::ShellWord, word)]);
        reads(&format!("x {word}"), json!(["cmd", "x", word]));
    }
    reads("a 'b'\"c\" # d", json!(["cmd", "a", "'b'\"c\""]));
}

#[test]
fn substitutions() {
    reads("a $(b c)d", json!(["cmd", "a", "$()d", ["sub", ["cmd", "b", "c"]]]));
    reads(
        "a \"x $(b) `c` y\"",
        json!(["cmd", "a", "\"x $() $() y\"", ["sub", ["cmd", "b"]], ["sub", ["cmd", "c"]]]),
    );
    reads("a ${x:-$(b)}", json!(["cmd", "a", "${x:-$()}", ["sub", ["cmd", "b"]]]));
    reads("a $(( $(b) + 1 ))", json!(["cmd", "a", "$(( $() + 1 ))", ["sub", ["cmd", "b"]]]));
    reads("a <(b) >(c)", json!(["cmd", "a", "<()", ">()", ["sub", ["cmd", "b"]], ["sub", ["cmd", "c"]]]));
    reads("a $()", json!(["cmd", "a", "$()", ["sub"]]));
    reads("$(a $(b))", json!(["cmd", "$()", ["sub", ["cmd", "a", "$()", ["sub", ["cmd", "b"]]]]]));
    reads("$(case a in b) c;; esac)", json!(["cmd", "$()", ["sub", ["case", "a", [["b"], ["cmd", "c"]]]]]));
    assert_eq!(
        tokens("a=\"x$( b )\""),
        [
            (Kind::Text, "a=\"x"),
            (Kind::Open, "$("),
            (Kind::ShellWord, "b"),
            (Kind::Close, ")"),
            (Kind::Text, "\""),
        ]
    );
}

#[test]
fn backticks() {
    reads("`awk '{print \\$1}'`", json!(["cmd", "$()", ["sub", ["cmd", "awk", "'{print \\$1}'"]]]));
    reads("`a \\$(b)`", json!(["cmd", "$()", ["sub", ["cmd", "a", "\\$()", ["sub", ["cmd", "b"]]]]]));
    reads("`a \\`b\\``", json!(["cmd", "$()", ["sub", ["cmd", "a", "$()", ["sub", ["cmd", "b"]]]]]));
    reads("`a \\\\; b`", json!(["cmd", "$()", ["sub", ["cmd", "a", "\\\\;", "b"]]]));
    // between double quotes an escaped quote is a quote
    reads("\"`a \\\"b  c\\\"`\"", json!(["cmd", "\"$()\"", ["sub", ["cmd", "a", "\\\"b  c\\\""]]]));
    // the end of backticks does not depend on what they hold
    assert_eq!(shape_of("a `b 'c` d"), (json!(["cmd", "a", "$()", "d", ["sub", ["?", "b 'c"]]]), 1));
    assert_eq!(shape_of("`a \\`b \\\\\\`c\\\\\\`\\``").1, 1);
}

#[test]
fn assignments() {
    assert_eq!(
        tokens("a=1 b+=2 c[0]=3 d= e=f")[..4],
        [
            (Kind::Assignment, "a=1"),
            (Kind::Assignment, "b+=2"),
            (Kind::Assignment, "c[0]=3"),
            (Kind::Assignment, "d=")
        ]
    );
    assert_eq!(tokens("a b=c")[1], (Kind::ShellWord, "b=c"));
    assert_eq!(tokens("export b=c")[1], (Kind::Assignment, "b=c"));
    assert_eq!(tokens("1a=b")[0], (Kind::ShellWord, "1a=b"));
    reads("a=(b 'c d' # e\n f)", json!(["cmd", "a=(b 'c d' # e\n f)"]));
    reads(
        "declare -a x=(a $(b)) y",
        json!(["cmd", "declare", "-a", "x=(a $())", "y", ["sub", ["cmd", "b"]]]),
    );
    refuses("a b=(c)");
}

#[test]
fn redirections() {
    reads(
        "a <b >c 2>> d 3<&4 5>&- &>e &>> f >| g <> h {i}>j <<< k >&2",
        json!([
            "cmd", "a", "<b", ">c", "2>>d", "3<&4", "5>&-", "&>e", "&>>f", ">|g", "<>h", "{i}>j", "<<<k",
            ">&2"
        ]),
    );
    reads(">a", json!(["cmd", ">a"]));
    reads("a2>b", json!(["cmd", "a2", ">b"]));
    reads("{ a; } >b <$(c)", json!(["redir", ["{}", ["cmd", "a"]], ">b", "<$()", ["sub", ["cmd", "c"]]]));
    reads("a < <(b)", json!(["cmd", "a", "<<()", ["sub", ["cmd", "b"]]]));
    let nodes = nodes(b"a 2> b");
    assert_eq!(
        nodes.iter().map(|n| n.kind).skip(5).collect::<Vec<_>>(),
        [Kind::ShellWord, Kind::Redirect, Kind::RedirectOp, Kind::ShellWord]
    );
}

#[test]
fn heredocs() {
    reads("a <<E\nb $(\nE\nc", json!(["list", ["cmd", "a", "<<E", ["doc", "b $(\n"]], ["cmd", "c"]]));
    reads("a <<'E' && b\nx\nE\n", json!(["and", ["cmd", "a", "<<'E'", ["doc", "x\n"]], ["cmd", "b"]]));
    reads("a <<-E\n\tx\n\tE", json!(["cmd", "a", "<<-E", ["doc", "\tx\n"]]));
    reads("a <<E\nE\n", json!(["cmd", "a", "<<E", ["doc", ""]]));
    reads("a <<E <<F\n1\nE\n2\nF\n", json!(["cmd", "a", "<<E", "<<F", ["doc", "1\n"], ["doc", "2\n"]]));
    reads("a <<E\nx\\\nE\nE\n", json!(["cmd", "a", "<<E", ["doc", "x\\\nE\n"]]));
    reads("a <<E |\nx\nE\nb", json!(["pipe", ["cmd", "a", "<<E", ["doc", "x\n"]], ["cmd", "b"]]));
    reads("(a <<E)\nx\nE\n", json!(["()", ["cmd", "a", "<<E", ["doc", "x\n"]]]));
    reads(
        "a <<E $(b <<F\n2\nF\n)\n1\nE\n",
        json!(["cmd", "a", "<<E", "$()", ["doc", "1\n"], ["sub", ["cmd", "b", "<<F", ["doc", "2\n"]]]]),
    );
    refuses("$(a <<E)\nx\nE\n");
    assert_eq!(
        tokens("a <<E; b # c\nx\nE\nd\n"),
        [
            (Kind::ShellWord, "a"),
            (Kind::RedirectOp, "<<"),
            (Kind::ShellWord, "E"),
            (Kind::Separator, ";"),
            (Kind::ShellWord, "b"),
            (Kind::Comment, "# c"),
            (Kind::Separator, "\n"),
            (Kind::HeredocBody, "x\nE\n"),
            (Kind::ShellWord, "d"),
            (Kind::Separator, "\n"),
        ]
    );
}

#[test]
fn compound_commands() {
    reads("(a; b)", json!(["()", ["cmd", "a"], ["cmd", "b"]]));
    reads("{ a; }", json!(["{}", ["cmd", "a"]]));
    reads("{ (a) }", json!(["{}", ["()", ["cmd", "a"]]]));
    reads("if a; then b; fi", json!(["if", [["cmd", "a"]], [["cmd", "b"]]]));
    reads(
        "if a\nthen b\nelif c; then d; else e; fi",
        json!([
            "if",
            [["cmd", "a"]],
            [["cmd", "b"]],
            [["if", [["cmd", "c"]], [["cmd", "d"]], [["cmd", "e"]]]]
        ]),
    );
    reads("while a; do b; done <c", json!(["redir", ["while", [["cmd", "a"]], [["cmd", "b"]]], "<c"]));
    reads("until a; do b; done", json!(["until", [["cmd", "a"]], [["cmd", "b"]]]));
    reads(
        "for x in a $(b); do c; done",
        json!(["for", "x", "a", "$()", ["sub", ["cmd", "b"]], [["cmd", "c"]]]),
    );
    for header in ["for x do", "for x; do", "for x\ndo", "for x # y\ndo"] {
        reads(&format!("{header} a; done"), json!(["for", "x", [["cmd", "a"]]]));
    }
    reads("for x in; do a; done", json!(["for", "x", [["cmd", "a"]]]));
    reads("for ((i = 0; i < 3; i++)); do a; done", json!(["for", "((i = 0; i < 3; i++))", [["cmd", "a"]]]));
    reads("for x in a; { b; }", json!(["for", "x", "a", [["cmd", "b"]]]));
    reads("select x in a; do b; done", json!(["select", "x", "a", [["cmd", "b"]]]));
    reads(
        "case $x in (a|'b') c ;; *) d; e;& f) ;; g) esac",
        json!([
            "case",
            "$x",
            [["a", "'b'"], ["cmd", "c"]],
            [["*"], ["cmd", "d"], ["cmd", "e"]],
            [["f"]],
            [["g"]]
        ]),
    );
    reads(
        "[[ -f a && ( $x =~ ^(a|b)$ ) ]] && c",
        json!(["and", ["[[", "[[ -f a && ( $x =~ ^(a|b)$ ) ]]"], ["cmd", "c"]]),
    );
    reads("[[ $x == *[[:digit:]]* ]]", json!(["[[", "[[ $x == *[[:digit:]]* ]]"]));
    for test in [
        "[[ a ]]",
        "[[ ! -n \"$a b\" ]]",
        "[[ a < b || (c -nt d)]]",
        "[[\n a =~ (b c)|d[[:x:]] &&\n b == @(c|d) ]]",
    ] {
        reads(test, json!(["[[", test]));
    }
    reads("(( a + (1) ))", json!(["((", "(( a + (1) ))"]));
    reads("coproc a b", json!(["bg", ["cmd", "a", "b"]]));
    reads("coproc n { a; }", json!(["bg", ["{}", ["cmd", "a"]]]));
}

#[test]
fn functions() {
    let expected = json!(["func", "f", ["{}", ["cmd", "a"]]]);
    for text in ["f() { a; }", "f ( )\n{ a; }", "function f { a; }", "function f() { a; }"] {
        reads(text, expected.clone());
    }
    reads("f() (a) >b", json!(["func", "f", ["redir", ["()", ["cmd", "a"]], ">b"]]));
    // the list goes on behind the body; the shape says it as the other parser does
    assert_eq!(tokens("f() { a; } && b")[7], (Kind::AndOrOp, "&&"));
    reads("f() { a; } && b", json!(["func", "f", ["and", ["{}", ["cmd", "a"]], ["cmd", "b"]]]));
}

#[test]
fn what_looks_like_another_construct() {
    reads("echo if then } done", json!(["cmd", "echo", "if", "then", "}", "done"]));
    reads("a=b if", json!(["cmd", "a=b", "if"]));
    reads(
        "iffy; {a,b}; find {} +",
        json!(["list", ["cmd", "iffy"], ["cmd", "{a,b}"], ["cmd", "find", "{}", "+"]]),
    );
    reads("! (a) && b", json!(["and", ["not", ["()", ["cmd", "a"]]], ["cmd", "b"]]));
    reads("!(a)", json!(["not", ["()", ["cmd", "a"]]]));
    reads("((a) && b)", json!(["()", ["and", ["()", ["cmd", "a"]], ["cmd", "b"]]]));
    reads("(( a b || c ))", json!(["()", ["()", ["or", ["cmd", "a", "b"], ["cmd", "c"]]]]));
    reads("$(a)#b `c`#d", json!(["cmd", "$()#b", "$()#d", ["sub", ["cmd", "a"]], ["sub", ["cmd", "c"]]]));
    refuses("$((a) | b)");
}

#[test]
fn comments_and_lines() {
    reads("# a\n\nb # c \\\nd", json!(["list", ["cmd", "b"], ["cmd", "d"]]));
    reads("a \\\n b\\\nc 'd\\\ne'", json!(["cmd", "a", "bc", "'de'"]));
    reads(
        "a\r\nif b\r\nthen c\r\nfi\r\n",
        json!(["list", ["cmd", "a"], ["if", [["cmd", "b"]], [["cmd", "c"]]]]),
    );
    assert_eq!(tokens("a # b\r\n;")[0].0, Kind::Opaque);
    assert_eq!(
        tokens("\na\n\n# b\nc;\n d &&\n # e\nf\\\n"),
        [
            (Kind::ShellWord, "a"),
            (Kind::Separator, "\n"),
            (Kind::Comment, "# b"),
            (Kind::ShellWord, "c"),
            (Kind::Separator, ";"),
            (Kind::ShellWord, "d"),
            (Kind::AndOrOp, "&&"),
            (Kind::Comment, "# e"),
            (Kind::ShellWord, "f"),
        ]
    );
}

#[test]
fn bytes_that_are_no_text() {
    let text = b"a \xff\xfe'\xc3'";
    let (shape, opaque) = shape(text, &nodes(text), 0);
    assert_eq!((shape, opaque), (json!(["cmd", "a", "\u{fffd}\u{fffd}'\u{fffd}'"]), 0));
}

#[test]
fn a_range_of_the_text_is_read_for_itself() {
    let text = b"RUN a 'b' && c'";
    let mut builder = Builder::default();
    builder.leaf(Kind::Keyword, 0, 3);
    parse(text, 4..14, &mut builder);
    node::check(&builder.nodes).unwrap();
    assert_eq!(shape(text, &builder.nodes, 1), (json!(["and", ["cmd", "a", "'b'"], ["cmd", "c"]]), 0));
}
