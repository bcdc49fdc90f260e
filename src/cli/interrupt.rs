//! Ctrl-C while files are rewritten: what was begun is done, so that no half of anything is left behind.
//!
//! The second time ends dfmt at once. Where nothing is written nobody has to wait for anything.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody wants an end.
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Waits for it, if there is something to lose.
    pub fn watch(wanted: bool) -> Self {
        let came = Arc::new(AtomicBool::new(false));
        if wanted {
            let seen = came.clone();
            // without a handler Ctrl-C ends dfmt at once: then a temporary file may stay, and no more
            let _ = ctrlc::set_handler(move || {
                if seen.swap(true, Ordering::Relaxed) {
                    process::exit(130);
                }
            });
        }
        Self(came)
    }

    /// Whether it came.
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
