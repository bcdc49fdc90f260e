//! Places in the image's file system that the system itself lives in.

/// Folders that package managers, the system or a user's own configuration write to or read from.
const SYSTEM: &[&str] = &[
    "etc", "usr", "var", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "boot", "run", "proc", "sys",
    "dev", "root", "tmp",
];

/// Whether a clean absolute path lies in such a folder, or is the root.
pub fn is_system(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    first.is_empty() || SYSTEM.contains(&first) || first.starts_with("lib")
}

/// `path` relative to the folder `base`; both clean and absolute. The empty path is the folder itself.
pub fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(base.trim_end_matches('/'))?;
    match rest.strip_prefix('/') {
        Some(inside) => Some(inside),
        None if rest.is_empty() => Some(""),
        None => None,
    }
}
