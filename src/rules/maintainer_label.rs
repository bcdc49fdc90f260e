//! Says who maintains an image by a LABEL.
//!
//! # What it does
//!
//! `MAINTAINER name` becomes `LABEL org.opencontainers.image.authors="name"`. Quotes around all of the name are dropped.
//!
//! # Why
//!
//! MAINTAINER is deprecated. The label is the one that the OCI names for it, and the one that Docker's own documents put
//! in its place; a label `maintainer` was its forerunner. But the configuration of the image is another: the author is no
//! longer where `docker inspect` shows `Author`. So the rule runs only when it is named itself.
//!
//! # When it refuses
//!
//! - The name holds a sign that LABEL reads otherwise: `$`, `"`, `\`, a backtick.
//! - The file sets that label itself, or has several MAINTAINERs in one stage.
//! - A comment tells hadolint to let DL4000 pass.
//!
//! # Before
//!
//! ```dockerfile
//! FROM debian:12
//! MAINTAINER Ada Lovelace <ada@example.com>
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM debian:12
//! LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"
//! ```

use super::{Plan, Proof, Rule, Site, each_run};
use crate::config::Kind;
use crate::model::stage::{self, Stage};
use crate::syntax::edit::Edit;
use crate::syntax::node;
use crate::syntax::tree::{Instruction, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "maintainer-label",
    kind: Kind::Content,
    alone: true,
    against: &[],
    proof: Proof::MaintainerLabel,
    page: include_str!("maintainer_label.rs"),
    plan,
};

/// The label.
pub(crate) const LABEL: &str = "org.opencontainers.image.authors";

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    for stage in stage::stages(site.file) {
        let is_one = |s: &&stage::Step| s.keyword == Keyword::Maintainer;
        for step in stage.steps.iter().filter(is_one) {
            let Some(i) = site.file.instruction_at(step.item) else { continue };
            match label(site, &stage, i) {
                Ok(_) if each_run::is_told(site, step, "DL4000") => {
                    plan.refuse(step.id, "a comment tells hadolint to let DL4000 pass");
                }
                Ok(text) => plan.edits.push(Edit::Replace { what: step.id, text }),
                Err(why) => plan.refuse(step.id, why),
            }
        }
    }
    plan
}

fn label(site: &Site, stage: &Stage, i: &Instruction) -> Result<Vec<u8>, &'static str> {
    if stage.steps.iter().filter(|s| s.keyword == Keyword::Maintainer).count() > 1 {
        return Err("the stage has several MAINTAINERs");
    }
    let sets = |i: &Instruction| {
        i.keyword == Keyword::Label && memchr::memmem::find(i.logical_text(), LABEL.as_bytes()).is_some()
    };
    if site.file.instructions().any(sets) {
        return Err("the file sets the label itself");
    }
    let (_, raw) = i.find(node::Kind::Raw).ok_or("the name is not clear")?;
    let name = name(i.node_text(raw));
    let is_plain = |b: &u8| !b"$\"\\`".contains(b) && !b.is_ascii_control();
    if name.is_empty() || !name.iter().all(is_plain) || std::str::from_utf8(name).is_err() {
        return Err("the name holds a sign that LABEL reads otherwise");
    }
    if i.node_source(raw) != i.node_text(raw) {
        return Err("the name stands on several lines");
    }
    Ok([b"LABEL ", LABEL.as_bytes(), b"=\"", name, b"\""].concat())
}

/// The name without quotes around all of it.
pub(crate) fn name(raw: &[u8]) -> &[u8] {
    let quoted = [b"\"", b"'"].iter().find_map(|q| raw.strip_prefix(&q[..])?.strip_suffix(&q[..]));
    quoted.unwrap_or(raw)
}
