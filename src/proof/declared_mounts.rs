//! The relation of `cache-mounts`: a RUN has caches more, what empties them is gone, and nothing else has changed.
//!
//! Which caches there are, whose they are and what empties them is said here in words of this module's own. What is
//! asked is the text alone; that nobody misses what is in no layer then is the rule's to know.

use super::declared;
use super::declared_words::{self, IsIt};
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Keyword};

type Result<T> = std::result::Result<T, &'static str>;

/// A cache.
struct Cache {
    /// The flags that come.
    flags: &'static [&'static str],
    /// Whose it is, by the words of a command.
    is_it: IsIt,
    /// Options of such a command that go.
    options: &'static [&'static str],
    /// How a command begins that empties it.
    empties: &'static [&'static str],
    /// How what `rm` removes of it begins.
    places: &'static [&'static str],
}

/// The command that may come first in a RUN with the cache of apt.
const KEEP: &str = "rm -f /etc/apt/apt.conf.d/docker-clean";

const CACHES: &[Cache] = &[
    Cache {
        flags: &[
            "--mount=type=cache,target=/var/cache/apt,sharing=locked",
            "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked",
        ],
        is_it: |words| is_named(words, &["apt-get", "apt"]) && words.contains(&"update"),
        options: &[],
        empties: &["apt-get clean", "apt-get -y clean", "apt-get autoclean", "apt clean", "apt autoclean"],
        places: &["/var/lib/apt/lists", "/var/cache/apt"],
    },
    Cache {
        flags: &["--mount=type=cache,target=/root/.cache/pip"],
        is_it: |words| words.contains(&"install") && words.iter().any(|w| w.contains("pip")),
        options: &["--no-cache-dir"],
        empties: &[
            "pip cache purge",
            "pip3 cache purge",
            "python -m pip cache purge",
            "python3 -m pip cache purge",
        ],
        places: &["/root/.cache/pip", "~/.cache/pip"],
    },
    Cache {
        flags: &["--mount=type=cache,target=/root/.cache/uv"],
        is_it: |words| is_named(words, &["uv"]),
        options: &["--no-cache", "--no-cache-dir", "-n"],
        empties: &["uv cache clean", "uv cache prune"],
        places: &["/root/.cache/uv", "~/.cache/uv"],
    },
    Cache {
        flags: &["--mount=type=cache,target=/root/.npm"],
        is_it: |words| is_named(words, &["npm"]),
        options: &[],
        empties: &["npm cache clean", "npm cache verify"],
        places: &["/root/.npm", "~/.npm"],
    },
    Cache {
        flags: &["--mount=type=cache,target=/usr/local/share/.cache/yarn"],
        is_it: |words| is_named(words, &["yarn"]),
        options: &[],
        empties: &["yarn cache clean"],
        places: &["/usr/local/share/.cache"],
    },
    Cache {
        flags: &["--mount=type=cache,target=/root/.local/share/pnpm/store"],
        is_it: |words| is_named(words, &["pnpm"]),
        options: &[],
        empties: &["pnpm store prune"],
        places: &["/root/.local/share/pnpm/store", "~/.local/share/pnpm/store"],
    },
    Cache {
        flags: &["--mount=type=cache,target=/go/pkg/mod", "--mount=type=cache,target=/root/.cache/go-build"],
        is_it: |words| is_named(words, &["go"]),
        options: &[],
        empties: &["go clean"],
        places: &["/go/pkg/mod", "/root/.cache/go-build"],
    },
    Cache {
        flags: &[
            "--mount=type=cache,target=/usr/local/cargo/registry",
            "--mount=type=cache,target=/usr/local/cargo/git/db",
        ],
        is_it: |words| is_named(words, &["cargo"]),
        options: &[],
        empties: &[],
        places: &["/usr/local/cargo/registry", "/usr/local/cargo/git"],
    },
];

fn is_named(words: &[&str], names: &[&str]) -> bool {
    words.first().is_some_and(|w| names.contains(&w.rsplit('/').next().unwrap_or_default()))
}

/// Whether `after` is `before` but for caches.
///
/// # Errors
/// What differs.
pub fn same(before: &Dockerfile, after: &Dockerfile, origins: &[Option<Id>]) -> Result<()> {
    for (old, new) in declared::changed(before, after, origins)? {
        if old.keyword != Keyword::Run || new.keyword != Keyword::Run {
            return Err("another instruction than RUN has changed");
        }
        one(old, new)?;
    }
    Ok(())
}

fn one(old: &Instruction, new: &Instruction) -> Result<()> {
    let flags = new_flags(old, new)?;
    let came: Vec<&[u8]> = flags.iter().map(|at| new.node_text(new.nodes[*at])).collect();
    let has = |flag: &&str| came.contains(&flag.as_bytes());
    let caches: Vec<&Cache> = CACHES.iter().filter(|cache| cache.flags.iter().all(&has)).collect();
    let known: usize = caches.iter().map(|cache| cache.flags.len()).sum();
    if caches.is_empty() || known != came.len() {
        return Err("another flag than those of caches came");
    }
    if !caches.iter().all(|cache| commands(new).any(|at| (cache.is_it)(&words(new, at)))) {
        return Err("a cache came that no command of the RUN uses");
    }
    if !gone(new, &caches).is_empty() {
        return Err("something still empties the cache");
    }
    let mut without = flags;
    if caches.iter().any(|cache| cache.places.contains(&"/var/cache/apt")) {
        without.extend(first_command(new, KEEP));
    }
    if declared_words::written(old, &gone(old, &caches)) != declared_words::written(new, &without) {
        return Err("more than the caches has changed");
    }
    Ok(())
}

/// The flags of `new` that `old` has not; those of `old` are there in the same order.
fn new_flags(old: &Instruction, new: &Instruction) -> Result<Vec<usize>> {
    let mut had = old.flags().peekable();
    let mut came = Vec::new();
    for (at, node) in new.top().filter(|(_, n)| n.kind == Kind::Flag) {
        if had.peek().is_some_and(|flag| *flag == new.node_text(node)) {
            had.next();
        } else {
            came.push(at);
        }
    }
    if had.next().is_none() { Ok(came) } else { Err("a flag is gone") }
}

fn commands<'i>(i: &'i Instruction) -> impl Iterator<Item = usize> + 'i {
    i.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::Simple).map(|(at, _)| at)
}

fn word_nodes<'i>(i: &'i Instruction, command: usize) -> impl Iterator<Item = (usize, Node)> + 'i {
    i.children(command).filter(|(_, n)| n.kind == Kind::ShellWord)
}

fn words<'i>(i: &'i Instruction, command: usize) -> Vec<&'i str> {
    word_nodes(i, command).map(|(_, n)| std::str::from_utf8(i.node_text(n)).unwrap_or("$")).collect()
}

/// The nodes of what empties the caches: commands with an operator, operands of `rm`, options.
fn gone(i: &Instruction, caches: &[&Cache]) -> Vec<usize> {
    let mut found = declared_words::gone_from_lists(i, |text| empties(text, caches));
    for command in commands(i) {
        let words = words(i, command);
        for ((node, _), word) in word_nodes(i, command).zip(&words).skip(1) {
            let is_option = caches.iter().any(|c| (c.is_it)(&words) && c.options.contains(word));
            if is_option || words[0] == "rm" && is_place(word, caches) {
                found.push(node);
            }
        }
    }
    found
}

/// Whether a command does nothing but empty a cache.
fn empties(text: &str, caches: &[&Cache]) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let mut operands = words[1..].iter().filter(|w| !w.starts_with('-')).peekable();
    let is_removal = words[0] == "rm" && operands.peek().is_some() && operands.all(|w| is_place(w, caches));
    // whatever follows: what the rule does not know how to take away must not stay beside the cache
    let begins =
        |start: &&str| text.strip_prefix(*start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    is_removal || caches.iter().any(|cache| cache.empties.iter().any(&begins))
}

/// Whether a word is the place of a cache, or all in it.
fn is_place(word: &str, caches: &[&Cache]) -> bool {
    let is_in = |place: &&str| {
        word.strip_prefix(*place).is_some_and(|rest| {
            matches!(
                rest,
                "" | "/"
                    | "/*"
                    | "/*.bin"
                    | "/yarn"
                    | "/yarn/*"
                    | "/archives"
                    | "/archives/"
                    | "/archives/*"
                    | "/archives/*.deb"
            )
        })
    };
    caches.iter().any(|cache| cache.places.iter().any(&is_in))
}

/// The nodes of the first command of a list of `&&` and its operator, if it is this one.
fn first_command(i: &Instruction, command: &str) -> Vec<usize> {
    let Some((and_or, _)) = i.nodes.iter().enumerate().find(|(_, n)| n.kind == Kind::AndOr) else {
        return Vec::new();
    };
    match declared_words::parts(i, and_or)[..] {
        [first, operator, ..] if declared_words::text(i, first) == command => vec![first, operator],
        _ => Vec::new(),
    }
}
