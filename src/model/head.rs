//! The head of a file as BuildKit's other readers see it: which frontend is asked, which checks are switched off.
//!
//! They read the bytes before any parser does, skip a byte order mark and one `#!` line, and want each `#` in the
//! first column (`directives.go`, `DetectSyntax` and `ParseDirective`).

use crate::syntax::lex;

/// The values of `# syntax=` and `# check=`, where they are read.
pub fn directives(source: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rest = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
    if rest.starts_with(b"#!") {
        rest = lex::physical_line(rest).map_or(&[][..], |(after, _)| after);
    }
    let mut found: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    while let Ok((after, line)) = lex::physical_line(rest) {
        let Some(text) = lex::without_ending(line).strip_prefix(b"#") else { break };
        let Ok((_, (name, value))) = lex::directive(&text[lex::leading_space(text)..]) else { break };
        let name = name.to_ascii_lowercase();
        let known = matches!(&name[..], b"syntax" | b"escape" | b"check");
        if !known || found.iter().any(|(n, _)| *n == name) {
            break;
        }
        found.push((name, value.to_vec()));
        rest = after;
    }
    found
}
