//! Drops a CMD, ENTRYPOINT or HEALTHCHECK that a later one replaces.
//!
//! # What it does
//!
//! Of several CMDs of a stage only the last counts, and so it is with ENTRYPOINT and HEALTHCHECK. The others go.
//!
//! # Why
//!
//! They do nothing, and whoever reads the file from the top believes them.
//!
//! # When it refuses
//!
//! - A comment belongs to it: that is for its author to drop.
//! - A comment that speaks to a tool would come to stand above another instruction.
//!
//! # Before
//!
//! ```dockerfile
//! FROM python:3.12
//! CMD ["python"]
//! COPY app.py /app/
//! CMD ["python", "/app/app.py"]
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM python:3.12
//! COPY app.py /app/
//! CMD ["python", "/app/app.py"]
//! ```

use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::pragma;
use crate::model::stage::{self, Step};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "drop-overridden",
    kind: Kind::Image,
    alone: false,
    against: &[],
    proof: Proof::Replaced,
    page: include_str!("drop_overridden.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    for stage in stage::stages(site.file) {
        for (n, step) in stage.steps.iter().enumerate().filter(|(_, s)| only_the_last_counts(s.keyword)) {
            // an ENTRYPOINT also drops a CMD of the base image, and so does the one that replaces it; a CMD between
            // them is the one that counts either way
            if !stage.steps[n + 1..].iter().any(|s| s.keyword == step.keyword) {
                continue;
            }
            match comment_of(site.file, step) {
                None => plan.edits.push(Edit::Remove { what: step.id }),
                Some(why) => plan.refuse(step.id, format!("a later one replaces it, but {why}")),
            }
        }
    }
    plan
}

fn only_the_last_counts(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck)
}

/// The comment that would be lost, or would speak about another instruction.
fn comment_of(file: &Dockerfile, step: &Step) -> Option<&'static str> {
    let own = file.block(step.item).len() - 1;
    if own > 0 || super::has_comment(file.items[step.item].text()) {
        return Some("a comment belongs to it");
    }
    let speaks = stage::comments_above(file, step.item).any(pragma::speaks);
    speaks.then_some("a comment that speaks to a tool would come to stand above another instruction")
}
