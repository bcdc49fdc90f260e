//! The pipeline: parse, apply each rule and prove it, lay out and prove it, say what came of it.
//!
//! Values in, values out: it touches no file and no terminal.

use std::borrow::Cow;

use super::changes::{self, History};
use super::declared::{self, Announced};
use super::same_view::{self, Difference, Side};
use super::{
    declared_forms, declared_mounts, declared_words, guard, manifests_first, no_archive, same_commands,
    same_config, same_graph, scan, text,
};
use crate::config::{Config, Kind};
use crate::layout::{self, LaidOut, Verbatim};
use crate::model::pragma::own::{Pragma, Protected};
use crate::rules::{self, FindContext, Plan, Proof, Rule, Site};
use crate::syntax;
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Id, Keyword, SyntaxError};

pub use super::changes::Change;

/// A rule, for whoever lists rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Its name.
    pub name: &'static str,
    /// What it promises.
    pub kind: Kind,
    /// Whether it runs only when it is named itself, not by its kind.
    pub alone: bool,
    /// The rules that take back what it does.
    pub against: &'static [&'static str],
    /// Its page, in Markdown; the first line says what it does.
    pub page: Cow<'static, str>,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The new text; `None` where nothing changes.
    pub output: Option<Vec<u8>>,
    /// What was changed, by which rule; [`Outcome::changes`] tells.
    pub(super) history: History,
    /// What was not changed, and why not.
    pub refusals: Vec<Refusal>,
    /// The comments of the source that speak to dfmt.
    pub pragmas: Vec<Pragma>,
    /// What `BuildKit` would refuse; the file is left alone then.
    pub errors: Vec<SyntaxError>,
    /// A proof that failed: a bug of dfmt; the file is left alone then.
    pub failure: Option<Failure>,
}

/// A rewrite that a rule did not make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule's name.
    pub rule: &'static str,
    /// The line of the source that it is about, from 1.
    pub line: usize,
    /// What stands in the way, and what the author could do.
    pub reason: String,
    /// Whether it is worth saying unasked: the build would gain, and one thing stands in the way.
    pub advice: bool,
}

/// A proof that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule whose rewrite could not be proved.
    pub rule: &'static str,
    /// The line of the source, from 1, where it is known.
    pub line: Option<usize>,
    /// What differs.
    pub what: String,
}

/// All rules, in the order in which they run.
pub fn rules() -> Vec<RuleInfo> {
    let image = rules::RULES.iter().map(|r| RuleInfo {
        name: r.name,
        kind: r.kind,
        alone: r.alone,
        against: r.against,
        page: Cow::Owned(head(r.page)),
    });
    let layout = layout::RULES.iter().map(|(name, alone, page)| RuleInfo {
        name,
        kind: Kind::Layout,
        alone: *alone,
        against: &[],
        page: Cow::Borrowed(page),
    });
    let mut all: Vec<RuleInfo> = Vec::new();
    for rule in image.chain(layout) {
        // one that stands there twice is shown where it runs last
        all.retain(|known| known.name != rule.name);
        all.push(rule);
    }
    all
}

/// The documentation at the head of a rule's file: its page.
fn head(file: &str) -> String {
    let lines = file.lines().map_while(|l| l.strip_prefix("//!"));
    lines.map(|l| l.strip_prefix(' ').unwrap_or(l)).collect::<Vec<_>>().join("\n")
}

impl Outcome {
    fn refuse(&mut self, rule: &Rule, at: Id, reason: String, advice: bool) {
        let line = self.history.line_of(at);
        self.refusals.push(Refusal { rule: rule.name, line, reason, advice });
    }

    /// What was changed between `source` and the output, by which rule: what a diff shows beside its hunks.
    pub fn changes(&self, source: &[u8]) -> Vec<Change> {
        match &self.output {
            Some(output) => changes::between(source, output, &self.history),
            None => Vec::new(),
        }
    }

    /// How many RUNs are built anew for nothing but their layout, where the file was not laid out before.
    pub fn laid_out_anew(&self, source: &[u8]) -> usize {
        self.output.as_ref().map_or(0, |output| changes::laid_out_anew(source, output, &self.history))
    }
}

/// Formats `source`. The build context is asked for only where a rule needs it.
pub fn format(source: &[u8], config: &Config, context: FindContext) -> Outcome {
    let file = syntax::parse(source);
    let mut outcome = Outcome::default();
    if !file.errors.is_empty() {
        outcome.errors = file.errors;
        return outcome;
    }
    outcome.history = History::of(&file);
    let aligns = config.rules.has("align-backslashes", Kind::Layout, false);
    outcome.history.aligned = aligns && config.align_backslashes;
    outcome.pragmas = Protected::of(&file).pragmas;
    let result = image(source, &file, config, context, &mut outcome).and_then(|text| match text {
        Some(text) => lay_out(&text, &syntax::parse(&text), config, &mut outcome).map(|t| t.or(Some(text))),
        None => lay_out(source, &file, config, &mut outcome),
    });
    match result {
        Ok(output) => outcome.output = output.filter(|text| text != source),
        Err(failure) => outcome.failure = Some(failure),
    }
    outcome
}

/// Runs the image rules; gives the new text where one of them changes anything.
fn image(
    source: &[u8],
    file: &Dockerfile,
    config: &Config,
    context: FindContext,
    outcome: &mut Outcome,
) -> Result<Option<Vec<u8>>, Failure> {
    if file.instructions().nth(MAX_INSTRUCTIONS).is_some() {
        return Ok(None);
    }
    let mut text: Option<Vec<u8>> = None;
    // what is rewritten must keep its cache keys: moves and merges do not
    let wanted =
        rules::RULES.iter().filter(|r| config.rules.has(r.name, r.kind, r.alone) && !config.keep_cache);
    for rule in wanted {
        let made = match &text {
            None => step(source, file, rule, config, context, outcome)?,
            Some(now) => step(now, &syntax::parse(now), rule, config, context, outcome)?,
        };
        text = made.or(text);
    }
    Ok(text)
}

/// Files of more instructions are laid out, and no more: image rules look at pairs of instructions, and no Dockerfile
/// that people write has so many.
const MAX_INSTRUCTIONS: usize = 500;

/// One rule: plan, edit, print, parse again, prove.
fn step(
    source: &[u8],
    file: &Dockerfile,
    rule: &Rule,
    config: &Config,
    context: FindContext,
    outcome: &mut Outcome,
) -> Result<Option<Vec<u8>>, Failure> {
    let protected = Protected::of(file);
    let site = Site { file, config, context, protected: &protected };
    let Plan { edits, refusals } = (rule.plan)(&site);
    for refused in refusals {
        outcome.refuse(rule, refused.at, refused.reason, refused.advice);
    }
    if edits.is_empty() {
        return Ok(None);
    }
    let work = Work { source, file, rule, context, protected: &protected };
    let mut made = work.attempt(edits)?;
    if let Err((at, by)) = work.respects(&made) {
        let reason = format!("{by} keeps an instruction of this rewrite as it is");
        outcome.refuse(rule, at, reason, false);
        match work.what_respects(&made.edits) {
            Some(part) => made = part,
            None => return Ok(None),
        }
    }
    outcome.history.edited(rule.name, &made.edits, &made.origins);
    Ok(Some(made.text))
}

/// A rule at work on a file.
struct Work<'a> {
    source: &'a [u8],
    file: &'a Dockerfile<'a>,
    rule: &'a Rule,
    context: FindContext<'a>,
    protected: &'a Protected,
}

/// A rewrite that is proved.
struct Made {
    edits: Vec<Edit>,
    text: Vec<u8>,
    /// For each instruction of the result the one that it was.
    origins: Vec<Option<Id>>,
}

impl Work<'_> {
    /// Edit, print, parse again, prove.
    fn attempt(&self, edits: Vec<Edit>) -> Result<Made, Failure> {
        let Self { source, file, rule, context, .. } = *self;
        // the instructions of the file are counted from 0; those with later ids are new
        let count = file.instructions().count();
        let failed = |what: String| Failure { rule: rule.name, line: None, what };
        let mut edited = file.clone();
        edited.apply(&edits).map_err(|misfit| failed(misfit.0.to_string()))?;
        let text = syntax::print(&edited);
        let origins: Vec<Option<Id>> =
            edited.instructions().map(|i| Some(i.id).filter(|id| (id.0 as usize) < count)).collect();
        let again = syntax::parse(&text);
        let pair = Pair { source, file, made: &text, again: &again, origins: &origins, edits: &edits };
        prove(rule, &pair, context).map_err(failed)?;
        Ok(Made { edits, text, origins })
    }

    /// Whether it leaves alone what comments protect.
    fn respects(&self, made: &Made) -> Result<(), (Id, &'static str)> {
        if self.protected.pragmas.is_empty() {
            return Ok(());
        }
        let names = (self.rule.name, self.rule.kind.name());
        let again = syntax::parse(&made.text);
        guard::respected(names, (self.file, self.protected), &again, &made.origins)
    }

    /// As much of a plan as leaves it alone: a part for which there is no proof is left out too, for it was planned as
    /// a part of the whole.
    fn what_respects(&self, edits: &[Edit]) -> Option<Made> {
        let mut best: Option<(Vec<usize>, Made)> = None;
        for group in guard::groups(edits) {
            let mut numbers = best.as_ref().map_or(Vec::new(), |(numbers, _)| numbers.clone());
            numbers.extend(group);
            numbers.sort_unstable();
            let part = numbers.iter().map(|n| edits[*n].clone()).collect();
            let made = self.attempt(part).ok().filter(|made| self.respects(made).is_ok());
            best = made.map(|made| (numbers, made)).or(best);
        }
        best.map(|(_, made)| made)
    }
}

/// Both sides of a rule's rewrite.
struct Pair<'a> {
    source: &'a [u8],
    file: &'a Dockerfile<'a>,
    made: &'a [u8],
    again: &'a Dockerfile<'a>,
    /// For each instruction of the result the one that it was.
    origins: &'a [Option<Id>],
    edits: &'a [Edit],
}

fn prove(rule: &Rule, pair: &Pair, context: FindContext) -> Result<(), String> {
    let Pair { source, file, made, again, origins, edits } = pair;
    if !again.errors.is_empty() {
        return Err("BuildKit would refuse the result".to_string());
    }
    if crate::model::head::directives(source) != crate::model::head::directives(made)
        || file.escape != again.escape
    {
        return Err("a parser directive came or went".to_string());
    }
    if again.instructions().count() != origins.len() {
        return Err("the result reads as other instructions".to_string());
    }
    text::same_comments(file, again)?;
    text::same_untouched(file, again, origins, edits)?;
    let words = |announced| declared_words::same(file, again, origins, announced).map_err(String::from);
    match rule.proof {
        Proof::SameCommands => same_commands::same(file, again).map_err(String::from),
        Proof::SameGraph => same_graph::same(file, again, origins, context).map_err(String::from),
        Proof::SameConfig => same_config::moved(file, again, origins).map_err(String::from),
        Proof::Replaced => same_config::replaced(file, again, origins).map_err(String::from),
        Proof::NoArchive => no_archive::same(file, again, origins, context),
        Proof::JoinedInstalls => {
            declared::same(file, again, origins, Announced::Joined).map_err(String::from)
        }
        Proof::SortedPackages => declared::same(file, again, origins, Announced::Order).map_err(String::from),
        Proof::NoRecommends => words(&declared_words::NO_RECOMMENDS),
        Proof::AptCleaned => words(&declared_words::APT_CLEANED),
        Proof::PipWithoutCache => words(&declared_words::PIP_WITHOUT_CACHE),
        Proof::ApkWithoutCache => words(&declared_words::APK_WITHOUT_CACHE),
        Proof::DnfCleaned => words(&declared_words::DNF_CLEANED),
        Proof::CondaCleaned => words(&declared_words::CONDA_CLEANED),
        Proof::CacheMounts => declared_mounts::same(file, again, origins).map_err(String::from),
        Proof::NpmCi => declared_forms::npm_ci(file, again, origins).map_err(String::from),
        Proof::MaintainerLabel => declared_forms::label(file, again, origins).map_err(String::from),
        Proof::ExecForm => declared_forms::exec_form(file, again, origins).map_err(String::from),
        Proof::ManifestsFirst => manifests_first::same(file, again, origins, context),
    }
}

/// Lays out and proves it; gives the text where it is another. A RUN that the second judge cannot follow is left alone.
fn lay_out(
    source: &[u8],
    file: &Dockerfile,
    config: &Config,
    outcome: &mut Outcome,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut keep: Vec<Id> = Vec::new();
    loop {
        let LaidOut { text, verbatim } = layout::layout(file, config, &keep);
        let failed = |difference: Difference| Failure {
            rule: "layout",
            line: difference.at.and_then(|id| file.line_of(id)),
            what: difference.what.to_string(),
        };
        let mut unclear = Vec::new();
        if text != source {
            let again = syntax::parse(&text);
            let (before, after) = (Side { source, file }, Side { source: &text, file: &again });
            same_view::same(&before, &after, config.keep_cache).map_err(failed)?;
            unclear = second_judge(file, &again).map_err(failed)?;
            if !outcome.pragmas.is_empty() {
                unprotected(file, &again).map_err(failed)?;
            }
        }
        if unclear.is_empty() {
            let runs = |rule: &str| {
                layout::RULES
                    .iter()
                    .any(|(name, alone, _)| *name == rule && config.rules.has(name, Kind::Layout, *alone))
            };
            for (id, Verbatim { rule, why }) in verbatim.into_iter().filter(|(_, v)| runs(v.rule)) {
                let line = outcome.history.line_of(id);
                outcome.refusals.push(Refusal { rule, line, reason: why.to_string(), advice: false });
            }
            return Ok((text != source).then_some(text));
        }
        keep.extend(unclear);
    }
}

/// Whether layout has left alone what comments protect.
fn unprotected(before: &Dockerfile, after: &Dockerfile) -> Result<(), Difference> {
    let origins: Vec<Option<Id>> = before.instructions().map(|i| Some(i.id)).collect();
    let kind = Kind::Layout.name();
    guard::respected((kind, kind), (before, &Protected::of(before)), after, &origins)
        .map_err(|(id, _)| Difference { at: Some(id), what: "a comment keeps it as it is, and it changed" })
}

/// Asks the second judge about every RUN whose text changed; gives those that it cannot follow.
fn second_judge(before: &Dockerfile, after: &Dockerfile) -> Result<Vec<Id>, Difference> {
    let mut unclear = Vec::new();
    let runs = |i: &&syntax::tree::Instruction| i.keyword == Keyword::Run && !i.is_exec_form();
    for (a, b) in before.instructions().zip(after.instructions()).filter(|(a, _)| runs(a)) {
        if a.text == b.text {
            continue;
        }
        let sides = scan::Sides { before: &a.text, after: &b.text, escape: before.escape };
        let follows = |text: &[u8]| scan::understands(text, before.escape);
        match scan::same_shell(&sides, same_view::script_in_body(a)) {
            Ok(()) => {}
            Err(_) if !(follows(&a.text) && follows(&b.text)) && a.line() != b.line() => {
                unclear.push(a.id);
            }
            Err(difference) => return Err(Difference { at: Some(a.id), what: difference.what }),
        }
    }
    Ok(unclear)
}
