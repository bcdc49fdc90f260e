//! Commands that read and print: they write to their output alone, and to files that an option names.

use crate::model::command::effect::Heeds;
use crate::model::command::entry::{At, Entry, Special, Use, entry};

/// It reads the files that it names.
const fn reader(name: &'static str) -> Entry {
    entry(name).loose().operands(Use::Reads)
}

/// It names no file, and says what the machine or a word is.
const fn teller(name: &'static str) -> Entry {
    entry(name).loose()
}

const GREP: Entry = reader("grep")
    .values(&[
        ("-e --regexp", Use::First),
        ("-f --file", Use::Reads),
        ("-m -A -B -C --max-count --include --exclude --exclude-dir --color", Use::Nothing),
    ])
    .first(Use::Nothing)
    .reads(&[At::Here])
    .heeds(Heeds::Names(&["GREP_*"]));

const fn grep(name: &'static str) -> Entry {
    Entry { name, ..GREP }
}

const AWK: Entry = entry("awk")
    .special(Special::Awk)
    .flags("")
    .longs("--posix --traditional --re-interval")
    .values(&[("-F --field-separator -v --assign", Use::Nothing), ("-f --file", Use::Barrier)])
    .operands(Use::Reads)
    .first(Use::Nothing)
    .heeds(Heeds::Names(&["AWK*", "GAWK_*"]));

const fn sum(name: &'static str) -> Entry {
    reader(name).reads(&[At::Here])
}

const TEST: Entry = entry("[").loose().operands(Use::Reads);

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    TEST,
    teller("arch"),
    AWK,
    reader("base64"),
    teller("basename"),
    reader("cat"),
    reader("cmp"),
    reader("comm"),
    reader("cut").values(&[("-d -f -c -b --delimiter --fields --characters", Use::Nothing)]),
    teller("date"),
    reader("df"),
    reader("diff"),
    teller("dirname"),
    reader("du"),
    grep("egrep"),
    teller("expr"),
    grep("fgrep"),
    reader("file"),
    entry("find").special(Special::Find).loose(),
    Entry { name: "gawk", ..AWK },
    GREP,
    reader("head").values(&[("-n -c --lines --bytes", Use::Nothing)]),
    teller("hostname"),
    reader("iconv").values(&[("-f -t --from-code --to-code", Use::Nothing), ("-o --output", Use::Writes)]),
    teller("id"),
    reader("jq").values(&[("--arg --argjson", Use::Barrier)]).first(Use::Nothing),
    reader("ldd"),
    reader("ls").reads(&[At::Here]),
    Entry { name: "mawk", ..AWK },
    sum("md5sum"),
    teller("nproc"),
    reader("od"),
    reader("paste").values(&[("-d", Use::Nothing)]),
    teller("printenv").heeds(Heeds::Anything),
    teller("ps"),
    reader("readlink"),
    reader("realpath"),
    reader("rev"),
    reader("scanelf"),
    teller("seq"),
    sum("sha1sum"),
    sum("sha224sum"),
    sum("sha256sum"),
    sum("sha384sum"),
    sum("sha512sum"),
    sum("shasum"),
    teller("sleep"),
    reader("sort")
        .values(&[
            ("-o --output", Use::Writes),
            ("-k -t -S --key --field-separator", Use::Nothing),
            ("-T", Use::Writes),
        ])
        .writes(&[At::Temporary]),
    reader("stat").values(&[("-c --format --printf", Use::Nothing)]),
    reader("strings"),
    teller("sync"),
    reader("tac"),
    reader("tail").values(&[("-n -c --lines --bytes", Use::Nothing)]),
    Entry { name: "test", ..TEST },
    teller("tr"),
    reader("tree"),
    teller("tty"),
    teller("uname"),
    reader("uniq").last(Use::Writes).values(&[("-f -s -w", Use::Nothing)]),
    teller("uptime"),
    reader("wc"),
    teller("which"),
    teller("whoami"),
    reader("xxd").last(Use::Writes),
    teller("yes"),
    grep("zgrep"),
];
