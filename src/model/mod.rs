//! What the tree means. Values in, values out: nothing here touches files, clock, environment or terminal.

pub mod archive;
pub mod arguments;
pub mod base_image;
mod build;
pub mod buildah;
pub mod calls;
pub mod command;
pub mod context;
pub mod graph;
pub mod head;
pub mod image;
pub mod install;
pub mod left_behind;
pub mod manifests;
pub mod names_only;
pub mod packages;
pub mod place;
pub mod pragma;
pub mod reach;
pub mod scenes;
pub mod scope;
pub mod shell_state;
pub mod stage;
pub mod variables;
pub mod view;
pub mod volatile;
