//! Variables: which an instruction sets, and which commands may care.

use crate::syntax::node::Kind;
use crate::syntax::tree::Instruction;

/// The names that ENV or ARG sets.
pub fn names<'a>(i: &'a Instruction) -> Vec<&'a [u8]> {
    let key = |(index, node): (usize, crate::syntax::node::Node)| match node.kind {
        Kind::Pair | Kind::LegacyPair => i.children(index).next().map(|(_, n)| i.node_text(n)),
        Kind::Word => Some(i.node_text(node)),
        _ => None,
    };
    i.top().filter_map(key).collect::<Vec<&'a [u8]>>()
}

/// Variables that reach any program, package managers of the system included: search paths, locale, proxies, and what
/// their own manuals name.
pub fn is_far_reaching(name: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b"PATH",
        b"HOME",
        b"IFS",
        b"LANG",
        b"LANGUAGE",
        b"TZ",
        b"ENV",
        b"BASH_ENV",
        b"TMPDIR",
        b"TEMP",
        b"TMP",
        b"TERM",
        b"SHELL",
        b"USER",
        b"LOGNAME",
        b"PWD",
        b"SOURCE_DATE_EPOCH",
        b"PERL5LIB",
        b"PERL5OPT",
        b"PYTHONPATH",
        b"PYTHONHOME",
        b"PS4",
        b"SHELLOPTS",
        b"BASHOPTS",
        b"GLOBIGNORE",
        b"CDPATH",
    ];
    const PREFIXES: &[&[u8]] = &[
        b"LD_",
        b"LC_",
        b"APT_",
        b"DEBIAN_",
        b"DEBCONF_",
        b"UCF_",
        b"DPKG_",
        b"GIO_",
        b"SSL_",
        b"CURL_",
        b"BASH_",
    ];
    let upper = name.to_ascii_uppercase();
    NAMES.contains(&&upper[..]) || PREFIXES.iter().any(|p| upper.starts_with(p)) || upper.ends_with(b"_PROXY")
}

/// Whether the name stands in a text as a word.
pub fn is_named(name: &[u8], text: &[u8]) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    memchr::memmem::find_iter(text, name).any(|at| {
        let before = at.checked_sub(1).is_none_or(|at| !word(text[at]));
        before && text.get(at + name.len()).is_none_or(|b| !word(*b))
    })
}
