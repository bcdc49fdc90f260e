//! What people ask content rules for: the guide's example; the line that tells them what they could ask for.

use crate::readme;
use crate::support::Folder;

/// The example of the guide, as its advice has it: packages in one RUN that updates and cleans up, without what is only
/// recommended; no cache of pip; the manifest before the source; comments where they were.
const ADVICE: &str = "\
# A training image, written the costly way: every edit of the source installs everything again.
FROM python:3.9-slim
WORKDIR /app
RUN apt-get update                                         \\
    && apt-get install -y --no-install-recommends libgomp1 \\
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
ENV PYTHONUNBUFFERED=1
# the versions are pinned in requirements.txt
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
ENV MODEL_DIR=/models
RUN mkdir -p /models \\
    && chmod 775 /models
CMD [\"python\", \"/app/src/train.py\"]
";

#[test]
fn the_training_example_follows_the_guide() {
    let folder = Folder::new()
        .file("Dockerfile", readme::read("examples/training/Dockerfile"))
        .file("requirements.txt", readme::read("examples/training/requirements.txt"))
        .file("src/train.py", readme::read("examples/training/src/train.py"));
    folder.dfmt(&["--write", "--also", "content"]).run().status(0);
    assert_eq!(String::from_utf8_lossy(&folder.read("Dockerfile")), ADVICE);
    folder.dfmt(&["--check", "--also", "content"]).run().status(0);
}

#[test]
fn the_training_example_without_pips_option_gets_it() {
    let costly = readme::read("examples/training/Dockerfile").replace(" --no-cache-dir", "");
    assert!(costly.contains("RUN pip install -r requirements.txt"));
    let folder = Folder::new().file("Dockerfile", &costly).file("requirements.txt", "numpy==1.26.4\n");
    folder.dfmt(&["--write", "--also", "content"]).run().status(0);
    assert_eq!(String::from_utf8_lossy(&folder.read("Dockerfile")), ADVICE);
}

const COSTLY: &str = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
const MORE: &str = "--also content would change more in 1 file: apt-no-recommends, apt-clean-lists";

/// What dfmt prints on a terminal; `None` where the system has no `script` to make one.
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &Folder, args: &str) -> Option<String> {
    use std::process::{Command, Stdio};
    let mut command = Command::new("script");
    command.args(["-qec", &format!("{} {args}", env!("CARGO_BIN_EXE_dfmt")), "/dev/null"]);
    let output = command.current_dir(folder.path("")).stdin(Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_is_told_what_content_rules_would_do() {
    let folder = Folder::new().file("Dockerfile", COSTLY);
    let Some(said) = on_a_terminal(&folder, "") else { return };
    assert!(said.trim_end().ends_with(MORE), "{said}");
    for args in
        ["-q", "--check", "--list", "--also content", "--skip content", "--stdin-filepath Dockerfile -"]
    {
        let said = on_a_terminal(&folder, args).unwrap();
        assert!(!said.contains("would change more"), "{args}: {said}");
    }
    let said = on_a_terminal(&folder, "--write").unwrap();
    assert!(said.contains(MORE), "{said}");
}

#[test]
fn nobody_else_is_told() {
    let folder = Folder::new().file("Dockerfile", COSTLY);
    folder.dfmt(&[]).run().status(0).stderr("1 file already as it should be\n");
}
