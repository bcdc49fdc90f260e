//! What the tree means.

pub mod head;
pub mod pragma;
pub mod view;
