//! stdout and stderr, each with or without colours.
//!
//! Whoever reads stdout may close it: that is no error, what follows is dropped. What goes to stderr is dropped where
//! it cannot be written, there is nowhere left to complain.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;

use super::args::Color;
use crate::report::Paint;

/// Both streams.
pub struct Streams {
    out: BufWriter<Box<dyn Write>>,
    err: Box<dyn Write>,
    /// How to paint what goes to stdout.
    pub out_paint: Paint,
    /// How to paint what goes to stderr.
    pub err_paint: Paint,
    /// Whether stderr is a terminal.
    pub err_is_terminal: bool,
    closed: bool,
}

impl Streams {
    /// The streams of the process.
    pub fn new(color: Color) -> Self {
        let out_paint = paint(color, AutoStream::choice(&io::stdout()));
        let err_paint = paint(color, AutoStream::choice(&io::stderr()));
        // a painted stream makes escape sequences work on old consoles; the plain one passes all bytes as they are
        let out: Box<dyn Write> = match out_paint {
            Paint::Coloured => Box::new(AutoStream::always(io::stdout())),
            Paint::Plain => Box::new(io::stdout()),
        };
        let err: Box<dyn Write> = match err_paint {
            Paint::Coloured => Box::new(AutoStream::always(io::stderr())),
            Paint::Plain => Box::new(io::stderr()),
        };
        let err_is_terminal = io::stderr().is_terminal();
        Self { out: BufWriter::new(out), err, out_paint, err_paint, err_is_terminal, closed: false }
    }

    /// Prints to stdout.
    ///
    /// # Errors
    /// Where it cannot be written, unless its reader has closed it.
    pub fn print(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.closed || bytes.is_empty() {
            return Ok(());
        }
        let result = self.out.write_all(bytes);
        self.judge(result)
    }

    /// Prints to stderr, behind all that was printed to stdout before.
    ///
    /// # Errors
    /// Where stdout cannot be written.
    pub fn say(&mut self, text: &str) -> anyhow::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let result = self.flush();
        let _ = self.err.write_all(text.as_bytes());
        result
    }

    /// Hands over what is held back.
    ///
    /// # Errors
    /// Where stdout cannot be written.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.out.flush();
        self.judge(result)
    }

    /// Whether nobody reads stdout any more.
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    fn judge(&mut self, result: io::Result<()>) -> anyhow::Result<()> {
        match result {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => self.closed = true,
            other => other.context("stdout cannot be written")?,
        }
        Ok(())
    }
}

fn paint(color: Color, auto: ColorChoice) -> Paint {
    match color {
        Color::Always => Paint::Coloured,
        Color::Auto if auto != ColorChoice::Never => Paint::Coloured,
        Color::Auto | Color::Never => Paint::Plain,
    }
}
