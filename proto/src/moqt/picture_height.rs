//! PICTURE_HEIGHT_MAX, a parameter of ours in SUBSCRIBE and REQUEST_UPDATE (docs/protocol.md).
//!
//! The codec knows the draft's parameters alone, and one that it does not know ends the session. Ours
//! has the highest type of all, so it is the last parameter of a message whose last field is its
//! parameters: it is taken off before the codec sees the message.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use moqtap_codec::draft18::message::MessageType;

use super::Violation;
use super::parameter::{
    AUTHORIZATION_TOKEN, EXPIRES, FILL_TIMEOUT, FORWARD, GROUP_ORDER, LARGEST_OBJECT,
    NEW_GROUP_REQUEST, OBJECT_DELIVERY_TIMEOUT, PICTURE_HEIGHT_MAX, RENDEZVOUS_TIMEOUT,
    SUBGROUP_DELIVERY_TIMEOUT, SUBSCRIBER_PRIORITY, SUBSCRIPTION_FILTER, TRACK_NAMESPACE_PREFIX,
};
use super::varint::{decode_varint, encode_varint};

/// A whole message without the parameter, and the parameter's value. Whatever is not as it should be
/// is left to the codec, which says what is wrong with it.
///
/// # Errors
/// [`Violation::Value`] for a height of more than 65,535.
pub(super) fn take(message: Bytes) -> Result<(Bytes, Option<u16>), Violation> {
    let Some(Found { before, count, others, height }) = find(&message) else {
        return Ok((message, None));
    };
    let height =
        u16::try_from(height).map_err(|_| Violation::Value { what: "PICTURE_HEIGHT_MAX" })?;
    let mut payload = BytesMut::with_capacity(message.len());
    payload.put_slice(before);
    encode_varint(count.saturating_sub(1), &mut payload);
    payload.put_slice(others);
    let mut head = &message[..];
    let kind = decode_varint(&mut head).unwrap_or_default();
    let mut shorter = BytesMut::with_capacity(message.len());
    encode_varint(kind, &mut shorter);
    // It is shorter than what came with the same field.
    shorter.put_u16(u16::try_from(payload.len()).unwrap_or(u16::MAX));
    shorter.put_slice(&payload);
    Ok((shorter.freeze(), Some(height)))
}

/// A message that ends with the parameter.
struct Found<'a> {
    /// What is before the number of parameters.
    before: &'a [u8],
    /// The number of parameters.
    count: u64,
    /// The other parameters.
    others: &'a [u8],
    height: u64,
}

fn find(message: &[u8]) -> Option<Found<'_>> {
    let mut buf = message;
    let kind = MessageType::from_id(decode_varint(&mut buf)?)?;
    buf = buf.get(2..)?;
    let payload = buf;
    decode_varint(&mut buf)?;
    if kind == MessageType::Subscribe {
        skip_fields(&mut buf)?;
        skip_bytes(&mut buf)?;
    } else if kind != MessageType::RequestUpdate {
        return None;
    }
    let before = payload.get(..payload.len() - buf.len())?;
    let count = decode_varint(&mut buf)?;
    let parameters = buf;
    let mut previous = 0_u64;
    for _ in 1..count {
        previous = previous.checked_add(decode_varint(&mut buf)?)?;
        skip_value(previous, &mut buf)?;
    }
    let others = parameters.get(..parameters.len() - buf.len())?;
    let last = previous.checked_add(decode_varint(&mut buf)?)?;
    let height = decode_varint(&mut buf)?;
    let is_ours = count > 0 && last == PICTURE_HEIGHT_MAX && buf.is_empty();
    is_ours.then_some(Found { before, count, others, height })
}

fn skip_value(kind: u64, buf: &mut &[u8]) -> Option<()> {
    match kind {
        OBJECT_DELIVERY_TIMEOUT
        | RENDEZVOUS_TIMEOUT
        | SUBGROUP_DELIVERY_TIMEOUT
        | EXPIRES
        | FILL_TIMEOUT
        | NEW_GROUP_REQUEST => decode_varint(buf).map(|_| ()),
        FORWARD | SUBSCRIBER_PRIORITY | GROUP_ORDER => skip(buf, 1),
        LARGEST_OBJECT => decode_varint(buf).and_then(|_| decode_varint(buf)).map(|_| ()),
        TRACK_NAMESPACE_PREFIX => skip_fields(buf),
        AUTHORIZATION_TOKEN | SUBSCRIPTION_FILTER => skip_bytes(buf),
        _ => None,
    }
}

/// A namespace: how many fields, and each with its length.
fn skip_fields(buf: &mut &[u8]) -> Option<()> {
    (0..decode_varint(buf)?).try_for_each(|_| skip_bytes(buf))
}

fn skip_bytes(buf: &mut &[u8]) -> Option<()> {
    let len = decode_varint(buf)?;
    skip(buf, len)
}

fn skip(buf: &mut &[u8], len: u64) -> Option<()> {
    let len = usize::try_from(len).ok().filter(|len| *len <= buf.remaining())?;
    buf.advance(len);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::{
        AuthToken, ControlDecoder, ControlMessage, Filter, FullTrackName, Location, Namespace,
        Parameters, RequestUpdate, Subscribe,
    };
    use super::*;

    fn decode(bytes: &[u8]) -> Result<ControlMessage, Violation> {
        let mut decoder = ControlDecoder::default();
        decoder.push(bytes);
        decoder.take().map(Option::unwrap)
    }

    fn many(picture_height_max: Option<u16>) -> Parameters {
        Parameters {
            object_delivery_timeout: Some(1_000),
            subgroup_delivery_timeout: Some(70_000),
            forward: Some(false),
            subscriber_priority: Some(3),
            filter: Some(Filter::From(Location::new(1_795_000_000_000, 7))),
            new_group_request: Some(u64::MAX),
            namespace_prefix: None,
            tokens: vec![AuthToken::value(&b"one"[..]), AuthToken::value(&b"another"[..])],
            picture_height_max,
            ..Parameters::default()
        }
    }

    #[test]
    fn the_height_comes_through_beside_whatever_else_is_said() {
        let name = FullTrackName::new(Namespace::of(&["lesson", "aa"]), &b"cam"[..]);
        for height in [None, Some(0), Some(360), Some(u16::MAX)] {
            for parameters in
                [many(height), Parameters { picture_height_max: height, ..Parameters::default() }]
            {
                let update = RequestUpdate { request_id: 300, parameters: parameters.clone() };
                let name = name.clone();
                let subscribe = Subscribe { request_id: 2, name, parameters };
                for message in
                    [ControlMessage::RequestUpdate(update), ControlMessage::Subscribe(subscribe)]
                {
                    assert_eq!(decode(&message.encode().unwrap()), Ok(message));
                }
            }
        }
    }

    /// REQUEST_UPDATE with these parameters, as types and values.
    fn update(parameters: &[(u64, u64)]) -> Vec<u8> {
        let mut payload = vec![9];
        encode_varint(parameters.len() as u64, &mut payload);
        let mut previous = 0;
        for (kind, value) in parameters {
            encode_varint(kind - previous, &mut payload);
            encode_varint(*value, &mut payload);
            previous = *kind;
        }
        let mut message = vec![2];
        message.put_u16(u16::try_from(payload.len()).unwrap());
        message.extend(payload);
        message
    }

    #[test]
    fn a_height_beyond_its_bound_and_one_in_the_wrong_place_end_the_session() {
        let ours = PICTURE_HEIGHT_MAX;
        let is_refused = |parameters: &[(u64, u64)]| decode(&update(parameters)).is_err();
        assert!(!is_refused(&[(0x02, 5), (ours, 65_535)]));
        assert!(is_refused(&[(ours, 65_536)]));
        assert!(is_refused(&[(ours, 1), (ours, 2)]));
        assert!(is_refused(&[(ours, 1), (ours + 2, 2)]));
        assert!(is_refused(&[(ours + 2, 1)]));
        let mut longer = update(&[(ours, 1)]);
        longer.push(0);
        longer[2] += 1;
        assert!(decode(&longer).is_err());
    }
}
