//! One session, told sample by sample what its line does.

use std::time::{Duration, Instant};

use slotmap::{DefaultKey, SlotMap};

use super::{Decision, Layering, Level, Link, Rank, Reason, Wish};
use crate::SubscriptionKey;

#[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
fn start() -> Instant {
    Instant::now()
}

fn wish(key: SubscriptionKey, bitrates: &[u64]) -> Wish {
    let level =
        |(rendition, bitrate): (u8, &u64)| Level { rendition, temporal: 0, bitrate: *bitrate };
    let levels = (0..).zip(bitrates).map(level).collect();
    Wish { key, rank: Rank::new(128, 160), levels, oldest_waiting: None }
}

fn key() -> SubscriptionKey {
    SubscriptionKey(SlotMap::<DefaultKey, ()>::new().insert(()))
}

/// A line that carries `carries`, with a controller that holds the delay at nothing.
struct Play {
    layering: Layering,
    now: Instant,
    carries: u64,
    wishes: Vec<Wish>,
    last: Option<Decision>,
    /// When padding began.
    probes: Vec<Instant>,
}

impl Play {
    fn new(carries: u64) -> Self {
        let wishes = vec![wish(key(), &[100_000, 300_000, 900_000])];
        let (layering, probes) = (Layering::new(), Vec::new());
        Self { layering, now: start(), carries, wishes, last: None, probes }
    }

    fn sent(&self) -> u64 {
        let grants = self.last.iter().flat_map(|last| last.grants.iter());
        let level = |(wish, grant): (&Wish, &super::Grant)| {
            let level = grant.level.and_then(|level| wish.levels.get(usize::from(level)));
            level.map_or(0, |level| level.bitrate)
        };
        let pictures: u64 = self.wishes.iter().zip(grants).map(level).sum();
        pictures + 40_000 + self.last.as_ref().and_then(|last| last.probe).unwrap_or(0)
    }

    fn step(&mut self) -> &Decision {
        let sent = self.sent();
        let link = Link {
            delivered: sent.min(self.carries),
            is_limited: sent > self.carries,
            round_trip: Duration::from_millis(50),
            ..Link::default()
        };
        let decision = self.layering.decide(self.now, &link, 40_000, &self.wishes);
        let had_probe = self.last.as_ref().is_some_and(|last| last.probe.is_some());
        if decision.probe.is_some() && !had_probe {
            self.probes.push(self.now);
        }
        self.now = decision.next;
        self.last.insert(decision)
    }

    fn run(&mut self, seconds: u64) -> Decision {
        let end = self.now + Duration::from_secs(seconds);
        while self.now < end {
            self.step();
        }
        self.step().clone()
    }
}

#[test]
fn failed_probes_wait_twice_as_long_each_time_and_half_a_minute_at_most() {
    let mut play = Play::new(500_000);
    let last = play.run(150);
    assert_eq!(last.grants[0].level, Some(1));
    assert_eq!(last.reason, Reason::Line);
    let apart: Vec<u64> =
        play.probes.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    // What the first one found was all that the line carries.
    let tail = apart.iter().skip(1).copied().collect::<Vec<_>>();
    let in_vain: Vec<u64> = [4, 8, 16, 32, 32].to_vec();
    let is_near = |(apart, wait): (&u64, &u64)| (*wait..wait + 4).contains(apart);
    assert!(apart[0] >= 4, "{apart:?}");
    assert!(tail.len() >= 5 && tail.iter().zip(&in_vain).all(is_near), "{apart:?}");
}

#[test]
fn a_line_that_was_found_full_takes_one_key_frame_in_and_the_next_when_it_is_clear() {
    let mut play = Play::new(1_000_000);
    play.wishes = vec![wish(key(), &[100_000, 300_000, 600_000, 2_000_000])];
    while play.step().grants[0].level < Some(1) {}
    let began = play.now;
    assert_eq!(play.step().grants[0].level, Some(1));
    while play.step().grants[0].level == Some(1) {}
    assert!(play.now - began >= Duration::from_secs(1), "{:?}", play.now - began);
    assert_eq!(play.run(1).grants[0].level, Some(2));
}

#[test]
fn little_to_send_never_makes_the_line_smaller() {
    let mut play = Play::new(5_000_000);
    assert_eq!(play.run(10).grants[0].level, Some(2));
    // Nothing but speech passes for a minute: the picture stands still.
    for _ in 0..600 {
        let link = Link { delivered: 40_000, ..Link::default() };
        let decision = play.layering.decide(play.now, &link, 40_000, &play.wishes);
        assert_eq!((decision.grants[0].level, decision.probe), (Some(2), None));
        assert_eq!(decision.reason, Reason::Satisfied);
        play.now = decision.next;
    }
}

#[test]
fn nothing_passes_and_only_speech_is_left_until_it_does() {
    let mut play = Play::new(5_000_000);
    play.run(10);
    play.carries = 0;
    play.wishes[0].oldest_waiting = Some(Duration::from_millis(600));
    let last = play.run(2);
    assert_eq!((last.grants[0].level, last.reason), (None, Reason::SpeechOnly));
    play.carries = 5_000_000;
    play.wishes[0].oldest_waiting = None;
    assert_eq!(play.run(8).grants[0].level, Some(2));
}

#[test]
fn old_objects_reduce_pictures_though_the_queue_is_short() {
    let mut play = Play::new(1_200_000);
    assert_eq!(play.run(10).grants[0].level, Some(2));
    play.carries = 400_000;
    play.wishes[0].oldest_waiting = Some(Duration::from_millis(250));
    let fell = play.now;
    while play.step().grants[0].level == Some(2) {}
    assert!(play.now - fell <= Duration::from_millis(600), "{:?}", play.now - fell);
}

#[test]
fn what_waits_on_a_line_that_carries_more_takes_no_picture() {
    let mut play = Play::new(1_000_000);
    assert_eq!(play.run(10).grants[0].level, Some(1));
    play.wishes[0].oldest_waiting = Some(Duration::from_millis(250));
    // Images of the slides pass.
    for _ in 0..200 {
        let link = Link { delivered: 900_000, is_limited: true, ..Link::default() };
        let decision = play.layering.decide(play.now, &link, 40_000, &play.wishes);
        assert_eq!(decision.grants[0].level, Some(1));
        play.now = decision.next;
    }
}

#[test]
fn a_line_that_fell_far_is_followed_in_one_step() {
    let mut play = Play::new(5_000_000);
    play.wishes = vec![wish(key(), &[100_000, 200_000, 400_000, 800_000, 1_600_000])];
    assert_eq!(play.run(10).grants[0].level, Some(4));
    play.carries = 400_000;
    play.wishes[0].oldest_waiting = Some(Duration::from_millis(500));
    while play.step().grants[0].level == Some(4) {}
    assert_eq!(play.step().grants[0].level, Some(1));
}

#[test]
fn after_a_silence_the_first_picture_comes_at_once_and_no_padding_was_sent_into_it() {
    let mut play = Play::new(5_000_000);
    assert_eq!(play.run(10).grants[0].level, Some(2));
    play.wishes[0].oldest_waiting = Some(Duration::from_millis(600));
    let probes = play.probes.len();
    for tenth in 0..100 {
        let link = Link { is_silent: true, is_limited: true, ..Link::default() };
        let decision = play.layering.decide(play.now, &link, 40_000, &play.wishes);
        if decision.grants[0].level.is_none() {
            play.wishes[0].oldest_waiting = None;
        }
        assert!(decision.probe.is_none(), "{tenth}");
        assert!(tenth < 10 || decision.grants[0].level.is_none(), "{tenth}");
        play.now = decision.next;
        play.last = Some(decision);
    }
    assert_eq!(play.probes.len(), probes);
    let back = play.now;
    while play.step().grants[0].level.is_none() {}
    let waited = play.now - back;
    assert!(waited <= Duration::from_millis(800), "{waited:?}");
    assert_eq!(play.run(6).grants[0].level, Some(2));
}

#[test]
fn after_a_silence_a_thin_line_is_not_taken_for_a_better_one() {
    let mut play = Play::new(130_000);
    play.wishes = vec![wish(key(), &[120_000, 450_000])];
    assert_eq!(play.run(40).grants[0].level, None);
    for _ in 0..30 {
        let link = Link { is_silent: true, ..Link::default() };
        let decision = play.layering.decide(play.now, &link, 40_000, &play.wishes);
        play.now = decision.next;
        play.last = Some(decision);
    }
    for _ in 0..40 {
        assert_eq!(play.step().grants[0].level, None);
    }
}

#[test]
fn a_window_that_loss_has_made_small_for_half_a_second_is_no_smaller_line() {
    let mut play = Play::new(1_000_000);
    assert_eq!(play.run(10).grants[0].level, Some(1));
    for (loss, kept) in [(0.1, true), (0.0, false)] {
        play.wishes[0].oldest_waiting = Some(Duration::from_millis(250));
        for _ in 0..5 {
            let link = Link { delivered: 250_000, is_limited: true, loss, ..Link::default() };
            let decision = play.layering.decide(play.now, &link, 40_000, &play.wishes);
            play.now = decision.next;
            play.last = Some(decision);
        }
        play.wishes[0].oldest_waiting = None;
        assert_eq!(play.step().grants[0].level == Some(1), kept, "{loss}");
    }
}

#[test]
fn a_new_wish_is_served_at_once_where_there_is_room() {
    let mut play = Play::new(5_000_000);
    play.wishes = vec![wish(key(), &[100_000, 300_000])];
    play.run(5);
    play.wishes = vec![wish(key(), &[100_000])];
    assert_eq!(play.step().grants[0].level, Some(0));
    play.wishes = vec![wish(key(), &[100_000, 300_000])];
    assert_eq!(play.step().grants[0].level, Some(1));
}
