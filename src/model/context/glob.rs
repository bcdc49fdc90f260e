//! Go's `filepath.Match` on a system with slashes: what COPY and ADD match their sources with, and what .dockerignore
//! patterns are checked by before anything else.
//!
//! Differs from other globs on purpose: a class may match a slash, only `^` negates, an escape is allowed in a class,
//! and a malformed pattern is an error only if the matching gets to the place.

/// The pattern is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

/// Whether `pattern` matches all of `name`.
///
/// # Errors
/// [`BadPattern`] under the same conditions as Go's `filepath.ErrBadPattern`.
pub fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern.as_bytes(), name.as_bytes());
    while !pattern.is_empty() {
        let (star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        let last = pattern.is_empty();
        match place(star, chunk, name, last)? {
            Some(left) => name = left,
            None => return Ok(false),
        }
    }
    Ok(name.is_empty())
}

/// Whether a COPY source word is a pattern, as BuildKit decides it for each of its segments.
pub fn is_pattern(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'*' | b'?' | b'[' => return true,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    false
}

/// The next run of `pattern` that holds no star, whether stars stand before it, and what follows.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|byte| **byte == b'*').count();
    let pattern = &pattern[stars..];
    let (mut in_class, mut at) = (false, 0);
    while at < pattern.len() {
        match pattern[at] {
            b'\\' if at + 1 < pattern.len() => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    (stars > 0, &pattern[..at], &pattern[at..])
}

/// Where `chunk` matches first: at the start of `name`, or with a star before it further on in the same segment. The
/// last chunk has to use `name` up.
fn place<'n>(star: bool, chunk: &[u8], name: &'n [u8], last: bool) -> Result<Option<&'n [u8]>, BadPattern> {
    let fits = |left: &[u8]| !last || left.is_empty();
    if let Some(left) = match_chunk(chunk, name)?.filter(|left| fits(left)) {
        return Ok(Some(left));
    }
    let reach = if star { name.iter().take_while(|byte| **byte != b'/').count() } else { 0 };
    for skipped in 1..=reach {
        if let Some(left) = match_chunk(chunk, &name[skipped..])?.filter(|left| fits(left)) {
            return Ok(Some(left));
        }
    }
    Ok(None)
}

/// What is left of `name` after `chunk`. The chunk is read to its end also where it cannot match any more, since it
/// may turn out to be malformed.
fn match_chunk<'n>(mut chunk: &[u8], mut name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    let mut failed = false;
    while let Some(&first) = chunk.first() {
        failed |= name.is_empty();
        let mut taken = 1;
        match first {
            b'[' => {
                let (rune, width) = if failed { (0, 0) } else { decode(name) };
                let matched;
                (matched, chunk) = match_class(&chunk[1..], rune)?;
                failed |= !matched;
                taken = width;
            }
            b'?' => {
                failed |= name.first() == Some(&b'/');
                taken = decode(name).1;
                chunk = &chunk[1..];
            }
            _ => {
                if first == b'\\' {
                    chunk = &chunk[1..];
                }
                failed |= name.first() != Some(chunk.first().ok_or(BadPattern)?);
                chunk = &chunk[1..];
            }
        }
        name = name.get(taken..).unwrap_or_default();
    }
    Ok((!failed).then_some(name))
}

/// Whether the class whose `[` has been read holds `rune`, and what follows its `]`.
fn match_class(mut chunk: &[u8], rune: u32) -> Result<(bool, &[u8]), BadPattern> {
    let negated = chunk.first() == Some(&b'^');
    if negated {
        chunk = &chunk[1..];
    }
    let (mut matched, mut ranges) = (false, 0);
    loop {
        if ranges > 0 && chunk.first() == Some(&b']') {
            return Ok((matched != negated, &chunk[1..]));
        }
        let (low, rest) = class_rune(chunk)?;
        let mut high = low;
        chunk = rest;
        if chunk.first() == Some(&b'-') {
            (high, chunk) = class_rune(&chunk[1..])?;
        }
        matched |= (low..=high).contains(&rune);
        ranges += 1;
    }
}

/// One character of a class, escaped or not, and what follows; something has to.
fn class_rune(mut chunk: &[u8]) -> Result<(u32, &[u8]), BadPattern> {
    match chunk.first() {
        None | Some(b'-' | b']') => return Err(BadPattern),
        Some(b'\\') => chunk = &chunk[1..],
        Some(_) => {}
    }
    let (rune, width) = decode(chunk);
    if (rune == REPLACEMENT && width == 1) || chunk.len() <= width {
        return Err(BadPattern);
    }
    Ok((rune, &chunk[width..]))
}

const REPLACEMENT: u32 = 0xFFFD;

/// The first character and its width, as Go decodes it: U+FFFD of width 1 for a byte that starts none. A star tries
/// every byte, so this is reached in the middle of a character too.
fn decode(bytes: &[u8]) -> (u32, usize) {
    let whole = (1..=bytes.len().min(4)).find_map(|width| std::str::from_utf8(&bytes[..width]).ok());
    match whole.and_then(|text| text.chars().next()) {
        Some(rune) => (rune.into(), rune.len_utf8()),
        None => (REPLACEMENT, bytes.len().min(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_like_go() {
        let table = [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*", "axbxcxdxe/f", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[^b-d]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a☺b", true),
            ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false),
            ("[a-ζ]*", "α", true),
            ("a?b", "a/b", false),
            ("a*b", "a/b", false),
            ("a[^x]b", "a/b", true),
            ("[\\]a]", "]", true),
            ("[\\-x]", "-", true),
            ("arr[[]0].txt", "arr[0].txt", true),
            ("[!a]", "!", true),
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
        ];
        for (pattern, name, want) in table {
            assert_eq!(matches(pattern, name), Ok(want), "{pattern:?} {name:?}");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        for pattern in ["[]a]", "[-]", "[x-]", "[-x]", "[", "[^", "[^bc", "a[", "[a-b-c]", "a\\"] {
            assert_eq!(matches(pattern, "a"), Err(BadPattern), "{pattern:?}");
        }
        assert_eq!(matches("b*[", "a"), Ok(false), "the bad place is not reached");
    }

    #[test]
    fn tells_words_from_patterns() {
        for (text, want) in
            [("a", false), ("a*", true), ("a\\*", false), ("\\", false), ("\\\\?", true), ("]", false)]
        {
            assert_eq!(is_pattern(text), want, "{text:?}");
        }
    }
}
