//! Variables: which an instruction sets, and which commands may care.

use crate::syntax::node::Kind;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// The names that ENV or ARG sets.
pub fn names<'a>(i: &'a Instruction) -> Vec<&'a [u8]> {
    let key = |(index, node): (usize, crate::syntax::node::Node)| match node.kind {
        Kind::Pair | Kind::LegacyPair => i.children(index).next().map(|(_, n)| i.node_text(n)),
        Kind::Word => Some(i.node_text(node)),
        _ => None,
    };
    i.top().filter_map(key).collect::<Vec<&'a [u8]>>()
}

/// Whether the file sets ENV or `BASH_ENV`: they name a script that every shell reads first, once for each RUN, and that
/// may ask for anything.
pub fn name_a_script_for_shells(file: &Dockerfile) -> bool {
    let sets = |i: &&Instruction| matches!(i.keyword, Keyword::Env | Keyword::Arg);
    let is_one = |i: &Instruction| names(i).iter().any(|n| matches!(*n, b"ENV" | b"BASH_ENV"));
    file.instructions().filter(sets).any(is_one)
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

/// Variables by which programs of every sort are told of files and folders: search paths, settings, certificates.
pub fn is_far_reaching(name: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b"HOME",
        b"ENV",
        b"TMPDIR",
        b"TEMP",
        b"TMP",
        b"NETRC",
        b"CLASSPATH",
        b"OPENSSL_CONF",
        b"CDPATH",
        b"GLOBIGNORE",
    ];
    const PREFIXES: &[&[u8]] = &[
        b"LD_",
        b"APT_",
        b"DPKG_",
        b"DEBCONF_",
        b"UCF_",
        b"SSL_",
        b"CURL_",
        b"REQUESTS_",
        b"PIP_",
        b"BASH_",
        b"PERL5",
        b"PYTHON",
        b"RUBY",
        b"NODE_",
        b"XDG_",
        b"GIT_",
        b"GNUPG",
    ];
    let upper = name.to_ascii_uppercase();
    NAMES.contains(&&upper[..]) || PREFIXES.iter().any(|p| upper.starts_with(p)) || upper.ends_with(b"PATH")
}

/// Variables for the program that is being packed: how it runs and where its own things are. No package manager, and no
/// script of a package, asks for one of them.
pub fn is_of_the_source(name: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b"PORT",
        b"HOST",
        b"NODE_ENV",
        b"DEBUG",
        b"VERSION",
        b"COMMIT",
        b"REVISION",
        b"VCS_REF",
        b"BUILD_DATE",
        b"SRC",
        b"WORKDIR",
        b"WORK_DIR",
        b"PYTHONUNBUFFERED",
        b"PYTHONDONTWRITEBYTECODE",
        b"PYTHONIOENCODING",
        b"PYTHONHASHSEED",
        b"PYTHONFAULTHANDLER",
    ];
    const PREFIXES: &[&[u8]] = &[
        b"APP_",
        b"APPDIR",
        b"PROJECT_",
        b"MODEL",
        b"DATA_",
        b"DATASET",
        b"LOG_",
        b"STATIC_",
        b"MEDIA_",
        b"FLASK_",
        b"DJANGO_",
        b"GUNICORN_",
        b"UVICORN_",
        b"STREAMLIT_",
        b"PIP_",
        b"POETRY_",
        b"UV_",
        b"NPM_CONFIG_",
        b"NEXT_",
        b"VITE_",
        b"REACT_APP_",
        b"RAILS_",
        b"RACK_",
        b"ASPNETCORE_",
    ];
    let upper = name.to_ascii_uppercase();
    let app = upper == b"APP" || upper.starts_with(b"APPLICATION_");
    app || NAMES.contains(&&upper[..]) || PREFIXES.iter().any(|p| upper.starts_with(p))
}

/// Whether the name stands in a text as a word.
pub fn is_named(name: &[u8], text: &[u8]) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    memchr::memmem::find_iter(text, name).any(|at| {
        let before = at.checked_sub(1).is_none_or(|at| !word(text[at]));
        before && text.get(at + name.len()).is_none_or(|b| !word(*b))
    })
}
