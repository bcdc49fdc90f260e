//! The packages of the system, by the package managers of the distributions, and the steps that belong to them: keys,
//! sources, answers, locales, alternatives, modules of servers.
//!
//! All of them write to the folders of the system alone; that the scripts of packages do so too is taken for granted.

use crate::model::command::effect::{Brings, Heeds};
use crate::model::command::entry::{At, Entry, Use, entry};

const SYSTEM: &[At] = &[At::System];
const SCRIPTS: Heeds = Heeds::Packages(&[]);

/// A package manager: packages and files by their names, options that it does not know change nothing.
const fn manager(name: &'static str) -> Entry {
    entry(name)
        .operands(Use::Package)
        .loose()
        .reads(SYSTEM)
        .writes(SYSTEM)
        .heeds(SCRIPTS)
        .brings(Brings::System)
        .online()
}

/// A tool that works on files of the system and runs nothing of others.
const fn tool(name: &'static str) -> Entry {
    entry(name).loose().reads(SYSTEM).writes(SYSTEM).heeds(SCRIPTS)
}

/// One that only asks.
const fn query(name: &'static str) -> Entry {
    entry(name).loose().reads(SYSTEM).heeds(SCRIPTS)
}

const APT: Entry = manager("apt-get").verbs(&[
    "update",
    "install",
    "upgrade",
    "dist-upgrade",
    "full-upgrade",
    "remove",
    "purge",
    "autoremove",
    "autoclean",
    "clean",
    "check",
    "build-dep",
    "satisfy",
    "dselect-upgrade",
    "safe-upgrade",
]);

const APT_OPTIONS: &[(&str, Use)] = &[
    ("-c --config-file", Use::Barrier),
    ("-o --option", Use::Nothing),
    ("-t --target-release --default-release", Use::Nothing),
];

/// `source` and `download` put files where they run.
const FETCH: &[&str] = &["source", "download"];

const APK_OPTIONS: &[(&str, Use)] = &[
    ("-p --root", Use::Writes),
    ("-X --repository", Use::Reads),
    ("-t --virtual", Use::Nothing),
    ("--keys-dir --repositories-file --cache-dir", Use::Reads),
    ("--arch --wait --timeout --cache-max-age", Use::Nothing),
];

const YUM_OPTIONS: &[(&str, Use)] = &[
    ("-c --config", Use::Reads),
    ("--installroot", Use::Writes),
    ("--downloaddir --destdir", Use::Writes),
    ("-x --exclude --enablerepo --disablerepo --repo --repoid --setopt --releasever", Use::Nothing),
];

const RPM_OPTIONS: &[(&str, Use)] = &[
    ("--root -r --prefix --dbpath --relocate", Use::Writes),
    ("--import", Use::Reads),
    ("-D --define", Use::Nothing),
];

const ZYPPER_OPTIONS: &[(&str, Use)] = &[
    ("-R --root --installroot", Use::Writes),
    ("-c --config", Use::Reads),
    ("-r --repo --from -p --plus-repo -t --type -C --capability -l --cache-dir", Use::Nothing),
];

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    tool("a2disconf"),
    tool("a2dismod"),
    tool("a2dissite"),
    tool("a2enconf"),
    tool("a2enmod"),
    tool("a2ensite"),
    manager("add-apt-repository").operands(Use::Nothing),
    tool("alternatives"),
    manager("apk").values(APK_OPTIONS).verbs(&[
        "add",
        "del",
        "update",
        "upgrade",
        "fix",
        "cache clean",
        "cache",
    ]),
    query("apk").values(APK_OPTIONS).verbs(&["info", "search", "list", "version", "policy", "stats"]),
    manager("apt").values(APT_OPTIONS).verbs(APT.verbs),
    manager("apt").values(APT_OPTIONS).verbs(FETCH).writes(&[At::Here, At::System]),
    query("apt").values(APT_OPTIONS).verbs(&["list", "show", "search", "policy"]),
    manager("apt-add-repository").operands(Use::Nothing),
    query("apt-cache"),
    manager("apt-fast").values(APT_OPTIONS).verbs(APT.verbs),
    APT.values(APT_OPTIONS),
    manager("apt-get").values(APT_OPTIONS).verbs(FETCH).writes(&[At::Here, At::System]),
    manager("apt-key").writes(&[At::System, At::Home, At::Temporary]),
    tool("apt-mark"),
    manager("aptitude").values(APT_OPTIONS).verbs(APT.verbs),
    tool("authconfig"),
    tool("chkconfig"),
    entry("crontab")
        .loose()
        .values(&[("-u", Use::Nothing)])
        .operands(Use::Reads)
        .reads(SYSTEM)
        .writes(&[At::Folder("/var/spool/cron"), At::Folder("/etc/crontabs")]),
    tool("debconf-set-selections").operands(Use::Reads),
    manager("dnf").values(YUM_OPTIONS),
    tool("docker-php-ext-configure")
        .writes(&[At::Folder("/usr/src/php"), At::System, At::Temporary])
        .heeds(Heeds::Anything),
    tool("docker-php-ext-enable"),
    manager("docker-php-ext-install").heeds(Heeds::Anything).writes(&[At::System, At::Temporary]),
    tool("docker-php-source"),
    manager("dpkg").values(&[
        ("--root --instdir", Use::Writes),
        ("--admindir", Use::Writes),
        ("-x --extract -X --vextract -e --control -R --recursive", Use::Barrier),
        ("-b --build", Use::Barrier),
    ]),
    query("dpkg-architecture"),
    tool("dpkg-divert"),
    query("dpkg-query"),
    manager("dpkg-reconfigure"),
    tool("dpkg-statoverride"),
    tool("fc-cache").operands(Use::Reads).writes(&[At::System, At::Home]),
    manager("gdebi"),
    query("getconf"),
    query("getent"),
    manager("install_clean"),
    manager("install_packages"),
    tool("ldconfig").operands(Use::Reads).values(&[("-r", Use::Writes), ("-C -f", Use::Writes)]),
    query("locale"),
    tool("locale-gen"),
    tool("localedef").values(&[("-i -f -A --inputfile --charmap", Use::Reads)]).last(Use::Nothing),
    query("lsb_release"),
    manager("microdnf").values(YUM_OPTIONS),
    manager("opkg"),
    manager("pacman")
        .values(&[("-r --root --sysroot -b --dbpath --cachedir", Use::Writes), ("--config", Use::Reads)])
        .writes(&[At::System, At::Temporary]),
    tool("pacman-key").online(),
    manager("pear").writes(&[At::System, At::Temporary, At::Home]),
    manager("pecl").heeds(Heeds::Anything).writes(&[At::System, At::Temporary, At::Home]),
    tool("php5dismod"),
    tool("php5enmod"),
    tool("phpdismod"),
    tool("phpenmod"),
    tool("rabbitmq-plugins"),
    manager("rpm").values(RPM_OPTIONS).writes(&[At::System, At::Home]),
    tool("setcap").operands(Use::Writes).first(Use::Nothing),
    tool("systemctl").verbs(&["enable", "disable", "set-default", "mask", "unmask", "preset"]),
    manager("tdnf").values(YUM_OPTIONS),
    tool("update-alternatives"),
    tool("update-ca-certificates")
        .values(&[("--certsdir --localcertsdir", Use::Reads), ("--etccertsdir", Use::Writes)]),
    tool("update-ca-trust"),
    tool("update-java-alternatives"),
    tool("update-locale"),
    tool("update-rc.d"),
    tool("update-usbids").online(),
    manager("yum").values(YUM_OPTIONS),
    manager("yum-builddep").values(YUM_OPTIONS),
    manager("yum-config-manager").operands(Use::Nothing),
    manager("zypper").values(ZYPPER_OPTIONS),
];
