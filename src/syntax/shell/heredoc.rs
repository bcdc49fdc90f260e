//! Heredocs: what is pending, and the bodies.
//!
//! Invariants: bodies are read at the first newline token behind their redirections, in the order of these, one
//! token each with the line that ends it. What expands inside a body is not looked at.

use memchr::memchr;

use super::parser::{Backticks, Parsed, Parser, Refused};
use crate::syntax::node::{Kind, Node};

/// A heredoc whose body is still to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heredoc {
    /// Its delimiter, quotes and all.
    start: usize,
    end: usize,
    /// `<<-`: tabs at the beginning of lines do not count.
    tabs: bool,
}

impl Parser<'_, '_> {
    /// Remembers the heredoc whose delimiter has just been read.
    pub fn add_heredoc(&mut self, start: usize, tabs: bool) -> Parsed {
        let delimiter = &self.text[start..self.at];
        let unescaped_twice = self.backticks != Backticks::None && delimiter.contains(&b'\\');
        if unescaped_twice || delimiter.iter().any(|byte| b"$`\n".contains(byte)) {
            return Err(Refused);
        }
        self.heredocs.push(Heredoc { start, end: self.at, tabs });
        Ok(())
    }

    /// Reads the bodies that follow a newline.
    pub fn heredoc_bodies(&mut self) -> Parsed {
        for index in self.outer_heredocs..self.heredocs.len() {
            let length = self.body_length(self.heredocs[index]).ok_or(Refused)?;
            self.token(Kind::HeredocBody, length);
        }
        self.heredocs.truncate(self.outer_heredocs);
        Ok(())
    }

    /// The length of the body with its last line; none if that line is missing.
    fn body_length(&self, heredoc: Heredoc) -> Option<usize> {
        let spelled = &self.text[heredoc.start..heredoc.end];
        let quoted = spelled.iter().any(|byte| b"'\"\\".contains(byte));
        let unquoted = if quoted { unquote(spelled) } else { Vec::new() };
        let delimiter = if quoted { &unquoted[..] } else { spelled };
        let (mut at, mut joined) = (self.at, false);
        while at < self.text.len() {
            let end = memchr(b'\n', &self.text[at..]).map_or(self.text.len(), |length| at + length);
            let line = &self.text[at..end];
            let next = (end + 1).min(self.text.len());
            if !joined && trimmed(line, heredoc.tabs) == delimiter {
                return Some(next - self.at);
            }
            joined = !quoted && line.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
            at = next;
        }
        None
    }
}

/// A line as it is compared with the delimiter.
fn trimmed(line: &[u8], tabs: bool) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let blanks = if tabs { line.iter().take_while(|byte| **byte == b'\t').count() } else { 0 };
    &line[blanks..]
}

/// The delimiter that a quoted spelling stands for.
fn unquote(spelled: &[u8]) -> Vec<u8> {
    let (mut out, mut quote, mut at) = (Vec::new(), None, 0);
    while let Some(&byte) = spelled.get(at) {
        match (byte, quote) {
            (b'\'' | b'"', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            (b'\\', None) => {
                at += 1;
                out.extend(spelled.get(at));
            }
            (b'\\', Some(b'"')) if matches!(spelled.get(at + 1), Some(b'"' | b'\\')) => {
                at += 1;
                out.extend(spelled.get(at));
            }
            _ => out.push(byte),
        }
        at += 1;
    }
    out
}

/// Pairs each heredoc's [`Kind::Redirect`] with its [`Kind::HeredocBody`], by their indices in `nodes`.
pub fn heredocs(text: &[u8], nodes: &[Node]) -> Vec<(usize, usize)> {
    let (mut pairs, mut pending) = (Vec::new(), Vec::new());
    // Of each substitution around the node: where it ends, where its heredocs begin, and the next that has no body.
    let mut levels = vec![(usize::MAX, 0, 0)];
    for (index, node) in nodes.iter().enumerate() {
        while let Some((_, first, _)) = levels.pop_if(|(end, ..)| *end <= index) {
            pending.truncate(first);
        }
        match node.kind {
            Kind::Substitution => levels.push((node.next as usize, pending.len(), pending.len())),
            Kind::RedirectOp if is_heredoc(&text[node.start as usize..node.end as usize]) => {
                pending.push(index - 1);
            }
            Kind::HeredocBody => {
                if let Some((_, _, next)) = levels.last_mut()
                    && let Some(redirect) = pending.get(*next)
                {
                    pairs.push((*redirect, index));
                    *next += 1;
                }
            }
            _ => {}
        }
    }
    pairs
}

/// Whether a redirection with this operator has a body.
pub(super) fn is_heredoc(operator: &[u8]) -> bool {
    operator.ends_with(b"<<-") || (operator.ends_with(b"<<") && !operator.ends_with(b"<<<"))
}
