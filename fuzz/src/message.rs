//! Control messages one at a time: any payload behind a type and its right length.

use mosaik_proto::moqt::{ControlMessage, Namespace, encode_varint, stream_type};

use crate::control::{hear, survives};

/// Types of the messages that there are (section 10), in the order of the draft's table.
const TYPES: [u64; 18] = [
    stream_type::SETUP,
    0x10,
    0x07,
    0x05,
    0x02,
    0x03,
    0x04,
    0x1D,
    0x0B,
    0x16,
    0x18,
    0x0D,
    0x06,
    0x08,
    0x0E,
    0x50,
    0x51,
    0x0F,
];

/// The first byte of the input chooses the type.
pub fn check(input: &[u8]) {
    let Some((choice, payload)) = input.split_first() else {
        return;
    };
    let kind = TYPES[usize::from(*choice) % TYPES.len()];
    if let Some(message) = message(kind, payload) {
        survives(&message, payload.len());
        request_is_consistent(&message);
    }
}

/// The message of this type and payload, if it is one.
pub(crate) fn message(kind: u64, payload: &[u8]) -> Option<ControlMessage> {
    let length = u16::try_from(payload.len()).ok()?;
    let mut bytes = Vec::with_capacity(payload.len() + 11);
    encode_varint(kind, &mut bytes);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(payload);
    let (mut messages, end) = hear([&bytes[..]].into_iter());
    match end {
        Ok(rest) => {
            assert!(rest.is_empty(), "a whole message of type {kind:#x} was not taken");
            assert_eq!(messages.len(), 1, "type {kind:#x}");
        }
        Err(_) => assert!(messages.is_empty(), "a message and a violation in one message"),
    }
    messages.pop()
}

/// Only what begins a request has what requests have.
fn request_is_consistent(message: &ControlMessage) {
    if message.request_id().is_none() {
        assert!(message.namespace().is_none() && message.tokens().is_empty());
    }
    for field in message.namespace().into_iter().flat_map(Namespace::fields) {
        assert!(!field.is_empty(), "an empty field of a namespace was let in");
    }
}
