//! Gives package managers a cache of the builder, which outlives the layer.
//!
//! # What it does
//!
//! A RUN that installs with apt, pip, uv, npm, Yarn 1, pnpm, go or cargo gets `--mount=type=cache` where that one keeps
//! what it has fetched. The clean-up that this makes needless goes: `rm -rf /var/lib/apt/lists/*`, `--no-cache-dir`,
//! `npm cache clean --force` and their like. With apt, `rm -f /etc/apt/apt.conf.d/docker-clean` comes first: it is what
//! makes the images of Debian and Ubuntu throw away each package once it is installed.
//!
//! # Why
//!
//! A layer that is built anew has nothing of what it held before: one line more in requirements.txt, and all packages
//! are fetched again. A cache mount is kept beside the layers, so only what is new is fetched, and it is in no image. But
//! it is another way to build: only BuildKit and Buildah know it, a cache on another machine (a fresh runner of CI) is
//! empty, and whoever builds on an image finds neither lists nor modules in it. So the rule runs only by its own name.
//!
//! It contradicts `apt-clean-lists` and `pip-no-cache`: both cannot be named. Where those come with `content`, this one
//! wins.
//!
//! # When it refuses
//!
//! - It is not known that the RUN is root's, with /root as home: USER names somebody else, or the base image is not one
//!   of those that are known, `USER root` or not.
//! - The file says itself where the cache is: a variable as `PIP_CACHE_DIR` or `GOPATH`, an option, another mount, an
//!   instruction that names the place.
//! - A clean-up stands elsewhere than in a list of `&&`, beside a comment, or takes more than the cache along
//!   (`rm -rf /root/.cache`).
//! - Another instruction may need what is in no layer then: the lists of apt without an update of its own, packages with
//!   `--offline` or without network, the modules of Go in a stage that is run, the crates for a CMD that calls cargo, a
//!   RUN that names the cache.
//! - A command beside the install takes a folder around the cache as a whole (`rm -rf /root`, `chown -R app /root`).
//! - What is installed would be links into the cache: `pnpm add -g`, uv and pnpm where they are told to link.
//! - With apt, another RUN installs without such a cache: it would keep its packages in its layer.
//! - With pip, the base image may be Alpine: pip keeps what it has built for one C library, and finds it for another.
//! - `# syntax=` asks for a frontend that may not know mounts.
//! - A cache is mounted there already: left alone without a word.
//!
//! # Before
//!
//! ```dockerfile
//! FROM python:3.12
//! COPY requirements.txt .
//! RUN pip install --no-cache-dir -r requirements.txt
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM python:3.12
//! COPY requirements.txt .
//! RUN --mount=type=cache,target=/root/.cache/pip \
//!     pip install -r requirements.txt
//! ```

mod around;
mod clean_up;
mod managers;
mod surroundings;

use super::each_run::{self, Place};
use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::calls;
use crate::model::stage::{self, Stage};
use crate::syntax::edit::Edit;
use crate::syntax::node::{self, Node};
use crate::syntax::tree::{Id, Instruction, Keyword};
use managers::{MANAGERS, Manager};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "cache-mounts",
    kind: Kind::Content,
    alone: true,
    against: &["apt-clean-lists", "pip-no-cache"],
    proof: Proof::CacheMounts,
    page: include_str!("mod.rs"),
    plan: |site| plan(site, |manager| manager.name != "apt"),
};

/// The same rule for apt. It stands in the table a second time: what empties the cache of pip keeps installs from being
/// moved and merged, so it goes before; an `apt-get update` of its own is first merged with the install below it.
pub(crate) const RULE_OF_APT: Rule =
    Rule { plan: |site| plan(site, |manager| manager.name == "apt"), ..RULE };

/// A RUN that may get caches.
struct Candidate<'a> {
    place: Place<'a>,
    managers: Vec<&'static Manager>,
}

impl Candidate<'_> {
    fn has(&self, name: &str) -> bool {
        self.managers.iter().any(|m| m.name == name)
    }
}

fn plan(site: &Site, is_meant: fn(&Manager) -> bool) -> Plan {
    let mut plan = Plan::default();
    let stages = stage::stages(site.file);
    let mut candidates = Vec::new();
    for step in stages.iter().flat_map(|s| &s.steps).filter(|s| s.keyword == Keyword::Run) {
        let Some(run) = site.file.instruction_at(step.item) else { continue };
        let place = Place { site, step, run };
        let managers = who_installs(&place, is_meant);
        if managers.is_empty() {
            continue;
        }
        match surroundings::allow(&place, &stages, &managers) {
            Ok(()) => candidates.push(Candidate { place, managers }),
            Err(why) => plan.refuse(run.id, why),
        }
    }
    rewrite(&stages, candidates, &mut plan);
    plan
}

/// The managers that a RUN installs with, and that have no cache mounted yet; none where it has no network.
fn who_installs(place: &Place, is_meant: fn(&Manager) -> bool) -> Vec<&'static Manager> {
    if each_run::is_cut_off(place.run) {
        return Vec::new();
    }
    let calls = calls::calls(place.run);
    let installs = |m: &&Manager| is_meant(m) && calls.iter().any(m.installs) && !place.mounts_cache(m.paths);
    MANAGERS.iter().filter(installs).collect()
}

/// Plans for those that may get caches. What one RUN may have depends on what others get: a refusal can bring another.
fn rewrite(stages: &[Stage], mut candidates: Vec<Candidate>, plan: &mut Plan) {
    while let Some((at, why)) = candidates
        .iter()
        .enumerate()
        .find_map(|(at, one)| Some((at, surroundings::others(one, &candidates, stages).err()?)))
    {
        plan.refuse(candidates.remove(at).place.run.id, why);
    }
    let mut kept: Vec<Id> = Vec::new();
    for one in &candidates {
        let keeps = one.has("apt") && !is_kept(one, &kept, stages);
        match rewritten(&one.place, &one.managers, keeps) {
            Ok(text) => {
                kept.extend(keeps.then_some(one.place.run.id));
                plan.edits.push(Edit::Replace { what: one.place.run.id, text });
            }
            Err(why) => plan.refuse(one.place.run.id, why),
        }
    }
}

/// Whether a RUN above has told apt to keep its packages.
fn is_kept(one: &Candidate, kept: &[Id], stages: &[Stage]) -> bool {
    let file = one.place.site.file;
    let tells = |i: &Instruction| memchr::memmem::find(i.logical_text(), b"docker-clean").is_some();
    let above = stage::lineage(file, stages, one.place.step.item);
    above.iter().any(|step| kept.contains(&step.id) || file.instruction_at(step.item).is_some_and(tells))
}

/// The text of a RUN with its caches and without the clean-up.
fn rewritten(place: &Place, managers: &[&Manager], keeps_packages: bool) -> Result<Vec<u8>, String> {
    let (run, file) = (place.run, place.site.file);
    let start = |node: Option<(usize, Node)>| node.map(|(_, n)| run.source_range(n.start, n.end).start);
    let script = start(run.find(node::Kind::Script)).ok_or("it is no RUN of a shell")?;
    let next = start(run.find(node::Kind::Flag)).unwrap_or(script);
    let behind = run.find(node::Kind::Keyword).map(|(_, n)| run.source_range(n.start, n.end).end);
    let behind = behind.ok_or("it has no keyword")?;
    let line = format!(" {}{}    ", char::from(file.escape), String::from_utf8_lossy(file.ending.bytes()));
    let flags: Vec<&str> = managers.iter().flat_map(|m| m.mounts).copied().collect();
    let mounts = format!(" {}", flags.join(&line));
    // where a new line begins already, its continuation will do
    let is_broken = run.text[behind..next].contains(&b'\n');
    let mounts = if is_broken { mounts } else { mounts + &line };
    let first = format!("{} && ", managers::KEEP_PACKAGES);
    let mut pieces = vec![(behind..if is_broken { behind } else { next }, mounts.as_bytes())];
    pieces.extend(keeps_packages.then_some((script..script, first.as_bytes())));
    pieces.extend(clean_up::removed(place, managers)?);
    Ok(super::patched(run, pieces))
}
