//! A cable that is pulled.

use super::{Controller, Profile, World};

const GONE: u64 = 20_000;
const BACK: u64 = 30_000;
const END: u64 = 60_000;

#[test]
fn after_an_outage_a_picture_is_granted_within_a_second_and_the_best_soon() {
    for controller in [Controller::DelayBounded, Controller::QueueFilling] {
        for (rate, best) in [(3_000_000, 1_300_000), (1_000_000, 680_000)] {
            let rates = vec![(0, rate), (GONE, 0), (BACK, rate)];
            let profile = Profile { rates, round_trip: 50, buffer: 64_000, loss: 0 };
            let mut world = World::new(profile, controller, 1, 0, 7);
            world.run(END);
            let report = &world.sessions[0].report;
            let name = format!("{controller:?}, {rate} bit/s: {:?}", report.switches);
            assert_eq!(report.granted(GONE + 2_000), 0, "{name}");
            assert_eq!(report.granted(BACK), 0, "{name}");
            assert!(report.granted(BACK + 1_200) > 0, "{name}");
            assert!(report.settled(BACK, END) <= 8_000, "{name}");
            assert_eq!(report.granted(END), best, "{name}");
        }
    }
}
