//! The clean-up that a cache makes needless: what goes from a RUN, and that nothing else reaches the cache.

use super::managers::Manager;
use crate::model::calls::{self, Call};
use crate::rules::each_run::Place;
use crate::rules::{Piece, has_comment};
use crate::syntax::node::Node;

/// A word of a command.
type Word = (usize, usize);

/// What takes the clean-up out of a RUN.
///
/// # Errors
/// Where it cannot be taken out, or something else may reach the cache.
pub(super) fn removed<'a>(place: &Place<'a>, managers: &[&Manager]) -> Result<Vec<Piece<'a>>, String> {
    let calls = calls::calls(place.run);
    let goes: Vec<&Call> = calls.iter().filter(|call| goes(call, managers)).collect();
    let rest: Vec<&Call> = calls.iter().filter(|call| !goes.contains(call)).collect();
    let words: Vec<Word> = rest
        .iter()
        .flat_map(|call| {
            (1..call.words.len()).map(|at| (call.index, at)).filter(|(_, at)| word_goes(call, *at, managers))
        })
        .collect();
    for call in &rest {
        reaches_nothing(call, &words, managers)?;
    }
    let mut pieces = place.without(&goes)?;
    for call in &rest {
        for (_, at) in words.iter().filter(|(index, _)| *index == call.index) {
            pieces.push(without_word(place, call, *at)?);
        }
    }
    Ok(pieces)
}

/// Whether a command does nothing but empty a cache.
fn goes(call: &Call, managers: &[&Manager]) -> bool {
    let empties = |m: &&Manager| {
        let rest = behind_clean_up(call, m);
        rest.is_some_and(|rest| rest.iter().all(|(_, word)| word.starts_with('-')))
    };
    let operands = || call.words[1..].iter().filter(|(_, w)| !w.starts_with('-'));
    let removes =
        || is_forced(call) && operands().next().is_some() && operands().all(|(_, w)| is_operand(w, managers));
    managers.iter().any(empties) || removes()
}

/// The words that follow one of the commands that empty the cache of a manager.
fn behind_clean_up<'c, 'i>(call: &'c Call<'i>, manager: &Manager) -> Option<&'c [(Node, &'i str)]> {
    let behind = |command: &&str| {
        let mut words = call.words.iter();
        let is_it = command.split(' ').all(|want| words.next().is_some_and(|(_, word)| *word == want));
        is_it.then_some(words.as_slice())
    };
    manager.commands.iter().find_map(behind)
}

/// Whether a `rm` is content where there is nothing: in the one spelling in which every rule knows it. Were another one
/// taken away, rules that have run before could do more next time.
pub(super) fn is_forced(call: &Call) -> bool {
    call.name() == "rm" && call.words.get(1).is_some_and(|(_, word)| *word == "-rf")
}

fn is_operand(word: &str, managers: &[&Manager]) -> bool {
    managers.iter().any(|m| m.operands.contains(&word))
}

/// Whether a word goes from a command that stays: an option of an install, or one of several things that are removed.
fn word_goes(call: &Call, at: usize, managers: &[&Manager]) -> bool {
    let word = call.words[at].1;
    let is_option = |m: &&Manager| (m.installs)(call) && m.options.contains(&word);
    managers.iter().any(is_option) || is_forced(call) && is_operand(word, managers)
}

/// Holds that a command which stays does not reach a cache.
fn reaches_nothing(call: &Call, without: &[Word], managers: &[&Manager]) -> Result<(), String> {
    for manager in managers {
        if behind_clean_up(call, manager).is_some() {
            return Err(format!("more than the cache of {} is cleaned up", manager.name));
        }
        if let Some(word) = super::around::taken_along(call, manager) {
            return Err(format!("`{word}` holds the cache of {}, and is taken as a whole", manager.name));
        }
        for (at, (_, word)) in call.words.iter().enumerate() {
            if without.contains(&(call.index, at)) {
                continue;
            }
            // an option before the verb, say
            let is_its =
                (manager.installs)(call) || call.words.iter().any(|(_, w)| w.starts_with(manager.name));
            let says = is_its && at > 0 && word.to_ascii_lowercase().contains("cache");
            if says || super::surroundings::touches(word, manager) {
                let name = manager.name;
                return Err(format!("`{word}` may say something of the cache of {name}, or reach it"));
            }
        }
    }
    Ok(())
}

/// What takes a word out, with the gap before it.
fn without_word<'a>(place: &Place<'a>, call: &Call, at: usize) -> Result<Piece<'a>, String> {
    let (before, word) = (call.words[at - 1].0, call.words[at].0);
    let start = place.run.source_range(before.start, before.end).end;
    let end = place.run.source_range(word.start, word.end).end;
    if has_comment(&place.run.text[start..end]) {
        return Err("a comment stands beside what would go".to_string());
    }
    Ok((start..end, &[]))
}
