//! Shell text to nodes: POSIX sh and bash.

use super::node::{Builder, Kind};

/// Parses `text[range]` as shell.
pub fn parse(_text: &[u8], range: std::ops::Range<usize>, builder: &mut Builder) {
    builder.leaf(Kind::ShellText, range.start, range.end);
}
