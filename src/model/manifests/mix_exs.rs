//! mix.exs and the scripts in config: what `mix deps.get` reads for a project of Elixir, or why that cannot be said.
//!
//! The sources are the documentation of `Mix.Project` and of the tasks `deps`, `deps.get` and `loadconfig`, and the code of
//! Mix 1.10 to 1.18: before each task mix.exs runs, and config/config.exs with all that it imports; in an umbrella also the
//! mix.exs of each folder of `apps_path`. An alias runs in place of the task of its name.

use super::elixir::{self, Token};

/// What a mix.exs says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mix {
    /// `apps_path`, in an umbrella.
    pub apps: Option<String>,
}

/// Keys that move what Mix reads and writes.
const MOVES: [&str; 6] = ["deps_path", "lockfile", "build_path", "config_path", "archives", "build_embedded"];

/// How the apps of an umbrella spell them.
const OF_UMBRELLA: [&str; 4] = ["../../deps", "../../mix.lock", "../../_build", "../../config/config.exs"];

/// Reads a mix.exs; `is_app` for one of an umbrella.
///
/// # Errors
/// What is not understood, or takes more than it names.
pub fn read(text: &str, is_app: bool) -> Result<Mix, String> {
    let tokens = elixir::tokens(text)?;
    elixir::calls_nothing(&tokens)?;
    let mut mix = Mix::default();
    for (n, token) in tokens.iter().enumerate() {
        let (Token::Key(key) | Token::Atom(key)) = token else { continue };
        let value = match tokens.get(n + 1) {
            Some(Token::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        match key.as_str() {
            "apps_path" if !is_app && value.is_some() => mix.apps = value.map(ToString::to_string),
            "apps_path" => return Err("its apps_path is not understood".to_string()),
            "path" => return Err("it names a folder: a dependency that is part of the source".to_string()),
            "git" if matches!(token, Token::Key(_)) && !value.is_some_and(is_remote) => {
                return Err("it names a repository that may lie in the source".to_string());
            }
            key if MOVES.contains(&key) => {
                let usual = is_app && value.is_some_and(|v| OF_UMBRELLA.contains(&v));
                if !usual {
                    return Err(format!("{key} may move what is read or written"));
                }
            }
            key if ["deps.", "local.", "load", "hex."].iter().any(|t| key.starts_with(t)) => {
                return Err(format!("an alias may run something else in place of {key}"));
            }
            _ => {}
        }
    }
    Ok(mix)
}

fn is_remote(url: &str) -> bool {
    ["https://", "http://", "git@", "ssh://", "git://"].iter().any(|s| url.starts_with(s))
}

/// Whether a script of config reads nothing but others of its folder.
///
/// # Errors
/// What it may read.
pub fn config(text: &str) -> Result<(), String> {
    let tokens = elixir::tokens(text)?;
    elixir::calls_nothing(&tokens)?;
    for (n, _) in tokens.iter().enumerate().filter(|(_, t)| **t == Token::Word("import_config".into())) {
        let mut behind = tokens[n + 1..].iter().skip_while(|t| **t == Token::Sign('('));
        let Some(Token::Text(first)) = behind.next() else {
            return Err("import_config is not followed by the name of a file".to_string());
        };
        // the name may go on behind what is put into it
        let parts =
            behind.take_while(|t| !matches!(t, Token::Word(w) if w == "config" || w == "import_config"));
        let texts = parts.filter_map(|t| match t {
            Token::Text(text) => Some(text),
            _ => None,
        });
        if first.starts_with('/')
            || std::iter::once(first).chain(texts).any(|t| t.contains("..") || t.contains('*'))
        {
            return Err(format!("it imports `{first}`, which may lie elsewhere"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(inside: &str) -> Result<Mix, String> {
        read(
            &format!("defmodule A do\n use Mix.Project\n def project, do: [app: :a, {inside}]\nend\n"),
            false,
        )
    }

    #[test]
    fn projects() {
        assert_eq!(
            project("deps: [{:plug, \"~> 1.0\"}, {:x, git: \"https://x.test/y.git\"}]"),
            Ok(Mix::default())
        );
        assert_eq!(project("apps_path: \"apps\"").unwrap().apps.as_deref(), Some("apps"));
        assert_eq!(project("aliases: [setup: [\"deps.get\", \"ecto.setup\"]]"), Ok(Mix::default()));
        for inside in [
            "deps: [{:x, path: \"../x\"}]",
            "deps: [{:x, [{:path, \"../x\"}]}]",
            "deps: [{:x, git: \"../x\"}]",
            "apps_path: apps()",
            "lockfile: \"other.lock\"",
            "deps_path: \"../../deps\"",
            "aliases: [\"deps.get\": [\"cmd ./gen.sh\"]]",
            "version: File.read!(\"VERSION\")",
        ] {
            assert!(project(inside).is_err(), "{inside}");
        }
        assert_eq!(
            read("[deps_path: \"../../deps\", lockfile: \"../../mix.lock\"]", true),
            Ok(Mix::default())
        );
    }

    #[test]
    fn configurations() {
        assert_eq!(config("import Config\nimport_config \"#{config_env()}.exs\"\n"), Ok(()));
        assert_eq!(config("config :a, b: 1\nimport_config(\"dev.exs\")\nconfig :c, d: \"../x\"\n"), Ok(()));
        for text in [
            "import_config \"../apps/*/config/config.exs\"",
            "import_config name",
            "import_config \"#{x}/../y.exs\"",
            "import_config \"/etc/x.exs\"",
            "config :a, v: File.read!(\"VERSION\")",
        ] {
            assert!(config(text).is_err(), "{text}");
        }
    }
}
