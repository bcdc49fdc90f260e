//! environment.yml of conda, as far as it is lists of names.
//!
//! Only the form that conda writes itself is read: keys at the left, lists of plain words below them, and one list below
//! `- pip:`. Anything else of YAML is refused. Source: docs.conda.io (Managing environments), `conda_env/env.py`.

/// What an environment.yml names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Channels.
    pub channels: Vec<String>,
    /// Packages of conda.
    pub packages: Vec<String>,
    /// Lines of a requirements file, for pip.
    pub pip: Vec<String>,
    /// Whether it names a folder for the environment.
    pub has_prefix: bool,
}

/// Reads a file.
///
/// # Errors
/// The line that is not understood.
pub fn read(text: &str) -> Result<Environment, String> {
    let mut file = Environment::default();
    let (mut key, mut indent, mut pip) = (String::new(), 0, None);
    for line in text.lines() {
        let refuse = || line.trim().to_string();
        let line = without_comment(line).ok_or_else(refuse)?;
        let words = line.trim();
        let column = line.len() - line.trim_start().len();
        if words.is_empty() || words == "---" {
            continue;
        }
        let Some(item) = words.strip_prefix("- ") else {
            let (name, value) = words.split_once(':').filter(|_| column == 0).ok_or_else(refuse)?;
            let is_list = matches!(name, "channels" | "dependencies");
            let is_known = is_list && value.trim().is_empty() || matches!(name, "name" | "prefix");
            let is_plain = !value.trim().starts_with(['|', '>', '&', '*', '!', '{', '[']);
            (is_known && is_plain).then_some(()).ok_or_else(refuse)?;
            file.has_prefix |= name == "prefix";
            (key, indent, pip) = (name.to_string(), usize::MAX, None);
            continue;
        };
        if indent == usize::MAX {
            indent = column;
        }
        let word = scalar(item.trim()).ok_or_else(refuse)?;
        match (key.as_str(), pip) {
            ("dependencies", Some(())) if column > indent => file.pip.push(word),
            ("dependencies", _) if column == indent && word == "pip:" => pip = Some(()),
            ("dependencies", _) if column == indent && !word.ends_with(':') => {
                pip = None;
                file.packages.push(word);
            }
            ("channels", _) if column == indent => file.channels.push(word),
            _ => return Err(refuse()),
        }
    }
    Ok(file)
}

/// A line without the comment at its end; none where a quote stands before a `#`.
fn without_comment(line: &str) -> Option<&str> {
    let at = if line.trim_start().starts_with('#') { Some(0) } else { line.find(" #") };
    match at {
        Some(at) if line[..at].contains(['"', '\'']) => None,
        Some(at) => Some(&line[..at]),
        None => Some(line),
    }
}

/// A word, or what stands in quotes.
fn scalar(text: &str) -> Option<String> {
    let quoted = ['"', '\''].iter().find_map(|q| text.strip_prefix(*q)?.strip_suffix(*q));
    let inner = quoted.unwrap_or(text);
    let is_plain = !inner.contains(['"', '\'', '\\', '{', '}', '&', '|', '\t']) && !inner.contains(": ");
    let begins = !inner.starts_with(['*', '!', '%', '@', '`', '?', '-'])
        || inner.starts_with("-r")
        || inner.starts_with("--");
    let begins = begins
        || inner.starts_with("-e")
        || inner.starts_with("-c")
        || inner.starts_with("-f")
        || inner.starts_with("-i");
    (is_plain && begins && !inner.is_empty()).then(|| inner.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_conda_writes() {
        let text = "# mine\nname: app\nchannels:\n  - conda-forge\n  - defaults  # why\ndependencies:\n  - python=3.11\n  - \"numpy>=1\"\n\
                    \x20 - pip\n  - pip:\n    - flask==3.0\n    - -r requirements.txt\n";
        let file = read(text).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(file.channels, ["conda-forge", "defaults"]);
        assert_eq!(file.packages, ["python=3.11", "numpy>=1", "pip"]);
        assert_eq!(file.pip, ["flask==3.0", "-r requirements.txt"]);
        assert!(!file.has_prefix && read("prefix: /x").is_ok_and(|f| f.has_prefix));
        assert_eq!(read("channels:\n- a\ndependencies:\n- b\n").map(|f| f.packages), Ok(vec!["b".into()]));
    }

    #[test]
    fn other_yaml_is_refused() {
        for text in [
            "dependencies: [a, b]",
            "dependencies:\n  - a: b",
            "dependencies:\n  - &x a",
            "dependencies:\n  - {a: b}",
            "variables:\n  A: b",
            "name: |\n  x",
            "dependencies:\n  - npm:\n    - x",
            "dependencies:\n    - a\n  - b",
            "x",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
