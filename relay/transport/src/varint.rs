//! Variable-length integers of QUIC (RFC 9000, section 16), of which QMux and the stream headers of
//! HTTP/3 are made. MoQT's own are others.

use bytes::{Buf, BufMut, Bytes};

/// The largest number that there is.
pub(crate) const VARINT_MAX: u64 = (1 << 62) - 1;

/// Writes `value`, which is at most [`VARINT_MAX`], in as few bytes as it needs.
pub(crate) fn put_varint(value: u64, buf: &mut impl BufMut) {
    match value {
        0..0x40 => buf.put_uint(value, 1),
        0x40..0x4000 => buf.put_uint(value | 0x4000, 2),
        0x4000..0x4000_0000 => buf.put_uint(value | 0x8000_0000, 4),
        _ => buf.put_u64(value | 0xC000_0000_0000_0000),
    }
}

/// How many bytes `value` takes.
pub(crate) const fn varint_size(value: u64) -> usize {
    match value {
        0..0x40 => 1,
        0x40..0x4000 => 2,
        0x4000..0x4000_0000 => 4,
        _ => 8,
    }
}

/// Takes a number off the front, or `None` if it is cut off.
pub(crate) fn take_varint(buf: &mut Bytes) -> Option<u64> {
    let size = 1 << (buf.first()? >> 6);
    if buf.len() < size {
        return None;
    }
    let bits = buf.get_uint(size);
    Some(bits & (u64::MAX >> (66 - 8 * size)))
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;

    use super::*;

    #[test]
    fn numbers_of_every_size_survive() {
        for value in [0, 0x3F, 0x40, 0x3FFF, 0x4000, 0x3FFF_FFFF, 0x4000_0000, VARINT_MAX] {
            let mut buf = BytesMut::new();
            put_varint(value, &mut buf);
            assert_eq!(buf.len(), varint_size(value));
            let mut whole = buf.freeze();
            let mut cut = whole.slice(..whole.len() - 1);
            assert_eq!(take_varint(&mut cut), None);
            assert_eq!(take_varint(&mut whole), Some(value));
            assert!(whole.is_empty());
        }
    }
}
