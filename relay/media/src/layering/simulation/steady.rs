//! Lines that stay as they are.

use super::super::Level;
use super::sender::SPEECH_RATE;
use super::source::levels;
use super::{Controller, Profile, World};

const BEGUN: u64 = 20_000;
const END: u64 = 80_000;

/// Bits a second of the best level that leaves 15 % of the line for key frames.
fn best(rate: u64) -> u64 {
    let fits = |level: &&Level| level.bitrate + SPEECH_RATE <= rate * 85 / 100;
    levels().iter().rfind(fits).map_or(0, |level| level.bitrate)
}

#[test]
fn a_steady_line_has_its_best_picture_without_flicker() {
    for controller in [Controller::DelayBounded, Controller::QueueFilling] {
        for rate in [250_000, 400_000, 600_000, 1_000_000, 2_000_000, 5_000_000] {
            let profile =
                Profile { rates: vec![(0, rate)], round_trip: 50, buffer: 64_000, loss: 0 };
            let mut world = World::new(profile, controller, 1, 0, 7);
            world.run(END);
            let report = &world.sessions[0].report;
            let name = format!("{controller:?}, {rate} bit/s: {:?}", report.switches);
            assert!(report.switched(BEGUN, END) <= 2, "{name}");
            let got = report.pictures(BEGUN, END) * 100 / best(rate);
            assert!(got >= 85, "{got} % of {}: {name}", best(rate));
            assert!(report.stall(BEGUN, END) <= 1_000, "{name}");
        }
    }
}

#[test]
fn a_radio_that_loses_packets_keeps_its_picture() {
    for rate in [400_000, 1_000_000, 5_000_000] {
        let profile = Profile { rates: vec![(0, rate)], round_trip: 50, buffer: 64_000, loss: 20 };
        let mut world = World::new(profile, Controller::DelayBounded, 1, 0, 7);
        world.run(END);
        let report = &world.sessions[0].report;
        let name = format!("{rate} bit/s: {:?}", report.switches);
        assert!(report.pictures(BEGUN, END) * 100 >= best(rate) * 85, "{name}");
        assert!(report.stall(BEGUN, END) <= 1_000, "{name}");
    }
}

#[test]
fn a_line_too_thin_for_any_picture_carries_speech_in_time() {
    let profile = Profile { rates: vec![(0, 80_000)], round_trip: 50, buffer: 64_000, loss: 0 };
    let mut world = World::new(profile, Controller::DelayBounded, 1, 0, 7);
    world.run(END);
    let report = &world.sessions[0].report;
    assert_eq!(report.granted(END), 0);
    assert!(report.speech(BEGUN, END) <= 200, "{} ms", report.speech(BEGUN, END));
}
