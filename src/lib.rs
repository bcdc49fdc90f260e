//! dfmt rewrites Dockerfiles and proves that the image stays the same.

pub mod proof;
pub mod source;
pub mod syntax;
