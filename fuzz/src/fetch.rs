//! Fetch streams: a header, then objects and gaps, each told by what differs from the one before.

use bytes::{Buf, Bytes};
use mosaik_proto::moqt::{
    FetchDecoder, FetchPart, FetchWriter, GroupOrder, Properties, Violation, decode_fetch_header,
};

use crate::pieces::{pieces, split};

/// A stream's parts, each payload as one, and whether it may end there.
type Read = Result<(Vec<FetchPart>, Result<(), Violation>), Violation>;

/// In both orders the pieces change nothing, and what is written again is read as the same.
pub fn check(input: &[u8]) {
    let Some((sizes, bytes)) = split(input) else {
        return;
    };
    let mut rest = bytes;
    let Ok(Some(request)) = decode_fetch_header(&mut rest) else {
        return;
    };
    let header = FetchWriter::header(request);
    assert!(header.len() <= bytes.len() - rest.remaining(), "a header grew");
    assert_eq!(decode_fetch_header(&mut header.clone()), Ok(Some(request)));
    for order in [GroupOrder::Ascending, GroupOrder::Descending] {
        let whole = read(order, [rest].into_iter());
        assert_eq!(read(order, pieces(sizes, rest)), whole);
        if let Ok((parts, _)) = whole {
            survives(order, parts);
        }
    }
}

fn read<'a>(order: GroupOrder, pieces: impl Iterator<Item = &'a [u8]>) -> Read {
    let mut decoder = FetchDecoder::new(order);
    let mut parts: Vec<FetchPart> = Vec::new();
    let mut payload = Vec::new();
    for piece in pieces {
        for part in decoder.push(Bytes::copy_from_slice(piece))? {
            if let FetchPart::Payload(more) = part {
                payload.extend_from_slice(&more);
                continue;
            }
            end_payload(&mut payload, &mut parts);
            parts.push(part);
        }
        assert_eq!(decoder.is_between_objects(), decoder.finish().is_ok());
    }
    end_payload(&mut payload, &mut parts);
    Ok((parts, decoder.finish()))
}

fn end_payload(payload: &mut Vec<u8>, parts: &mut Vec<FetchPart>) {
    if !payload.is_empty() {
        parts.push(FetchPart::Payload(std::mem::take(payload).into()));
    }
}

/// The parts, but for the last object if its payload is not whole, written and read again.
fn survives(order: GroupOrder, mut parts: Vec<FetchPart>) {
    let heads = parts.iter().rposition(|part| matches!(part, FetchPart::Head(_)));
    if let Some(last) = heads
        && let FetchPart::Head(head) = &parts[last]
    {
        let payload = match parts.get(last + 1) {
            Some(FetchPart::Payload(payload)) => payload.len(),
            _ => 0,
        };
        if u64::try_from(payload).ok() != Some(head.payload_len) {
            parts.truncate(last);
        }
    }
    let mut writer = FetchWriter::default();
    let mut again = Vec::new();
    for part in &parts {
        again.extend_from_slice(&match part {
            FetchPart::Head(head) => {
                let properties = Properties::decode(head.properties.clone());
                assert!(properties.is_ok(), "properties that the decoder let in");
                writer.head(head)
            }
            FetchPart::Payload(payload) => payload.clone(),
            FetchPart::Gap(gap, last) => writer.gap(*gap, *last),
        });
    }
    assert_eq!(read(order, [&again[..]].into_iter()), Ok((parts, Ok(()))));
}
