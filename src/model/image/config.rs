//! The configuration of an image, and the few things that instructions do to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::health::Health;
use super::ports::Ports;

/// The configuration of an image; what is empty is not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// USER.
    pub user: String,
    /// ENV.
    pub env: Env,
    /// WORKDIR, resolved.
    pub working_dir: String,
    /// CMD, the shell before a shell form included.
    pub cmd: Vec<String>,
    /// ENTRYPOINT, likewise.
    pub entrypoint: Vec<String>,
    /// EXPOSE.
    pub ports: Ports,
    /// VOLUME.
    pub volumes: BTreeSet<String>,
    /// LABEL.
    pub labels: BTreeMap<String, String>,
    /// STOPSIGNAL.
    pub stop_signal: String,
    /// HEALTHCHECK.
    pub health: Option<Health>,
    /// ONBUILD.
    pub on_build: Vec<String>,
    /// SHELL.
    pub shell: Vec<String>,
    /// MAINTAINER; it stands beside the configuration.
    pub author: String,
    /// Whether a CMD was there: BuildKit notes it for Windows.
    pub args_escaped: bool,
}

/// Variables, `NAME=value`, in the order in which they were first set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Env {
    entries: Vec<String>,
    /// The first entry of each name.
    places: HashMap<String, usize>,
}

impl Env {
    /// Sets a variable; one that is there keeps its place (`convert.go`, `addEnv`).
    pub fn set(&mut self, name: &str, value: &str) {
        let entry = format!("{name}={value}");
        if let Some(at) = self.places.get(name) {
            self.entries[*at] = entry;
            return;
        }
        // a name that holds a `=` is found under what stands before it, or never again
        let first = name.split('=').next().unwrap_or_default();
        self.places.entry(first.to_string()).or_insert(self.entries.len());
        self.entries.push(entry);
    }

    /// Whether a variable is set.
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// All of them.
    pub fn entries(&self) -> &[String] {
        &self.entries
    }
}

impl FromIterator<(String, String)> for Env {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        let mut env = Self::default();
        pairs.into_iter().for_each(|(name, value)| env.set(&name, &value));
        env
    }
}

impl Config {
    /// The command line of a shell form or exec form: the shell, and the arguments as one (`convert.go`, `withShell`).
    pub fn command(&self, args: Vec<String>, exec: bool) -> Vec<String> {
        if exec {
            return args;
        }
        let usual = || ["/bin/sh", "-c"].map(String::from).to_vec();
        let mut line = if self.shell.is_empty() { usual() } else { self.shell.clone() };
        line.push(args.join(" "));
        line
    }

    /// Changes the working folder. An absolute path is kept as it is written, a relative one is joined to the old
    /// folder and cleaned (`util/system/path.go`, `NormalizeWorkdir`).
    pub fn change_dir(&mut self, path: &str) {
        if path.starts_with('/') {
            self.working_dir = path.to_string();
        } else if !path.is_empty() || !self.working_dir.starts_with('/') {
            self.working_dir = clean(&format!("{}/{path}", self.working_dir));
        }
    }

    /// How many bytes it holds, about.
    pub(super) fn size(&self) -> usize {
        let lists = [self.env.entries(), &self.cmd, &self.entrypoint, &self.on_build, &self.shell];
        let texts = lists.into_iter().flatten().chain(&self.volumes).chain(self.labels.values());
        let texts: usize = texts.map(|t| t.len() + 32).sum();
        texts + 64 * self.labels.len()
    }
}

/// An absolute path without empty parts, `.` and `..`.
pub fn clean(path: &str) -> String {
    crate::model::stage::resolve(Some(""), path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Config, Env};

    #[test]
    fn a_variable_keeps_its_place() {
        let mut env: Env = [("A", "1"), ("B", "2")].map(|(n, v)| (n.into(), v.into())).into_iter().collect();
        env.set("A", "3");
        env.set("C=D", "4");
        env.set("C=D", "5");
        assert_eq!(env.entries(), ["A=3", "B=2", "C=D=4", "C=D=5"]);
        env.set("C", "6");
        assert_eq!(env.entries()[2], "C=6");
    }

    #[test]
    fn folders_are_resolved() {
        let table: &[(&[&str], &str)] = &[
            (&["/a/"], "/a/"),
            (&["/a/../b"], "/a/../b"),
            (&["a"], "/a"),
            (&["/a", "b/", "../c"], "/a/c"),
            (&["/a/", ""], "/a/"),
            (&[""], "/"),
            (&["/a", ".."], "/"),
        ];
        for (paths, want) in table {
            let mut config = Config::default();
            paths.iter().for_each(|p| config.change_dir(p));
            assert_eq!(config.working_dir, *want, "{paths:?}");
        }
    }
}
