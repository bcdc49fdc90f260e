//! The rules that change more than layout, by fixture: what they do, and each hazard before which they stop.
//!
//! A fixture says in a comment what is expected: `# refuses: …` is part of the reason, `# silent` wants none. What is
//! called `refuses-…` stays as it is; what says nothing changes.

use std::collections::BTreeMap;

use dfmt::config::{Config, Kind, MergePolicy};
use dfmt::proof::engine::{self, Outcome};
use dfmt::syntax::parse;
use dfmt::syntax::tree::Keyword;

use crate::support::fixtures::{self, Fixture};
use crate::support::laws;

const IMAGE: [&str; 3] = ["order-instructions", "copy-manifests-first", "merge-runs"];

fn run(fixture: &Fixture, config: &Config) -> Outcome {
    laws::formatted(&fixture.bytes, config, &|| fixture.context())
}

/// What the fixture says of itself.
fn claim(fixture: &Fixture) -> Option<String> {
    let text = String::from_utf8_lossy(&fixture.bytes).into_owned();
    let claim = |l: &str| {
        l.strip_prefix("# ").filter(|l| *l == "silent" || l.starts_with("refuses: ")).map(String::from)
    };
    text.lines().find_map(claim)
}

#[track_caller]
fn judge(rule: &str, fixture: &Fixture, outcome: &Outcome) {
    let name = &fixture.name;
    let reasons: Vec<&str> = outcome.refusals.iter().map(|r| &*r.reason).collect();
    assert!(outcome.refusals.iter().all(|r| r.rule == rule), "{name}: {:?}", outcome.refusals);
    assert_eq!(outcome.errors, [], "{name}");
    match claim(fixture).as_deref() {
        None => {
            assert!(!fixture.stem().starts_with("refuses-"), "{name} does not say why");
            assert!(outcome.output.is_some(), "{name} stays as it is: {reasons:?}");
        }
        Some("silent") => {
            assert_eq!(outcome.output, None, "{name}");
            assert!(reasons.is_empty(), "{name}: {reasons:?}");
        }
        Some(refuses) => {
            let want = refuses.strip_prefix("refuses: ").unwrap();
            assert_eq!(outcome.output, None, "{name}");
            assert!(reasons.iter().any(|r| r.contains(want)), "{name}: {want:?} is not in {reasons:?}");
        }
    }
}

/// The texts of the instructions, each as often as it stands there, without line endings.
fn texts(file: &[u8]) -> BTreeMap<(Vec<u8>, &'static str), usize> {
    let mut found = BTreeMap::new();
    for i in parse(file).instructions() {
        let text = i.text.strip_suffix(b"\n").unwrap_or(&i.text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        *found.entry((text.to_vec(), i.keyword.upper())).or_default() += 1;
    }
    found
}

/// The keywords of what stands in `a` and not in `b`.
fn beyond(a: &[u8], b: &[u8]) -> Vec<&'static str> {
    let other = texts(b);
    let more = |(text, count): (&(Vec<u8>, &'static str), &usize)| {
        (*count > other.get(text).copied().unwrap_or(0)).then_some(text.1)
    };
    texts(a).iter().filter_map(more).collect()
}

/// Instructions that a rule did not touch are the same bytes.
#[track_caller]
fn touches_only_what_it_names(rule: &str, fixture: &Fixture, output: &[u8]) {
    let (gone, new) = (beyond(&fixture.bytes, output), beyond(output, &fixture.bytes));
    let (gone_may, new_may) = match rule {
        "order-instructions" => ("", ""),
        "copy-manifests-first" => ("", Keyword::Copy.upper()),
        _ => (Keyword::Run.upper(), Keyword::Run.upper()),
    };
    // what stood last in an open continuation is closed where it moves
    let open = fixture.stem().contains("open-continuation");
    assert!(open || gone.iter().all(|k| *k == gone_may), "{}: {gone:?} went", fixture.name);
    assert!(open || new.iter().all(|k| *k == new_may), "{}: {new:?} came", fixture.name);
}

#[track_caller]
fn folder(rule: &str) {
    configured(rule, rule, &laws::only(&[rule]));
}

/// The fixtures of one configuration of a rule.
#[track_caller]
fn configured(name: &str, rule: &str, config: &Config) {
    for fixture in fixtures::in_folder(&format!("rules/{name}")) {
        let outcome = run(&fixture, config);
        judge(rule, &fixture, &outcome);
        if let Some(output) = &outcome.output {
            touches_only_what_it_names(rule, &fixture, output);
        }
        fixture.snapshot(&laws::shown(&fixture.bytes, &outcome));
    }
}

#[test]
fn merge_runs() {
    folder("merge-runs");
}

fn merging_all() -> Config {
    Config { merge_runs: MergePolicy::All, ..laws::only(&["merge-runs"]) }
}

#[test]
fn merge_runs_all() {
    configured("merge-runs-all", "merge-runs", &merging_all());
}

#[test]
fn what_is_related_is_merged_by_the_policy_all_too() {
    for fixture in fixtures::in_folder("rules/merge-runs").iter().filter(|f| claim(f).is_none()) {
        let all = run(fixture, &merging_all()).output.expect("it changes");
        let related = run(fixture, &laws::only(&["merge-runs"])).output.expect("it changes");
        let runs = |text: &[u8]| parse(text).instructions().filter(|i| i.keyword == Keyword::Run).count();
        assert!(runs(&all) <= runs(&related), "{}", fixture.name);
    }
}

#[test]
fn every_policy_comes_to_rest_with_layout() {
    let folders = ["rules/merge-runs", "rules/merge-runs-all"];
    for fixture in folders.iter().flat_map(|folder| fixtures::in_folder(folder)) {
        for merge_runs in [MergePolicy::Related, MergePolicy::All, MergePolicy::Off] {
            run(&fixture, &Config { merge_runs, ..laws::only(&["merge-runs", "layout"]) });
        }
    }
}

#[test]
fn order_instructions() {
    folder("order-instructions");
}

#[test]
fn copy_manifests_first() {
    folder("copy-manifests-first");
}

#[test]
fn the_table_holds_these_rules() {
    let image = engine::rules().into_iter().filter(|r| r.kind == Kind::Image);
    assert_eq!(image.map(|r| r.name).collect::<Vec<_>>(), IMAGE);
}

#[test]
fn without_a_context_nothing_is_split() {
    for fixture in fixtures::in_folder("rules/copy-manifests-first") {
        let config = laws::only(&["copy-manifests-first"]);
        let outcome = laws::formatted(&fixture.bytes, &config, &laws::no_context);
        assert_eq!(outcome.output, None, "{}", fixture.name);
        if claim(&fixture).is_none() {
            let told = outcome.refusals.iter().any(|r| r.reason == "there is no build context");
            assert!(told, "{}: {:?}", fixture.name, outcome.refusals);
        }
    }
}

#[test]
fn the_context_is_asked_for_only_where_it_is_needed() {
    for fixture in fixtures::all().iter().filter(|f| !f.name.contains("copy-manifests-first")) {
        laws::formatted(&fixture.bytes, &Config::default(), &|| panic!("{} asks for it", fixture.name));
    }
}

#[test]
fn merging_can_be_switched_off() {
    let config = Config { merge_runs: MergePolicy::Off, ..laws::only(&["merge-runs"]) };
    for fixture in fixtures::in_folder("rules/merge-runs") {
        let outcome = run(&fixture, &config);
        assert_eq!((outcome.output, outcome.refusals), (None, vec![]), "{}", fixture.name);
    }
}

#[test]
fn keep_cache_moves_and_merges_nothing() {
    let config = Config { keep_cache: true, ..laws::only(&["image"]) };
    for fixture in fixtures::all() {
        assert_eq!(run(&fixture, &config).output, None, "{}", fixture.name);
    }
}

#[test]
fn a_rule_with_layout_and_all_rules_together_come_to_rest() {
    for fixture in fixtures::all() {
        run(&fixture, &Config::default());
        for rule in IMAGE {
            run(&fixture, &laws::only(&[rule, "layout"]));
        }
    }
}

#[test]
fn layout_and_a_rule_come_to_rest_in_either_order() {
    for fixture in fixtures::all() {
        for rule in IMAGE {
            for order in [[rule, "layout"], ["layout", rule]] {
                let first = run(&fixture, &laws::only(&order[..1])).output;
                let text = first.unwrap_or_else(|| fixture.bytes.clone());
                let second = laws::text(&text, &laws::only(&order[1..]), &|| fixture.context());
                let both = laws::text(&second, &laws::only(&order), &|| fixture.context());
                let again = laws::text(&both, &laws::only(&order[..1]), &|| fixture.context());
                assert!(both == again, "{}: {order:?} do not come to rest", fixture.name);
            }
        }
    }
}

/// Applies two rules in turn until both leave the text alone. A text that comes back is one that they fight over.
#[track_caller]
fn settle(fixture: &Fixture, pair: [&str; 2]) {
    let mut seen = vec![fixture.bytes.clone()];
    let mut idle = 0;
    for turn in 0.. {
        let now = seen.last().unwrap();
        let next = engine::format(now, &laws::only(&[pair[turn % 2]]), &|| fixture.context());
        assert_eq!(next.failure, None, "{}: {pair:?}", fixture.name);
        match next.output {
            None if idle == 1 => return,
            None => idle = 1,
            Some(text) => {
                assert!(!seen.contains(&text), "{}: {pair:?} undo each other", fixture.name);
                seen.push(text);
                idle = 0;
            }
        }
    }
}

#[test]
fn no_pair_of_rules_undoes_the_other() {
    // a rule of layout is not for one alone: those of them that run decide together what stands in a gap
    let others = engine::rules().into_iter().map(|r| r.name).chain(["layout"]);
    let others: Vec<&str> = others.collect();
    for fixture in fixtures::all() {
        for one in IMAGE {
            for two in others.iter().filter(|two| **two != one) {
                settle(&fixture, [one, two]);
                settle(&fixture, [two, one]);
            }
        }
    }
}

#[test]
fn every_pair_of_rules_comes_to_rest() {
    let rules: Vec<&str> = engine::rules().iter().map(|r| r.name).collect();
    for fixture in fixtures::all().iter().filter(|f| !f.name.contains("refuses-")) {
        for (n, one) in rules.iter().enumerate() {
            for two in &rules[n + 1..] {
                run(fixture, &laws::only(&[one, two]));
            }
        }
    }
}
