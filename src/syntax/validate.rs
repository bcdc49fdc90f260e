//! What BuildKit's check of instructions refuses, after its parser: arity, flags, names.

use super::tree::Dockerfile;

/// Adds the errors of all instructions to the file.
pub(super) fn file(_file: &mut Dockerfile) {}
