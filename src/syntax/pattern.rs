//! Patterns of `*`, `?` and escapes, as `${name#pattern}` and `${name/pattern/text}` have them.
//!
//! They match as Go's regular expressions do that BuildKit makes of them; one that takes too many steps is refused.

use std::collections::HashSet;

use super::expand::BadWord;

type Result<T> = std::result::Result<T, BadWord>;

/// Patterns longer than this are refused.
const MAX_PATTERN: usize = 500;

/// Matching gives up after this many steps: to replace nested `*` takes the square of a value's length times that of
/// the pattern, and no real file needs it.
const MAX_STEPS: usize = 100_000;

/// One piece of a pattern.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Glob {
    Char(char),
    Any,
    Many { greedy: bool },
}

/// A pattern of `*`, `?` and escapes.
pub(super) fn glob(pattern: &str, greedy: bool) -> Result<Vec<Glob>> {
    let mut out = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(char) = chars.next() {
        out.push(match char {
            '*' => Glob::Many { greedy },
            '?' => Glob::Any,
            '\\' if matches!(chars.peek(), Some('}' | '/')) => continue,
            '\\' => match chars.next() {
                Some(c @ ('*' | '?' | '\\')) => Glob::Char(c),
                other => {
                    return Err(BadWord(format!(
                        "invalid escape \\{}",
                        other.map_or(String::new(), String::from)
                    )));
                }
            },
            other => Glob::Char(other),
        });
    }
    if out.len() > MAX_PATTERN {
        return Err(BadWord("a pattern is too long".into()));
    }
    Ok(out)
}

/// How many characters at the start of `text` the pattern takes. `.` matches no newline.
///
/// # Errors
/// Where it takes too long; `steps` is what is left of the time.
fn matched(text: &[char], pattern: &[Glob], steps: &mut usize) -> Result<Option<usize>> {
    let mut matcher = Matcher { text, pattern, failed: HashSet::new(), steps };
    let found = matcher.from(0, 0);
    if *matcher.steps == 0 { Err(BadWord("a pattern takes too long".into())) } else { Ok(found) }
}

/// Backtracking that remembers where it failed, so that it stays polynomial.
struct Matcher<'a> {
    text: &'a [char],
    pattern: &'a [Glob],
    failed: HashSet<(usize, usize)>,
    steps: &'a mut usize,
}

impl Matcher<'_> {
    /// Where the match of `pattern[piece..]` at `at` ends. Its depth is the length of the pattern.
    fn from(&mut self, at: usize, piece: usize) -> Option<usize> {
        let Some(&glob) = self.pattern.get(piece) else { return Some(at) };
        *self.steps = self.steps.saturating_sub(1);
        if *self.steps == 0 || self.failed.contains(&(at, piece)) {
            return None;
        }
        let text = self.text;
        let found = match glob {
            Glob::Char(p) => {
                (text.get(at) == Some(&p)).then_some(()).and_then(|()| self.from(at + 1, piece + 1))
            }
            Glob::Any => text.get(at).filter(|c| **c != '\n').and_then(|_| self.from(at + 1, piece + 1)),
            Glob::Many { greedy } => {
                let most = text[at..].iter().position(|c| *c == '\n').unwrap_or(text.len() - at);
                (0..=most).find_map(|n| self.from(at + if greedy { most - n } else { n }, piece + 1))
            }
        };
        if found.is_none() {
            self.failed.insert((at, piece));
        }
        found
    }
}

/// `value` without the prefix that the pattern takes; twice the operator asks for the longest.
pub(super) fn strip(value: &str, pattern: &str, op: char) -> Result<String> {
    let (greedy, pattern) = match pattern.strip_prefix(op) {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let chars: Vec<char> = value.chars().collect();
    let taken = matched(&chars, &glob(pattern, greedy)?, &mut { MAX_STEPS })?.unwrap_or(0);
    Ok(chars[taken..].iter().collect())
}

pub(super) fn replace(value: &[char], pattern: &[Glob], replacement: &str, all: bool) -> Result<String> {
    let mut steps = MAX_STEPS;
    let mut out = String::new();
    let (mut at, mut once, mut after_match) = (0, false, false);
    while at <= value.len() {
        let found = if once && !all { None } else { matched(&value[at..], pattern, &mut steps)? };
        match found {
            // Go allows no empty match right behind a match
            Some(n) if !(n == 0 && after_match) => {
                out.push_str(replacement);
                steps = steps.saturating_sub(replacement.len());
                once = true;
                at += n;
                after_match = n > 0;
                if n > 0 {
                    continue;
                }
            }
            _ => after_match = false,
        }
        if let Some(char) = value.get(at) {
            out.push(*char);
        }
        at += 1;
    }
    Ok(out)
}

/// A pattern read from behind, its escapes kept in front of what they escape.
pub(super) fn reversed(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = vec!['\0'; chars.len()];
    let mut i = 0;
    while i < chars.len() {
        let to = chars.len() - 1 - i;
        if chars[i] == '\\' && i + 1 < chars.len() {
            out[to - 1] = '\\';
            out[to] = chars[i + 1];
            i += 2;
        } else {
            out[to] = chars[i];
            i += 1;
        }
    }
    out.into_iter().collect()
}
