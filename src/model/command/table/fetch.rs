//! What is fetched from the network, and the keys that say that it is what it should be.

use crate::model::command::effect::Heeds;
use crate::model::command::entry::{At, Entry, Use, entry};

const GIT: Heeds = Heeds::Names(&["GIT_*", "SSH_*", "XDG_*", "EMAIL"]);
const GIT_VALUES: &[(&str, Use)] = &[
    ("-C", Use::Enters),
    ("--git-dir --work-tree --separate-git-dir --reference", Use::Both),
    (
        "-c -b --branch --depth -o --origin --recurse-submodules --shallow-since --filter -j --jobs -m --message \
         --author -s --strategy -B --config",
        Use::Nothing,
    ),
    ("--template --upload-pack -u --exec-path", Use::Barrier),
];

/// Git reads settings of the user and the system.
const fn git() -> Entry {
    entry("git")
        .loose()
        .values(GIT_VALUES)
        .reads(&[At::Here, At::Above, At::Home, At::Folder("/etc")])
        .heeds(GIT)
}

const fn checkout(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .values(&[
            ("-r -b --branch --username --password --revision", Use::Nothing),
            ("--config-dir --config-option", Use::Barrier),
        ])
        .operands(Use::Reads)
        .last(Use::Writes)
        .reads(&[At::Here, At::Home])
        .writes(&[At::Here, At::Home])
        .heeds(Heeds::Names(&["SVN_*", "HG*", "SSH_*"]))
        .online()
}

/// The home of its keys is what GNUPGHOME or `--homedir` says; what a variable says may be anywhere.
const fn gpg(name: &'static str) -> Entry {
    entry(name)
        .loose()
        .values(&[
            ("--homedir --keyring --secret-keyring --no-default-keyring= --trustdb-name", Use::Beside),
            ("-o --output", Use::Writes),
            ("--import --fetch-keys --gen-key=", Use::Reads),
            ("--keyserver --keyserver-options --recv-keys --recv-key --recv -u --local-user -r --recipient --passphrase --trust-model --batch=", Use::Nothing),
            ("--passphrase-file --options", Use::Reads),
            ("--exec-path --photo-viewer", Use::Barrier),
        ])
        .operands(Use::Beside)
        .reads(&[At::Home])
        .writes(&[At::Tools, At::Home, At::Temporary])
        .heeds(Heeds::Names(&["GNUPGHOME", "GPG_*"]))
        .online()
}

/// Sorted by name.
pub(super) const ENTRIES: &[Entry] = &[
    entry("curl")
        .longs(
            "--fail --silent --show-error --location --insecure --compressed --remote-time --create-dirs --verbose --progress-bar \
             --ssl --ssl-reqd --tlsv1 --tlsv1.2 --tlsv1.3 --http1.1 --http2 --include --head --get --globoff --ipv4 --ipv6 \
             --retry-connrefused --retry-all-errors --no-progress-meter --fail-with-body --disable --anyauth --junk-session-cookies \
             --location-trusted --sslv3 --no-buffer --netrc --no-keepalive --remote-header-name --parallel --remote-name --remote-name-all --raw --basic --version",
        )
        .values(&[
            ("-o --output", Use::Writes),
            ("--output-dir", Use::Writes),
            ("-c --cookie-jar -D --dump-header --trace --trace-ascii --stderr --hsts --alt-svc --etag-save", Use::Writes),
            ("-T --upload-file -K --config -b --cookie --cacert --capath -E --cert --key --netrc-file --etag-compare", Use::Reads),
            (
                "-H --header -X --request -A --user-agent -u --user -d --data --data-raw --data-binary --data-urlencode -F --form -e \
                 --referer -m --max-time --connect-timeout --retry --retry-delay --retry-max-time -x --proxy -w --write-out \
                 --url --ciphers --resolve --max-redirs -y --speed-time -Y --speed-limit --limit-rate -C --continue-at --proto \
                 --proto-default --proto-redir --tls-max --interface --noproxy -r --range --oauth2-bearer -t --aws-sigv4 --keepalive-time -z --time-cond --socks5",
                Use::Nothing,
            ),
        ])
        .flags("#fsSLkvgiIjlaNnqMRJO0123456Gp")
        .also(&[("-O", At::Here), ("--remote-name", At::Here), ("--remote-name-all", At::Here)])
        .reads(&[At::Home])
        .heeds(Heeds::Names(&["CURL_*", "SSL_*", "SSLKEYLOGFILE", "NETRC", "XDG_*", "QLOGDIR", "OPENSSL_*"]))
        .online(),
    git()
        .verbs(&["clone"])
        // one that lies here gets hard links
        .operands(Use::Both)
        .last(Use::Writes)
        .writes(&[At::Here, At::Temporary])
        .online(),
    git().verbs(&["config"]).writes(&[At::Here, At::Home, At::Folder("/etc"), At::Folder("/usr/local/etc")]),
    git()
        .verbs(&[
            "checkout", "pull", "fetch", "submodule", "submodule update", "reset", "clean", "apply", "am", "merge",
            "commit", "add", "remote", "remote add", "init", "cherry-pick", "revert", "stash", "branch", "switch", "lfs",
            "lfs install", "lfs pull", "tag", "rebase", "gc", "rm", "mv", "restore", "update-index", "clone-init",
        ])
        .operands(Use::Reads)
        .writes(&[At::Here, At::Above, At::Home, At::Temporary])
        .online(),
    git().verbs(&["describe", "log", "rev-parse", "status", "show", "ls-remote", "diff", "rev-list", "ls-files", "version"]).online(),
    gpg("gpg"),
    gpg("gpg2"),
    gpg("gpgconf"),
    gpg("gpgv"),
    checkout("hg"),
    entry("openssl")
        .loose()
        .values(&[
            ("-out -keyout -CAcreateserial= -CAserial", Use::Writes),
            ("-in -inkey -config -key -CA -CAkey -extfile -signkey", Use::Reads),
            ("-subj -days -newkey -passin -passout -pass -extensions -reqexts -addext -set_serial -sigopt", Use::Nothing),
        ])
        .reads(&[At::System])
        .writes(&[At::Home, At::Here])
        .heeds(Heeds::Names(&["OPENSSL_*", "RANDFILE", "SSL_*"])),
    entry("ssh-keygen")
        .loose()
        .values(&[("-f", Use::Beside), ("-t -b -N -C -R -F -a -P -m -E -q=", Use::Nothing)])
        .operands(Use::Reads)
        .reads(&[At::Home])
        .writes(&[At::Home, At::Folder("/etc/ssh")]),
    entry("ssh-keyscan").loose().values(&[("-t -p -T", Use::Nothing), ("-f", Use::Reads)]).online(),
    checkout("svn"),
    entry("wget")
        .flags("qcNvdSkprHKLnxbF46EmhV")
        .longs(
            "--quiet --no-check-certificate --no-verbose --content-disposition --continue --timestamping --show-progress --no-cookies \
             --https-only --no-clobber --recursive --no-parent --no-host-directories --no-directories --trust-server-names --inet4-only \
             --server-response --spider --no-cache --no-proxy --auth-no-challenge --mirror --progress= --retry-connrefused \
             --no-hsts --verbose --passive-ftp --no-dns-cache --ignore-length --compression= --no-use-server-timestamps --version --random-wait --non-verbose --report-speed= --force-html --convert-links --page-requisites --debug -nv -nc -nd -nH -np --unlink --adjust-extension --no-netrc",
        )
        .values(&[
            ("-O --output-document", Use::Into),
            ("-P --directory-prefix", Use::Into),
            ("-o --output-file -a --append-output --save-cookies --hsts-file", Use::Writes),
            ("-i --input-file --load-cookies --ca-certificate --post-file --certificate --private-key", Use::Reads),
            (
                "-U --user-agent --header --post-data -t --tries -T --timeout --user --password --http-user --http-password --secure-protocol \
                 --waitretry --wait -w --read-timeout --connect-timeout --dns-timeout -e --execute -A --accept -R --reject --cut-dirs --referer \
                 --limit-rate -l --level -nv= --max-redirect --restrict-file-names --progress -D --method --body-data -Q -X --ciphers --bind-address --retry-on-http-error",
                Use::Nothing,
            ),
        ])
        .operands(Use::Nothing)
        .reads(&[At::Home, At::Folder("/etc")])
        .writes(&[At::Here, At::Home])
        .heeds(Heeds::Names(&["WGETRC", "SSL_*", "OPENSSL_*"]))
        .online(),
];
