//! The build context of a Dockerfile, found on the disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::DiskFolder;
use crate::model::context::{Context, GitignoreAbove, Setting};

/// The context of the Dockerfile at `path`: the folder that was named, else the one that it stands in.
///
/// The error says, as the end of a sentence, why there is none.
pub fn find(path: &Path, named: Option<&Path>) -> Result<Context, String> {
    let beside = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = named.unwrap_or(beside);
    let root = folder
        .canonicalize()
        .map_err(|e| format!("the build context {} cannot be read: {e}", folder.display()))?;
    let setting = Setting {
        dockerfile: inside(path, &root),
        own_ignore: own_ignore(path, &root)?,
        gitignores_above: gitignores_above(&root),
    };
    Context::new(Arc::new(DiskFolder::new(&root)), &setting).map_err(|e| e.to_string())
}

/// The Dockerfile's path in the context, if it stands there.
fn inside(path: &Path, root: &Path) -> Option<String> {
    let name = path.file_name()?;
    let parent = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let whole = parent.canonicalize().ok()?.join(name);
    let below = whole.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.components().map(|c| c.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

/// The ignore file of a Dockerfile that stands outside of the context.
fn own_ignore(path: &Path, root: &Path) -> Result<Option<Vec<u8>>, String> {
    if inside(path, root).is_some() {
        return Ok(None);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".dockerignore");
    let file = PathBuf::from(name);
    match std::fs::read(&file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("{} cannot be read: {e}", file.display())),
    }
}

/// The .gitignore files of the folders above the context, up to the one that holds .git; none outside of a repository.
fn gitignores_above(root: &Path) -> Vec<GitignoreAbove> {
    if root.join(".git").exists() {
        return Vec::new();
    }
    let Some(top) = root.ancestors().skip(1).find(|f| f.join(".git").exists()) else { return Vec::new() };
    let mut found = Vec::new();
    for folder in root.ancestors().skip(1) {
        if let (Ok(text), Some(context_at)) = (std::fs::read(folder.join(".gitignore")), below(root, folder))
        {
            found.push(GitignoreAbove { context_at, text });
        }
        if folder == top {
            break;
        }
    }
    found.reverse();
    found
}

fn below(root: &Path, folder: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        root.strip_prefix(folder).ok()?.components().map(|c| c.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
