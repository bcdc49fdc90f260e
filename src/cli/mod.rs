//! The command line: arguments in, streams and an exit status out.
//!
//! It finds, reads and writes files; what becomes of their text is decided by `proof::engine`, what is said about it
//! by `report`. clap and anyhow are used here and not below.

pub mod args;
mod completions;
mod config;
mod context;
pub mod debug;
pub mod disk;
mod document;
pub mod files;
mod interrupt;
mod job;
mod man;
mod more;
mod progress;
mod read;
mod rules;
mod run;
mod status;
mod stdin;
mod streams;
pub mod write;

pub use args::Args;
pub use run::run;
