//! Replacing a file.

use std::fs;

use dfmt::cli::write::replace;

use crate::support::Folder;

const OLD: &[u8] = b"from a\n";
const NEW: &[u8] = b"FROM a\n";

fn folder() -> Folder {
    Folder::new().file("Dockerfile", OLD)
}

/// It is refused with this reason, and nothing is left behind.
#[track_caller]
fn refused(folder: &Folder, old: &[u8], why: &str) {
    let names = folder.names();
    let before = folder.read("Dockerfile");
    let error = replace(&folder.path("Dockerfile"), old, NEW).unwrap_err();
    assert_eq!(format!("{error:#}"), why);
    assert_eq!(folder.read("Dockerfile"), before);
    assert_eq!(folder.names(), names);
}

#[test]
fn the_new_text_takes_the_place_of_the_old() {
    let folder = folder();
    replace(&folder.path("Dockerfile"), OLD, NEW).unwrap();
    assert_eq!(folder.read("Dockerfile"), NEW);
    assert_eq!(folder.names(), ["Dockerfile"]);
}

#[test]
fn what_was_changed_meanwhile_stays() {
    refused(&folder(), b"from b\n", "changed since it was read, left as it is");
}

#[test]
fn what_is_gone_stays_gone() {
    let folder = Folder::new();
    assert!(replace(&folder.path("Dockerfile"), OLD, NEW).is_err());
    assert!(folder.names().is_empty());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, chown, symlink};

    use super::*;
    use crate::support::{chmod, mode};

    #[test]
    fn permissions_are_kept() {
        for bits in [0o644, 0o600, 0o664, 0o755, 0o4755, 0o666] {
            let folder = folder();
            chmod(&folder.path("Dockerfile"), bits);
            replace(&folder.path("Dockerfile"), OLD, NEW).unwrap();
            assert_eq!(mode(&folder.path("Dockerfile")), bits);
        }
    }

    #[test]
    fn the_owner_is_kept() {
        let folder = folder();
        let path = folder.path("Dockerfile");
        if chown(&path, Some(65534), Some(65533)).is_err() {
            eprintln!("passed over: only root gives files away");
            return;
        }
        replace(&path, OLD, NEW).unwrap();
        let meta = fs::metadata(&path).unwrap();
        assert_eq!((meta.uid(), meta.gid()), (65534, 65533));
    }

    #[test]
    fn a_read_only_file_stays() {
        let folder = folder();
        chmod(&folder.path("Dockerfile"), 0o444);
        let Some(run) = folder.dfmt_as_nobody(&["-w", "Dockerfile"]) else { return };
        run.run().status(2).stderr_has("Dockerfile: read-only, left as it is");
        assert_eq!(folder.read("Dockerfile"), OLD);
        assert_eq!(mode(&folder.path("Dockerfile")), 0o444);
        assert_eq!(folder.names(), ["Dockerfile"]);
    }

    #[test]
    fn what_root_may_write_stays_read_only() {
        let folder = folder();
        if !folder.is_roots() {
            return;
        }
        chmod(&folder.path("Dockerfile"), 0o444);
        replace(&folder.path("Dockerfile"), OLD, NEW).unwrap();
        assert_eq!(folder.read("Dockerfile"), NEW);
        assert_eq!(mode(&folder.path("Dockerfile")), 0o444);
    }

    #[test]
    fn what_is_no_regular_file_stays() {
        let folder = Folder::new();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path("Dockerfile")).unwrap();
        let error = replace(&folder.path("Dockerfile"), OLD, NEW).unwrap_err();
        assert_eq!(error.to_string(), "not a regular file, left as it is");
    }

    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let folder = Folder::new().file("real/file", OLD).file("links/x", "");
        symlink("../real/file", folder.path("links/inner")).unwrap();
        symlink("links/inner", folder.path("Dockerfile")).unwrap();
        replace(&folder.path("Dockerfile"), OLD, NEW).unwrap();
        assert_eq!(folder.read("real/file"), NEW);
        assert!(folder.path("links/inner").is_symlink() && folder.path("Dockerfile").is_symlink());
        assert!(!folder.path("real/file").is_symlink());
        assert_eq!(fs::read_dir(folder.path("real")).unwrap().count(), 1);
    }

    #[test]
    fn another_hard_link_keeps_the_old_text() {
        let folder = folder();
        fs::hard_link(folder.path("Dockerfile"), folder.path("other")).unwrap();
        replace(&folder.path("Dockerfile"), OLD, NEW).unwrap();
        assert_eq!((folder.read("Dockerfile"), folder.read("other")), (NEW.to_vec(), OLD.to_vec()));
    }
}
