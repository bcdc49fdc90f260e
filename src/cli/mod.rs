//! The command line: the edge, where files, environment and terminal are touched.

pub mod disk;
