//! The exec form: a JSON array of strings, as Go's `encoding/json` reads it.
//!
//! BuildKit falls back to the shell form without a word where the text is no JSON array, and refuses an array that
//! holds anything but strings. So this tells three answers apart. Lone surrogates and invalid bytes are U+FFFD.

use nom::IResult;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{opt, recognize, verify};
use nom::multi::fold_many0;
use nom::sequence::delimited;

use super::lex::{self, Read};
use super::node::{Builder, Kind};

/// What a text is that could be an exec form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exec {
    /// An array of strings; its nodes were added.
    Strings,
    /// An array that holds something else: refused.
    NotStrings,
    /// No JSON array: shell form, or a list of words.
    No,
}

/// JSON's white space.
fn space(i: &[u8]) -> Read<'_> {
    take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).parse(i)
}

/// A JSON string with its quotes.
pub fn string(i: &[u8]) -> Read<'_> {
    let plain = recognize(take_while1(|b| b >= 0x20 && b != b'"' && b != b'\\'));
    let hex = take_while_m_n(4, 4, |b: u8| b.is_ascii_hexdigit());
    let escape = recognize((char('\\'), alt((recognize(one_of("\"\\/bfnrt")), recognize((char('u'), hex))))));
    recognize(delimited(char('"'), fold_many0(alt((plain, escape)), || (), |(), _| ()), char('"'))).parse(i)
}

/// A number that Go can hold.
fn number(i: &[u8]) -> Read<'_> {
    let digits = |i| take_while1(|b: u8| b.is_ascii_digit()).parse(i);
    let whole = alt((tag(&b"0"[..]), digits));
    let exponent = (one_of("eE"), opt(one_of("+-")), digits);
    let text = recognize((opt(char('-')), whole, opt((char('.'), digits)), opt(exponent)));
    let finite = |t: &&[u8]| std::str::from_utf8(t).is_ok_and(|t| t.parse::<f64>().is_ok_and(f64::is_finite));
    verify(text, finite).parse(i)
}

/// A value without members: what it is does not matter.
fn scalar(i: &[u8]) -> Read<'_> {
    alt((string, number, tag(&b"true"[..]), tag(&b"false"[..]), tag(&b"null"[..]))).parse(i)
}

/// Reads `text` (from its `[` on) and adds a [`Kind::Exec`] to `builder`, with offsets that count from `at`.
pub fn parse(text: &[u8], at: usize, builder: &mut Builder) -> Exec {
    let mark = builder.mark();
    if strings(text, at, builder).is_ok() {
        return Exec::Strings;
    }
    builder.reset(mark);
    if is_array(text) { Exec::NotStrings } else { Exec::No }
}

/// An array of strings alone.
fn strings<'a>(text: &'a [u8], at: usize, builder: &mut Builder) -> IResult<&'a [u8], ()> {
    let place = |i: &[u8]| at + text.len() - i.len();
    let array = builder.open(Kind::Exec, at);
    let (mut rest, _) = char('[').parse(text)?;
    builder.leaf(Kind::OpenBracket, at, at + 1);
    rest = space(rest)?.0;
    let mut first = true;
    loop {
        if let (after, Some(_)) = opt(char(']')).parse(rest)? {
            builder.leaf(Kind::CloseBracket, place(rest), place(after));
            let (end, _) = space(after)?;
            nom::combinator::eof(end)?;
            builder.close(array, place(after));
            return Ok((end, ()));
        }
        if !first {
            let (after, _) = char(',').parse(rest)?;
            builder.leaf(Kind::Comma, place(rest), place(after));
            rest = space(after)?.0;
        }
        first = false;
        let (after, _) = string(rest)?;
        builder.leaf(Kind::JsonString, place(rest), place(after));
        rest = space(after)?.0;
    }
}

/// Deeper than this Go's decoder gives up.
const MAX_DEPTH: usize = 10_000;

/// Whether `text` is one JSON array of whatever, without recursion.
fn is_array(text: &[u8]) -> bool {
    array(text).is_some_and(<[u8]>::is_empty)
}

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Expect {
    Value,
    ValueOrEnd,
    CommaOrEnd,
    Key,
    KeyOrEnd,
}

fn array(text: &[u8]) -> Option<&[u8]> {
    let mut open = vec![b']'];
    let mut rest = text.strip_prefix(b"[")?;
    let mut expect = Expect::ValueOrEnd;
    while let Some(&closer) = open.last() {
        rest = space(rest).ok()?.0;
        let first = *rest.first()?;
        let may_end = matches!(expect, Expect::ValueOrEnd | Expect::CommaOrEnd | Expect::KeyOrEnd);
        (rest, expect) = match (expect, first) {
            (_, b) if may_end && b == closer => {
                open.pop();
                (&rest[1..], Expect::CommaOrEnd)
            }
            (Expect::CommaOrEnd, b',') => {
                (&rest[1..], if closer == b']' { Expect::Value } else { Expect::Key })
            }
            (Expect::Key | Expect::KeyOrEnd, _) => {
                let (after, _) = (string, space, char(':')).parse(rest).ok()?;
                (after, Expect::Value)
            }
            (Expect::Value | Expect::ValueOrEnd, b'[') => {
                open.push(b']');
                (&rest[1..], Expect::ValueOrEnd)
            }
            (Expect::Value | Expect::ValueOrEnd, b'{') => {
                open.push(b'}');
                (&rest[1..], Expect::KeyOrEnd)
            }
            (Expect::Value | Expect::ValueOrEnd, _) => (scalar(rest).ok()?.0, Expect::CommaOrEnd),
            _ => return None,
        };
        if open.len() > MAX_DEPTH {
            return None;
        }
    }
    Some(space(rest).ok()?.0)
}

/// The text of a JSON string (with its quotes), escapes read.
pub fn value(string: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = string.get(1..string.len().saturating_sub(1)).unwrap_or_default();
    while let Some((char, len)) = lex::first_char(rest) {
        rest = &rest[len..];
        if char != '\\' {
            out.push(char);
            continue;
        }
        let Some((&escape, after)) = rest.split_first() else { break };
        rest = after;
        out.push(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => unicode(&mut rest),
            other => other as char,
        });
    }
    out
}

/// The character of a `\u` escape, from behind the `u`; a pair of surrogates is one character.
fn unicode(rest: &mut &[u8]) -> char {
    let hex = |t: &[u8]| {
        t.get(..4).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u32::from_str_radix(h, 16).ok())
    };
    let first = hex(rest).unwrap_or(0xfffd);
    *rest = rest.get(4..).unwrap_or_default();
    if let Some(char) = char::from_u32(first) {
        return char;
    }
    if first < 0xdc00
        && let Some(low) = rest.strip_prefix(b"\\u").and_then(hex)
        && (0xdc00..0xe000).contains(&low)
    {
        *rest = &rest[6..];
        return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}');
    }
    '\u{fffd}'
}
