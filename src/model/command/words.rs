//! What words stand for: values where all is known, else the place that a path lies in as far as it is written out.
//!
//! A variable or a pattern inside of a path is taken for names below the folder that stands before it: it does not lead
//! out of it again by `..`, and it is not empty.

use super::Word;
use super::effect::Place;
use crate::model::stage;

/// In which state a command runs: where, and with which variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The folders that may be the working folder; `None` is one that is not known.
    pub folders: Vec<Option<Folder>>,
    /// Variables with their values, `None` where it is not known; of several of one name the last is in force.
    pub variables: Vec<(String, Option<String>)>,
    /// Where programs are looked for or tools installed, beside the system's folders.
    pub tools: Vec<Place>,
    /// How many shells stand around it.
    pub(super) depth: u8,
}

/// A working folder, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// A clean absolute path.
    pub path: String,
    /// Whether it is this one; else it is one below it.
    pub is_exact: bool,
}

impl Folder {
    /// What a relative path from here may name. From a folder that is not known exactly one step up stays below.
    fn resolve(&self, path: &str) -> Option<String> {
        if self.is_exact {
            return stage::resolve(Some(&self.path), path);
        }
        let ups = path.split('/').filter(|part| *part == "..").count();
        (ups <= 1).then(|| self.path.clone())
    }
}

impl Scene {
    /// In this folder, with no variable known.
    pub fn at(folder: Option<&str>) -> Self {
        let exact = |path: &str| Folder { path: path.to_string(), is_exact: true };
        Self { folders: vec![folder.map(exact)], ..Self::default() }
    }

    /// The value of a variable, where it is known.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.iter().rev().find(|(n, _)| n == name)?.1.as_deref()
    }

    /// Takes in where the values of `PATH`, as they are written, say that tools are: the folders above those called bin.
    pub fn add_paths(&mut self, values: &[&[u8]]) {
        for part in values.iter().flat_map(|v| v.split(|b| matches!(b, b':' | b'"' | b'\''))) {
            let rest = matches!(part, b"$PATH" | b"${PATH}" | b"");
            let word = Word { text: part, value: value(part, self) };
            let found = if rest { Vec::new() } else { places(&word, self) };
            self.tools.extend(found.into_iter().map(root));
        }
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: Option<String>) {
        self.variables.retain(|(n, _)| n != name);
        self.variables.push((name.to_string(), value));
    }

    /// It may also be as in the other.
    pub(super) fn or(&mut self, other: &Self) {
        self.or_folders(other);
        for (name, value) in &mut self.variables {
            if other.get(name) != value.as_deref() {
                *value = None;
            }
        }
    }

    /// The working folder may also be as in the other.
    pub(super) fn or_folders(&mut self, other: &Self) {
        let more = other.folders.iter().filter(|f| !self.folders.contains(f)).cloned();
        let more: Vec<_> = more.collect();
        self.folders.extend(more);
    }

    /// The working folder and all below it.
    pub fn here(&self) -> Vec<Place> {
        self.folders
            .iter()
            .map(|f| f.as_ref().map_or(Place::Anywhere, |f| Place::Below(f.path.clone())))
            .collect()
    }

    /// The homes, and what HOME says.
    pub fn home(&self) -> Vec<Place> {
        self.told(Place::Home, "HOME")
    }

    /// The folders of temporary files, and what TMPDIR says.
    pub fn temporary(&self) -> Vec<Place> {
        self.told(Place::Temporary, "TMPDIR")
    }

    /// A place, and the one that a variable names, if it is set.
    fn told(&self, place: Place, name: &str) -> Vec<Place> {
        let set = self.variables.iter().any(|(n, _)| n == name);
        let named = set.then(|| self.get(name).map_or(vec![Place::Anywhere], |path| self.resolve(path)));
        std::iter::once(place).chain(named.into_iter().flatten()).collect()
    }

    /// A path from each of the folders.
    pub fn resolve(&self, path: &str) -> Vec<Place> {
        if path.starts_with('/') {
            return stage::resolve(None, path).map(Place::Below).into_iter().collect();
        }
        let from = |f: &Option<Folder>| {
            f.as_ref().and_then(|f| f.resolve(path)).map_or(Place::Anywhere, Place::Below)
        };
        self.folders.iter().map(from).collect()
    }

    /// The same scene in the folder that a word names.
    #[must_use]
    pub fn entered(&self, word: &Word) -> Self {
        let is_sure = is_exact(word)
            && (starts_at_root(word) || self.folders.iter().flatten().all(|folder| folder.is_exact));
        let folder = |p: Place| match p {
            Place::Below(path) => Some(Folder { path, is_exact: is_sure }),
            _ => None,
        };
        Self { folders: places(word, self).into_iter().map(folder).collect(), ..self.clone() }
    }
}

/// The folder above one that is called bin.
fn root(place: Place) -> Place {
    match &place {
        Place::Below(path) if path.ends_with("/bin") || path.ends_with("/sbin") => above(place),
        _ => place,
    }
}

/// Whether a word is one path, and all of it is known.
fn is_exact(word: &Word) -> bool {
    word.value.is_some() && !word.is_pattern()
}

fn starts_at_root(word: &Word) -> bool {
    word.value.as_deref().is_some_and(|v| v.starts_with('/'))
}

/// Where the files lie that a word names.
pub fn places(word: &Word, scene: &Scene) -> Vec<Place> {
    match &word.value {
        Some(value) if is_no_file(value) => Vec::new(),
        Some(value) if word.is_pattern() => folder_before(value.as_bytes(), b"*?[(", scene),
        Some(value) => scene.resolve(value),
        None => partly_known(word.text, scene),
    }
}

/// The folders that hold the files that a word names.
pub fn folders(word: &Word, scene: &Scene) -> Vec<Place> {
    let all = places(word, scene);
    if is_exact(word) { all.into_iter().map(above).collect() } else { all }
}

/// The folder above a place.
pub fn above(place: Place) -> Place {
    match place {
        Place::Below(path) => stage::resolve(Some(&path), "..").map_or(Place::Anywhere, Place::Below),
        other => other,
    }
}

/// Standard input and output, devices, and what is fetched.
fn is_no_file(value: &str) -> bool {
    let device = |p: &str| value.strip_prefix(p).is_some_and(|rest| !rest.contains(".."));
    value == "-" || value.contains("://") || device("/dev/") || device("/proc/self/fd/")
}

fn partly_known(text: &[u8], scene: &Scene) -> Vec<Place> {
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    let after = |start: &[u8]| {
        text.strip_prefix(start).is_some_and(|r| matches!(r.first(), None | Some(b'/' | b'"')))
    };
    if text.starts_with(b"~") || after(b"$HOME") || after(b"${HOME}") {
        return scene.home();
    }
    if after(b"$PWD") || after(b"${PWD}") || after(b"$(pwd)") || after(b"`pwd`") {
        return scene.here();
    }
    if text.starts_with(b"$") || text.starts_with(b"`") {
        // what the words hold that it stands for is not known
        return if memchr::memmem::find(text, b"://").is_some() { Vec::new() } else { vec![Place::Anywhere] };
    }
    if memchr::memmem::find(text, b"://").is_some() {
        return Vec::new();
    }
    folder_before(text, b"$`{*?[(\"'\\", scene)
}

/// The folder that stands in a path before the first of these bytes.
fn folder_before(text: &[u8], stops: &[u8], scene: &Scene) -> Vec<Place> {
    let end = text.iter().position(|b| stops.contains(b)).unwrap_or(text.len());
    let Ok(known) = std::str::from_utf8(&text[..end]) else { return vec![Place::Anywhere] };
    let (folder, begun) = known.rsplit_once('/').map_or(("", known), |(folder, rest)| (folder, rest));
    match (known.contains('/'), begun) {
        // `.*` is the folder above too
        (_, "." | "..") => vec![Place::Anywhere],
        (true, _) if folder.is_empty() => scene.resolve("/"),
        (true, _) => scene.resolve(folder),
        (false, _) => scene.here(),
    }
}

/// What a word stands for where its variables are known; `None` else, or where it may become several words.
pub fn value(text: &[u8], scene: &Scene) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let (mut out, mut quoted, mut rest) = (String::with_capacity(text.len()), false, text);
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => quoted = !quoted,
            '\'' if !quoted => {
                let (inside, behind) = rest.split_once('\'')?;
                out.push_str(inside);
                rest = behind;
            }
            '\\' => {
                let escaped = rest.chars().next()?;
                if quoted && !matches!(escaped, '"' | '\\' | '$' | '`') {
                    out.push('\\');
                }
                out.push(escaped);
                rest = &rest[escaped.len_utf8()..];
            }
            '$' => {
                let (name, behind) = variable(rest)?;
                let value = scene.get(name)?;
                if !quoted && value.contains(|c: char| c.is_whitespace() || "*?[".contains(c)) {
                    return None;
                }
                out.push_str(value);
                rest = behind;
            }
            '`' => return None,
            '~' | '{' if !quoted => return None,
            c => out.push(c),
        }
    }
    (!quoted).then_some(out)
}

/// The name in `name…` or `{name}…`, and what follows.
fn variable(text: &str) -> Option<(&str, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(braced) = text.strip_prefix('{') {
        let (name, behind) = braced.split_once('}')?;
        return (!name.is_empty() && name.chars().all(is_name)).then_some((name, behind));
    }
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts.then_some((&text[..end], &text[end..]))
}
