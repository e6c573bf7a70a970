//! The properties hold for the committed corpus: what a fuzzer found once stays repaired.

use std::collections::BTreeSet;

use mosaik_fuzz::session::{self, Heard};
use mosaik_fuzz::{TARGETS, corpus, websocket};

#[test]
fn every_property_holds_for_the_corpus() {
    for (target, check) in TARGETS {
        let inputs = corpus::read(&corpus::path(target)).unwrap();
        assert!(inputs.len() > 3, "the corpus of {target} is empty");
        for input in &inputs {
            check(input);
        }
    }
}

/// What a corpus does not reach is not tried at all: most of it needs two peers who agree.
#[test]
fn the_sessions_of_the_corpus_hear_all_that_a_relay_says() {
    let inputs = corpus::read(&corpus::path("session")).unwrap();
    let heard: BTreeSet<Heard> = inputs.iter().flat_map(|input| session::play(input)).collect();
    let messages = [
        "SETUP",
        "GOAWAY",
        "SUBSCRIBE",
        "SUBSCRIBE_OK",
        "REQUEST_UPDATE",
        "REQUEST_OK",
        "REQUEST_ERROR",
        "PUBLISH",
        "PUBLISH_DONE",
        "PUBLISH_BLOCKED",
        "NAMESPACE",
        "NAMESPACE_DONE",
        "FETCH",
        "FETCH_OK",
    ];
    let rest = [Heard::Subgroup, Heard::Fetch, Heard::Datagram];
    let wanted: BTreeSet<Heard> = messages.map(Heard::Message).into_iter().chain(rest).collect();
    let missing: Vec<&Heard> = wanted.difference(&heard).collect();
    assert!(missing.is_empty(), "not heard: {missing:?}; heard: {heard:?}");
}

#[test]
fn an_object_goes_through_the_relay_and_back_over_a_websocket() {
    let inputs = corpus::read(&corpus::path("websocket")).unwrap();
    let comes_back = |input: &Vec<u8>| websocket::play(input).windows(3).any(|part| part == b"abc");
    assert!(inputs.iter().any(comes_back), "the corpus publishes and hears nothing");
}

#[test]
fn every_target_is_a_program() {
    let manifest = include_str!("../Cargo.toml");
    let built: BTreeSet<_> =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"targets/")).collect();
    let named: BTreeSet<_> = TARGETS.iter().map(|(name, _)| format!("{name}.rs\"")).collect();
    assert_eq!(built, named.iter().map(String::as_str).collect());
}
