//! The properties hold for the committed corpus: what a fuzzer found once stays repaired.

use std::collections::BTreeSet;

use mosaik_fuzz::{TARGETS, corpus};

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

#[test]
fn every_target_is_a_program() {
    let manifest = include_str!("../Cargo.toml");
    let built: BTreeSet<_> =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"targets/")).collect();
    let named: BTreeSet<_> = TARGETS.iter().map(|(name, _)| format!("{name}.rs\"")).collect();
    assert_eq!(built, named.iter().map(String::as_str).collect());
}
