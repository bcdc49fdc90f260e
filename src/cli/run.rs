//! From arguments to an exit status.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use rayon::prelude::*;

use super::args::{Args, Aspect, Command, FormatArgs};
use super::files::{self, Found, Search};
use super::job::{Fate, Job, Mode, Said, Show, Voice};
use super::streams::Streams;
use super::{debug, read, rules, stdin};
use crate::config::Selection;
use crate::proof::engine;
use crate::report::text::{self, Severity, Tally};
use crate::settings::{self, Choice};

/// Files whose results are held at a time: enough to keep threads busy, and memory bounded.
const CHUNK: usize = 64;

/// How a run ends; the worst of its files decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Done, or nothing to do.
    Done,
    /// `--check` found something.
    WouldChange,
    /// It could not be done.
    Failed,
}

/// Does what `args` ask for.
pub fn run(args: &Args) -> ExitCode {
    let mut streams = Streams::new(args.color);
    let result = dispatch(args, &mut streams).and_then(|status| streams.flush().map(|()| status));
    let status = result.unwrap_or_else(|error| {
        let message = text::problem(Severity::Error, &format!("{error:#}"), streams.err_paint);
        // stdout may be what failed: then nothing can be done about it
        let _ = streams.say(&message);
        Status::Failed
    });
    ExitCode::from(status as u8)
}

fn dispatch(args: &Args, streams: &mut Streams) -> Result<Status> {
    match &args.command {
        Some(Command::Rules { name }) => rules::print(name.as_deref(), streams),
        Some(Command::Debug { what, files }) => look(*what, files, streams),
        None if is_stdin(&args.format)? => {
            stdin::run(&args.format, &job(&args.format, streams, true)?, streams)
        }
        None => format(&args.format, &job(&args.format, streams, false)?, streams),
    }
}

/// Whether stdin is to be formatted.
fn is_stdin(args: &FormatArgs) -> Result<bool> {
    let dash = args.paths.iter().any(|p| p.as_os_str() == "-");
    ensure!(!dash || args.paths.len() == 1, "stdin (`-`) and paths cannot be formatted in one run");
    let stdin = dash || (args.paths.is_empty() && args.stdin_filepath.is_some());
    ensure!(
        stdin || args.stdin_filepath.is_none(),
        "--stdin-filepath names what stdin is: it needs the path `-`"
    );
    ensure!(!stdin || !args.write, "stdin cannot be rewritten: without --write its text goes to stdout");
    Ok(stdin)
}

fn job(args: &FormatArgs, streams: &Streams, stdin: bool) -> Result<Job> {
    let rules = engine::rules();
    let selection = Selection { only: args.only.clone(), also: args.also.clone(), skip: args.skip.clone() };
    let choice = Choice { rules: selection, keep_cache: args.keep_cache, layout_only: stdin };
    let mode = match (args.write, args.check) {
        (true, _) => Mode::Write,
        (_, true) => Mode::Check,
        _ => Mode::Show,
    };
    if let Some(folder) = args.context.as_deref().filter(|f| !f.is_dir()) {
        bail!("the build context {} is no folder", text::name(folder));
    }
    Ok(Job {
        config: settings::config(&choice, &rules)?,
        context: args.context.clone(),
        mode,
        show: show(args, mode, stdin),
        voice: voice(args),
        out: streams.out_paint,
        err: streams.err_paint,
        rules: rules.iter().map(|r| r.name).collect(),
    })
}

fn show(args: &FormatArgs, mode: Mode, stdin: bool) -> Show {
    match (args.list, args.diff) {
        (true, _) => Show::Name,
        (_, true) => Show::Diff,
        _ if mode == Mode::Show && !stdin => Show::Diff,
        _ => Show::Nothing,
    }
}

fn voice(args: &FormatArgs) -> Voice {
    match (args.quiet, args.verbose) {
        (true, _) => Voice::Quiet,
        (_, true) => Voice::Verbose,
        _ => Voice::Normal,
    }
}

fn format(args: &FormatArgs, job: &Job, streams: &mut Streams) -> Result<Status> {
    let search = files::find(&args.paths);
    let mut run = Run { job, streams, status: Status::Done, tally: Tally::default() };
    run.problems(&search)?;
    if search.files.is_empty() && search.problems.is_empty() && !args.quiet {
        run.nothing(args)?;
    }
    for chunk in search.files.chunks(CHUNK) {
        run.chunk(chunk)?;
        if run.streams.is_closed() && job.mode == Mode::Show {
            return Ok(run.status);
        }
    }
    run.summary()?;
    Ok(run.status)
}

struct Run<'a> {
    job: &'a Job,
    streams: &'a mut Streams,
    status: Status,
    tally: Tally,
}

impl Run<'_> {
    /// Paths that could not be looked at: whoever asked cannot be told that all is well.
    fn problems(&mut self, search: &Search) -> Result<()> {
        for (path, why) in &search.problems {
            self.status = Status::Failed;
            let message = format!("{}: {why}", text::name(path));
            self.streams.say(&text::problem(Severity::Error, &message, self.job.err))?;
        }
        Ok(())
    }

    fn nothing(&mut self, args: &FormatArgs) -> Result<()> {
        let folders: Vec<String> = args.paths.iter().map(|p| text::name(p)).collect();
        let place = if folders.is_empty() { "this folder".to_string() } else { folders.join(", ") };
        let message = format!("no Dockerfile found in {place}");
        self.streams.say(&text::problem(Severity::Warning, &message, self.job.err))
    }

    fn chunk(&mut self, files: &[Found]) -> Result<()> {
        // threads cost more than one file does, and an editor waits
        let said: Vec<Said> = match files {
            [one] => vec![self.job.file(one)],
            _ => files.par_iter().map(|found| self.job.file(found)).collect(),
        };
        said.iter().try_for_each(|said| self.say(said))
    }

    fn say(&mut self, said: &Said) -> Result<()> {
        let (count, status) = match said.fate {
            Fate::Same => (&mut self.tally.same, Status::Done),
            Fate::Changed if self.job.mode == Mode::Check => (&mut self.tally.changed, Status::WouldChange),
            Fate::Changed => (&mut self.tally.changed, Status::Done),
            Fate::PassedOver => (&mut self.tally.passed_over, Status::Done),
            Fate::Failed => (&mut self.tally.failed, Status::Failed),
        };
        *count += 1;
        self.status = self.status.max(status);
        self.streams.print(&said.out)?;
        self.streams.say(&said.err)
    }

    fn summary(&mut self) -> Result<()> {
        if self.job.voice == Voice::Quiet || self.job.show == Show::Name {
            return Ok(());
        }
        let done = if self.job.mode == Mode::Write { "rewritten" } else { "would change" };
        match text::summary(&self.tally, done) {
            Some(line) => self.streams.say(&line),
            None => Ok(()),
        }
    }
}

/// `dfmt debug`: each file in order, whatever becomes of the others.
fn look(what: Aspect, files: &[impl AsRef<Path>], streams: &mut Streams) -> Result<Status> {
    let show = match what {
        Aspect::Tree => debug::tree,
        Aspect::View => debug::view,
        Aspect::Errors => debug::errors,
        Aspect::Shell => debug::shell,
        Aspect::Model => debug::model,
        Aspect::Graph => debug::graph,
        Aspect::Commands => debug::commands,
    };
    let mut status = Status::Done;
    for path in files.iter().map(AsRef::as_ref) {
        match read::file(path) {
            Ok(source) => {
                let mut out = Vec::new();
                show(path, &source, &mut out)?;
                streams.print(&out)?;
            }
            Err(e) => {
                status = Status::Failed;
                let message = format!("{}: {e:#}", text::name(path));
                streams.say(&text::problem(Severity::Error, &message, streams.err_paint))?;
            }
        }
    }
    Ok(status)
}
