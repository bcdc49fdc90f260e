//! Paths that a manifest names, as clean paths in the context.

use crate::model::context::path;

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// To this place in what was copied.
    Inside(String),
    /// Above what was copied: the source brings nothing there.
    Above,
    /// It is absolute, holds a variable or a pattern, or winds through folders that may be links.
    Unclear,
}

/// `word`, as it stands in a file of `folder`, where `top` was copied. Leading `..` are followed, since no link leads to
/// `folder`; behind a name they are not, since that may be one.
pub fn named(top: &str, folder: &str, word: &str) -> Named {
    if word.is_empty() || word.starts_with('/') || word.contains(UNCLEAR) {
        return Named::Unclear;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    let above = top.split('/').filter(|p| !p.is_empty()).count();
    let mut words = word.split('/').filter(|p| !matches!(*p, "" | ".")).peekable();
    while words.next_if(|p| *p == "..").is_some() {
        if parts.len() <= above {
            // one file beside the folder; anything longer might come back into it
            let rest: Vec<&str> = words.collect();
            return if matches!(rest[..], [file] if file.contains('.')) {
                Named::Above
            } else {
                Named::Unclear
            };
        }
        parts.pop();
    }
    for part in words {
        if part == ".." {
            return Named::Unclear;
        }
        parts.push(part);
    }
    Named::Inside(parts.join("/"))
}

const UNCLEAR: [char; 10] = ['$', '*', '?', '[', '{', '~', '%', '@', '\\', '\0'];

/// `folder` and each folder above it, up to `top`.
pub fn upward<'f>(top: &'f str, folder: &'f str) -> impl Iterator<Item = &'f str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let at = next?;
        next = (at != top && !at.is_empty()).then(|| path::parent(at));
        Some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_where_it_says() {
        let inside = |p: &str| Named::Inside(p.to_string());
        let table = [
            (("", "", "pom.xml"), inside("pom.xml")),
            (("", "a/b", "../pom.xml"), inside("a/pom.xml")),
            (("", "a", "./c//d/"), inside("a/c/d")),
            (("", "a", ".."), inside("")),
            (("", "", "../pom.xml"), Named::Above),
            (("a", "a", "../pom.xml"), Named::Above),
            (("", "", "../app"), Named::Unclear),
            (("", "", "../app/pom.xml"), Named::Unclear),
            (("", "", "../../pom.xml"), Named::Unclear),
            (("", "", "a/../b"), Named::Unclear),
            (("", "", "/app/pom.xml"), Named::Unclear),
            (("", "", "${x}/pom.xml"), Named::Unclear),
            (("", "", "a/*.xml"), Named::Unclear),
            (("", "", ""), Named::Unclear),
        ];
        for ((top, folder, word), want) in table {
            assert_eq!(named(top, folder, word), want, "{word:?} in {folder:?} of {top:?}");
        }
    }

    #[test]
    fn goes_up_to_the_top() {
        assert_eq!(upward("", "a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(upward("a", "a/b").collect::<Vec<_>>(), ["a/b", "a"]);
        assert_eq!(upward("", "").collect::<Vec<_>>(), [""]);
    }
}
