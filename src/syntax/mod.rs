//! Bytes to a lossless tree and back.

pub mod node;
pub mod shell;
