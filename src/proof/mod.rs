//! Rules are applied here, and what they made of a file is proved.
//!
//! [`engine`] is the pipeline. Layout has two judges: [`same_view`] compares the trees; [`scan`] knows nothing of them.
//! What image rules do is judged by [`same_commands`], [`same_graph`], [`same_config`], [`no_archive`] and [`manifests_first`],
//! what content rules do by [`declared`].

pub mod changes;
mod declared;
mod declared_forms;
mod declared_mounts;
mod declared_words;
pub mod engine;
mod guard;
mod manifests_first;
mod no_archive;
mod same_commands;
mod same_config;
mod same_graph;
pub mod same_view;
pub mod scan;
mod text;
