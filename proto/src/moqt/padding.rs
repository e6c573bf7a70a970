//! Padding: zeros that stand for nothing, to find out what a link carries (section 11.5).

use bytes::{BufMut, Bytes, BytesMut};

use super::stream_type;
use super::varint::{encode_varint, varint_len};

/// Zeros for padding streams, without a copy for each.
static ZEROS: [u8; 16 << 10] = [0; 16 << 10];

/// What a padding stream begins with.
pub fn padding_header() -> Bytes {
    let mut bytes = BytesMut::new();
    encode_varint(stream_type::PADDING, &mut bytes);
    bytes.freeze()
}

/// At most `len` bytes of padding for such a stream; fewer where that is handier.
pub fn padding_bytes(len: usize) -> Bytes {
    Bytes::from_static(&ZEROS).slice(..len.min(ZEROS.len()))
}

/// A padding datagram of `len` bytes, or as few as its type needs.
pub fn padding_datagram(len: usize) -> Bytes {
    let mut bytes = BytesMut::with_capacity(len);
    encode_varint(stream_type::PADDING_DATAGRAM, &mut bytes);
    bytes.put_bytes(0, len.saturating_sub(varint_len(stream_type::PADDING_DATAGRAM)));
    bytes.freeze()
}

#[cfg(test)]
mod tests {
    use super::super::{Datagram, decode_varint};
    use super::*;

    #[test]
    fn padding_is_its_type_and_zeros() {
        assert_eq!(decode_varint(&mut &padding_header()[..]), Some(stream_type::PADDING));
        assert!(padding_bytes(100_000).iter().all(|byte| *byte == 0));
        assert_eq!(padding_bytes(7).len(), 7);
        for len in [0, 5, 1_200] {
            let datagram = padding_datagram(len);
            assert_eq!(datagram.len(), len.max(5));
            assert_eq!(Datagram::decode(datagram), Ok(None));
        }
    }
}
