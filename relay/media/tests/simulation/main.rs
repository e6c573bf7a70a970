//! The relay's core against a plain model, in lessons that are made up from a seed.
//!
//! Publishers send subgroups in any order and in any pieces, reset them, vanish and come back;
//! subscribers come late, filter, pause, have little patience and slow transports. Whatever a
//! subscriber receives must be what was published: nothing invented, nothing changed, nothing twice,
//! nothing out of order, and nothing missing without a reason that the model knows too.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a broken assumption is a failed seed"
)]

mod datagrams;
mod listener;
mod play;
mod published;
mod publishing;
mod random;
mod sending;
mod subscribing;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many seeds a run tries if nobody says otherwise.
const SEEDS: u64 = 1_000;

/// Seeds that found something once.
const KEPT: [u64; 2] = [4_098, 11_691];

#[test]
fn nothing_is_invented_changed_doubled_reordered_or_lost_without_a_reason() {
    let count = std::env::var("MOSAIK_SEEDS").ok().map_or(SEEDS, |count| count.parse().unwrap());
    let mut sum = play::Sum::default();
    for seed in KEPT.into_iter().chain(0..count) {
        match catch_unwind(AssertUnwindSafe(|| play::play(seed))) {
            Ok(played) => sum.add(&played),
            Err(cause) => {
                eprintln!("seed {seed} of {count}");
                std::panic::resume_unwind(cause);
            }
        }
    }
    eprintln!("{count} lessons: {sum:?}");
    assert!(sum.is_telling(), "the lessons were dull: {sum:?}");
}
