//! A Gemfile, as far as it is a list: sources, groups, gems with literal options, the version of Ruby.
//!
//! A Gemfile is Ruby. What is read here is the small part that most consist of; any other line is refused. Sources:
//! bundler.io/man/gemfile.5.html, and `bundler/dsl.rb`.

/// What else a Gemfile has Bundler read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gemfile {
    /// Files of `eval_gemfile`, which are Gemfiles too.
    pub evaluated: Vec<String>,
    /// Files that hold the version of Ruby.
    pub ruby_files: Vec<String>,
}

/// A word of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// A string, or a symbol.
    Text(String),
    /// `name:`, or `:name =>`.
    Key(String),
    /// A bare word: `do`, `true`, `12`.
    Bare(String),
    /// `[`, `]`, `,`.
    Mark,
}

/// Reads a Gemfile.
///
/// # Errors
/// The line that is not understood, or that names a path.
pub fn read(text: &str) -> Result<Gemfile, String> {
    let mut file = Gemfile::default();
    let mut depth = 0_usize;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut words = words(line).ok_or_else(|| line.trim().to_string())?;
        let mut last = line;
        while ends_in_comma(last) {
            last = lines.next().ok_or_else(|| line.trim().to_string())?;
            words.extend(self::words(last).ok_or_else(|| last.trim().to_string())?);
        }
        file.take(&words, &mut depth).ok_or_else(|| line.trim().to_string())?;
    }
    if depth == 0 { Ok(file) } else { Err("a block that is not closed".to_string()) }
}

fn ends_in_comma(line: &str) -> bool {
    line.trim_end().ends_with(',') && !line.trim_start().starts_with('#')
}

impl Gemfile {
    fn take(&mut self, words: &[Word], depth: &mut usize) -> Option<()> {
        let Some((Word::Bare(verb), rest)) = words.split_first() else {
            return words.is_empty().then_some(());
        };
        let is_do = |w: &Word| *w == Word::Bare("do".to_string());
        let (rest, opens) = match rest.split_last() {
            Some((last, rest)) if is_do(last) => (rest, true),
            _ => (rest, false),
        };
        let texts: Vec<&str> = rest.iter().filter_map(Word::text).collect();
        let is_plain = rest.iter().all(|w| matches!(w, Word::Text(_) | Word::Mark));
        match (verb.as_str(), opens) {
            ("end", false) if rest.is_empty() => *depth = depth.checked_sub(1)?,
            ("group" | "platforms" | "platform", true) if is_plain => *depth += 1,
            ("source", _) if is_plain && texts.iter().all(|t| is_remote(t)) => *depth += usize::from(opens),
            ("gem", false) => is_gem(rest).then_some(())?,
            ("ruby", false) if is_plain => {}
            ("ruby", false) => match rest {
                [Word::Key(key), Word::Text(name)] if key == "file" => self.ruby_files.push(name.clone()),
                _ => return None,
            },
            ("eval_gemfile", false) => match rest {
                [Word::Text(name)] => self.evaluated.push(name.clone()),
                _ => return None,
            },
            _ => return None,
        }
        Some(())
    }
}

impl Word {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Whether the options of a gem say nothing of a path, and nothing that is not known.
fn is_gem(words: &[Word]) -> bool {
    const KEYS: &[&str] = &[
        "require",
        "group",
        "groups",
        "platform",
        "platforms",
        "git",
        "github",
        "branch",
        "tag",
        "ref",
        "source",
        "submodules",
        "force_ruby_platform",
    ];
    let mut key = "";
    words.iter().all(|word| match word {
        Word::Key(name) => {
            key = name;
            KEYS.contains(&name.as_str())
        }
        Word::Text(text) if matches!(key, "git" | "source") => is_remote(text),
        Word::Bare(bare) => matches!(bare.as_str(), "true" | "false" | "nil"),
        Word::Text(_) | Word::Mark => true,
    })
}

fn is_remote(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// The words of a line; none where it holds something else.
fn words(line: &str) -> Option<Vec<Word>> {
    // what Rails has written for years
    const GITHUB: &str = "git_source(:github) { |repo| \"https://github.com/#{repo}.git\" }";
    if line.trim() == GITHUB {
        return Some(Vec::new());
    }
    let mut found = Vec::new();
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '#' => break,
            ',' | '[' | ']' => (Word::Mark, &rest[1..]),
            '"' | '\'' => {
                let (text, after) = rest[1..].split_once(first)?;
                let is_literal = !text.contains(['\\', '`']) && !text.contains("#{");
                (Word::Text(is_literal.then(|| text.to_string())?), after)
            }
            '%' => {
                let list = rest.strip_prefix("%w[").or_else(|| rest.strip_prefix("%i["))?;
                let (text, after) = list.split_once(']')?;
                (Word::Text(text.to_string()), after)
            }
            ':' => {
                let (name, after) = name(&rest[1..])?;
                match after.trim_start().strip_prefix("=>") {
                    Some(after) => (Word::Key(name), after),
                    None => (Word::Text(name), after),
                }
            }
            _ => {
                let (name, after) = name(rest)?;
                match after.strip_prefix(':').filter(|a| !a.starts_with(':')) {
                    Some(after) => (Word::Key(name), after),
                    None => (Word::Bare(name), after),
                }
            }
        };
        found.push(word);
        rest = after.trim_start();
    }
    Some(found)
}

fn name(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_string(), &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_list() {
        let text = "# frozen_string_literal: true\nsource \"https://rubygems.org\"\nruby '3.2.2' # why\n\
            git_source(:github) { |repo| \"https://github.com/#{repo}.git\" }\n\
            gem \"rails\", \"~> 7.0\", '>= 7.0.1'\ngem 'a', require: false, group: :test\n\
            gem 'b', :git => 'https://example.org/b.git',\n    branch: \"main\"\n\
            group :development, :test do\n  gem \"c\", platforms: %i[ mri windows ]\n  gem 'd', platforms: [:mri, :mingw]\nend\n\
            eval_gemfile \"more.rb\"\n";
        let want = Gemfile { evaluated: vec!["more.rb".into()], ruby_files: vec![] };
        assert_eq!(read(text), Ok(want));
        assert_eq!(
            read("ruby file: \".ruby-version\"").map(|f| f.ruby_files),
            Ok(vec![".ruby-version".into()])
        );
    }

    #[test]
    fn what_is_more_than_a_list_is_refused() {
        let lines = [
            "gemspec",
            "gem 'a', path: 'a'",
            "gem 'a', :path => 'a'",
            "path 'x' do\nend",
            "gem 'a' if ENV['A']",
            "gem 'a', File.read('v')",
            "gem \"a#{x}\"",
            "ruby File.read('.ruby-version')",
            "ruby ENV['X']",
            "source 'file:///x'",
            "gem 'a', git: '../a'",
            "plugin 'x'",
            "group :a do",
            "end",
            "require 'x'",
            "gem('a', path: 'x')",
            "eval_gemfile x",
            "gem 'a'; gemspec",
            "gem 'a', `x`",
        ];
        for text in lines {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
