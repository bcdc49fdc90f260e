//! Characters and the small nom parsers that every grammar here shares.
//!
//! BuildKit has two classes of white space, and they differ: see [`is_blank`] and [`is_space`]. All of it works on
//! bytes, because input need not be UTF-8 and a character may even be split by a continuation.

use std::ops::Range;

use nom::IResult;
use nom::Parser;
use nom::bytes::complete::{tag, take_till, take_while, take_while_m_n};
use nom::combinator::recognize;
use nom::sequence::{preceded, terminated};

/// What a small parser gives: the rest, and what it read.
pub type Read<'a, T = &'a [u8]> = IResult<&'a [u8], T>;

/// The bytes between words: BuildKit's `[\t\v\f\r ]`.
pub const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x0b | 0x0c | b'\r' | b' ')
}

/// White space as Go's `unicode.IsSpace` has it; what is trimmed from the ends of a line.
pub const fn is_space(char: char) -> bool {
    matches!(
        char,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
            | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// [`is_space`] of a single byte taken for a character, as the scanner of flags does it: 0x85 and 0xA0 count even
/// inside a UTF-8 sequence.
pub const fn is_space_byte(byte: u8) -> bool {
    is_space(byte as char)
}

/// The first character and its length; an invalid byte is U+FFFD and one byte long, as in Go.
pub fn first_char(text: &[u8]) -> Option<(char, usize)> {
    let first = *text.first()?;
    if first < 0x80 {
        return Some((first as char, 1));
    }
    let most = &text[..text.len().min(4)];
    let valid = match std::str::from_utf8(most) {
        Ok(s) => s,
        Err(e) => std::str::from_utf8(&most[..e.valid_up_to()]).unwrap_or_default(),
    };
    Some(valid.chars().next().map_or(('\u{fffd}', 1), |c| (c, c.len_utf8())))
}

/// The characters of `text` with their offsets and lengths, read as [`first_char`] reads them.
pub fn chars(text: &[u8]) -> impl Iterator<Item = (usize, char, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (char, len) = first_char(&text[at..])?;
        at += len;
        Some((at - len, char, len))
    })
}

/// `text` as a string; each invalid byte is a U+FFFD of its own, as in Go.
pub fn lossy(text: &[u8]) -> String {
    chars(text).map(|(_, c, _)| c).collect()
}

/// How many bytes of white space `text` begins with.
pub fn leading_space(text: &[u8]) -> usize {
    match text.first() {
        Some(b) if *b > b' ' && *b < 0x80 => 0,
        None => 0,
        _ => chars(text).find(|(_, c, _)| !is_space(*c)).map_or(text.len(), |(at, _, _)| at),
    }
}

/// Where `text` ends without the white space behind it.
pub fn trimmed_end(text: &[u8]) -> usize {
    let mut end = text.len();
    while end > 0 {
        let last = text[end - 1];
        if last < 0x80 {
            if !is_space(last as char) {
                break;
            }
            end -= 1;
            continue;
        }
        let from = (1..=end.min(4)).map(|n| end - n).find(|&at| text[at] & 0xc0 != 0x80);
        match from.and_then(|at| first_char(&text[at..end]).map(|(c, n)| (at, c, n))) {
            Some((at, c, n)) if at + n == end && is_space(c) => end = at,
            _ => break,
        }
    }
    end
}

/// The range of `text` without white space at its ends.
pub fn trim(text: &[u8]) -> Range<usize> {
    let end = trimmed_end(text);
    leading_space(&text[..end])..end
}

/// Blanks, perhaps none.
pub fn blanks(i: &[u8]) -> Read<'_> {
    take_while(is_blank).parse(i)
}

/// A word: all up to the next blank.
pub fn word(i: &[u8]) -> Read<'_> {
    take_till(is_blank).parse(i)
}

/// One physical line with its `\n`; what is left of the file where there is none.
pub fn physical_line(i: &[u8]) -> Read<'_> {
    match memchr::memchr(b'\n', i) {
        Some(at) => Ok((&i[at + 1..], &i[..=at])),
        None => Ok((&i[i.len()..], i)),
    }
}

/// `line` without the carriage returns and newlines at its end.
pub fn without_ending(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|b| !matches!(b, b'\r' | b'\n')).map_or(0, |at| at + 1);
    &line[..end]
}

/// A parser directive's name and value, from behind its `#`: `name = value`.
///
/// It is Go's `^([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$`. Of blanks alone the last one is the value, because the
/// expression gives one back to have a value at all.
pub fn directive(i: &[u8]) -> Read<'_, (&[u8], &[u8])> {
    let name = recognize((
        take_while_m_n(1, 1, |b: u8| b.is_ascii_alphabetic()),
        take_while(|b: u8| b.is_ascii_alphanumeric()),
    ));
    let (value, name) = terminated(name, (regex_spaces, tag(&b"="[..]), regex_spaces)).parse(i)?;
    let end = value.iter().rposition(|b| !is_regex_space(*b)).map_or(0, |at| at + 1);
    let rest = &i[i.len()..];
    match i.last() {
        _ if end > 0 => Ok((rest, (name, &value[..end]))),
        Some(last) if is_regex_space(*last) => Ok((rest, (name, &i[i.len() - 1..]))),
        _ => Err(nom::Err::Error(nom::error::Error::new(value, nom::error::ErrorKind::Verify))),
    }
}

/// `\s` of Go's regular expressions.
const fn is_regex_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// Any run of [`is_regex_space`].
pub fn regex_spaces(i: &[u8]) -> Read<'_> {
    take_while(is_regex_space).parse(i)
}

/// The digits, `-` and delimiter of a heredoc word: `^(\d*)<<(-?)\s*([^<]*)$`.
pub fn heredoc_word(i: &[u8]) -> Read<'_, (&[u8], bool, &[u8])> {
    let digits = take_while(|b: u8| b.is_ascii_digit());
    let dash = nom::combinator::opt(tag(&b"-"[..]));
    let (rest, (fd, dash)) = (digits, preceded(tag(&b"<<"[..]), dash)).parse(i)?;
    let (rest, _) = regex_spaces(rest)?;
    let (end, delimiter) = take_till(|b| b == b'<').parse(rest)?;
    nom::combinator::eof(end)?;
    Ok((end, (fd, dash.is_some(), delimiter)))
}
