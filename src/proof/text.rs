//! What every rewrite must keep: the comments of a file, and the bytes of what no rule touched.

use crate::syntax::join::{self, Inside};
use crate::syntax::lex;
use crate::syntax::tree::Dockerfile;

/// The texts of all lines that begin with `#`, sorted, heredoc bodies included.
fn comments<'a>(file: &'a Dockerfile) -> Vec<&'a [u8]> {
    let mut found = Vec::new();
    for item in &file.items {
        let mut rest = item.text();
        if memchr::memchr(b'#', rest).is_none() {
            continue;
        }
        while let Ok((after, line)) = lex::physical_line(rest) {
            if line.is_empty() {
                break;
            }
            if join::inside(line) == Inside::Comment {
                found.push(&line[lex::trim(line)]);
            }
            rest = after;
        }
    }
    found.sort_unstable();
    found
}

/// Whether two files hold the same comments.
///
/// # Errors
/// In words, where not.
pub fn same_comments(before: &Dockerfile, after: &Dockerfile) -> Result<(), &'static str> {
    if comments(before) == comments(after) { Ok(()) } else { Err("a comment was lost, added or changed") }
}
