//! What is said of comments that speak to dfmt: those that have no effect, and rules that they name in vain.

use super::choice;
use crate::model::pragma::own::{Own, Pragma};
use crate::proof::engine::RuleInfo;

/// A warning for each comment that does not do what its author wanted: its line, and what is wrong.
pub fn warnings(pragmas: &[Pragma], rules: &[RuleInfo]) -> Vec<(usize, String)> {
    pragmas.iter().flat_map(|p| faults(p, rules).into_iter().map(|fault| (p.line, fault))).collect()
}

fn faults(pragma: &Pragma, rules: &[RuleInfo]) -> Vec<String> {
    let what = match &pragma.asks {
        Own::Off => "# dfmt: off",
        Own::On => "# dfmt: on",
        Own::Skip => "# dfmt: skip",
        Own::SkipRules(_) => "# dfmt: skip=…",
        Own::Unknown(word) => &format!("# dfmt: {word}"),
    };
    if let Some(why) = pragma.void {
        return vec![format!("`{}` has no effect: {why}", what.trim_end())];
    }
    let Own::SkipRules(names) = &pragma.asks else { return Vec::new() };
    if names.iter().all(String::is_empty) {
        return vec![
            "`# dfmt: skip=` names no rule: write `# dfmt: skip` to keep all rules away".to_string(),
        ];
    }
    let unknown = names.iter().filter_map(|name| choice::known(name, rules).err());
    unknown.map(|unknown| format!("{unknown} (in a `# dfmt: skip=…` comment)")).collect()
}
