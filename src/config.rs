//! How to format, as a plain value that is passed to whoever needs it.
//!
//! It is made by `settings` from flags and files; nothing here looks anywhere for itself.

/// What a rule promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `BuildKit` reads the same instructions.
    Layout,
    /// The same image; proved for each file.
    Image,
    /// The image may change, on purpose and as documented.
    Content,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Layout, Self::Image, Self::Content];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Layout => "layout",
            Self::Image => "image",
            Self::Content => "content",
        }
    }
}

/// Which rules run: names of rules or of kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// These and no others; empty means the default: layout and image.
    pub only: Vec<String>,
    /// These too.
    pub also: Vec<String>,
    /// These not, whatever else is said.
    pub skip: Vec<String>,
}

impl Selection {
    /// Whether the rule of this name and kind runs; `alone` says that it is
    /// chosen by its own name only, never by its kind.
    pub fn has(&self, name: &str, kind: Kind, alone: bool) -> bool {
        let names = |list: &[String]| list.iter().any(|n| n == name || (!alone && n == kind.name()));
        let skipped = self.skip.iter().any(|n| n == name || n == kind.name());
        let first = if self.only.is_empty() { kind != Kind::Content && !alone } else { names(&self.only) };
        (first || names(&self.also)) && !skipped
    }
}

/// Which adjacent RUNs `merge-runs` joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MergePolicy {
    /// Those of one concern.
    #[default]
    Related,
    /// All that may be.
    All,
    /// None.
    Off,
}

impl MergePolicy {
    /// All policies.
    pub const ALL: [Self; 3] = [Self::Related, Self::All, Self::Off];

    /// Its name in a configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Related => "related",
            Self::All => "all",
            Self::Off => "off",
        }
    }
}

/// What a level of indentation is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indent {
    /// This many spaces.
    Spaces(u8),
    /// A tab, four columns wide where columns count.
    Tab,
}

impl Indent {
    /// How many columns a level takes.
    pub const fn width(self) -> usize {
        match self {
            Self::Spaces(n) => n as usize,
            Self::Tab => 4,
        }
    }
}

/// How to format one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The rules that run.
    pub rules: Selection,
    /// Every `BuildKit` cache key stays as it is: the text of RUN byte for byte.
    pub keep_cache: bool,
    /// Lines longer than this are broken where there is a place to.
    pub line_width: usize,
    /// A level of indentation.
    pub indent: Indent,
    /// Which adjacent RUNs are joined.
    pub merge_runs: MergePolicy,
    /// Whether the backslashes of an instruction stand in one column; else one blank stands before each.
    pub align_backslashes: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            rules: Selection::default(),
            keep_cache: false,
            line_width: 100,
            indent: Indent::Spaces(4),
            merge_runs: MergePolicy::default(),
            align_backslashes: true,
        }
    }
}
