//! Rules do not fight: each is at rest after one application, in the order of the table both rules of a pair are, and in
//! no order does one undo what the other did.

use dfmt::config::{Config, Kind};
use dfmt::proof::engine;

use crate::support::fixtures::{self, Fixture};
use crate::support::laws;

/// The rules that change more than layout, in the order of the table.
fn rules() -> Vec<&'static str> {
    engine::rules().into_iter().filter(|r| r.kind != Kind::Layout).map(|r| r.name).collect()
}

/// A rule that stands in the table twice: it does one thing before others run, and another after them.
const TWICE: &str = "cache-mounts";

/// What one rule, or one kind, makes of a text.
#[track_caller]
fn after(text: &[u8], rule: &str, fixture: &Fixture) -> Vec<u8> {
    after_all(text, &[rule], fixture)
}

#[track_caller]
fn after_all(text: &[u8], rules: &[&str], fixture: &Fixture) -> Vec<u8> {
    let outcome = engine::format(text, &laws::only(rules), &|| fixture.context());
    assert_eq!(outcome.failure, None, "{}: {rules:?}", fixture.name);
    outcome.output.unwrap_or_else(|| text.to_vec())
}

/// Holds that both are at rest once the first has run, and then the second; says whether both had something to do.
#[track_caller]
fn rest(text: &[u8], [one, two]: [&str; 2], fixture: &Fixture) -> bool {
    let first = after(text, one, fixture);
    let second = if [one, two].contains(&TWICE) {
        after_all(text, &[one, two], fixture)
    } else {
        after(&first, two, fixture)
    };
    for again in [one, two] {
        let third = after(&second, again, fixture);
        let shown = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        assert!(
            third == second,
            "{}: {one}, {two}, then {again} once more\n{}\n=>\n{}",
            fixture.name,
            shown(text),
            shown(&third)
        );
    }
    first != text && second != first
}

#[test]
fn each_rule_is_at_rest_after_one_application() {
    for fixture in fixtures::all() {
        for rule in rules().into_iter().chain(["layout"]) {
            let once = after(&fixture.bytes, rule, &fixture);
            assert!(after(&once, rule, &fixture) == once, "{}: {rule} is not at rest", fixture.name);
        }
    }
}

#[test]
fn two_rules_in_the_order_of_the_table_are_at_rest() {
    let rules: Vec<&str> = rules().into_iter().chain(["layout"]).collect();
    for fixture in fixtures::all() {
        for (n, one) in rules.iter().enumerate() {
            for two in &rules[n + 1..] {
                rest(&fixture.bytes, [one, two], &fixture);
            }
        }
    }
}

/// The fixtures of a rule that are one stage in the usual project, and in which it does something.
fn at_work(rule: &str) -> Vec<Fixture> {
    let is_plain = |f: &Fixture| {
        let text = String::from_utf8_lossy(&f.bytes).into_owned();
        text.matches("FROM ").count() == 1 && !text.contains('\r') && f.has_usual_context()
    };
    let mut found = fixtures::in_folder(&format!("rules/{rule}"));
    found.retain(|f| is_plain(f) && after(&f.bytes, rule, f) != f.bytes);
    found
}

/// Two fixtures as one stage: what stands in the second below its FROM follows the first.
fn one_stage(first: &Fixture, second: &Fixture) -> Option<Vec<u8>> {
    let text = String::from_utf8(second.bytes.clone()).ok()?;
    let (_, below) = text.split_once("FROM ")?.1.split_once('\n')?;
    let joined = [&first.bytes, &b"\n"[..], below.as_bytes()].concat();
    dfmt::syntax::parse(&joined).errors.is_empty().then_some(joined)
}

#[test]
fn two_rules_with_work_in_one_stage_are_at_rest() {
    let work: Vec<(&str, Vec<Fixture>)> = rules().into_iter().map(|rule| (rule, at_work(rule))).collect();
    let mut both = 0;
    for (n, (one, firsts)) in work.iter().enumerate() {
        // a lock file is part of no usual project: other tests hold pairs with it, over its own fixtures
        assert!(!firsts.is_empty() || *one == "npm-ci", "{one} has nothing to do");
        for (two, seconds) in &work[n + 1..] {
            for (a, b) in firsts.iter().flat_map(|a| seconds.iter().map(move |b| (a, b))) {
                for text in [one_stage(a, b), one_stage(b, a)].into_iter().flatten() {
                    both += usize::from(rest(&text, [one, two], a));
                }
            }
        }
    }
    assert!(both > 1000, "only in {both} texts both rules did something");
}

/// Applies two rules in turn until both leave the text alone. A text that comes back is one that they fight over.
#[track_caller]
fn settle(fixture: &Fixture, pair: [&str; 2]) {
    let mut seen = vec![fixture.bytes.clone()];
    let mut idle = 0;
    for turn in 0.. {
        let now = seen.last().unwrap();
        let next = after(now, pair[turn % 2], fixture);
        if next == *now {
            idle += 1;
        } else {
            assert!(!seen.contains(&next), "{}: {pair:?} undo each other", fixture.name);
            seen.push(next);
            idle = 0;
        }
        if idle == 2 {
            return;
        }
    }
}

#[test]
fn no_pair_of_rules_undoes_the_other() {
    // a rule of layout is not for one alone: those of them that run decide together what stands in a gap
    let others = engine::rules().into_iter().map(|r| r.name).chain(["layout"]);
    let others: Vec<&str> = others.collect();
    for fixture in fixtures::all() {
        for one in rules() {
            for two in others.iter().filter(|two| **two != one) {
                settle(&fixture, [one, two]);
                settle(&fixture, [two, one]);
            }
        }
    }
}

#[test]
fn a_rule_with_layout_and_all_rules_together_come_to_rest() {
    for fixture in fixtures::all() {
        laws::formatted(&fixture.bytes, &Config::default(), &|| fixture.context());
        laws::formatted(&fixture.bytes, &laws::only(&["image", "layout", "content"]), &|| fixture.context());
        let mut mounted = laws::only(&["image", "layout", "content", TWICE]);
        mounted.rules.skip = vec!["apt-clean-lists".to_string(), "pip-no-cache".to_string()];
        laws::formatted(&fixture.bytes, &mounted, &|| fixture.context());
        for rule in rules() {
            laws::formatted(&fixture.bytes, &laws::only(&[rule, "layout"]), &|| fixture.context());
        }
    }
}

#[test]
fn every_pair_of_rules_comes_to_rest() {
    let rules: Vec<&str> = engine::rules().iter().map(|r| r.name).collect();
    for fixture in fixtures::all().iter().filter(|f| !f.name.contains("refuses-")) {
        for (n, one) in rules.iter().enumerate() {
            for two in &rules[n + 1..] {
                laws::formatted(&fixture.bytes, &laws::only(&[one, two]), &|| fixture.context());
            }
        }
    }
}

/// A variable sinks past a RUN that may go above it: were it not so, one of the moves would wait for the next time.
#[test]
fn variables_and_installs_come_to_rest() {
    let names = [
        "COMMIT",
        "GIT_SHA",
        "BUILD_DATE",
        "BUILD_NUMBER",
        "CI_JOB_ID",
        "VERSION",
        "APP_VERSION",
        "RELEASE",
        "PORT",
        "NODE_ENV",
        "TZ",
        "PATH",
    ];
    let runs = [
        "apt-get install -y make",
        "pip install flask",
        "npm install -g yarn",
        "gem install rake",
        "mkdir /a",
        "apt-get update && pip install flask",
        "make",
        "apt-get update && mkdir /a",
    ];
    let usual =
        fixtures::in_folder("rules/order-instructions").into_iter().find(Fixture::has_usual_context).unwrap();
    let mut moved = 0;
    for (name, run, other) in names.iter().flat_map(|n| runs.map(|r| runs.map(|o| (n, r, o)))).flatten() {
        for set in ["ARG", "ENV"] {
            for middle in [&[0, 1, 2, 3][..], &[1, 0, 2, 3], &[1, 2, 0, 3], &[0, 2, 1, 3]] {
                let steps = [
                    "COPY . .".to_string(),
                    format!("{set} {name}=1"),
                    format!("RUN {run}"),
                    format!("RUN {other}"),
                ];
                let body: Vec<&str> = middle.iter().map(|n| &*steps[*n]).collect();
                let text = format!("FROM debian\nWORKDIR /app\n{}\n", body.join("\n"));
                let config = laws::only(&["order-instructions"]);
                moved +=
                    usize::from(laws::text(text.as_bytes(), &config, &|| usual.context()) != text.as_bytes());
            }
        }
    }
    assert!(moved > 500, "{moved}");
}
