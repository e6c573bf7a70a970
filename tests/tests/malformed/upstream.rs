//! Answers to the relay's SUBSCRIBE.

use mosaik_proto::moqt::SessionCode;

use crate::bytes::{bytes, int, ints, kind, message, text};
use crate::table::{Case, Fate, Play, VIOLATION, case};

pub(crate) fn cases() -> Vec<Case> {
    let answer = |name: &str, wire: Vec<u8>, fate| {
        case(format!("an answer that is {name}"), Play::Answers(vec![wire]), fate)
    };
    let ok = |payload: &[u8]| message(kind::SUBSCRIBE_OK, payload);
    let error = |payload: &[u8]| message(kind::REQUEST_ERROR, payload);
    let done = |payload: &[u8]| [ok(&[7, 0]), message(kind::PUBLISH_DONE, payload)].concat();
    let long = text(&[b'x'; 1025]);
    let goes_on = Fate::GoesOn;
    let mut cases = vec![
        answer("an empty SUBSCRIBE_OK", ok(&[]), VIOLATION),
        answer("SUBSCRIBE_OK without its parameters", ok(&[7]), VIOLATION),
        answer("SUBSCRIBE_OK with an unknown parameter", ok(&[7, 1, 0x7E, 0]), VIOLATION),
        answer("SUBSCRIBE_OK with FORWARD", ok(&[7, 1, 0x10, 1]), VIOLATION),
        answer("SUBSCRIBE_OK with a token", ok(&[7, 1, 3, 3, 3, 0, b'x']), VIOLATION),
        answer("SUBSCRIBE_OK with half a location", ok(&[7, 1, 9, 1]), VIOLATION),
        answer("SUBSCRIBE_OK with half a property", ok(&[7, 0, 2]), VIOLATION),
        answer(
            "SUBSCRIBE_OK with priority 256",
            ok(&bytes(&[&[7, 0, 0x0E], &int(256)])),
            VIOLATION,
        ),
        answer("SUBSCRIBE_OK with group order 0", ok(&[7, 0, 0x22, 0]), VIOLATION),
        answer("SUBSCRIBE_OK with dynamic groups 2", ok(&[7, 0, 0x30, 2]), VIOLATION),
        answer(
            "SUBSCRIBE_OK with an unknown mandatory property",
            ok(&bytes(&[&[7, 0], &ints(&[0x4000, 1])])),
            goes_on,
        ),
        answer("SUBSCRIBE_OK twice", [ok(&[7, 0]), ok(&[7, 0])].concat(), VIOLATION),
        answer("an empty REQUEST_ERROR", error(&[]), VIOLATION),
        answer("REQUEST_ERROR without a reason", error(&[0x10, 0]), VIOLATION),
        answer(
            "REQUEST_ERROR with a reason of 1,025 bytes",
            error(&bytes(&[&[0x10, 0], &long])),
            VIOLATION,
        ),
        answer("REQUEST_ERROR with half a reason", error(&[0x10, 0, 9, b'x']), VIOLATION),
        answer("REQUEST_ERROR with more behind it", error(&[0x10, 0, 0, 0]), VIOLATION),
        answer("REQUEST_ERROR with an unknown code", error(&[0x3E, 0, 0]), goes_on),
        answer("a redirect without a place", error(&[0x34, 0, 0]), VIOLATION),
        answer(
            "a redirect of the relay elsewhere",
            error(&bytes(&[&[0x34, 0, 0], &text(b"https://x"), &[0, 0]])),
            VIOLATION,
        ),
        answer("REQUEST_OK", message(kind::REQUEST_OK, &[0]), VIOLATION),
        answer("SETUP", message(kind::SETUP, &[]), VIOLATION),
        answer("PUBLISH_DONE at once", message(kind::PUBLISH_DONE, &[2, 0, 0]), VIOLATION),
        answer("NAMESPACE", message(kind::NAMESPACE, &[0]), VIOLATION),
        answer("an unknown message", message(0x7F, &[0]), VIOLATION),
        answer("PUBLISH_DONE without a reason", done(&[2, 0]), VIOLATION),
        answer(
            "PUBLISH_DONE with a reason of 1,025 bytes",
            done(&bytes(&[&[2, 0], &long])),
            VIOLATION,
        ),
        answer("PUBLISH_DONE with an unknown code", done(&[0x3E, 0, 0]), goes_on),
    ];
    cases.push(case(
        "one alias for two tracks",
        Play::Answers(vec![ok(&[7, 0]), ok(&[7, 0])]),
        Fate::Closed(SessionCode::DuplicateTrackAlias),
    ));
    cases
}
