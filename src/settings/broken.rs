//! A configuration that cannot be used: each fault with the line that it stands on.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::report::Paint;
use crate::report::text::{self, Severity};
use crate::source::{Span, line_number};

/// Something wrong in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where in the text; `None` where it is about the file as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// A configuration that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    path: PathBuf,
    source: String,
    faults: Vec<Fault>,
}

impl Broken {
    /// A file with faults, in the order in which they stand.
    pub fn new(path: &Path, source: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|f| f.span.as_ref().map_or(0, |s| s.start));
        Self { path: path.to_path_buf(), source: source.to_string(), faults }
    }

    /// A file that is wrong as a whole.
    pub fn whole(path: &Path, message: impl Into<String>) -> Self {
        Self::new(path, "", vec![Fault { span: None, message: message.into() }])
    }

    /// All faults, with the lines that they stand on.
    pub fn text(&self, paint: Paint) -> String {
        self.faults.iter().map(|fault| self.fault(fault, paint)).collect()
    }

    /// The first fault, on one line.
    pub fn first(&self) -> String {
        self.faults.first().map_or_else(|| text::name(&self.path), |fault| self.line(fault))
    }

    /// All faults, a line each.
    pub fn lines(&self) -> String {
        let lines: Vec<String> = self.faults.iter().map(|fault| self.line(fault)).collect();
        lines.join("\n")
    }

    fn line(&self, fault: &Fault) -> String {
        let name = text::name(&self.path);
        let line = fault.span.as_ref().map(|s| line_number(self.source.as_bytes(), s.start));
        line.map_or(format!("{name}: {}", fault.message), |line| {
            format!("{name}: line {line}: {}", fault.message)
        })
    }

    fn fault(&self, fault: &Fault, paint: Paint) -> String {
        let problem = text::problem(Severity::Error, &self.line(fault), paint);
        let Some(span) = &fault.span else { return problem };
        let source = self.source.as_bytes();
        let line = line_number(source, span.start);
        let span = Span::new(span.start as u32, span.end as u32);
        problem + &text::excerpt(source, span, line, paint)
    }
}
