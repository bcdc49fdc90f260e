//! The keys of a configuration file: one table for the reader, the schema and the documentation.

use crate::config::MergePolicy;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A list of names of rules or kinds.
    Rules,
    /// A list of globs.
    Globs,
    /// One of [`MergePolicy`].
    MergeRuns,
    /// True or false.
    Bool,
    /// A number of columns.
    Width,
    /// A number of blanks, or `"tab"`.
    Indent,
    /// A folder, seen from the configuration's own.
    Folder,
    /// A requirement on the version, as Cargo has them.
    Version,
    /// A list of tables.
    Overrides,
}

/// Columns that `line-width` may have.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 20..=1000;

/// Blanks that `indent` may have.
pub const INDENTS: std::ops::RangeInclusive<usize> = 1..=16;

/// A key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Whether it may stand at the top of the file.
    pub top: bool,
    /// Whether it may stand in an override.
    pub per_file: bool,
    /// What it says.
    pub about: &'static str,
}

const fn key(name: &'static str, takes: Takes, about: &'static str) -> Key {
    Key { name, takes, top: true, per_file: true, about }
}

/// All keys.
pub const KEYS: [Key; 12] = [
    key("only", Takes::Rules, "Run these rules and no others: names of rules or kinds."),
    key("also", Takes::Rules, "Run these rules too."),
    key("skip", Takes::Rules, "Do not run these rules."),
    key("merge-runs", Takes::MergeRuns, "Which adjacent RUNs the rule `merge-runs` joins."),
    key("align-backslashes", Takes::Bool, "Set the backslashes of an instruction in one column."),
    key("line-width", Takes::Width, "Lines longer than this are broken where there is a place to."),
    key("indent", Takes::Indent, "A level of indentation: a number of blanks, or \"tab\"."),
    key("context", Takes::Folder, "The build context, seen from the folder of this file."),
    Key { per_file: false, ..key("exclude", Takes::Globs, "Files and folders that a search leaves out.") },
    Key {
        per_file: false,
        ..key("required-version", Takes::Version, "The versions of dfmt that may use this file.")
    },
    Key { per_file: false, ..key("overrides", Takes::Overrides, "Other values for some of the files.") },
    Key { top: false, ..key("files", Takes::Globs, "The files that an override is for.") },
];

/// The policies of `merge-runs`, by name.
pub fn policy(name: &str) -> Option<MergePolicy> {
    MergePolicy::ALL.into_iter().find(|p| p.name() == name)
}

impl Takes {
    /// In words, as the end of a sentence.
    pub fn in_words(self) -> String {
        match self {
            Self::Rules => "a list of names of rules or kinds".to_string(),
            Self::Globs => "a list of globs".to_string(),
            Self::MergeRuns => {
                let names = MergePolicy::ALL.map(|p| format!("\"{}\"", p.name()));
                format!("one of {}", names.join(", "))
            }
            Self::Bool => "true or false".to_string(),
            Self::Width => format!("a number from {} to {}", WIDTHS.start(), WIDTHS.end()),
            Self::Indent => format!("a number from {} to {}, or \"tab\"", INDENTS.start(), INDENTS.end()),
            Self::Folder => "the path of a folder".to_string(),
            Self::Version => "a requirement such as \">=0.2\" or \"1.4\"".to_string(),
            Self::Overrides => "tables: [[overrides]]".to_string(),
        }
    }
}
