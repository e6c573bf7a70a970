//! Variable-length integers.

use bytes::Buf;
use mosaik_proto::moqt::{decode_varint, encode_varint, varint_len};

/// Any bytes are a number or too few; every number has one shortest form, which is ours.
pub fn check(bytes: &[u8]) {
    let mut rest = bytes;
    let number = decode_varint(&mut rest);
    let taken = bytes.len() - rest.len();
    for cut in 0..=bytes.len().min(9) {
        let (front, back) = bytes.split_at(cut);
        let mut parts = front.chain(back);
        assert_eq!(decode_varint(&mut parts), number, "cut at {cut}");
        assert_eq!(parts.remaining(), rest.len(), "cut at {cut}");
    }
    let Some(number) = number else {
        assert_eq!(taken, 0, "bytes of a number that is not whole were taken");
        return;
    };
    for cut in 0..taken {
        assert_eq!(decode_varint(&mut &bytes[..cut]), None, "a number from {cut} of its bytes");
    }
    let mut shortest = Vec::new();
    encode_varint(number, &mut shortest);
    assert_eq!(shortest.len(), varint_len(number));
    assert!(shortest.len() <= taken, "{number} needs {taken} bytes at most");
    assert_eq!(decode_varint(&mut &shortest[..]), Some(number));
}
