//! Control and request streams: whatever bytes come, in whatever pieces.

use mosaik_proto::moqt::{ControlDecoder, ControlMessage, Violation};

use crate::pieces::{pieces, split};

/// Payload bytes from which on a message may not fit any more when it is encoded again: SETUP gets
/// a reserved option of ours, and numbers that came in short form stay short.
const LARGE: usize = 0xFFFF - 64;

/// What a stream said: its messages, then a violation or what is left.
type Said = (Vec<ControlMessage>, Result<Vec<u8>, Violation>);

/// The pieces change nothing, and every message survives.
pub fn check(input: &[u8]) {
    let Some((sizes, bytes)) = split(input) else {
        return;
    };
    let whole = hear([bytes].into_iter());
    assert_eq!(hear(pieces(sizes, bytes)), whole);
    for message in &whole.0 {
        survives(message, bytes.len());
    }
}

/// What was decoded from `len` bytes decodes again from what it is encoded to.
pub(crate) fn survives(message: &ControlMessage, len: usize) {
    let encoded = match message.encode() {
        Ok(encoded) => encoded,
        Err(_) if len > LARGE => return,
        Err(violation) => panic!("{} was decoded and has no bytes: {violation}", message.name()),
    };
    let said = hear([&encoded[..]].into_iter());
    assert_eq!(said, (vec![message.clone()], Ok(Vec::new())));
}

/// Reads a stream, taking all messages after each piece as sessions do.
pub(crate) fn hear<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Said {
    let mut decoder = ControlDecoder::default();
    let mut messages = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.take() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(violation) => return (messages, Err(violation)),
            }
        }
    }
    let is_empty = decoder.is_empty();
    let rest = decoder.into_rest().to_vec();
    assert_eq!(rest.is_empty(), is_empty);
    (messages, Ok(rest))
}
