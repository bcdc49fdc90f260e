//! Writes COPY for an ADD that only copies.
//!
//! # What it does
//!
//! ADD of files and folders of the build context becomes COPY, if none of the files is an archive. What lies inside a
//! folder is never unpacked.
//!
//! # Why
//!
//! ADD unpacks archives and fetches URLs. Who reads it has to look at the file to know whether it does.
//!
//! # When it refuses
//!
//! - There is no build context at hand, or it is not certain what the words take from it. A folder with nothing but
//!   Dockerfiles is none.
//! - A file is an archive, or compressed, or too large to be looked at.
//! - A file may be there or not, or be another on the next machine, because a `.gitignore` names it.
//! - A wildcard may match more on another machine: a `.gitignore` is in force where it looks.
//! - A word holds a variable, or there is a flag that COPY has not, or `--exclude`.
//!
//! # Before
//!
//! ```dockerfile
//! FROM python:3.12
//! ADD requirements.txt /app/
//! ADD . /app
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM python:3.12
//! COPY requirements.txt /app/
//! COPY . /app
//! ```

use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::archive;
use crate::model::context::{Context, Kind as EntryKind, MAX_READ, Patterns, Presence, Source};
use crate::model::stage::{self, Copy};
use crate::syntax::edit::Edit;
use crate::syntax::node;
use crate::syntax::tree::{Instruction, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "copy-not-add",
    kind: Kind::Image,
    alone: false,
    against: &[],
    proof: Proof::NoArchive,
    page: include_str!("copy_not_add.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    for step in stage::stages(site.file).iter().flat_map(|s| &s.steps).filter(|s| s.keyword == Keyword::Add) {
        let Some(add) = site.file.instruction_at(step.item) else { continue };
        // to fetch is what ADD is for
        if !add.heredocs.is_empty() || memchr::memmem::find(add.line(), b"://").is_some() {
            continue;
        }
        match as_copy(add, site) {
            Ok(text) => plan.edits.push(Edit::Replace { what: step.id, text }),
            Err(why) => plan.refuse(step.id, why),
        }
    }
    plan
}

/// The text with another keyword.
fn as_copy(add: &Instruction, site: &Site) -> Result<Vec<u8>, String> {
    let known = |f: &[u8]| f.starts_with(b"--chown=") || f.starts_with(b"--chmod=") || f == b"--link";
    if let Some(flag) = add.flags().find(|f| !known(f)) {
        return Err(format!("it has {}", String::from_utf8_lossy(flag)));
    }
    let words = Copy::of(add, site.file.escape).ok_or("one of its words holds a variable")?;
    if let Some(word) = words.sources.iter().find(|w| w.contains([':', '@']) || w.starts_with("github.com/"))
    {
        return Err(format!("`{word}` may be fetched"));
    }
    let (_, keyword) = add.find(node::Kind::Keyword).ok_or("it has no keyword")?;
    let at = add.source_range(keyword.start, keyword.end);
    let copy: &[u8] = match &add.text[at.clone()] {
        b"add" => b"copy",
        word if word.eq_ignore_ascii_case(b"add") => b"COPY",
        _ => return Err("its keyword is broken over lines".to_string()),
    };
    let context = (site.context)()?;
    context.is_no_mere_collection()?;
    words.sources.iter().try_for_each(|word| only_copies(&context, word))?;
    Ok([&add.text[..at.start], copy, &add.text[at.end..add.end()]].concat())
}

/// Holds that nothing is unpacked of what a word names, on any machine.
fn only_copies(context: &Context, word: &str) -> Result<(), String> {
    let sources = context.sources(word, &Patterns::default()).map_err(|e| e.to_string())?;
    if context.is_pattern(word) && !context.matches_the_same_everywhere(word) {
        return Err(format!(
            "`{word}` may match an archive on another machine: a .gitignore names files there"
        ));
    }
    sources.iter().try_for_each(|source| is_no_archive(context, source))
}

fn is_no_archive(context: &Context, source: &Source) -> Result<(), String> {
    let path = &source.path;
    if source.presence != Presence::Yes {
        return Err(format!("{path} is not in every checkout: a .gitignore names it"));
    }
    if source.entry.kind() == EntryKind::Dir {
        return Ok(());
    }
    match context.read(path) {
        None => Err(format!("{path} is larger than {} MiB, or cannot be read", MAX_READ >> 20)),
        Some(bytes) if archive::may_be(&bytes) => Err(format!("{path} may be an archive, which ADD unpacks")),
        Some(_) => Ok(()),
    }
}
