//! Scripts of the project that an install runs.

use super::super::{Gather, Obstacle};
use super::patches;
use crate::model::context::path;
use crate::model::manifests::node::package::Package;

/// Takes what the scripts of a package of the project need, where that is known; notes those of which it is not.
///
/// # Errors
/// Patches that are not understood.
pub fn look(gather: &mut Gather, folder: &str, package: &Package, who: &str) -> Result<(), Obstacle> {
    let at = gather.at(&path::join(folder, "package.json"));
    for (name, text) in package.lifecycle() {
        if !text.split("&&").all(|c| is_known(c.trim())) {
            gather.obstacle(Obstacle::small(format!(
                "{who} runs the script `{name}` of {at} at each install, which may read the source; add --ignore-scripts, \
                 which leaves out those of packages too, and call it in a RUN below the COPY"
            )));
        } else if text.contains("patch-package") && !folder.is_empty() {
            return Err(Obstacle::new(format!("{at} patches packages from a folder of its own")));
        } else if text.contains("patch-package") {
            patches::folder(gather)?;
        }
    }
    let here = gather.place.context.list(&gather.at(folder)).unwrap_or_default();
    for (name, _) in here.entries.iter().filter(|(name, _)| name.strip_suffix(".gyp").is_some()) {
        gather.obstacle(Obstacle::new(format!("{name} beside {at} makes {who} build it at each install")));
    }
    if !here.entries.iter().any(|(name, _)| name == "binding.gyp") {
        gather.must_be_free(&path::join(folder, "binding.gyp"), "a recipe that npm builds at each install");
    }
    Ok(())
}

/// Scripts that read nothing, or nothing but patches.
fn is_known(command: &str) -> bool {
    let asks = ["npx only-allow ", "npx -y only-allow ", "npx --yes only-allow "];
    let asked = asks.iter().find_map(|a| command.strip_prefix(a));
    asked.is_some_and(|manager| matches!(manager, "npm" | "yarn" | "pnpm" | "bun"))
        || matches!(command, "patch-package" | "patch-package --error-on-fail" | "exit 0" | "true")
}
