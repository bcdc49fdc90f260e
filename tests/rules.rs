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

const IMAGE: [&str; 6] = [
    "drop-overridden",
    "copy-not-add",
    "copy-manifests-first",
    "order-instructions",
    "order-metadata",
    "merge-runs",
];

const CONTENT: [&str; 12] = [
    "apk-no-cache",
    "cache-mounts",
    "apt-no-recommends",
    "pip-no-cache",
    "join-installs",
    "sort-packages",
    "apt-clean-lists",
    "dnf-clean",
    "conda-clean",
    "npm-ci",
    "maintainer-label",
    "exec-form",
];

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
        "order-instructions" | "order-metadata" => (&[][..], &[][..]),
        "drop-overridden" => (&[Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck][..], &[][..]),
        "copy-not-add" => (&[Keyword::Add][..], &[Keyword::Copy][..]),
        "copy-manifests-first" => (&[][..], &[Keyword::Copy][..]),
        "maintainer-label" => (&[Keyword::Maintainer][..], &[Keyword::Label][..]),
        "exec-form" => (&[Keyword::Cmd, Keyword::Entrypoint][..], &[Keyword::Cmd, Keyword::Entrypoint][..]),
        _ => (&[Keyword::Run][..], &[Keyword::Run][..]),
    };
    let is_one = |may: &[Keyword], k: &str| may.iter().any(|m| m.upper() == k);
    // what stood last in an open continuation is closed where it moves
    let open = fixture.stem().contains("open-continuation");
    assert!(open || gone.iter().all(|k| is_one(gone_may, k)), "{}: {gone:?} went", fixture.name);
    assert!(open || new.iter().all(|k| is_one(new_may, k)), "{}: {new:?} came", fixture.name);
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
fn drop_overridden() {
    folder("drop-overridden");
}

#[test]
fn copy_not_add() {
    folder("copy-not-add");
}

#[test]
fn join_installs() {
    folder("join-installs");
}

#[test]
fn sort_packages() {
    folder("sort-packages");
}

#[test]
fn apt_no_recommends() {
    folder("apt-no-recommends");
}

#[test]
fn apt_clean_lists() {
    folder("apt-clean-lists");
}

#[test]
fn pip_no_cache() {
    folder("pip-no-cache");
}

#[test]
fn apk_no_cache() {
    folder("apk-no-cache");
}

#[test]
fn dnf_clean() {
    folder("dnf-clean");
}

#[test]
fn conda_clean() {
    folder("conda-clean");
}

#[test]
fn cache_mounts() {
    folder("cache-mounts");
}

#[test]
fn npm_ci() {
    folder("npm-ci");
}

#[test]
fn maintainer_label() {
    folder("maintainer-label");
}

#[test]
fn exec_form() {
    folder("exec-form");
}

#[test]
fn content_rules_run_only_when_they_are_asked_for() {
    for rule in CONTENT {
        for fixture in fixtures::in_folder(&format!("rules/{rule}")) {
            for names in [&[][..], &["image"][..], &["layout"][..]] {
                let outcome = run(&fixture, &laws::only(names));
                let output = outcome.output.clone().unwrap_or_else(|| fixture.bytes.clone());
                let changes = outcome.changes(&fixture.bytes);
                assert!(!changes.iter().any(|c| CONTENT.contains(&c.rule)), "{}", fixture.name);
                assert_eq!(laws::text(&output, &laws::only(names), &laws::no_context), output);
            }
        }
    }
}

#[test]
fn order_metadata() {
    folder("order-metadata");
}

#[test]
fn copy_manifests_first() {
    folder("copy-manifests-first");
}

#[test]
fn the_table_holds_these_rules() {
    let of = |kind: Kind| engine::rules().into_iter().filter(move |r| r.kind == kind).map(|r| r.name);
    assert_eq!(of(Kind::Image).collect::<Vec<_>>(), IMAGE);
    assert_eq!(of(Kind::Content).collect::<Vec<_>>(), CONTENT);
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
    let needs = ["copy-manifests-first", "by-name", "npm-ci"];
    let mut config = Config::default();
    // each ADD of a file needs it
    config.rules.skip.push("copy-not-add".to_string());
    for fixture in fixtures::all().iter().filter(|f| !needs.iter().any(|n| f.name.contains(n))) {
        laws::formatted(&fixture.bytes, &config, &|| panic!("{} asks for it", fixture.name));
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
