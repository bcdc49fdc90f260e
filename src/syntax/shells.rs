//! Which shell reads an instruction's text: SHELL, the stage it builds on, a Windows image, a script's first line.
//!
//! cmd and PowerShell are kept as they stand; so is a shell that is not known.

use super::exec;
use super::lex;
use super::node::Kind;
use super::tree::{Instruction, Keyword, Shell};

/// Follows SHELL and FROM through a file.
#[derive(Debug, Default)]
pub struct Tracker {
    now: Shell,
    /// Names of stages, lower-cased, with the shell that each ends with.
    stages: Vec<(Vec<u8>, Shell)>,
    name: Option<Vec<u8>>,
}

impl Tracker {
    /// The shell that reads the next instruction.
    pub fn now(&self) -> Shell {
        self.now
    }

    /// Takes note of an instruction.
    pub fn see(&mut self, instruction: &Instruction) {
        match instruction.keyword {
            Keyword::From => self.from(instruction),
            Keyword::Shell => self.now = of_shell(instruction),
            _ => {}
        }
    }

    fn from(&mut self, instruction: &Instruction) {
        if let Some(name) = self.name.take() {
            self.stages.push((name, self.now));
        }
        let mut words = instruction.words();
        let image = words.next().unwrap_or_default().to_ascii_lowercase();
        self.name = words.nth(1).map(<[u8]>::to_ascii_lowercase);
        // a variable may hold the name of any stage above
        let stage = if image.contains(&b'$') {
            self.stages.iter().find(|(_, shell)| *shell == Shell::Other)
        } else {
            self.stages.iter().rev().find(|(name, _)| *name == image)
        };
        self.now = stage.map_or_else(|| of_image(&image), |(_, shell)| *shell);
    }
}

/// The shell of a SHELL instruction, by the name of its program, if it is the one that reads the text of RUN.
fn of_shell(instruction: &Instruction) -> Shell {
    match &arguments(instruction)[..] {
        [program, options @ ..] if takes_the_text(options) => of_program(program),
        _ => Shell::Other,
    }
}

/// The program of a SHELL instruction and its arguments.
pub fn arguments(instruction: &Instruction) -> Vec<String> {
    let strings = instruction.nodes.iter().filter(|n| n.kind == Kind::JsonString);
    strings.map(|n| exec::value(instruction.node_text(*n))).collect()
}

/// Whether these are options, one of them `-c`, and nothing else: then the text that follows them is the script. Behind
/// another word it is only `$0` to that word, which may do anything with it.
fn takes_the_text(options: &[String]) -> bool {
    let mut has_c = false;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match option.split_at_checked(1) {
            _ if is_long(option) => {}
            Some(("-" | "+", letters)) if letters.chars().all(|c| "abefhiklmuvxoprcBCEHOPT".contains(c)) => {
                has_c |= option.starts_with('-') && letters.contains('c');
                let values = letters.chars().filter(|c| matches!(c, 'o' | 'O')).count();
                let told = options.by_ref().take(values).filter(|o| !o.starts_with(['-', '+'])).count();
                if told != values {
                    return false;
                }
            }
            _ => return false,
        }
    }
    has_c
}

/// Options of bash that take no value and leave the script what it is.
fn is_long(option: &str) -> bool {
    matches!(option, "--login" | "--noprofile" | "--norc" | "--posix" | "--noediting" | "--verbose")
}

/// The shell that a program is, by the last part of its path.
fn of_program(program: &str) -> Shell {
    let name = program.rsplit('/').next().unwrap_or_default();
    match name {
        "sh" | "bash" | "dash" | "ash" | "ksh" | "mksh" | "zsh" => Shell::Posix,
        _ => Shell::Other,
    }
}

/// Windows images are known by their names.
fn of_image(image: &[u8]) -> Shell {
    let windows: [&[u8]; 4] = [b"windows/", b"windowsservercore", b"nanoserver", b"windows-"];
    let has = |part: &&[u8]| memchr::memmem::find(image, part).is_some();
    if windows.iter().any(has) { Shell::Other } else { Shell::Posix }
}

/// Whether sh reads a script: it has no first line `#!…`, or one that names such a shell.
pub fn reads_script(body: &[u8]) -> bool {
    let body = &body[body.iter().take_while(|b| **b == b'\t').count()..];
    let Some(rest) = body.strip_prefix(b"#!") else { return true };
    let line = lex::physical_line(rest).map_or(rest, |(_, line)| line);
    let text = String::from_utf8_lossy(line);
    let mut words = text.split_ascii_whitespace();
    let program = words.next().unwrap_or_default();
    let program = if program.ends_with("/env") { words.next().unwrap_or_default() } else { program };
    of_program(program) == Shell::Posix
}
