//! The relations that must hold between a file and what dfmt made of it.
//!
//! Layout has two judges. One compares the trees; [`scan`] is the other, and knows nothing of the tree.

pub mod scan;
