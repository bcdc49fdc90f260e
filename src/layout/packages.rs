//! Package lists: the words behind `install` that name packages, which stand one a line in a RUN of several lines.

use crate::syntax::node::Kind;
use crate::syntax::tree::Instruction;

/// From how many packages on they stand one a line.
const MANY: usize = 3;

/// Commands that install what their words name, each with the words that say so.
const INSTALLERS: &[(&str, &[&str])] = &[
    ("apt-get", &["install"]),
    ("apt", &["install"]),
    ("aptitude", &["install"]),
    ("apk", &["add"]),
    ("yum", &["install"]),
    ("dnf", &["install"]),
    ("microdnf", &["install"]),
    ("tdnf", &["install"]),
    ("zypper", &["install", "in"]),
    ("pip", &["install"]),
    ("pip3", &["install"]),
    ("npm", &["install", "i"]),
    ("yarn", &["add"]),
    ("pnpm", &["add", "install"]),
    ("gem", &["install"]),
    ("conda", &["install"]),
    ("mamba", &["install"]),
];

/// Options of these commands that take the next word as their value.
const WITH_VALUE: &[&str] = &[
    "-t",
    "--virtual",
    "--target-release",
    "-o",
    "-c",
    "--constraint",
    "-r",
    "--requirement",
    "-f",
    "--find-links",
    "-i",
    "--index-url",
    "--extra-index-url",
    "--trusted-host",
    "--target",
    "--prefix",
    "--root",
    "--repository",
    "-X",
    "-n",
    "--name",
    "-v",
    "--version",
    "--channel",
    "--registry",
    "-e",
    "--editable",
];

/// Which children of a command begin a line.
pub struct List {
    begin: Vec<usize>,
}

impl List {
    /// Whether the child at this position does.
    pub fn begins_line(&self, position: usize) -> bool {
        self.begin.binary_search(&position).is_ok()
    }
}

/// The package list of the simple command at `index`, where it has one that is long enough.
pub fn list(i: &Instruction, index: usize) -> Option<List> {
    let words: Vec<(usize, &[u8])> = i
        .children(index)
        .enumerate()
        .filter(|(_, (_, n))| n.kind == Kind::ShellWord)
        .map(|(n, (_, node))| (n, i.node_text(node)))
        .collect();
    let name = words.first()?.1;
    let (_, verbs) = INSTALLERS.iter().find(|(n, _)| n.as_bytes() == name)?;
    let verb = words.iter().position(|(_, w)| verbs.iter().any(|v| v.as_bytes() == *w))?;
    let mut begin = Vec::new();
    let (mut packages, mut value) = (0, false);
    for (position, word) in &words[verb + 1..] {
        let option = word.starts_with(b"-");
        if !std::mem::take(&mut value) && (!option || packages > 0) {
            begin.push(*position);
            packages += usize::from(!option);
        }
        value = option && WITH_VALUE.iter().any(|v| v.as_bytes() == *word);
    }
    (packages >= MANY).then_some(List { begin })
}
