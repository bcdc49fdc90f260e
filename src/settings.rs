//! What the user asked for, made into a [`Config`].

use std::fmt;

use crate::config::{Config, Kind, Selection};
use crate::proof::engine::RuleInfo;

/// What flags say about rules.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// `--only`, `--also`, `--skip`, as they were given.
    pub rules: Selection,
    /// `--keep-cache`
    pub keep_cache: bool,
    /// Without `--only` only the layout is worked on, as an editor wants it on save.
    pub layout_only: bool,
}

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

/// The configuration that `choice` asks for, where `rules` are all there are.
///
/// # Errors
/// Where it names a rule that does not exist.
pub fn config(choice: &Choice, rules: &[RuleInfo]) -> Result<Config, UnknownRule> {
    let Selection { only, also, skip } = &choice.rules;
    let mut only = known(only, rules)?;
    if only.is_empty() && choice.layout_only {
        only.push(Kind::Layout.name().to_string());
    }
    let rules = Selection { only, also: known(also, rules)?, skip: known(skip, rules)? };
    Ok(Config { rules, keep_cache: choice.keep_cache, ..Config::default() })
}

/// The rules that `name` stands for: the one of that name, or all of a kind.
///
/// # Errors
/// Where there is neither.
pub fn named<'a>(name: &str, rules: &'a [RuleInfo]) -> Result<Vec<&'a RuleInfo>, UnknownRule> {
    let name = known_one(name, rules)?;
    Ok(rules.iter().filter(|r| r.name == name || r.kind.name() == name).collect())
}

fn known(names: &[String], rules: &[RuleInfo]) -> Result<Vec<String>, UnknownRule> {
    names.iter().map(|name| known_one(name, rules).map(str::to_string)).collect()
}

fn known_one(name: &str, rules: &[RuleInfo]) -> Result<&'static str, UnknownRule> {
    let name = name.trim();
    let all = || rules.iter().map(|r| r.name).chain(Kind::ALL.map(Kind::name));
    let unknown = || UnknownRule { name: name.to_string(), nearest: nearest(name, all()) };
    all().find(|known| *known == name).ok_or_else(unknown)
}

/// The name most like `name`, if it is like it at all: about one letter in three may differ.
fn nearest(name: &str, all: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let distance = |known: &&'static str| strsim::osa_distance(&name.to_lowercase(), known);
    let best = all.min_by_key(distance)?;
    (distance(&best) <= best.len().div_ceil(3)).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [RuleInfo; 2] = [
        RuleInfo {
            name: "merge-runs",
            kind: Kind::Image,
            alone: false,
            page: std::borrow::Cow::Borrowed(""),
        },
        RuleInfo {
            name: "cache-mounts",
            kind: Kind::Content,
            alone: true,
            page: std::borrow::Cow::Borrowed(""),
        },
    ];

    fn only(names: &[&str]) -> Choice {
        let only = names.iter().map(ToString::to_string).collect();
        Choice { rules: Selection { only, ..Selection::default() }, ..Choice::default() }
    }

    #[test]
    fn names_of_rules_and_kinds_are_known() {
        let config = config(&only(&["merge-runs", " layout"]), &RULES).unwrap();
        assert_eq!(config.rules.only, ["merge-runs", "layout"]);
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        let of = |name: &str| config(&only(&[name]), &RULES).unwrap_err().nearest;
        assert_eq!(of("merge-run"), Some("merge-runs"));
        assert_eq!(of("Merge-Runs"), Some("merge-runs"));
        assert_eq!(of("iamge"), Some("image"));
        assert_eq!(of("frobnicate"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn stdin_is_layout_only_unless_more_is_asked_for() {
        let of = |choice: Choice| config(&Choice { layout_only: true, ..choice }, &RULES).unwrap().rules;
        assert_eq!(of(Choice::default()).only, ["layout"]);
        assert_eq!(of(only(&["image"])).only, ["image"]);
        let also = Selection { also: vec!["image".to_string()], ..Selection::default() };
        let rules = of(Choice { rules: also, ..Choice::default() });
        assert!(rules.has("space", Kind::Layout, false) && rules.has("merge-runs", Kind::Image, false));
    }
}
