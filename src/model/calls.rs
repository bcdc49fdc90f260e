//! Commands of a RUN as words, wherever they stand: what the rules that add an option or a clean-up look at.
//!
//! A word is taken as it is written. A command with a word that a continuation splits, or that is not UTF-8, is none.

use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::Instruction;

/// A simple command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'i> {
    /// Its index among the nodes.
    pub index: usize,
    /// Its words, the program first.
    pub words: Vec<(Node, &'i str)>,
}

/// The simple commands of a RUN that a POSIX shell reads, in order; none where a heredoc belongs to it.
pub fn calls<'i>(i: &'i Instruction) -> Vec<Call<'i>> {
    if !i.heredocs.is_empty() {
        return Vec::new();
    }
    let commands = i.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::Simple);
    commands.filter_map(|(index, _)| call(i, index)).collect()
}

fn call<'i>(i: &'i Instruction, index: usize) -> Option<Call<'i>> {
    let words = i.children(index).filter(|(_, n)| n.kind == Kind::ShellWord);
    let word = |(_, n): (usize, Node)| {
        let text = std::str::from_utf8(i.node_text(n)).ok()?;
        (i.node_source(n) == text.as_bytes()).then_some((n, text))
    };
    let words = words.map(word).collect::<Option<Vec<_>>>()?;
    (!words.is_empty()).then_some(Call { index, words })
}

/// The commands of a RUN that is one list of `&&` from its first byte to its last: the indices of its pipelines.
pub fn list(i: &Instruction) -> Option<Vec<usize>> {
    let (script, node) = i.find(Kind::Script)?;
    let list = only(i, script, Kind::List)?;
    let and_or = only(i, list, Kind::AndOr)?;
    let is_and = |(_, n): (usize, Node)| n.kind != Kind::AndOrOp || i.node_text(n) == b"&&";
    let end = i.source_range(node.start, node.end).end;
    let is_whole = i.heredocs.is_empty() && i.end() == end && !i.node_text(node).ends_with(b"\\");
    (is_whole && i.children(and_or).all(is_and)).then(|| {
        i.children(and_or).filter(|(_, n)| n.kind == Kind::Pipeline).map(|(index, _)| index).collect()
    })
}

/// The only child of a node, if it is of this kind.
fn only(i: &Instruction, index: usize, kind: Kind) -> Option<usize> {
    let mut children = i.children(index);
    match (children.next(), children.next()) {
        (Some((child, node)), None) if node.kind == kind => Some(child),
        _ => None,
    }
}

impl<'i> Call<'i> {
    /// Its program, as it is written.
    pub fn program(&self) -> &'i str {
        self.words[0].1
    }

    /// The last part of the path of its program.
    pub fn name(&self) -> &'i str {
        self.program().rsplit('/').next().unwrap_or_default()
    }

    /// Where the word stands that says what to do, the first behind the program that is no option; `valued` are the
    /// options with a value of its own behind them.
    pub fn verb_at(&self, valued: &[&str]) -> Option<usize> {
        let mut at = 1;
        while let Some((_, word)) = self.words.get(at) {
            match word {
                word if valued.contains(word) => at += 2,
                word if word.starts_with('-') => at += 1,
                _ => return Some(at),
            }
        }
        None
    }

    /// The word that says what to do; empty where there is none.
    pub fn verb(&self, valued: &[&str]) -> &'i str {
        self.verb_at(valued).map_or("", |at| self.words[at].1)
    }

    /// Whether one of its words is this one.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|(_, w)| *w == word)
    }

    /// Whether it holds words and nothing else: no assignment, no redirection, nothing that is run inside of a word.
    pub fn is_bare(&self, i: &Instruction) -> bool {
        i.children(self.index).all(|(index, n)| n.kind == Kind::ShellWord && n.next as usize == index + 1)
    }

    /// Whether it is all that stands in a pipeline.
    pub fn is_all_of(&self, i: &Instruction, pipeline: usize) -> bool {
        let mut inside = i.children(pipeline).map(|(index, _)| index);
        inside.next() == Some(self.index) && inside.next().is_none()
    }
}

/// Options of apt-get with a value of their own behind them.
pub const APT_VALUED: &[&str] =
    &["-o", "--option", "-c", "--config-file", "-t", "--target-release", "--default-release", "-a"];

/// What a command asks of apt: `install`, `update` and so on; `None` where it does not call apt-get or apt itself.
pub fn apt<'i>(call: &Call<'i>) -> Option<&'i str> {
    matches!(call.name(), "apt-get" | "apt").then(|| call.verb(APT_VALUED))
}

/// Where `install` stands in a call of pip, by its name or as a module.
pub fn pip_install(call: &Call) -> Option<usize> {
    let word = |at: usize| call.words.get(at).map_or("", |w| w.1);
    let is_numbered = |name: &str| name.chars().all(|c| c.is_ascii_digit() || c == '.');
    let at = if call.name().strip_prefix("pip").is_some_and(is_numbered) {
        1
    } else if call.name().strip_prefix("python").is_some_and(is_numbered)
        && word(1) == "-m"
        && word(2) == "pip"
    {
        3
    } else {
        return None;
    };
    (word(at) == "install").then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    fn run(text: &str, check: impl Fn(&Instruction)) {
        let source = format!("FROM a\nRUN {text}\n");
        check(syntax::parse(source.as_bytes()).instructions().nth(1).expect("a RUN"));
    }

    #[test]
    fn verbs_are_found_behind_options() {
        for (text, verb) in [
            ("apt-get -y install a", "install"),
            ("A=b apt-get -o Dpkg::Options::=x -qq install a > log", "install"),
            ("/usr/bin/apt update", "update"),
            ("apt-get", ""),
        ] {
            run(text, |i| assert_eq!(apt(&calls(i)[0]), Some(verb), "{text}"));
        }
        run("sudo apt-get update", |i| assert_eq!(apt(&calls(i)[0]), None));
    }

    #[test]
    fn pip_is_known_by_its_names() {
        for (text, at) in [
            ("pip install a", Some(1)),
            ("/opt/venv/bin/pip3.12 install a", Some(1)),
            ("python3 -m pip install a", Some(3)),
            ("pip download a", None),
            ("pipx install a", None),
            ("pipenv install", None),
        ] {
            run(text, |i| assert_eq!(pip_install(&calls(i)[0]), at, "{text}"));
        }
    }

    #[test]
    fn a_list_is_all_of_the_run() {
        for (text, count) in [
            ("a && b | c && (d)", Some(3)),
            ("a", Some(1)),
            ("a || b", None),
            ("a; b", None),
            ("a && b # c", None),
            ("a && b &", None),
            ("a \\\\", None),
        ] {
            run(text, |i| assert_eq!(list(i).map(|l| l.len()), count, "{text}"));
        }
    }
}
