//! What holds for any text: random Dockerfiles, broken fixtures, and texts that are long or deep.

use dfmt::config::{Config, Indent};
use dfmt::proof::engine;
use dfmt::syntax::{parse, print};

use crate::support::fixtures;
use crate::support::laws;
use crate::support::random::{self, Random};

/// Configurations that reach other paths of the printer.
fn config(random: &mut Random) -> Config {
    let mut config = Config::default();
    if random.one_in(3) {
        config.line_width = 20 + random.below(60);
    }
    if random.one_in(6) {
        config.indent = Indent::Tab;
    }
    if random.one_in(8) {
        config.keep_cache = true;
    }
    if random.one_in(4) {
        config.rules.also.push("heredoc-layout".to_string());
    }
    let rules = engine::rules();
    while random.one_in(3) {
        config.rules.skip.push(rules[random.below(rules.len())].name.to_string());
    }
    config
}

#[test]
fn random_dockerfiles() {
    let mut taken = 0;
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let size = 1 + random.below(8);
        let text = random::dockerfile(&mut random, size);
        let config = config(&mut random);
        let outcome = laws::formatted(&text, &config, &laws::no_context);
        taken += usize::from(outcome.errors.is_empty());
    }
    assert!(taken > 1500, "only {taken} of them are Dockerfiles");
}

#[test]
fn broken_fixtures() {
    let mut taken = 0;
    let fixtures = fixtures::all();
    let fixtures: Vec<_> = fixtures.iter().filter(|f| f.bytes.len() < 4000).collect();
    for seed in 0..6000 {
        let mut random = Random::new(seed);
        let fixture = fixtures[random.below(fixtures.len())];
        let text = random::mutated(&mut random, &fixture.bytes);
        let config = config(&mut random);
        let outcome = laws::formatted(&text, &config, &|| fixture.context());
        taken += usize::from(outcome.errors.is_empty());
    }
    assert!(taken > 2000, "only {taken} of them are Dockerfiles");
}

#[test]
fn broken_random_dockerfiles() {
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let text = random::dockerfile(&mut random, 4);
        let text = random::mutated(&mut random, &text);
        let config = config(&mut random);
        laws::formatted(&text, &config, &laws::no_context);
    }
}

#[test]
fn any_bytes_print_as_they_were() {
    for seed in 0..5000 {
        let mut random = Random::new(seed);
        let bytes = b"RUNfrom \t\\\\\n\n\r#'\"`$(){}[]<>&|;=-EOF,\xff\xc3\xa9\x00";
        let text: Vec<u8> = (0..random.below(120)).map(|_| bytes[random.below(bytes.len())]).collect();
        laws::formatted(&text, &Config::default(), &laws::no_context);
    }
}

#[test]
fn a_seed_gives_the_same_text_again() {
    let text = |seed| random::dockerfile(&mut Random::new(seed), 9);
    assert_eq!(text(7), text(7));
    assert_ne!(text(7), text(8));
}

/// Long and deep texts are done, and done right: each that takes more than linear time, or recurses, hangs or dies here.
#[track_caller]
fn is_done(text: &[u8]) -> usize {
    let file = parse(text);
    assert!(print(&file) == text);
    let outcome = engine::format(text, &Config::default(), &laws::no_context);
    assert_eq!(outcome.failure, None);
    let output = outcome.output.as_deref().unwrap_or(text);
    let again = engine::format(output, &Config::default(), &laws::no_context);
    assert_eq!((again.failure, again.output.is_none()), (None, true), "it does not come to rest");
    file.instructions().count()
}

#[test]
fn a_run_of_many_tokens() {
    assert_eq!(is_done(format!("FROM a\nRUN echo {}\n", "a ".repeat(100_000)).as_bytes()), 2);
    assert_eq!(is_done(format!("FROM a\nRUN true{}\n", " && a".repeat(50_000)).as_bytes()), 2);
    assert_eq!(is_done(format!("FROM a\nRUN true{}\n", "; a |\\\n b".repeat(20_000)).as_bytes()), 2);
}

#[test]
fn a_run_of_many_lines() {
    assert_eq!(is_done(format!("FROM a\nRUN a{}\n", " \\\n # c\n\n  && b".repeat(30_000)).as_bytes()), 2);
    assert_eq!(is_done(format!("FROM a\nCOPY a {} b\n", " \\\n\n".repeat(100_000)).as_bytes()), 2);
}

#[test]
fn deep_nesting() {
    for (open, close) in [
        ("(", ")"),
        ("( ", " )"),
        ("$(", ")"),
        ("{ ", "; }"),
        ("\"$(", ")\""),
        ("if ", "; then b; fi"),
        ("f() ", ""),
    ] {
        let text = format!("FROM a\nRUN {}a{}\n", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(is_done(text.as_bytes()), 2, "{open}");
    }
    let open = format!("FROM a\nRUN {}\n", "${A:-".repeat(12_000));
    assert_eq!(is_done(open.as_bytes()), 2);
    let json = format!("FROM a\nCMD {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    is_done(json.as_bytes());
    let onbuild = format!("FROM a\n{}RUN a\n", "ONBUILD ".repeat(8_000));
    is_done(onbuild.as_bytes());
}

#[test]
fn one_large_instruction() {
    let line = "    && echo 'some text of a line that is not too long' \\\n";
    let text = format!("FROM a\nRUN true \\\n{}    && true\n", line.repeat(5_000_000 / line.len()));
    assert!(text.len() > 4_900_000);
    assert_eq!(is_done(text.as_bytes()), 2);
    let heredoc = format!("FROM a\nRUN <<EOF\n{}EOF\n", "echo a\n".repeat(300_000));
    assert_eq!(is_done(heredoc.as_bytes()), 2);
}

#[test]
fn many_instructions() {
    assert_eq!(
        is_done(format!("FROM a\n{}", "ENV A=1 B 2\n".replace(" B 2", " B=2").repeat(100_000)).as_bytes()),
        100_001
    );
    assert_eq!(is_done(format!("FROM a\n{}", "ENV A  b c\n".repeat(50_000)).as_bytes()), 50_001);
    assert_eq!(is_done(format!("FROM a\n{}", "# c\n\n".repeat(200_000)).as_bytes()), 1);
    assert_eq!(is_done("FROM a AS b\nRUN c\n".repeat(20_000).as_bytes()), 40_000);
}

#[test]
fn many_adjacent_runs() {
    assert_eq!(is_done(format!("FROM a\n{}", "RUN mkdir /a\n".repeat(50_000)).as_bytes()), 50_001);
    assert_eq!(is_done(format!("FROM a\n{}", "RUN unknown\n".repeat(50_000)).as_bytes()), 50_001);
    assert_eq!(
        is_done(format!("FROM a\n{}", "RUN apt-get update\nRUN mkdir /a\n".repeat(25_000)).as_bytes()),
        50_001
    );
}

#[test]
fn many_copies_above_runs() {
    let copies = "COPY a /srv/a\n".repeat(20_000);
    assert_eq!(is_done(format!("FROM a\nWORKDIR /b\n{copies}RUN apt-get update\n").as_bytes()), 20_003);
    let pairs = "COPY a /srv/a\nRUN apt-get update\n".repeat(300);
    assert_eq!(is_done(format!("FROM a\nWORKDIR /b\n{pairs}").as_bytes()), 602);
    let installs = "COPY . .\nRUN pip install -r a.txt\n".repeat(3_000);
    assert_eq!(is_done(format!("FROM a\nWORKDIR /b\n{installs}").as_bytes()), 6_002);
}
