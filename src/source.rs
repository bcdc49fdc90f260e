//! Places in bytes: spans, lines, line endings. Knows nothing of Dockerfiles.

use std::ops::Range;

/// A half-open range of byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// As a range that indexes a slice.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes it holds.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether it holds none.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// How lines end. A file keeps what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LineEnding {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    CrLf,
}

impl LineEnding {
    /// The ending that most lines of `text` have.
    pub fn of(text: &[u8]) -> Self {
        let (mut lf, mut crlf) = (0usize, 0usize);
        for at in memchr::memchr_iter(b'\n', text) {
            if at > 0 && text[at - 1] == b'\r' {
                crlf += 1;
            } else {
                lf += 1;
            }
        }
        if crlf > lf { Self::CrLf } else { Self::Lf }
    }

    /// Its bytes.
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }
}

/// The 1-based number of the line that holds `offset`.
pub fn line_number(text: &[u8], offset: usize) -> usize {
    memchr::memchr_iter(b'\n', &text[..offset.min(text.len())]).count() + 1
}
