//! Shell text to nodes: POSIX sh and bash.
