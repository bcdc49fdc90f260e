//! `ENV KEY value` as `KEY=value`: which spelling gives the same value.
//!
//! The old form takes the rest of the line as it stands, blanks included; the new one splits words at blanks that are
//! neither quoted nor escaped. Both are then read by the same lexer. Source: `line_parsers.go` of `BuildKit`, and 6,000
//! random values that were compared.

use crate::syntax::lex;

/// How the value is spelled in the new form.
#[derive(Debug, PartialEq, Eq)]
pub enum Form {
    /// As it stands.
    Bare,
    /// In double quotes.
    Quoted,
    /// With an escape before each blank.
    Escaped(Vec<u8>),
}

/// The spelling of `value` behind `key=`; `None` where no spelling is known to give the same value.
pub fn new_form(key: &[u8], value: &[u8], escape: u8) -> Option<Form> {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'/');
    if key.is_empty() || !key.iter().all(plain) || value.is_empty() || std::str::from_utf8(value).is_err() {
        return None;
    }
    let scan = Scan::of(value, escape);
    if scan.ends_in_escape || !scan.closed {
        return None;
    }
    if scan.blanks.is_empty() {
        return Some(Form::Bare);
    }
    // BuildKit drops a byte order mark that begins a word, and keeps one behind a quote
    if scan.fits_in_quotes && !value.starts_with("\u{feff}".as_bytes()) {
        return Some(Form::Quoted);
    }
    if scan.blank_in_braces {
        return None;
    }
    let mut text = Vec::with_capacity(value.len() + scan.blanks.len());
    let mut from = 0;
    for at in scan.blanks {
        text.extend_from_slice(&value[from..at]);
        text.push(escape);
        from = at;
    }
    text.extend_from_slice(&value[from..]);
    Some(Form::Escaped(text))
}

/// What a value holds that decides its spelling.
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own")]
struct Scan {
    /// Offsets of blanks that are neither quoted nor escaped.
    blanks: Vec<usize>,
    /// No unescaped quote, and no escapes but those that mean the same inside double quotes.
    fits_in_quotes: bool,
    /// A blank inside `${…}`, which the new form would split.
    blank_in_braces: bool,
    ends_in_escape: bool,
    /// Whether all quotes are closed.
    closed: bool,
}

impl Scan {
    fn of(value: &[u8], escape: u8) -> Self {
        let mut scan = Self {
            blanks: Vec::new(),
            fits_in_quotes: true,
            blank_in_braces: false,
            ends_in_escape: false,
            closed: true,
        };
        let mut quote = None;
        let mut braces = 0usize;
        let mut chars = lex::chars(value).peekable();
        while let Some((at, char, _)) = chars.next() {
            match (quote, char) {
                (None | Some('"'), c) if c == escape as char => match chars.next() {
                    None => scan.ends_in_escape = true,
                    Some((_, next, _)) => {
                        scan.fits_in_quotes &= next == escape as char || matches!(next, '"' | '$');
                    }
                },
                (None, '\'' | '"') => {
                    quote = Some(char);
                    scan.fits_in_quotes = false;
                }
                (Some(q), c) if q == c => quote = None,
                (Some(_), _) => {}
                (None, c) if lex::is_space(c) => {
                    scan.blank_in_braces |= braces > 0;
                    scan.blanks.push(at);
                }
                (None, '{') if at > 0 && value[at - 1] == b'$' => braces += 1,
                (None, '}') => braces = braces.saturating_sub(1),
                _ => {}
            }
        }
        scan.closed = quote.is_none();
        scan
    }
}
