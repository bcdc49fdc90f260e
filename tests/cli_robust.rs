//! Nothing is lost: very many files, Ctrl-C, a full disk, a folder that cannot be written to.
#![cfg(unix)]

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Folder, chmod};

const OLD: &str = "from a\nrun   echo   one\n";
const NEW: &str = "FROM a\nRUN echo one\n";

/// A file that takes some time, and whose diff is large.
fn large() -> String {
    format!("from a\n{}", "run   echo   one   &&   echo   two   # three\n".repeat(60))
}

/// As many files, in folders of a hundred; hard links, so that they cost nothing.
fn many(count: usize) -> Folder {
    let folder = Folder::new().file("source", large());
    for n in 0..count {
        let name = format!("{:03}/{n}.Dockerfile", n / 100);
        if n % 100 == 0 {
            fs::create_dir(folder.path(&format!("{:03}", n / 100))).unwrap();
        }
        fs::hard_link(folder.path("source"), folder.path(&name)).unwrap();
    }
    folder
}

/// All files below, sorted as dfmt sorts them.
fn names(folder: &Folder) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.path("")).unwrap().map(|e| e.unwrap()).filter(|e| e.path().is_dir()) {
        let parent = entry.file_name().into_string().unwrap();
        let files = fs::read_dir(entry.path()).unwrap();
        names.extend(files.map(|f| format!("{parent}/{}", f.unwrap().file_name().into_string().unwrap())));
    }
    names.sort();
    names
}

#[test]
fn ten_thousand_files_come_out_in_order() {
    let folder = many(10_000);
    let want: String = names(&folder).iter().flat_map(|name| [name, "\n"]).collect();
    folder.dfmt(&["-l"]).run().status(0).stdout(&want).stderr("");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_number_of_files() {
    let peak = |count: usize| {
        let folder = many(count);
        let mut child = Command::new(env!("CARGO_BIN_EXE_dfmt"))
            .args(["--only", "layout"])
            .current_dir(folder.path(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"));
            let kib = line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok());
            peak = peak.max(kib.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(2));
        }
        peak
    };
    let (few, lots) = (peak(300), peak(3_000));
    assert!(few > 1000, "{few} KiB");
    // the diffs of all of them would be 18 MiB, what is known of a file is some hundred bytes
    assert!(lots < few + 6 * 1024, "{few} KiB for 300 files, {lots} KiB for 3,000");
}

/// Starts to rewrite many files and sends a signal; says how it ended, and what stands on stderr.
fn ended_by(signal: &str, after: Duration) -> (Folder, Option<i32>, String) {
    let folder = many(1_500);
    let child = Command::new(env!("CARGO_BIN_EXE_dfmt"))
        .arg("-w")
        .current_dir(folder.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    (folder, output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Every Dockerfile is the old one or the new one; gives how many are new.
fn whole(folder: &Folder) -> usize {
    let old = large().into_bytes();
    let new = Folder::new().file("Dockerfile", &old);
    new.dfmt(&["-w"]).run().status(0);
    let new = new.read("Dockerfile");
    let dockerfiles: Vec<String> = names(folder).into_iter().filter(|n| n.ends_with(".Dockerfile")).collect();
    assert_eq!(dockerfiles.len(), 1_500);
    let texts = dockerfiles.iter().map(|name| folder.read(name));
    texts
        .filter(|text| {
            assert!(*text == old || *text == new);
            *text == new
        })
        .count()
}

/// Waits shorter and shorter, until the signal comes while files are rewritten.
fn in_the_middle(signal: &str) -> (Folder, Option<i32>, String) {
    for millis in [300, 150, 80, 40, 20] {
        let (folder, code, said) = ended_by(signal, Duration::from_millis(millis));
        if (1..1_500).contains(&whole(&folder)) {
            return (folder, code, said);
        }
    }
    panic!("{signal} never came in the middle");
}

#[test]
fn ctrl_c_leaves_nothing_half_written() {
    for signal in ["-INT", "-TERM"] {
        let (folder, code, said) = in_the_middle(signal);
        assert_eq!(code, Some(130));
        assert!(said.contains("error: interrupted\n") && said.contains(" rewritten"), "{said}");
        let left: Vec<String> = names(&folder).into_iter().filter(|n| !n.ends_with(".Dockerfile")).collect();
        assert_eq!(left, [""; 0], "temporary files");
    }
}

#[test]
fn to_be_killed_leaves_whole_files() {
    let (folder, code, _) = in_the_middle("-KILL");
    assert_eq!(code, None);
    assert!(whole(&folder) > 0);
}

#[test]
fn a_file_that_cannot_grow_loses_nothing() {
    let text = large().repeat(20).replace("from a\n", "").into_bytes();
    let text = [b"from a\n".to_vec(), text].concat();
    let folder = Folder::new().file("Dockerfile", &text).file("other/Dockerfile", OLD);
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" -w";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_dfmt")])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("error: Dockerfile: its new text cannot be written: File too large"), "{said}");
    assert_eq!(folder.read("Dockerfile"), text);
    assert_eq!(folder.read("other/Dockerfile"), NEW.as_bytes());
    assert_eq!(folder.names(), ["Dockerfile", "other"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_loses_nothing() {
    let text = large();
    let folder = Folder::new().file("text", &text);
    fs::create_dir(folder.path("disk")).unwrap();
    let script = "mount -t tmpfs -o size=16k tmpfs disk && cp text disk/Dockerfile \
        && { head -c 100000 /dev/zero >disk/full 2>/dev/null; \"$0\" -w disk; echo \"status $?\"; ls -A disk; cat disk/Dockerfile; }";
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_dfmt")])
        .current_dir(folder.path(""))
        .output();
    let Ok(output) = output.map(|o| [o.stdout, o.stderr].map(|b| String::from_utf8_lossy(&b).into_owned()))
    else {
        return eprintln!("passed over: there is no unshare");
    };
    let [out, said] = output;
    if !out.starts_with("status") {
        return eprintln!("passed over: no disk can be mounted here: {said}");
    }
    assert_eq!(out, format!("status 2\nDockerfile\nfull\n{text}"), "{said}");
    assert!(said.contains("No space left on device"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_stdout_is_an_error() {
    let folder = Folder::new().file("Dockerfile", OLD);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_dfmt"))
        .current_dir(folder.path(""))
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("error: stdout cannot be written: No space left on device"), "{said}");
    assert_eq!(folder.read("Dockerfile"), OLD.as_bytes());
}

#[test]
fn a_folder_that_is_read_only_stays() {
    let folder = Folder::new().file("a/Dockerfile", OLD);
    chmod(&folder.path("a/Dockerfile"), 0o666);
    chmod(&folder.path("a"), 0o555);
    let ran = folder.dfmt_as_nobody(&["-w"]).map(crate::support::Run::run);
    chmod(&folder.path("a"), 0o755);
    let Some(ran) = ran else { return };
    ran.status(2).stderr("error: a/Dockerfile: no file can be made in its folder: permission denied\n");
    assert_eq!(folder.read("a/Dockerfile"), OLD.as_bytes());
}

#[test]
fn what_others_write_meanwhile_is_not_lost() {
    // so large that there is time to write while dfmt is at work
    let text = format!("from a\n{}", "run   echo   one   &&   echo   two\n".repeat(150_000));
    for millis in [100, 200, 50, 400, 800, 1600] {
        let folder = Folder::new().file("Dockerfile", &text);
        let child = Command::new(env!("CARGO_BIN_EXE_dfmt"))
            .args(["-w", "Dockerfile"])
            .current_dir(folder.path(""))
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        fs::write(folder.path("Dockerfile"), NEW).unwrap();
        let output = child.wait_with_output().unwrap();
        // before, in the middle or after: what was written last stands
        assert_eq!(folder.read("Dockerfile"), NEW.as_bytes());
        let said = String::from_utf8(output.stderr).unwrap();
        if said == "error: Dockerfile: changed since it was read, left as it is\n" {
            return assert_eq!(output.status.code(), Some(2));
        }
    }
    panic!("it was never changed in the middle");
}
