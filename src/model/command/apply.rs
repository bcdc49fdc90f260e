//! An entry of the table and the words of a command give its effect.
//!
//! It knows how options and operands are written, and no command by its name.

use std::borrow::Cow;

use super::effect::{Effect, Heeds, Place, reach_every_program};
use super::entry::{At, Entry, Special, Use};
use super::words::{self, Scene};
use super::{Command, Word, special, table};

/// Why it is not known what a command does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barrier(pub String);

pub(super) type Known = Result<Effect, Barrier>;

/// The words of a command, as an entry reads them.
#[derive(Debug, Default)]
pub(super) struct Reading<'c> {
    /// What is no option, the verb not among it.
    pub operands: Vec<Cow<'c, Word<'c>>>,
    /// Options with a value that matters.
    pub values: Vec<(Use, Cow<'c, Word<'c>>)>,
    /// All options, without dashes if they are letters.
    pub seen: Vec<Cow<'c, str>>,
}

impl Reading<'_> {
    /// Whether an option is there.
    pub fn has(&self, option: &str) -> bool {
        self.seen.iter().any(|s| s == option)
    }
}

/// What a command does, by this entry; `None` where it is about another verb.
pub(super) fn effect(entry: &Entry, command: &Command, scene: &Scene) -> Option<Known> {
    let (reading, unclear) = read(entry, command);
    let reading = verb(entry, reading)?;
    if let Some(option) = unclear {
        let name = command.name().unwrap_or_default();
        return Some(Err(Barrier(format!("`{name}` with `{option}`"))));
    }
    Some(match entry.special {
        Special::None | Special::Sed | Special::Awk => plain(entry, &reading, scene),
        special => special::effect(special, entry, command, &reading, scene),
    })
}

/// Takes the verb off, if it is one that the entry is about.
fn verb<'c>(entry: &Entry, mut reading: Reading<'c>) -> Option<Reading<'c>> {
    if entry.verbs.is_empty() {
        return Some(reading);
    }
    let is_there = |verb: &&&str| {
        let words: Vec<&str> = verb.split(' ').collect();
        let own = reading.operands.iter().map(|w| w.value.as_deref());
        own.take(words.len()).eq(words.iter().map(|w| Some(*w)))
    };
    // the longest, as `config set` is not `config`
    let verb = entry.verbs.iter().filter(is_there).max_by_key(|v| v.len())?;
    reading.operands.drain(..verb.split(' ').count());
    Some(reading)
}

/// Sorts the words into options and operands; gives the first option that the entry does not know as well.
fn read<'c>(entry: &Entry, command: &'c Command<'c>) -> (Reading<'c>, Option<String>) {
    let mut reader = Reader { entry, reading: Reading::default(), unclear: None };
    let mut words = command.args().iter();
    let mut only_operands = false;
    let mut is_first = true;
    while let Some(word) = words.next() {
        let text = spelled(word);
        only_operands |= entry.rest == Use::Command && reader.has_command();
        if is_first && entry.special == Special::Tar && !text.starts_with('-') && word.value.is_some() {
            reader.letters(&text, word, &mut words, true);
        } else if only_operands || text.len() < 2 || !text.starts_with('-') {
            reader.reading.operands.push(Cow::Borrowed(word));
        } else if text == "--" {
            only_operands = true;
        } else {
            reader.option(&text, word, &mut words);
        }
        is_first = false;
    }
    (reader.reading, reader.unclear)
}

/// A word as options are looked up: its value, or what stands there without the quote that begins it.
pub(super) fn spelled<'c>(word: &'c Word) -> Cow<'c, str> {
    match &word.value {
        Some(value) => Cow::Borrowed(value),
        None => String::from_utf8_lossy(word.text.strip_prefix(b"\"").unwrap_or(word.text)),
    }
}

struct Reader<'e, 'c> {
    entry: &'e Entry,
    reading: Reading<'c>,
    unclear: Option<String>,
}

impl<'c> Reader<'_, 'c> {
    /// Whether the command that it runs has begun.
    fn has_command(&self) -> bool {
        let is_setting = |w: &Word| self.entry.special == Special::Env && spelled(w).contains('=');
        let before = usize::from(self.entry.first.is_some());
        self.reading.operands.iter().filter(|w| !is_setting(w)).count() > before
    }

    fn option(&mut self, text: &str, word: &'c Word<'c>, words: &mut std::slice::Iter<'c, Word<'c>>) {
        let (name, attached) = match text.split_once('=') {
            Some((name, _)) => (name, Some(part(word, name.len() + 1))),
            None => (text, None),
        };
        if let Some(used) = self.value_of(name) {
            self.reading.seen.push(Cow::Owned(name.to_string()));
            let value = attached.or_else(|| words.next().map(Cow::Borrowed));
            self.value(used, name, value);
        } else if self.is_flag(name, attached.is_some()) {
            self.reading.seen.push(Cow::Owned(name.to_string()));
        } else if text.starts_with("--") {
            self.reading.seen.push(Cow::Owned(name.to_string()));
            self.unknown(name);
        } else {
            self.letters(&text[1..], word, words, false);
        }
    }

    /// Options of one letter, written as one word. In the old style their values follow as words of their own.
    fn letters(
        &mut self,
        letters: &str,
        word: &'c Word<'c>,
        words: &mut std::slice::Iter<'c, Word<'c>>,
        old: bool,
    ) {
        for (at, letter) in letters.char_indices() {
            let name = format!("-{letter}");
            let behind = at + letter.len_utf8();
            self.reading.seen.push(Cow::Owned(name.clone()));
            if let Some(used) = self.value_of(&name) {
                let attached = (!old && behind < letters.len()).then(|| part(word, behind + 1));
                let value = attached.or_else(|| words.next().map(Cow::Borrowed));
                self.value(used, &name, value);
                if !old {
                    return;
                }
            } else if !self.entry.flags.contains(letter) {
                self.unknown(&name);
                if letter == '$' {
                    return;
                }
            } else if self.entry.special == Special::Sed && letter == 'i' {
                // what follows is the ending of the copy that it keeps
                if behind < letters.len() {
                    self.reading.seen.push(Cow::Borrowed("suffix"));
                }
                return;
            }
        }
    }

    fn value_of(&self, name: &str) -> Option<Use> {
        let all = self.entry.values.iter();
        all.clone().find(|(names, _)| names.split(' ').any(|n| n == name)).map(|(_, used)| *used)
    }

    fn is_flag(&self, name: &str, has_value: bool) -> bool {
        self.entry.longs.split(' ').any(|long| match long.strip_suffix('=') {
            Some(long) => long == name,
            None => long == name && !has_value,
        })
    }

    fn value(&mut self, used: Use, name: &str, value: Option<Cow<'c, Word<'c>>>) {
        match (used, value) {
            (Use::Barrier, _) | (_, None) => self.stop(name),
            (Use::Nothing, _) => {}
            (used, Some(value)) => self.reading.values.push((used, value)),
        }
    }

    fn unknown(&mut self, name: &str) {
        if !self.entry.is_loose {
            self.stop(name);
        }
    }

    fn stop(&mut self, name: &str) {
        self.unclear.get_or_insert_with(|| name.to_string());
    }
}

/// The rest of a word from a byte of what it stands for on.
fn part<'c>(word: &'c Word<'c>, from: usize) -> Cow<'c, Word<'c>> {
    let quote = usize::from(word.value.is_none() && word.text.starts_with(b"\""));
    let value = word.value.as_deref().and_then(|v| v.get(from..)).map(str::to_string);
    Cow::Owned(Word { text: word.text.get(from + quote..).unwrap_or_default(), value })
}

/// What the entry's places and the words' come to.
pub(super) fn plain(entry: &Entry, reading: &Reading, scene: &Scene) -> Known {
    let mut sum = Sum::of(entry, scene);
    for (used, word) in reading.values.iter().filter(|(used, _)| *used == Use::Enters) {
        sum.add(*used, word, scene)?;
    }
    for (used, word) in reading.values.iter().filter(|(used, _)| *used != Use::Enters) {
        sum.add(*used, word, scene)?;
    }
    let rest = special::operands(entry, reading)?;
    let has_first = entry.first.is_some() && !reading.values.iter().any(|(used, _)| *used == Use::First);
    let operands = &reading.operands[..];
    for (n, word) in operands.iter().enumerate() {
        let is_last = n > 0 && n + 1 == operands.len() && !sum.goes_elsewhere;
        let used = match (entry.first, entry.last) {
            (Some(first), _) if has_first && n == 0 => first,
            (_, Some(last)) if is_last => {
                sum.has_target = true;
                last
            }
            _ => rest,
        };
        if used == Use::Command {
            let words = operands[n..].iter().map(|w| w.as_ref().clone()).collect();
            sum.effect.take(table::effect(&Command { words }, scene)?);
            break;
        }
        let scene = sum.scene.clone();
        sum.add(used, word, &scene)?;
    }
    Ok(sum.finish(entry, reading))
}

/// An effect in the making.
struct Sum {
    effect: Effect,
    /// Where the command works in the end.
    scene: Scene,
    /// A word says where things go: with an option, or as the last operand.
    goes_elsewhere: bool,
    has_target: bool,
}

impl Sum {
    fn of(entry: &Entry, scene: &Scene) -> Self {
        let heeds = vec![entry.heeds];
        let effect = Effect {
            heeds,
            state: entry.state,
            network: entry.network,
            brings: entry.brings,
            ..Effect::nothing()
        };
        Self { effect, scene: scene.clone(), goes_elsewhere: false, has_target: false }
    }

    fn add(&mut self, used: Use, word: &Word, scene: &Scene) -> Result<(), Barrier> {
        let used = match used {
            Use::Package | Use::Source if !is_path(&spelled(word)) => Use::Nothing,
            Use::Package => Use::Reads,
            Use::Source => Use::Both,
            used => used,
        };
        let relative = !spelled(word).starts_with(['/', '~']);
        let named = words::places(word, scene);
        if relative && !named.is_empty() && !matches!(used, Use::Nothing | Use::First | Use::Setting) {
            self.effect.uses_folder = true;
        }
        match used {
            Use::Nothing | Use::First | Use::Command => {}
            Use::Reads | Use::Package => self.effect.reads.extend(named),
            Use::Writes => self.effect.writes.extend(named),
            Use::Both | Use::Source => {
                self.effect.reads.extend(named.clone());
                self.effect.writes.extend(named);
            }
            Use::Beside => {
                let folders = words::folders(word, scene);
                self.effect.reads.extend(named);
                self.effect.writes.extend(folders);
            }
            Use::Into => {
                self.effect.writes.extend(named);
                self.goes_elsewhere = true;
            }
            Use::Enters => {
                self.effect.reads.extend(named);
                self.scene = self.scene.entered(word);
            }
            Use::Setting => {
                let text = spelled(word);
                if let Some(at) = text.find('=') {
                    let value = part_of(word, at + 1);
                    let is_path = spelled(&value).starts_with(['/', '~', '$', '.']);
                    self.effect
                        .writes
                        .extend(is_path.then(|| words::places(&value, scene)).into_iter().flatten());
                }
            }
            Use::Barrier => return Err(Barrier(format!("`{}`", String::from_utf8_lossy(word.text)))),
        }
        Ok(())
    }

    fn finish(mut self, entry: &Entry, reading: &Reading) -> Effect {
        for at in entry.reads {
            let places = self.at(*at, entry);
            self.effect.reads.extend(places);
        }
        let elsewhere =
            self.goes_elsewhere || self.has_target || entry.instead.iter().any(|option| reading.has(option));
        let also = entry.also.iter().filter(|(option, _)| reading.has(option)).map(|(_, at)| *at);
        let fixed = entry.writes.iter().copied().filter(|at| !(elsewhere && matches!(at, At::Here)));
        for at in fixed.chain(also).collect::<Vec<_>>() {
            let places = self.at(at, entry);
            self.effect.writes.extend(places);
        }
        for places in [&mut self.effect.reads, &mut self.effect.writes] {
            places.sort();
            places.dedup();
        }
        self.effect
    }

    fn at(&mut self, at: At, entry: &Entry) -> Vec<Place> {
        match at {
            At::Here => {
                self.effect.uses_folder = true;
                self.scene.here()
            }
            At::Above => {
                self.effect.uses_folder = true;
                let all = self.scene.resolve("..");
                // a folder at the root stands by itself
                all.into_iter().filter(|p| *p != Place::Below("/".to_string())).collect()
            }
            At::Folder(path) => vec![Place::Below(path.to_string())],
            At::System => vec![Place::System],
            At::Tools => tools(&self.scene, entry),
            At::Home => self.scene.home(),
            At::Temporary => self.scene.temporary(),
            At::Anywhere => vec![Place::Anywhere],
        }
    }
}

/// Whether what may be the name of a package is a path, or a variable that may hold one.
fn is_path(word: &str) -> bool {
    const ENDINGS: [&str; 10] =
        [".whl", ".zip", ".gz", ".tgz", ".bz2", ".deb", ".rpm", ".apk", ".gem", ".egg"];
    let begins = word.starts_with(['/', '.', '~', '$', '`', '*']);
    // a version may be a variable, and an alias of a package begins with a dot: `apk add -t .deps`
    let is_url = word.contains("://");
    !is_url
        && (begins
            || word.contains('/') && !word.starts_with('@')
            || ENDINGS.iter().any(|e| word.ends_with(e)))
}

fn part_of<'w>(word: &'w Word<'w>, from: usize) -> Word<'w> {
    part(word, from).into_owned()
}

/// Where the tools of a language may be: what PATH and the variables that they heed by name say.
fn tools(scene: &Scene, entry: &Entry) -> Vec<Place> {
    let mut found = vec![Place::System];
    found.extend(scene.tools.iter().cloned());
    let heeds = |name: &str| match entry.heeds {
        Heeds::Names(names) | Heeds::Packages(names) => Heeds::Names(names).heeds(name),
        other => other == Heeds::Anything,
    };
    for (name, value) in &scene.variables {
        let is_folder = ["DIR", "HOME", "PATH", "PREFIX", "ROOT", "CACHE", "TARGET", "FOLDER", "BASE"]
            .iter()
            .any(|end| name.to_ascii_uppercase().ends_with(end));
        if !heeds(name) || reach_every_program(name) {
            continue;
        }
        match value {
            Some(value) if value.starts_with('/') => found.extend(scene.resolve(value)),
            Some(value) if is_folder && !value.is_empty() => found.extend(scene.resolve(value)),
            None if is_folder => found.push(Place::Anywhere),
            _ => {}
        }
    }
    found
}
