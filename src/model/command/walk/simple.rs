//! The simple commands of a walk: their words, what they do, and what that makes of the scene.
//!
//! It must not know of compound commands.

use super::super::apply::{Barrier, Known};
use super::super::effect::{Effect, State};
use super::super::words;
use super::super::{Command, Word, shell_state, table};
use super::{Ran, Walker, text_of};
use crate::model::variables;
use crate::syntax::exec;
use crate::syntax::node::Kind;
use crate::syntax::tree::Instruction;

impl<'a> Walker<'a> {
    /// The name and value of an assignment.
    pub(super) fn assigned(&self, index: usize) -> Option<(String, Option<String>)> {
        let text = self.slice(self.nodes[index]);
        let equals = memchr::memchr(b'=', text)?;
        let (name, value) = (&text[..equals], &text[equals + 1..]);
        let appends = name.ends_with(b"+");
        let name = name.strip_suffix(b"+").unwrap_or(name);
        let value =
            (!appends && !value.starts_with(b"(")).then(|| words::value(value, &self.scene)).flatten();
        Some((text_of(name), value))
    }

    /// The words of a simple command, as far as they are known here.
    pub(super) fn command(&self, index: usize) -> Command<'a> {
        let words = self.child_nodes(index).into_iter().filter(|(_, n)| n.kind == Kind::ShellWord);
        let word = |(_, node)| {
            let text = self.slice(node);
            Word { text, value: words::value(text, &self.scene) }
        };
        Command { words: words.map(word).collect() }
    }

    pub(super) fn simple(&mut self, index: usize) {
        let parts = self.child_nodes(index);
        for (child, node) in &parts {
            match node.kind {
                Kind::Redirect => self.substitutions(*child),
                _ => self.node(*child, *node),
            }
        }
        let command = self.command(index);
        let set: Vec<_> = parts
            .iter()
            .filter(|(_, n)| n.kind == Kind::Assignment)
            .filter_map(|(i, _)| self.assigned(*i))
            .collect();
        let redirects = parts.iter().filter(|(_, n)| n.kind == Kind::Redirect);
        let redirected = self.redirected(&redirects.map(|(i, _)| *i).collect::<Vec<_>>());
        let paths =
            parts.iter().filter_map(|(_, n)| self.slice(*n).strip_prefix(b"PATH=")).collect::<Vec<_>>();
        let outcome = self.run(&command, set, &paths).map(|mut effect| {
            effect.take(redirected);
            effect
        });
        let name = command.words.first().map(|w| text_of(w.text)).unwrap_or_default();
        self.commands.push(Ran { name, outcome: outcome.clone() });
        self.take(outcome);
    }

    pub(super) fn take(&mut self, outcome: Known) {
        match (&mut self.whole, outcome) {
            (Ok(whole), Ok(effect)) => whole.take(effect),
            (whole @ Ok(_), Err(why)) => *whole = Err(why),
            (Err(_), _) => {}
        }
    }

    /// What a command does, and what that makes of the scene.
    fn run(&mut self, command: &Command, set: Vec<(String, Option<String>)>, paths: &[&[u8]]) -> Known {
        let Some(first) = command.words.first() else {
            for (name, value) in set {
                self.scene.set(&name, value);
            }
            self.scene.add_paths(paths);
            return Ok(Effect { state: State::VARIABLES, ..Effect::nothing() });
        };
        if let Some(changes) = command.name().and_then(|n| self.functions.get(n.as_bytes())).cloned() {
            self.forget(&changes);
            return Ok(Effect::nothing());
        }
        if command.name().is_none() {
            return Err(Barrier(format!("`{}` as a command", text_of(first.text))));
        }
        let declares = command.name().is_some_and(shell_state::declares);
        let mut scene = self.scene.clone();
        for (name, value) in set {
            if declares {
                self.scene.set(&name, value.clone());
            }
            scene.set(&name, value);
        }
        scene.add_paths(paths);
        if declares {
            self.scene.add_paths(paths);
        }
        let outcome = table::effect(command, &scene).map(|mut effect| {
            self.look_around(command, &mut effect);
            effect
        });
        if outcome.is_ok() {
            self.errexit = shell_state::errexit(command).unwrap_or(self.errexit);
            shell_state::change(command, &mut self.scene);
        }
        outcome
    }

    /// Words that tell of the working folder to a command that need not care: its name, and patterns.
    fn look_around(&self, command: &Command, effect: &mut Effect) {
        let is_pattern = |w: &&Word| w.is_pattern() && !w.text.starts_with(b"/");
        if command.args().iter().any(|w| is_pattern(&w)) {
            effect.reads.extend(self.scene.here());
            effect.uses_folder = true;
        }
        effect.uses_folder |= command.words.iter().any(|w| variables::is_named(b"PWD", w.text));
    }

    /// What redirections read and write.
    fn redirected(&self, redirects: &[usize]) -> Effect {
        let mut effect = Effect::nothing();
        for index in redirects {
            let parts = self.child_nodes(*index);
            let operator =
                parts.iter().find(|(_, n)| n.kind == Kind::RedirectOp).map(|(_, n)| self.slice(*n));
            let operator = operator.unwrap_or_default();
            let Some((_, target)) = parts.iter().find(|(_, n)| n.kind == Kind::ShellWord) else { continue };
            let text = self.slice(*target);
            let is_text = memchr::memmem::find(operator, b"<<").is_some();
            let is_number = operator.ends_with(b"&") && text.iter().all(|b| b.is_ascii_digit() || *b == b'-');
            if is_text || is_number {
                continue;
            }
            let word = Word { text, value: words::value(text, &self.scene) };
            let places = words::places(&word, &self.scene);
            effect.uses_folder |= !places.is_empty() && !text.starts_with(b"/") && !text.starts_with(b"\"/");
            if operator.contains(&b'>') { effect.writes.extend(places) } else { effect.reads.extend(places) }
        }
        effect
    }

    /// A redirection of a compound command.
    pub(super) fn loose_redirect(&mut self, index: usize) {
        self.substitutions(index);
        let effect = self.redirected(&[index]);
        self.take(Ok(effect));
    }

    /// The exec form: words without a shell.
    pub(super) fn exec(&mut self, i: &Instruction) {
        let strings = i.nodes.iter().filter(|n| n.kind == Kind::JsonString);
        let values: Vec<String> = strings.map(|n| exec::value(i.node_text(*n))).collect();
        let words = values.iter().map(|v| Word { text: v.as_bytes(), value: Some(v.clone()) }).collect();
        let command = Command { words };
        let name = values.first().cloned().unwrap_or_default();
        let outcome = table::effect(&command, &self.scene);
        self.commands.push(Ran { name, outcome: outcome.clone() });
        self.take(outcome);
    }
}
