//! What the tree means.

pub mod view;
