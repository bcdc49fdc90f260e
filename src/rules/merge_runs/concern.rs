//! Whether two RUNs belong together: the policy `related`.

use super::around::hazard;
use crate::model::command::script::Script;
use crate::model::command::table;
use crate::model::command::together::Hazard;

/// Whether two texts belong together.
pub(super) enum Related {
    Yes,
    /// They are of two concerns: nobody would expect them to be one.
    No,
    /// That is not known.
    Unclear(Hazard),
}

/// Whether `next` belongs to the text above it.
pub(super) fn related(own: &Script, next: &Script) -> Related {
    if is_update(own) && installs(next) {
        return Related::Yes;
    }
    let concern = |s: &Script| {
        let run = s.commands().map_err(|why| why.0.to_string())?;
        table::concern_of_run(&run)
    };
    match (concern(own), concern(next)) {
        (Ok(a), Ok(b)) if a == b => Related::Yes,
        (Ok(_), Ok(_)) => Related::No,
        (Err(why), _) | (_, Err(why)) => {
            let advice = "join them yourself, or choose the policy `all`";
            Related::Unclear(hazard("it is not known that they are of one concern", &why, advice))
        }
    }
}

/// Whether a text is `apt-get update` alone: a list that grows stale in its layer.
fn is_update(script: &Script) -> bool {
    let is_neutral = |name: Option<&str>| name == Some("set");
    let mut others = script.simples.iter().filter(|s| !is_neutral(s.name()));
    let only = others.next().filter(|_| others.next().is_none());
    only.is_some_and(|s| calls_apt(s, "update"))
}

fn installs(script: &Script) -> bool {
    script.simples.iter().any(|s| calls_apt(s, "install"))
}

fn calls_apt(simple: &crate::model::command::script::Simple, verb: &str) -> bool {
    let program = simple.program();
    let first = program.args().iter().find(|w| !w.text.starts_with(b"-"));
    matches!(program.name(), Some("apt-get" | "apt")) && first.and_then(|w| w.value.as_deref()) == Some(verb)
}
