//! One place where two texts meet: how they are joined, and what each has to be wrapped in.
//!
//! A text that stands left of another may leave nothing in the shell, and its failure must end the whole.

use super::around::{Around, hazard};
use crate::model::command::script::Script;
use crate::model::command::together::Hazard;
use crate::model::shell_state::{self, Leftover};
use crate::model::variables;
use crate::syntax::edit::{By, Wrap};
use crate::syntax::node::Kind;

/// How two texts that follow each other are joined, if nothing else is said.
pub(super) fn style(own: &Script, next: &Script) -> By {
    let words = |s: &Script| s.opening().and_then(|o| o.command.values().map(|w| w.join(" ")));
    let fails = own.opening().is_some_and(|o| shell_state::sets_errexit(o) == Some(true));
    if fails && words(own) == words(next) { By::Semicolon } else { By::And }
}

/// What a text has to be wrapped in to follow another.
pub(super) fn right(next: &Script, by: By) -> Wrap {
    if by == By::Semicolon || next.is_and_list() { Wrap::Bare } else { Wrap::Braces }
}

/// What a text has to be wrapped in to stand left of `next`, beside what it is wrapped in to follow another.
pub(super) fn left(
    own: &Script,
    next: &Script,
    by: By,
    around: &Around,
    errexit: bool,
) -> Result<Wrap, Hazard> {
    if by == By::And && (errexit || shell_state::may_set_errexit(own)) && !own.is_plain_and_list() {
        return Err(hazard(
            "left of `&&` a shell does not stop where a command fails",
            "`set -e` is on in what is more than commands joined by `&&`",
            "join its commands by `&&`, or open both with the same `set -e…;`",
        ));
    }
    let mut wrap = match by {
        By::Semicolon if !ends_loudly(own) => Wrap::Parentheses,
        // `a; b && c` would do, but nobody reads it right
        by => right(own, by),
    };
    let asks_unseen = shell_state::may_ask_for_any_variable(next);
    for leftover in kept(own, by) {
        wrap = wrap.max(match leftover {
            Leftover::Beyond(what) => return Err(stays(&what, "keep them apart, or end it where it begins")),
            Leftover::State(_) => Wrap::Parentheses,
            Leftover::Variable(name) | Leftover::Contained(name) if is_asked_for(&name, next, around) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                return Err(stays(&name, "give one of the two variables another name"));
            }
            Leftover::Variable(name) if asks_unseen || name.iter().any(u8::is_ascii_uppercase) => {
                Wrap::Parentheses
            }
            Leftover::Variable(_) | Leftover::Contained(_) => Wrap::Bare,
        });
    }
    Ok(wrap)
}

fn stays(what: &str, advice: &'static str) -> Hazard {
    hazard("the shell keeps what the first leaves behind", &format!("`{what}`"), advice)
}

/// What stays in the shell; the `set` that both open with is no matter.
fn kept(own: &Script, by: By) -> Vec<Leftover> {
    let mut all = shell_state::leftovers(own);
    if by == By::Semicolon
        && let Some(at) = all.iter().position(|l| *l == Leftover::State("set".to_string()))
    {
        all.remove(at);
    }
    all
}

/// Whether a variable may be one that is asked for: that the next text names, that is in the environment by ENV or ARG,
/// or that every shell asks for. One of small letters is in the environment of no image.
fn is_asked_for(name: &[u8], next: &Script, around: &Around) -> bool {
    matches!(name, b"PATH" | b"IFS" | b"HOME")
        || name.ends_with(b"_proxy")
        || around.names.contains(&name)
        || variables::is_named(name, next.text())
}

/// Whether its last statement, if it fails, makes a shell with `set -e` stop: `a && b` does not, where `a` fails.
fn ends_loudly(script: &Script) -> bool {
    let run = script.run;
    let Some(last) = script.statements().next_back() else { return false };
    let mut pipelines = run.children(last);
    let (Some((pipeline, _)), None) = (pipelines.next(), pipelines.next()) else { return false };
    let loud = |kind| matches!(kind, Kind::Simple | Kind::Subshell | Kind::Test);
    let mut commands = run.children(pipeline).map(|(_, n)| n.kind);
    match (commands.next(), commands.next()) {
        (Some(only), None) => loud(only),
        (Some(first), Some(_)) => !matches!(first, Kind::Bang | Kind::Time),
        _ => false,
    }
}
