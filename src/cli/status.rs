//! How a run ends.

/// How a run ends; the worst of its files decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Done, or nothing to do.
    Done,
    /// `--check` found something.
    WouldChange,
    /// It could not be done.
    Failed,
    /// Somebody ended it; as a shell says it.
    Interrupted = 130,
}
