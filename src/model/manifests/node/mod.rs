//! What the files of a Node.js project say: package.json, locks, settings.
//!
//! The sources are the documentation of npm ("package.json", "npmrc", "package-lock.json", "scripts", releases 6 to 11),
//! Yarn (classic.yarnpkg.com, yarnpkg.com), pnpm (pnpm.io) and Bun (bun.sh), and their own readers.

pub mod form;
pub mod lock;
pub mod npmrc;
pub mod package;
pub mod spec;
