//! The tree back to bytes: one walk.

use super::tree::Dockerfile;

/// The bytes of `file`.
pub fn print(file: &Dockerfile) -> Vec<u8> {
    let size: usize = file.items.iter().map(|i| i.text().len()).sum();
    let mut out = Vec::with_capacity(size + 3);
    if file.bom {
        out.extend_from_slice(b"\xef\xbb\xbf");
    }
    for item in &file.items {
        out.extend_from_slice(item.text());
    }
    out
}
