//! A bar on the terminal, where a run takes long.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that is shorter needs none.
const PATIENCE: Duration = Duration::from_secs(1);

const STYLE: &str = "{bar:30} {pos}/{len} files";

/// How far a run is. Clones are the same bar.
#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
    since: Instant,
    on: bool,
}

impl Progress {
    /// A run over `total` files; it is shown on stderr if that is wanted.
    pub fn new(total: usize, on: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::hidden());
        // the style is ours: where it could not be read the usual one would do
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        Self { bar, since: Instant::now(), on }
    }

    /// `done` files more.
    pub fn advance(&self, done: usize) -> Self {
        self.advance_on(done, ProgressDrawTarget::stderr);
        self.clone()
    }

    fn advance_on(&self, done: usize, target: impl FnOnce() -> ProgressDrawTarget) {
        if self.on && !self.is_shown() && self.since.elapsed() >= PATIENCE {
            self.bar.set_draw_target(target());
        }
        self.bar.inc(done as u64);
    }

    /// Whether the bar stands on the terminal.
    fn is_shown(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Does what prints without the bar in its way; `say` is told whether there is one, and must not ask.
    pub fn aside<R>(&self, say: impl FnOnce(bool) -> R) -> R {
        if self.is_shown() { self.bar.suspend(|| say(true)) } else { say(false) }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
