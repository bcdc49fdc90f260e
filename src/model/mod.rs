//! What the tree means. Values in, values out: nothing here touches files, clock, environment or terminal.

pub mod command;
pub mod context;
pub mod head;
pub mod manifests;
pub mod pragma;
pub mod stage;
pub mod view;
