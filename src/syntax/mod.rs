//! Bytes to a lossless tree and back.
//!
//! [`file`] splits a file into items; [`join`] makes one logical text of an instruction's lines; [`args`] reads it by
//! the instruction's grammar and [`shell`] what a shell reads; [`print`] gives the bytes back. nom lives here and
//! nowhere else. Nothing here knows what a Dockerfile means.

pub mod args;
pub mod edit;
pub mod exec;
pub mod expand;
pub mod file;
pub mod heredoc;
pub mod join;
pub mod lex;
pub mod node;
mod pattern;
pub mod print;
pub mod shell;
pub mod shells;
pub mod tree;
mod validate;

pub use file::parse;
pub use print::print;
