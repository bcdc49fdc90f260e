//! package.json and its lock file: whether one says of the project's own dependencies what the other says.

use super::document::{self, Node};

/// Kinds of dependencies that both files name.
const KINDS: [&str; 4] = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/// Whether a lock file is one of this package.json, as far as its own dependencies tell: `npm ci` refuses another one.
///
/// # Errors
/// What differs, or is not known.
pub fn in_step(package: &str, lock: &str) -> Result<(), String> {
    let package = document::json(package).map_err(|e| format!("package.json: {e}"))?;
    let lock = document::json(lock).map_err(|e| e.to_string())?;
    if package.at(&["workspaces"]).is_there() || package.at(&["overrides"]).is_there() {
        return Err("package.json has workspaces or overrides".to_string());
    }
    let root = lock.at(&["packages", ""]);
    if !root.is_there() {
        return Err("it is of version 1, which does not say what it was made from".to_string());
    }
    for kind in KINDS {
        if entries(package.at(&[kind])) != entries(root.get(kind)) {
            return Err(format!("it is out of step with the {kind} of package.json"));
        }
        let packages = lock.at(&["packages"]);
        let is_locked = |name: &str| packages.get(&format!("node_modules/{name}")).is_there();
        let missing = entries(root.get(kind)).into_iter().find(|(name, _)| !is_locked(name));
        if let Some((name, _)) =
            missing.filter(|_| kind != "peerDependencies" && kind != "optionalDependencies")
        {
            return Err(format!("it does not lock {name}"));
        }
    }
    Ok(())
}

fn entries(table: Node) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = table
        .entries()
        .map(|(name, value)| (name.to_string(), value.text().unwrap_or("?").to_string()))
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::in_step;

    const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
        "": {"dependencies": {"a": "^1.0.0"}, "devDependencies": {"b": "2"}},
        "node_modules/a": {"version": "1.2.0"}, "node_modules/b": {"version": "2.0.0"}}}"#;

    #[test]
    fn the_lock_file_says_what_package_json_says() {
        let of = |package: &str| in_step(package, LOCK);
        assert_eq!(of(r#"{"dependencies": {"a": "^1.0.0"}, "devDependencies": {"b": "2"}}"#), Ok(()));
        let other = of(r#"{"dependencies": {"a": "^1.1.0"}, "devDependencies": {"b": "2"}}"#);
        assert!(other.unwrap_err().contains("out of step with the dependencies"));
        assert!(of(r#"{"dependencies": {"a": "^1.0.0"}}"#).unwrap_err().contains("devDependencies"));
        assert!(of(r#"{"workspaces": ["x"]}"#).unwrap_err().contains("workspaces"));
        assert!(of("{").is_err());
    }

    #[test]
    fn what_is_not_locked_is_out_of_step() {
        let package = r#"{"dependencies": {"a": "1"}}"#;
        assert!(
            in_step(package, r#"{"packages": {"": {"dependencies": {"a": "1"}}}}"#)
                .unwrap_err()
                .contains("lock a")
        );
        assert!(in_step(package, r#"{"dependencies": {"a": {}}}"#).unwrap_err().contains("version 1"));
    }
}
