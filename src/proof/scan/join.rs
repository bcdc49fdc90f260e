//! Physical lines to the one line that the builder reads, and back.
//!
//! Nothing is put between two joined lines, and nothing of a line is lost but the escape byte at its end and the blanks
//! after it. Must not know: shell, keywords, heredocs (what follows the line is left as it is).

/// Bytes put together from slices of a source, with a way back.
#[derive(Default)]
pub(super) struct Mapped {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Offset in `bytes` and offset in the source of each slice, ascending.
    slices: Vec<(usize, usize)>,
}

impl Mapped {
    /// Appends a slice that stands at `source` in the source.
    pub fn push(&mut self, slice: &[u8], source: usize) {
        self.slices.push((self.bytes.len(), source));
        self.bytes.extend_from_slice(slice);
    }

    /// Where the byte at `at` stands in the source.
    pub fn source_of(&self, at: usize) -> usize {
        let after = self.slices.partition_point(|slice| slice.0 <= at);
        let (joined, source) = self.slices.get(after.wrapping_sub(1)).copied().unwrap_or((0, 0));
        source + (at - joined)
    }
}

/// A comment line that the builder drops.
pub(super) struct Comment<'a> {
    /// From `#` to the last byte that is no blank.
    pub text: &'a [u8],
    /// Where its line starts in the source.
    pub source: usize,
    /// How much of the joined line stands above it.
    pub joined: usize,
}

/// The logical line of an instruction.
pub(super) struct Joined<'a> {
    /// What the builder reads.
    pub line: Mapped,
    /// The comment lines between, in order.
    pub comments: Vec<Comment<'a>>,
    /// Whether the source ended where another line was awaited: what follows in the file would be swallowed.
    pub open: bool,
    /// Where the logical line ends in the source. Heredoc bodies follow.
    pub rest: usize,
}

/// Reads the logical line at the start of `source`.
pub(super) fn join(source: &[u8], escape: u8) -> Joined<'_> {
    let mut joined = Joined { line: Mapped::default(), comments: Vec::new(), open: true, rest: 0 };
    while joined.open && joined.rest < source.len() {
        let at = joined.rest;
        let line = first_line(&source[at..]);
        joined.rest += line.len();
        joined.take(without_end(line), at, escape);
    }
    joined
}

impl<'a> Joined<'a> {
    fn take(&mut self, line: &'a [u8], at: usize, escape: u8) {
        let text = trim_start(line);
        let first = self.line.slices.is_empty();
        if first {
            self.append(text, at + line.len() - text.len(), escape);
        } else if text.starts_with(b"#") {
            self.comment(text, at);
        } else if !text.is_empty() {
            self.append(line, at, escape);
        }
    }

    fn append(&mut self, text: &[u8], at: usize, escape: u8) {
        let continued = before_continuation(text, escape);
        self.open = continued.is_some();
        self.line.push(continued.unwrap_or(text), at);
    }

    /// Notes a comment line that belongs after all that was read so far.
    pub fn comment(&mut self, text: &'a [u8], source: usize) {
        self.comments.push(Comment { text: text.trim_ascii_end(), source, joined: self.line.bytes.len() });
    }
}

/// The line without its escape byte and what follows that, if it ends in a continuation. Two escape bytes are none.
fn before_continuation(line: &[u8], escape: u8) -> Option<&[u8]> {
    let blanks = line.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let kept = line[..line.len() - blanks].strip_suffix(&[escape])?;
    (!kept.ends_with(&[escape])).then_some(kept)
}

/// The first physical line with its end.
pub(super) fn first_line(source: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', source).map_or(source, |end| &source[..=end])
}

/// A line without the line feed and the carriage returns at its end.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let ends = line.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    &line[..line.len() - ends]
}

/// A line without the white space at its start, by Unicode: the builder drops a `#` line behind a no-break space too.
pub(super) fn trim_start(line: &[u8]) -> &[u8] {
    let valid = line.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    &line[valid.len() - valid.trim_start().len()..]
}
