//! `uv pip install -r F`, `uv pip sync F`: requirements files as pip has them, settings and environments of uv.

use super::uv_project::{self, Project};
use super::words::{self, Options, Words, path_of};
use super::{Asked, Gather, Install, Obstacle, uv};
use crate::model::command::Command;
use crate::model::context::path;
use crate::model::manifests::requirements::{self, Stand};

const PIP: Options = Options {
    flags: &[
        "--system",
        "--no-cache",
        "--no-cache-dir",
        "-n",
        "-q",
        "--quiet",
        "-v",
        "--verbose",
        "-U",
        "--upgrade",
        "--no-deps",
        "--require-hashes",
        "--compile-bytecode",
        "--compile",
        "--no-compile",
        "--break-system-packages",
        "--no-progress",
        "--native-tls",
        "--system-certs",
        "--pre",
        "--reinstall",
        "--refresh",
        "--no-build-isolation",
        "--strict",
        "--all-extras",
        "--exact",
        "--no-color",
        "--no-index",
        "--no-verify-hashes",
        "--verify-hashes",
        "--no-build",
        "--no-python-downloads",
    ],
    values: &[
        "-r",
        "--requirement",
        "--requirements",
        "-c",
        "--constraint",
        "--constraints",
        "--override",
        "--overrides",
        "-i",
        "--index-url",
        "--default-index",
        "--index",
        "--extra-index-url",
        "-f",
        "--find-links",
        "--extra",
        "--index-strategy",
        "--link-mode",
        "--only-binary",
        "--no-binary",
        "--prerelease",
        "--resolution",
        "--torch-backend",
        "--upgrade-package",
        "-P",
        "--python-version",
        "--python-platform",
        "--color",
        "--allow-insecure-host",
        "--python",
        "-p",
    ],
};

/// Options that name requirements files.
const FILES: &[&str] = &[
    "-r",
    "--requirement",
    "--requirements",
    "-c",
    "--constraint",
    "--constraints",
    "--override",
    "--overrides",
];

/// Options that say where archives are.
const PAGES: &[&str] =
    &["-i", "--index-url", "--default-index", "--index", "--extra-index-url", "-f", "--find-links"];

struct Pip {
    files: Vec<String>,
}

/// Reads `uv pip install` or `uv pip sync`.
pub fn read(command: &Command) -> Asked {
    let words = Words::of(command, &PIP)?;
    uv::python_is_a_version(&words)?;
    let is_page = |p: &str| {
        words::is_remote(p.split_once('=').map_or(p, |(name, url)| if name.contains(':') { p } else { url }))
    };
    if let Some(page) = words.all(PAGES).find(|p| !is_page(p)) {
        return Err(Obstacle::new(format!(
            "`{page}` may be a folder of the source where uv looks for archives"
        )));
    }
    let mut files: Vec<String> = words.all(FILES).map(str::to_string).collect();
    match words.rest[..] {
        [_, "sync", ref more @ ..] => files.extend(more.iter().map(ToString::to_string)),
        [_, _, ref names @ ..] => words::are_names(names)?,
        _ => {}
    }
    Ok(Box::new(Pip { files }))
}

impl Install for Pip {
    fn reads_source(&self) -> bool {
        !self.files.is_empty()
    }

    fn needs(&self, gather: &mut Gather) -> Result<(), Obstacle> {
        let project = uv_project::settings(gather)?;
        let place = gather.place;
        for name in &self.files {
            let file = path_of(gather, name)?;
            if file.ends_with("pyproject.toml") {
                Project::at(gather, &file)?.lists_its_dependencies(gather)?;
                continue;
            }
            if [".toml", ".py", ".cfg"].iter().any(|end| file.ends_with(end)) {
                return Err(Obstacle::new(format!("uv reads more than {file} for it")));
            }
            let files = requirements::closure(place.context, Stand { top: place.top, cwd: "" }, &file);
            for file in files.map_err(|e| Obstacle::new(e.to_string()))? {
                gather.require_at(&file)?;
            }
        }
        leave_environments(gather, &project);
        Ok(())
    }
}

/// uv looks for `.venv` in the folder that it runs in and those above.
fn leave_environments(gather: &mut Gather, folders: &[String]) {
    for folder in folders {
        gather.leave_at(&path::join(folder, ".venv"));
    }
}
