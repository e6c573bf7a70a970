//! A classroom behind one line.

use super::{Controller, Profile, World};

/// Jain's index in thousandths of the bits of pictures in this time: 1000 if all have the same.
fn jain(world: &World, from: u64, to: u64) -> u64 {
    let sessions = u64::try_from(world.sessions.len()).unwrap_or(0);
    let rates = world.sessions.iter().map(|session| session.report.pictures(from, to) / 1_000);
    let (sum, squares) =
        rates.fold((0, 0), |(sum, squares), rate| (sum + rate, squares + rate * rate));
    sum * sum * 1_000 / (squares * sessions).max(1)
}

fn share_used(world: &World, rate: u64, from: u64, to: u64) -> u64 {
    let used = world.sessions.iter().map(|session| session.report.used(from, to));
    used.sum::<u64>() * 100 / rate
}

fn classroom(sessions: u64, rate: u64, end: u64) -> World {
    let profile = Profile { rates: vec![(0, rate)], round_trip: 40, buffer: rate / 80, loss: 0 };
    let mut world = World::new(profile, Controller::DelayBounded, sessions, 200, 7);
    world.run(end);
    world
}

#[test]
fn sixty_behind_a_line_that_carries_all_have_the_same() {
    let world = classroom(60, 100_000_000, 30_000);
    assert!(jain(&world, 20_000, 30_000) >= 950, "{}", jain(&world, 20_000, 30_000));
    for session in &world.sessions {
        assert_eq!(session.report.granted(30_000), 1_300_000);
        assert_eq!(session.report.switched(20_000, 30_000), 0);
        assert!(session.report.stall(20_000, 30_000) <= 500);
    }
}

#[test]
fn a_line_that_is_too_small_for_all_is_used() {
    let world = classroom(20, 10_000_000, 60_000);
    let used = share_used(&world, 10_000_000, 30_000, 60_000);
    assert!(used >= 85, "{used} %");
    for session in &world.sessions {
        assert!(session.report.granted(60_000) > 0, "{:?}", session.report.switches);
    }
}
