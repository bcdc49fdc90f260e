//! Files and folders: making, copying, moving, removing, modes, owners, archives, text that is changed in place.
//!
//! Links are taken for what they seem: a file that is written through one lies where its name says.

use crate::model::command::effect::Heeds;
use crate::model::command::entry::{At, Entry, Special, Use, entry};

/// A file that is packed or unpacked in its place.
const fn packer(name: &'static str) -> Entry {
    entry(name)
        .flags("cdfklnqrtvz123456789ehLNVaT")
        .longs("--decompress --uncompress --stdout --to-stdout --force --keep --quiet --verbose --test --recursive --best --fast --rm --extract --ultra")
        .values(&[("-S --suffix", Use::Nothing), ("-o", Use::Writes)])
        .operands(Use::Beside)
        .heeds(Heeds::Names(&["GZIP", "BZIP*", "XZ_*", "ZSTD_*"]))
}

/// One that writes to its output alone.
const fn reader(name: &'static str) -> Entry {
    packer(name).operands(Use::Reads)
}

const CP: Entry = entry("cp")
    .flags("aRrfpPdHLlsuvxnTZi")
    .longs(
        "--recursive --archive --force --preserve= --no-preserve= --parents --update= --verbose --dereference \
         --no-dereference --no-clobber --no-target-directory --reflink= --sparse= --remove-destination \
         --one-file-system --link --symbolic-link --attributes-only --strip-trailing-slashes --copy-contents",
    )
    .values(&[("-t --target-directory", Use::Into)])
    .operands(Use::Reads)
    .last(Use::Writes)
    .writes(&[]);

const OWNER: Entry = entry("chown")
    .flags("RhHLPvcf")
    .longs(
        "--recursive --no-dereference --dereference --verbose --changes --silent --quiet --preserve-root --no-preserve-root",
    )
    .values(&[("--from", Use::Nothing)])
    .operands(Use::Writes)
    .first(Use::Nothing);

const fn owner(name: &'static str) -> Entry {
    Entry { name, ..OWNER }
}

const TAR_VALUES: &[(&str, Use)] = &[
    ("-f --file", Use::Both),
    ("-C --directory --cd", Use::Enters),
    ("-T -X --files-from --exclude-from", Use::Reads),
    (
        "-b -H -N --strip-components --strip --exclude --owner --group --mode --mtime --format --transform --xform \
         --wildcards-match --sort --warning --checkpoint --occurrence --suffix --blocking-factor --xattrs-include",
        Use::Nothing,
    ),
    (
        "-I --use-compress-program --to-command --checkpoint-action -F --info-script -g --listed-incremental",
        Use::Barrier,
    ),
];

const TAR: Entry = entry("tar")
    .special(Special::Tar)
    .flags("xctruAvzjJZkmpSOhaUWwlsn")
    .longs(
        "--extract --get --create --list --append --update --gzip --gunzip --ungzip --bzip2 --xz --lzma --zstd \
         --auto-compress --verbose --to-stdout --keep-old-files --overwrite --no-same-owner --same-owner \
         --no-same-permissions --same-permissions --preserve-permissions --numeric-owner --wildcards --no-wildcards \
         --anchored --no-anchored --dereference --totals --no-recursion --skip-old-files --overwrite-dir \
         --ignore-failed-read --exclude-vcs --no-overwrite-dir --delay-directory-restore --touch --unlink-first \
         --recursive-unlink --remove-files= --sparse --hard-dereference --warning= --no-xattrs --xattrs --acls \
         --selinux --no-selinux --no-acls --checkpoint= --keep-newer-files --one-file-system --posix --exclude-caches",
    )
    .values(TAR_VALUES)
    .heeds(Heeds::Names(&["TAR_OPTIONS", "TAPE", "GZIP", "BZIP*", "XZ_*", "ZSTD_*"]));

const SED: Entry = entry("sed")
    .special(Special::Sed)
    .flags("nrEisuz")
    .longs("--quiet --silent --regexp-extended --in-place= --null-data --separate --unbuffered --posix")
    .values(&[("-e --expression", Use::First), ("-f --file", Use::Barrier), ("-l", Use::Nothing)])
    .operands(Use::Reads)
    .first(Use::Nothing);

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    Entry { name: "bsdtar", ..TAR },
    packer("bunzip2"),
    packer("bzip2"),
    owner("chgrp"),
    owner("chmod"),
    OWNER,
    CP,
    entry("dd")
        .operands(Use::Setting)
        .writes(&[At::Here]),
    entry("dos2unix").loose().operands(Use::Beside),
    Entry { name: "gsed", ..SED },
    packer("gunzip"),
    packer("gzip"),
    entry("install")
        .flags("dDpsvcCTb")
        .longs("--directory --preserve-timestamps --strip --verbose --compare --no-target-directory")
        .values(&[
            ("-m --mode -o --owner -g --group -S --suffix", Use::Nothing),
            ("-t --target-directory", Use::Into),
        ])
        // `install -d a b` makes both
        .operands(Use::Both)
        .last(Use::Writes),
    entry("link").operands(Use::Writes),
    entry("ln")
        .flags("sfnvTirLPF")
        .longs(
            "--symbolic --force --no-dereference --verbose --no-target-directory --relative --logical --physical",
        )
        .values(&[("-t --target-directory", Use::Into), ("-S --suffix", Use::Barrier)])
        .operands(Use::Nothing)
        .last(Use::Writes)
        .writes(&[At::Here]),
    packer("lz4"),
    entry("mkdir")
        .flags("pvZ")
        .longs("--parents --verbose")
        .values(&[("-m --mode", Use::Nothing)])
        .operands(Use::Writes),
    entry("mkfifo").values(&[("-m --mode", Use::Nothing)]).operands(Use::Writes),
    entry("mknod").values(&[("-m --mode", Use::Nothing)]).first(Use::Writes),
    entry("mktemp")
        .flags("duqt")
        .longs("--directory --quiet --dry-run")
        .values(&[("-p --tmpdir", Use::Writes), ("--suffix", Use::Nothing)])
        .operands(Use::Writes)
        .writes(&[At::Temporary]),
    entry("mv")
        .flags("fnuvTiZ")
        .longs("--force --no-clobber --update= --verbose --no-target-directory --strip-trailing-slashes")
        .values(&[("-t --target-directory", Use::Into)])
        .operands(Use::Both)
        .last(Use::Writes),
    entry("patch")
        .loose()
        .values(&[("-d --directory", Use::Enters), ("-i --input", Use::Reads), ("-o --output", Use::Writes), ("-p -F -D -B -r", Use::Nothing)])
        .operands(Use::Beside)
        .reads(&[At::Here])
        .writes(&[At::Here])
        .heeds(Heeds::Names(&["PATCH_*", "SIMPLE_BACKUP_SUFFIX", "VERSION_CONTROL", "QUOTING_STYLE"])),
    entry("rm")
        .flags("rRfvdiI")
        .longs("--recursive --force --verbose --dir --preserve-root= --no-preserve-root --one-file-system --interactive=")
        .operands(Use::Writes),
    entry("rmdir").flags("pv").longs("--parents --verbose --ignore-fail-on-non-empty").operands(Use::Beside),
    entry("rsync")
        .flags("aAvzrlptgoDPuxHXWnqhkKLcEiSm")
        .longs("--archive --delete --recursive --links --progress --stats --verbose --perms --times --quiet --ignore-existing --remove-source-files --partial --compress --update --checksum --relative --no-owner --no-group --delete-after --info= --exclude= --include=")
        .values(&[("--exclude --include --chown --chmod -f --filter", Use::Nothing)])
        .operands(Use::Both)
        .last(Use::Writes),
    SED,
    entry("setfacl").loose().values(&[("-m -x --modify --remove", Use::Nothing)]).operands(Use::Writes),
    entry("shred").loose().operands(Use::Beside),
    entry("split").loose().reads(&[At::Here]).writes(&[At::Here]).operands(Use::Both),
    entry("strip").loose().values(&[("-o", Use::Writes)]).operands(Use::Beside),
    TAR,
    entry("tee").flags("ai").longs("--append --ignore-interrupts").operands(Use::Writes),
    entry("touch")
        .flags("acmfh")
        .longs("--no-create --no-dereference")
        .values(&[("-d --date -t --time", Use::Nothing), ("-r --reference", Use::Reads)])
        .operands(Use::Writes),
    entry("truncate").values(&[("-s --size", Use::Nothing), ("-r --reference", Use::Reads)]).operands(Use::Writes),
    entry("unlink").operands(Use::Writes),
    packer("unxz"),
    entry("unzip")
        .flags("qonjluatvUCXLKDbfp")
        .values(&[("-d", Use::Into), ("-x -P", Use::Nothing)])
        .first(Use::Reads)
        .writes(&[At::Here])
        .heeds(Heeds::Names(&["UNZIP*"])),
    packer("unzstd"),
    entry("upx").loose().values(&[("-o", Use::Writes)]).operands(Use::Beside),
    packer("xz"),
    reader("xzcat"),
    reader("zcat"),
    entry("zip").loose().operands(Use::Reads).first(Use::Beside),
    packer("zstd"),
    reader("zstdcat"),
];
