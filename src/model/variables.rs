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

/// What an ENV or ARG gives a name, as it is written; nothing where it gives no value.
pub fn value<'a>(i: &'a Instruction, name: &[u8]) -> &'a [u8] {
    let is_pair = |n: &(usize, crate::syntax::node::Node)| matches!(n.1.kind, Kind::Pair | Kind::LegacyPair);
    let of = |(index, _)| {
        let mut nodes = i.children(index).map(|(_, n)| n);
        let key = nodes.next().filter(|n| i.node_text(*n) == name)?;
        nodes.filter(|n| n.kind == Kind::Value && n.start >= key.end).last().map(|n| i.node_text(n))
    };
    i.top().filter(is_pair).find_map(of).unwrap_or_default()
}

/// Variables that reach any program, package managers of the system and the scripts of packages included: search paths,
/// locale, proxies, what their own manuals name, and what the scripts of Debian's packages are known to ask for
/// (`INITRD`, `RUNLEVEL`, `SUDO_FORCE_REMOVE`, the languages that some are written in, and those of other vendors that
/// wait for a yes: `ACCEPT_EULA`).
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
        b"INITRD",
        b"RUNLEVEL",
        b"CONTAINER",
        b"SUDO_FORCE_REMOVE",
        b"DISPLAY",
        b"CLASSPATH",
        b"NODE_OPTIONS",
        b"NODE_PATH",
        b"GLIBC_TUNABLES",
        b"LOCPATH",
        b"GCONV_PATH",
        b"NLSPATH",
        b"POSIXLY_CORRECT",
        b"TAR_OPTIONS",
        b"GZIP",
        b"XZ_OPT",
        b"XZ_DEFAULTS",
        b"GREP_OPTIONS",
        b"OPENSSL_CONF",
        b"NETRC",
        b"MAKEFLAGS",
        b"CC",
        b"CXX",
        b"ARCH",
        b"FTP_USER",
        b"COLUMNS",
        b"LINES",
        b"EDITOR",
        b"PAGER",
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
        b"REQUESTS_",
        b"BASH_",
        b"PERL",
        b"PYTHON",
        b"RUBY",
        b"GEM_",
        b"JAVA_",
        b"JDK_",
        b"_JAVA_",
        b"XDG_",
        b"GNUPG",
        b"GIT_",
        b"DBUS_",
        b"SYSTEMD_",
        b"NEEDRESTART_",
        b"MALLOC_",
        b"TEXMF",
        b"FONTCONFIG_",
        b"GDK_",
        b"GTK_",
        b"GSETTINGS_",
        b"PG_",
        b"FAKE",
    ];
    const ENDS: &[&[u8]] = &[b"_PROXY", b"FLAGS"];
    const PARTS: &[&[u8]] = &[b"EULA", b"LICENSE", b"LICENCE", b"ACCEPT"];
    /// Of how Python runs; never of what.
    const HARMLESS: &[&[u8]] = &[
        b"PYTHONUNBUFFERED",
        b"PYTHONDONTWRITEBYTECODE",
        b"PYTHONIOENCODING",
        b"PYTHONHASHSEED",
        b"PYTHONFAULTHANDLER",
    ];
    let upper = name.to_ascii_uppercase();
    let reaches = NAMES.contains(&&upper[..])
        || PREFIXES.iter().any(|p| upper.starts_with(p))
        || ENDS.iter().any(|e| upper.ends_with(e))
        || PARTS.iter().any(|p| memchr::memmem::find(&upper, p).is_some());
    reaches && !HARMLESS.contains(&&upper[..])
}

/// Variables that tell the program that is being packed where its own things are, and that no tool asks for.
pub fn is_of_the_source(name: &[u8]) -> bool {
    const PREFIXES: &[&[u8]] = &[
        b"APP",
        b"PROJECT",
        b"WORKDIR",
        b"WORK_DIR",
        b"MODEL",
        b"DATA",
        b"SRC",
        b"LOG",
        b"STATIC",
        b"MEDIA",
        b"FLASK_",
        b"DJANGO_",
    ];
    let upper = name.to_ascii_uppercase();
    PREFIXES.iter().any(|p| upper.starts_with(p))
}

/// Whether the name stands in a text as a word.
pub fn is_named(name: &[u8], text: &[u8]) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    memchr::memmem::find_iter(text, name).any(|at| {
        let before = at.checked_sub(1).is_none_or(|at| !word(text[at]));
        before && text.get(at + name.len()).is_none_or(|b| !word(*b))
    })
}
