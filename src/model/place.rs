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

/// Folders of /opt that vendors' packages use, under names that the packages need not have.
const VENDORS: &[&str] = &[
    "amazon",
    "aws",
    "az",
    "brave",
    "cni",
    "conda",
    "containerd",
    "cuda",
    "gitlab",
    "google",
    "ibm",
    "intel",
    "microsoft",
    "mssql",
    "nvidia",
    "oracle",
    "puppetlabs",
    "rocm",
    "ros",
    "td-agent",
    "yarn",
];

/// Whether the packages that a text names may have files of their own at a path: /opt and /srv belong to packages and
/// to the user alike, so there a folder counts that a vendor uses, or whose name is part of the text.
pub fn is_shared_with_packages(path: &str, text: &[u8]) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    if !matches!(parts.next(), Some("opt" | "srv")) {
        return false;
    }
    let folder = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_named = || memchr::memmem::find(text, folder.as_bytes()).is_some();
    folder.is_empty() || VENDORS.iter().any(|v| folder.starts_with(v)) || is_named()
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
