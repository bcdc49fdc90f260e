//! What holds for every text, whatever is tested: helpers assert it each time, so that no test has to remember.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dfmt::config::Config;
use dfmt::proof::engine::{self, Outcome};
use dfmt::report::diff::{self, Diff};
use dfmt::report::{Paint, visible};
use dfmt::rules::FindContext;
use dfmt::syntax::node::{self, Node};
use dfmt::syntax::tree::{Dockerfile, Instruction, Item};
use dfmt::syntax::{parse, print};

/// Where there is no build context.
pub fn no_context() -> Result<dfmt::model::context::Context, String> {
    Err("there is no build context".to_string())
}

/// All rules but `names`: a configuration that runs nothing else.
pub fn only(names: &[&str]) -> Config {
    let mut config = Config::default();
    config.rules.only = names.iter().map(ToString::to_string).collect();
    config
}

/// The tree of a text, after its laws were held: it prints as it was, the items tile the text, and in each
/// instruction the nodes nest and the tokens stand in order in the source.
#[track_caller]
pub fn parsed(source: &[u8]) -> Dockerfile<'_> {
    let file = parse(source);
    assert!(print(&file) == source, "it prints as something else: {}", source.escape_ascii());
    let bom: &[u8] = if file.bom { b"\xef\xbb\xbf" } else { b"" };
    let items = file.items.iter().flat_map(|i| i.text().to_vec());
    assert!(bom.iter().copied().chain(items).eq(source.iter().copied()), "the items do not tile the text");
    for i in file.instructions() {
        tiles(i);
    }
    file
}

#[track_caller]
fn tiles(i: &Instruction) {
    let shown = || i.text.escape_ascii();
    assert_eq!(node::check(&i.nodes), Ok(()), "in {}", shown());
    let mut end = 0;
    for token in tokens(i) {
        let range = i.source_range(token.start, token.end);
        assert!(range.start >= end, "{token:?} overlaps the one before it in {}", shown());
        assert!(range.end <= i.text.len(), "{token:?} leads out of {}", shown());
        end = range.end;
        if i.logical.is_unbroken() {
            assert_eq!(i.node_source(token), i.node_text(token), "{token:?} in {}", shown());
        }
    }
}

/// The leaves among the nodes.
pub fn tokens<'a>(i: &'a Instruction) -> impl Iterator<Item = Node> + 'a {
    let nodes = i.nodes.iter().enumerate();
    nodes.filter(|(n, node)| node.next as usize == n + 1).map(|(_, node)| *node)
}

/// The comments of a text, sorted: those outside of instructions, and the lines inside continuations.
pub fn comments(file: &Dockerfile) -> Vec<String> {
    let mut found = Vec::new();
    for item in &file.items {
        match item {
            Item::Comment(text) => found.push(String::from_utf8_lossy(text).trim().to_string()),
            Item::Instruction(i) => {
                let text = String::from_utf8_lossy(&i.text[..line_end(i)]).into_owned();
                let lines = text.split('\n').skip(1).map(str::trim);
                found.extend(lines.filter(|l| l.starts_with('#')).map(ToString::to_string));
            }
            Item::Directive(_) | Item::Blank(_) => {}
        }
    }
    found.sort();
    found
}

/// Where the line of an instruction ends in its source, in front of heredoc bodies.
fn line_end(i: &Instruction) -> usize {
    let body = i.heredocs.first().map(|h| h.body.start);
    body.map_or(i.text.len(), |at| i.logical.start(at) as usize)
}

/// Formats, and holds what holds for every text: nothing fails, nothing is lost, a second time changes nothing.
#[track_caller]
pub fn formatted(source: &[u8], config: &Config, context: FindContext) -> Outcome {
    let before = parsed(source);
    let shown = || source.escape_ascii();
    let format = AssertUnwindSafe(|| engine::format(source, config, context));
    let outcome = catch_unwind(format).unwrap_or_else(|_| panic!("it panics over {}", shown()));
    assert_eq!(outcome.failure, None, "over {}", shown());
    assert_eq!(outcome.errors.is_empty(), before.errors.is_empty(), "over {}", shown());
    let Some(output) = &outcome.output else { return outcome };
    assert!(output != source, "what does not change is no output: {}", shown());
    let after = parsed(output);
    assert_eq!(after.errors, [], "over {}", shown());
    assert_eq!(comments(&before), comments(&after), "over {}", shown());
    let again = engine::format(output, config, context);
    assert_eq!(again.failure, None, "the second time, over {}", shown());
    if let Some(twice) = &again.output {
        panic!("not at rest, over {}\n{}", shown(), unified(output, twice, &again));
    }
    outcome
}

/// The text that comes out.
#[track_caller]
pub fn text(source: &[u8], config: &Config, context: FindContext) -> Vec<u8> {
    formatted(source, config, context).output.unwrap_or_else(|| source.to_vec())
}

/// The diff that the user would see, what would be invisible spelled out.
pub fn unified(old: &[u8], new: &[u8], outcome: &Outcome) -> String {
    let rules: Vec<&'static str> = engine::rules().iter().map(|r| r.name).collect();
    let changes = outcome.changes(old);
    let diff = Diff { name: b"Dockerfile", old, new, changes: &changes, rules: &rules };
    let bytes = diff::unified(&diff, Paint::Plain);
    bytes.split(|b| *b == b'\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// What a snapshot of a formatted text holds: the diff, then what was refused.
pub fn shown(source: &[u8], outcome: &Outcome) -> String {
    let mut text = match &outcome.output {
        Some(output) => unified(source, output, outcome),
        None => "unchanged\n".to_string(),
    };
    for refusal in &outcome.refusals {
        writeln!(text, "line {}: {}: {}", refusal.line, refusal.rule, refusal.reason).unwrap();
    }
    for error in &outcome.errors {
        writeln!(text, "error: {}", error.message).unwrap();
    }
    text
}
