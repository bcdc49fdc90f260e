//! Reading files and stdin, whole and once.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use anyhow::{Result, bail};

/// No Dockerfile is larger; spans could count to 4 GiB.
const LIMIT: u64 = 64 << 20;

/// The bytes of a file.
///
/// # Errors
/// Where it cannot be read, or is too large.
pub fn file(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|e| reason(&e))?;
    let len = file.metadata().map_err(|e| reason(&e))?.len();
    if len > LIMIT {
        bail!("{}", too_large());
    }
    limited(file, len as usize)
}

/// The bytes of stdin.
///
/// # Errors
/// Where it cannot be read, or is too large.
pub fn stdin() -> Result<Vec<u8>> {
    limited(io::stdin().lock(), 0)
}

/// A pipe or device says nothing of its size, and a file may grow.
fn limited(source: impl Read, len: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(len + 1);
    source.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|e| reason(&e))?;
    if bytes.len() as u64 > LIMIT {
        bail!("{}", too_large());
    }
    Ok(bytes)
}

fn too_large() -> String {
    format!("larger than {} MiB", LIMIT >> 20)
}

/// Why something failed, in our own words where they are plainer than the system's.
pub fn reason(error: &io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("no such file or folder"),
        ErrorKind::PermissionDenied => anyhow::anyhow!("permission denied"),
        _ => anyhow::anyhow!("{error}"),
    }
}
