//! What the relay said to a peer must be what the draft allows, whatever the peer did.

use std::collections::BTreeSet;

use bytes::Bytes;
use mosaik_proto::moqt::{
    ControlMessage, Datagram, FetchDecoder, GroupOrder, SessionCode, SubgroupDecoder,
    SubgroupHeader, Violation, decode_fetch_header, decode_varint, stream_type,
};

use crate::control::hear;
use crate::transport::{End, Outgoing, State};

/// What a peer heard, in short.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heard {
    /// A control message of this name.
    Message(&'static str),
    /// A subgroup with an object.
    Subgroup,
    /// A fetch with an object or a gap.
    Fetch,
    /// An object in a datagram.
    Datagram,
    /// The session was closed with this code.
    Closed(u32),
}

/// Looks at everything that went to the peer.
pub(crate) fn check(state: &State) -> BTreeSet<Heard> {
    let mut heard = BTreeSet::new();
    for stream in &state.streams {
        match (&stream.outgoing, &stream.incoming) {
            (Some(said), Some(_)) => names(&messages(said), &mut heard),
            (Some(said), None) => stream_of_one_direction(said, &mut heard),
            (None, _) => {}
        }
    }
    for datagram in &state.sent_datagrams {
        let decoded = Datagram::decode(datagram.clone());
        assert!(matches!(decoded, Ok(Some(_))), "a datagram: {decoded:?}");
        heard.insert(Heard::Datagram);
    }
    let Some((code, reason)) = &state.closed else {
        panic!("a session ended and its transport was not closed");
    };
    let is_known = SessionCode::from_wire(u64::from(*code)).is_some();
    assert!(is_known, "a session was closed with {code:#x}, which the draft does not have");
    assert_ne!(reason, "internal error", "a task of the session failed");
    heard.insert(Heard::Closed(*code));
    heard
}

fn names(messages: &[ControlMessage], heard: &mut BTreeSet<Heard>) {
    heard.extend(messages.iter().map(|message| Heard::Message(message.name())));
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

fn stream_of_one_direction(said: &Outgoing, heard: &mut BTreeSet<Heard>) {
    let mut rest = &said.bytes[..];
    let Some(kind) = decode_varint(&mut &rest[..]) else {
        assert_ne!(said.end, Some(End::Fin), "a stream without a type");
        return;
    };
    let result = match kind {
        stream_type::SETUP => {
            let messages = messages(said);
            control(&messages);
            names(&messages, heard);
            return;
        }
        stream_type::FETCH => fetch(&mut rest).map(|has_parts| has_parts.then_some(Heard::Fetch)),
        _ => subgroup(&mut rest).map(|has_objects| has_objects.then_some(Heard::Subgroup)),
    };
    match (result, said.end) {
        (Err(Violation::Truncated), Some(End::Reset(_)) | None) => {}
        (Ok(found), _) => heard.extend(found),
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

/// Whether there are objects in it.
fn subgroup(rest: &mut &[u8]) -> Result<bool, Violation> {
    let header = SubgroupHeader::decode(rest)?.ok_or(Violation::Truncated)?;
    let mut decoder = SubgroupDecoder::new(&header);
    let parts = decoder.push(Bytes::copy_from_slice(rest))?;
    decoder.finish().map(|()| !parts.objects.is_empty())
}

/// Whether there is something in it. The order is what the request asked for: one of the two.
fn fetch(rest: &mut &[u8]) -> Result<bool, Violation> {
    decode_fetch_header(rest)?.ok_or(Violation::Truncated)?;
    let read = |order| {
        let mut decoder = FetchDecoder::new(order);
        let parts = decoder.push(Bytes::copy_from_slice(rest))?;
        decoder.finish().map(|()| !parts.is_empty())
    };
    match read(GroupOrder::Ascending) {
        Err(violation) if violation != Violation::Truncated => read(GroupOrder::Descending),
        read => read,
    }
}
