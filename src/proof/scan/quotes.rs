//! What stands in quotes, expansions, arithmetic and `[[ ]]`: where it ends, and that all of it is one word.
//!
//! Must not know: what a command is. An expansion that holds commands is handed back to [`super::shell`] by its frame.

use super::shell::{Frame, Scanner};

/// Quotes and expansions.
impl Scanner<'_> {
    pub(super) fn in_quotes(&mut self, frame: Frame) -> Option<()> {
        match (frame, self.peek(0)?) {
            (_, b'\\') => self.take(2),
            (_, b'`') => self.backticks(),
            (_, b'$') => self.dollar(),
            (Frame::Quote, b'"') | (Frame::Brace, b'}') | (Frame::Group, b')') => {
                self.take(1).and_then(|()| self.leave())
            }
            (Frame::Quote, _) => self.take(1),
            (_, b'"') => self.double_quotes(),
            (_, b'\'') => self.single_quotes_in(frame),
            (Frame::Brace, _) => self.take(1),
            (_, b'(') => self.take(1).and_then(|()| self.enter(Frame::Group)),
            (_, b')') => self.end_arithmetic(),
            (_, b'#') => self.no_comment(),
            _ => self.take(1),
        }
    }

    /// Inside `[[ ]]` all is words, so that no blank is free but its length; inside a parenthesis not even that.
    pub(super) fn in_test(&mut self) -> Option<()> {
        self.gap()?;
        let Some(byte) = self.peek(0) else { return Some(()) };
        match byte {
            b'\n' => self.newline(),
            // A shell that has no `[[` would read a heredoc.
            b'<' if self.peek(1) == Some(b'<') => None,
            b']' if !self.in_word() && self.is_test_end() => self.take(2).and_then(|()| self.leave()),
            _ => self.in_quotes(Frame::Test),
        }
    }

    fn is_test_end(&self) -> bool {
        self.peek(1) == Some(b']') && self.peek(2).is_none_or(|byte| b" \t\n;&|)<>".contains(&byte))
    }

    /// Two parentheses close what two have opened; one alone means that it was no arithmetic.
    fn end_arithmetic(&mut self) -> Option<()> {
        let closes = self.frames.last() == Some(&Frame::Arithmetic) && self.peek(1) == Some(b')');
        if closes { self.take(2).and_then(|()| self.leave()) } else { None }
    }

    /// A `#` here is part of a number or pattern; where it could begin a comment we are somewhere else than it seemed.
    fn no_comment(&mut self) -> Option<()> {
        let before = self.text[..self.at].last()?;
        if b" \t\n();&|".contains(before) { None } else { self.take(1) }
    }

    pub(super) fn double_quotes(&mut self) -> Option<()> {
        self.take(1)?;
        self.enter(Frame::Quote)
    }

    pub(super) fn single_quotes(&mut self) -> Option<()> {
        let inside = memchr::memchr(b'\'', self.text.get(self.at + 1..)?)?;
        self.take(inside + 2)
    }

    /// Shells disagree whether `'` quotes inside of `"${ }"` and arithmetic: fine where it makes no difference.
    fn single_quotes_in(&mut self, frame: Frame) -> Option<()> {
        let around = self.frames.iter().rev().find(|frame| **frame != Frame::Brace);
        let is_clear = match frame {
            Frame::Brace => !around.is_some_and(|frame| frame.is_exact()),
            _ => !self.frames.contains(&Frame::Arithmetic),
        };
        let start = self.at + 1;
        let inside = memchr::memchr(b'\'', &self.text[start..])?;
        let is_plain = || !self.text[start..start + inside].iter().any(|byte| b"}\"\\`$()".contains(byte));
        if is_clear || is_plain() { self.take(inside + 2) } else { None }
    }

    /// `$'…'`: shells disagree whether a backslash keeps the quote from ending it.
    fn ansi_quotes(&mut self) -> Option<()> {
        let start = self.at + 2;
        let inside = memchr::memchr(b'\'', &self.text[start..])?;
        let end = &self.text[start..start + inside];
        let backslashes = end.iter().rev().take_while(|byte| **byte == b'\\').count();
        if backslashes % 2 == 0 { self.take(1) } else { None }
    }

    pub(super) fn backticks(&mut self) -> Option<()> {
        let mut count = 1;
        loop {
            match self.peek(count)? {
                b'`' => return self.take(count + 1),
                b'\\' => count += 2,
                _ => count += 1,
            }
        }
    }

    pub(super) fn dollar(&mut self) -> Option<()> {
        match (self.peek(1), self.peek(2)) {
            (Some(b'('), Some(b'(')) => self.take(3).and_then(|()| self.enter(Frame::Arithmetic)),
            (Some(b'('), _) => self.open(2),
            // Arithmetic for some shells, a pattern for others; and is it an expansion that the continuation splits?
            (Some(b'['), _) | (Some(b'\\'), Some(b'\n')) => None,
            // Bash 5.3 runs commands in these.
            (Some(b'{'), Some(b' ' | b'\t' | b'\n' | b'|')) => None,
            (Some(b'{'), _) => self.take(2).and_then(|()| self.enter(Frame::Brace)),
            (Some(b'\''), _) if self.frames.last() != Some(&Frame::Quote) => self.ansi_quotes(),
            (Some(b'$' | b'#' | b'!' | b'?' | b'*' | b'@' | b'-'), _) => self.take(2),
            _ => self.take(1),
        }
    }
}
