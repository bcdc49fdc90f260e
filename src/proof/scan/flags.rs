//! The flags before a command, which are words of the builder and not of the shell.
//!
//! Must not know: what flags there are.

use super::is_white;
use super::piece::Kind;
use super::shell::Scanner;

impl Scanner<'_> {
    /// Takes the flags at the start of the text.
    pub(super) fn flags(&mut self, escape: u8) -> Option<()> {
        loop {
            while self.peek(0).is_some_and(is_white) {
                self.at += 1;
                self.blank = true;
            }
            if !self.text[self.at..].starts_with(b"--") {
                return Some(());
            }
            let length = flag_length(&self.text[self.at..], escape)?;
            let is_last = length == 2;
            self.emit(Kind::Flag, length)?;
            if is_last {
                self.blank = true;
                return Some(());
            }
        }
    }
}

/// A flag ends at white space outside of quotes; the escape byte works inside both kinds of quotes.
fn flag_length(text: &[u8], escape: u8) -> Option<usize> {
    let mut quote = None;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match quote {
            // The builder takes each byte for a character: these two would be white space.
            _ if matches!(byte, 0x85 | 0xa0) => return None,
            _ if byte == escape => at += 1,
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if is_white(byte) => return Some(at),
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            None => {}
        }
        at += 1;
    }
    (quote.is_none() && at == text.len()).then_some(at)
}
