//! Layout, by fixture: the file's name is a claim, the snapshot the diff that the user would see.

use dfmt::config::{Config, Indent};
use dfmt::layout;

use crate::support::fixtures::{self, Fixture};
use crate::support::laws;

/// The configuration that a folder of fixtures stands for.
fn config(folder: &str) -> Config {
    let mut config = laws::only(&["layout"]);
    let mut skip = |rule: &str| config.rules.skip.push(rule.to_string());
    match folder {
        "" => {}
        "no-align" => skip("align-backslashes"),
        "no-shell-layout" => skip("shell-layout"),
        "no-break-lines" => skip("break-lines"),
        "no-space" => skip("space"),
        "tab-indent" => config.indent = Indent::Tab,
        "narrow" => config.line_width = 60,
        "keep-cache" => config.keep_cache = true,
        other => panic!("no configuration is called {other}"),
    }
    config
}

fn lay_out(fixture: &Fixture, config: &Config) -> Vec<u8> {
    laws::text(&fixture.bytes, config, &laws::no_context)
}

#[track_caller]
fn snapshots(folder: &str) {
    for fixture in fixtures::in_folder(format!("layout/{folder}").trim_end_matches('/')) {
        let outcome = laws::formatted(&fixture.bytes, &config(folder), &laws::no_context);
        fixture.snapshot(&laws::shown(&fixture.bytes, &outcome));
    }
}

#[test]
fn default() {
    snapshots("");
}

#[test]
fn backslashes_not_aligned() {
    snapshots("no-align");
}

#[test]
fn indented_by_tabs() {
    snapshots("tab-indent");
}

#[test]
fn narrow_lines() {
    snapshots("narrow");
}

#[test]
fn the_cache_is_kept() {
    snapshots("keep-cache");
}

#[test]
fn without_shell_layout() {
    snapshots("no-shell-layout");
}

#[test]
fn without_break_lines() {
    snapshots("no-break-lines");
}

#[test]
fn without_space() {
    snapshots("no-space");
}

/// The names of all rules of layout.
fn rules() -> Vec<&'static str> {
    layout::RULES.iter().map(|(name, _, _)| *name).collect()
}

#[test]
fn every_rule_alone_holds_the_laws() {
    for fixture in fixtures::all() {
        for rule in rules() {
            lay_out(&fixture, &laws::only(&[rule]));
        }
    }
}

#[test]
fn every_rule_left_out_holds_the_laws() {
    for fixture in fixtures::all() {
        for rule in rules() {
            let mut config = laws::only(&["layout"]);
            config.rules.skip.push(rule.to_string());
            lay_out(&fixture, &config);
        }
    }
}

#[test]
fn every_rule_alone_changes_some_fixture_and_no_other_rule_is_named() {
    for rule in rules() {
        let mut changed = 0;
        for fixture in fixtures::all() {
            let outcome = laws::formatted(&fixture.bytes, &laws::only(&[rule]), &laws::no_context);
            changed += usize::from(outcome.output.is_some());
        }
        assert!(changed > 0, "{rule} alone changes nothing");
    }
}

#[test]
fn no_rule_changes_nothing() {
    let mut config = Config::default();
    config.rules.skip = vec!["layout".to_string(), "image".to_string()];
    for fixture in fixtures::all() {
        assert_eq!(
            laws::formatted(&fixture.bytes, &config, &laws::no_context).output,
            None,
            "{}",
            fixture.name
        );
    }
}

#[test]
fn laid_out_texts_hold_what_layout_promises() {
    for fixture in fixtures::all() {
        let text = lay_out(&fixture, &laws::only(&["layout"]));
        let file = laws::parsed(&text);
        if !file.errors.is_empty() {
            continue;
        }
        assert!(text.is_empty() || text.ends_with(b"\n"), "{}", fixture.name);
        assert!(!text.starts_with(b"\n\n") && !text.ends_with(b"\n\n"), "{}", fixture.name);
        for i in file.instructions() {
            let keyword = i.node_text(i.nodes[0]);
            assert_eq!(keyword, i.keyword.upper().as_bytes(), "{}", fixture.name);
        }
    }
}
