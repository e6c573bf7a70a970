//! A room against a plain model, in lessons that are made up from a seed.
//!
//! Up to fifty pages talk, raise hands, vote and lead; they knock and are sent away, agree and take it back,
//! get other roles and locks; their lines are cut and come back, commands arrive twice and in any order across
//! people, moderators leave. After each step the room's rules, which `rules` has a second time, must hold: nothing
//! was done that a role, a lock or a missing consent forbids, nothing was refused that they allow, and the relay
//! was told exactly who may send, hear, see and read what. In the end every page that read snapshots and events
//! must know what the room knows, and have the same notes, each command must have been done once, sums must be
//! those of the newest ballots, hands in the order in which they went up, boards as they were drawn, and no private
//! word anywhere but with those it was for.
//!
//! `MOSAIK_SEEDS` says how many seeds are tried; `MOSAIK_SEED` plays one alone.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a broken assumption is a failed seed"
)]

mod boards;
mod check;
mod client;
mod effects;
mod leading;
mod ledger;
mod model;
mod notebook;
mod play;
mod random;
mod rules;
mod sum;
mod uploads;
mod wishes;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many seeds a run tries if nobody says otherwise.
const SEEDS: u64 = 200;

#[test]
fn everyone_knows_what_the_room_knows_and_nothing_is_done_twice_or_told_to_others() {
    let number = |name: &str| std::env::var(name).ok().map(|count| count.parse().unwrap());
    if let Some(seed) = number("MOSAIK_SEED") {
        eprintln!("seed {seed}: {:?}", play::play(seed));
        return;
    }
    let count = number("MOSAIK_SEEDS").unwrap_or(SEEDS);
    let mut sum = sum::Sum::default();
    for seed in 0..count {
        match catch_unwind(AssertUnwindSafe(|| play::play(seed))) {
            Ok(played) => sum.add(&played),
            Err(cause) => {
                eprintln!("MOSAIK_SEED={seed} plays it again");
                std::panic::resume_unwind(cause);
            }
        }
    }
    eprintln!("{count} lessons: {sum:?}");
    assert!(sum.is_telling(), "the lessons were dull: {sum:?}");
}
