//! The words of a command line, taken apart by a list of the options that are known.

use super::{Gather, Obstacle};
use crate::model::command::Command;
use crate::model::place;
use crate::model::stage;

/// The options of a command that are known to change nothing that matters here, or are looked at.
pub struct Options {
    /// Those that stand alone.
    pub flags: &'static [&'static str],
    /// Those that take a value: `--name value`, `--name=value`.
    pub values: &'static [&'static str],
}

/// A command line, taken apart.
pub struct Words<'a> {
    /// The options in their order, each with its value.
    options: Vec<(&'a str, Option<&'a str>)>,
    /// All other words.
    pub rest: Vec<&'a str>,
}

impl<'a> Words<'a> {
    /// Takes the words behind the name of a command apart.
    ///
    /// # Errors
    /// The option that is not known, or a word that holds a variable.
    pub fn of(command: &'a Command, known: &Options) -> Result<Self, Obstacle> {
        let name = command.name().unwrap_or_default();
        let Some(values) = command.values() else {
            return Err(Obstacle::new(format!("a word of `{name}` holds a variable")));
        };
        Self::read(name, &values, known)
    }

    fn read(name: &str, words: &[&'a str], known: &Options) -> Result<Self, Obstacle> {
        let unknown = |w: &str| Obstacle::new(format!("it is not known what `{w}` makes `{name}` read"));
        let mut found = Self { options: Vec::new(), rest: Vec::new() };
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            let (option, attached) = match word.split_once('=') {
                Some((option, value)) if option.starts_with('-') => (option, Some(value)),
                _ => (word, None),
            };
            if !word.starts_with('-') {
                found.rest.push(word);
            } else if known.flags.contains(&word) {
                found.options.push((word, None));
            } else if known.values.contains(&option) {
                let value = attached.or_else(|| words.next()).ok_or_else(|| unknown(word))?;
                found.options.push((option, Some(value)));
            } else {
                return Err(unknown(word));
            }
        }
        Ok(found)
    }

    /// Whether one of these options is given.
    pub fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|(option, _)| names.contains(option))
    }

    /// The values of these options.
    pub fn all(&self, names: &[&str]) -> impl Iterator<Item = &'a str> {
        let is_named = |(option, value): &(&str, Option<&'a str>)| value.filter(|_| names.contains(option));
        self.options.iter().filter_map(is_named).collect::<Vec<_>>().into_iter()
    }
}

/// The first word of a command that is no option.
pub fn verb<'a>(command: &'a Command) -> Option<&'a str> {
    command.args().iter().find(|w| !w.text.starts_with(b"-")).and_then(|w| w.value.as_deref())
}

/// Whether every word is a name with a version, never a path or an archive: `flask==3.0`, `bundler:2.4`.
///
/// # Errors
/// The word that is not.
pub fn are_names(words: &[&str]) -> Result<(), Obstacle> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-[],=<>!~*+;:@ ".contains(c);
    let archive = [".whl", ".zip", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".egg", ".gem", ".conda", ".phar"];
    let is_name = |w: &&&str| {
        let begins = w.starts_with(|c: char| c.is_ascii_alphanumeric());
        begins && w.chars().all(fits) && !archive.iter().any(|e| w.ends_with(e)) && !w.contains("file:")
    };
    match words.iter().find(|w| !is_name(w)) {
        Some(word) => Err(Obstacle::new(format!("`{word}` may be a path of the source"))),
        None => Ok(()),
    }
}

/// The path in the context of `word`, which the command line names: from the folder it runs in, or from the root of
/// the image where that leads into what is copied.
///
/// # Errors
/// Where it leads out of that.
pub fn path_of(gather: &Gather, word: &str) -> Result<String, Obstacle> {
    let place = gather.place;
    let out = || Obstacle::new(format!("{word} may lie outside of what is copied"));
    if word.split('/').any(|p| p == "..") || word.contains(['~', '\\']) {
        return Err(out());
    }
    let clean = stage::resolve(Some("/"), word).ok_or_else(out)?;
    if !word.starts_with('/') {
        return Ok(gather.at(clean.trim_start_matches('/')));
    }
    let inside = place::below(&clean, place.target).ok_or_else(out)?;
    Ok(crate::model::context::path::join(place.top, inside))
}

/// Whether a value is an address that is asked over the network.
pub fn is_remote(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}
