//! Names of rules and kinds: which are known, which one was meant, and how one choice lies over another.

use std::fmt;

use crate::config::{Kind, Selection};
use crate::proof::engine::RuleInfo;

/// A name that no rule and no kind has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The known name that is most like it.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "unknown rule `{}`: ", self.name)?;
        match self.nearest {
            Some(nearest) => write!(f, "did you mean `{nearest}`?"),
            None => write!(f, "`dfmt rules` lists them all"),
        }
    }
}

impl std::error::Error for UnknownRule {}

/// Two rules that were both asked for by their own names, and of which one takes back what the other does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The one that was named first.
    pub first: String,
    /// The other one.
    pub second: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { first, second } = self;
        write!(f, "`{second}` contradicts `{first}`: name one of them, or skip the other")
    }
}

/// Why a choice of rules cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongChoice {
    /// It names a rule that does not exist.
    Unknown(UnknownRule),
    /// It names two rules that contradict each other.
    Contradiction(Contradiction),
}

impl fmt::Display for WrongChoice {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => unknown.fmt(f),
            Self::Contradiction(two) => two.fmt(f),
        }
    }
}

impl std::error::Error for WrongChoice {}

/// The rules that `name` stands for: the one of that name, or all of a kind.
///
/// # Errors
/// Where there is neither.
pub fn named<'a>(name: &str, rules: &'a [RuleInfo]) -> Result<Vec<&'a RuleInfo>, UnknownRule> {
    let name = known(name, rules)?;
    Ok(of(name, rules).collect())
}

/// The rules that a known name stands for.
fn of<'a>(name: &str, rules: &'a [RuleInfo]) -> impl Iterator<Item = &'a RuleInfo> {
    rules.iter().filter(move |r| r.name == name || r.kind.name() == name)
}

/// A choice with its names checked, and without blanks around them.
///
/// # Errors
/// Where it names a rule that does not exist, or two that contradict each other.
pub fn checked(choice: &Selection, rules: &[RuleInfo]) -> Result<Selection, WrongChoice> {
    let all = |names: &[String]| -> Result<Vec<String>, WrongChoice> {
        let name = |name: &String| known(name, rules).map(str::to_string).map_err(WrongChoice::Unknown);
        names.iter().map(name).collect()
    };
    let choice = Selection { only: all(&choice.only)?, also: all(&choice.also)?, skip: all(&choice.skip)? };
    match contradiction(&asked(&choice), &choice.skip, rules) {
        Some((_, two)) => Err(WrongChoice::Contradiction(two)),
        None => Ok(choice),
    }
}

/// What a choice asks for.
fn asked(choice: &Selection) -> Vec<&str> {
    choice.only.iter().chain(&choice.also).map(String::as_str).collect()
}

/// The first of the names that contradicts an earlier one, and its place among them. What is skipped contradicts
/// nothing; nor does a kind: see [`settled`].
pub fn contradiction(asked: &[&str], skip: &[String], rules: &[RuleInfo]) -> Option<(usize, Contradiction)> {
    let is_skipped = |name: &str| skip.iter().any(|s| of(s, rules).any(|rule| rule.name == name));
    asked.iter().enumerate().filter(|(_, second)| !is_skipped(second)).find_map(|(at, second)| {
        let clashes = |first: &&&str| contradict(first, second, rules) && !is_skipped(first);
        let first = asked[..at].iter().find(clashes)?;
        Some((at, Contradiction { first: (*first).to_string(), second: (*second).to_string() }))
    })
}

/// Whether one of two rules takes back what the other does.
fn contradict(one: &str, other: &str, rules: &[RuleInfo]) -> bool {
    let is_against = |a: &str, b: &str| rules.iter().any(|r| r.name == a && r.against.contains(&b));
    is_against(one, other) || is_against(other, one)
}

/// A choice in which nothing contradicts: a rule that is asked for by its own name wins over one that only its kind
/// brings, and that one is skipped.
pub fn settled(choice: &Selection, rules: &[RuleInfo]) -> Selection {
    let asked = asked(choice);
    let is_asked =
        |rule: &RuleInfo| asked.contains(&rule.name) && choice.has(rule.name, rule.kind, rule.alone);
    let mut skip = choice.skip.clone();
    for named in rules.iter().filter(|rule| is_asked(rule)) {
        let loses = |rule: &&RuleInfo| !is_asked(rule) && contradict(rule.name, named.name, rules);
        let names: Vec<String> = rules.iter().filter(loses).map(|r| r.name.to_string()).collect();
        add(&mut skip, &names);
    }
    Selection { skip, ..choice.clone() }
}

/// The rule or kind that is called `name`.
///
/// # Errors
/// Where there is none.
pub fn known(name: &str, rules: &[RuleInfo]) -> Result<&'static str, UnknownRule> {
    let name = name.trim();
    let all = || rules.iter().map(|r| r.name).chain(Kind::ALL.map(Kind::name));
    let unknown = || UnknownRule { name: name.to_string(), nearest: nearest(name, all()) };
    all().find(|known| *known == name).ok_or_else(unknown)
}

/// The name most like `name`, if it is like it at all: about one letter in three may differ. Else the first one that
/// holds it.
pub fn nearest(name: &str, all: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let (name, all) = (name.to_lowercase(), all.collect::<Vec<_>>());
    let distance = |known: &&'static str| strsim::osa_distance(&name, known);
    let best = *all.iter().min_by_key(|known| distance(known))?;
    let holds = |known: &&'static str| name.len() >= 3 && known.contains(&*name);
    let is_like = distance(&best) <= best.len().div_ceil(3);
    if is_like { Some(best) } else { all.into_iter().find(holds) }
}

/// One choice over another. The upper `only` replaces all that was chosen below; `also` and `skip` add to the lists
/// below. What the upper choice asks for is no longer skipped, and what contradicts it is no longer asked for. All names
/// are known.
pub fn layered(lower: &Selection, upper: &Selection, rules: &[RuleInfo]) -> Selection {
    let asked: Vec<&String> = upper.only.iter().chain(&upper.also).collect();
    let mut skip = Vec::new();
    for name in &lower.skip {
        if asked.contains(&name) {
            continue;
        }
        let is_asked = |rule: &&RuleInfo| asked.iter().any(|a| **a == rule.name);
        if of(name, rules).any(|rule| is_asked(&rule)) {
            // a kind is skipped, and a rule of it asked for
            skip.extend(of(name, rules).filter(|r| !is_asked(r)).map(|r| r.name.to_string()));
        } else {
            skip.push(name.clone());
        }
    }
    let fits = |name: &&String| !asked.iter().any(|a| contradict(name, a, rules));
    let fitting = |names: &[String]| names.iter().filter(fits).cloned().collect();
    let (only, mut also): (Vec<String>, Vec<String>) = if upper.only.is_empty() {
        (fitting(&lower.only), fitting(&lower.also))
    } else {
        (upper.only.clone(), Vec::new())
    };
    add(&mut also, &upper.also);
    add(&mut skip, &upper.skip);
    Selection { only, also, skip }
}

/// Adds what is not in the list yet.
fn add(list: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !list.contains(name) {
            list.push(name.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    const fn rule(name: &'static str, kind: Kind, alone: bool, against: &'static [&'static str]) -> RuleInfo {
        RuleInfo { name, kind, alone, against, page: Cow::Borrowed("") }
    }

    const RULES: [RuleInfo; 5] = [
        rule("merge-runs", Kind::Image, false, &[]),
        rule("sort-packages", Kind::Content, false, &[]),
        rule("pip-no-cache", Kind::Content, false, &[]),
        rule("cache-mounts", Kind::Content, true, &["pip-no-cache"]),
        rule("space", Kind::Layout, false, &[]),
    ];

    fn list(names: &str) -> Vec<String> {
        names.split_whitespace().map(ToString::to_string).collect()
    }

    fn choice(only: &str, also: &str, skip: &str) -> Selection {
        Selection { only: list(only), also: list(also), skip: list(skip) }
    }

    #[test]
    fn names_of_rules_and_kinds_are_known() {
        let of =
            |name: &str| checked(&Selection { only: vec![name.to_string()], ..Selection::default() }, &RULES);
        assert_eq!(of("merge-runs").unwrap().only, ["merge-runs"]);
        assert_eq!(of(" layout").unwrap().only, ["layout"]);
        let unknown = UnknownRule { name: "merge runs".to_string(), nearest: Some("merge-runs") };
        assert_eq!(of("merge runs"), Err(WrongChoice::Unknown(unknown)));
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let of = |name: &str| known(name, &RULES).unwrap_err().nearest;
        assert_eq!(of("merge-run"), Some("merge-runs"));
        assert_eq!(of("Merge-Runs"), Some("merge-runs"));
        assert_eq!(of("iamge"), Some("image"));
        assert_eq!(of("frobnicate"), None);
        assert_eq!(of(""), None);
    }

    #[track_caller]
    fn check(lower: &Selection, upper: &Selection, want: &Selection) {
        assert_eq!(layered(lower, upper, &RULES), *want);
    }

    #[test]
    fn lists_add_up() {
        check(
            &choice("", "content", "space"),
            &choice("", "cache-mounts", "merge-runs"),
            &choice("", "content cache-mounts", "space merge-runs"),
        );
        check(&choice("layout", "", "space"), &choice("", "", "space"), &choice("layout", "", "space"));
    }

    #[test]
    fn only_replaces_what_was_chosen_below_but_not_what_is_skipped() {
        check(
            &choice("image", "content", "space"),
            &choice("layout", "", ""),
            &choice("layout", "", "space"),
        );
    }

    #[test]
    fn what_is_asked_for_is_no_longer_skipped() {
        check(&choice("", "", "space"), &choice("space", "", ""), &choice("space", "", ""));
        check(&choice("", "", "content"), &choice("", "content", ""), &choice("", "content", ""));
        check(
            &choice("", "", "content"),
            &choice("", "sort-packages", ""),
            &choice("", "sort-packages", "pip-no-cache cache-mounts"),
        );
        // a rule that is skipped by its name stays so where its kind is asked for
        check(
            &choice("", "", "sort-packages"),
            &choice("", "content", ""),
            &choice("", "content", "sort-packages"),
        );
    }

    fn wrong(choice: &Selection) -> Option<String> {
        checked(choice, &RULES).err().map(|wrong| wrong.to_string())
    }

    #[test]
    fn rules_that_contradict_each_other_cannot_both_be_named() {
        let says = "`cache-mounts` contradicts `pip-no-cache`: name one of them, or skip the other";
        assert_eq!(wrong(&choice("", "pip-no-cache cache-mounts", "")).as_deref(), Some(says));
        assert_eq!(wrong(&choice("pip-no-cache", "cache-mounts", "")).as_deref(), Some(says));
        assert_eq!(wrong(&choice("", "pip-no-cache cache-mounts", "pip-no-cache")), None);
        assert_eq!(wrong(&choice("", "pip-no-cache cache-mounts", "content")), None);
        assert_eq!(wrong(&choice("", "content cache-mounts", "")), None);
        assert_eq!(wrong(&choice("", "sort-packages cache-mounts", "")), None);
    }

    #[test]
    fn the_upper_choice_wins_over_what_it_contradicts() {
        check(
            &choice("", "pip-no-cache", ""),
            &choice("", "cache-mounts", ""),
            &choice("", "cache-mounts", ""),
        );
        check(
            &choice("cache-mounts", "", ""),
            &choice("", "pip-no-cache", ""),
            &choice("", "pip-no-cache", ""),
        );
    }

    #[test]
    fn a_named_rule_wins_over_one_that_its_kind_brings() {
        let settled = |c: &Selection| settled(c, &RULES);
        let both = choice("", "content cache-mounts", "");
        assert_eq!(settled(&both), choice("", "content cache-mounts", "pip-no-cache"));
        let skipped = choice("", "content cache-mounts", "cache-mounts");
        assert_eq!(settled(&skipped), skipped);
        let kind = choice("", "content", "");
        assert_eq!(settled(&kind), kind);
    }
}
