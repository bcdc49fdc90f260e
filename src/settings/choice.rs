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
/// Where it names a rule that does not exist.
pub fn checked(choice: &Selection, rules: &[RuleInfo]) -> Result<Selection, UnknownRule> {
    let all = |names: &[String]| -> Result<Vec<String>, UnknownRule> {
        names.iter().map(|name| known(name, rules).map(str::to_string)).collect()
    };
    Ok(Selection { only: all(&choice.only)?, also: all(&choice.also)?, skip: all(&choice.skip)? })
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
/// below, and what the upper choice asks for is no longer skipped. All names are known.
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
    let (only, mut also) = if upper.only.is_empty() {
        (lower.only.clone(), lower.also.clone())
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

    const fn rule(name: &'static str, kind: Kind, alone: bool) -> RuleInfo {
        RuleInfo { name, kind, alone, page: Cow::Borrowed("") }
    }

    const RULES: [RuleInfo; 4] = [
        rule("merge-runs", Kind::Image, false),
        rule("sort-packages", Kind::Content, false),
        rule("cache-mounts", Kind::Content, true),
        rule("space", Kind::Layout, false),
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
        assert_eq!(of("merge runs").unwrap_err().nearest, Some("merge-runs"));
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
            &choice("", "sort-packages", "cache-mounts"),
        );
        // a rule that is skipped by its name stays so where its kind is asked for
        check(
            &choice("", "", "sort-packages"),
            &choice("", "content", ""),
            &choice("", "content", "sort-packages"),
        );
    }
}
