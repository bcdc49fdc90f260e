//! What holds for a file, as text: `dfmt config`. It is a configuration itself, each line with where it comes from.

use std::fmt::Write;
use std::path::Path;

use super::layer::{Origin, Set};
use super::{Held, Settings};
use crate::config::{Config, Indent};
use crate::report::text;

impl Settings {
    /// What `held` is made of, for the file at `path`.
    pub fn describe(&self, path: &Path, held: &Held) -> String {
        let mut out = format!("# {}: ", text::name(path));
        out += &match &held.file {
            Some(file) => text::name(&file.path),
            None => "no configuration file".to_string(),
        };
        out.push('\n');
        let lines = lines(held);
        let width = lines.iter().map(|(key, value, _)| key.len() + value.chars().count() + 3).max();
        let width = width.unwrap_or(0).min(60);
        for (key, value, from) in lines {
            let line = format!("{key} = {value}");
            // a String takes all that is written to it
            let _ = writeln!(out, "{line:width$}  # {from}");
        }
        let running = self.rules.iter().filter(|r| held.config.rules.has(r.name, r.kind, r.alone));
        let running: Vec<&str> = running.map(|r| r.name).collect();
        let _ = writeln!(out, "# rules that run: {}", running.join(", "));
        out
    }
}

/// Key, value, and where it comes from.
fn lines(held: &Held) -> Vec<(&'static str, String, String)> {
    let (layer, default) = (&held.layer, Config::default());
    let mut lines = vec![
        line("only", layer.only.as_ref(), &default.rules.only, |v| list(v)),
        line("also", layer.also.as_ref(), &default.rules.also, |v| list(v)),
        line("skip", layer.skip.as_ref(), &default.rules.skip, |v| list(v)),
        line("merge-runs", layer.merge_runs.as_ref(), &default.merge_runs, |v| quoted(v.name())),
        line(
            "align-backslashes",
            layer.align_backslashes.as_ref(),
            &default.align_backslashes,
            bool::to_string,
        ),
        line("line-width", layer.line_width.as_ref(), &default.line_width, usize::to_string),
        line("indent", layer.indent.as_ref(), &default.indent, |v| indent(*v)),
    ];
    let exclude = held.file.as_ref().and_then(|f| f.exclude.as_ref());
    let globs = exclude.map(|e| Set { value: e.value.source().to_vec(), origins: e.origins.clone() });
    lines.push(line("exclude", globs.as_ref(), &Vec::new(), |v| list(v)));
    lines.push(match &layer.context {
        Some(set) => ("context", quoted(&set.value.to_string_lossy()), from(&set.origins)),
        None => ("# context", "the folder of the Dockerfile".to_string(), DEFAULT.to_string()),
    });
    lines
}

const DEFAULT: &str = "default";

fn line<T>(
    key: &'static str,
    set: Option<&Set<T>>,
    default: &T,
    show: impl Fn(&T) -> String,
) -> (&'static str, String, String) {
    match set {
        Some(set) => (key, show(&set.value), from(&set.origins)),
        None => (key, show(default), DEFAULT.to_string()),
    }
}

fn from(origins: &[Origin]) -> String {
    let origins: Vec<String> = origins.iter().map(ToString::to_string).collect();
    text::name(Path::new(&origins.join(", ")))
}

fn indent(indent: Indent) -> String {
    match indent {
        Indent::Spaces(n) => n.to_string(),
        Indent::Tab => quoted("tab"),
    }
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|i| quoted(i)).collect();
    format!("[{}]", items.join(", "))
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
