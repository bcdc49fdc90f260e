//! Requirements files that are understood, and those that are refused.

use std::sync::Arc;

use super::*;
use crate::model::context::{Context, MemoryFolder, Setting};

fn context(files: &[(&str, &str)]) -> Context {
    let folder = files.iter().fold(MemoryFolder::new(), |folder, (path, text)| folder.with(path, *text));
    Context::new(Arc::new(folder), &Setting::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn read(text: &str) -> Result<Vec<String>, (usize, Why)> {
    let context = context(&[("r.txt", text), ("c.txt", ""), ("other", "")]);
    closure(&context, Stand::default(), "r.txt").map_err(|refusal| (refusal.line, refusal.why))
}

#[test]
fn plain_requirements_read_one_file() {
    let table = [
        "",
        "flask",
        "  flask==1.0  # why\n# -r nothing\n\nrequests[security] >= 2.8.1, == 2.8.*",
        "a==1.0 ; python_version < \"2.7\"\nb<2;sys_platform=='win32'",
        "a (>=1)\na~=1.0\na!=1\na===1.0\nzope.interface",
        "a==1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via b",
        "a==1.0 \\\n# a comment ends it\n",
        "a \\",
        "a==1 --hash sha256:00",
        "a==1 ; python_version >= \"3.8\" and os_name == 'nt' --hash=sha256:00",
        "other",
        "urllib3 @ https://example.org/urllib3.zip\nx@git+https://example.org/x.git@v1#egg=x",
        "x[y] @ https://example.org/x.whl ; python_version > '3'",
        "https://example.org/x.whl\nhttp://example.org/x.tar.gz#sha256=0\ngit+https://example.org/x.git",
        "-i https://example.org/simple\n--index-url=https://example.org\n--extra-index-url https://example.org",
        "--find-links https://example.org\n-f http://example.org/",
        "--pre\n--no-index\n--prefer-binary\n--require-hashes\n--trusted-host x\n--no-binary :all:\n--only-binary=:all:",
        "\u{feff}a\r\nb\r\n",
        "# -*- coding: utf-8 -*-\na # Größe",
    ];
    for text in table {
        assert_eq!(read(text), Ok(vec!["r.txt".to_owned()]), "{text:?}");
    }
}

#[test]
fn what_takes_more_is_refused() {
    let local = |text: &str| Why::LocalPath(text.to_owned());
    let option = |text: &str| Why::Option(text.to_owned());
    let url = |text: &str| Why::Url(text.to_owned());
    let unclear = |text: &str| Why::Unclear(text.to_owned());
    let table = [
        ("a\n-e .", 2, Why::Editable),
        ("--editable=git+https://example.org/x#egg=x", 1, Why::Editable),
        ("-e.", 1, Why::Editable),
        (".", 1, local(".")),
        (".[dev]", 1, local(".[dev]")),
        ("./pkg", 1, local("./pkg")),
        ("../pkg ; python_version > '3'", 1, local("../pkg")),
        ("pkg/", 1, local("pkg/")),
        ("/opt/pkg", 1, local("/opt/pkg")),
        ("wheels/x.whl", 1, local("wheels/x.whl")),
        ("x-1.0-py3-none-any.whl", 1, local("x-1.0-py3-none-any.whl")),
        ("X.ZIP", 1, local("X.ZIP")),
        ("a==1.tar.gz", 1, local("a==1.tar.gz")),
        ("x @ ./x", 1, local("x @ ./x")),
        ("x @ x.whl", 1, local("x @ x.whl")),
        ("x @ file:///x", 1, url("file:///x")),
        ("file:x", 1, url("file:x")),
        ("FILE:./x", 1, url("FILE:./x")),
        ("git+ssh://git@example.org/x", 1, url("git+ssh://git@example.org/x")),
        ("git+file:///x", 1, url("git+file:///x")),
        ("C:\\x", 1, unclear("C:\\x")),
        ("-f wheels", 1, local("wheels")),
        ("--find-links=file:w", 1, url("file:w")),
        ("-i file:///x", 1, url("file:///x")),
        ("-i simple", 1, url("simple")),
        ("a\n\nb==${V}", 3, Why::Variable),
        ("--use-feature=x", 1, option("--use-feature=x")),
        ("--req c.txt", 1, option("--req")),
        ("--pre --no-index", 1, option("--pre")),
        ("-r c.txt -c c.txt", 1, option("-r")),
        ("a --config-settings=x=y", 1, option("--config-settings=x=y")),
        ("a --global-option=x", 1, option("--global-option=x")),
        ("a -r c.txt", 1, option("-r")),
        ("a b", 1, unclear("a b")),
        ("a==1\t--hash=x", 1, unclear("a==1\t--hash=x")),
        ("a %x", 1, unclear("a %x")),
        ("-r \"c.txt\"", 1, unclear("-r \"c.txt\"")),
        ("a==1 \\\\\nb", 1, unclear("a==1 \\\\")),
        ("-r https://example.org/r.txt", 1, Why::RemoteFile("https://example.org/r.txt".into())),
        ("-r /app/c.txt", 1, Why::Outside("/app/c.txt".into())),
        ("-r ../c.txt", 1, Why::Outside("../c.txt".into())),
        ("-r x/../c.txt", 1, Why::Outside("x/../c.txt".into())),
        ("# coding: latin-1", 1, Why::Encoding),
        ("#\n# vim: set fileencoding=cp1252 :\n", 2, Why::Encoding),
        ("a\rb", 1, Why::Control),
        ("a\n\u{2028}-e .", 2, Why::Control),
        ("a\x0c", 1, Why::Control),
    ];
    for (text, line, why) in table {
        assert_eq!(read(text), Err((line, why)), "{text:?}");
    }
    let bytes = MemoryFolder::new().with("r.txt", b"a\n\xff".to_vec());
    let context = Context::new(Arc::new(bytes), &Setting::default());
    let refusal =
        context.map(|context| closure(&context, Stand::default(), "r.txt").map_err(|r| r.to_string()));
    assert_eq!(refusal, Ok(Err("r.txt:2: not UTF-8".to_owned())));
}

#[test]
fn files_are_found_from_where_they_are_named() {
    let context = context(&[
        ("requirements/dev.txt", "-r base.txt\n-c ../constraints.txt\npytest"),
        ("requirements/base.txt", "--requirement=sub/x.txt\n-rdev.txt"),
        ("requirements/sub/x.txt", "--constraint ./y.txt"),
        ("requirements/sub/y.txt", ""),
        ("constraints.txt", "-c requirements/base.txt"),
    ]);
    let found = closure(&context, Stand::default(), "./requirements/dev.txt");
    let want = ["requirements/dev.txt", "requirements/base.txt", "constraints.txt"];
    let rest = ["requirements/sub/x.txt", "requirements/sub/y.txt"];
    assert_eq!(found, Ok(want.iter().chain(&rest).map(ToString::to_string).collect()));
}

#[test]
fn nothing_is_read_above_what_was_copied() {
    let context = context(&[("a/b/r.txt", "-r ../s.txt"), ("a/s.txt", "-r ../t.txt"), ("t.txt", "")]);
    let refusal =
        |top, cwd| closure(&context, Stand { top, cwd }, "r.txt").map_err(|refusal| refusal.to_string());
    assert_eq!(refusal("", "a/b").map(|files| files.len()), Ok(3));
    assert_eq!(refusal("a", "a/b"), Err("a/s.txt:1: `../t.txt` may lead out of what is copied".into()));
    assert_eq!(refusal("a/b", "a/b"), Err("a/b/r.txt:1: `../s.txt` may lead out of what is copied".into()));
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let folder = MemoryFolder::new()
        .with("r.txt", "-r l.txt")
        .with("s.txt", "-r d/x.txt")
        .with(".dockerignore", "ignored.txt")
        .with("ignored.txt", "")
        .with_link("l.txt", "r.txt")
        .with_link("d", ".");
    let context =
        Context::new(Arc::new(folder), &Setting::default()).unwrap_or_else(|error| panic!("{error}"));
    for (file, want) in
        [("r.txt", "l.txt"), ("s.txt", "d/x.txt"), ("ignored.txt", "ignored.txt"), ("no", "no")]
    {
        let refusal =
            closure(&context, Stand::default(), file).map_err(|refusal| (refusal.file, refusal.why));
        assert_eq!(refusal, Err((want.to_owned(), Why::Missing)), "{file}");
    }
}
