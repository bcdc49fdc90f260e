//! From arguments to an exit status.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail, ensure};
use rayon::prelude::*;

use super::args::{Args, Aspect, Command, FormatArgs, Output};
use super::files::{self, Found, Search, Sieve};
use super::interrupt::Interrupt;
use super::job::{Job, Mode, Said, Show, Voice};
use super::progress::Progress;
use super::status::Status;
use super::streams::Streams;
use super::{completions, config, debug, document, job, man, more, read, rules, stdin};
use crate::lsp;
use crate::proof::engine;
use crate::report::document::Document;
use crate::report::record::{About, Fate, Note};
use crate::report::text::{self, Severity, Tally};
use crate::settings::Flags;
use crate::settings::broken::Broken;

/// Files whose results are held at a time: enough to keep threads busy, and memory bounded.
const CHUNK: usize = 64;

/// Does what `args` ask for.
pub fn run(args: &Args) -> ExitCode {
    if let Some(Command::Lsp { .. }) = args.command {
        // stdout belongs to the protocol, and its exit statuses are the protocol's
        return if lsp::serve(job::HOST) { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
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
        Some(Command::Config { file, settings }) => config::print(file, settings, streams),
        Some(Command::Completions { shell }) => completions::print(*shell, streams),
        Some(Command::Man) => man::print(streams),
        Some(Command::Debug { what, files }) => look(*what, files, streams),
        // it is served before there are streams
        Some(Command::Lsp { .. }) => Ok(Status::Done),
        None => {
            let stdin = is_stdin(&args.format)?;
            let Some(job) = job(&args.format, streams, stdin)? else { return Ok(Status::Failed) };
            if stdin { stdin::run(&args.format, &job, streams) } else { format(&args.format, &job, streams) }
        }
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

/// What to do; `None` where a configuration is broken, which has been said.
fn job(args: &FormatArgs, streams: &mut Streams, stdin: bool) -> Result<Option<Job>> {
    let flags = Flags { layout_only: stdin, exclude: args.exclude.clone(), ..config::flags(&args.settings) };
    let Some(settings) = config::settings(flags, streams)? else { return Ok(None) };
    let catalogue = engine::rules();
    let rules = catalogue.iter().map(|r| r.name).collect();
    let mode = match (args.write, args.check) {
        (true, _) => Mode::Write,
        (_, true) => Mode::Check,
        _ => Mode::Show,
    };
    if let Some(folder) = args.settings.context.as_deref().filter(|f| !f.is_dir()) {
        bail!("the build context {} is no folder", text::name(folder));
    }
    Ok(Some(Job {
        settings: Arc::new(settings),
        mode,
        show: show(args, mode, stdin),
        voice: voice(args),
        out: streams.out_paint,
        err: streams.err_paint,
        rules,
        catalogue,
        document: args.output != Output::Text,
    }))
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
    let search =
        files::find(&args.paths, &Sieve { settings: job.settings.clone(), force: args.force_exclude });
    let progress = Progress::new(search.files.len(), streams.err_is_terminal && !args.quiet);
    let interrupt = Interrupt::watch(job.mode == Mode::Write);
    let document = document::of(args, job);
    let wants_more = streams.err_is_terminal && !args.quiet && !args.list && job.mode != Mode::Check;
    let more = wants_more.then(Vec::new);
    let mut run = Run {
        job,
        streams,
        status: Status::Done,
        tally: Tally::default(),
        progress,
        interrupt,
        document,
        anew: 0,
        more,
    };
    run.begin()?;
    run.problems(&search)?;
    if search.files.is_empty() && search.problems.is_empty() && !args.quiet {
        run.nothing(args, &search)?;
    }
    run.configurations(&search.files)?;
    for chunk in search.files.chunks(CHUNK) {
        run.chunk(chunk)?;
        if run.interrupt.came() {
            return run.interrupted();
        }
        if run.streams.is_closed() && job.mode == Mode::Show {
            run.progress.end();
            return Ok(run.status);
        }
    }
    run.progress.end();
    run.end(false)?;
    Ok(run.status)
}

struct Run<'a> {
    job: &'a Job,
    streams: &'a mut Streams,
    status: Status,
    tally: Tally,
    progress: Progress,
    interrupt: Interrupt,
    document: Option<Document>,
    /// RUNs that are built anew for their layout alone.
    anew: usize,
    /// What content rules would do more, for each file, where that is said.
    more: Option<Vec<Vec<&'static str>>>,
}

impl Run<'_> {
    fn begin(&mut self) -> Result<()> {
        match &self.document {
            Some(document) => self.streams.print(document.begin().as_bytes()),
            None => Ok(()),
        }
    }

    fn end(&mut self, interrupted: bool) -> Result<()> {
        if let Some(document) = &self.document {
            self.streams.print(document.end(interrupted).as_bytes())?;
        }
        self.summary()
    }

    /// Paths that could not be looked at: whoever asked cannot be told that all is well.
    fn problems(&mut self, search: &Search) -> Result<()> {
        for (path, why) in &search.problems {
            self.status = Status::Failed;
            let hint = hint(path).map_or(String::new(), |h| format!("; did you mean `dfmt {h}`?"));
            let message = format!("{}: {why}{hint}", text::name(path));
            if let Some(document) = &mut self.document {
                let record = document::failed(path, About::Place, why.clone());
                self.streams.print(document.file(&record).as_bytes())?;
            }
            self.streams.say(&text::problem(Severity::Error, &message, self.job.err))?;
        }
        Ok(())
    }

    fn nothing(&mut self, args: &FormatArgs, search: &Search) -> Result<()> {
        let folders: Vec<String> = args.paths.iter().map(|p| text::name(p)).collect();
        let place = if folders.is_empty() { "this folder".to_string() } else { folders.join(", ") };
        let message = if search.left_out {
            format!("nothing to do: {place} is excluded")
        } else {
            format!("no Dockerfile found in {place}")
        };
        if let Some(document) = &mut self.document {
            let note = Note {
                severity: Severity::Warning,
                about: About::Place,
                line: None,
                message: message.clone(),
            };
            self.streams.print(document.note(note).as_bytes())?;
        }
        self.streams.say(&text::problem(Severity::Warning, &message, self.job.err))
    }

    /// What is wrong with configurations, each said once; the files that they are for fail without another word.
    fn configurations(&mut self, files: &[Found]) -> Result<()> {
        let mut said: Vec<Arc<Broken>> = Vec::new();
        for broken in files.iter().filter_map(|f| self.job.settings.broken(&f.path)) {
            if !said.iter().any(|b| Arc::ptr_eq(b, &broken)) {
                self.streams.say(&broken.text(self.job.err))?;
                said.push(broken);
            }
        }
        Ok(())
    }

    fn chunk(&mut self, files: &[Found]) -> Result<()> {
        let work = |found: &Found| (!self.interrupt.came()).then(|| self.job.file(found));
        // threads cost more than one file does, and an editor waits
        let said: Vec<Option<Said>> = match files {
            [one] => vec![work(one)],
            _ => files.par_iter().map(work).collect(),
        };
        if let Some(more) = &mut self.more {
            more.extend(files.par_iter().map(|f| more::rules(self.job, f)).collect::<Vec<_>>());
        }
        let progress = self.progress.advance(files.len());
        progress.aside(|shown| {
            said.iter().flatten().try_for_each(|said| self.say(said))?;
            // what is held back must not come out when the bar is back
            if shown { self.streams.flush() } else { Ok(()) }
        })
    }

    /// Files that were begun are done, the others are as they were.
    fn interrupted(&mut self) -> Result<Status> {
        self.progress.end();
        self.streams.say(&text::problem(Severity::Error, "interrupted", self.job.err))?;
        self.end(true)?;
        Ok(Status::Interrupted)
    }

    fn say(&mut self, said: &Said) -> Result<()> {
        let (count, status) = match said.record.fate {
            Fate::Same => (&mut self.tally.same, Status::Done),
            Fate::Changed if self.job.mode == Mode::Check => (&mut self.tally.changed, Status::WouldChange),
            Fate::Changed => (&mut self.tally.changed, Status::Done),
            Fate::PassedOver => (&mut self.tally.passed_over, Status::Done),
            Fate::Failed => (&mut self.tally.failed, Status::Failed),
        };
        *count += 1;
        self.anew += said.anew;
        self.status = self.status.max(status);
        if let Some(document) = &mut self.document {
            self.streams.print(document.file(&said.record).as_bytes())?;
        }
        self.streams.print(&said.out)?;
        self.streams.say(&said.err)
    }

    fn summary(&mut self) -> Result<()> {
        if self.job.voice == Voice::Quiet || self.job.show == Show::Name {
            return Ok(());
        }
        if self.anew > 0 {
            self.streams.say(&text::laid_out_anew(self.anew))?;
        }
        let them = if self.tally.changed == 1 { "it" } else { "them" };
        let done = &match self.job.mode {
            Mode::Write => "rewritten".to_string(),
            Mode::Show => format!("would change (--write rewrites {them})"),
            Mode::Check => format!(
                "would change (--write in place of --check rewrites {them}; `dfmt rules NAME` says why)"
            ),
        };
        if let Some(line) = text::summary(&self.tally, done) {
            self.streams.say(&line)?;
        }
        match self.more.as_deref().and_then(more::line) {
            Some(line) => self.streams.say(&line),
            None => Ok(()),
        }
    }
}

/// What other formatters call so: there it would be a command.
fn hint(path: &Path) -> Option<&'static str> {
    match path.to_str()? {
        _ if path.exists() => None,
        "check" | "lint" => Some("--check"),
        "format" | "fmt" | "fix" | "write" => Some("--write"),
        "diff" => Some("--diff"),
        "help" => Some("--help"),
        "version" => Some("--version"),
        _ => None,
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
