//! SETUP and the control stream.

use mosaik_proto::moqt::SessionCode;

use crate::bytes::{bytes, int, ints, kind, message, request, text};
use crate::table::{Case, Fate, Play, SELF, VIOLATION, case};

pub(crate) fn cases() -> Vec<Case> {
    [setup(), after_setup()].concat()
}

/// A setup option of an odd type, as the first one.
fn option(kind: u64, value: &[u8]) -> Vec<u8> {
    bytes(&[&int(kind), &text(value)])
}

fn setup() -> Vec<Case> {
    let unauthorized = Fate::Closed(SessionCode::Unauthorized);
    let formatting = Fate::Closed(SessionCode::KeyValueFormattingError);
    let token = |value: &[u8]| option(0x03, value);
    let setup = |options: &[u8]| Play::Setup(message(kind::SETUP, options));
    let long = [b'x'; 5000];
    let mut cases = vec![
        case("SETUP without a token", setup(&[]), unauthorized),
        case("SETUP with an empty token", setup(&token(&[3, 0])), unauthorized),
        case("SETUP with nonsense as a token", setup(&token(b"\x03\x00nonsense")), unauthorized),
        case(
            "SETUP with a token that is not UTF-8",
            setup(&token(&[3, 0, 0xFF, 0xFE])),
            unauthorized,
        ),
        case("SETUP with a token of 5 kB", setup(&token(&bytes(&[&[3, 0], &long]))), unauthorized),
        case(
            "SETUP with a registered nonsense token",
            setup(&token(b"\x01\x07\x00x")),
            unauthorized,
        ),
        case("SETUP with a deleted token", setup(&token(&[0, 7])), VIOLATION),
        case("SETUP with an alias for a token", setup(&token(&[2, 7])), VIOLATION),
        case("SETUP with a token structure of no bytes", setup(&token(&[])), formatting),
        case("SETUP with a token of alias type 4", setup(&token(&[4, 0])), formatting),
        case("SETUP with a token cut before its type", setup(&token(&[3])), formatting),
        case("SETUP with a deleted token and more", setup(&token(&[0, 7, 7])), formatting),
        case("SETUP with an option cut in its length", setup(&[1]), VIOLATION),
        case("SETUP with an option cut in its value", setup(&[1, 5, b'/']), VIOLATION),
        case("SETUP with an even option without value", setup(&[4]), VIOLATION),
        case(
            "SETUP with an option of 65,536 bytes",
            setup(&bytes(&[&[1], &int(65_536)])),
            VIOLATION,
        ),
        case(
            "SETUP with an option of 2^64 - 1 bytes",
            setup(&bytes(&[&[1], &int(u64::MAX)])),
            VIOLATION,
        ),
        case(
            "SETUP with option types beyond 2^64",
            setup(&bytes(&[&ints(&[u64::MAX - 1, 0]), &ints(&[u64::MAX, 0])])),
            VIOLATION,
        ),
        case(
            "SETUP with PATH twice",
            setup(&bytes(&[&option(1, b"/moqt"), &[0], &text(b"/moqt")])),
            VIOLATION,
        ),
        case(
            "SETUP for another path",
            Play::SetupOptions(option(1, b"/elsewhere")),
            Fate::Closed(SessionCode::InvalidPath),
        ),
    ];
    for kind in [kind::SUBSCRIBE, kind::REQUEST_OK, kind::NAMESPACE, kind::FETCH_OK + 8] {
        let name = format!("a control stream that begins with message {kind:#x}");
        cases.push(case(name, Play::Setup(message(kind, &[0])), VIOLATION));
    }
    cases
}

fn after_setup() -> Vec<Case> {
    let goaway = |payload: &[u8]| message(kind::GOAWAY, payload);
    let control = |wire: &[u8]| Play::Control(wire.to_vec());
    let wrong_id = Fate::Closed(SessionCode::InvalidRequestId);
    let mut cases = vec![
        case("the end of the control stream", Play::EndControl, VIOLATION),
        case("a second SETUP", control(&message(kind::SETUP, &[])), VIOLATION),
        case(
            "a second control stream",
            Play::Streams(vec![message(kind::SETUP, &[])], false),
            VIOLATION,
        ),
        case(
            "GOAWAY with a URI",
            control(&goaway(&bytes(&[&text(b"https://x"), &[0, 1]]))),
            VIOLATION,
        ),
        case(
            "GOAWAY with a URI of 8,193 bytes",
            control(&goaway(&bytes(&[&text(&[b'x'; 8193]), &[0, 1]]))),
            VIOLATION,
        ),
        case(
            "GOAWAY twice",
            control(&[goaway(&[0, 0, 1]), goaway(&[0, 0, 1])].concat()),
            VIOLATION,
        ),
        case("GOAWAY with a request ID of ours", control(&goaway(&[0, 0, 2])), wrong_id),
        case("GOAWAY with more behind it", control(&goaway(&[0, 0, 1, 0])), VIOLATION),
        case("GOAWAY without its timeout", control(&goaway(&[0])), VIOLATION),
        case("GOAWAY without anything", control(&goaway(&[])), VIOLATION),
        case("GOAWAY cut in its URI", control(&goaway(&[9, b'x'])), VIOLATION),
    ];
    for kind in [
        kind::SUBSCRIBE,
        kind::PUBLISH,
        kind::PUBLISH_NAMESPACE,
        kind::SUBSCRIBE_NAMESPACE,
        kind::TRACK_STATUS,
        kind::FETCH,
    ] {
        let name = format!("request {kind:#x} on the control stream");
        cases.push(case(name, control(&request(kind, 0, SELF, &[0])), VIOLATION));
    }
    for (kind, payload) in responses() {
        let name = format!("response {kind:#x} on the control stream");
        cases.push(case(name, control(&message(kind, &payload)), VIOLATION));
    }
    for kind in [0x00, 0x01, 0x09, 0x0A, 0x11, 0x20, 0x21, 0x40, 0x41, 0x3FFF, u64::MAX] {
        let name = format!("unknown message {kind:#x} on the control stream");
        cases.push(case(name, control(&message(kind, &[0, 0])), VIOLATION));
    }
    cases
}

/// Messages that are no requests, well-formed.
pub(crate) fn responses() -> Vec<(u64, Vec<u8>)> {
    vec![
        (kind::REQUEST_UPDATE, ints(&[2, 0])),
        (kind::SUBSCRIBE_OK, ints(&[7, 0])),
        (kind::REQUEST_ERROR, ints(&[0x10, 0, 0])),
        (kind::REQUEST_OK, ints(&[0])),
        (kind::NAMESPACE, ints(&[0])),
        (kind::PUBLISH_DONE, ints(&[2, 0, 0])),
        (kind::NAMESPACE_DONE, ints(&[0])),
        (kind::PUBLISH_BLOCKED, bytes(&[&ints(&[0]), &text(b"mic")])),
        (kind::FETCH_OK, ints(&[0, 0, 0, 0])),
    ]
}
