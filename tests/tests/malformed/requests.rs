//! Request streams: every request cut everywhere, and every rule about their fields.

use mosaik_proto::moqt::SessionCode;

use crate::bytes::{bytes, int, ints, kind, message, namespace, request, request_fields, text};
use crate::control::responses;
use crate::table::{Case, Fate, Play, SELF, VIOLATION, case};

const REQUESTS: [(u64, &str); 7] = [
    (kind::SUBSCRIBE, "SUBSCRIBE"),
    (kind::PUBLISH, "PUBLISH"),
    (kind::PUBLISH_NAMESPACE, "PUBLISH_NAMESPACE"),
    (kind::SUBSCRIBE_NAMESPACE, "SUBSCRIBE_NAMESPACE"),
    (kind::SUBSCRIBE_TRACKS, "SUBSCRIBE_TRACKS"),
    (kind::TRACK_STATUS, "TRACK_STATUS"),
    (kind::FETCH, "FETCH"),
];

pub(crate) fn cases() -> Vec<Case> {
    [cut(), first_messages(), ids(), names(), parameters(), values(), tokens(), second_messages()]
        .concat()
}

fn one(wire: Vec<u8>) -> Play {
    Play::Requests(vec![wire])
}

/// Every request at a sample of its lengths, as a message that says it is whole and as a stream
/// that ends within it.
fn cut() -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, name) in REQUESTS {
        let payload = bytes(&[&int(0), &request_fields(kind, SELF), &[0]]);
        // The participant's 16 bytes are cut once, not sixteen times.
        let last = payload.len() - 1;
        let is_cut = |length: &usize| *length < 10 || length.is_multiple_of(5) || *length == last;
        for length in (0..payload.len()).filter(is_cut) {
            let part = payload.get(..length).unwrap_or_default();
            let what = format!("{name} of {length} bytes instead of {}", payload.len());
            cases.push(case(what, one(message(kind, part)), VIOLATION));
        }
        let whole = message(kind, &payload);
        let part = whole.get(..whole.len() - 4).unwrap_or_default();
        cases.push(case(
            format!("{name} and FIN within"),
            Play::RequestFin(part.to_vec()),
            VIOLATION,
        ));
        let more = message(kind, &bytes(&[&payload, &[0x02]]));
        cases.push(case(format!("{name} with a byte behind its fields"), one(more), VIOLATION));
    }
    cases.push(case("FIN within a message's type", Play::RequestFin(vec![0xAF]), VIOLATION));
    cases.push(case("FIN within a message's length", Play::RequestFin(vec![3, 0]), VIOLATION));
    cases.push(case("FIN and nothing else", Play::RequestFin(vec![]), Fate::GoesOn));
    cases
}

fn first_messages() -> Vec<Case> {
    let mut cases = Vec::new();
    let others = [(kind::SETUP, vec![]), (kind::GOAWAY, vec![0, 0])];
    for (kind, payload) in responses().into_iter().chain(others) {
        let name = format!("a request stream that begins with message {kind:#x}");
        cases.push(case(name, one(message(kind, &payload)), VIOLATION));
    }
    for kind in [
        0x00,
        0x01,
        0x09,
        0x0A,
        0x0C,
        0x11,
        0x12,
        0x14,
        0x15,
        0x17,
        0x1E,
        0x20,
        0x21,
        0x40,
        0x52,
        0x2EFF,
        0x2F01,
        0xFFFF,
        u64::MAX >> 2,
        u64::MAX,
    ] {
        let name = format!("a request stream that begins with unknown message {kind:#x}");
        cases.push(case(name, one(message(kind, &[0, 0, 0])), VIOLATION));
    }
    cases
}

fn ids() -> Vec<Case> {
    let wrong = Fate::Closed(SessionCode::InvalidRequestId);
    let mut cases = Vec::new();
    for (kind, name) in REQUESTS {
        for id in [1, 0x3FFF_FFFF, u64::MAX] {
            let wire = request(kind, id, SELF, &[0]);
            cases.push(case(format!("{name} with request ID {id}"), one(wire), wrong));
        }
        let twice = vec![request(kind, 4, SELF, &[0]), request(kind::TRACK_STATUS, 4, SELF, &[0])];
        let what = format!("TRACK_STATUS with the request ID of {name}");
        cases.push(case(what, Play::Requests(twice), wrong));
    }
    for kind in [kind::SUBSCRIBE_NAMESPACE, kind::PUBLISH_NAMESPACE, kind::PUBLISH] {
        let update = message(kind::REQUEST_UPDATE, &ints(&[0, 0]));
        let wire = [request(kind, 0, SELF, &[0]), update].concat();
        let what = format!("REQUEST_UPDATE of {kind:#x} with its request's ID");
        cases.push(case(what, one(wire), wrong));
    }
    cases
}

fn names() -> Vec<Case> {
    let long = vec![b'x'; 4097];
    let fields: Vec<&[u8]> = vec![b"x"; 33];
    let half = vec![b'x'; 2049];
    let halves: Vec<&[u8]> = vec![&half, &half];
    let bad: Vec<(&str, Vec<u8>)> = vec![
        ("33 fields", namespace(&fields)),
        ("an empty field", namespace(&[b"lesson", b""])),
        ("a field of 4,097 bytes", namespace(&[&long])),
        ("fields of 4,098 bytes together", namespace(&halves)),
        ("2^62 fields", int(1 << 62)),
        ("2^64 - 1 fields", int(u64::MAX)),
        ("a field of 2^62 bytes", bytes(&[&[1], &int(1 << 62)])),
        ("a field longer than the message", bytes(&[&[1], &int(5000), b"x"])),
    ];
    let mut cases = Vec::new();
    for (kind, name) in REQUESTS {
        for (what, namespace) in &bad {
            let front: &[u8] = if kind == kind::FETCH { &[0, 1] } else { &[0] };
            let back: &[u8] = match kind {
                kind::PUBLISH_NAMESPACE | kind::SUBSCRIBE_NAMESPACE | kind::SUBSCRIBE_TRACKS => {
                    &[0]
                }
                kind::PUBLISH => &[1, b'm', 9, 0],
                kind::FETCH => &[1, b'm', 0, 0, 1, 0, 0],
                _ => &[1, b'm', 0],
            };
            let wire = message(kind, &bytes(&[front, namespace, back]));
            cases.push(case(format!("{name} with {what} in its namespace"), one(wire), VIOLATION));
        }
    }
    for (kind, name) in [(kind::SUBSCRIBE, "SUBSCRIBE"), (kind::TRACK_STATUS, "TRACK_STATUS")] {
        let whole = bytes(&[&[0], &namespace(&[b"lesson"]), &text(&long), &[0]]);
        cases.push(case(
            format!("{name} for a name of 4,097 bytes"),
            one(message(kind, &whole)),
            VIOLATION,
        ));
        let sum = bytes(&[&[0], &namespace(&[&[b'x'; 4000]]), &text(&[b'x'; 97]), &[0]]);
        cases.push(case(
            format!("{name} for 4,000 and 97 bytes"),
            one(message(kind, &sum)),
            VIOLATION,
        ));
        let beyond = bytes(&[&[0], &namespace(&[b"lesson"]), &int(u64::MAX), b"x"]);
        cases.push(case(
            format!("{name} for a name of 2^64 - 1 bytes"),
            one(message(kind, &beyond)),
            VIOLATION,
        ));
    }
    cases
}

/// Parameters that may not be where they are; each list begins with its count.
fn parameters() -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, name) in REQUESTS {
        for (what, list) in [
            ("a parameter of unknown type 0x7E", ints(&[1, 0x7E, 0])),
            ("a parameter of unknown type 0x01", bytes(&[&[1, 1], &text(b"/")])),
            ("parameter types beyond 2^64", ints(&[2, u64::MAX, u64::MAX, 0])),
            ("fewer parameters than it says", ints(&[3])),
            ("2^62 parameters", ints(&[1 << 62])),
            ("TRACK_NAMESPACE_PREFIX", ints(&[1, 0x34, 0])),
        ] {
            let wire = request(kind, 0, SELF, &list);
            cases.push(case(format!("{name} with {what}"), one(wire), VIOLATION));
        }
    }
    for (kind, name) in REQUESTS {
        let allowed_forward =
            matches!(kind, kind::SUBSCRIBE | kind::PUBLISH | kind::SUBSCRIBE_TRACKS);
        if !allowed_forward {
            let wire = request(kind, 0, SELF, &[1, 0x10, 1]);
            cases.push(case(format!("{name} with FORWARD"), one(wire), VIOLATION));
        }
        if kind != kind::SUBSCRIBE {
            let wire = request(kind, 0, SELF, &[1, 0x04, 1]);
            cases.push(case(format!("{name} with RENDEZVOUS_TIMEOUT"), one(wire), VIOLATION));
        }
    }
    cases
}

fn values() -> Vec<Case> {
    let formatting = Fate::Closed(SessionCode::KeyValueFormattingError);
    let filter = |value: &[u8]| bytes(&[&[1, 0x21], &text(value)]);
    [
        ("FORWARD 2", vec![1, 0x10, 2], VIOLATION),
        ("FORWARD 255", vec![1, 0x10, 255], VIOLATION),
        ("FORWARD twice", vec![2, 0x10, 1, 0, 1], VIOLATION),
        ("GROUP_ORDER 0", vec![1, 0x22, 0], VIOLATION),
        ("GROUP_ORDER 3", vec![1, 0x22, 3], VIOLATION),
        ("priority without value", vec![1, 0x20], VIOLATION),
        ("priority twice", vec![2, 0x20, 1, 0, 1], VIOLATION),
        ("a delivery timeout twice", vec![2, 0x02, 1, 0, 1], VIOLATION),
        ("EXPIRES", vec![1, 0x08, 1], VIOLATION),
        ("LARGEST_OBJECT", vec![1, 0x09, 1, 1], VIOLATION),
        ("FILL_TIMEOUT", vec![1, 0x0A, 1], VIOLATION),
        ("filter type 0", filter(&[0]), VIOLATION),
        ("filter type 5", filter(&[5]), VIOLATION),
        ("a range beyond 2^64", filter(&bytes(&[&[4], &int(u64::MAX), &[0], &int(1)])), VIOLATION),
        ("a filter of no bytes", filter(&[]), formatting),
        ("a filter cut in its location", filter(&[3, 1]), formatting),
        ("a filter without its end", filter(&[4, 1, 1]), formatting),
        ("a filter with more behind it", filter(&[2, 0]), formatting),
        ("a filter longer than the message", vec![1, 0x21, 40, 2], VIOLATION),
    ]
    .into_iter()
    .map(|(what, list, fate)| {
        let wire = request(kind::SUBSCRIBE, 0, SELF, &list);
        case(format!("SUBSCRIBE with {what}"), one(wire), fate)
    })
    .chain([
        case(
            "PUBLISH with a priority property of 256",
            one(request(kind::PUBLISH, 0, SELF, &bytes(&[&[0, 0x0E], &int(256)]))),
            VIOLATION,
        ),
        case(
            "PUBLISH with a group order property of 3",
            one(request(kind::PUBLISH, 0, SELF, &[0, 0x22, 3])),
            VIOLATION,
        ),
        case(
            "PUBLISH with a dynamic groups property of 2",
            one(request(kind::PUBLISH, 0, SELF, &[0, 0x30, 2])),
            VIOLATION,
        ),
        case(
            "PUBLISH with a property cut in its value",
            one(request(kind::PUBLISH, 0, SELF, &[0, 0x0B, 9, 1])),
            VIOLATION,
        ),
        case(
            "PUBLISH with an unknown mandatory property",
            one(request(kind::PUBLISH, 0, SELF, &bytes(&[&[0], &ints(&[0x4000, 1])]))),
            Fate::GoesOn,
        ),
        case(
            "FETCH of type 4",
            one(message(kind::FETCH, &bytes(&[&[0, 4], &ints(&[0, 0, 0])]))),
            VIOLATION,
        ),
    ])
    .collect()
}

fn tokens() -> Vec<Case> {
    let formatting = Fate::Closed(SessionCode::KeyValueFormattingError);
    let overflow = Fate::Closed(SessionCode::AuthTokenCacheOverflow);
    let unknown = Fate::Closed(SessionCode::UnknownAuthTokenAlias);
    let twice = Fate::Closed(SessionCode::DuplicateAuthTokenAlias);
    let token = |value: &[u8]| bytes(&[&[1, 3], &text(value)]);
    let long = |alias: u8, len| text(&bytes(&[&[1, alias, 0], &vec![b'a'; len]]));
    let register = |alias, len| bytes(&[&[1, 3], &long(alias, len)]);
    [
        ("a token of no bytes", token(&[]), formatting),
        ("a token of alias type 9", token(&[9, 0]), formatting),
        ("a token without type", token(&[3]), formatting),
        ("a token to delete with a value", token(&[0, 1, 1]), formatting),
        ("a token that is too large to register", register(1, 20_000), overflow),
        ("an alias that stands for nothing", token(&[2, 1]), unknown),
        ("an alias to delete that stands for nothing", token(&[0, 1]), unknown),
        ("an alias registered twice", bytes(&[&[2, 3], &long(1, 8), &[0], &long(1, 9)]), twice),
        (
            "a token twice",
            bytes(&[&[2, 3], &text(b"\x03\x00a"), &[0], &text(b"\x03\x00a")]),
            VIOLATION,
        ),
    ]
    .into_iter()
    .map(|(what, list, fate)| {
        let wire = request(kind::SUBSCRIBE, 0, SELF, &list);
        case(format!("SUBSCRIBE with {what}"), one(wire), fate)
    })
    .collect()
}

/// What may not follow a request on its stream.
fn second_messages() -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, name) in [
        (kind::PUBLISH, "PUBLISH"),
        (kind::PUBLISH_NAMESPACE, "PUBLISH_NAMESPACE"),
        (kind::SUBSCRIBE_NAMESPACE, "SUBSCRIBE_NAMESPACE"),
    ] {
        for (next, payload) in [
            (kind::SUBSCRIBE, bytes(&[&[2], &request_fields(kind::SUBSCRIBE, SELF), &[0]])),
            (kind::REQUEST_OK, vec![0]),
            (kind::SETUP, vec![]),
            (0x7F, vec![0]),
        ] {
            let wire = [request(kind, 0, SELF, &[0]), message(next, &payload)].concat();
            cases.push(case(format!("message {next:#x} behind {name}"), one(wire), VIOLATION));
        }
    }
    let forward: &[u8] = &[1, 0x10, 1];
    let priority: &[u8] = &[1, 0x20, 1];
    let prefix: &[u8] = &[1, 0x34, 0];
    for (kind, what, list) in [
        (kind::PUBLISH_NAMESPACE, "FORWARD for PUBLISH_NAMESPACE", forward),
        (kind::SUBSCRIBE_NAMESPACE, "FORWARD for SUBSCRIBE_NAMESPACE", forward),
        (kind::PUBLISH_NAMESPACE, "a priority for PUBLISH_NAMESPACE", priority),
        (kind::SUBSCRIBE_NAMESPACE, "a priority for SUBSCRIBE_NAMESPACE", priority),
        (kind::PUBLISH_NAMESPACE, "a prefix for PUBLISH_NAMESPACE", prefix),
        (kind::PUBLISH, "a prefix for PUBLISH", prefix),
    ] {
        let update = message(kind::REQUEST_UPDATE, &bytes(&[&[2], list]));
        let wire = [request(kind, 0, SELF, &[0]), update].concat();
        cases.push(case(format!("REQUEST_UPDATE with {what}"), one(wire), VIOLATION));
    }
    let goaway = message(kind::GOAWAY, &[0, 0, 1]);
    let wire = [request(kind::PUBLISH, 0, SELF, &[0]), goaway].concat();
    cases.push(case("GOAWAY with a request ID behind PUBLISH", one(wire), VIOLATION));
    let twice = vec![request(kind::PUBLISH, 0, SELF, &[0]), {
        let own = namespace(&[b"lesson", SELF.as_bytes()]);
        message(kind::PUBLISH, &bytes(&[&[2], &own, &text(b"catalog"), &[9, 0]]))
    }];
    let fate = Fate::Closed(SessionCode::DuplicateTrackAlias);
    cases.push(case("PUBLISH with the alias of another track", Play::Requests(twice), fate));
    cases
}
