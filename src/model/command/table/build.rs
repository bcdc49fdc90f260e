//! Builds from source with make and its like: they work below the working folder and the folder above it (a build
//! outside of the source), and install into the system's folders, or where a word of theirs says.
//!
//! What a Makefile does is its own affair; that it stays there is taken for granted.

use crate::model::command::effect::{Brings, Heeds};
use crate::model::command::entry::{At, Entry, Use, entry};

const PLACES: &[At] = &[At::Here, At::Above, At::System, At::Home, At::Temporary];
/// Without an install.
const INSIDE: &[At] = &[At::Here, At::Above, At::Home, At::Temporary];
const READS: &[At] = &[At::Here, At::Above, At::System, At::Home];

const fn build(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .operands(Use::Setting)
        .reads(READS)
        .writes(PLACES)
        .heeds(Heeds::Anything)
        .brings(Brings::Anything)
        .online()
}

const MAKE: Entry = build("make").values(&[
    ("-C --directory", Use::Enters),
    ("-f --file --makefile -I --include-dir", Use::Reads),
    ("-o -W", Use::Nothing),
]);

/// `./configure` and what is like it: the prefix is where a later install goes.
const fn configure(name: &'static str) -> Entry {
    build(name).writes(INSIDE).brings(Brings::Nothing).values(&[
        ("--prefix --exec-prefix --bindir --libdir --sbindir --sysconfdir --datadir --datarootdir --localstatedir", Use::Writes),
        ("--mandir --includedir --with-config-file-path --with-config-file-scan-dir --sharedstatedir --libexecdir --conf-path --sbin-path --modules-path --error-log-path --http-log-path --pid-path --lock-path", Use::Writes),
    ])
}

const COMPILER: Entry = entry("gcc")
    .loose()
    .values(&[
        ("-o -MF", Use::Writes),
        ("-I -L -include -isystem", Use::Reads),
        ("-D -l -x -U -std -march -mtune", Use::Nothing),
    ])
    .operands(Use::Reads)
    .reads(READS)
    .writes(&[At::Here, At::Temporary])
    .heeds(Heeds::Names(&[
        "CPATH",
        "C_INCLUDE_PATH",
        "CPLUS_INCLUDE_PATH",
        "LIBRARY_PATH",
        "GCC_*",
        "COMPILER_PATH",
        "CCACHE_*",
        "DEPENDENCIES_OUTPUT",
        "SOURCE_DATE_EPOCH",
    ]));

const fn compiler(name: &'static str) -> Entry {
    Entry { name, ..COMPILER }
}

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    configure("../configure"),
    configure("./Configure"),
    configure("./autogen.sh"),
    configure("./bootstrap"),
    configure("./config"),
    configure("./configure"),
    configure("aclocal"),
    configure("autoconf"),
    configure("autoheader"),
    configure("automake"),
    configure("autoreconf"),
    compiler("c++"),
    compiler("cc"),
    build("checkinstall"),
    compiler("clang"),
    compiler("clang++"),
    build("cmake").operands(Use::Reads).values(&[
        ("--build --install", Use::Enters),
        ("-B", Use::Into),
        ("-S -C -P", Use::Reads),
        ("--prefix --install-prefix", Use::Writes),
        ("-G -A -T -D -j --target --config --preset -t --parallel", Use::Nothing),
    ]),
    compiler("cpp"),
    compiler("g++"),
    COMPILER,
    Entry { name: "gmake", ..MAKE },
    entry("ld")
        .loose()
        .values(&[("-o", Use::Writes)])
        .operands(Use::Reads)
        .writes(&[At::Here, At::Temporary])
        .heeds(Heeds::Names(&["LDFLAGS"])),
    configure("libtoolize"),
    MAKE,
    build("meson")
        .operands(Use::Both)
        .values(&[("--prefix --destdir -D", Use::Nothing), ("-C", Use::Enters)]),
    build("ninja").values(&[("-C", Use::Enters), ("-f", Use::Reads)]),
    build("qmake").values(&[("-o", Use::Writes)]).operands(Use::Setting),
    build("scons").values(&[("-C", Use::Enters)]),
];
