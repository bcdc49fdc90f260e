//! Rules are applied and proved here.

pub mod engine;
pub mod same_view;
