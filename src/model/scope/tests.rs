//! What is in force above the last instruction of small files, and what of it is certain.

use super::{Kind, Platform, Scopes, Value, World};
use crate::syntax;

fn known() -> World {
    let platform = Platform { os: "linux", arch: "amd64" };
    World { platform: Some(platform), image_env: Some(vec!["PATH=/bin".into(), "HOME=/root".into()]) }
}

fn above_last(text: &str, world: &World, name: &str) -> (Option<Kind>, Value) {
    let file = syntax::parse(text.as_bytes());
    assert_eq!(file.errors, [], "{text}");
    let last = file.instructions().last().expect("an instruction").id;
    let scopes = Scopes::of(&file, world);
    let found = scopes.above(last).expect("it is in the file").get(name);
    (found.kind, found.value)
}

fn certain(text: &str) -> Value {
    Value::of(text)
}

fn default(text: &str) -> Value {
    Value::Default(Some(text.into()))
}

const UNSET: Value = Value::Default(None);

/// Files whose last instruction is RUN, and what it finds as `A`.
fn check(world: &World, table: &[(&str, Value)]) {
    for (text, want) in table {
        assert_eq!(above_last(&format!("{text}\nRUN x"), world, "A").1, *want, "{text}");
    }
}

#[test]
fn the_last_of_env_and_arg_wins() {
    let table = [
        ("FROM x\nENV A=1", certain("1")),
        ("FROM x\nENV A 1 2", certain("1 2")),
        ("FROM x\nARG A=1", default("1")),
        ("FROM x\nENV A=1\nARG A=2", default("2")),
        ("FROM x\nARG A=1\nENV A=2", certain("2")),
        ("FROM x\nENV A=1\nARG A", default("1")),
        ("FROM x\nARG A", UNSET),
        ("FROM x\nARG B=1 A=$B", default("1")),
        ("FROM x\nARG BUILDKIT_SBOM_SCAN_STAGE=1\nARG A=${BUILDKIT_SBOM_SCAN_STAGE:-0}", default("0")),
        ("FROM x", Value::Certain(None)),
    ];
    check(&known(), &table);
    assert_eq!(above_last("FROM x\nENV A=1\nARG A\nRUN x", &known(), "A").0, Some(Kind::Arg));
    assert_eq!(above_last("FROM x\nENV A=1\nRUN x", &known(), "A").0, Some(Kind::Env));
    assert_eq!(above_last("FROM x\nRUN x", &known(), "HOME"), (None, certain("/root")));
}

#[test]
fn one_env_sees_the_values_above_it() {
    let table = [
        ("FROM x\nENV B=1\nENV B=2 A=$B", certain("1")),
        ("FROM x\nENV A=1 A=2", certain("2")),
        ("FROM x\nARG B=1\nENV A=$B", default("1")),
        ("FROM x\nENV B=1\nENV A=${B}$HOME", certain("1/root")),
        ("FROM x\nENV A=${HOME:+set}", certain("set")),
        ("# escape=`\nFROM x\nENV A=`$B\\", certain("$B\\")),
    ];
    check(&known(), &table);
}

#[test]
fn globals_reach_a_stage_by_a_bare_arg() {
    let table = [
        ("ARG A=1\nFROM x", Value::Certain(None)),
        ("ARG A=1\nFROM x\nARG A", default("1")),
        ("ARG A=1\nFROM x\nARG A=2", default("2")),
        ("ARG A\nFROM x\nENV A=2\nARG A", default("2")),
        ("ARG B=1\nARG A=$B$B\nFROM x\nARG A", default("11")),
        ("FROM x\nARG TARGETPLATFORM\nENV A=$TARGETPLATFORM", default("linux/amd64")),
        ("FROM x\nARG TARGETVARIANT\nENV A=$TARGETVARIANT-", default("-")),
        ("FROM x AS Y\nARG TARGETSTAGE\nENV A=$TARGETSTAGE", default("y")),
        (
            "ARG SOURCE_DATE_EPOCH=context\nFROM x\nARG SOURCE_DATE_EPOCH\nENV A=$SOURCE_DATE_EPOCH",
            Value::Unknown,
        ),
    ];
    check(&known(), &table);
    check(&World::default(), &[("FROM x\nARG TARGETARCH\nENV A=$TARGETARCH", Value::Unknown)]);
}

#[test]
fn a_stage_hands_its_variables_on() {
    let table = [
        ("FROM x AS s\nENV A=1\nFROM s", certain("1")),
        ("FROM x AS s\nARG A=1\nFROM s", default("1")),
        ("FROM x AS s\nENV A=1\nARG A=2\nFROM s", certain("1")),
        ("FROM x AS s\nENV A=1\nFROM s AS t\nARG A=2\nFROM t", certain("1")),
        ("FROM x AS s\nENV A=1\nFROM x", Value::Certain(None)),
        ("FROM x AS S\nENV A=1\nFROM s", certain("1")),
        ("FROM x AS S\nENV A=1\nFROM S", Value::Certain(None)),
        ("FROM x AS s\nENV A=1\nFROM x AS s\nENV A=2\nFROM s", certain("2")),
        ("ARG B=s\nFROM x AS s\nENV A=1\nFROM $B", default("1")),
        ("FROM x AS s\nONBUILD ENV A=1\nFROM s", certain("1")),
        ("FROM x AS s\nONBUILD ARG A=1\nFROM s\nENV A=2", certain("2")),
        ("FROM x AS s\nONBUILD FOO\nENV A=1\nFROM s", Value::Unknown),
    ];
    check(&known(), &table);
}

#[test]
fn what_an_unknown_image_may_set_is_unknown() {
    let table = [
        ("FROM x", Value::Unknown),
        ("FROM scratch", Value::Certain(None)),
        ("FROM x\nENV A=1", certain("1")),
        ("FROM x\nARG A=1", default("1")),
        ("FROM x\nARG A", Value::Unknown),
        ("FROM x\nENV A=${B:-1}", Value::Unknown),
        ("FROM x AS s\nARG A=1\nFROM s", Value::Unknown),
        ("FROM scratch\nENV A=$PATH", certain(super::super::build::PATH)),
    ];
    check(&World::default(), &table);
}

#[test]
fn a_name_that_is_not_certain_may_be_any() {
    let table = [
        ("FROM x\nENV A=1\nARG B=C\nENV $B=2", default("1")),
        ("FROM x\nENV A=1\nARG B=C\nENV $B=2\nENV A=3", certain("3")),
        ("FROM x\nENV A=1\nENV B=A\nENV $B=2", certain("2")),
        ("FROM x AS s\nENV A=1\nARG B=C\nENV $B=2\nFROM s", default("1")),
    ];
    check(&known(), &table);
    check(&World::default(), &[("FROM x\nENV A=1\nENV $B=2", Value::Unknown)]);
}

#[test]
fn from_finds_the_globals() {
    let file = syntax::parse(b"ARG A=1\nFROM x\nENV A=2\nFROM y$A");
    let scopes = Scopes::of(&file, &World::default());
    let last = file.instructions().last().expect("a FROM").id;
    assert_eq!(scopes.above(last).expect("it is there").expand(b"y$A"), Ok(default("y1")));
}

#[test]
fn values_that_double_stay_bounded() {
    let lines: String = (0..200).map(|_| "ENV A=$A$A\n").collect();
    let text = format!("FROM x\nENV A=0123456789\n{lines}");
    check(&known(), &[(text.trim_end(), Value::Unknown)]);
}

#[test]
fn patterns_that_take_too_long_are_refused() {
    let long = "a".repeat(5000);
    let text = format!("FROM x\nENV B={long}\nENV A=${{B//*a*a*a*b/}}");
    check(&known(), &[(&text, Value::Unknown)]);
}

#[test]
fn deep_stacks_of_stages_are_unknown() {
    let stages: Vec<String> = (0..3000).map(|n| format!("FROM s{n} AS s{}\n", n + 1)).collect();
    let stages = stages.concat();
    let text = format!("FROM x AS s0\nENV A=1\n{stages}");
    check(&known(), &[(text.trim_end(), Value::Unknown)]);
}
