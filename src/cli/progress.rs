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

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// A terminal that keeps what is written to it.
    #[derive(Clone, Debug, Default)]
    struct Terminal(Arc<Mutex<String>>);

    impl Terminal {
        fn add(&self, text: &str) {
            self.0.lock().unwrap().push_str(text);
        }

        fn text(&self) -> String {
            self.0.lock().unwrap().clone()
        }

        fn target(&self) -> ProgressDrawTarget {
            ProgressDrawTarget::term_like(Box::new(self.clone()))
        }
    }

    impl TermLike for Terminal {
        fn width(&self) -> u16 {
            80
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.add(text);
            Ok(())
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.add(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            self.add("<cleared>");
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn running_for(seconds: u64, on: bool) -> Progress {
        let mut progress = Progress::new(100, on);
        progress.since = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        progress
    }

    #[test]
    fn a_short_run_shows_none() {
        let (terminal, progress) = (Terminal::default(), running_for(0, true));
        progress.advance_on(64, || terminal.target());
        progress.aside(|shown| assert!(!shown));
        progress.end();
        assert_eq!(terminal.text(), "");
    }

    #[test]
    fn nor_does_one_that_nobody_watches() {
        let (terminal, progress) = (Terminal::default(), running_for(5, false));
        progress.advance_on(64, || terminal.target());
        assert_eq!(terminal.text(), "");
    }

    #[test]
    fn a_long_run_shows_how_far_it_is() {
        let (terminal, progress) = (Terminal::default(), running_for(2, true));
        progress.advance_on(64, || terminal.target());
        assert!(terminal.text().contains("64/100 files"), "{}", terminal.text());
        let before = terminal.text().matches("<cleared>").count();
        progress.aside(|shown| assert!(shown));
        assert!(terminal.text().matches("<cleared>").count() > before, "{}", terminal.text());
        progress.end();
        assert!(terminal.text().ends_with("<cleared>"), "{}", terminal.text());
    }
}
