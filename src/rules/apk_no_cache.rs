//! Adds packages of Alpine without keeping the index.
//!
//! # What it does
//!
//! `apk add` gets `--no-cache`. What that makes needless goes: `apk update` before it in the same RUN, and
//! `rm -rf /var/cache/apk/*` behind it.
//!
//! # Why
//!
//! With `--no-cache` the index of packages is fetched and not kept, in one command. But the image is another then: the
//! index is not there for who builds on it. So the rule runs only when it is asked for.
//!
//! # When it refuses
//!
//! - `apk update` stands in the RUN, and another command of apk than `add` and `del` needs its index, there or in a RUN
//!   below; or a script that runs below may.
//! - `apk update`, or a `rm` of the cache, stands elsewhere than in a list of `&&`, or beside a comment.
//! - A `rm` without `-f`, or another command, wants something to be there; or a RUN adds packages without network.
//! - A cache is mounted, or the file speaks of /etc/apk/cache.
//! - A comment tells hadolint to let DL3019 pass.
//! - The command says itself what to do with the cache: left alone without a word.
//!
//! # Before
//!
//! ```dockerfile
//! FROM alpine:3.20
//! RUN apk update && apk add curl && rm -rf /var/cache/apk/*
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM alpine:3.20
//! RUN apk add --no-cache curl
//! ```

use super::each_run::{self, Place, Wish};
use super::{Piece, Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::calls::{self, Call};
use crate::model::left_behind;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "apk-no-cache",
    kind: Kind::Content,
    alone: false,
    against: &[],
    proof: Proof::ApkWithoutCache,
    page: include_str!("apk_no_cache.rs"),
    plan,
};

/// Options of apk with a value of their own behind them.
const VALUED: &[&str] = &["-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch", "--wait"];

fn plan(site: &Site) -> Plan {
    each_run::plan(site, "DL3019", wish)
}

fn wish<'a>(place: &Place<'a>) -> Wish<'a> {
    let calls = calls::calls(place.run);
    let piece = |call: &Call| {
        let at = call.verb_at(VALUED).filter(|_| leaves_it_open(call))?;
        Some(place.option(call, at, |_| false, b" --no-cache"))
    };
    let mut pieces: Vec<_> = calls.iter().filter_map(piece).collect();
    if pieces.is_empty() {
        return Ok(pieces);
    }
    if place.mounts_cache(&["type=cache", "$"]) || place.is_run_anywhere(&["/etc/apk/cache"]) {
        return Err("a cache of apk is kept on purpose".to_string());
    }
    if place.is_run_anywhere(&["--no-network"]) || place.is_cut_off_anywhere(&["apk"]) {
        return Err("a RUN adds packages without network, by the index that another has left".to_string());
    }
    pieces.extend(needless(place, &calls)?);
    Ok(pieces)
}

fn leaves_it_open(call: &Call) -> bool {
    call.name() == "apk"
        && call.verb(VALUED) == "add"
        && !call.words.iter().any(|(_, w)| w.starts_with("--no-cache") || w.starts_with("--cache"))
}

/// What takes out the commands that are needless then.
fn needless<'a>(place: &Place<'a>, calls: &[Call]) -> Result<Vec<Piece<'a>>, String> {
    let is_update = |call: &Call| call.name() == "apk" && call.verb(VALUED) == "update";
    let is_removal =
        |call: &Call| call.name() == "rm" && call.words.iter().any(|(_, w)| w.contains("/var/cache/apk"));
    let goes: Vec<&Call> = calls.iter().filter(|call| is_update(call) || is_removal(call)).collect();
    let Some(first) = goes.first() else { return nothing_fails(place) };
    let words = |call: &Call| call.words.iter().map(|w| w.1).collect::<Vec<_>>().join(" ");
    if let Some(other) = goes.iter().find(|call| !GOES.contains(&&*words(call))) {
        return Err(format!("`{}` is more than what `--no-cache` makes needless", words(other)));
    }
    let needs = |call: &&Call| call.name() == "apk" && !matches!(call.verb(VALUED), "add" | "del" | "update");
    if is_update(first)
        && let Some(other) = calls.iter().find(needs)
    {
        return Err(format!("`{}` needs the index that `apk update` fetches", words(other)));
    }
    if is_update(first)
        && let Some((line, why)) = left_behind::who_needs_apk_index(place.site.file, place.step.item)
    {
        return Err(format!("line {line} {why}, by the index that this RUN leaves behind"));
    }
    nothing_fails(place)?;
    place.without(&goes)
}

/// What `--no-cache` makes needless.
const GOES: [&str; 4] =
    ["apk update", "rm -rf /var/cache/apk/*", "rm -fr /var/cache/apk/*", "rm -f /var/cache/apk/*"];

/// Holds that nothing fails where the cache is not there.
fn nothing_fails<'a>(place: &Place<'a>) -> Result<Vec<Piece<'a>>, String> {
    // `find` of the folder finds nothing, and that is fine
    let is_lenient = |call: &Call| {
        let is_force =
            |w: &str| w == "--force" || w.starts_with('-') && !w.starts_with("--") && w.contains('f');
        call.name() == "rm" && call.words.iter().any(|(_, w)| is_force(w)) || call.name() == "find"
    };
    let strict =
        |call: &Call| !is_lenient(call) && call.words.iter().any(|(_, w)| w.contains("/var/cache/apk/"));
    let mut all = place.site.file.instructions().flat_map(calls::calls);
    if let Some(call) = all.find(strict) {
        return Err(format!("`{}` names what lies in the cache, and fails where there is none", call.name()));
    }
    let below = left_behind::who_needs_apk_index(place.site.file, place.step.item);
    match below.filter(|(_, why)| *why == left_behind::MAY_INSTALL) {
        Some((line, why)) => Err(format!("line {line} {why}, by the index that this RUN leaves behind")),
        None => Ok(Vec::new()),
    }
}
