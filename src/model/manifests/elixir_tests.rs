//! Scripts that call nothing, and those that may.

use super::*;

fn judged(text: &str) -> Result<(), String> {
    calls_nothing(&tokens(text)?)
}

#[test]
fn cuts_into_tokens() {
    let text =
        "[app: :a, \"deps.get\": x(), v: \"1.#{minor()}\", w: ~w(a.b c), n: 1_0.5] # File.read!(\"a\")";
    let sign = Token::Sign;
    let (key, word) = (|t: &str| Token::Key(t.into()), |t: &str| Token::Word(t.into()));
    let text_of = |t: &str| Token::Text(t.into());
    let want = [
        sign('['),
        key("app"),
        Token::Atom("a".into()),
        sign(','),
        key("deps.get"),
        word("x"),
        sign('('),
        sign(')'),
        sign(','),
        key("v"),
        text_of("1."),
        sign('#'),
        word("minor"),
        sign('('),
        sign(')'),
        sign('#'),
        text_of(""),
        sign(','),
        key("w"),
        Token::Value,
        sign(','),
        key("n"),
        Token::Value,
        sign('.'),
        Token::Value,
        sign(']'),
    ];
    assert_eq!(tokens(text).unwrap(), want);
}

#[test]
fn what_calls_nothing() {
    for text in [
        "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, prod: Mix.env() == :prod]\nend",
        "import Config\nconfig :a, A.Endpoint, url: [host: \"example.com\"], at: Path.expand(\"../deps\", __DIR__)\nimport_config \"#{config_env()}.exs\"",
        "config :logger, :console, format: \"$time $metadata[$level] $message\\n\", level: :info",
        "x = ?\" # ' \" \ny = 'a\"b' ++ \"it's\"",
        "[1..3, 0.5, ~r/a.b/, a?: true, b!: 1] |> Enum.map(&(&1 + 1))",
        "@doc \"\"\"\nFile.read!(\"x\")\n\"\"\"\ndef a, do: 1",
    ] {
        assert_eq!(judged(text), Ok(()), "{text}");
    }
}

#[test]
fn what_may_read_files() {
    for text in [
        "version: File.read!(\"VERSION\")",
        "version: \"#{File.read!(\"VERSION\")}\"",
        "version: \"\"\"\n#{File.read!(\"VERSION\")}\n\"\"\"",
        "Enum.map(x, &File.read/1)",
        ":file.read_file(\"x\")",
        "m = File\nm.read(\"x\")",
        "apply(File, :read, [\"x\"])",
        "Enum.map([File], & &1.cwd())",
        "f.(1)",
        "System.cmd(\"git\", [])",
        "Code.require_file(\"x.exs\")",
        "import File",
        "use Mix.Project, x",
        "alias File, as: Path",
        "~s(#{File.cwd!()})",
        "\"#{x",
        "~w(a",
        "?\\# File.cwd!()\nFile.cwd!()",
    ] {
        assert!(judged(text).is_err(), "{text}");
    }
    let deep = "\"#{".repeat(10_000);
    assert!(judged(&deep).is_err());
}
