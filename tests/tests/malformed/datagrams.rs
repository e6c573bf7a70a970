//! Datagrams: types, cuts, properties and statuses.

use crate::bytes::{bytes, int, ints};
use crate::table::{ALIAS, Case, Fate, Play, VIOLATION, case};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let excluded = [0x22, 0x23, 0x26, 0x27, 0x2A, 0x2B, 0x2E, 0x2F];
    let shapeless = [0x30, 0x3F, 0x40, 0x4F, 0x60, 0x7F, 0x80, 0x132B_3E28, u64::MAX];
    for kind in excluded.into_iter().chain(0x10..0x20).chain(shapeless) {
        let wire = ints(&[kind, ALIAS, 1, 1, 1, 1]);
        cases.push(case(format!("datagram type {kind:#x}"), Play::Datagram(wire), VIOLATION));
    }
    for (name, wire) in [
        ("cut in its type", vec![0x80]),
        ("that is a type", vec![0]),
        ("that ends behind its alias", ints(&[0, ALIAS])),
        ("that ends behind its group", ints(&[0, ALIAS, 1])),
        ("that ends before its priority", ints(&[0, ALIAS, 1, 1])),
        ("that ends before its properties", ints(&[0x09, ALIAS, 1, 1])),
        ("that ends within its properties", ints(&[0x09, ALIAS, 1, 1, 9, 0x10])),
        ("that ends before its status", ints(&[0x28, ALIAS, 1, 1])),
        ("with properties of no bytes", ints(&[0x09, ALIAS, 1, 1, 0, 1])),
        ("with a property without value", ints(&[0x09, ALIAS, 1, 1, 1, 0x10])),
        ("with properties of 2^64 - 1 bytes", ints(&[0x09, ALIAS, 1, 1, u64::MAX])),
        ("with properties on the end of a group", ints(&[0x29, ALIAS, 1, 1, 2, 0x10, 1, 3])),
        ("with status 1", ints(&[0x28, ALIAS, 1, 1, 1])),
        ("with status 2", ints(&[0x28, ALIAS, 1, 1, 2])),
        ("with status 2^64 - 1", ints(&[0x28, ALIAS, 1, 1, u64::MAX])),
        ("with a payload behind its status", ints(&[0x28, ALIAS, 1, 1, 3, 1])),
    ] {
        cases.push(case(format!("a datagram {name}"), Play::Datagram(wire), VIOLATION));
    }
    let unknown = Play::Datagram(ints(&[0x08, ALIAS + 1, 1, 1, 1]));
    cases.push(case("a datagram of an unknown alias", unknown, Fate::GoesOn));
    let padding = Play::Datagram(bytes(&[&int(0x132B_3E29), &[0; 100]]));
    cases.push(case("a datagram of padding", padding, Fate::GoesOn));
    cases
}
