//! What a person reads (diffs, errors, refusals, summaries), and documents that programs read.
//!
//! Values in, text out: nothing here writes to a stream or asks whether it is a terminal.

pub mod diff;
pub mod document;
mod github;
mod json;
pub mod record;
mod sarif;
pub mod text;

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// No escape sequences.
    Plain,
    /// For a terminal.
    Coloured,
}

impl Paint {
    /// `style` where colours are on, else one that prints nothing.
    const fn style(self, style: Style) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Coloured => style,
        }
    }

    const fn bold(self) -> Style {
        self.style(Style::new().bold())
    }

    const fn error(self) -> Style {
        self.style(AnsiColor::Red.on_default().bold())
    }

    const fn warning(self) -> Style {
        self.style(AnsiColor::Yellow.on_default().bold())
    }

    const fn place(self) -> Style {
        self.style(AnsiColor::Cyan.on_default())
    }

    const fn removed(self) -> Style {
        self.style(AnsiColor::Red.on_default())
    }

    const fn added(self) -> Style {
        self.style(AnsiColor::Green.on_default())
    }
}

/// `bytes` as text that does no harm to a terminal: a Dockerfile may hold escape sequences, and overrides of the
/// writing direction that make it look like another one.
pub fn visible(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for c in String::from_utf8_lossy(bytes).chars() {
        match c {
            '\t' => out.push('\t'),
            '\0'..='\x1f' => out.extend(['^', (c as u8 ^ 0x40) as char]),
            '\x7f' => out.push_str("^?"),
            '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                // a String takes all that is written to it
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(visible(b"a\tb\x1b[31m\x7f\xff"), "a\tb^[[31m^?\u{fffd}");
        assert_eq!(visible("é \u{202e}x".as_bytes()), "é \\u{202e}x");
    }
}
