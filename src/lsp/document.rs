//! An open document: its text as the client has it.

use std::path::PathBuf;

use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use ropey::Rope;

use super::position::Encoding;
use super::uri;

/// An open document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its name in the protocol.
    pub uri: Uri,
    /// Where it lies; `None` for one that was never saved, or does not lie on this machine.
    pub path: Option<PathBuf>,
    /// The client's count of its changes.
    pub version: i32,
    /// Its text.
    pub text: Rope,
}

impl Document {
    /// As it was opened.
    pub fn new(item: TextDocumentItem) -> Self {
        Self {
            path: uri::path(&item.uri),
            uri: item.uri,
            version: item.version,
            text: Rope::from_str(&item.text),
        }
    }

    /// Makes the changes, in order: each is seen from the text that the one before has left.
    pub fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        self.version = version;
        for change in changes {
            let Some(range) = change.range else {
                self.text = Rope::from_str(&change.text);
                continue;
            };
            let bytes = encoding.offsets(&self.text, range);
            let start = self.text.byte_to_char(bytes.start);
            self.text.remove(start..self.text.byte_to_char(bytes.end));
            self.text.insert(start, &change.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use lsp_types::{Position, Range};

    use super::*;

    fn document(text: &str) -> Document {
        let uri = "untitled:Untitled-1".parse().unwrap();
        Document::new(TextDocumentItem::new(uri, "dockerfile".to_string(), 1, text.to_string()))
    }

    #[track_caller]
    fn check(text: &str, from: (u32, u32), to: (u32, u32), new: &str, want: &str) {
        let mut document = document(text);
        let range = Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1));
        let change =
            TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: new.to_string() };
        document.change(2, vec![change], Encoding::Utf16);
        assert_eq!(document.text.to_string(), want);
        assert_eq!(document.version, 2);
    }

    #[test]
    fn changes_count_in_units() {
        check("FROM a\nRUN 😀x\n", (1, 6), (1, 7), "y", "FROM a\nRUN 😀y\n");
        check("FROM a\r\nRUN b", (0, 6), (1, 0), "\n", "FROM a\nRUN b");
        check("FROM a\r\nRUN b", (0, 99), (0, 99), "b", "FROM ab\r\nRUN b");
        check("FROM a", (0, 6), (0, 6), "\nRUN b", "FROM a\nRUN b");
        check("FROM a", (7, 0), (7, 0), "\n", "FROM a\n");
        check("FROM a", (0, 6), (0, 4), "", "FROM");
    }

    #[test]
    fn without_a_range_it_is_the_whole_text() {
        let mut document = document("FROM a\n");
        let whole = TextDocumentContentChangeEvent { range: None, range_length: None, text: "X".to_string() };
        document.change(5, vec![whole], Encoding::Utf16);
        assert_eq!(document.text.to_string(), "X");
    }
}
