//! Places in the image's file system that the system itself lives in.

/// Folders that package managers, the system or a user's own configuration write to or read from.
const SYSTEM: &[&str] = &[
    "etc", "usr", "var", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "boot", "run", "proc", "sys",
    "dev", "root", "tmp",
];

/// Folders inside of those in which a project has one of its own, by convention: `/usr/src/app`, as the images of
/// languages have it, `/var/www/html`, as those of web servers do, and `/usr/app`.
const OF_PROJECTS: &[&str] = &["/usr/src", "/var/www", "/usr"];

/// Whether a clean absolute path lies in such a folder, or is the root. The folder of a project is not the system's.
pub fn is_system(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let lies_in_one = first.is_empty() || SYSTEM.contains(&first) || first.starts_with("lib");
    lies_in_one && project(path).is_none()
}

/// Where projects have their folders inside of one of the system's, and the name of the one that `path` lies in.
fn project(path: &str) -> Option<(&'static str, &str)> {
    OF_PROJECTS.iter().find_map(|parent| {
        let name = below(path, parent)?.split('/').next()?;
        let is_own = match *parent {
            "/usr/src" => !name.is_empty() && !is_of_a_source_package(name),
            // beside what web servers bring
            "/var/www" => !matches!(name, "" | "cgi-bin" | "error" | "icons" | "localhost"),
            _ => name == "app",
        };
        is_own.then_some((*parent, name))
    })
}

/// Folders of /usr/src that packages bring, without a version in their names.
const SOURCES: &[&str] = &[
    "akmods",
    "annobin",
    "binutils",
    "debug",
    "gcc",
    "gdb",
    "glibc",
    "gmock",
    "googletest",
    "gtest",
    "mingw-w64",
    "modules",
    "newlib",
    "packages",
    "php",
    "redhat",
    "rpm",
    "tensorrt",
    "uwsgi",
];

/// Whether a package that is the source of something may have this folder in /usr/src: `linux-headers-6.1.0-18-amd64`,
/// `nvidia-535.104.05`, `cudnn_samples_v8`. Modules for the kernel always have their version behind the name.
fn is_of_a_source_package(name: &str) -> bool {
    const BEGIN: &[&str] = &["cudnn", "jetson", "kernel", "linux", "nvidia"];
    let is_version = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    SOURCES.contains(&name)
        || BEGIN.iter().any(|start| name.starts_with(start))
        || name.match_indices(['-', '_']).any(|(at, _)| is_version(&name[at + 1..]))
}

/// Folders of /opt that vendors' packages use, under names that the packages need not have.
const VENDORS: &[&str] = &[
    "amazon",
    "aws",
    "az",
    "brave",
    "cni",
    "conda",
    "containerd",
    "cuda",
    "gitlab",
    "google",
    "ibm",
    "intel",
    "microsoft",
    "mssql",
    "nvidia",
    "oracle",
    "puppetlabs",
    "rocm",
    "ros",
    "td-agent",
    "yarn",
];

/// Whether the packages that a text names may have files of their own at a path: /opt and /srv belong to packages and
/// to the user alike, so there a folder counts that a vendor uses, or whose name is part of the text. The folder of a
/// project inside of one of the system's always does: packages of sources have theirs in /usr/src, a web server looks
/// whether its folder in /var/www is there, and the independent judge of moves lets packages pass neither.
pub fn is_shared_with_packages(path: &str, text: &[u8]) -> bool {
    let holds = |what: &[u8]| memchr::memmem::find(text, what).is_some();
    if project(path).is_some() {
        return true;
    }
    let mut parts = path.trim_start_matches('/').split('/');
    if !matches!(parts.next(), Some("opt" | "srv")) {
        return false;
    }
    let folder = parts.next().unwrap_or_default().to_ascii_lowercase();
    folder.is_empty() || VENDORS.iter().any(|v| folder.starts_with(v)) || holds(folder.as_bytes())
}

/// Folders in which everybody has one of his own, whatever the image.
const SHARED: &[&str] = &["/opt", "/srv", "/home", "/mnt"];

/// The topmost folder that `path`, clean and absolute, does not share with others: `/app` of `/app/src`, but `/opt/app`
/// of `/opt/app/src`, and `/usr/src/app` of `/usr/src/app/lib`.
pub fn own_top(path: &str) -> &str {
    let is_below = |shared: &&&str| below(path, shared).is_some_and(|rest| !rest.is_empty());
    let shared = above_project(path).or_else(|| SHARED.iter().find(is_below).copied());
    let from = shared.map_or(0, str::len) + 1;
    let end = path.get(from..).and_then(|rest| rest.find('/')).map_or(path.len(), |at| from + at);
    &path[..end]
}

/// The folder in which a project has its own, where that is one inside of the system's: `/usr/src` of `/usr/src/app`.
pub fn above_project(path: &str) -> Option<&'static str> {
    project(path).map(|(parent, _)| parent)
}

/// Whether what comes to one place has nothing to do with what comes to another: neither lies in the other, and they do
/// not have a folder above them that the first to come would make.
pub fn are_apart(path: &str, other: &str) -> bool {
    below(path, other).is_none() && below(other, path).is_none() && !share_new_folder(path, other)
}

/// Whether both, of which the first is no place of the system, lie below the same folder that an image need not have:
/// who comes first makes it.
pub fn share_new_folder(path: &str, other: &str) -> bool {
    let end = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
    let first = above_project(path).unwrap_or(&path[..end]);
    let always_there = matches!(first, "/opt" | "/srv" | "/home" | "/mnt" | "/media");
    !always_there && below(other, first).is_some()
}

/// `path` relative to the folder `base`; both clean and absolute. The empty path is the folder itself.
pub fn below<'p>(path: &'p str, base: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(base.trim_end_matches('/'))?;
    match rest.strip_prefix('/') {
        Some(inside) => Some(inside),
        None if rest.is_empty() => Some(""),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_project_is_not_the_systems() {
        for path in [
            "/usr/src/app",
            "/usr/src/app/api",
            "/usr/src/my-app",
            "/usr/src/app2",
            "/usr/app",
            "/var/www/html",
        ] {
            assert!(!is_system(path), "{path}");
        }
        for path in [
            "/usr/src",
            "/usr/src/linux",
            "/usr/src/linux-headers-6.1.0-18-amd64",
            "/usr/src/nvidia-535.104.05/x",
            "/usr/src/kernels/a",
            "/usr/src/googletest",
            "/usr/src/cudnn_samples_v8",
            "/usr/src/app-1.0",
            "/usr/srcs/app",
            "/usr/apps",
            "/usr/local/src/app",
            "/var/www",
            "/var/www/cgi-bin",
            "/var/wwwroot/app",
            "/var/app",
        ] {
            assert!(is_system(path), "{path}");
        }
    }

    #[test]
    fn packages_share_some_folders() {
        let apt = "apt-get install -y curl";
        for (path, text, shared) in [
            ("/app", apt, false),
            ("/opt/shop", apt, false),
            ("/opt/shop", "apt-get install -y shop", true),
            ("/opt/google", apt, true),
            ("/opt", apt, true),
            ("/usr/src/shop/api", apt, true),
            ("/usr/app", apt, true),
            ("/var/www/html", apt, true),
        ] {
            assert_eq!(is_shared_with_packages(path, text.as_bytes()), shared, "{path} {text}");
        }
    }

    #[test]
    fn places_are_apart_where_neither_makes_the_others_folder() {
        for (path, other, apart) in [
            ("/app", "/usr/local/bin", true),
            ("/app", "/data/x", true),
            ("/app/a", "/app/b", false),
            ("/app", "/app/b", false),
            ("/app/a", "/", false),
            ("/opt/a", "/opt/b", true),
            ("/usr/src/a", "/usr/src/b", false),
            ("/usr/src/a", "/usr/local/bin", true),
        ] {
            assert_eq!(are_apart(path, other), apart, "{path} {other}");
        }
    }

    #[test]
    fn each_path_has_a_folder_of_its_own() {
        for (path, own) in [
            ("/app", "/app"),
            ("/app/src", "/app"),
            ("/opt", "/opt"),
            ("/opt/app/src", "/opt/app"),
            ("/home/me", "/home/me"),
            ("/usr/src/app/api", "/usr/src/app"),
            ("/usr/app/api", "/usr/app"),
            ("/var/www/html/x", "/var/www/html"),
            ("/usr/local/bin", "/usr"),
            ("/", "/"),
        ] {
            assert_eq!(own_top(path), own, "{path}");
        }
    }
}
