//! Writes the COPYs of the manifests: one a folder, with the flags and the spelling of the COPY that they come from.

use std::collections::BTreeSet;

use crate::model::context::path;
use crate::model::install::{Needs, Obstacle};
use crate::syntax::tree::Instruction;

/// More COPYs than this are no gain for whoever reads the file.
const MAX_LINES: usize = 20;

/// The COPYs of what an install needs, where `whole` copies the folder `top` of the context to `written`.
///
/// # Errors
/// Where a COPY of a part cannot be written.
pub fn of(whole: &Instruction, written: &str, top: &str, needs: &Needs) -> Result<Vec<Vec<u8>>, Obstacle> {
    let flags: Vec<&[u8]> = whole.flags().collect();
    let is_inside = |at: &str| needs.folders.iter().any(|f| at.starts_with(&format!("{f}/")));
    let files: Vec<&String> = needs.files.iter().filter(|f| !is_inside(f)).collect();
    let parents: BTreeSet<&str> = files.iter().map(|f| path::parent(f)).collect();
    let mut texts = Vec::new();
    for parent in parents {
        let same: Vec<&String> = files.iter().copied().filter(|f| path::parent(f) == parent).collect();
        texts.push(line(&flags, &same, &destination(written, top, parent, same.len())?)?);
    }
    for folder in needs.folders.iter().filter(|f| !is_inside(f)) {
        texts.push(line(&flags, &[folder], &destination(written, top, folder, 0)?)?);
    }
    if texts.len() > MAX_LINES {
        return Err(Obstacle::new("its manifests lie in too many folders"));
    }
    Ok(texts)
}

/// Whether each flag means the same on a COPY of some of the files.
///
/// # Errors
/// The flag that does not.
pub fn flags_can_be_repeated(i: &Instruction) -> Result<(), Obstacle> {
    let repeats = |f: &[u8]| f.starts_with(b"--chown=") || f.starts_with(b"--chmod=") || f == b"--link";
    match i.flags().find(|f| !repeats(f) || f.contains(&b'$')) {
        Some(flag) => {
            let flag = String::from_utf8_lossy(flag);
            Err(Obstacle::new(format!("{flag} cannot be repeated for some of the files")))
        }
        None => Ok(()),
    }
}

/// The destination of what goes to one folder, as the author wrote that of the whole.
fn destination(written: &str, top: &str, folder: &str, files: usize) -> Result<String, Obstacle> {
    let inside = if top.is_empty() {
        Some(folder)
    } else if folder == top {
        Some("")
    } else {
        folder.strip_prefix(&format!("{top}/"))
    };
    let inside = inside.ok_or("a manifest lies outside of what it copies")?;
    if written == "." && inside.is_empty() && files == 1 {
        return Ok(".".to_string());
    }
    let base = written.trim_end_matches('/');
    let slash = if inside.is_empty() { "" } else { "/" };
    Ok(format!("{base}/{inside}{slash}"))
}

fn line(flags: &[&[u8]], sources: &[&String], destination: &str) -> Result<Vec<u8>, Obstacle> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/@+".contains(c);
    let mut text = b"COPY".to_vec();
    for flag in flags {
        text.push(b' ');
        text.extend_from_slice(flag);
    }
    for word in sources.iter().map(|f| f.as_str()).chain([destination]) {
        if !word.chars().all(plain) || word.starts_with("--") {
            return Err(Obstacle::new(format!("`{word}` is an unusual name")));
        }
        text.push(b' ');
        text.extend_from_slice(word.as_bytes());
    }
    Ok(text)
}
