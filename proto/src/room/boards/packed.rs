//! Objects of JSON that are deflated: what is long is short on a weak line.

use std::borrow::Cow;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// What a deflated object begins with. One that is plain begins with a brace.
const PACKED: u8 = 1;

/// Half way between the fastest and the shortest: a tenth longer than that.
const LEVEL: u8 = 6;

/// Bytes of what is packed: more than a board holds.
pub const UNPACKED_BYTES_MAX: usize = 4 << 20;

/// An object that is neither plain nor packed, or holds too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no packed object")]
pub struct BadPacked;

/// The object that says `json` in fewer bytes (RFC 1951 behind one byte).
pub fn pack(json: &[u8]) -> Vec<u8> {
    let mut object = vec![PACKED];
    object.append(&mut compress_to_vec(json, LEVEL));
    object
}

/// What an object says, packed or not.
///
/// # Errors
/// [`BadPacked`] for anything else, and for more than [`UNPACKED_BYTES_MAX`].
pub fn unpack(object: &[u8]) -> Result<Cow<'_, [u8]>, BadPacked> {
    match object {
        [b'{', ..] => Ok(Cow::Borrowed(object)),
        [PACKED, packed @ ..] => decompress_to_vec_with_limit(packed, UNPACKED_BYTES_MAX)
            .map(Cow::Owned)
            .map_err(|_| BadPacked),
        _ => Err(BadPacked),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_fill_the_memory_is_refused() {
        let bomb = pack(&vec![b' '; UNPACKED_BYTES_MAX + 1]);
        assert!(bomb.len() < 16 << 10, "{}", bomb.len());
        assert_eq!(unpack(&bomb), Err(BadPacked));
        assert!(unpack(&pack(&vec![b' '; UNPACKED_BYTES_MAX])).is_ok());
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked_as_it_was(text: String) {
            let packed = pack(text.as_bytes());
            prop_assert_eq!(unpack(&packed).unwrap(), text.as_bytes());
            let plain = format!("{{{text}");
            prop_assert_eq!(unpack(plain.as_bytes()).unwrap(), plain.as_bytes());
        }

        #[test]
        fn any_bytes_are_unpacked_or_refused(bytes: Vec<u8>) {
            let packed = [&[PACKED], bytes.as_slice()].concat();
            for object in [bytes, packed] {
                prop_assert!(unpack(&object).map_or(0, |json| json.len()) <= UNPACKED_BYTES_MAX);
            }
        }
    }
}
