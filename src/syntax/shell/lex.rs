//! The shell's tokens, as nom parsers over bytes; and which bytes mean what.
//!
//! Invariants: each takes as much as it can and looks ahead no further than the end of a word.
//! It must not know the structure that tokens form, nor add nodes.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while, take_while_m_n, take_while1};
use nom::character::complete::{alpha1, digit1, one_of};
use nom::combinator::{eof, not, opt, peek, recognize, verify};
use nom::multi::many0_count;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

pub(super) type Lexed<'t> = IResult<&'t [u8], &'t [u8], ()>;

const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
}

const ENDS_WORD: [bool; 256] = table(b" \t\n;&|()<>");
const SPECIAL: [bool; 256] = table(b" \t\n;&|()<>\r\\'\"$`?*+@!");
const SPECIAL_IN_QUOTES: [bool; 256] = table(b"\\\"$`");
const SPECIAL_IN_GROUP: [bool; 256] = table(b"\\\"'$`()[]");

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Bytes of a word that mean nothing by themselves.
pub(super) fn plain(input: &[u8]) -> Lexed<'_> {
    take_while(|byte| !SPECIAL[usize::from(byte)]).parse(input)
}

/// Whether a word can name a function.
pub(super) fn is_function_name(word: &[u8]) -> bool {
    !word.iter().any(|byte| b"\\'\"$`<>".contains(byte))
}

/// Bytes that mean nothing between double quotes.
pub(super) fn quoted(input: &[u8]) -> Lexed<'_> {
    take_while(|byte| !SPECIAL_IN_QUOTES[usize::from(byte)]).parse(input)
}

/// Bytes that mean nothing between brackets, where blanks do not end a word.
pub(super) fn grouped(input: &[u8]) -> Lexed<'_> {
    take_while(|byte| !SPECIAL_IN_GROUP[usize::from(byte)]).parse(input)
}

/// A backslash that joins two lines.
pub(super) fn continuation(input: &[u8]) -> Lexed<'_> {
    recognize((tag("\\"), opt(tag("\r")), tag("\n"))).parse(input)
}

/// A carriage return that belongs to the end of its line.
pub(super) fn carriage_return(input: &[u8]) -> Lexed<'_> {
    terminated(tag("\r"), peek(alt((tag("\n"), eof)))).parse(input)
}

/// Blanks and continuations.
pub(super) fn gap(input: &[u8]) -> Lexed<'_> {
    recognize(many0_count(alt((take_while1(is_blank), continuation, carriage_return)))).parse(input)
}

/// Lines that join, one after the other.
pub(super) fn continuations(input: &[u8]) -> Lexed<'_> {
    recognize(many0_count(continuation)).parse(input)
}

/// Whether a word that reaches up to `input` ends there.
pub(super) fn ends_word(input: &[u8]) -> bool {
    match input.first() {
        None => true,
        Some(b'\\') => {
            continuation(input).is_ok() && continuations(input).is_ok_and(|(rest, _)| ends_joined(rest))
        }
        Some(b'\r') => carriage_return(input).is_ok(),
        Some(byte) => ENDS_WORD[usize::from(*byte)],
    }
}

fn ends_joined(input: &[u8]) -> bool {
    input.first() != Some(&b'\\') && ends_word(input)
}

/// A word that could be reserved, up to its end.
pub(super) fn keyword(input: &[u8]) -> Lexed<'_> {
    let (rest, word) = take_while_m_n(1, 8, |byte: u8| byte.is_ascii_lowercase() || b"{}[]!".contains(&byte))
        .parse(input)?;
    if ends_word(rest) { Ok((rest, word)) } else { Err(nom::Err::Error(())) }
}

/// A name of a variable.
pub(super) fn name(input: &[u8]) -> Lexed<'_> {
    verify(take_while1(is_name), |name: &[u8]| !name[0].is_ascii_digit()).parse(input)
}

/// `name=`, `name+=`, `name[index]=`; an index with blanks is not taken, since sh would see several words.
pub(super) fn assignment(input: &[u8]) -> Lexed<'_> {
    let index = (tag("["), take_till(|byte| byte == b']' || ENDS_WORD[usize::from(byte)]), tag("]"));
    recognize((name, opt(index), opt(tag("+")), tag("="))).parse(input)
}

/// `name[` whose bracket is still open at the end of the word: for bash an assignment, for sh not.
pub(super) fn open_index(input: &[u8]) -> Lexed<'_> {
    let index = take_till(|byte| byte == b']' || ENDS_WORD[usize::from(byte)]);
    recognize((name, tag("["), index, not(tag("]")))).parse(input)
}

/// The operator of a redirection, with the descriptor before it.
pub(super) fn redirect(input: &[u8]) -> Lexed<'_> {
    alt((tag("&>>"), tag("&>"), recognize((opt(descriptor), redirect_operator)))).parse(input)
}

fn descriptor(input: &[u8]) -> Lexed<'_> {
    alt((digit1, recognize((tag("{"), name, tag("}"))))).parse(input)
}

fn redirect_operator(input: &[u8]) -> Lexed<'_> {
    alt((
        tag("<<<"),
        tag("<<-"),
        tag("<<"),
        tag("<>"),
        tag("<&"),
        tag(">>"),
        tag(">&"),
        tag(">|"),
        terminated(alt((tag("<"), tag(">"))), not(tag("("))),
    ))
    .parse(input)
}

/// `time`, with `-p` if that follows.
pub(super) fn time(input: &[u8]) -> Lexed<'_> {
    let (rest, word) = tag("time").parse(input)?;
    match recognize((tag("time"), take_while1(is_blank), tag("-p"))).parse(input) {
        Ok((behind, all)) if ends_word(behind) => Ok((behind, all)),
        Ok(_) | Err(nom::Err::Error(())) => Ok((rest, word)),
        Err(error) => Err(error),
    }
}

/// The beginning of `${…}` up to its operator or its end: prefix and parameter. What the shell would not take for one,
/// such as `${foo bar}` or a template's `${a.b}`, is not taken here.
pub(super) fn parameter(input: &[u8]) -> Lexed<'_> {
    let follows = |input| peek(one_of("}:-=?+#%/^,@*[")).parse(input);
    let plain = terminated(parameter_name, follows);
    let prefixed = recognize((one_of("#!"), terminated(parameter_name, follows)));
    preceded(tag("${"), alt((prefixed, plain))).parse(input)
}

fn parameter_name(input: &[u8]) -> Lexed<'_> {
    alt((name, digit1, recognize(one_of("@*#?-$!")))).parse(input)
}

/// An operator between two operands of `[[ … ]]`.
pub(super) fn test_operator(input: &[u8]) -> Lexed<'_> {
    if let Some(b'<' | b'>') = input.first() {
        return alt((tag("<"), tag(">"))).parse(input);
    }
    let words = alt((tag("=="), tag("=~"), tag("="), tag("!="), recognize((tag("-"), alpha1))));
    let (rest, operator) =
        verify(words, |word: &[u8]| !word.starts_with(b"-") || is_comparison(word)).parse(input)?;
    if ends_word(rest) { Ok((rest, operator)) } else { Err(nom::Err::Error(())) }
}

fn is_comparison(word: &[u8]) -> bool {
    matches!(word, b"-eq" | b"-ne" | b"-lt" | b"-le" | b"-gt" | b"-ge" | b"-nt" | b"-ot" | b"-ef")
}

/// A comment up to the end of its line.
pub(super) fn comment(input: &[u8]) -> Lexed<'_> {
    let (_, line) = recognize((tag("#"), take_till(|byte| byte == b'\n'))).parse(input)?;
    let length = line.len() - usize::from(line.ends_with(b"\r"));
    Ok((&input[length..], &input[..length]))
}

/// The text up to the parenthesis that closes the one which is open before `input`, if another closes directly
/// behind it: what bash takes for arithmetic behind `((`.
fn closed_twice(input: &[u8]) -> Option<&[u8]> {
    let (mut rest, mut inner) = (input, 0_u32);
    loop {
        rest = grouped(rest).map_or(&[][..], |(rest, _)| rest);
        let length = match rest {
            [b')', b')', ..] if inner == 0 => return Some(&input[..input.len() - rest.len()]),
            [b')', ..] => {
                inner = inner.checked_sub(1)?;
                1
            }
            [b'(', ..] => {
                inner += 1;
                1
            }
            [quote @ (b'\'' | b'"'), tail @ ..] => memchr::memchr(*quote, tail)? + 2,
            [b'\\', _, ..] => 2,
            [_, ..] => 1,
            [] => return None,
        };
        rest = &rest[length..];
    }
}

/// Whether `((` with `input` behind it is arithmetic. Two words with nothing between them are no expression but a
/// command, which some write in two parentheses: `(( find / -name core || true ))`.
pub(super) fn is_arithmetic(input: &[u8]) -> bool {
    let is_quote = |byte: &u8| b"'\"".contains(byte);
    let is_operand = |byte: &u8| is_name(*byte) || *byte == b'$';
    let words_meet = |text: &[u8]| {
        let mut words = text.split(|byte| is_blank(*byte)).filter(|word| !word.is_empty());
        let mut after_operand = false;
        words.any(|word| {
            let meets =
                after_operand && word.first().is_some_and(|first| is_operand(first) || is_quote(first));
            after_operand = word.last().is_some_and(is_operand) && !word.iter().any(is_quote);
            meets
        })
    };
    closed_twice(input).is_some_and(|text| !words_meet(text))
}
