//! What `.editorconfig` files say about a file: its indentation and the width of its lines.
//!
//! They are read as editors read them: from the file's folder upward to one that says `root = true`, whatever else
//! stands there, and what cannot be read says nothing. A value that no line of ours could have says nothing either.

use std::fs::File;
use std::path::{Path, PathBuf};

use ec4rs::property::{IndentSize, IndentStyle, MaxLineLen};
use ec4rs::rawvalue::RawValue;
use ec4rs::{ConfigParser, Properties, PropertiesSource, Section};

use super::keys::{INDENTS, WIDTHS};
use super::layer::{Layer, Origin, Set};
use crate::config::Indent;

/// An `.editorconfig`.
pub struct EditorConfig {
    folder: PathBuf,
    sections: Vec<Section>,
    /// Whether none above it counts.
    pub is_root: bool,
}

impl EditorConfig {
    /// The one in the real folder `folder`, if there is one; messages call it `shown`.
    pub fn in_folder(folder: &Path, shown: impl FnOnce(&Path) -> PathBuf) -> Option<Self> {
        let path = folder.join(".editorconfig");
        let file = File::open(&path).ok()?;
        let mut parser = ConfigParser::new_buffered_with_path(file, Some(shown(&path))).ok()?;
        let is_root = parser.is_root;
        let mut sections = Vec::new();
        while let Ok(section) = parser.read_section() {
            sections.push(section);
        }
        Some(Self { folder: folder.to_path_buf(), sections, is_root })
    }
}

/// What `files`, from the outermost to the nearest, say about the file at the real path `path`.
pub fn layer<'a>(files: impl Iterator<Item = &'a EditorConfig>, path: &Path) -> Layer {
    let mut properties = Properties::new();
    for file in files {
        let below = path.strip_prefix(&file.folder).unwrap_or(path);
        for section in &file.sections {
            // it says itself that it cannot fail
            let _ = section.apply_to(&mut properties, below);
        }
    }
    Layer { line_width: width(&properties), indent: indent(&properties), ..Layer::default() }
}

fn width(properties: &Properties) -> Option<Set<usize>> {
    let value = match properties.get::<MaxLineLen>().ok()? {
        MaxLineLen::Off => *WIDTHS.end(),
        MaxLineLen::Value(n) => n,
    };
    WIDTHS.contains(&value).then(|| set(value, properties.get_raw::<MaxLineLen>()))
}

fn indent(properties: &Properties) -> Option<Set<Indent>> {
    if properties.get::<IndentStyle>() == Ok(IndentStyle::Tabs) {
        return Some(set(Indent::Tab, properties.get_raw::<IndentStyle>()));
    }
    let mut properties = properties.clone();
    properties.use_fallbacks();
    match properties.get::<IndentSize>().ok()? {
        IndentSize::Value(n) if INDENTS.contains(&n) => {
            Some(set(Indent::Spaces(n as u8), properties.get_raw::<IndentSize>()))
        }
        _ => None,
    }
}

fn set<T>(value: T, raw: &RawValue) -> Set<T> {
    let origin = raw.source().map(|(path, line)| Origin::Line(path.into(), line));
    Set { value, origins: origin.into_iter().collect() }
}
