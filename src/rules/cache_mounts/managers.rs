//! The package managers that get a cache of the builder: what is mounted, and which clean-up that makes needless.

use crate::model::calls::{self, Call};

/// What has to be known of where a RUN stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Packages of the system: nothing more; only root can install them, and their cache is at one place.
    Nothing,
    /// Root, at home in /root.
    Home,
    /// That too, and a C library for which everybody builds alike: pip keeps what it has built, and does not keep
    /// builds for different libraries apart.
    Gnu,
    /// That too, and one of these images: it says where things lie.
    Image(&'static [&'static str]),
    /// That too, and that the project is one of the first Yarn.
    YarnClassic,
}

/// A package manager.
pub(super) struct Manager {
    pub name: &'static str,
    /// Whether a command installs with it.
    pub installs: fn(&Call) -> bool,
    pub needs: Needs,
    /// The flags, each of one mount.
    pub mounts: &'static [&'static str],
    /// Where they are mounted.
    pub paths: &'static [&'static str],
    /// Options of an install that go: they keep the cache empty.
    pub options: &'static [&'static str],
    /// How commands begin that go, whatever options follow: they empty the cache.
    pub commands: &'static [&'static str],
    /// Operands of `rm` that go: they name the cache.
    pub operands: &'static [&'static str],
    /// How a word that may reach the cache looks.
    pub touches: &'static [&'static str],
    /// Variables that say where the cache is, that there is none, or that nothing else is to be had.
    pub variables: &'static [&'static str],
    /// What no instruction may hold: installs that need their cache for good, or nothing but it.
    pub never: &'static [&'static str],
}

/// All of them.
pub(super) const MANAGERS: &[Manager] = &[APT, PIP, UV, NPM, YARN, PNPM, GO, CARGO];

/// What lets apt keep the packages that it has fetched: the images of Debian and Ubuntu are told to remove them.
pub(super) const KEEP_PACKAGES: &str = "rm -f /etc/apt/apt.conf.d/docker-clean";

const APT: Manager = Manager {
    name: "apt",
    installs: |call| calls::apt(call) == Some("install"),
    needs: Needs::Nothing,
    // not /var/lib/apt: which packages were asked for and which came along stands there too, and belongs to the image
    mounts: &[
        "--mount=type=cache,target=/var/cache/apt,sharing=locked",
        "--mount=type=cache,target=/var/lib/apt/lists,sharing=locked",
    ],
    paths: &["/var/cache/apt", "/var/lib/apt/lists"],
    options: &[],
    commands: &["apt-get clean", "apt-get -y clean", "apt-get autoclean", "apt clean", "apt autoclean"],
    operands: &[
        "/var/lib/apt/lists/*",
        "/var/lib/apt/lists",
        "/var/lib/apt/lists/",
        "/var/cache/apt",
        "/var/cache/apt/",
        "/var/cache/apt/*",
        "/var/cache/apt/archives",
        "/var/cache/apt/archives/",
        "/var/cache/apt/archives/*",
        "/var/cache/apt/archives/*.deb",
        "/var/cache/apt/*.bin",
    ],
    touches: &[
        "/var/lib/apt",
        "/var/cache",
        "/var/lib/*",
        "/var/lib/{",
        "/var/{",
        "/var/*",
        "docker-clean",
        "Dir::",
    ],
    variables: &["APT_CONFIG"],
    never: &["--download-only"],
};

const PIP: Manager = Manager {
    name: "pip",
    installs: |call| calls::pip_install(call).is_some(),
    needs: Needs::Gnu,
    mounts: &["--mount=type=cache,target=/root/.cache/pip"],
    paths: &["/root/.cache/pip"],
    options: &["--no-cache-dir"],
    commands: &[
        "pip cache purge",
        "pip3 cache purge",
        "python -m pip cache purge",
        "python3 -m pip cache purge",
    ],
    operands: &[
        "/root/.cache/pip",
        "/root/.cache/pip/",
        "/root/.cache/pip/*",
        "~/.cache/pip",
        "~/.cache/pip/",
        "~/.cache/pip/*",
    ],
    touches: &[".cache", "/root/*", "/root/.*", "pip.conf"],
    variables: &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIP_CONFIG_FILE", "XDG_CACHE_HOME", "HOME"],
    never: &[],
};

const UV: Manager = Manager {
    name: "uv",
    installs: |call| {
        let word = |at: usize| call.words.get(at).map_or("", |w| w.1);
        call.name() == "uv"
            && match call.verb(&[]) {
                "sync" | "add" => true,
                "pip" => matches!(word(2), "install" | "sync"),
                "tool" => word(2) == "install",
                _ => false,
            }
    },
    needs: Needs::Home,
    mounts: &["--mount=type=cache,target=/root/.cache/uv"],
    paths: &["/root/.cache/uv"],
    options: &["--no-cache", "--no-cache-dir", "-n"],
    commands: &["uv cache clean", "uv cache prune"],
    operands: &[
        "/root/.cache/uv",
        "/root/.cache/uv/",
        "/root/.cache/uv/*",
        "~/.cache/uv",
        "~/.cache/uv/",
        "~/.cache/uv/*",
    ],
    touches: &[".cache", "/root/*", "/root/.*"],
    variables: &["UV_NO_CACHE", "UV_CACHE_DIR", "UV_CONFIG_FILE", "UV_OFFLINE", "XDG_CACHE_HOME", "HOME"],
    never: &["symlink"],
};

const NPM: Manager = Manager {
    name: "npm",
    installs: |call| {
        let verb = call.verb(&["--prefix", "-C", "--workspace", "-w"]);
        call.name() == "npm" && matches!(verb, "ci" | "clean-install" | "install" | "i" | "add")
    },
    needs: Needs::Home,
    mounts: &["--mount=type=cache,target=/root/.npm"],
    paths: &["/root/.npm"],
    options: &[],
    commands: &["npm cache clean", "npm cache verify"],
    operands: &["/root/.npm", "/root/.npm/", "/root/.npm/*", "~/.npm", "~/.npm/", "~/.npm/*"],
    touches: &[".npm", "/root/*", "/root/.*", "cache set"],
    variables: &[
        "NPM_CONFIG_CACHE",
        "npm_config_cache",
        "NPM_CONFIG_USERCONFIG",
        "NPM_CONFIG_OFFLINE",
        "npm_config_offline",
        "HOME",
    ],
    never: &[],
};

const YARN: Manager = Manager {
    name: "yarn",
    installs: |call| {
        call.name() == "yarn" && matches!(call.verb(&["--cwd"]), "" | "install" | "add" | "global")
    },
    needs: Needs::YarnClassic,
    // where it keeps its cache as root
    mounts: &["--mount=type=cache,target=/usr/local/share/.cache/yarn"],
    paths: &["/usr/local/share/.cache/yarn"],
    options: &[],
    commands: &["yarn cache clean"],
    operands: &["/usr/local/share/.cache", "/usr/local/share/.cache/yarn", "/usr/local/share/.cache/yarn/*"],
    touches: &["/usr/local/share", "cache-folder"],
    variables: &["YARN_CACHE_FOLDER", "XDG_CACHE_HOME", "HOME"],
    never: &[],
};

const PNPM: Manager = Manager {
    name: "pnpm",
    installs: |call| {
        let verb = call.verb(&["--dir", "-C", "--filter", "-F"]);
        call.name() == "pnpm" && matches!(verb, "install" | "i" | "add" | "fetch")
    },
    needs: Needs::Home,
    mounts: &["--mount=type=cache,target=/root/.local/share/pnpm/store"],
    paths: &["/root/.local/share/pnpm/store"],
    options: &[],
    commands: &["pnpm store prune"],
    operands: &["/root/.local/share/pnpm/store", "~/.local/share/pnpm/store"],
    touches: &["pnpm/store", ".local", "store-dir", "/root/*", "/root/.*"],
    variables: &["PNPM_HOME", "npm_config_store_dir", "npm_config_offline", "XDG_DATA_HOME", "HOME"],
    never: &["hardlink"],
};

const GO: Manager = Manager {
    name: "go",
    installs: |call| {
        let verb = call.verb(&["-C"]);
        call.name() == "go" && matches!(verb, "build" | "install" | "test" | "mod" | "get" | "vet" | "run")
    },
    needs: Needs::Image(&["golang"]),
    mounts: &["--mount=type=cache,target=/go/pkg/mod", "--mount=type=cache,target=/root/.cache/go-build"],
    paths: &["/go/pkg/mod", "/root/.cache/go-build"],
    options: &[],
    commands: &["go clean -modcache", "go clean -cache"],
    operands: &["/go/pkg/mod", "/go/pkg/mod/*", "/root/.cache/go-build"],
    touches: &["/go/pkg", "/go/*", ".cache", "/root/*", "/root/.*", "GOPATH"],
    variables: &["GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "XDG_CACHE_HOME", "HOME"],
    never: &["GOPROXY=off"],
};

const CARGO: Manager = Manager {
    name: "cargo",
    installs: |call| {
        let verb = call.verb(&[]);
        call.name() == "cargo"
            && matches!(verb, "build" | "install" | "fetch" | "test" | "check" | "chef" | "run")
    },
    needs: Needs::Image(&["rust", "lukemathwalker/cargo-chef"]),
    mounts: &[
        "--mount=type=cache,target=/usr/local/cargo/registry",
        "--mount=type=cache,target=/usr/local/cargo/git/db",
    ],
    paths: &["/usr/local/cargo/registry", "/usr/local/cargo/git/db"],
    options: &[],
    commands: &[],
    operands: &["/usr/local/cargo/registry", "/usr/local/cargo/registry/*", "/usr/local/cargo/git"],
    touches: &["/usr/local/cargo/registry", "/usr/local/cargo/git", "/usr/local/cargo/*", "CARGO_HOME"],
    variables: &["CARGO_HOME", "HOME"],
    never: &["--frozen", "NET_OFFLINE"],
};
