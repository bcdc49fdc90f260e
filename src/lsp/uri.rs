//! The path that a `file:` URI names.

use std::path::PathBuf;

use lsp_types::Uri;

/// The path of a file on this machine; `None` for what is none.
pub fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let bytes = decoded(&rest[..end]).filter(|bytes| bytes.starts_with(b"/"))?;
    from_bytes(bytes)
}

/// Without percent escapes; `None` where one is broken.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        if b != b'%' {
            out.push(b);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    (!out.contains(&0)).then_some(out)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not all bytes are a path")]
fn from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

/// `/c:/folder` is `c:/folder`.
#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    let text = String::from_utf8(bytes).ok()?;
    let has_drive = text.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if has_drive { &text[1..] } else { &text }))
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;

    use super::path;

    #[track_caller]
    fn check(uri: &str, want: Option<&str>) {
        assert_eq!(path(&uri.parse().unwrap()).as_deref(), want.map(Path::new));
    }

    #[test]
    fn files_have_a_path_and_others_do_not() {
        check("file:///a/b%20%C3%A9/Dockerfile", Some("/a/b é/Dockerfile"));
        check("file://localhost/a?x#y", Some("/a"));
        check("file://host/a", None);
        check("file:///a%00b", None);
        check("untitled:Untitled-1", None);
        check("vscode-vfs://github/a/b", None);
    }
}
