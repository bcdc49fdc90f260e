//! dfmt rewrites Dockerfiles and proves that the image stays the same.

pub mod cli;
pub mod config;
pub mod layout;
pub mod lsp;
pub mod model;
pub mod proof;
pub mod report;
pub mod rules;
pub mod settings;
pub mod source;
pub mod syntax;
