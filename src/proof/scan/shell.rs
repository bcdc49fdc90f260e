//! Shell text to pieces.
//!
//! A stack of what is open, no grammar: it knows words, quotes, expansions, operators, comments, heredocs, and of the
//! reserved words those that change how bytes are read (`case`, `esac`, `[[`). Where shells disagree, or the text is odd,
//! it gives up: the caller then allows no change at all.
//! Must not know: the Dockerfile.

use super::join::{first_line, without_end};
use super::piece::{Kind, Piece, Pieces};

/// Deeper nesting is not scanned.
const DEPTH: usize = 64;

/// Longest first: the first that fits is the token.
const OPERATORS: [&[u8]; 21] = [
    b"&>>", b"<<-", b"<<<", b";;&", b"&&", b"||", b";;", b";&", b"|&", b"&>", b">>", b"<<", b">&", b"<&",
    b"<>", b">|", b"&", b"|", b";", b"<", b">",
];

/// Words after which a command may begin.
const BEFORE_COMMAND: [&[u8]; 15] = [
    b"if", b"then", b"elif", b"else", b"fi", b"while", b"until", b"do", b"done", b"{", b"}", b"!", b"in",
    b"esac", b"time",
];

/// The flags and the command of a RUN, in one line. `None`: not understood.
pub(super) fn command(text: &[u8], escape: u8) -> Option<Pieces> {
    let mut scanner = Scanner::new(text);
    scanner.flags(escape)?;
    scanner.all()?;
    scanner.pieces.pin_heredocs();
    Some(scanner.pieces)
}

/// A script. `None`: not understood.
pub(super) fn script(text: &[u8]) -> Option<Pieces> {
    let mut scanner = Scanner::new(text);
    scanner.all()?;
    scanner.pieces.drop_last(Kind::Newline);
    scanner.heredocs.is_empty().then_some(scanner.pieces)
}

/// The name that ends a heredoc, if the piece at `index` is a plain or quoted word.
pub(super) fn heredoc_name(pieces: &Pieces, index: usize) -> Option<Vec<u8>> {
    let word = pieces.get(index).filter(|piece| piece.kind == Kind::Text)?;
    let goes_on = pieces.get(index + 1).is_some_and(|next| next.kind == Kind::Open && !next.blank);
    let text = pieces.text(word);
    if goes_on || text.iter().any(|byte| b"$`\n".contains(byte)) {
        return None;
    }
    Some(text.iter().copied().filter(|byte| !b"'\"\\".contains(byte)).collect())
}

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// `( … )`: commands; blanks are free.
    Paren,
    /// `$( … )` and the like: commands, in a word.
    Substitution,
    /// `case … esac`: a `)` ends a pattern.
    Case,
    /// `[[ … ]]`: words, where no operator separates.
    Test,
    /// `" … "`.
    Quote,
    /// `${ … }`.
    Brace,
    /// `(( … ))`, `$(( … ))`.
    Arithmetic,
    /// A parenthesis within the last, within `[[ ]]`, or of a glob: `@( … )`.
    Group,
}

impl Frame {
    pub(super) fn is_exact(self) -> bool {
        matches!(self, Frame::Quote | Frame::Brace | Frame::Arithmetic | Frame::Group)
    }
}

/// A scan under way. Its functions give up with `None`.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pieces: Pieces,
    pub(super) frames: Vec<Frame>,
    /// How many of the frames allow no change.
    exact: usize,
    /// Whether free blanks were seen since the last piece.
    pub(super) blank: bool,
    /// Whether the last piece is a word that goes on.
    in_text: bool,
    /// Heredocs whose body begins after this line: where the name is among the pieces, and whether tabs are dropped.
    heredocs: Vec<(usize, bool)>,
}

/// Reading and emitting.
impl<'a> Scanner<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            pieces: Pieces::default(),
            frames: Vec::new(),
            exact: 0,
            blank: false,
            in_text: false,
            heredocs: Vec::new(),
        }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    /// Takes bytes as they are into the word.
    pub(super) fn take(&mut self, count: usize) -> Option<()> {
        let bytes = self.text.get(self.at..self.at + count)?;
        if !self.in_text {
            self.start(Kind::Text);
            self.in_text = true;
        }
        self.pieces.extend(bytes);
        self.at += count;
        Some(())
    }

    /// Takes bytes as a piece of their own.
    pub(super) fn emit(&mut self, kind: Kind, count: usize) -> Option<()> {
        let bytes = self.text.get(self.at..self.at + count)?;
        self.start(kind);
        self.in_text = false;
        self.pieces.extend(bytes);
        self.at += count;
        Some(())
    }

    fn start(&mut self, kind: Kind) {
        self.pieces.start(kind, self.at, std::mem::take(&mut self.blank));
    }

    pub(super) fn enter(&mut self, frame: Frame) -> Option<()> {
        self.exact += usize::from(frame.is_exact());
        self.frames.push(frame);
        (self.frames.len() <= DEPTH).then_some(())
    }

    pub(super) fn leave(&mut self) -> Option<()> {
        let frame = self.frames.pop()?;
        self.exact -= usize::from(frame.is_exact());
        Some(())
    }

    fn all(&mut self) -> Option<()> {
        while self.at < self.text.len() {
            match self.frames.last().copied() {
                None | Some(Frame::Paren | Frame::Substitution | Frame::Case) => self.in_command()?,
                Some(Frame::Test) => self.in_test()?,
                Some(frame) => self.in_quotes(frame)?,
            }
        }
        self.end_word(false)?;
        self.frames.is_empty().then_some(())
    }
}

/// Commands: blanks, words, operators.
impl Scanner<'_> {
    fn in_command(&mut self) -> Option<()> {
        self.gap()?;
        let Some(byte) = self.peek(0) else { return Some(()) };
        match byte {
            // What the blanks ended may have opened `[[`.
            _ if self.frames.last() == Some(&Frame::Test) => Some(()),
            b'\n' => self.newline(),
            b'#' if !self.in_word() => self.comment(),
            // A comment after `((a))`, but not after `$(a)`, and `<(a)` is in dispute.
            b'#' if self.text[..self.at].ends_with(b")") => None,
            b'(' => self.open_paren(),
            b')' => self.close_paren(),
            b'<' | b'>' if self.peek(1) == Some(b'(') => self.open(2),
            b'<' | b'>' | b'&' | b'|' | b';' => self.operator(),
            b'\'' => self.single_quotes(),
            b'"' => self.double_quotes(),
            b'`' => self.backticks(),
            b'$' => self.dollar(),
            b'\\' => self.take(2),
            _ => self.take(1),
        }
    }

    /// Whether the next byte belongs to the word before it.
    pub(super) fn in_word(&self) -> bool {
        let closed = || self.pieces.last().is_some_and(|piece| piece.kind == Kind::Close);
        self.in_text || (closed() && !self.blank)
    }

    /// Blanks, and in a script the continuations between them.
    pub(super) fn gap(&mut self) -> Option<()> {
        let start = self.at;
        let mut blank = false;
        loop {
            match self.peek(0) {
                Some(b' ' | b'\t') => blank = true,
                Some(b'\\') if self.peek(1) == Some(b'\n') => self.at += 1,
                _ => break,
            }
            self.at += 1;
        }
        if blank {
            self.end_word(true)?;
        } else if self.at > start && self.peek(0).is_some_and(|byte| b"&|;<>(#-".contains(&byte)) {
            // A continuation alone may split an operator, and shells disagree whether it does.
            return None;
        }
        if self.exact == 0 {
            self.blank |= blank;
            return Some(());
        }
        let count = self.at - start;
        self.at = start;
        match count {
            0 => Some(()),
            _ if self.in_text => self.take(count),
            _ => self.emit(Kind::Gap, count),
        }
    }

    /// Ends the word, and opens or closes what it is the sign of.
    fn end_word(&mut self, blank: bool) -> Option<()> {
        let in_text = std::mem::take(&mut self.in_text);
        let (Some(word), frame) = (self.pieces.last(), self.frames.last()) else { return Some(()) };
        if !in_text || frame == Some(&Frame::Test) {
            return Some(());
        }
        match self.pieces.text(word) {
            b"case" if blank && self.begins_command() => self.enter(Frame::Case),
            b"esac" if frame == Some(&Frame::Case) && self.begins_command() => self.leave(),
            b"[[" if blank => self.enter(Frame::Test),
            _ => Some(()),
        }
    }

    /// Whether the last piece stands where a command may begin.
    fn begins_command(&self) -> bool {
        let mut before =
            (0..self.pieces.len().saturating_sub(1)).rev().filter_map(|index| self.pieces.get(index));
        let Some(before) = before.find(|piece| piece.kind != Kind::Gap) else { return true };
        let text = self.pieces.text(before);
        match before.kind {
            Kind::Operator => !text.iter().any(|byte| b"<>".contains(byte)),
            Kind::Text => BEFORE_COMMAND.contains(&text),
            Kind::Close | Kind::Descriptor => false,
            _ => true,
        }
    }

    fn operator(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))?;
        if self.in_text && matches!(operator[0], b'<' | b'>') && self.last_is_descriptor() {
            self.pieces.turn_last(Kind::Descriptor);
            self.in_text = false;
        }
        self.end_word(false)?;
        self.emit(Kind::Operator, operator.len())?;
        if matches!(operator, b"<<" | b"<<-") {
            self.heredocs.push((self.pieces.len(), operator == b"<<-"));
        }
        Some(())
    }

    fn last_is_descriptor(&self) -> bool {
        let text = self.pieces.last().map_or(&b""[..], |piece| self.pieces.text(piece));
        text.iter().all(u8::is_ascii_digit) || (text.starts_with(b"{") && text.ends_with(b"}"))
    }

    fn open_paren(&mut self) -> Option<()> {
        let last = if self.in_text { self.text[..self.at].last().copied() } else { None };
        if last.is_some_and(|byte| b"?*+@!".contains(&byte)) {
            self.take(1)?;
            return self.enter(Frame::Group);
        }
        if self.in_word() && !self.is_function(last) {
            return self.open(1);
        }
        if last.is_none() && self.peek(1) == Some(b'(') {
            self.take(2)?;
            return self.enter(Frame::Arithmetic);
        }
        self.end_word(false)?;
        self.emit(Kind::Operator, 1)?;
        self.enter(Frame::Paren)
    }

    /// Whether this is the `(` of `name()`, before which a blank may stand.
    fn is_function(&self, last: Option<u8>) -> bool {
        let mut inside = self.text[self.at + 1..].iter().skip_while(|byte| matches!(byte, b' ' | b'\t'));
        last.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && inside.next() == Some(&b')')
    }

    /// Opens commands inside a word.
    pub(super) fn open(&mut self, count: usize) -> Option<()> {
        self.emit(Kind::Open, count)?;
        self.enter(Frame::Substitution)
    }

    fn close_paren(&mut self) -> Option<()> {
        self.end_word(false)?;
        match self.frames.last()? {
            Frame::Case => self.emit(Kind::Operator, 1),
            Frame::Substitution => self.emit(Kind::Close, 1).and_then(|()| self.leave()),
            _ => self.emit(Kind::Operator, 1).and_then(|()| self.leave()),
        }
    }

    fn comment(&mut self) -> Option<()> {
        let line = memchr::memchr(b'\n', &self.text[self.at..]).map_or(self.text.len(), |end| self.at + end);
        let text = &self.text[self.at..line];
        let blanks = text.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let kept = if self.exact == 0 { text.len() - blanks } else { text.len() };
        self.emit(Kind::Comment, kept)?;
        self.at = line;
        Some(())
    }

    /// The end of a line: nothing after another, after a heredoc, at the start, or after an operator that awaits a command.
    pub(super) fn newline(&mut self) -> Option<()> {
        self.end_word(true)?;
        let is_nothing = |last: Piece| match last.kind {
            Kind::Newline | Kind::Body => true,
            Kind::Operator => matches!(self.pieces.text(last), b"&&" | b"||" | b"|"),
            _ => false,
        };
        if self.exact == 0 && self.pieces.last().is_none_or(is_nothing) {
            self.at += 1;
        } else {
            self.emit(Kind::Newline, 1)?;
        }
        std::mem::take(&mut self.heredocs).into_iter().try_for_each(|(name, tabs)| self.heredoc(name, tabs))
    }

    fn heredoc(&mut self, name: usize, tabs: bool) -> Option<()> {
        let is_gap = self.pieces.get(name).is_some_and(|piece| piece.kind == Kind::Gap);
        let name = heredoc_name(&self.pieces, name + usize::from(is_gap))?;
        let mut count = 0;
        loop {
            let line = first_line(&self.text[self.at + count..]);
            let tabs = if tabs { line.iter().take_while(|byte| **byte == b'\t').count() } else { 0 };
            if line.is_empty() {
                return None;
            }
            count += line.len();
            if without_end(&line[tabs..]) == name {
                return self.emit(Kind::Body, count);
            }
        }
    }
}
