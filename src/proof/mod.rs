//! Rules are applied here, and what they made of a file is proved.
//!
//! [`engine`] is the pipeline. Layout has two judges: [`same_view`] compares the trees; [`scan`] knows nothing of them.
//! What image rules do is judged by [`same_commands`], [`same_graph`] and [`manifests_first`].

pub mod changes;
pub mod engine;
mod guard;
mod manifests_first;
mod same_commands;
mod same_graph;
pub mod same_view;
pub mod scan;
mod text;
