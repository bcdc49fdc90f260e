//! Installs of packages with the list that each names: what the rules that write such lists anew look at.
//!
//! It reads any simple command of a RUN, wherever it stands. A word that is neither an option of the table nor surely
//! the name of a package makes the command none of these.

use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::Instruction;

/// An install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install<'i> {
    /// Index of its command among the nodes.
    pub index: usize,
    /// Whether it works on the packages of the system.
    pub is_of_system: bool,
    /// Its words that name no package, in order: assignments, the program, options.
    pub head: Vec<&'i [u8]>,
    /// The packages, in order.
    pub packages: Vec<Package<'i>>,
}

/// A package of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package<'i> {
    /// Its word.
    pub node: Node,
    /// The word as it is written.
    pub text: &'i [u8],
    /// The word without quotes.
    pub value: &'i str,
}

impl Package<'_> {
    /// Its name: without version, extras and the like.
    pub fn name(&self) -> &str {
        let end = self.value[1..].find(['=', '<', '>', '~', '!', '@', '[', ';', ' ']).map(|at| at + 1);
        &self.value[..end.unwrap_or(self.value.len())]
    }
}

/// What a package manager takes.
struct Manager {
    programs: &'static [&'static str],
    verb: &'static str,
    is_of_system: bool,
    /// Letters of short options without a value.
    short: &'static str,
    /// Long options without a value.
    long: &'static [&'static str],
    /// Options behind which a value stands, as a word of its own or behind a `=`.
    valued: &'static [&'static str],
    /// What a name may hold beside letters and digits.
    characters: &'static str,
}

const MANAGERS: &[Manager] = &[
    Manager {
        programs: &["apt-get", "apt"],
        verb: "install",
        is_of_system: true,
        short: "yqfV",
        long: &[
            "--yes",
            "--assume-yes",
            "--quiet",
            "--no-install-recommends",
            "--no-install-suggests",
            "--install-recommends",
            "--install-suggests",
            "--allow-unauthenticated",
            "--allow-downgrades",
            "--allow-change-held-packages",
            "--allow-remove-essential",
            "--fix-missing",
            "--fix-broken",
            "--force-yes",
            "--reinstall",
            "--no-upgrade",
            "--show-progress",
        ],
        valued: &[],
        characters: "+.:-=~*",
    },
    Manager {
        programs: &["apk"],
        verb: "add",
        is_of_system: true,
        short: "Uuqv",
        long: &[
            "--no-cache",
            "--update",
            "--update-cache",
            "--upgrade",
            "--quiet",
            "--no-progress",
            "--verbose",
        ],
        valued: &["--virtual", "-t"],
        characters: "+.:-=~<>@_",
    },
    Manager {
        programs: &["yum", "dnf", "microdnf"],
        verb: "install",
        is_of_system: true,
        short: "yqv",
        long: &[
            "--assumeyes",
            "--quiet",
            "--nodocs",
            "--best",
            "--allowerasing",
            "--skip-broken",
            "--nogpgcheck",
            "--refresh",
        ],
        valued: &[],
        characters: "+.:-_@~^",
    },
    Manager {
        programs: &["pip", "pip3"],
        verb: "install",
        is_of_system: false,
        short: "qUIv",
        long: &[
            "--no-cache-dir",
            "--no-cache",
            "--quiet",
            "--upgrade",
            "--pre",
            "--user",
            "--no-deps",
            "--disable-pip-version-check",
            "--no-input",
            "--prefer-binary",
            "--break-system-packages",
            "--ignore-installed",
            "--force-reinstall",
            "--no-warn-script-location",
            "--root-user-action=ignore",
        ],
        valued: &[],
        characters: "._-[],=<>!~*",
    },
];

/// The installs of a RUN that a POSIX shell reads, in order.
pub fn installs<'i>(i: &'i Instruction) -> Vec<Install<'i>> {
    if !i.heredocs.is_empty() {
        return Vec::new();
    }
    let commands = i.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::Simple);
    commands.filter_map(|(index, _)| install(i, index)).collect()
}

/// Whether an install is a command of a list that holds nothing but `&&`: then it runs if all before it succeeded.
pub fn stands_in_plain_list(i: &Instruction, install: &Install) -> bool {
    place(i, install).is_some()
}

/// Whether the second is the next command of the same such list.
pub fn follow_each_other(i: &Instruction, first: &Install, second: &Install) -> bool {
    match (place(i, first), place(i, second)) {
        (Some((list, n)), Some((other, m))) => list == other && m == n + 1,
        _ => false,
    }
}

/// The list of `&&` that an install is a command of, and the how many-th.
fn place(i: &Instruction, install: &Install) -> Option<(usize, usize)> {
    let is_list = |(at, n): &(usize, &Node)| {
        n.kind == Kind::AndOr && (at + 1..n.next as usize).contains(&install.index)
    };
    // the innermost
    let (list, _) = i.nodes.iter().enumerate().rfind(is_list)?;
    let operators = i.children(list).filter(|(_, n)| n.kind == Kind::AndOrOp);
    if operators.into_iter().any(|(_, n)| i.node_text(n) != b"&&") {
        return None;
    }
    let pipelines = i.children(list).filter(|(_, n)| n.kind == Kind::Pipeline);
    let is_it = |(at, node): (usize, Node)| {
        let mut children = i.children(at).map(|(child, _)| child);
        children.next() == Some(install.index)
            && children.next().is_none()
            && node.next as usize > install.index
    };
    pipelines.into_iter().position(is_it).map(|n| (list, n))
}

fn install<'i>(i: &'i Instruction, index: usize) -> Option<Install<'i>> {
    let nodes: Vec<Node> = i.children(index).map(|(_, n)| n).collect();
    let start = nodes.iter().take_while(|n| n.kind == Kind::Assignment).count();
    let words = &nodes[start..];
    // a word that a continuation splits is moved by nobody
    let is_whole = |n: &Node| n.kind == Kind::ShellWord && i.node_source(*n) == i.node_text(*n);
    if !words.iter().all(is_whole) || nodes[..start].iter().any(|n| i.node_text(*n).contains(&b'$')) {
        return None;
    }
    let text = |n: Node| i.node_text(n);
    let program = std::str::from_utf8(text(*words.first()?)).ok()?;
    let manager = MANAGERS.iter().find(|m| m.programs.contains(&program))?;
    let mut found = Install {
        index,
        is_of_system: manager.is_of_system,
        head: nodes[..=start].iter().map(|n| text(*n)).collect(),
        packages: Vec::new(),
    };
    let (mut has_verb, mut rest) = (false, words[1..].iter());
    while let Some(node) = rest.next() {
        let word = std::str::from_utf8(text(*node)).ok()?;
        if word.starts_with('-') {
            found.head.push(text(*node));
            if manager.valued.contains(&word) {
                found.head.push(rest.next().map(|n| text(*n)).filter(|v| is_name(v))?);
            } else if !manager.has_option(word) {
                return None;
            }
        } else if !has_verb {
            has_verb = word == manager.verb;
            has_verb.then_some(())?;
            found.head.push(text(*node));
        } else {
            let value = manager.package(word)?;
            found.packages.push(Package { node: *node, text: text(*node), value });
        }
    }
    (!found.packages.is_empty()).then_some(found)
}

fn is_name(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
}

impl Manager {
    fn has_option(&self, word: &str) -> bool {
        match word.strip_prefix("--") {
            Some(_) => self.long.contains(&word),
            None => word.len() > 1 && word[1..].chars().all(|c| self.short.contains(c)),
        }
    }

    /// The value of a word that surely names a package: no file, no removal, no variable.
    fn package<'w>(&self, word: &'w str) -> Option<&'w str> {
        let quoted = ['"', '\''].iter().find_map(|q| word.strip_prefix(*q)?.strip_suffix(*q));
        let value = quoted.unwrap_or(word);
        let fits = |c: char| {
            c.is_ascii_alphanumeric()
                || self.characters.contains(c) && (quoted.is_some() || !"<>!".contains(c))
        };
        let begins = |c: char| c.is_ascii_alphanumeric() || c == '@' && self.characters.contains('@');
        let is_file = [".deb", ".rpm", ".apk", ".whl", ".zip", ".gz", ".bz2", ".xz", ".tar", ".tgz"];
        // of apt, a name that ends in a hyphen is removed
        let fits_all = value.starts_with(begins) && value.chars().all(fits) && !value.ends_with('-');
        (fits_all && !is_file.iter().any(|e| value.ends_with(e))).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::installs;
    use crate::syntax;

    fn read(text: &str) -> Vec<String> {
        let source = format!("FROM a\nRUN {text}\n");
        let file = syntax::parse(source.as_bytes());
        let run = file.instructions().nth(1).expect("a RUN");
        let words = |all: Vec<&[u8]>| String::from_utf8_lossy(&all.join(&b' ')).into_owned();
        let shown = |install: super::Install| {
            let names = install.packages.iter().map(|p| p.text).collect();
            format!("{}: {}", words(install.head), words(names))
        };
        installs(run).into_iter().map(shown).collect()
    }

    #[test]
    fn packages_are_told_from_options() {
        let table = [
            (
                "apt-get install -y --no-install-recommends a b=1.2~3",
                "apt-get install -y --no-install-recommends: a b=1.2~3",
            ),
            ("apt-get -qq -y install a -V b", "apt-get -qq -y install -V: a b"),
            (
                "DEBIAN_FRONTEND=noninteractive apt install g++ a:i386",
                "DEBIAN_FRONTEND=noninteractive apt install: g++ a:i386",
            ),
            ("apk add --no-cache --virtual .deps gcc 'a>1'", "apk add --no-cache --virtual .deps: gcc 'a>1'"),
            ("dnf install -y @tools a_b", "dnf install -y: @tools a_b"),
            (
                "pip install -U \"flask[async]>=2,<3\" numpy==1.*",
                "pip install -U: \"flask[async]>=2,<3\" numpy==1.*",
            ),
        ];
        for (text, want) in table {
            assert_eq!(read(text), [want], "{text}");
        }
    }

    #[test]
    fn what_is_not_sure_is_none() {
        for text in [
            "apt-get install -y",
            "apt-get update",
            "apt-get install -y $PACKAGES",
            "apt-get install -y a ./b.deb",
            "apt-get install -y a b.deb",
            "apt-get install -y a b-",
            "apt-get install -t backports a b",
            "apt-get install -o Dir=/x a",
            "apt-get install a > log",
            "A=$B apt-get install a b",
            "sudo apt-get install a b",
            "apk add a --repository http://x/y b",
            "pip install -r requirements.txt",
            "pip install . a",
            "pip install -e x a",
            "pip install a>1 b",
            "pip install git+https://x/y a",
            "apt-get install a `b`",
        ] {
            assert_eq!(read(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn installs_are_found_wherever_they_stand() {
        let found = read("set -e; if true; then apt-get install -y a; fi; (apk add b) || apt install c");
        assert_eq!(found, ["apt-get install -y: a", "apk add: b", "apt install: c"]);
    }
}
