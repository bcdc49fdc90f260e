//! Which rule changed which lines: what a diff shows beside its hunks.
//!
//! Instructions are followed through the rules by where they came from. What layout did is read off afterwards, by
//! comparing the tokens of an instruction with those of its source and looking at what lies between them.

use std::collections::HashSet;
use std::ops::Range;

use crate::layout::gap::Gap;
use crate::syntax;
use crate::syntax::edit::Edit;
use crate::syntax::node::{Kind, Node};
use crate::syntax::tree::{Dockerfile, Id, Instruction, Item, Keyword};

/// One change, for the diff: lines count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule's name.
    pub rule: &'static str,
    /// Lines of the source that it touched.
    pub before: Range<usize>,
    /// Lines of the output that it touched.
    pub after: Range<usize>,
}

/// Where the instructions of the text as it stands came from, and which rules touched them.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// For each instruction now those of the source that it was made of.
    origins: Vec<Vec<usize>>,
    /// For each instruction now the rules that touched it.
    rules: Vec<Vec<&'static str>>,
    /// The 1-based line of each instruction of the source.
    lines: Vec<usize>,
    /// The instructions of the source that are gone, each with the rule that removed it.
    gone: Vec<(usize, &'static str)>,
    /// Whether backslashes are set in a column; else it is a matter of blanks where they stand.
    pub aligned: bool,
}

impl History {
    /// The history of a file that nothing has touched.
    pub fn of(file: &Dockerfile) -> Self {
        let mut lines = Vec::new();
        let mut line = 1;
        for item in &file.items {
            if item.instruction().is_some() {
                lines.push(line);
            }
            line += memchr::memchr_iter(b'\n', item.text()).count();
        }
        let count = lines.len();
        Self {
            origins: (0..count).map(|n| vec![n]).collect(),
            rules: vec![Vec::new(); count],
            lines,
            gone: Vec::new(),
            aligned: true,
        }
    }

    /// The line of the source where an instruction of the text as it stands came from.
    pub fn line_of(&self, id: Id) -> usize {
        let origin = self.origins.get(id.0 as usize).and_then(|o| o.first());
        origin.and_then(|o| self.lines.get(*o)).copied().unwrap_or(1)
    }

    /// Follows the edits of a rule; `now` names for each instruction the one that it was.
    pub fn edited(&mut self, rule: &'static str, edits: &[Edit], now: &[Option<Id>]) {
        let mut touched: HashSet<Id> = HashSet::new();
        for edit in edits {
            match edit {
                Edit::MoveBefore { what, .. } | Edit::MoveAfter { what, .. } => drop(touched.insert(*what)),
                Edit::Merge { first, second, .. } => {
                    touched.insert(*first);
                    let taken = std::mem::take(&mut self.origins[second.0 as usize]);
                    let rules = std::mem::take(&mut self.rules[second.0 as usize]);
                    self.origins[first.0 as usize].extend(taken);
                    self.rules[first.0 as usize].extend(rules);
                }
                Edit::Replace { what, .. } => drop(touched.insert(*what)),
                Edit::Remove { what } => {
                    let taken = std::mem::take(&mut self.origins[what.0 as usize]);
                    self.gone.extend(taken.into_iter().map(|origin| (origin, rule)));
                }
                Edit::InsertBefore { .. } => {}
            }
        }
        let (origins, rules) = (std::mem::take(&mut self.origins), std::mem::take(&mut self.rules));
        for id in now {
            let (origin, mut done) = match id {
                Some(id) => (origins[id.0 as usize].clone(), rules[id.0 as usize].clone()),
                None => (Vec::new(), vec![rule]),
            };
            if id.is_some_and(|id| touched.contains(&id)) {
                done.push(rule);
            }
            self.origins.push(origin);
            self.rules.push(done);
        }
    }
}

/// The lines of each instruction of a file.
fn lines(file: &Dockerfile) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line = 0;
    for item in &file.items {
        let text = item.text();
        let end = line + memchr::memchr_iter(b'\n', text).count() + usize::from(!text.ends_with(b"\n"));
        if item.instruction().is_some() {
            found.push(line..end);
        }
        line = end;
    }
    found
}

/// What changed between two texts.
pub fn between(source: &[u8], output: &[u8], history: &History) -> Vec<Change> {
    let (before, after) = (syntax::parse(source), syntax::parse(output));
    let (old_lines, new_lines) = (lines(&before), lines(&after));
    let old: Vec<&Instruction> = before.instructions().collect();
    let mut found = Vec::new();
    for (n, new) in after.instructions().enumerate() {
        let (Some(origins), Some(rules)) = (history.origins.get(n), history.rules.get(n)) else { continue };
        let at = new_lines[n].clone();
        for rule in rules {
            let mut add = |before: Range<usize>| found.push(Change { rule, before, after: at.clone() });
            match &origins[..] {
                // it came in above what stands below it now
                [] => {
                    let next = history.origins[n..].iter().find_map(|o| o.first());
                    let place = next.map_or(0, |o| old_lines[*o].start);
                    add(place..place);
                }
                all => all.iter().for_each(|o| add(old_lines[*o].clone())),
            }
        }
        if let [one] = origins[..] {
            let before = old_lines[one].clone();
            found.extend(by_layout(old[one], new, history.aligned).into_iter().map(|rule| Change {
                rule,
                before: before.clone(),
                after: at.clone(),
            }));
        }
    }
    for (origin, rule) in &history.gone {
        // it stood above the next one that is left
        let next = history.origins.iter().position(|o| o.first().is_some_and(|o| o > origin));
        let at = next.and_then(|n| new_lines.get(n)).map_or(0, |lines| lines.start);
        found.push(Change { rule, before: old_lines[*origin].clone(), after: at..at });
    }
    found.extend(items(&before, &after));
    found
}

/// How many RUNs `BuildKit` builds anew for nothing but their layout, where that is news: 0 where a RUN of several lines
/// stood as layout sets it, for then the file was laid out before.
pub fn laid_out_anew(source: &[u8], output: &[u8], history: &History) -> usize {
    let (before, after) = (syntax::parse(source), syntax::parse(output));
    let old: Vec<&Instruction> = before.instructions().collect();
    let mut count = 0;
    for (n, new) in after.instructions().enumerate() {
        let (Some(&[origin]), Some([])) =
            (history.origins.get(n).map(|o| &o[..]), history.rules.get(n).map(|r| &r[..]))
        else {
            continue;
        };
        let old = old[origin];
        if new.keyword != Keyword::Run || new.is_exec_form() {
            continue;
        }
        let broken = new.text.trim_ascii_end().contains(&b'\n');
        if key(old) != key(new) {
            count += 1;
        } else if broken && old.text == new.text {
            return 0;
        }
    }
    count
}

/// The text by which `BuildKit` knows a RUN again.
fn key<'r>(run: &'r Instruction) -> &'r [u8] {
    let start = run.top().find(|(_, node)| !matches!(node.kind, Kind::Keyword | Kind::Flag));
    let start = start.map_or(0, |(_, node)| node.start as usize);
    run.logical_text()[start..].trim_ascii_end()
}

/// Comments and blank lines: each run of them is put down to the rule that sets them.
fn items(before: &Dockerfile, after: &Dockerfile) -> Vec<Change> {
    let loose = |file: &Dockerfile| {
        let mut found: Vec<(Range<usize>, Vec<Vec<u8>>)> = vec![(0..0, Vec::new())];
        let mut line = 0;
        for item in &file.items {
            let end = line + memchr::memchr_iter(b'\n', item.text()).count().max(1);
            match item {
                Item::Instruction(_) => found.push((end..end, Vec::new())),
                _ => {
                    if let Some((range, texts)) = found.last_mut() {
                        *range = range.start..end;
                        texts.push(item.text().to_vec());
                    }
                }
            }
            line = end;
        }
        found
    };
    let (a, b) = (loose(before), loose(after));
    if a.len() != b.len() {
        return Vec::new();
    }
    let changed = a.into_iter().zip(b).filter(|(x, y)| x.1 != y.1 || x.0.len() != y.0.len());
    changed
        .map(|((before, x), (after, y))| {
            let text = |t: &Vec<u8>| !t.trim_ascii().is_empty();
            let blanks = x.iter().filter(|t| text(t)).eq(y.iter().filter(|t| text(t)));
            Change { rule: if blanks { "blank-lines" } else { "space" }, before, after }
        })
        .collect()
}

/// The rule that sets the column of backslashes.
const ALIGN: &str = "align-backslashes";

/// The rules of layout that made one instruction of another.
fn by_layout(old: &Instruction, new: &Instruction, aligned: bool) -> Vec<&'static str> {
    let mut found = Vec::new();
    if old.text == new.text {
        return found;
    }
    let leaves = |i: &Instruction| -> Vec<Node> {
        i.nodes.iter().enumerate().filter(|(n, x)| x.next as usize == n + 1).map(|(_, x)| *x).collect()
    };
    let has = |i: &Instruction, kind| i.find(kind).is_some();
    if has(old, Kind::LegacyPair) && has(new, Kind::Pair) {
        found.push("key-equals-value");
    }
    let (a, b) = (leaves(old), leaves(new));
    if a.len() != b.len() && !has(old, Kind::LegacyPair) {
        // a rule has changed its text: what stands beside what is not known any more
        return found;
    }
    let (mut x_end, mut y_end) = (0, 0);
    for (x, y) in a.iter().zip(&b) {
        let (p, q) = (old.source_range(x.start, x.end), new.source_range(y.start, y.end));
        let gaps = (&old.text[x_end..p.start.max(x_end)], &new.text[y_end..q.start.max(y_end)]);
        let token = (&old.text[p.clone()], &new.text[q.clone()]);
        found.extend(by_token(x.kind, token));
        let rule = by_gap(old.keyword, x.kind, gaps);
        found.extend(rule.map(|rule| if rule == ALIGN && !aligned { "space" } else { rule }));
        (x_end, y_end) = (p.end, q.end);
    }
    let rest = (&old.text[x_end..], &new.text[y_end..]);
    if rest.0 != rest.1 && old.heredocs.is_empty() {
        found.push("space");
    }
    let mut unique = Vec::new();
    for rule in found {
        if !unique.contains(&rule) {
            unique.push(rule);
        }
    }
    unique
}

fn by_token(kind: Kind, (old, new): (&[u8], &[u8])) -> Option<&'static str> {
    match kind {
        _ if old == new => None,
        Kind::Keyword if old.eq_ignore_ascii_case(new) => Some("upper-keywords"),
        Kind::As => Some("upper-as"),
        _ => None,
    }
}

fn by_gap(keyword: Keyword, kind: Kind, (old, new): (&[u8], &[u8])) -> Option<&'static str> {
    if old == new {
        return None;
    }
    let shell = keyword == Keyword::Run && kind as u8 >= Kind::Text as u8;
    let empty = Gap::new(old).lines().any(|l| l == crate::layout::gap::GapLine::Empty);
    let (breaks, broke) = (Gap::new(new).breaks(), Gap::new(old).breaks());
    let behind = |gap: &[u8]| memchr::memchr(b'\n', gap).map(|at| gap[at..].to_vec());
    Some(match kind {
        _ if empty => "no-empty-continuations",
        _ if breaks != broke && shell => "break-lines",
        _ if breaks && broke && behind(old) == behind(new) => ALIGN,
        _ if shell => "shell-layout",
        Kind::JsonString | Kind::Comma | Kind::CloseBracket => "space-exec-form",
        _ if breaks != broke => "break-lines",
        _ => "space",
    })
}
