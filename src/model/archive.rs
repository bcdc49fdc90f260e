//! Whether ADD would unpack a file: BuildKit looks at its content, never at its name.
//!
//! It takes off gzip, bzip2, xz or zstd, and then wants one header of a tar, with the mark of POSIX or without
//! (`solver/llbsolver/file/unpack.go`, `isArchivePath`; `compression.Detect` of moby/go-archive; Go's `archive/tar`).
//! Here whatever is compressed may be an archive: nothing is unpacked to find out.

/// A header of a tar.
const BLOCK: usize = 512;

/// Where its checksum stands.
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// Whether ADD may unpack a file of this content; `false` is certain.
pub fn may_be(content: &[u8]) -> bool {
    is_compressed(content) || content.first_chunk::<BLOCK>().is_some_and(has_checksum)
}

fn is_compressed(content: &[u8]) -> bool {
    const MAGIC: [&[u8]; 4] = [b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];
    // zstd may begin with a frame that is skipped
    let skipped = |c: &[u8]| c.get(1..4) == Some(&b"\x2a\x4d\x18"[..]) && c[0] & 0xf0 == 0x50;
    MAGIC.iter().any(|m| content.starts_with(m)) || skipped(content)
}

/// A header is one whose bytes sum up to what it says; the sum itself counts as blanks. Some programs took bytes for
/// signed.
fn has_checksum(block: &[u8; BLOCK]) -> bool {
    let Some(said) = octal(&block[CHECKSUM]) else { return false };
    let byte = |at: usize| if CHECKSUM.contains(&at) { b' ' } else { block[at] };
    let unsigned: i64 = (0..BLOCK).map(|at| i64::from(byte(at))).sum();
    let signed: i64 = (0..BLOCK).map(|at| i64::from(byte(at).cast_signed())).sum();
    said == unsigned || said == signed
}

/// An octal number with blanks and NULs around it; none is 0, as Go reads it.
fn octal(field: &[u8]) -> Option<i64> {
    let is_padding = |b: &u8| matches!(b, b' ' | 0);
    let start = field.iter().position(|b| !is_padding(b)).unwrap_or(field.len());
    let digits = &field[start..];
    let end = digits.iter().position(|b| *b == 0).unwrap_or(digits.len());
    let text = std::str::from_utf8(&digits[..end]).ok()?.trim_end_matches(' ');
    if text.is_empty() { Some(0) } else { i64::from_str_radix(text, 8).ok() }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, may_be};

    /// A header as tar wrote it before POSIX: a name, and a sum.
    fn header(name: &[u8], signed: bool) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..name.len()].copy_from_slice(name);
        block[100..107].copy_from_slice(b"0000644");
        block[124..135].copy_from_slice(b"00000000000");
        block[148..156].copy_from_slice(b"        ");
        let value = |b: &u8| if signed { i64::from(b.cast_signed()) } else { i64::from(*b) };
        let sum: i64 = block.iter().map(value).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }

    #[test]
    fn tars_are_known_by_their_sum() {
        let tar = header(b"a.txt", false);
        assert!(may_be(&tar));
        assert!(may_be(&header(b"\xe4.txt", false)) && may_be(&header(b"\xe4.txt", true)));
        let mut other = tar.clone();
        other[0] = b'b';
        assert!(!may_be(&other), "another sum");
        assert!(!may_be(&tar[..BLOCK - 1]), "no whole header");
        // an archive of nothing is copied: its first block holds no sum
        assert!(!may_be(&[0; 1024]));
    }

    #[test]
    fn what_is_compressed_may_hold_one() {
        let all: &[&[u8]] = &[
            b"\x1f\x8b\x08\x00",
            b"BZh9",
            b"\xfd7zXZ\0\0",
            b"\x28\xb5\x2f\xfd",
            b"\x50\x2a\x4d\x18\0\0\0\0",
            b"\x5f\x2a\x4d\x18\0\0\0\0",
        ];
        assert!(all.iter().all(|c| may_be(c)));
        let none: &[&[u8]] =
            &[b"", b"#!/bin/sh\n", b"PK\x03\x04", b"\x1f\x8b", b"BZ", b"\x60\x2a\x4d\x18\0\0\0\0"];
        assert!(!none.iter().any(|c| may_be(c)));
    }
}
