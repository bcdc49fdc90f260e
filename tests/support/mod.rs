//! A folder of files, dfmt run in it, and what it did; what holds for every text; fixtures; random texts.

pub mod client;
pub mod fixtures;
pub mod laws;
pub mod random;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder that is gone after the test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With this file in it, and the folders that its name has.
    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The names of all that is in it, without folders, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// dfmt with these arguments, in this folder.
    pub fn dfmt(&self, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dfmt"));
        command.args(args).current_dir(self.0.path());
        // what the user's own settings say must not decide a test
        command.env("HOME", self.0.path()).env_remove("XDG_CONFIG_HOME");
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Run { command, stdin: None }
    }

    /// Whether it belongs to root: then this test may do anything.
    #[cfg(unix)]
    pub fn is_roots(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(self.0.path()).unwrap().uid() == 0
    }

    /// As `dfmt`, as a user who may not read everything. `None` where that cannot be arranged.
    #[cfg(unix)]
    pub fn dfmt_as_nobody(&self, args: &[&str]) -> Option<Run> {
        use std::os::unix::process::CommandExt;
        let (mut run, mut probe) = (self.dfmt(args), self.dfmt(&["--version"]));
        if !self.is_roots() {
            return Some(run);
        }
        chmod(self.0.path(), 0o777);
        for command in [&mut run.command, &mut probe.command] {
            command.uid(65534).gid(65534);
        }
        let can = probe.command.output().is_ok_and(|o| o.status.success());
        if !can {
            eprintln!("passed over: root here, and the program cannot be run as another user");
        }
        can.then_some(run)
    }
}

/// A run to be started.
pub struct Run {
    command: Command,
    stdin: Option<Vec<u8>>,
}

impl Run {
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.command.stdin(Stdio::piped());
        self.stdin = Some(text.as_ref().to_vec());
        self
    }

    /// With a stdout that its reader has closed.
    pub fn closed_stdout(mut self) -> Self {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        self.command.stdout(writer);
        self
    }

    pub fn run(mut self) -> Ran {
        let mut child = self.command.spawn().expect("dfmt starts");
        let feeder = self.stdin.map(|text| {
            let mut stdin = child.stdin.take().unwrap();
            // in its own thread: both sides may wait for a full pipe. dfmt may leave early, that is its right
            std::thread::spawn(move || drop(stdin.write_all(&text)))
        });
        let output = child.wait_with_output().unwrap();
        if let Some(feeder) = feeder {
            feeder.join().unwrap();
        }
        let args = self.command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
        Ran { args, code: output.status.code(), stdout: output.stdout, stderr: output.stderr }
    }
}

/// A run that is over.
#[derive(Debug)]
pub struct Ran {
    args: Vec<String>,
    code: Option<i32>,
    pub stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Ran {
    /// Whether it ended well.
    pub fn is_done(&self) -> bool {
        self.code == Some(0)
    }

    #[track_caller]
    pub fn status(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{:?}\n{}\n{}", self.args, self.out(), self.err());
        self
    }

    /// stdout is this text, in bytes.
    #[track_caller]
    pub fn stdout(self, text: impl AsRef<[u8]>) -> Self {
        assert_eq!(self.out(), String::from_utf8_lossy(text.as_ref()), "{:?}", self.args);
        assert_eq!(self.stdout, text.as_ref());
        self
    }

    #[track_caller]
    pub fn stdout_has(self, part: &str) -> Self {
        assert!(self.out().contains(part), "{:?}: {part:?} is not in stdout:\n{}", self.args, self.out());
        self
    }

    #[track_caller]
    pub fn stderr(self, text: &str) -> Self {
        assert_eq!(self.err(), text, "{:?}", self.args);
        self
    }

    #[track_caller]
    pub fn stderr_has(self, part: &str) -> Self {
        assert!(self.err().contains(part), "{:?}: {part:?} is not in stderr:\n{}", self.args, self.err());
        self
    }

    fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}

/// Sets the mode of a file or folder.
#[cfg(unix)]
pub fn chmod(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The mode of a file.
#[cfg(unix)]
pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}
