//! Commands whose words need code: archives, programs of sed and awk, commands that run other commands.

use std::borrow::Cow;

use super::apply::{self, Barrier, Known, Reading};
use super::effect::Effect;
use super::entry::{Entry, Special, Use};
use super::words::{self, Scene};
use super::{Command, Word, table, walk};

/// The effect of a command of this sort.
pub(super) fn effect(
    special: Special,
    entry: &Entry,
    command: &Command,
    reading: &Reading,
    scene: &Scene,
) -> Known {
    let own = || Effect { heeds: vec![entry.heeds], state: entry.state, ..Effect::nothing() };
    match special {
        Special::Tar => Ok(tar(entry, reading, scene)),
        Special::Env => {
            let is_setting = |w: &&Cow<Word>| apply::spelled(w).contains('=');
            let words = reading.operands.iter().skip_while(is_setting);
            run(words.map(|w| w.as_ref().clone()).collect(), own(), scene)
        }
        Special::Xargs => {
            let mut words: Vec<Word> = reading.operands.iter().map(|w| w.as_ref().clone()).collect();
            if !words.is_empty() {
                words.push(Word { text: b"$@", value: None });
            }
            run(words, own(), scene)
        }
        Special::Find => find(command, scene),
        Special::Script => script(command, reading, scene),
        Special::Trap => match reading.operands.first().map(|w| w.value.as_deref()) {
            None | Some(Some("" | "-")) => Ok(own()),
            Some(Some(text)) => {
                let mut all = walk::later(text.as_bytes(), scene)?;
                all.take(own());
                Ok(all)
            }
            Some(None) => Err(Barrier("`trap` with a variable".to_string())),
        },
        Special::Source => source(reading, scene, own()),
        Special::None | Special::Sed | Special::Awk => apply::plain(entry, reading, scene),
    }
}

/// What a command behind another one does; it runs in a shell of its own.
fn run(words: Vec<Word>, mut own: Effect, scene: &Scene) -> Known {
    if !words.is_empty() {
        let inner = table::effect(&Command { words }, scene)?;
        own.take(Effect { state: super::effect::State::NONE, ..inner });
    }
    Ok(own)
}

/// What the operands of an entry are: sed writes them with `-i`, awk and sed do what their programs say.
pub(super) fn operands(entry: &Entry, reading: &Reading) -> Result<Use, Barrier> {
    let programs = || {
        let named = reading.values.iter().filter(|(used, _)| *used == Use::First).map(|(_, w)| w);
        let first = named.clone().next().is_none().then(|| reading.operands.first()).flatten();
        named.chain(first).map(|w| apply::spelled(w).into_owned()).collect::<Vec<_>>()
    };
    match entry.special {
        Special::Sed => {
            if programs().iter().any(|p| sed_reaches_out(p)) {
                return Err(Barrier("`sed` with a program that may write files".to_string()));
            }
            let in_place = reading.has("-i") || reading.has("--in-place");
            let keeps = reading.has("suffix") || reading.has("--in-place");
            Ok(if !in_place {
                entry.rest
            } else if keeps {
                Use::Beside
            } else {
                Use::Both
            })
        }
        Special::Awk if programs().iter().any(|p| awk_reaches_out(p)) => {
            Err(Barrier("`awk` with a program that may run commands or write files".to_string()))
        }
        _ => Ok(entry.rest),
    }
}

/// Whether a program of sed may hold `w`, `W`, `e`, or a substitution with such a flag. What is not a plain list of
/// usual commands may.
fn sed_reaches_out(program: &str) -> bool {
    program.split('\n').any(|line| {
        let mut rest = line.trim_start();
        loop {
            rest = rest.trim_start_matches([' ', '\t', ';', '{', '}', '!']);
            match sed_command(rest) {
                Some("") => return false,
                Some(behind) => rest = behind,
                None => return true,
            }
        }
    })
}

/// What stands behind the next command of sed; `None` where it may reach out.
fn sed_command(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || "$,~+ \t!".contains(c));
    let mut chars = text.char_indices();
    let Some((_, c)) = chars.next() else { return Some("") };
    match c {
        '/' | '\\' => {
            let (start, delimiter) = if c == '/' { (1, '/') } else { (2, text[1..].chars().next()?) };
            let behind = after_delimiter(text.get(start..)?, delimiter)?;
            sed_command(behind.trim_start_matches(['I', 'M']))
        }
        's' | 'y' => {
            let delimiter = text[1..].chars().next()?;
            let from = 1 + delimiter.len_utf8();
            let behind = after_delimiter(after_delimiter(text.get(from..)?, delimiter)?, delimiter)?;
            let flags = behind.trim_start_matches(|c: char| c.is_ascii_digit() || "gpiImM".contains(c));
            sed_end(flags)
        }
        'a' | 'i' | 'c' | '#' | ':' | 'b' | 't' | 'T' | 'r' => Some(""),
        '{' | '}' => Some(&text[1..]),
        'd' | 'D' | 'p' | 'P' | 'n' | 'N' | 'g' | 'G' | 'h' | 'H' | 'x' | 'q' | 'Q' | '=' | 'l' => {
            sed_end(&text[1..])
        }
        _ => None,
    }
}

fn sed_end(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let ends = text.is_empty()
        || text.starts_with([';', '}', '#'])
        || text.starts_with(|c: char| c.is_ascii_digit());
    ends.then_some(text)
}

/// What stands behind the next delimiter that no backslash takes away.
fn after_delimiter(text: &str, delimiter: char) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == delimiter => return text.get(at + c.len_utf8()..),
            _ => {}
        }
    }
    None
}

/// Whether a program of awk may write a file or run a command: it holds `>`, `|` or `system`, or what looks like it.
fn awk_reaches_out(program: &str) -> bool {
    let pipes = program.replace("||", "").contains('|');
    program.contains('>') || pipes || program.contains("system") || program.contains('@')
}

fn tar(entry: &Entry, reading: &Reading, scene: &Scene) -> Effect {
    let mut effect = Effect { heeds: vec![entry.heeds], uses_folder: true, ..Effect::nothing() };
    let any = |options: &[&str]| options.iter().any(|o| reading.has(o));
    let creates = any(&["-c", "-r", "-u", "-A", "--create", "--append", "--update", "--concatenate"]);
    let extracts = any(&["-x", "--extract", "--get"]);
    let (mut inside, mut folders) = (scene.clone(), Vec::new());
    for (used, word) in &reading.values {
        match used {
            Use::Enters => {
                inside = inside.entered(word);
                folders.extend(inside.here());
            }
            Use::Both if creates => effect.writes.extend(words::places(word, scene)),
            _ => effect.reads.extend(words::places(word, scene)),
        }
    }
    if extracts && !any(&["-O", "--to-stdout"]) {
        effect.writes.extend(if folders.is_empty() { scene.here() } else { folders });
    }
    if creates {
        for word in &reading.operands {
            effect.reads.extend(words::places(word, &inside));
        }
    }
    effect
}

/// `find folder… test… action…`
fn find(command: &Command, scene: &Scene) -> Known {
    let args = command.args();
    let begins = |w: &Word| apply::spelled(w).starts_with(['-', '(', '!']);
    let options = args.iter().take_while(|w| matches!(w.value.as_deref(), Some("-H" | "-L" | "-P"))).count();
    let end = args[options..].iter().position(begins).map_or(args.len(), |at| options + at);
    let here = [Word { text: b".", value: Some(".".to_string()) }];
    let paths = if end > options { &args[options..end] } else { &here[..] };
    let mut effect = Effect { uses_folder: true, ..Effect::nothing() };
    for path in paths {
        effect.reads.extend(words::places(path, scene));
    }
    let mut words = args[end..].iter();
    while let Some(word) = words.next() {
        match word.value.as_deref() {
            Some("-delete") => effect.writes.extend(paths.iter().flat_map(|p| words::places(p, scene))),
            Some("-exec" | "-execdir" | "-ok" | "-okdir") => {
                let own = |w: &&Word| !matches!(w.value.as_deref(), Some(";" | "+"));
                let inner: Vec<&Word> = words.by_ref().take_while(own).collect();
                for path in paths {
                    let words = inner.iter().map(|w| filled(w, path)).collect();
                    effect = run(words, effect, scene)?;
                }
            }
            Some(v) if v.starts_with("-f") && (v.contains("print") || v == "-fls") => {
                return Err(Barrier(format!("`find` with `{v}`")));
            }
            _ => {}
        }
    }
    Ok(effect)
}

/// A word of an action with the path in the place of `{}`; what it stands for is something below that.
fn filled<'w>(word: &Word<'w>, path: &Word<'w>) -> Word<'w> {
    match word.value.as_deref() {
        Some("{}") => path.clone(),
        None if word.text == b"{}" => path.clone(),
        Some(value) if value.contains("{}") => Word { text: b"$@", value: None },
        _ => word.clone(),
    }
}

/// `sh -c text`
fn script(command: &Command, reading: &Reading, scene: &Scene) -> Known {
    let name = command.name().unwrap_or_default();
    if reading.operands.is_empty() && reading.has("--version") {
        return Ok(Effect::nothing());
    }
    if !reading.has("-c") {
        return Err(Barrier(format!("`{name}` runs a script")));
    }
    let text = reading.operands.first().and_then(|w| w.value.as_deref());
    let text = text.ok_or_else(|| Barrier(format!("`{name} -c` runs a text that holds a variable")))?;
    let inner = walk::script(text.as_bytes(), scene)?;
    Ok(Effect { state: super::effect::State::NONE, ..inner })
}

/// Files that set variables and do nothing else.
fn source(reading: &Reading, scene: &Scene, own: Effect) -> Known {
    const FILES: [&str; 5] = [
        "/etc/os-release",
        "/etc/lsb-release",
        "/etc/environment",
        "/etc/apache2/envvars",
        "/etc/default/locale",
    ];
    let file = reading.operands.first().map(|w| apply::spelled(w)).unwrap_or_default();
    let activates = file.ends_with("/bin/activate");
    if reading.operands.len() != 1 || !(FILES.contains(&&*file) || activates) {
        return Err(Barrier(format!("what `{file}` does that it reads")));
    }
    let reads = words::places(&reading.operands[0], scene);
    Ok(Effect { reads, uses_folder: !file.starts_with('/'), ..own })
}
