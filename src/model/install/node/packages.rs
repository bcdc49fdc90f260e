//! Packages with a script that runs when they are installed, by whether it looks at the project.
//!
//! Such a script runs in the package's own folder and finds the project by `INIT_CWD`, or by searching upward.

use std::collections::BTreeSet;

use super::super::{Gather, Obstacle};
use super::project::Lock;
use crate::model::context::path;
use crate::model::manifests::node::package::Package;

/// What a package's script looks at.
enum Looks {
    /// At files that only it knows.
    Around,
    /// At the repository, to put its hooks there; it does nothing where there is none.
    Git,
    /// At files of these names.
    Files(&'static [&'static str]),
    /// At files that a field of package.json names.
    Field(&'static str),
}

/// Those that look at the project, from their sources.
const LOOKING: &[(&str, Looks)] = &[
    // generates the client from the schema
    ("@prisma/client", Looks::Around),
    ("@sveltejs/kit", Looks::Around),
    ("@redwoodjs/core", Looks::Around),
    ("@redwoodjs/api", Looks::Around),
    ("@blitzjs/cli", Looks::Around),
    ("blitz", Looks::Around),
    ("@zenstackhq/runtime", Looks::Around),
    ("prisma-client-lib", Looks::Around),
    ("nexus", Looks::Around),
    ("@nexus/schema", Looks::Around),
    ("nx", Looks::Around),
    ("@nrwl/workspace", Looks::Around),
    ("@nrwl/cli", Looks::Around),
    ("@nrwl/tao", Looks::Around),
    ("patch-package-postinstall", Looks::Around),
    ("postinstall-postinstall", Looks::Around),
    ("meteor-installer", Looks::Around),
    ("jspm", Looks::Around),
    ("typings", Looks::Around),
    ("napa", Looks::Around),
    ("app-module-path", Looks::Around),
    ("link-module-alias", Looks::Around),
    ("msw", Looks::Field("msw")),
    ("hugo-bin", Looks::Field("hugo-bin")),
    ("puppeteer", Looks::Files(PUPPETEER)),
    ("husky", Looks::Git),
    ("yorkie", Looks::Git),
    ("ghooks", Looks::Git),
    ("git-hooks", Looks::Git),
    ("git-pre-commit", Looks::Git),
    ("git-validate", Looks::Git),
    ("lefthook", Looks::Git),
    ("@evilmartians/lefthook", Looks::Git),
    ("@evilmartians/lefthook-installer", Looks::Git),
    ("@arkweid/lefthook", Looks::Git),
    ("lefthook-installer", Looks::Git),
    ("pre-commit", Looks::Git),
    ("pre-git", Looks::Git),
    ("pre-push", Looks::Git),
    ("precommit-hook", Looks::Git),
    ("simple-git-hooks", Looks::Git),
    ("simple-pre-commit", Looks::Git),
    ("shared-git-hooks", Looks::Git),
    ("dprint", Looks::Files(&["dprint.json", "dprint.jsonc", ".dprint.json", ".dprint.jsonc"])),
];

const PUPPETEER: &[&str] = &[
    ".puppeteerrc",
    ".puppeteerrc.json",
    ".puppeteerrc.yaml",
    ".puppeteerrc.yml",
    ".puppeteerrc.js",
    ".puppeteerrc.ts",
    ".puppeteerrc.cjs",
    ".config/puppeteerrc",
    "puppeteer.config.js",
    "puppeteer.config.ts",
    "puppeteer.config.cjs",
];

/// Those whose script builds or fetches what the package itself needs, prints something, or looks at package.json.
const BUSY_WITH_THEMSELVES: &[&str] = &[
    "@apollo/protobufjs",
    "@apollo/rover",
    "@biomejs/biome",
    "@bufbuild/buf",
    "@compodoc/compodoc",
    "@datadog/native-appsec",
    "@datadog/native-iast-taint-tracking",
    "@datadog/native-metrics",
    "@datadog/pprof",
    "@firebase/util",
    "@fortawesome/fontawesome-common-types",
    "@fortawesome/fontawesome-free",
    "@fortawesome/fontawesome-svg-core",
    "@fortawesome/free-brands-svg-icons",
    "@fortawesome/free-regular-svg-icons",
    "@fortawesome/free-solid-svg-icons",
    "@nestjs/core",
    "@newrelic/fn-inspect",
    "@newrelic/native-metrics",
    "@parcel/watcher",
    "@prisma/engines",
    "@scarf/scarf",
    "@sentry/cli",
    "@sentry/profiling-node",
    "@sentry-internal/node-cpu-profiler",
    "@serialport/bindings",
    "@serialport/bindings-cpp",
    "@swc/core",
    "@tensorflow/tfjs-node",
    "argon2",
    "aws-crt",
    "bcrypt",
    "better-sqlite3",
    "bootstrap-vue",
    "bufferutil",
    "canvas",
    "chromedriver",
    "core-js",
    "core-js-bundle",
    "core-js-pure",
    "cpu-features",
    "cwebp-bin",
    "cypress",
    "deasync",
    "dtrace-provider",
    "ejs",
    "electron",
    "es5-ext",
    "esbuild",
    "farmhash",
    "fibers",
    "fsevents",
    "geckodriver",
    "gifsicle",
    "grpc",
    "grpc-tools",
    "hiredis",
    "highlight.js",
    "hugo-extended",
    "iconv",
    "iltorb",
    "isolated-vm",
    "jpegtran-bin",
    "keccak",
    "kerberos",
    "keytar",
    "level",
    "leveldown",
    "libpq",
    "libxmljs",
    "libxmljs2",
    "lmdb",
    "lmdb-store",
    "lz4",
    "microtime",
    "mmmagic",
    "mongodb-client-encryption",
    "mozjpeg",
    "msgpackr-extract",
    "ngrok",
    "node-expat",
    "node-pty",
    "node-sass",
    "nodegit",
    "nodejieba",
    "nodemon",
    "onnxruntime-node",
    "optipng-bin",
    "oracledb",
    "parcel-bundler",
    "phantomjs-prebuilt",
    "playwright",
    "playwright-chromium",
    "pngquant-bin",
    "prisma",
    "protobufjs",
    "re2",
    "ref-napi",
    "secp256k1",
    "serverless",
    "sharp",
    "snappy",
    "sodium-native",
    "sqlite3",
    "ssh2",
    "styled-components",
    "svelte-preprocess",
    "tesseract.js",
    "tree-sitter",
    "ttf2woff2",
    "uglifyjs-webpack-plugin",
    "unix-dgram",
    "unrs-resolver",
    "ursa-optional",
    "usb",
    "utf-8-validate",
    "vue-demi",
    "web3",
    "web3-bzz",
    "web3-shh",
    "websocket",
    "workerd",
    "yarn",
    "zeromq",
];

/// Notes each package of a lock, or of package.json where there is none, whose script may look at the project.
pub fn look(gather: &mut Gather, root: &Package, lock: &Lock) {
    let named = lock.with_scripts.as_ref().unwrap_or(&lock.names);
    for (name, looks) in LOOKING.iter().filter(|(name, _)| named.contains(*name)) {
        if may_see(gather, root, looks) {
            gather.obstacle(Obstacle::new(format!("{name} looks at the project when it is installed")));
        }
    }
    let known = |name: &&String| {
        let name = name.as_str();
        BUSY_WITH_THEMSELVES.contains(&name) || LOOKING.iter().any(|(n, _)| *n == name)
    };
    let unknown: Option<&String> =
        lock.with_scripts.as_ref().and_then(|s: &BTreeSet<String>| s.iter().find(|n| !known(n)));
    if let Some(name) = unknown {
        let reason =
            format!("{name} runs a script when it is installed, of which dfmt does not know what it reads");
        gather.obstacle(Obstacle::new(reason));
    }
}

fn may_see(gather: &Gather, root: &Package, looks: &Looks) -> bool {
    let held = |name: &str| {
        folders(gather).iter().any(|f| !gather.place.context.may_hold(&path::join(f, name)).is_no())
    };
    match looks {
        Looks::Around => true,
        Looks::Git => held(".git"),
        Looks::Files(names) => names.iter().any(|name| held(name)),
        Looks::Field(field) => root.get(field).is_some(),
    }
}

/// The folder where the install runs, and those above it, up to the one that is copied.
pub fn folders<'g>(gather: &Gather<'g>) -> Vec<&'g str> {
    let (mut at, top) = (gather.place.cwd, gather.place.top);
    let mut found = vec![at];
    while at != top && !at.is_empty() {
        at = path::parent(at);
        found.push(at);
    }
    found
}
