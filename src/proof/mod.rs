//! Rules are applied and proved here.

pub mod engine;
