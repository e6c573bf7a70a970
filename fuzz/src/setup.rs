//! SETUP: any options, and the rules of URIs for two of them.

use mosaik_proto::moqt::{ControlMessage, is_authority, is_path, stream_type};

use crate::control::survives;
use crate::message::message;

/// The input is SETUP's payload, and a path and an authority besides.
pub fn check(input: &[u8]) {
    uri(input);
    let Some(message) = message(stream_type::SETUP, input) else {
        return;
    };
    survives(&message, input.len());
    let ControlMessage::Setup(setup) = message else {
        panic!("SETUP was decoded as {}", message.name());
    };
    for part in [&setup.path, &setup.authority].into_iter().flatten() {
        uri(part);
    }
}

/// Whatever is taken for a part of a URI has no byte that a URI never has.
fn uri(bytes: &[u8]) {
    let is_never =
        |byte: &u8| byte.is_ascii_control() || !byte.is_ascii() || b" #<>\"".contains(byte);
    if is_path(bytes) {
        assert!(!bytes.iter().any(is_never), "a path");
        assert!(matches!(bytes.first(), None | Some(b'/' | b'?')), "a path that begins elsewhere");
    }
    if is_authority(bytes) {
        assert!(!bytes.is_empty() && !bytes.iter().any(is_never), "an authority");
        assert!(!bytes.contains(&b'/') && !bytes.contains(&b'?'), "an authority that goes on");
    }
}
