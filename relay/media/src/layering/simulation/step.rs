//! A line that falls and comes back.

use super::{Controller, Profile, World};

const FALLS: u64 = 20_000;
const RISES: u64 = 50_000;
const END: u64 = 80_000;

/// The best level for 400 kbit/s: the middle rendition's base layer.
const BEST_BELOW: u64 = 270_000;
const BEST: u64 = 1_300_000;

#[test]
fn a_line_that_falls_and_comes_back_is_followed_without_a_stall() {
    for controller in [Controller::DelayBounded, Controller::QueueFilling] {
        for round_trip in [20, 50, 150] {
            let rates = vec![(0, 3_000_000), (FALLS, 400_000), (RISES, 3_000_000)];
            let profile = Profile { rates, round_trip, buffer: 64_000, loss: 0 };
            let mut world = World::new(profile, controller, 1, 0, 7);
            world.run(END);
            let report = &world.sessions[0].report;
            let name = format!("{controller:?}, {round_trip} ms: {:?}", report.switches);
            assert_eq!(report.granted(FALLS), BEST, "{name}");
            let first =
                report.switches.iter().find(|(at, _)| *at > FALLS).map_or(END, |(at, _)| *at);
            assert!(first <= FALLS + 500 + round_trip, "less within half a second: {name}");
            assert_eq!(report.granted(FALLS + 2_000), BEST_BELOW, "{name}");
            assert_eq!(report.switched(FALLS + 2_000, RISES), 0, "settled: {name}");
            assert!(report.settled(RISES, END) <= 8_000, "{name}");
            assert_eq!(report.granted(END), BEST, "{name}");
            // A lower rendition begins with its key frame, two seconds later at most.
            assert!(report.stall(FALLS, FALLS + 4_000) <= 2_500, "{name}");
            assert!(report.stall(FALLS + 4_000, END) <= 1_000, "{name}");
        }
    }
}
