//! Copies the files that name the dependencies first, installs, then copies the source.
//!
//! # What it does
//!
//! `COPY . .` above a `pip install -r requirements.txt` goes below it, and above it comes a COPY of what the install
//! reads: the requirements file and all that it names with `-r` and `-c`.
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
//! - The RUN holds a command that dfmt does not know, or another RUN stands between, which may read the source.
//! - What is copied goes to a place of the system, or it is not known where.
//! - pip's settings are changed by the environment (PIP_…, PYTHONPATH, HOME, a PATH into the source).
//! - The source holds what pip would read or write as a user's home.
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

use super::{Plan, Proof, Rule, Site};
use crate::config::Kind;
use crate::model::context::{Context, Kind as EntryKind, Patterns, path};
use crate::model::install::{FileRead, closure, home_is_free, install, locate, shell_is_usual};
use crate::model::stage::{self, Copy, Stage, Step};
use crate::model::{graph, place, pragma, reach, variables};
use crate::syntax::edit::Edit;
use crate::syntax::tree::{Dockerfile, Instruction, Keyword};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "copy-manifests-first",
    kind: Kind::Image,
    alone: false,
    proof: Proof::ManifestsFirst,
    page: include_str!("copy_manifests_first.rs"),
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
                Err(why) => plan.refuse(early.step.id, why),
            }
        }
    }
    plan
}

/// A COPY of a folder with installs below it.
struct EarlyCopy<'a> {
    file: &'a Dockerfile<'a>,
    step: &'a Step,
    copy: Copy,
    /// Where it writes.
    target: Option<String>,
    /// All stages, for what it builds on.
    stages: &'a [Stage],
    /// The steps up to the last install that may come first, and after it.
    below: &'a [Step],
}

impl<'a> EarlyCopy<'a> {
    /// The COPY at `at`, if it takes a folder of the context and an install follows it.
    fn find(file: &'a Dockerfile, stages: &'a [Stage], steps: &'a [Step], at: usize) -> Option<Self> {
        let step = &steps[at];
        let i = file.instruction_at(step.item).filter(|i| i.keyword == Keyword::Copy)?;
        let copy = Copy::of(i, file.escape)?;
        if i.flags().any(|f| f.starts_with(b"--from")) || copy.sources.len() != 1 {
            return None;
        }
        // up to the next COPY: each step is looked at for one COPY alone
        let is_copy = |s: &Step| matches!(s.keyword, Keyword::Copy | Keyword::Add);
        let end = steps[at + 1..].iter().position(is_copy).map_or(steps.len(), |n| at + 1 + n);
        let below = &steps[at + 1..end];
        let reads = below.iter().any(|s| !matches!(install(file, s), None | Some(Ok(None))));
        let target = copy.target(step.cwd.as_deref());
        reads.then_some(Self { file, step, copy, target, stages, below })
    }

    fn split(&self, site: &Site) -> Result<Option<Vec<Edit>>, String> {
        let i = self.file.instruction_at(self.step.item).ok_or("it is not there")?;
        let target =
            self.target.as_deref().ok_or("it is not known where it writes: no WORKDIR stands above it")?;
        if place::is_system(target) {
            return Err(format!("it writes to {target}, where installs may look"));
        }
        flags_can_be_repeated(i)?;
        let Some((last, reads)) = self.installs(site, target)? else { return Ok(None) };
        self.environment(last)?;
        if let Some(why) = reach::leads_to(self.file, self.stages, last, target) {
            return Err(why);
        }
        let context = (site.context)()?;
        let Some(folder) = self.folder(&context)? else { return Ok(None) };
        let mut files = Vec::new();
        for read in reads {
            files.extend(closure(&context, &folder, target, &read)?);
        }
        // those of one folder stand side by side, for one COPY
        files.sort_by(|a, b| (path::parent(a), a).cmp(&(path::parent(b), b)));
        files.dedup();
        home_is_free(&context, &folder)?;
        self.no_settings_of_distutils(&context, &folder, target)?;
        let text = self.manifests(i, &files, &folder)?;
        let inserted = text.into_iter().map(|text| Edit::InsertBefore { text, before: self.step.id });
        let moved = Edit::MoveAfter { what: self.step.id, after: last.id };
        Ok(Some(inserted.chain([moved]).collect()))
    }

    /// pip before Python 3.10 asks distutils where to install, which reads the setup.cfg where it runs.
    fn no_settings_of_distutils(&self, context: &Context, folder: &str, target: &str) -> Result<(), String> {
        let folders = self.below.iter().filter(|s| s.keyword == Keyword::Run);
        for cwd in folders.filter_map(|s| place::below(s.cwd.as_deref()?, target)) {
            let at = path::join(&path::join(folder, cwd), "setup.cfg");
            let text = context.read(&at).unwrap_or_else(|| b"[install]".to_vec());
            let mut lines = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
            if !context.may_hold(&at).is_no() && lines.any(|l| l.starts_with(b"[install]")) {
                return Err(format!("{at} may tell pip where to install"));
            }
        }
        Ok(())
    }

    /// The folder of the context that is copied (the empty path for all of it), if it is one.
    fn folder(&self, context: &Context) -> Result<Option<String>, String> {
        let sources =
            context.sources(&self.copy.sources[0], &Patterns::default()).map_err(|e| e.to_string())?;
        match &sources[..] {
            [source] if source.entry.kind() == EntryKind::Dir => Ok(Some(source.path.clone())),
            _ => Ok(None),
        }
    }

    /// The last of the installs that directly follow, and the files that they name as paths in the image.
    fn installs(&self, site: &Site, target: &str) -> Result<Option<(&'a Step, Vec<FileRead>)>, String> {
        let (mut last, mut reads) = (None, Vec::new());
        for step in self.below {
            match step.keyword {
                // it does not care where it stands, and order-instructions will lift it
                Keyword::Run if self.ignores_the_source(site, step) => {}
                Keyword::Run => {
                    let line = step.line;
                    let read =
                        install(self.file, step).unwrap_or_else(|| Err("it is no install".to_string()));
                    let read = read.and_then(|names| shell_is_usual(step).map(|()| names));
                    let read = read.and_then(|names| locate(&names.unwrap_or_default(), step, target));
                    let read = if self.trails_comments(step) {
                        Err("comments follow it, in a continuation that the end of the file leaves open"
                            .to_string())
                    } else {
                        read
                    };
                    match read {
                        Ok(mut more) => {
                            let reads_source = !more.is_empty();
                            reads.append(&mut more);
                            if reads_source {
                                last = Some(step);
                            }
                        }
                        Err(why) if last.is_none() => {
                            return Err(format!("the RUN in line {line} may read the source: {why}"));
                        }
                        Err(_) => break,
                    }
                }
                _ if self.copy_may_pass(step) => {}
                other if last.is_none() => {
                    return Err(format!("{} stands between it and the install", other.upper()));
                }
                _ => break,
            }
        }
        Ok(last.map(|last| (last, reads)))
    }

    fn ignores_the_source(&self, site: &Site, step: &Step) -> bool {
        graph::may_pass(self.file, self.stages, self.step, step, site.context).is_ok()
    }

    fn trails_comments(&self, step: &Step) -> bool {
        self.file.instruction_at(step.item).is_some_and(Instruction::trails_comments)
    }

    /// Whether the COPY does the same below this step as above it.
    fn copy_may_pass(&self, step: &Step) -> bool {
        let Some(i) = self.file.instruction_at(step.item) else { return false };
        let copy = self.file.instruction_at(self.step.item).map(Instruction::line).unwrap_or_default();
        match step.keyword {
            Keyword::Env | Keyword::Arg => {
                !variables::names(i).iter().any(|n| memchr::memmem::find(copy, n).is_some())
            }
            Keyword::User
            | Keyword::Label
            | Keyword::Expose
            | Keyword::Cmd
            | Keyword::Entrypoint
            | Keyword::Healthcheck
            | Keyword::Stopsignal
            | Keyword::Maintainer => true,
            _ => false,
        }
    }

    /// What the environment tells pip must not name files: these would have to be there.
    fn environment(&self, last: &Step) -> Result<(), String> {
        let harmless: [&[u8]; 8] = [
            b"PIP_NO_CACHE_DIR",
            b"PIP_DISABLE_PIP_VERSION_CHECK",
            b"PIP_DEFAULT_TIMEOUT",
            b"PIP_ROOT_USER_ACTION",
            b"PIP_NO_INPUT",
            b"PYTHONUNBUFFERED",
            b"PYTHONDONTWRITEBYTECODE",
            b"PYTHONIOENCODING",
        ];
        let above = stage::lineage(self.file, self.stages, last.item).into_iter();
        let sets = above.filter(|s| matches!(s.keyword, Keyword::Env | Keyword::Arg));
        for name in sets.filter_map(|s| self.file.instruction_at(s.item)).flat_map(variables::names) {
            let tells_pip = [&b"PIP_"[..], b"PYTHON", b"VIRTUAL_ENV"].iter().any(|p| name.starts_with(p));
            if tells_pip && !harmless.contains(&name) || name == b"HOME" {
                return Err(format!("{} may lead pip to the source", String::from_utf8_lossy(name)));
            }
        }
        Ok(())
    }

    /// The COPYs of the manifests, one a folder.
    fn manifests(&self, i: &Instruction, files: &[String], folder: &str) -> Result<Vec<Vec<u8>>, String> {
        let own = self.file.block(self.step.item).len() - 1;
        if stage::comments_above(self.file, self.step.item).skip(own).any(pragma::speaks) {
            return Err(
                "a comment that speaks to a tool would come to stand above another instruction".to_string()
            );
        }
        let flags: Vec<&[u8]> = i.flags().collect();
        let mut texts = Vec::new();
        let mut rest = files;
        while let Some(first) = rest.first() {
            let parent = path::parent(first);
            let (same, others): (Vec<&String>, Vec<&String>) =
                rest.iter().partition(|f| path::parent(f) == parent);
            if !others.is_empty() && texts.len() > 20 {
                return Err("its manifests lie in too many folders".to_string());
            }
            texts.push(copy_line(
                &flags,
                &same,
                &destination(&self.copy.destination, folder, parent, same.len())?,
            )?);
            rest = &rest[rest.iter().take_while(|f| path::parent(f) == parent).count()..];
        }
        Ok(texts)
    }
}

/// Flags that mean the same on a COPY of some of the files.
fn flags_can_be_repeated(i: &Instruction) -> Result<(), String> {
    let repeats = |f: &[u8]| f.starts_with(b"--chown=") || f.starts_with(b"--chmod=") || f == b"--link";
    match i.flags().find(|f| !repeats(f) || f.contains(&b'$')) {
        Some(flag) => {
            Err(format!("{} cannot be repeated for some of the files", String::from_utf8_lossy(flag)))
        }
        None => Ok(()),
    }
}

/// The destination of the files of one folder, as the author wrote that of the whole.
fn destination(written: &str, folder: &str, parent: &str, files: usize) -> Result<String, String> {
    let inside = if folder.is_empty() {
        Some(parent)
    } else if parent == folder {
        Some("")
    } else {
        parent.strip_prefix(&format!("{folder}/"))
    };
    let inside = inside.ok_or("a manifest lies outside of what it copies")?;
    if written == "." && inside.is_empty() && files == 1 {
        return Ok(".".to_string());
    }
    let base = written.trim_end_matches('/');
    let slash = if inside.is_empty() { "" } else { "/" };
    Ok(format!("{base}/{inside}{slash}"))
}

fn copy_line(flags: &[&[u8]], files: &[&String], destination: &str) -> Result<Vec<u8>, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let mut text = b"COPY".to_vec();
    for flag in flags {
        text.push(b' ');
        text.extend_from_slice(flag);
    }
    for word in files.iter().map(|f| f.as_str()).chain([destination]) {
        if !word.chars().all(plain) {
            return Err(format!("`{word}` is an unusual name"));
        }
        text.push(b' ');
        text.extend_from_slice(word.as_bytes());
    }
    Ok(text)
}
