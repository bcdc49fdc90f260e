//! Replacing a file by its new text, all or nothing.
//!
//! The text goes into a new file in the same folder, which then takes the name of the old one: at every moment the
//! name stands for the old text or the new one, whole. The new file has the permissions of the old one, and its owner
//! and group.
//!
//! Decisions:
//! - A symbolic link stays; the file that it leads to is replaced.
//! - A file with several hard links gets its new text under this name only, as with git and `sed -i`: writing into it
//!   would be seen under all names, but a crash would leave half a file.
//! - A file that this user may not write stays, though its folder would allow to replace it. The system is asked, by
//!   opening it; root may write what is read-only, and it stays read-only.
//! - A file that is no longer what was read stays.
//! - No fsync: renaming is atomic against a crash of dfmt. After a crash of the machine the file system decides, and
//!   what a formatter makes can be made again.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use tempfile::NamedTempFile;

use super::read;

/// Replaces the text of the file `path`, which was read as `old`, by `new`.
///
/// # Errors
/// Where that is not possible, or not what its owner would want; the file is as it was then.
pub fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<()> {
    let meta = writable(path)?;
    let target = target(path)?;
    let temp = beside(&target)?;
    fill(temp.as_file(), new, &meta).context("its new text cannot be written")?;
    // as late as can be: what others write from here to the rename is lost
    ensure!(read::file(&target)? == old, "changed since it was read, left as it is");
    temp.persist(&target).map_err(|e| anyhow!("cannot be replaced: {}", read::reason(&e.error)))?;
    Ok(())
}

/// The file itself, behind all links.
fn target(path: &Path) -> Result<PathBuf> {
    let link = fs::symlink_metadata(path).map_err(|e| read::reason(&e))?.is_symlink();
    if link { fs::canonicalize(path).map_err(|e| read::reason(&e)) } else { Ok(path.to_path_buf()) }
}

/// Whether it may be written: asked by opening it.
fn writable(path: &Path) -> Result<Metadata> {
    let meta = fs::metadata(path).map_err(|e| read::reason(&e))?;
    ensure!(meta.is_file(), "not a regular file, left as it is");
    match OpenOptions::new().write(true).open(path) {
        Ok(_) => Ok(meta),
        Err(e) if e.kind() == ErrorKind::PermissionDenied && meta.permissions().readonly() => {
            bail!("read-only, left as it is")
        }
        Err(e) if e.kind() == ErrorKind::PermissionDenied => bail!("not writable, left as it is"),
        Err(e) => bail!("not writable: {e}"),
    }
}

/// A new file in the same folder, gone again unless it takes the place of the old one.
fn beside(target: &Path) -> Result<NamedTempFile> {
    let folder = target.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new()
        .prefix(".dfmt-")
        .tempfile_in(folder)
        .map_err(|e| anyhow!("no file can be made in its folder: {}", read::reason(&e)))
}

fn fill(mut temp: &File, text: &[u8], like: &Metadata) -> Result<()> {
    temp.write_all(text)?;
    // the owner first: a change of owner clears bits of the mode
    keep_owner(temp, like).context("its owner cannot be kept")?;
    temp.set_permissions(like.permissions()).context("its permissions cannot be kept")?;
    Ok(())
}

#[cfg(unix)]
fn keep_owner(temp: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = temp.metadata()?;
    if (now.uid(), now.gid()) == (like.uid(), like.gid()) {
        return Ok(());
    }
    fchown(temp, Some(like.uid()), Some(like.gid()))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other one can fail")]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}
