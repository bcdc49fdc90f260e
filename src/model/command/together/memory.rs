//! Variables of the shell that tell of what it did before.

use super::Hazard;

/// Their names; those of more than three letters stand for all that begin so.
const MEMORY: &[&str] = &[
    "_",
    "BASH",
    "PIPESTATUS",
    "RANDOM",
    "SRANDOM",
    "SECONDS",
    "EPOCH",
    "LINENO",
    "HISTCMD",
    "COMP",
    "DIRSTACK",
    "OLDPWD",
    "SHLVL",
];

pub(super) fn hazard(text: &[u8]) -> Option<Hazard> {
    let name = names(text).find(|n| tells(n))?;
    Some(Hazard {
        predicate: "a variable tells of what ran before",
        what: format!("`${}`", super::shown(name)),
        advice: "use a variable of your own",
    })
}

/// What stands behind each `$`, braces aside: a name, or a sign.
fn names(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'$', text).map(|at| {
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix(b"{").unwrap_or(rest);
        if let Some(b'!' | b'-') = rest.first() {
            return &rest[..1];
        }
        let rest = rest.strip_prefix(b"#").unwrap_or(rest);
        let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || *b == b'_')).unwrap_or(rest.len());
        &rest[..end]
    })
}

fn tells(name: &[u8]) -> bool {
    let is = |m: &&str| name == m.as_bytes() || m.len() > 3 && name.starts_with(m.as_bytes());
    matches!(name, b"!" | b"-") || MEMORY.iter().any(is)
}
