//! dfmt rewrites Dockerfiles and proves that the image stays the same.

pub mod cli;
pub mod model;
pub mod source;
pub mod syntax;
