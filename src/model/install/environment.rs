//! Variables that tell a package manager what to read and where to write.

use super::{Manager, Obstacle};
use crate::model::stage::{self, Stage, Step};
use crate::model::variables;
use crate::syntax::tree::{Dockerfile, Keyword};

/// Whether nothing that is set above `step`, in its stage or those that it builds on, leads one of these managers to
/// other files.
///
/// # Errors
/// The variable that may.
pub fn is_harmless(
    file: &Dockerfile,
    stages: &[Stage],
    step: &Step,
    managers: &[&Manager],
) -> Result<(), Obstacle> {
    let above = stage::lineage(file, stages, step.item).into_iter();
    let sets = above.filter(|s| matches!(s.keyword, Keyword::Env | Keyword::Arg));
    for name in sets.filter_map(|s| file.instruction_at(s.item)).flat_map(variables::names) {
        let name = String::from_utf8_lossy(name);
        let upper = name.to_ascii_uppercase();
        let who = managers.iter().find(|m| upper == "HOME" || (m.heeds)(&upper));
        if let Some(manager) = who {
            return Err(Obstacle::new(format!("{name} may lead {} to the source", manager.name)));
        }
    }
    Ok(())
}
