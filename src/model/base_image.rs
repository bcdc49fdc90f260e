//! The image that a stage builds on in the end, and what is known of it.
//!
//! An image may say with USER and ENV who runs a RUN, and where that user's home is; a Dockerfile does not show it. What
//! is said here of images is knowledge of those that very many files build on, as their makers publish them.

use super::stage::{self, Stage, Step};
use crate::syntax::tree::{Dockerfile, Keyword};

/// Images whose RUNs run as root, and with /root as home: no USER and no HOME is in their configuration.
const OF_ROOT: &[&str] = &[
    "almalinux",
    "alpine",
    "amazonlinux",
    "buildpack-deps",
    "debian",
    "eclipse-temurin",
    "fedora",
    "gcc",
    "golang",
    "httpd",
    "lukemathwalker/cargo-chef",
    "maven",
    "nginx",
    "node",
    "nvidia/cuda",
    "openjdk",
    "perl",
    "php",
    "python",
    "pytorch/pytorch",
    "rockylinux",
    "ruby",
    "rust",
    "tensorflow/tensorflow",
    "ubuntu",
];

/// Registries that hold the same images under longer names.
const HUBS: &[&str] = &[
    "docker.io/library/",
    "docker.io/",
    "index.docker.io/library/",
    "index.docker.io/",
    "registry-1.docker.io/library/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "mirror.gcr.io/",
    "library/",
];

/// Parts of tags by which the image is known to hold the C library of GNU.
const OF_GNU: &[&str] =
    &["slim", "buster", "bullseye", "bookworm", "trixie", "focal", "jammy", "noble", "ubuntu", "debian"];

/// What an image is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its name, without a registry that holds the same as Docker Hub.
    pub name: String,
    /// Its tag, as it is written; empty where there is none.
    pub tag: String,
    /// Whether a digest says which it is, whatever the tag.
    pub is_pinned: bool,
}

impl Base {
    fn read(image: &str) -> Option<Self> {
        let (image, is_pinned) = image.split_once('@').map_or((image, false), |(image, _)| (image, true));
        let image = HUBS.iter().find_map(|hub| image.strip_prefix(hub)).unwrap_or(image);
        let from = image.rfind('/').map_or(0, |slash| slash + 1);
        let colon = image[from..].find(':').map_or(image.len(), |at| from + at);
        let (name, tag) = (&image[..colon], image[colon..].trim_start_matches(':'));
        let is_known = !name.is_empty() && !name.contains('$');
        is_known.then(|| Self { name: name.to_string(), tag: tag.to_string(), is_pinned })
    }

    /// Whether its RUNs are known to run as root, at home in /root.
    pub fn is_of_root(&self) -> bool {
        OF_ROOT.contains(&&*self.name)
    }

    /// Whether it may hold another C library than GNU's, for which programs have to be built anew.
    pub fn may_be_musl(&self) -> bool {
        let is_gnu = OF_GNU.iter().any(|part| self.tag.contains(part));
        let is_open = self.tag.contains('$') || self.tag.is_empty() && self.is_pinned;
        self.name.contains("alpine") || self.tag.contains("alpine") || (is_open && !is_gnu)
    }
}

/// The image at the end of the chain of stages in which the instruction at `item` stands; `None` where its name holds a
/// variable.
pub fn of(file: &Dockerfile, stages: &[Stage], item: usize) -> Option<Base> {
    let own = stages.iter().rposition(|s| s.steps.iter().any(|step| step.item == item))?;
    let from = |stage: &Stage| stage.from.and_then(|id| file.instruction(id)).map(stage::base);
    let (mut image, _) = from(&stages[own])?;
    for stage in stages[..own].iter().rev() {
        let Some((below, name)) = from(stage) else { break };
        if name == Some(image.to_ascii_lowercase()) {
            image = below;
        }
    }
    Base::read(std::str::from_utf8(image).ok()?)
}

/// Whether the instruction at `item` runs as root, at home in /root: the image is known, and no USER of the lineage says
/// otherwise.
///
/// # Errors
/// Why that is not known, as the end of a sentence.
pub fn runs_as_root(file: &Dockerfile, stages: &[Stage], item: usize) -> Result<(), String> {
    let lineage = stage::lineage(file, stages, item);
    match lineage.iter().find(|step| step.keyword == Keyword::User) {
        Some(user) if !is_root(file, user) => {
            Err(format!("the USER on line {} may be another than root", user.line))
        }
        // a USER of the file is not enough: the image may set HOME, as those of Jupyter do
        _ => match of(file, stages, item) {
            Some(base) if base.is_of_root() => Ok(()),
            Some(base) => {
                Err(format!("it is not known whether {} runs as root, at home in /root", base.name))
            }
            None => Err("the base image is not known, nor who runs it and where its home is".to_string()),
        },
    }
}

fn is_root(file: &Dockerfile, user: &Step) -> bool {
    let mut words =
        file.instruction_at(user.item).into_iter().flat_map(|i| i.line().split(u8::is_ascii_whitespace));
    words.next();
    let mut words = words.filter(|w| !w.is_empty());
    let (name, more) = (words.next().unwrap_or_default(), words.next());
    let name = name.split(|b| *b == b':').next().unwrap_or_default();
    more.is_none() && matches!(name, b"root" | b"0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    #[track_caller]
    fn root(text: &str) -> Result<(), String> {
        let file = syntax::parse(text.as_bytes());
        let last = file.instructions().last().expect("an instruction").id;
        let item = file.position(last).expect("its place");
        runs_as_root(&file, &stage::stages(&file), item)
    }

    #[test]
    fn names_are_read() {
        for (image, name, tag) in [
            ("python:3.12-slim", "python", "3.12-slim"),
            ("docker.io/library/node:22@sha256:0", "node", "22"),
            ("nvidia/cuda:$TAG", "nvidia/cuda", "$TAG"),
            ("localhost:5000/a", "localhost:5000/a", ""),
        ] {
            let base = Base::read(image).expect("a known name");
            assert_eq!((&*base.name, &*base.tag), (name, tag), "{image}");
        }
        assert_eq!(Base::read("$BASE"), None);
    }

    #[test]
    fn musl_may_be_behind_a_variable() {
        let may = |image| Base::read(image).expect("a known name").may_be_musl();
        assert!(may("python:3-alpine") && may("alpine") && may("python:$V") && may("python@sha256:0"));
        assert!(!may("python:3") && !may("python:3@sha256:0") && !may("python:${V}-slim-bookworm"));
    }

    #[test]
    fn root_is_known_by_the_image_or_by_a_user() {
        for text in [
            "FROM python:3\nRUN a\n",
            "ARG V\nFROM python:$V AS Base\nFROM base\nRUN a\n",
            "FROM node\nUSER root:root\nRUN a\n",
            "FROM node AS a\nUSER app\nUSER 0\nFROM a\nRUN a\n",
        ] {
            assert_eq!(root(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn anybody_else_is_not_root() {
        for (text, why) in [
            ("FROM jupyter/base-notebook\nRUN a\n", "whether jupyter/base-notebook runs as root"),
            ("ARG B\nFROM $B\nRUN a\n", "the base image is not known"),
            ("FROM jupyter/base-notebook\nUSER root\nRUN a\n", "at home in /root"),
            ("FROM python\nUSER app\nRUN a\n", "the USER on line 2"),
            ("FROM python\nUSER root x\nRUN a\n", "the USER on line 2"),
            ("FROM python AS a\nUSER $U\nFROM a\nRUN a\n", "the USER on line 2"),
        ] {
            let said = root(text).expect_err(text);
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
