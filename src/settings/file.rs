//! A configuration file, read: what it says, or each fault with its place.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use semver::{Version, VersionReq};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::broken::{Broken, Fault};
use super::choice;
use super::globs::Globs;
use super::keys::{self, KEYS, Key, Takes};
use super::layer::{Layer, Origin, Set};
use crate::config::Indent;
use crate::proof::engine::RuleInfo;
use crate::source::line_number;

/// What a configuration file says.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Its path, as it is shown.
    pub path: Arc<Path>,
    /// What holds for all files.
    pub base: Layer,
    /// What a search leaves out.
    pub exclude: Option<Set<Globs>>,
    /// What holds for some files; later ones lie over earlier ones.
    pub overrides: Vec<(Globs, Layer)>,
}

impl ConfigFile {
    /// Reads `source`, which stands at `path`, in the real folder `folder`.
    ///
    /// # Errors
    /// Where there is any fault in it.
    pub fn read(path: &Path, folder: &Path, source: &str, rules: &[RuleInfo]) -> Result<Self, Broken> {
        let table = DeTable::parse(source).map_err(|error| {
            let fault = Fault { span: error.span(), message: error.message().replace('\n', ", ") };
            Broken::new(path, source, vec![fault])
        })?;
        let mut reader =
            Reader { path: path.into(), folder, source, rules, faults: Vec::new(), asked: Vec::new() };
        // another version may know other keys: that it is another one is what has to be said
        reader.version(table.get_ref());
        if reader.faults.is_empty() {
            let file = reader.file(table.get_ref());
            if reader.faults.is_empty() {
                return Ok(file);
            }
        }
        Err(Broken::new(path, source, reader.faults))
    }

    /// What holds for the file at the real path `path`.
    pub fn layer(&self, path: &Path, rules: &[RuleInfo]) -> Layer {
        let fitting = self.overrides.iter().filter(|(globs, _)| globs.hold(path, false));
        fitting.fold(self.base.clone(), |lower, (_, upper)| lower.under(upper, rules))
    }
}

type Value<'t> = Spanned<DeValue<'t>>;
type Text<'t> = Spanned<std::borrow::Cow<'t, str>>;

/// Reads, and gathers what is wrong.
struct Reader<'a> {
    path: Arc<Path>,
    folder: &'a Path,
    source: &'a str,
    rules: &'a [RuleInfo],
    faults: Vec<Fault>,
    /// What the table that is read names in `only` and `also`, each with its place.
    asked: Vec<(String, Range<usize>)>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.faults.push(Fault { span: Some(span), message: message.into() });
    }

    fn set<T>(&self, value: T, key: &Text) -> Set<T> {
        Set::new(value, self.origin(key))
    }

    fn origin(&self, key: &Text) -> Origin {
        Origin::Line(self.path.clone(), line_number(self.source.as_bytes(), key.span().start))
    }

    fn version(&mut self, table: &DeTable) {
        let Some(value) = table.get("required-version") else { return };
        let Some(text) = self.text(value, Takes::Version, "required-version") else { return };
        match VersionReq::parse(&text) {
            Err(e) => self.fault(value.span(), format!("`{text}` is no requirement on a version: {e}")),
            Ok(wanted) if !wanted.matches(&own_version()) => {
                let own = env!("CARGO_PKG_VERSION");
                self.fault(
                    value.span(),
                    format!("this is dfmt {own}, and the configuration asks for {wanted}"),
                );
            }
            Ok(_) => {}
        }
    }

    fn file(&mut self, table: &DeTable) -> ConfigFile {
        let mut file = ConfigFile {
            path: self.path.clone(),
            base: Layer::default(),
            exclude: None,
            overrides: Vec::new(),
        };
        let mut overrides = None;
        for (key, value) in table {
            match self.key(key, |k| k.top).map(|k| k.name) {
                Some("exclude") => {
                    file.exclude = self.globs(key, value).map(|globs| self.set(globs, key));
                }
                Some("overrides") => overrides = Some(value),
                Some("required-version") | None => {}
                Some(name) => self.per_file(&mut file.base, name, key, value),
            }
        }
        self.contradictions(&file.base);
        file.overrides = overrides.map(|value| self.overrides(value)).unwrap_or_default();
        file
    }

    fn overrides(&mut self, value: &Value) -> Vec<(Globs, Layer)> {
        let DeValue::Array(tables) = value.get_ref() else {
            self.wrong(value, Takes::Overrides, "overrides");
            return Vec::new();
        };
        tables.iter().filter_map(|table| self.one_override(table)).collect()
    }

    fn one_override(&mut self, value: &Value) -> Option<(Globs, Layer)> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong(value, Takes::Overrides, "overrides");
            return None;
        };
        let (mut layer, mut files) = (Layer::default(), None);
        let before = self.faults.len();
        for (key, value) in table {
            match self.key(key, |k| k.per_file).map(|k| k.name) {
                Some("files") => files = self.globs(key, value),
                Some(name) => self.per_file(&mut layer, name, key, value),
                None => {}
            }
        }
        self.contradictions(&layer);
        if files.is_none() && self.faults.len() == before {
            self.fault(value.span(), "an override wants `files`: the globs that it is for");
        }
        Some((files?, layer))
    }

    /// Finds fault with rules that the table of this layer names and that contradict each other.
    fn contradictions(&mut self, layer: &Layer) {
        let mut asked = std::mem::take(&mut self.asked);
        asked.sort_by_key(|(_, span)| span.start);
        let names: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
        if let Some((at, two)) = choice::contradiction(&names, &layer.selection().skip, self.rules) {
            self.fault(asked[at].1.clone(), two.to_string());
        }
    }

    /// The key of that name, if it may stand here.
    fn key(&mut self, name: &Text, may: impl Fn(&Key) -> bool) -> Option<&'static Key> {
        let text = name.get_ref().as_ref();
        match KEYS.iter().find(|k| k.name == text) {
            Some(key) if may(key) => return Some(key),
            Some(key) if key.top => {
                self.fault(
                    name.span(),
                    format!("`{text}` holds for all files: it cannot stand in an override"),
                );
            }
            Some(_) => self.fault(name.span(), format!("`{text}` stands in [[overrides]]")),
            None => {
                let advice = choice::nearest(text, KEYS.iter().filter(|k| may(k)).map(|k| k.name));
                let advice = advice.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
                self.fault(name.span(), format!("unknown key `{text}`{advice}"));
            }
        }
        None
    }

    /// A key that holds for a file.
    fn per_file(&mut self, layer: &mut Layer, name: &str, key: &Text, value: &Value) {
        match name {
            "only" => layer.only = self.names(key, value),
            "also" => layer.also = self.names(key, value),
            "skip" => layer.skip = self.names(key, value),
            "merge-runs" => layer.merge_runs = self.policy(value).map(|v| self.set(v, key)),
            "align-backslashes" => layer.align_backslashes = self.bool(key, value),
            "line-width" => layer.line_width = self.width(value).map(|v| self.set(v, key)),
            "indent" => layer.indent = self.indent(value).map(|v| self.set(v, key)),
            "context" => {
                let folder = self.text(value, Takes::Folder, name);
                layer.context = folder.map(|f| self.set(self.beside(&f), key));
            }
            _ => {}
        }
    }

    /// A path seen from the folder of the configuration.
    fn beside(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// A value of another type than the key takes.
    fn wrong(&mut self, value: &Value, takes: Takes, key: &str) {
        let is = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let wants = takes.in_words();
        self.fault(value.span(), format!("`{key}` wants {wants}, and this is {is}"));
    }

    fn text(&mut self, value: &Value, takes: Takes, key: &str) -> Option<String> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(value, takes, key);
            return None;
        };
        Some(text.to_string())
    }

    /// The strings of a list, each with its place.
    fn list(&mut self, key: &Text, value: &Value, takes: Takes) -> Option<Vec<(String, Range<usize>)>> {
        let DeValue::Array(values) = value.get_ref() else {
            self.wrong(value, takes, key.get_ref());
            return None;
        };
        values.iter().map(|v| Some((self.text(v, takes, key.get_ref())?, v.span()))).collect()
    }

    fn names(&mut self, key: &Text, value: &Value) -> Option<Set<Vec<String>>> {
        let mut known = Vec::new();
        for (name, span) in self.list(key, value, Takes::Rules)? {
            match choice::known(&name, self.rules) {
                Ok(name) => {
                    if matches!(key.get_ref().as_ref(), "only" | "also") {
                        self.asked.push((name.to_string(), span));
                    }
                    known.push(name.to_string());
                }
                Err(unknown) => self.fault(span, unknown.to_string()),
            }
        }
        Some(self.set(known, key))
    }

    fn globs(&mut self, key: &Text, value: &Value) -> Option<Globs> {
        let list = self.list(key, value, Takes::Globs)?;
        let (globs, spans): (Vec<String>, Vec<Range<usize>>) = list.into_iter().unzip();
        match Globs::new(self.folder, &globs) {
            Ok(globs) => Some(globs),
            Err((n, why)) => {
                self.fault(spans.get(n).cloned().unwrap_or(value.span()), why);
                None
            }
        }
    }

    fn bool(&mut self, key: &Text, value: &Value) -> Option<Set<bool>> {
        let DeValue::Boolean(yes) = value.get_ref() else {
            self.wrong(value, Takes::Bool, key.get_ref());
            return None;
        };
        Some(self.set(*yes, key))
    }

    fn policy(&mut self, value: &Value) -> Option<crate::config::MergePolicy> {
        let text = self.text(value, Takes::MergeRuns, "merge-runs")?;
        let policy = keys::policy(&text);
        if policy.is_none() {
            let wants = Takes::MergeRuns.in_words();
            self.fault(value.span(), format!("`merge-runs` wants {wants}, and this is \"{text}\""));
        }
        policy
    }

    fn width(&mut self, value: &Value) -> Option<usize> {
        self.number(value, Takes::Width, "line-width", keys::WIDTHS)
    }

    fn indent(&mut self, value: &Value) -> Option<Indent> {
        if matches!(value.get_ref(), DeValue::String(text) if text == "tab") {
            return Some(Indent::Tab);
        }
        let number = self.number(value, Takes::Indent, "indent", keys::INDENTS)?;
        Some(Indent::Spaces(number as u8))
    }

    fn number(
        &mut self,
        value: &Value,
        takes: Takes,
        key: &str,
        range: std::ops::RangeInclusive<usize>,
    ) -> Option<usize> {
        let DeValue::Integer(integer) = value.get_ref() else {
            self.wrong(value, takes, key);
            return None;
        };
        let number =
            usize::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|n| range.contains(n));
        if number.is_none() {
            let wants = takes.in_words();
            self.fault(value.span(), format!("`{key}` wants {wants}, and this is {}", integer.as_str()));
        }
        number
    }
}

/// The version of this program; one that cannot be read is none, and a test holds that it can.
fn own_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0))
}
