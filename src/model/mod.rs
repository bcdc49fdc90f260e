//! What the tree means. Values in, values out: nothing here touches files, clock, environment or terminal.

pub mod context;
pub mod manifests;
