//! What a decision costs. Nothing is asserted of time; to see it:
//! `cargo test --release -p mosaik-media --lib layering::cost -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use slotmap::{DefaultKey, SlotMap};

use super::{Layering, Level, Link, Rank, Wish};
use crate::SubscriptionKey;

const SESSIONS: u32 = 1_000;
const SECONDS: u32 = 20;

fn wishes(count: usize) -> Vec<Wish> {
    let mut keys = SlotMap::<DefaultKey, ()>::new();
    let level = |index: u8| {
        let bitrate = 72_000 * (u64::from(index) + 1) * (u64::from(index) + 1);
        Level { rendition: index / 3, temporal: index % 3, bitrate }
    };
    let mut wish = || Wish {
        key: SubscriptionKey(keys.insert(())),
        rank: Rank::new(128, 160),
        levels: (0..9).map(level).collect(),
        oldest_waiting: None,
    };
    (0..count).map(|_| wish()).collect()
}

#[test]
#[ignore = "measures this machine"]
#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "it measures and says so")]
fn a_thousand_sessions_ten_times_a_second() {
    for pictures in [1, 4, 25] {
        let wishes = wishes(pictures);
        let mut sessions = vec![Layering::new(); usize::try_from(SESSIONS).unwrap_or(0)];
        let start = Instant::now();
        let mut granted = 0;
        for turn in 0..SECONDS * 10 {
            let now = start + Duration::from_millis(100) * turn;
            // A line that is full, then has room, then is full again.
            let link = Link {
                delivered: 1_000_000 + u64::from(turn % 7) * 40_000,
                is_limited: turn % 100 < 30,
                ..Link::default()
            };
            for session in &mut sessions {
                granted += session.decide(now, &link, 40_000, &wishes).grants.len();
            }
        }
        let share = start.elapsed().as_secs_f64() / f64::from(SECONDS) * 100.0;
        let each = start.elapsed() / (SESSIONS * SECONDS * 10);
        eprintln!("{pictures} pictures: {each:?} a decision, {share:.2} % of a core ({granted})");
    }
}
