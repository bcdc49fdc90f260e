//! Copies the files that name the dependencies first, installs, then copies the source.
//!
//! # What it does
//!
//! `COPY . .` above an install of dependencies goes below it, and above it comes a COPY of what the install reads: for
//! `pip install -r requirements.txt` the requirements file and all that it names with `-r` and `-c`, for npm, Yarn, pnpm
//! and Bun package.json, that of each member of the workspace, the lock, settings and patches. It knows uv, poetry, pipenv
//! and conda too, `go mod download`, `bundle install`, `composer install`, `mvn dependency:go-offline`,
//! `gradle dependencies`, `dotnet restore` and `mix deps.get`.
//!
//! Other COPYs may stand between the two, if they go elsewhere, or bring files of the source once more to the same places:
//! what such a one brings is not copied a third time.
//!
//! # Why
//!
//! With the source copied first, every edit of it installs all dependencies anew. They change in few commits of a
//! hundred.
//!
//! # When it refuses
//!
//! - There is no build context at hand, or what .dockerignore leaves of it is not certain.
//! - The install takes more from the source than these files: `-e .`, a local path, an option that is not known.
//! - A requirements file is missing in the context, is a link, or would differ from one checkout to the next.
//! - Another COPY stands between that brings a folder of the source once more, other content, or other flags.
//! - The RUN holds a command that dfmt does not know, or another RUN stands between, which may read the source.
//! - What is copied goes to a place of the system, or it is not known where. `/usr/src/app`, `/usr/app` and
//!   `/var/www/html` are places of the project; there no packages of the system may be installed in between.
//! - The install may write its lock (`uv sync` without `--locked`), or builds the project too (`poetry install` without
//!   `--no-root`); where a small change of yours would do, that is said unasked.
//! - pip's settings are changed by the environment (PIP_…, PYTHONPATH, HOME, a PATH into the source).
//! - The source holds what pip would read or write as a user's home.
//! - npm and its like would run a script of the project, might rewrite the lock (use `npm ci`, `--frozen-lockfile`), or the
//!   build context may hold `node_modules` (name it in .dockerignore).
//!
//! # Before
//!
//! ```dockerfile
//! FROM python:3.12
//! WORKDIR /app
//! COPY . .
//! RUN pip install -r requirements.txt
//! ```
//!
//! # After
//!
//! ```dockerfile
//! FROM python:3.12
//! WORKDIR /app
//! COPY requirements.txt .
//! RUN pip install -r requirements.txt
//! COPY . .
//! ```

mod between;
mod early;
mod lines;

use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::stage;
use early::EarlyCopy;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "copy-manifests-first",
    kind: Kind::Image,
    alone: false,
    against: &[],
    proof: Proof::ManifestsFirst,
    page: include_str!("mod.rs"),
    plan,
};

fn plan(site: &Site) -> Plan {
    let mut plan = Plan::default();
    let stages = stage::stages(site.file);
    for stage in &stages {
        for at in 0..stage.steps.len() {
            let Some(early) = EarlyCopy::find(site.file, &stages, &stage.steps, at) else { continue };
            match early.split(site) {
                Ok(edits) => plan.edits.extend(edits.unwrap_or_default()),
                Err(why) if why.is_small => plan.advise(early.id(), why.reason),
                Err(why) => plan.refuse(early.id(), why.reason),
            }
        }
    }
    plan
}
