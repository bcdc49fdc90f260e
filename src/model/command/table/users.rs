//! Users and groups: they write to /etc, and make homes.

use crate::model::command::effect::Heeds;
use crate::model::command::entry::{At, Entry, Use, entry};

/// The databases of users, with their locks and copies, and what the system keeps beside them.
const DATABASE: &[At] = &[At::Folder("/etc"), At::Folder("/var"), At::Folder("/run")];
const WITH_HOME: &[At] = &[At::Folder("/etc"), At::Folder("/var"), At::Folder("/run"), At::Home];

const fn users(name: &'static str) -> Entry {
    entry(name)
        .reads(&[At::Folder("/etc"), At::Folder("/var")])
        .writes(DATABASE)
        .values(&[("-R --root -P --prefix", Use::Barrier)])
        .loose()
        .heeds(Heeds::Names(&["ADDUSER*", "DSHELL", "DHOME"]))
}

const USERADD: Entry = users("useradd").writes(WITH_HOME).values(&[
    ("-d --home-dir --home", Use::Writes),
    ("-b --base-dir", Use::Writes),
    ("-k --skel", Use::Reads),
    (
        "-u --uid -g --gid -G --groups -c --comment -s --shell -p --password -e --expiredate -f --inactive \
         -K --key -Z --selinux-user",
        Use::Nothing,
    ),
    ("-R --root -P --prefix", Use::Barrier),
]);

/// Debian's and busybox's: `-h` is the home of busybox, and asks for help in Debian.
const ADDUSER: Entry = users("adduser").writes(WITH_HOME).values(&[
    ("--home -h", Use::Writes),
    ("-d", Use::Writes),
    ("-k", Use::Reads),
    (
        "--shell --uid --gid --ingroup --gecos --firstuid --lastuid --conf --group-name -u -s -g -G -c -p --comment \
         --firstgid --lastgid --add_extra_groups",
        Use::Nothing,
    ),
]);

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    users("addgroup"),
    ADDUSER,
    users("chage"),
    users("chpasswd"),
    users("chsh"),
    users("delgroup"),
    users("deluser").also(&[("--remove-home", At::Anywhere), ("--remove-all-files", At::Anywhere)]),
    users("gpasswd"),
    users("groupadd"),
    users("groupdel"),
    users("groupmod"),
    users("passwd"),
    USERADD,
    users("userdel").also(&[("-r", At::Anywhere), ("--remove", At::Anywhere)]),
    // with `-m` it moves a home, with `-u` it changes the owner of all files there
    users("usermod")
        .values(&[
            ("-d --home", Use::Writes),
            (
                "-u --uid -G --groups -g --gid -c --comment -s --shell -p --password -l --login -e -f",
                Use::Nothing,
            ),
            ("-R --root -P --prefix", Use::Barrier),
        ])
        .also(&[
            ("-u", At::Anywhere),
            ("--uid", At::Anywhere),
            ("-m", At::Anywhere),
            ("--move-home", At::Anywhere),
            ("-g", At::Anywhere),
            ("--gid", At::Anywhere),
        ]),
];
