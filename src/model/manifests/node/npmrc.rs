//! Settings of npm and pnpm in `.npmrc`, of Yarn 1 in `.yarnrc`: which lead to no file.
//!
//! `.npmrc` is an ini file, `key = value` a line, `;` and `#` begin comments, `${NAME}` is replaced from the
//! environment. `.yarnrc` holds `key value` a line, both perhaps quoted.

/// Settings that name no file, and change nothing about which files are read.
const HARMLESS: &[&str] = &[
    "access",
    "always-auth",
    "audit",
    "audit-level",
    "auth-type",
    "auto-install-peers",
    "color",
    "dedupe-peer-dependents",
    "depth",
    "disable-self-update-check",
    "email",
    "enable-pre-post-scripts",
    "engine-strict",
    "fetch-retries",
    "fetch-retry-factor",
    "fetch-retry-maxtimeout",
    "fetch-retry-mintimeout",
    "fetch-timeout",
    "force",
    "fund",
    "git-tag-version",
    "hoist",
    "hoist-pattern",
    "ignore-engines",
    "ignore-scripts",
    "include",
    "install-strategy",
    "jobs",
    "lastUpdateCheck",
    "legacy-bundling",
    "legacy-peer-deps",
    "link-workspace-packages",
    "lockfile-version",
    "loglevel",
    "maxsockets",
    "message",
    "min-release-age",
    "minimum-release-age",
    "network-concurrency",
    "network-timeout",
    "omit",
    "only",
    "optional",
    "package-lock",
    "prefer-frozen-lockfile",
    "prefer-offline",
    "prefer-workspace-packages",
    "production",
    "progress",
    "public-hoist-pattern",
    "recursive-install",
    "registry",
    "resolution-mode",
    "save",
    "save-exact",
    "save-prefix",
    "save-workspace-protocol",
    "shamefully-hoist",
    "side-effects-cache",
    "sign-git-tag",
    "strict-peer-dependencies",
    "strict-peer-deps",
    "strict-ssl",
    "tag-version-prefix",
    "unsafe-perm",
    "update-notifier",
    "user",
    "use-node-version",
    "workspace-concurrency",
    "yarn-offline-mirror-pruning",
];

/// Endings of settings that say where somebody's binaries are fetched: `sass_binary_site`, `electron_mirror`.
const MIRRORS: &[&str] =
    &["_mirror", "_binary_site", "_cdnurl", "_binary_host", "_binary_host_mirror", "-mirror"];

/// Whether a setting leads to no file.
pub fn is_harmless(key: &str, value: &str) -> bool {
    let key = key.trim_end_matches("[]");
    let is_remote = value.starts_with("https://") || value.starts_with("http://");
    let of_server = [":_authToken", ":_auth", ":username", ":_password", ":always-auth", ":email"];
    match key {
        "registry" => is_remote || value.starts_with("${"),
        "node-linker" => matches!(value, "isolated" | "hoisted"),
        "lockfile" => value == "true",
        "_auth" | "_authToken" | "username" | "_password" => true,
        _ if key.starts_with('@') => key.ends_with(":registry") && (is_remote || value.starts_with("${")),
        _ if key.starts_with("//") => of_server.iter().any(|end| key.ends_with(end)),
        _ if MIRRORS.iter().any(|end| key.ends_with(end)) => is_remote,
        _ => HARMLESS.contains(&key),
    }
}

/// The settings of a `.npmrc`.
///
/// # Errors
/// A line that is not understood.
pub fn npm(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, "true"));
        if line.starts_with('[') {
            return Err(format!("`{line}` is not understood"));
        }
        found.push((unquoted(key), unquoted(value)));
    }
    Ok(found)
}

/// The settings of a `.yarnrc`.
///
/// # Errors
/// A line that is not understood.
pub fn yarn(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once(' ').ok_or_else(|| format!("`{line}` is not understood"))?;
        if key.is_empty() {
            return Err(format!("`{line}` is not understood"));
        }
        found.push((unquoted(key), unquoted(value)));
    }
    Ok(found)
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    let inner = ['"', '\''].iter().find_map(|q| text.strip_prefix(*q)?.strip_suffix(*q));
    inner.unwrap_or(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_settings() {
        let text = "; c\n# c\nfund = false\n//r.example.com/:_authToken=${TOKEN}\nshamefully-hoist\n";
        let found = npm(text).unwrap();
        assert!(found.iter().all(|(key, value)| is_harmless(key, value)), "{found:?}");
        assert_eq!(found.last(), Some(&("shamefully-hoist".to_string(), "true".to_string())));
        assert!(npm("[section]\nfund=false").is_err());
        let yarn = yarn("# c\nregistry \"https://r.example.com\"\n\"@a:registry\" \"https://r\"\n").unwrap();
        assert!(yarn.iter().all(|(key, value)| is_harmless(key, value)), "{yarn:?}");
    }

    #[test]
    fn knows_what_leads_to_files() {
        for (key, value) in [
            ("cache", ".npm"),
            ("prefix", "x"),
            ("cafile", "ca.pem"),
            ("//r/:certfile", "x.pem"),
            ("script-shell", "./sh"),
            ("node-linker", "pnp"),
            ("registry", "file:///x"),
            ("yarn-path", ".yarn/yarn.js"),
            ("yarn-offline-mirror", "./mirror"),
            ("pnpmfile", "x.cjs"),
            ("lockfile", "false"),
        ] {
            assert!(!is_harmless(key, value), "{key}");
        }
    }
}
