//! What is told of an instruction: which layer it makes, what makes it run anew, and what rules would do with it.
//!
//! The source of the claims is BuildKit: RUN, COPY, ADD and WORKDIR become steps of the build, whose cache keys hold
//! what is listed here; everything else becomes the configuration of the image.

use std::fmt::Write;
use std::ops::Range;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};

use super::actions::diff_of;
use super::diagnostics::{Sheet, summary};
use super::part;
use super::work::{Holds, Work};
use crate::model::context::{Context, Patterns};

use crate::model::stage::{self, Step};
use crate::model::variables;
use crate::report::visible;
use crate::settings::Held;
use crate::syntax;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// What is told at an offset; nothing outside of instructions, and in a file that is not built.
pub fn at(work: &Work, sheet: &Sheet, offset: usize) -> Option<Hover> {
    let file = syntax::parse(work.source.as_bytes());
    if !file.errors.is_empty() {
        return None;
    }
    let places = part::places(&file);
    let number = places.iter().position(|at| at.contains(&offset))?;
    let instruction = file.instructions().nth(number)?;
    let held = match work.holds(false) {
        Ok(Holds::This(held)) => Some(held),
        _ => None,
    };
    let mut text = layer(&file, instruction);
    if let Some(held) = &held {
        text.push_str(&files(work, held, instruction).unwrap_or_default());
        text.push_str(&rules(work, held, sheet, &places[number]));
    }
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    let end = places[number].start + instruction.text.trim_ascii_end().len();
    Some(Hover { contents, range: Some(sheet.encoding.range(sheet.text, places[number].start..end)) })
}

/// Which layer it makes, and what makes it anew.
fn layer(file: &Dockerfile, i: &Instruction) -> String {
    let (what, anew): (&str, Vec<String>) = match i.keyword {
        Keyword::From => ("begins a stage; it makes no layer of its own", from(i)),
        Keyword::Run => ("makes a filesystem layer", run(file, i)),
        Keyword::Copy | Keyword::Add => ("makes a filesystem layer", copy(i)),
        Keyword::Workdir => (
            "sets the working folder of the image and makes it: a filesystem layer, empty where the folder is there",
            vec!["its path".to_string(), ABOVE.to_string()],
        ),
        Keyword::Env | Keyword::Arg => return variable(file, i),
        _ => return told(i, CONFIGURATION, below(i)),
    };
    let list = anew.join("\n- ");
    format!("{}\n\nIt runs anew when one of these changes:\n\n- {list}\n", heading(i, what))
}

/// What every layer depends on.
const ABOVE: &str = "the base image, or any filesystem layer above it in the stage";

const CONFIGURATION: &str = "makes no filesystem layer: only configuration";

fn heading(i: &Instruction, what: &str) -> String {
    format!("**{}** {what}.", i.keyword.upper())
}

fn told(i: &Instruction, what: &str, then: &str) -> String {
    format!("{}\n\nIn the cache: {then}.\n", heading(i, what))
}

/// What an instruction that makes no layer does to those below it.
fn below(i: &Instruction) -> &'static str {
    match i.keyword {
        Keyword::User => "every RUN and WORKDIR below it runs anew when it changes",
        Keyword::Shell => "every RUN in shell form below it runs anew when it changes",
        Keyword::Onbuild => "its instruction runs in builds that start from this image",
        _ => "nothing below it runs anew when it changes",
    }
}

fn variable(file: &Dockerfile, i: &Instruction) -> String {
    let what =
        if i.keyword == Keyword::Env { CONFIGURATION } else { "makes no layer, and is not in the image" };
    let is_global = file.instructions().take_while(|x| x.keyword != Keyword::From).any(|x| x.id == i.id);
    let then = if is_global {
        "it is seen by FROM, and in a stage only where an ARG of the same name stands"
    } else {
        "every RUN below it runs anew when its value changes, and what names it in COPY, ADD or WORKDIR"
    };
    told(i, what, then)
}

fn from(i: &Instruction) -> Vec<String> {
    let mut found =
        vec!["the image that it names, when its tag moves or the stage of that name changes".to_string()];
    if i.line().contains(&b'$') {
        found.push("the value of a build argument in its text".to_string());
    }
    found
}

fn run(file: &Dockerfile, i: &Instruction) -> Vec<String> {
    let mut found = vec!["its text, with the blanks in it, but not where its lines are broken".to_string()];
    let all = in_scope(file, i);
    if !all.is_empty() {
        found.push(format!("the value of a variable: {}", all.join(", ")));
    }
    if i.flags().any(|f| f.starts_with(b"--mount=") && !is_without_files(f)) {
        found.push("the files that its `--mount` binds".to_string());
    }
    found.push(ABOVE.to_string());
    found
}

/// Mounts whose content has no say in the cache.
fn is_without_files(mount: &[u8]) -> bool {
    ["type=cache", "type=secret", "type=ssh", "type=tmpfs"]
        .iter()
        .any(|sort| memchr::memmem::find(mount, sort.as_bytes()).is_some())
}

fn copy(i: &Instruction) -> Vec<String> {
    let mut found = Vec::new();
    let from = i.flags().find_map(|f| f.strip_prefix(b"--from="));
    found.push(match from {
        Some(from) => format!("the copied files in `{}`", name(from)),
        None if !i.heredocs.is_empty() => "the text of its heredocs".to_string(),
        None => "the copied files: their names, content, owner and mode, but not their times".to_string(),
    });
    found.push("its text".to_string());
    if i.line().contains(&b'$') {
        found.push("the value of a variable in its text".to_string());
    }
    // a linked copy is a layer of its own, whatever lies below it
    if !i.flags().any(|f| matches!(f, b"--link" | b"--link=true")) {
        found.push(ABOVE.to_string());
    }
    found
}

/// The variables that a RUN sees: ARGs of its stage, and ENVs of the stages that it builds on too.
fn in_scope(file: &Dockerfile, i: &Instruction) -> Vec<String> {
    const MOST: usize = 12;
    let stages = stage::stages(file);
    let Some(item) = file.items.iter().position(|x| x.instruction().is_some_and(|x| x.id == i.id)) else {
        return Vec::new();
    };
    let own = stages.iter().find(|s| s.steps.iter().any(|step| step.item == item));
    let is_own = |step: &Step| own.is_some_and(|s| s.steps.iter().any(|other| other.id == step.id));
    let mut found: Vec<String> = Vec::new();
    for step in stage::lineage(file, &stages, item).into_iter().rev() {
        let counts = step.keyword == Keyword::Env || (step.keyword == Keyword::Arg && is_own(step));
        let Some(instruction) = file.instruction(step.id).filter(|_| counts) else { continue };
        for word in variables::names(instruction) {
            let word = word.split(|b| *b == b'=').next().unwrap_or_default();
            let shown = format!("`{}`", name(word));
            if !found.contains(&shown) {
                found.push(shown);
            }
        }
    }
    if found.len() > MOST {
        let more = found.len() - MOST;
        found.truncate(MOST);
        found.push(format!("and {more} more"));
    }
    found
}

/// Text of the file inside of a code span.
fn name(bytes: &[u8]) -> String {
    visible(bytes).replace('`', "'")
}

/// How many files a COPY or ADD takes from the build context; nothing where that is not plain.
fn files(work: &Work, held: &Held, i: &Instruction) -> Option<String> {
    let is_plain = i.heredocs.is_empty() && !i.is_exec_form() && i.flags().all(|f| f.starts_with(b"--ch"));
    if !matches!(i.keyword, Keyword::Copy | Keyword::Add) || !is_plain {
        return None;
    }
    let words: Vec<&str> = i.words().map(std::str::from_utf8).collect::<Result<_, _>>().ok()?;
    let (_, sources) = words.split_last()?;
    let is_name = |word: &&str| !word.contains(['$', '"', '\'', '\\', '`']) && !word.contains("://");
    if !sources.iter().all(is_name) {
        return None;
    }
    let context = work.context(held).ok()?;
    let counts: Option<Vec<usize>> = sources.iter().map(|word| count(&context, word)).collect();
    let count: usize = counts?.iter().sum();
    let noun = if count == 1 { "file" } else { "files" };
    Some(format!("\nOf the build context it takes {count} {noun} now.\n"))
}

fn count(context: &Context, word: &str) -> Option<usize> {
    let none = Patterns::default();
    let mut count = 0;
    for source in context.sources(word, &none).ok()? {
        let taken = context.contents(&source, &none).ok()?;
        count += taken.iter().filter(|t| t.kind != crate::model::context::Kind::Dir).count();
    }
    Some(count)
}

/// What the rules that run would do with it, with their diffs.
fn rules(work: &Work, held: &Held, sheet: &Sheet, place: &Range<usize>) -> String {
    let mut out = String::new();
    for proposal in work.proposals(held).iter().filter(|p| p.chosen) {
        let here = |lines: &Range<usize>| {
            sheet.line_start(lines.start) < place.end && sheet.line_start(lines.end) > place.start
        };
        if proposal.lines.iter().any(here) {
            let diff = diff_of(work, &proposal.outcome);
            let fence = fence(&diff);
            // a String takes all that is written to it
            let _ = write!(
                out,
                "\n---\n`{}`: {}\n\n{fence}diff\n{diff}{fence}\n",
                proposal.rule.name,
                summary(proposal.rule)
            );
        }
    }
    out
}

/// A fence that the text does not close.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
