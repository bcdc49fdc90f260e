//! Places of the protocol and offsets in bytes.
//!
//! Lines end as the protocol has it: with `\n`, `\r\n` or `\r`. What lies past the end of a line or of the text is the
//! end, and what lies inside of a character is its beginning, so that no client can point at what is not there.

use std::ops::Range;

use lsp_types::{ClientCapabilities, Position, PositionEncodingKind, Range as Span};
use ropey::Rope;

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: what every client can.
    Utf16,
}

impl Encoding {
    /// Bytes where the client offers them first or second: they cost nothing; else UTF-16.
    pub fn agreed(client: &ClientCapabilities) -> Self {
        let offered = client.general.as_ref().and_then(|g| g.position_encodings.as_ref());
        let utf8 = offered.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8));
        if utf8 { Self::Utf8 } else { Self::Utf16 }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    const fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }

    /// The offset of a place.
    pub fn offset(self, text: &Rope, at: Position) -> usize {
        let (line, column) = (at.line as usize, at.character as usize);
        if line >= text.len_lines() {
            return text.len_bytes();
        }
        let (mut offset, mut units) = (text.line_to_byte(line), 0);
        for c in text.line(line).chars() {
            units += self.width(c);
            if units > column || matches!(c, '\n' | '\r') {
                break;
            }
            offset += c.len_utf8();
        }
        offset
    }

    /// The offsets of a range; one that is inside out is turned.
    pub fn offsets(self, text: &Rope, range: Span) -> Range<usize> {
        let (start, end) = (self.offset(text, range.start), self.offset(text, range.end));
        start.min(end)..start.max(end)
    }

    /// The place of an offset.
    pub fn position(self, text: &Rope, offset: usize) -> Position {
        // an offset inside of a character is the place of the character
        let offset = text.char_to_byte(text.byte_to_char(offset.min(text.len_bytes())));
        let line = text.byte_to_line(offset);
        let before = text.byte_slice(text.line_to_byte(line)..offset);
        let column: usize = before.chars().map(|c| self.width(c)).sum();
        Position::new(line as u32, column as u32)
    }

    /// The range of offsets.
    pub fn range(self, text: &Rope, offsets: Range<usize>) -> Span {
        Span::new(self.position(text, offsets.start), self.position(text, offsets.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\u{feff}a😀b\r\né\u{2028}\n\rlast";

    #[track_caller]
    fn check(encoding: Encoding, line: u32, column: u32, offset: usize, back: (u32, u32)) {
        let text = Rope::from_str(TEXT);
        assert_eq!(encoding.offset(&text, Position::new(line, column)), offset);
        assert_eq!(encoding.position(&text, offset), Position::new(back.0, back.1));
    }

    #[test]
    fn characters_outside_of_the_first_plane_are_two_units() {
        check(Encoding::Utf16, 0, 2, 4, (0, 2));
        check(Encoding::Utf16, 0, 4, 8, (0, 4));
        check(Encoding::Utf8, 0, 8, 8, (0, 8));
        // in the middle of a pair
        check(Encoding::Utf16, 0, 3, 4, (0, 2));
        check(Encoding::Utf8, 0, 6, 4, (0, 4));
    }

    #[test]
    fn lines_end_as_the_protocol_has_it() {
        check(Encoding::Utf16, 1, 0, 11, (1, 0));
        // a separator of Unicode ends no line
        check(Encoding::Utf16, 1, 2, 16, (1, 2));
        check(Encoding::Utf16, 2, 0, 17, (2, 0));
        check(Encoding::Utf16, 3, 4, 22, (3, 4));
    }

    #[test]
    fn what_is_not_there_is_the_end() {
        check(Encoding::Utf16, 0, 99, 9, (0, 5));
        check(Encoding::Utf16, 3, 99, 22, (3, 4));
        check(Encoding::Utf16, 99, 0, 22, (3, 4));
        assert_eq!(Encoding::Utf16.position(&Rope::from_str(TEXT), 6), Position::new(0, 2));
        assert_eq!(Encoding::Utf16.position(&Rope::from_str(TEXT), 999), Position::new(3, 4));
    }
}
