//! Fetch streams survive, whatever the order, the gaps and the sizes of chunks; and another codec
//! reads and refuses the same.

use bytes::BufMut;
use moqtap_codec::draft18::data_stream as oracle;
use proptest::prelude::*;

use super::super::{ObjectId, Properties};
use super::*;

/// A part as the tests compare it: payloads in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    Object(FetchHead, Vec<u8>),
    Gap(Gap, Location),
}

fn head(group: u64, object: ObjectId, payload_len: u64) -> FetchHead {
    FetchHead {
        location: Location::new(group, object),
        subgroup: Some(0),
        priority: 128,
        properties: Bytes::new(),
        payload_len,
    }
}

fn write(parts: &[Told]) -> Vec<u8> {
    let mut writer = FetchWriter::default();
    let mut wire = Vec::new();
    for part in parts {
        match part {
            Told::Object(head, payload) => {
                wire.extend_from_slice(&writer.head(head));
                wire.extend_from_slice(payload);
            }
            Told::Gap(gap, last) => wire.extend_from_slice(&writer.gap(*gap, *last)),
        }
    }
    wire
}

/// Feeds `wire` in pieces that end at `cuts` and puts together what comes out.
fn read(order: GroupOrder, wire: &[u8], cuts: &[usize]) -> Result<Vec<Told>, Violation> {
    let mut decoder = FetchDecoder::new(order);
    let mut told: Vec<Told> = Vec::new();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (wire.len() + 1)).collect();
    cuts.push(wire.len());
    cuts.sort_unstable();
    let mut from = 0;
    for cut in cuts {
        for part in decoder.push(Bytes::copy_from_slice(&wire[from..cut]))? {
            match part {
                FetchPart::Head(head) => told.push(Told::Object(head, Vec::new())),
                FetchPart::Gap(gap, last) => told.push(Told::Gap(gap, last)),
                FetchPart::Payload(bytes) => match told.last_mut() {
                    Some(Told::Object(_, payload)) => payload.extend_from_slice(&bytes),
                    other => panic!("a payload behind {other:?}"),
                },
            }
        }
        from = cut;
    }
    decoder.finish()?;
    Ok(told)
}

/// What the other codec makes of `wire`; `None` where it refuses.
fn read_by_oracle(order: GroupOrder, wire: &[u8]) -> Option<Vec<Told>> {
    let order = match order {
        GroupOrder::Ascending => oracle::GroupOrder::Ascending,
        GroupOrder::Descending => oracle::GroupOrder::Descending,
    };
    let mut reader = oracle::FetchObjectReader::new(order);
    let mut buf = wire;
    let mut told = Vec::new();
    while !buf.is_empty() {
        let object = reader.read_object_header(&mut buf).ok()?;
        let location = Location::new(object.group_id, object.object_id);
        let payload_len = object.header.payload_length.into_inner();
        let payload = buf.get(..usize::try_from(payload_len).ok()?)?.to_vec();
        buf.advance(payload.len());
        told.push(match object.header.end_of_range() {
            Some(oracle::EndOfRange::NonExistent) => Told::Gap(Gap::NonExistent, location),
            Some(oracle::EndOfRange::Unknown) => Told::Gap(Gap::Unknown, location),
            None => {
                let head = FetchHead {
                    location,
                    subgroup: object.subgroup_id,
                    priority: object.publisher_priority?,
                    properties: object.header.properties.into(),
                    payload_len,
                };
                Told::Object(head, payload)
            }
        });
    }
    Some(told)
}

#[test]
fn what_is_the_same_or_follows_is_left_out() {
    let parts = [
        Told::Object(head(7, 3, 1), vec![b'a']),
        Told::Object(head(7, 4, 1), vec![b'b']),
        Told::Object(head(7, 9, 1), vec![b'c']),
        Told::Gap(Gap::Unknown, Location::new(8, 2)),
        Told::Object(head(8, 3, 1), vec![b'd']),
        Told::Object(head(10, 0, 0), vec![]),
    ];
    let wire = [
        &[0x1C, 7, 3, 128, 1, b'a'][..],
        &[0x00, 1, b'b'],
        &[0x04, 5, 1, b'c'],
        &[0x81, 0x0C, 8, 2, 0],
        &[0x00, 1, b'd'],
        &[0x0C, 1, 0, 0],
    ];
    assert_eq!(write(&parts), wire.concat());
    assert_eq!(read(GroupOrder::Ascending, &wire.concat(), &[]), Ok(parts.to_vec()));
}

#[test]
fn the_first_object_may_refer_to_nothing_before_it() {
    for (flags, why) in [
        (0x04_u8, "location"),
        (0x08, "location"),
        (0x00, "location"),
        (0x0C, "priority"),
        (0x1D, "subgroup"),
        (0x1E, "subgroup"),
    ] {
        let wire = [flags, 1, 1, 1, 0];
        let refused = read(GroupOrder::Ascending, &wire, &[]);
        assert_eq!(refused, Err(Violation::FetchPrior(why)), "{flags:#x}");
    }
    // Neither after a gap, for what a gap does not say.
    let gap = [0x80, 0x8C, 1, 1, 0];
    for flags in [0x00, 0x11] {
        let wire = [&gap[..], &[flags, 0, 0]].concat();
        assert!(matches!(
            read(GroupOrder::Ascending, &wire, &[]),
            Err(Violation::FetchPrior("priority" | "subgroup"))
        ));
    }
}

#[test]
fn locations_beyond_64_bits_are_violations() {
    let first = |group, object| write(&[Told::Object(head(group, object, 0), vec![])]);
    let group_below_0 = [first(4, 0), vec![0x0C, 4, 0, 0]].concat();
    let object_above = [first(4, ObjectId::MAX), vec![0x00, 0]].concat();
    let group_above = [first(u64::MAX, 0), vec![0x0C, 0, 0, 0]].concat();
    for (order, wire) in [
        (GroupOrder::Descending, group_below_0),
        (GroupOrder::Ascending, object_above),
        (GroupOrder::Ascending, group_above),
    ] {
        assert_eq!(read(order, &wire, &[]), Err(Violation::FetchLocation));
    }
}

#[test]
fn flags_that_nobody_assigned_are_violations() {
    for flags in [0x80_u64, 0x8B, 0x8D, 0x10B, 0x10D, u64::MAX] {
        let mut wire = Vec::new();
        encode_varint(flags, &mut wire);
        assert_eq!(read(GroupOrder::Ascending, &wire, &[]), Err(Violation::FetchFlags(flags)));
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_comes() {
    let mut wire = vec![0x1C, 0, 0, 128];
    encode_varint(OBJECT_BYTES_MAX + 1, &mut wire);
    assert!(matches!(
        read(GroupOrder::Ascending, &wire, &[]),
        Err(Violation::TooLarge { what: "object", .. })
    ));
    let mut wire = vec![0x3C, 0, 0, 128];
    encode_varint(PROPERTIES_BYTES_MAX + 1, &mut wire);
    assert!(matches!(
        read(GroupOrder::Ascending, &wire, &[]),
        Err(Violation::TooLarge { what: "properties", .. })
    ));
}

#[test]
fn an_object_that_ends_early_is_a_violation() {
    let whole = write(&[Told::Object(head(1, 1, 3), vec![1, 2, 3])]);
    for len in 1..whole.len() {
        assert_eq!(read(GroupOrder::Ascending, &whole[..len], &[]), Err(Violation::Truncated));
    }
}

fn any_object() -> impl Strategy<Value = (Option<u64>, Option<u8>, Option<u16>, Vec<u8>)> {
    let subgroup = prop::option::of(prop_oneof![0_u64..4, any::<u64>()]);
    let payload = prop::collection::vec(any::<u8>(), 0..40);
    (subgroup, any::<Option<u8>>(), any::<Option<u16>>(), payload)
}

/// Objects and gaps in the order of a fetch: each step says how far the next one is behind.
fn any_parts() -> impl Strategy<Value = (GroupOrder, Vec<Told>)> {
    let step =
        (0_u64..3, 0_u64..4, prop_oneof![4 => Just(None), 1 => any::<bool>().prop_map(Some)]);
    let steps = prop::collection::vec((step, any_object()), 1..20);
    (any::<bool>(), steps).prop_map(|(is_descending, steps)| {
        let order = if is_descending { GroupOrder::Descending } else { GroupOrder::Ascending };
        let mut at: Option<Location> = None;
        let mut told = Vec::new();
        for ((groups, objects, gap), (subgroup, priority, property, payload)) in steps {
            let location = match at {
                None => Location::new(1000, objects),
                Some(at) if groups == 0 => Location::new(at.group, at.object + 1 + objects),
                Some(at) if is_descending => Location::new(at.group - groups, objects),
                Some(at) => Location::new(at.group + groups, objects),
            };
            at = Some(location);
            told.push(if let Some(is_unknown) = gap {
                let gap = if is_unknown { Gap::Unknown } else { Gap::NonExistent };
                Told::Gap(gap, location)
            } else {
                let mut properties = Vec::new();
                property
                    .map(|value| Properties::default().with_integer(0x10, u64::from(value)))
                    .unwrap_or_default()
                    .encode(&mut properties);
                let head = FetchHead {
                    location,
                    subgroup,
                    priority: priority.unwrap_or(128),
                    properties: properties.into(),
                    payload_len: u64::try_from(payload.len()).unwrap(),
                };
                Told::Object(head, payload)
            });
        }
        (order, told)
    })
}

proptest! {
    #[test]
    fn any_split_of_the_bytes_gives_the_same_objects_and_another_codec_agrees(
        (order, parts) in any_parts(),
        cuts in prop::collection::vec(any::<usize>(), 0..12),
    ) {
        let wire = write(&parts);
        prop_assert_eq!(read(order, &wire, &cuts), Ok(parts.clone()));
        prop_assert_eq!(read_by_oracle(order, &wire), Some(parts));
    }

    /// Of streams that begin as they should and go on as they like.
    #[test]
    fn decoding_never_panics_and_another_codec_agrees(
        is_descending: bool,
        noise in prop::collection::vec(prop_oneof![0_u8..0x20, any::<u8>()], 0..60),
        cuts in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let order = if is_descending { GroupOrder::Descending } else { GroupOrder::Ascending };
        let mut wire = write(&[Told::Object(head(5, 1, 0), vec![])]);
        wire.put_slice(&noise);
        let ours = read(order, &wire, &cuts);
        let theirs = read_by_oracle(order, &wire);
        match &ours {
            Ok(told) => prop_assert_eq!(Some(told), theirs.as_ref()),
            // It bounds nothing, does not look into properties, and takes payloads of gaps.
            Err(
                Violation::TooLarge { .. }
                | Violation::Properties
                | Violation::Value { .. },
            ) => {}
            Err(refused) => prop_assert_eq!(None, theirs, "{}", refused),
        }
        prop_assert_eq!(ours.is_ok(), read(order, &wire, &[]).is_ok(), "cuts make a difference");
    }

    #[test]
    fn headers_survive(request_id: u64) {
        let bytes = FetchWriter::header(request_id);
        for cut in 0..bytes.len() {
            prop_assert_eq!(decode_fetch_header(&mut &bytes[..cut]), Ok(None));
        }
        prop_assert_eq!(decode_fetch_header(&mut &bytes[..]), Ok(Some(request_id)));
        let theirs = oracle::FetchHeader::decode(&mut &bytes[..]).unwrap();
        prop_assert_eq!(theirs.request_id.into_inner(), request_id);
    }
}
