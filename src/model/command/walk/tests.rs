//! The walk: which commands it finds, and where they run.

use super::*;
use crate::syntax;

fn run_in(folder: Option<&str>, text: &str) -> RunEffect {
    let file = format!("RUN {text}\n");
    let file = syntax::parse(file.as_bytes());
    RunEffect::of(file.instructions().next().unwrap(), &Scene::at(folder))
}

fn writes(text: &str) -> Vec<String> {
    let effect = run_in(Some("/app"), text).whole.unwrap_or_else(|why| panic!("{text}: {}", why.0));
    effect.writes.iter().map(|p| p.name().to_string()).collect()
}

#[test]
fn finds_commands_wherever_they_stand() {
    for (text, names) in [
        ("a && b || c; d & e", &["a", "b", "c", "d", "e"][..]),
        ("if a; then b; elif c; then d; else e; fi", &["a", "b", "c", "d", "e"]),
        ("for x in $(a); do b; done", &["a", "b"]),
        ("while a; do b; done", &["a", "b"]),
        ("case $(a) in x) b;; *) c;; esac", &["a", "b", "c"]),
        ("(a; { b; })", &["a", "b"]),
        ("f() { a; }; f", &["a", "f"]),
        ("a | b", &["a", "b"]),
        ("echo \"$(a `b`)\" > $(c)", &["b", "a", "c", "echo"]),
        ("X=$(a)", &["a", ""]),
        ("! a", &["a"]),
        ("<<E\na\nb\nE", &["a", "b"]),
        ("[\"a\", \"b\"]", &["a"]),
    ] {
        let found = run_in(None, text);
        let found: Vec<&str> = found.commands.iter().map(|c| &*c.name).collect();
        assert_eq!(found, names, "{text}");
    }
}

#[test]
fn follows_the_folder_as_far_as_it_is_sure() {
    for (text, places) in [
        ("cd /x && touch a", &["/x/a"][..]),
        ("cd /x; touch a", &["/app/a", "/x/a"]),
        ("set -e; cd /x; touch a", &["/x/a"]),
        ("set -e; cd /x && true; touch a", &["/app/a", "/x/a"]),
        ("set -e; set +e; cd /x; touch a", &["/app/a", "/x/a"]),
        ("cd /x || true && touch a", &["/app/a", "/x/a"]),
        ("(cd /x && touch b) && touch a", &["/app/a", "/x/b"]),
        ("cd /x | true; touch a", &["/app/a"]),
        ("cd sub && touch a", &["/app/sub/a"]),
        ("cd /x && cd .. && touch a", &["/a"]),
        ("cd - && touch a", &["<anywhere>"]),
        ("cd && touch a", &["<anywhere>"]),
        ("cd $X && touch a", &["<anywhere>"]),
        ("cd /opt/x-$V && touch a", &["/opt"]),
        ("cd /opt/x-$V && cd .. && touch a", &["/opt"]),
        ("cd /opt/x-$V && cd ../.. && touch a", &["<anywhere>"]),
        ("for d in a b; do cd $d; touch x; done", &["<anywhere>"]),
        ("if true; then cd /x; fi && touch a", &["/app/a", "/x/a"]),
        ("f() { cd /x; }; f && touch a", &["<anywhere>"]),
        ("cd /x & touch a", &["/app/a"]),
    ] {
        assert_eq!(writes(text), places, "{text}");
    }
}

#[test]
fn follows_variables_as_far_as_they_are_sure() {
    for (text, places) in [
        ("D=/x && touch $D/a", &["/x/a"][..]),
        ("D=/x; touch $D/a ${D}/b", &["/x/a", "/x/b"]),
        ("export D=/x && touch \"$D/a\"", &["/x/a"]),
        ("D=$(pwd) && touch $D", &["<anywhere>"]),
        ("true && D=/x; touch $D/a", &["<anywhere>"]),
        ("D=/x; if true; then D=/y; fi; touch $D", &["<anywhere>"]),
        ("D=/x; for D in a b; do touch $D; done", &["<anywhere>"]),
        ("D='/x y'; touch $D", &["<anywhere>"]),
        ("D='/x y'; touch \"$D\"", &["/x y"]),
        ("D=/x; read D; touch $D", &["<anywhere>"]),
        ("D=/x; unset D; touch $D/a", &["<anywhere>"]),
        ("(D=/x); touch $D", &["<anywhere>"]),
        ("touch /x/$V.txt", &["/x"]),
        ("touch ~/.profile $HOME/x", &["<home>"]),
    ] {
        assert_eq!(writes(text), places, "{text}");
    }
}

#[test]
fn redirections_read_and_write() {
    for (text, places) in [
        ("echo a > /x", &["/x"][..]),
        ("echo a >> x 2>&1", &["/app/x"]),
        ("true > /dev/null 2> /dev/stderr", &[]),
        ("{ true; } > /x", &["/x"]),
        ("(true) &> /x", &["/x"]),
        ("cat <<E > /x\ntext\nE", &["/x"]),
        ("true < /x", &[]),
        ("while read x; do true; done < /in > /out", &["/out"]),
    ] {
        assert_eq!(writes(text), places, "{text}");
    }
    let reads = run_in(None, "true < /x").whole.unwrap().reads;
    assert_eq!(reads, [Place::Below("/x".to_string())]);
}

#[test]
fn tools_are_where_path_says() {
    let pip = |text| writes(text).into_iter().filter(|w| !w.starts_with('<')).collect::<Vec<_>>();
    assert_eq!(pip("export PATH=/venv/bin:$PATH && pip install x"), ["/venv"]);
    assert_eq!(pip(". /venv/bin/activate && pip install x"), ["/venv"]);
    assert_eq!(pip("PATH=/venv/bin:$PATH pip install x"), ["/venv"]);
    assert_eq!(pip("pip install x"), [""; 0]);
    assert_eq!(pip("export HOME=/x && pip install y && touch ~/z"), ["/x"]);
    assert_eq!(pip("TMPDIR=/x pip install y"), ["/x"]);
    assert_eq!(pip("PIP_CACHE_DIR=/x pip install y"), ["/x"]);
    assert_eq!(pip("export GOPATH=/x && go install y"), ["/app", "/go", "/x"]);
}

#[test]
fn one_barrier_names_the_whole() {
    let effect = run_in(None, "mkdir /x && frob && other");
    assert_eq!(effect.whole.unwrap_err().0, "`frob`");
    assert!(effect.commands[0].outcome.is_ok());
    let deep = "sh -c \"sh -c 'sh -c \\\"sh -c \\\\\\\"sh -c true\\\\\\\"\\\"'\"";
    let _ = run_in(None, deep);
    assert!(run_in(None, "if true; then").whole.is_err(), "what cannot be read");
}
