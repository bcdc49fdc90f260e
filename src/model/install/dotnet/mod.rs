//! .NET: `dotnet restore` of solutions and projects.
//!
//! It evaluates the projects, with all that they refer to and import, reads the settings of NuGet in each folder on the
//! way, and writes an `obj` beside each project. It compiles nothing.

mod closure;
mod words;

use super::{Asked, Gather, Install, Manager, Obstacle};
use crate::model::command::Command;
use crate::model::manifests::msbuild;
use words::Words;

/// .NET.
pub const MANAGER: Manager = Manager {
    name: "dotnet",
    programs: &["dotnet"],
    read,
    heeds,
    home: &[".nuget", ".dotnet", ".config/NuGet", ".templateengine"],
};

/// Every variable is a property of MSBuild too.
fn heeds(name: &str) -> bool {
    const HARMLESS: [&str; 14] = [
        "DOTNET_CLI_TELEMETRY_OPTOUT",
        "DOTNET_SKIP_FIRST_TIME_EXPERIENCE",
        "DOTNET_NOLOGO",
        "DOTNET_RUNNING_IN_CONTAINER",
        "DOTNET_RUNNING_IN_CONTAINERS",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
        "DOTNET_USE_POLLING_FILE_WATCHER",
        "DOTNET_ENABLEDIAGNOSTICS",
        "DOTNET_GENERATE_ASPNET_CERTIFICATE",
        "DOTNET_VERSION",
        "DOTNET_SDK_VERSION",
        "DOTNET_ENVIRONMENT",
        "DOTNET_ROOT",
        "NUGET_XMLDOC_MODE",
    ];
    (name.starts_with("DOTNET_") || msbuild::moves(name)) && !HARMLESS.contains(&name)
}

fn read(command: &Command) -> Option<Asked> {
    let verb = command.args().first()?.value.as_deref()?;
    match verb {
        "--version" | "--info" | "--list-sdks" | "--list-runtimes" => Some(Ok(Box::new(Asks))),
        "build" | "publish" | "test" | "pack" | "msbuild" => Some(Err(Obstacle::new(format!(
            "`dotnet {verb}` builds the source; a `RUN dotnet restore` of its own above it would keep the packages"
        )))),
        "restore" => {
            let values =
                command.values().ok_or_else(|| Obstacle::new("a word of `dotnet restore` holds a variable"));
            let words = values.and_then(|values| words::read(&values[1..]));
            Some(words.map(|words| Box::new(Restore { words }) as Box<dyn Install>))
        }
        _ => None,
    }
}

/// A question about the program.
struct Asks;

impl Install for Asks {
    fn reads_source(&self) -> bool {
        false
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let cwd = gather.at("");
        closure::version_of_kit(gather, &cwd)
    }
}

struct Restore {
    words: Words,
}

impl Install for Restore {
    fn reads_source(&self) -> bool {
        true
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        closure::gather(gather, &self.words)
    }
}
