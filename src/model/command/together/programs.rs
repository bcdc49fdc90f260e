//! Which program a name stands for: a shell remembers where it found one.

use super::reader::{PLACES_FILES, READS_TEXT};
use super::{Hazard, is_one_of, last_part, paths, shown};
use crate::model::command::script::{Script, Simple};
use crate::model::command::{Command, table};
use crate::syntax::node::Kind;

/// Programs of the system: nothing brings another one of these but what names it.
const SYSTEM: &[&str] = &[
    "mkdir",
    "rm",
    "cp",
    "mv",
    "ln",
    "chmod",
    "chown",
    "chgrp",
    "cat",
    "sed",
    "touch",
    "tar",
    "curl",
    "wget",
    "grep",
    "ls",
    "find",
    "apt-get",
    "apt",
    "apk",
    "yum",
    "dnf",
    "microdnf",
    "zypper",
    "rpm",
    "dpkg",
    "useradd",
    "groupadd",
    "adduser",
    "addgroup",
    "usermod",
    "unzip",
    "git",
    "gpg",
    "awk",
    "sort",
    "head",
    "tail",
    "xargs",
    "tee",
    "update-rc.d",
    "apt-key",
    "add-apt-repository",
    "locale-gen",
    "sudo",
    "ldconfig",
    "install",
    "a2enmod",
    "a2dismod",
    "docker-php-ext-install",
    "docker-php-ext-configure",
    "docker-php-ext-enable",
    "pecl",
    "date",
    "id",
    "sleep",
    "gunzip",
    "gzip",
    "bzip2",
    "dpkg-reconfigure",
    "debconf-set-selections",
    "update-alternatives",
    "sh",
    "bash",
    "which",
    "sha256sum",
    "sha1sum",
    "md5sum",
    "cut",
    "tr",
    "env",
    "basename",
    "dirname",
    "uname",
    "nproc",
    "egrep",
    "fgrep",
    "chpasswd",
    "mktemp",
    "readlink",
    "expr",
    "wc",
    "uniq",
    "openssl",
    "ssh-keygen",
    "ssh-keyscan",
    "update-ca-certificates",
    "locale",
    "localedef",
    "apt-cache",
    "aptitude",
    "apt-mark",
    "pacman",
    "su-exec",
    "gosu",
    "phpenmod",
    "ping",
    "rsync",
    "patch",
    "diff",
    "xz",
    "stat",
    "true",
    "false",
    "strip",
    "chroot",
    "getent",
    "groupmod",
    "service",
    "test",
    "[",
    "echo",
    "printf",
    "nohup",
    "eatmydata",
    "timeout",
    "nice",
    "yes",
    "mkfifo",
    "mknod",
    "pwd",
];

/// Words of the shell: it looks for no program.
const BUILTIN: &[&str] = &[
    ":", ".", "cd", "echo", "printf", "test", "[", "true", "false", "set", "export", "exit", "read", "unset",
    "shift", "umask", "ulimit", "source", "eval", "exec", "trap", "pwd", "return", "break", "continue",
    "readonly", "declare", "local", "typeset", "let", "shopt", "alias", "pushd", "popd", "wait", "kill",
    "[[",
];

/// Commands that run a text of their own, or put in place what a makefile says.
const OPAQUE: &[&str] = &[
    "sh", "bash", "python", "python2", "python3", "perl", "ruby", "node", "php", "make", "cmake", "ninja",
    "gmake", "su", "source", ".", "eval", "conda", "mamba", "cargo", "rustup", "n", "nvm", "corepack",
    "pyenv", "rbenv", "rvm", "brew",
];

/// Names that come and go with each other.
const FAMILIES: &[&[&str]] = &[
    &["npm", "npx", "n", "nvm", "node", "nodejs", "corepack", "fnm", "volta"],
    &["yarn", "yarnpkg", "corepack", "berry"],
    &["pnpm", "corepack"],
    &["gem", "bundle", "bundler", "ruby", "rubygems", "rubygem", "rbenv", "rvm"],
    &[
        "pip",
        "pip2",
        "pip3",
        "python",
        "python2",
        "python3",
        "virtualenv",
        "venv",
        "conda",
        "miniconda",
        "anaconda",
        "pyenv",
        "ensurepip",
        "pipenv",
        "poetry",
        "get",
    ],
];

pub(super) fn hazard(own: &Script, next: &Script) -> Option<Hazard> {
    renews(own, next).or_else(|| replaces(own, next))
}

/// Whether a link or a mode may decide which program a name stands for that both call.
fn replaces(own: &Script, next: &Script) -> Option<Hazard> {
    let both: Vec<String> = called(own).into_iter().filter(|n| called(next).contains(n)).collect();
    let names: Vec<&str> = READS_TEXT.iter().copied().chain(both.iter().map(String::as_str)).collect();
    let word = own.simples.iter().filter(|s| is_one_of(s, PLACES_FILES)).find_map(|s| {
        let program = s.program();
        let among = paths(&program).any(|w| is_among_programs(w.text));
        let found = paths(&program).filter(|_| among).find(|w| {
            let last = last_part(w.text);
            names.iter().any(|n| last == n.as_bytes() || may_be(last, n.as_bytes()))
        });
        found.map(|w| shown(w.text))
    })?;
    Some(remembers(&format!("`{word}` may stand for a program that both call")))
}

pub(super) fn remembers(what: &str) -> Hazard {
    Hazard {
        predicate: "the shell remembers where it found a command",
        what: what.to_string(),
        advice: "keep them apart, or join them yourself if it is the same program",
    }
}

/// The names that a text makes the shell look for, each once.
fn called(script: &Script) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for simple in &script.simples {
        let mut words = simple.command.words.iter().filter_map(|w| w.value.as_deref());
        let first = words.next().unwrap_or_default();
        let asked = if matches!(first, "command" | "type" | "hash") { words.collect() } else { vec![first] };
        let looked_for = |n: &&str| !n.is_empty() && !n.contains('/') && !BUILTIN.contains(n);
        names.extend(asked.into_iter().filter(looked_for).map(String::from));
    }
    names.sort();
    names.dedup();
    names
}

/// Whether `own` calls a command, may then put another in its place, and `next` calls it again.
fn renews(own: &Script, next: &Script) -> Option<Hazard> {
    let again = called(next);
    called(own).into_iter().filter(|n| again.contains(n)).find_map(|name| {
        let since = own.simples.iter().position(|s| s.name() == Some(&name)).unwrap_or_default();
        let named = own.simples.iter().find(|s| is_named(s, &name)).map(|s| &s.command);
        if let Some(command) = named {
            let what = format!("`{}` may bring another `{name}`, which both call", brief(command));
            return Some(remembers(&what));
        }
        if installs_inside(own, &name) {
            return Some(remembers(&format!("`{name}` stands where it may be installed anew")));
        }
        if SYSTEM.contains(&&*name) {
            return None;
        }
        own.simples[since..].iter().find_map(|s| brings_unseen(s, &name)).map(|what| remembers(&what))
    })
}

/// The first words of a command.
fn brief(command: &Command) -> String {
    let words: Vec<String> = command.words.iter().take(3).map(|w| shown(w.text)).collect();
    let more = if command.words.len() > 3 { " …" } else { "" };
    words.join(" ") + more
}

/// Whether an argument speaks of the command `name`, or of one of its family.
fn is_named(simple: &Simple, name: &str) -> bool {
    let is_system = SYSTEM.contains(&name);
    let text: Vec<u8> = simple.command.words.iter().flat_map(|w| [w.text, b" "].concat()).collect();
    if is_system && !is_one_of(simple, PLACES_FILES) && !speaks_of_installs(&text) {
        return false;
    }
    let family = FAMILIES.iter().filter(|f| f.contains(&name)).flat_map(|f| f.iter().copied());
    let names: Vec<&str> = family.chain([name]).collect();
    // behind `PATH=… ` the name itself may be led elsewhere
    let skipped = usize::from(simple.sets.is_empty());
    simple.command.words.iter().skip(skipped).any(|w| speaks_of(w.text, &names))
}

fn speaks_of_installs(text: &[u8]) -> bool {
    [&b"install"[..], b" i ", b" add "].iter().any(|w| memchr::memmem::find(text, w).is_some())
}

/// Whether a word is one of the names, or holds it between signs. The ending of a repository is none.
fn speaks_of(word: &[u8], names: &[&str]) -> bool {
    let text = String::from_utf8_lossy(word);
    let whole = text.trim_matches(|c| matches!(c, '"' | '\''));
    let end = whole.find(['@', '=']).filter(|at| *at > 0).unwrap_or(whole.len());
    let of_repository = ["git@", "git://", "git+", ".git"].iter().any(|s| whole.contains(s));
    let mut parts = whole.split(|c: char| !c.is_ascii_alphanumeric());
    names.contains(&whole)
        || names.contains(&&whole[..end])
        || parts.any(|part| names.contains(&part) && !(of_repository && part == "git"))
}

/// Whether a command that is more than a simple one calls `name` and speaks of installs: what then happens hangs on what
/// stands around it.
fn installs_inside(script: &Script, name: &str) -> bool {
    let run = script.run;
    let is_simple = |index: usize| {
        let mut nodes = run.nodes[index + 1..run.nodes[index].next as usize].iter();
        nodes.all(|n| !crate::model::command::script::is_compound(n.kind) && n.kind != Kind::PipeOp)
    };
    let or = |index: usize| run.children(index).any(|(_, n)| run.node_text(n) == b"||");
    let lists = run.nodes.iter().enumerate().filter(|(_, n)| n.kind == Kind::AndOr).map(|(at, _)| at);
    lists.filter(|at| or(*at) || !is_simple(*at)).any(|at| {
        let text = run.node_text(run.nodes[at]);
        let inside = script.simples.iter().filter(|s| s.index > at && s.index < run.nodes[at].next as usize);
        speaks_of_installs(text) && inside.filter(|s| s.name() == Some(name)).count() > 0
    })
}

/// Whether a command may put a program in place without naming it.
fn brings_unseen(simple: &Simple, name: &str) -> Option<String> {
    let program = simple.program();
    let Some(own) = program.name() else {
        let what = program.words.first().map(|w| format!("`{}` may bring another `{name}`", shown(w.text)));
        return what;
    };
    if own.contains('/') || OPAQUE.contains(&own) {
        return Some(format!("`{}` may bring another `{name}`, which both call", brief(&program)));
    }
    if matches!(own, "pip" | "pip3") && matches!(name, "pip" | "pip3") {
        return brings_pip(&program);
    }
    None
}

/// Why an install may leave another pip than the one that the shell has found.
fn brings_pip(command: &Command) -> Option<String> {
    match table::pip_install(command) {
        _ if command.args().first().is_none_or(|w| w.value.as_deref() != Some("install")) => None,
        Err(why) => Some(why),
        Ok(install) if !install.files.is_empty() => {
            Some(format!("{} may bring another pip, which both call", install.files.join(", ")))
        }
        Ok(install) => {
            let name = install.names.iter().find(|n| table::brings_pip(n))?;
            Some(format!("`{name}` brings another pip, which both call"))
        }
    }
}

fn is_among_programs(path: &[u8]) -> bool {
    path.split(|b| matches!(b, b'/' | b'"' | b'\'')).any(|part| part.ends_with(b"bin"))
}

/// Whether a part of a path that holds a pattern or a variable may stand for `name`.
fn may_be(part: &[u8], name: &[u8]) -> bool {
    let special = |b: &u8| b"*?[$`{".contains(b);
    let Some(first) = part.iter().position(special) else { return false };
    if part.contains(&b'$') {
        return name.starts_with(&part[..first]);
    }
    let last = part.iter().rposition(|b| b"*?]}".contains(b)).map_or(first, |at| at + 1);
    name.starts_with(&part[..first]) && name.ends_with(part.get(last..).unwrap_or_default())
}
