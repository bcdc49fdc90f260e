//! Comments that speak to a tool: they are never edited, and never leave their instruction.
//!
//! Those that speak to dfmt itself are read in [`own`].

pub mod own;

/// What such comments hold; each is the sign of a tool that reads Dockerfiles, or any text.
const SIGNS: [&[u8]; 24] = [
    b"hadolint",
    b"check=",
    b"renovate",
    b"dfmt:",
    b"dockerfmt-ignore",
    b"trivy:",
    b"tfsec:",
    b"checkov:",
    b"terrascan:",
    b"kics-scan",
    b"snyk:",
    b"nosemgrep",
    b"NOSONAR",
    b"shellcheck ",
    b"gitleaks:",
    b"pragma: allowlist",
    b"x-release-please",
    b"tally ",
    b"dockle:",
    b"cspell:",
    b"codespell:",
    b"editorconfig-checker-",
    b"semgrep:",
    b"grype:",
];

/// Whether a comment speaks to a tool.
pub fn speaks(comment: &[u8]) -> bool {
    SIGNS.iter().any(|sign| memchr::memmem::find(comment, sign).is_some())
}

#[cfg(test)]
mod tests {
    use super::speaks;

    #[test]
    fn comments_of_tools_are_known() {
        let yes = [
            "# hadolint ignore=DL3008,SC2086",
            "# hadolint global ignore=DL3003",
            "# check=skip=all",
            "# renovate: datasource=github-releases depName=cli/cli",
            "# trivy:ignore:AVD-DS-0002",
            "#tfsec:ignore:aws",
            "#checkov:skip=CKV_DOCKER_2: no health",
            "# kics-scan ignore-line",
            "# nosemgrep: dockerfile.security.missing-user",
            "# NOSONAR",
            "# shellcheck disable=SC2086",
            "# gitleaks:allow",
            "# pragma: allowlist secret",
            "# x-release-please-version",
            "# tally ignore=DL3003",
            "# dfmt: off",
        ];
        for comment in yes {
            assert!(speaks(comment.as_bytes()), "{comment}");
        }
        for comment in ["# install what tests need", "# see https://example.com/checks", "#"] {
            assert!(!speaks(comment.as_bytes()), "{comment}");
        }
    }
}
