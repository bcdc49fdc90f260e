//! What a scan leaves: the pieces of a text, and the relation that two of them must be in.
//!
//! Blanks that are free are no piece, only a mark on the piece after them; blanks that are not free are a piece. So two
//! texts are the same if their pieces are, and no blank has come or gone between two pieces of a word.
//! Must not know: how pieces are found.

/// What a piece is. The same bytes of another kind are another piece: the `2` of `2>` and that of `2 >`, `#` at the
/// start of a word and inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A flag of the instruction.
    Flag,
    /// A word or a part of one, its quotes included.
    Text,
    /// The digits (or `{name}`) that a redirection begins with.
    Descriptor,
    /// `$(`, `<(`, `>(`, or a `(` that belongs to the word before it.
    Open,
    /// The `)` of one of these: what follows without a blank is the same word.
    Close,
    /// An operator of the shell.
    Operator,
    /// Blanks that must stay as they are.
    Gap,
    /// The end of a command line, in a script.
    Newline,
    /// From a `#` at the start of a word to the end of the line.
    Comment,
    /// A heredoc inside a script, its last line included.
    Body,
}

impl Kind {
    fn begins_word(self) -> bool {
        matches!(self, Kind::Flag | Kind::Text | Kind::Descriptor | Kind::Open)
    }

    fn ends_word(self) -> bool {
        matches!(self, Kind::Flag | Kind::Text | Kind::Close)
    }
}

/// A piece of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// What it is.
    pub kind: Kind,
    /// Its place in [`Pieces::bytes`].
    start: usize,
    end: usize,
    /// Where it begins in the text that was scanned.
    pub at: usize,
    /// Whether free blanks stand before it.
    pub blank: bool,
    /// Whether the builder's own lexer may see a heredoc here, so that no blank beside it is free.
    pinned: bool,
}

/// The pieces of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    list: Vec<Piece>,
    /// The bytes of all pieces: those of the text without what is free.
    bytes: Vec<u8>,
}

/// Two places that differ (offsets in the texts that were scanned) and how.
pub(super) type Mismatch = (usize, usize, &'static str);

impl Pieces {
    /// Begins a piece.
    pub fn start(&mut self, kind: Kind, at: usize, blank: bool) {
        let end = self.bytes.len();
        self.list.push(Piece { kind, start: end, end, at, blank, pinned: false });
    }

    /// Makes the last piece longer.
    pub fn extend(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if let Some(last) = self.list.last_mut() {
            last.end = self.bytes.len();
        }
    }

    /// The piece at an index.
    pub fn get(&self, index: usize) -> Option<Piece> {
        self.list.get(index).copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The last one.
    pub fn last(&self) -> Option<Piece> {
        self.list.last().copied()
    }

    /// Gives the last piece another kind.
    pub fn turn_last(&mut self, kind: Kind) {
        if let Some(last) = self.list.last_mut() {
            last.kind = kind;
        }
    }

    /// Takes the last piece away if it is of this kind.
    pub fn drop_last(&mut self, kind: Kind) {
        if self.last().is_some_and(|piece| piece.kind == kind) {
            self.list.pop();
        }
    }

    /// The bytes of a piece.
    pub fn text(&self, piece: Piece) -> &[u8] {
        &self.bytes[piece.start..piece.end]
    }

    /// Pins all pieces that stand together with a `<<`: the builder splits the line at blanks only, so that `<<A;` awaits
    /// another end than `<<A ;`, and `b<<A` awaits none.
    pub fn pin_heredocs(&mut self) {
        let mut start = 0;
        for index in 1..=self.list.len() {
            if self.stands_together(index) {
                continue;
            }
            if (start..index).any(|each| self.has_heredoc(self.list[each])) {
                self.list[start..index].iter_mut().for_each(|piece| piece.pinned = true);
            }
            start = index;
        }
    }

    fn stands_together(&self, index: usize) -> bool {
        let after_heredoc = || self.text(self.list[index - 1]).starts_with(b"<<");
        self.get(index).is_some_and(|piece| !piece.blank || after_heredoc())
    }

    fn has_heredoc(&self, piece: Piece) -> bool {
        let text = self.text(piece);
        text != b"<<<" && text.windows(2).any(|pair| pair == b"<<")
    }

    /// Holds that two texts have the same pieces and the same words.
    pub fn same(&self, after: &Pieces) -> Result<(), Mismatch> {
        for index in 0..self.len().min(after.len()) {
            let (old, new) = (self.list[index], after.list[index]);
            let differ = |what| Err((old.at, new.at, what));
            if old.kind != new.kind || self.text(old) != after.text(new) {
                return differ("another token");
            }
            if old.blank != new.blank && !(self.is_free(index) && after.is_free(index)) {
                return differ("a blank came or went inside a word");
            }
        }
        if self.len() == after.len() { Ok(()) } else { Err(self.first_extra(after)) }
    }

    /// Whether blanks may come or go before a piece.
    fn is_free(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).map(|before| self.list[before]) else { return true };
        let piece = self.list[index];
        let in_word = before.kind.ends_word() && piece.kind.begins_word();
        !in_word && !before.pinned && !piece.pinned
    }

    fn first_extra(&self, after: &Pieces) -> Mismatch {
        let common = self.len().min(after.len());
        let place = |pieces: &Pieces| pieces.get(common).or(pieces.last()).map_or(0, |piece| piece.at);
        (place(self), place(after), if self.len() > common { "a token is lost" } else { "a token is added" })
    }
}
