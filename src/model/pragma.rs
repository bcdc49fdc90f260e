//! Comments that speak to a tool: they are never edited, and never leave their instruction.

/// What such comments hold; each is the sign of a tool that reads Dockerfiles.
const SIGNS: [&[u8]; 9] = [
    b"hadolint",
    b"check=",
    b"renovate",
    b"dfmt:",
    b"dockerfmt-ignore",
    b"trivy:",
    b"checkov:",
    b"nosemgrep",
    b"tally ",
];

/// Whether a comment speaks to a tool.
pub fn speaks(comment: &[u8]) -> bool {
    SIGNS.iter().any(|sign| memchr::memmem::find(comment, sign).is_some())
}
