//! What the relay said to a peer must be what the draft allows, whatever the peer did.

use bytes::{Buf, Bytes};
use mosaik_proto::moqt::{
    ControlMessage, Datagram, FetchDecoder, GroupOrder, SessionCode, SubgroupDecoder,
    SubgroupHeader, Violation, decode_fetch_header, decode_varint, stream_type,
};

use crate::control::hear;
use crate::transport::{End, Outgoing, State};

/// Looks at everything that went to the peer.
pub(crate) fn check(state: &State) {
    for stream in &state.streams {
        match (&stream.outgoing, &stream.incoming) {
            (Some(said), Some(_)) => drop(messages(said)),
            (Some(said), None) => stream_of_one_direction(said),
            (None, _) => {}
        }
    }
    for datagram in &state.sent_datagrams {
        let decoded = Datagram::decode(datagram.clone());
        assert!(matches!(decoded, Ok(Some(_))), "a datagram: {decoded:?}");
    }
    let Some((code, reason)) = &state.closed else {
        panic!("a session ended and its transport was not closed");
    };
    let code = SessionCode::from_wire(u64::from(*code));
    assert!(code.is_some(), "a code that the draft does not have");
    assert_ne!(reason, "internal error", "a task of the session failed");
}

/// A request's stream has whole messages, and no half one at its end.
fn messages(said: &Outgoing) -> Vec<ControlMessage> {
    let (messages, end) = hear([&said.bytes[..]].into_iter());
    match (end, said.end) {
        (Err(violation), _) => panic!("messages: {violation}"),
        (Ok(rest), Some(End::Fin)) => assert!(rest.is_empty(), "half a message, and FIN"),
        (Ok(_), _) => {}
    }
    messages
}

fn stream_of_one_direction(said: &Outgoing) {
    let mut rest = &said.bytes[..];
    let Some(kind) = decode_varint(&mut &rest[..]) else {
        assert_ne!(said.end, Some(End::Fin), "a stream without a type");
        return;
    };
    let result = match kind {
        stream_type::SETUP => {
            control(&messages(said));
            return;
        }
        stream_type::FETCH => fetch(&mut rest),
        _ => subgroup(&mut rest),
    };
    match (result, said.end) {
        (Err(Violation::Truncated), Some(End::Reset(_)) | None) | (Ok(()), _) => {}
        (Err(violation), _) => panic!("a stream of type {kind:#x}: {violation}"),
    }
}

/// SETUP, then nothing but GOAWAY.
fn control(messages: &[ControlMessage]) {
    let mut messages = messages.iter();
    assert!(matches!(messages.next(), None | Some(ControlMessage::Setup(_))));
    for message in messages {
        assert!(matches!(message, ControlMessage::GoAway(_)), "{} on control", message.name());
    }
}

fn subgroup(rest: &mut &[u8]) -> Result<(), Violation> {
    let header = SubgroupHeader::decode(rest)?.ok_or(Violation::Truncated)?;
    let mut decoder = SubgroupDecoder::new(&header);
    decoder.push(Bytes::copy_from_slice(rest))?;
    decoder.finish()
}

/// The order is what the request asked for: one of the two.
fn fetch(rest: &mut &[u8]) -> Result<(), Violation> {
    decode_fetch_header(rest)?.ok_or(Violation::Truncated)?;
    let read = |order| {
        let mut decoder = FetchDecoder::new(order);
        decoder.push(Bytes::copy_from_slice(rest.chunk()))?;
        decoder.finish()
    };
    match read(GroupOrder::Ascending) {
        Ok(()) | Err(Violation::Truncated) => read(GroupOrder::Ascending),
        Err(_) => read(GroupOrder::Descending),
    }
}
