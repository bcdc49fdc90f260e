//! Node.js: npm, Yarn, pnpm, Bun and Corepack.
//!
//! They read package.json, that of each member of a workspace, a lock, and settings, in the folder where they run and in
//! those above it. They write `node_modules`. They run the scripts of the project and those of the packages: the first
//! are refused, of the second it is known who looks at the project (`packages`).

pub mod bun;
pub mod corepack;
mod helpers;
mod members;
pub mod npm;
mod packages;
mod patches;
pub mod pnpm;
mod project;
mod scripts;
mod settings;
mod words;
pub mod yarn;
mod yarn_berry;
mod yarn_classic;

/// Variables that tell these managers, or Node.js, nothing about files.
const HARMLESS: &[&str] = &[
    "NPM_CONFIG_LOGLEVEL",
    "NPM_CONFIG_PRODUCTION",
    "NPM_CONFIG_PROGRESS",
    "NPM_CONFIG_SPIN",
    "NPM_CONFIG_FUND",
    "NPM_CONFIG_AUDIT",
    "NPM_CONFIG_REGISTRY",
    "NPM_CONFIG_UNSAFE_PERM",
    "NPM_CONFIG_UPDATE_NOTIFIER",
    "NPM_CONFIG_LEGACY_PEER_DEPS",
    "NPM_CONFIG_COLOR",
    "NPM_CONFIG_STRICT_SSL",
    "NPM_TOKEN",
    "NODE_ENV",
    "NODE_VERSION",
    "NODE_AUTH_TOKEN",
    "NODE_MAJOR",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "YARN_VERSION",
    "YARN_ENABLE_TELEMETRY",
    "YARN_ENABLE_PROGRESS_BARS",
    "PNPM_VERSION",
    "BUN_VERSION",
    "COREPACK_ENABLE_DOWNLOAD_PROMPT",
    "COREPACK_ENABLE_STRICT",
    "COREPACK_INTEGRITY_KEYS",
    "COREPACK_DEFAULT_TO_LATEST",
];

/// Whether a variable may lead one of them to other files.
fn heeds(name: &str) -> bool {
    const TOLD: &[&str] = &["NPM_", "NODE_", "YARN_", "PNPM_", "BUN_", "COREPACK_", "INIT_CWD", "PREFIX"];
    TOLD.iter().any(|p| name.starts_with(p)) && !HARMLESS.contains(&name)
}

/// What they, and what they call to build, read or write in a home. `.npmrc` and its like are not here: those that may
/// stand in the source are taken to it first (`settings`).
const HOME: &[&str] = &[
    ".npm",
    ".node-gyp",
    ".node_modules",
    ".node_libraries",
    ".config/yarn",
    ".config/pnpm",
    ".config/configstore",
    ".yarn-cache",
    ".yarn-config",
    ".pnpm-store",
    ".pnpm-state",
    ".bun",
    ".bunfig.toml",
    ".puppeteerrc",
    ".node_repl_history",
    "Library",
];
