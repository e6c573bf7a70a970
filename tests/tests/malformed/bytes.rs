//! Wire bytes put together by hand, so that they may be wrong.

use mosaik_proto::moqt::encode_varint;

/// Type numbers of control messages (section 10).
pub(crate) mod kind {
    pub(crate) const REQUEST_UPDATE: u64 = 0x02;
    pub(crate) const SUBSCRIBE: u64 = 0x03;
    pub(crate) const SUBSCRIBE_OK: u64 = 0x04;
    pub(crate) const REQUEST_ERROR: u64 = 0x05;
    pub(crate) const PUBLISH_NAMESPACE: u64 = 0x06;
    pub(crate) const REQUEST_OK: u64 = 0x07;
    pub(crate) const NAMESPACE: u64 = 0x08;
    pub(crate) const PUBLISH_DONE: u64 = 0x0B;
    pub(crate) const TRACK_STATUS: u64 = 0x0D;
    pub(crate) const NAMESPACE_DONE: u64 = 0x0E;
    pub(crate) const PUBLISH_BLOCKED: u64 = 0x0F;
    pub(crate) const GOAWAY: u64 = 0x10;
    pub(crate) const FETCH: u64 = 0x16;
    pub(crate) const FETCH_OK: u64 = 0x18;
    pub(crate) const PUBLISH: u64 = 0x1D;
    pub(crate) const SUBSCRIBE_NAMESPACE: u64 = 0x50;
    pub(crate) const SUBSCRIBE_TRACKS: u64 = 0x51;
    pub(crate) const SETUP: u64 = 0x2F00;
}

/// Bytes in order.
pub(crate) fn bytes(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// A variable-length integer.
pub(crate) fn int(value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    encode_varint(value, &mut out);
    out
}

/// Integers in order.
pub(crate) fn ints(values: &[u64]) -> Vec<u8> {
    values.iter().flat_map(|value| int(*value)).collect()
}

/// Bytes behind their length.
pub(crate) fn text(value: &[u8]) -> Vec<u8> {
    bytes(&[&int(value.len() as u64), value])
}

/// A namespace: the count of its fields, then each.
pub(crate) fn namespace(fields: &[&[u8]]) -> Vec<u8> {
    let fields_wire: Vec<u8> = fields.iter().flat_map(|field| text(field)).collect();
    bytes(&[&int(fields.len() as u64), &fields_wire])
}

/// A control message with the length that its payload has.
pub(crate) fn message(kind: u64, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    bytes(&[&int(kind), &length.to_be_bytes(), payload])
}

/// A request without its parameters: what comes between its ID and them.
pub(crate) fn request_fields(kind: u64, participant: &str) -> Vec<u8> {
    let room: &[u8] = b"lesson";
    let own = namespace(&[room, participant.as_bytes()]);
    match kind {
        kind::PUBLISH => bytes(&[&own, &text(b"mic"), &int(9)]),
        kind::PUBLISH_NAMESPACE => own,
        kind::SUBSCRIBE_NAMESPACE => namespace(&[room]),
        kind::SUBSCRIBE_TRACKS => bytes(&[&namespace(&[room])]),
        kind::FETCH => bytes(&[&int(1), &own, &text(b"mic"), &ints(&[0, 0, 1, 0])]),
        _ => bytes(&[&own, &text(b"mic")]),
    }
}

/// A well-formed request with these parameters, count included.
pub(crate) fn request(kind: u64, id: u64, participant: &str, parameters: &[u8]) -> Vec<u8> {
    let fields = request_fields(kind, participant);
    message(kind, &bytes(&[&int(id), &fields, parameters]))
}
