//! Subgroup streams: a header, then objects.

use bytes::{Buf, Bytes};
use mosaik_proto::moqt::{
    OBJECT_BYTES_MAX, ObjectMark, ObjectStatus, ObjectWriter, PROPERTIES_BYTES_MAX, Properties,
    SubgroupDecoder, SubgroupHeader, Violation,
};

use crate::pieces::{pieces, split};

/// What a stream behind its header came to.
#[derive(Debug, PartialEq)]
struct Read {
    marks: Vec<ObjectMark>,
    wire: Vec<u8>,
    /// Whether the stream may end here.
    end: Result<(), Violation>,
}

/// The pieces change nothing, the bytes that are handed on are those that came, and objects that
/// are written again are the same.
pub fn check(input: &[u8]) {
    let Some((sizes, bytes)) = split(input) else {
        return;
    };
    let mut rest = bytes;
    let Ok(Some(header)) = SubgroupHeader::decode(&mut rest) else {
        return;
    };
    header_survives(&header, bytes.len() - rest.remaining());
    let whole = read(&header, [rest].into_iter());
    assert_eq!(read(&header, pieces(sizes, rest)), whole);
    if let Ok(whole) = whole {
        marks_are_sound(&header, &whole, rest);
        objects_survive(&header, &whole);
    }
}

fn header_survives(header: &SubgroupHeader, len: usize) {
    let mut again = Vec::new();
    header.encode(&mut again);
    assert!(again.len() <= len, "a header grew");
    assert_eq!(SubgroupHeader::decode(&mut &again[..]), Ok(Some(*header)));
    for cut in 0..again.len() {
        assert_eq!(SubgroupHeader::decode(&mut &again[..cut]), Ok(None), "cut at {cut}");
    }
}

fn read<'a>(
    header: &SubgroupHeader,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> Result<Read, Violation> {
    let mut decoder = SubgroupDecoder::new(header);
    let (mut marks, mut wire) = (Vec::new(), Vec::new());
    for piece in pieces {
        let parts = decoder.push(Bytes::copy_from_slice(piece))?;
        marks.extend(parts.objects);
        parts.wire.iter().for_each(|bytes| wire.extend_from_slice(bytes));
        assert_eq!(decoder.is_between_objects(), decoder.finish().is_ok());
    }
    Ok(Read { marks, wire, end: decoder.finish() })
}

/// Objects follow each other without a gap, in the order of their IDs, and lie in the bytes.
fn marks_are_sound(header: &SubgroupHeader, read: &Read, bytes: &[u8]) {
    assert!(bytes.starts_with(&read.wire), "bytes were handed on that did not come");
    let mut end = 0;
    let mut previous = None;
    for mark in &read.marks {
        assert_eq!(mark.start, end, "object {}", mark.id);
        assert!(previous < Some(mark.id), "object {} does not rise", mark.id);
        assert!(mark.payload_at > mark.start && mark.end >= mark.payload_at);
        assert!(mark.end - mark.payload_at <= OBJECT_BYTES_MAX);
        assert!(mark.properties_len <= PROPERTIES_BYTES_MAX);
        assert!(header.has_properties || mark.properties_len == 0);
        (end, previous) = (mark.end, Some(mark.id));
    }
    let handed_on = u64::try_from(read.wire.len()).expect("a length");
    assert!(handed_on <= end, "bytes behind the last object");
    assert_eq!(read.end.is_ok(), handed_on == end && read.wire.len() == bytes.len());
}

/// Whole objects, written as those do who publish, are read as the same.
fn objects_survive(header: &SubgroupHeader, read: &Read) {
    let mut writer = ObjectWriter::new(header.has_properties);
    let mut again = Vec::new();
    let mut written = Vec::new();
    for mark in &read.marks {
        let slice = |from: u64, to: u64| {
            read.wire.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
        };
        let Some(payload) = slice(mark.payload_at, mark.end) else {
            break;
        };
        let pairs = slice(mark.properties_at, mark.properties_at + mark.properties_len);
        let pairs = Bytes::copy_from_slice(pairs.expect("properties stand before the payload"));
        let properties = Properties::decode(pairs).expect("properties that the decoder let in");
        again.extend_from_slice(&if mark.status == ObjectStatus::Normal {
            writer.write(mark.id, &properties, payload)
        } else {
            writer.write_status(mark.id, mark.status)
        });
        written.push((mark.id, mark.status, payload.to_vec()));
    }
    let once_more = self::read(header, [&again[..]].into_iter()).expect("objects of ours");
    assert_eq!(once_more.end, Ok(()));
    let found: Vec<_> = once_more
        .marks
        .iter()
        .map(|mark| {
            let payload = mark.payload_at.try_into().ok().zip(mark.end.try_into().ok());
            let payload = payload.map(|(from, to): (usize, usize)| again[from..to].to_vec());
            (mark.id, mark.status, payload.expect("a place in the bytes"))
        })
        .collect();
    assert_eq!(found, written);
}
