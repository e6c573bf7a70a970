//! MoQT's variable-length integers: the count of leading ones is the count of further bytes
//! (section 1.4.1). Not QUIC's: all 64 bits fit, in at most nine bytes.

use bytes::{Buf, BufMut};

/// Reads one integer, or `None` while bytes are missing (nothing is consumed then).
pub fn decode_varint(buf: &mut impl Buf) -> Option<u64> {
    if !buf.has_remaining() {
        return None;
    }
    let first = *buf.chunk().first()?;
    let extra = usize::try_from(first.leading_ones()).unwrap_or(8);
    if buf.remaining() <= extra {
        return None;
    }
    buf.advance(1);
    let mut value = if extra >= 7 { 0 } else { u64::from(first & (0x7F >> extra)) };
    for _ in 0..extra {
        value = value << 8 | u64::from(buf.get_u8());
    }
    Some(value)
}

/// Writes `value` in as few bytes as it needs.
pub fn encode_varint(value: u64, buf: &mut impl BufMut) {
    let len = varint_len(value);
    if len == 9 {
        buf.put_u8(0xFF);
        buf.put_u64(value);
        return;
    }
    let extra = len - 1;
    let marker = !(0xFF_u64 >> extra) & 0xFF;
    let shifted = value | marker << (8 * extra);
    buf.put_uint(shifted, len);
}

/// Bytes that [`encode_varint`] writes for `value`, 1 to 9.
pub const fn varint_len(value: u64) -> usize {
    let bits = 64 - value.leading_zeros() as usize;
    match bits {
        0..=7 => 1,
        8..=56 => bits.div_ceil(7),
        _ => 9,
    }
}

#[cfg(test)]
mod tests {
    use moqtap_codec::varint::{Moqt18, VarInt};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_drafts_examples_decode() {
        for (bytes, value) in [
            (&[0x25][..], 37),
            (&[0x80, 0x25], 37),
            (&[0xbb, 0xbd], 15_293),
            (&[0xed, 0x7f, 0x3e, 0x7d], 226_442_877),
            (&[0xfa, 0xa1, 0xa0, 0xe4, 0x03, 0xd8], 2_893_212_287_960),
            (&[0xfe, 0xfa, 0x31, 0x8f, 0xa8, 0xe3, 0xca, 0x11], 70_423_237_261_249_041),
            (&[0xff; 9], u64::MAX),
        ] {
            assert_eq!(decode_varint(&mut &bytes[..]), Some(value), "{bytes:x?}");
        }
    }

    proptest! {
        #[test]
        fn every_number_survives_and_an_independent_codec_agrees(
            value in any::<u64>(), shift in 0_u32..64
        ) {
            let value = value >> shift;
            let mut ours = Vec::new();
            encode_varint(value, &mut ours);
            let mut theirs = Vec::new();
            VarInt::from_u64_moqt(value).encode_moqt::<Moqt18>(&mut theirs);
            prop_assert_eq!(&ours, &theirs);
            prop_assert_eq!(ours.len(), varint_len(value));
            for cut in 0..ours.len() {
                prop_assert_eq!(decode_varint(&mut &ours[..cut]), None);
            }
            prop_assert_eq!(decode_varint(&mut &ours[..]), Some(value));
        }
    }
}
