//! The files in `tests/fixtures`: their bytes, the build context that lies beside one, the snapshot that belongs to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dfmt::model::context::{Context, MemoryFolder, Setting};

/// A Dockerfile of the test suite.
pub struct Fixture {
    /// Its path below `tests/fixtures`, without the ending.
    pub name: String,
    pub bytes: Vec<u8>,
    context: MemoryFolder,
}

/// The fixtures in one folder, without those in folders below it; there is at least one.
pub fn in_folder(folder: &str) -> Vec<Fixture> {
    let found = read(folder);
    assert!(!found.is_empty(), "no fixtures in {folder}");
    found
}

/// All fixtures.
pub fn all() -> Vec<Fixture> {
    let mut folders = vec![root()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let inside = entries(&folder).into_iter().filter(|p| p.is_dir());
        folders.extend(inside);
        found.extend(read(folder.strip_prefix(root()).unwrap().to_str().unwrap()));
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(found.len() > 200, "only {} fixtures were found", found.len());
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
}

fn read(folder: &str) -> Vec<Fixture> {
    let dockerfiles = entries(&root().join(folder)).into_iter();
    let dockerfiles = dockerfiles.filter(|p| p.extension().is_some_and(|e| e == "Dockerfile"));
    dockerfiles
        .map(|path| {
            let stem = path.with_extension("");
            let name = stem.strip_prefix(root()).unwrap().to_str().unwrap().to_string();
            let beside = fs::read_to_string(path.with_extension("context"));
            let context = beside.map_or_else(|_| small_project(), |text| folder_of(&text));
            Fixture { name, bytes: fs::read(path).unwrap(), context }
        })
        .collect()
}

/// What a fixture without a context of its own is built from.
fn small_project() -> MemoryFolder {
    MemoryFolder::new().with("Dockerfile", "").with("requirements.txt", "flask==3.0.0\n").with("app.py", "")
}

/// A folder as a text: `== path` begins a file, `== path -> target` is a link.
fn folder_of(text: &str) -> MemoryFolder {
    text.split("== ").skip(1).fold(MemoryFolder::new().with("Dockerfile", ""), |folder, part| {
        let (head, body) = part.split_once('\n').unwrap();
        match head.split_once(" -> ") {
            Some((path, target)) => folder.with_link(path, target),
            None => folder.with(head, body),
        }
    })
}

impl Fixture {
    /// The last part of its name.
    pub fn stem(&self) -> &str {
        self.name.rsplit('/').next().unwrap()
    }

    /// Whether no context of its own lies beside it.
    pub fn has_usual_context(&self) -> bool {
        !root().join(format!("{}.context", self.name)).exists()
    }

    /// Its build context.
    pub fn context(&self) -> Result<Context, String> {
        let setting = Setting { dockerfile: Some("Dockerfile".to_string()), ..Setting::default() };
        Context::new(Arc::new(self.context.clone()), &setting).map_err(|e| e.to_string())
    }

    /// Compares with the snapshot that stands in `snapshots/` where the fixture stands in `tests/fixtures`.
    pub fn snapshot(&self, text: &str) {
        let folder = self.name.strip_suffix(self.stem()).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(Path::new("../../snapshots").join(folder));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(self.stem(), text));
    }
}
