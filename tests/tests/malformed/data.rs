//! Unidirectional streams: types, subgroup headers, objects.

use crate::bytes::{bytes, int, ints};
use crate::table::{ALIAS, Case, Fate, Play, VIOLATION, case};

pub(crate) fn cases() -> Vec<Case> {
    [types(), headers(), objects()].concat()
}

fn fin(wire: Vec<u8>) -> Play {
    Play::Streams(vec![wire], true)
}

fn open(wire: Vec<u8>) -> Play {
    Play::Streams(vec![wire], false)
}

fn types() -> Vec<Case> {
    let small = (0x00..0x10).chain(0x20..0x30).chain([0x40, 0x4F, 0x60, 0x6F]);
    let large = [0x80, 0x2EFF, 0x2F01, 0x132B_3E27, 0x132B_3E29, u64::MAX >> 2, u64::MAX];
    small
        .filter(|kind| *kind != 0x05)
        .chain(large)
        .map(|kind| {
            case(format!("stream type {kind:#x}"), open(ints(&[kind, ALIAS, 1, 1])), VIOLATION)
        })
        .chain([
            case("a FETCH_HEADER that nobody asked for", open(ints(&[0x05, 0])), Fate::GoesOn),
            case("padding", fin(bytes(&[&int(0x132B_3E28), &[0; 500]])), Fate::GoesOn),
        ])
        .collect()
}

fn headers() -> Vec<Case> {
    let mut cases = Vec::new();
    for kind in (0x10..0x80_u64).filter(|kind| kind & 0x10 != 0 && kind & 0x06 == 0x06) {
        let name = format!("subgroup header of reserved type {kind:#x}");
        cases.push(case(name, open(ints(&[kind, ALIAS, 1, 1, 1])), VIOLATION));
    }
    for (name, wire) in [
        ("FIN before a stream's type", vec![]),
        ("FIN within a stream's type", vec![0xC0]),
        ("FIN behind a subgroup's type", ints(&[0x14])),
        ("FIN behind a subgroup's alias", ints(&[0x14, ALIAS])),
        ("FIN behind a subgroup's group", ints(&[0x14, ALIAS, 1])),
        ("FIN before a subgroup's priority", ints(&[0x14, ALIAS, 1, 1])),
        ("FIN before a priority behind mode 0", ints(&[0x10, ALIAS, 1])),
    ] {
        cases.push(case(name, fin(wire), VIOLATION));
    }
    // 0x30: subgroup 0, default priority, no properties.
    let same = ints(&[0x30, ALIAS, 1, 0, 1, u64::from(b'x')]);
    // The second one is read beside the first, for when that breaks off.
    let twice = Play::Streams(vec![same.clone(), same], true);
    cases.push(case("a subgroup on two streams", twice, Fate::GoesOn));
    let unknown = fin(ints(&[0x30, ALIAS + 1, 1, 0, 1, u64::from(b'x')]));
    cases.push(case("a subgroup of an unknown alias", unknown, Fate::GoesOn));
    cases
}

/// Objects behind the header of subgroup 0, without (0x30) and with (0x31) properties.
fn objects() -> Vec<Case> {
    let plain = |rest: &[u8]| bytes(&[&ints(&[0x30, ALIAS, 1]), rest]);
    let with = |rest: &[u8]| bytes(&[&ints(&[0x31, ALIAS, 1]), rest]);
    let mut cases = vec![
        case("FIN within an object's ID", fin(plain(&[0x80])), VIOLATION),
        case("FIN behind an object's ID", fin(plain(&[0])), VIOLATION),
        case("FIN within an object's length", fin(plain(&[0, 0x80])), VIOLATION),
        case("FIN before an object's payload", fin(plain(&[0, 4])), VIOLATION),
        case("FIN within an object's payload", fin(plain(&[0, 4, b'x'])), VIOLATION),
        case("FIN within the second object", fin(plain(&[0, 1, b'x', 0, 2, b'y'])), VIOLATION),
        case("FIN before an object's status", fin(plain(&[0, 0])), VIOLATION),
        case("FIN before an object's properties", fin(with(&[0])), VIOLATION),
        case("FIN within an object's properties", fin(with(&[0, 5, 0x10])), VIOLATION),
        case("FIN behind an object's properties", fin(with(&[0, 2, 0x10, 1])), VIOLATION),
        case(
            "an object of 64 MiB and a byte",
            open(plain(&bytes(&[&[0], &int((64 << 20) + 1)]))),
            VIOLATION,
        ),
        case("an object of 2^62 bytes", open(plain(&bytes(&[&[0], &int(1 << 62)]))), VIOLATION),
        case(
            "an object of 2^64 - 1 bytes",
            open(plain(&bytes(&[&[0], &int(u64::MAX)]))),
            VIOLATION,
        ),
        case("properties of 4,097 bytes", open(with(&bytes(&[&[0], &int(4097)]))), VIOLATION),
        case(
            "properties of 2^64 - 1 bytes",
            open(with(&bytes(&[&[0], &int(u64::MAX)]))),
            VIOLATION,
        ),
        case("a property without value", open(with(&[0, 1, 0x10, 1, b'x'])), VIOLATION),
        case(
            "a property longer than the properties",
            open(with(&[0, 3, 0x0B, 9, 1, 1, b'x'])),
            VIOLATION,
        ),
        case(
            "a property of 65,536 bytes",
            open(with(&bytes(&[&[0, 5, 0x0B], &int(65_536), &[0, 1, b'x']]))),
            VIOLATION,
        ),
        case("property types beyond 2^64", open(with(&property_overflow())), VIOLATION),
        case("properties on the end of a group", open(with(&[0, 2, 0x10, 1, 0, 3])), VIOLATION),
        case("properties on the end of a track", open(with(&[0, 2, 0x10, 1, 0, 4])), VIOLATION),
        case(
            "an object ID beyond 2^64",
            open(plain(&bytes(&[&int(u64::MAX), &[1, b'x', 0, 1, b'y']]))),
            VIOLATION,
        ),
        case(
            "a delta beyond 2^64",
            open(plain(&bytes(&[&[7, 1, b'x'], &int(u64::MAX), &[1, b'y']]))),
            VIOLATION,
        ),
        case(
            "an object behind the end of its group",
            open(plain(&[0, 0, 3, 0, 1, b'x'])),
            Fate::GoesOn,
        ),
    ];
    for status in [1, 2, 5, 6, 0x3F, 0x4000, u64::MAX] {
        let wire = plain(&bytes(&[&[0, 0], &int(status)]));
        cases.push(case(format!("object status {status:#x}"), open(wire), VIOLATION));
    }
    cases
}

fn property_overflow() -> Vec<u8> {
    let pairs = ints(&[u64::MAX - 1, 0, 4, 0]);
    bytes(&[&[0], &int(pairs.len() as u64), &pairs, &[1, b'x']])
}
