//! Who of a class with open microphones is heard, and from which word on.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for two effects among all")]

use bytes::Bytes;
use mosaik_proto::moqt::{FullTrackName, Location, Namespace, ObjectStatus, TrackProperties};

use super::*;
use crate::{Change, Due, Effect, Egress, Limits, RequestKey, SubscribeRequest};

const FRAME: Duration = Duration::from_millis(20);

/// -dBov with and without voice activity.
const LOUD: u64 = 20 + VOICE_ACTIVITY;
const SOFT: u64 = 40 + VOICE_ACTIVITY;
const QUIET: u64 = 70;

#[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
fn start() -> Instant {
    Instant::now()
}

/// A class with open microphones, and one who listens.
struct Class {
    tracks: Tracks,
    now: Instant,
    listener: SessionKey,
    voices: Vec<(TrackKey, SubscriptionKey)>,
    frames: u64,
}

impl Class {
    fn of(count: usize) -> Self {
        let mut tracks = Tracks::new(Limits::default());
        let listener = tracks.open_session();
        let mut class = Self { tracks, now: start(), listener, voices: Vec::new(), frames: 0 };
        for number in 0..count {
            class.enter(number, 32);
        }
        class
    }

    fn enter(&mut self, number: usize, priority: u8) {
        let publisher = self.tracks.open_session();
        let namespace = Namespace::of(&["room", &format!("{number}")]);
        let request = RequestKey { session: publisher, id: 0 };
        self.tracks.announce(self.now, request, namespace.clone()).expect("announced");
        let id = 2 * u64::try_from(number).expect("few");
        let request = RequestKey { session: self.listener, id };
        let name = FullTrackName::new(namespace, "mic");
        let wish = SubscribeRequest { priority, ..SubscribeRequest::new(request, name) };
        self.tracks.subscribe(self.now, &wish);
        let mut asked = None;
        while let Some(effect) = self.tracks.poll_effect() {
            match effect {
                Effect::SubscribeUpstream { session, track, .. } => {
                    asked = Some(track);
                    let answer = Ok((TrackProperties::default().with_priority(32), None));
                    self.tracks.upstream_answered(self.now, session, track, answer);
                }
                Effect::Established { subscription, .. } => {
                    self.voices.push((asked.expect("asked for"), subscription));
                }
                _ => {}
            }
        }
    }

    /// A frame of each voice at these levels; whose frames went out, by how many each.
    fn frame(&mut self, levels: &[Option<u64>]) -> Vec<usize> {
        self.now += FRAME;
        self.frames += 1;
        for ((track, _), level) in self.voices.clone().into_iter().zip(levels) {
            let Some(level) = level else { continue };
            let mut properties = Vec::new();
            Properties::default().with_integer(AUDIO_LEVEL, *level).encode(&mut properties);
            let datagram = Datagram {
                track_alias: 0,
                location: Location::new(1, self.frames),
                priority: None,
                end_of_group: false,
                properties: properties.into(),
                status: ObjectStatus::Normal,
                payload: Bytes::from_static(b"voice"),
            };
            self.tracks.datagram(self.now, track, &datagram);
        }
        self.taken()
    }

    fn taken(&mut self) -> Vec<usize> {
        let mut egress = Egress::begin(&mut self.tracks, self.listener, self.now);
        let mut aliases = Vec::new();
        while let Some(due) = egress.next() {
            if let Due::Datagram { bytes, .. } = due {
                egress.sent();
                aliases
                    .push(Datagram::decode(bytes).expect("ours").expect("an object").track_alias);
            }
        }
        drop(egress);
        let of = |(_, key): &(TrackKey, SubscriptionKey)| self.tracks.subscriptions[key.0].alias;
        let count = |alias| aliases.iter().filter(|other| **other == alias).count();
        self.voices.iter().map(of).map(count).collect()
    }

    /// The same for a while; what went out in the last frame.
    fn go_on(&mut self, millis: u64, levels: &[u64]) -> Vec<usize> {
        let levels: Vec<_> = levels.iter().copied().map(Some).collect();
        (0..millis / 20).map(|_| self.frame(&levels)).last().expect("a frame at least")
    }
}

#[test]
fn as_many_as_can_be_understood_are_heard_silent_or_not() {
    let mut class = Class::of(3);
    assert_eq!(class.go_on(20, &[QUIET, LOUD, QUIET]), [1, 1, 1]);
    let mut class = Class::of(5);
    assert_eq!(class.go_on(20, &[QUIET; 5]), [1, 1, 1, 0, 0]);
}

#[test]
fn who_begins_to_speak_among_the_silent_is_heard_from_the_first_syllable() {
    let mut class = Class::of(4);
    class.go_on(2_000, &[QUIET; 4]);
    assert_eq!(class.go_on(20, &[LOUD, QUIET, LOUD, SOFT])[3], 4, "60 ms before the word");
    assert_eq!(class.go_on(20, &[LOUD, QUIET, LOUD, SOFT]), [1, 0, 1, 1]);
}

#[test]
fn a_place_is_held_through_a_pause_and_then_given_up() {
    let mut class = Class::of(4);
    class.go_on(1_000, &[LOUD, LOUD, LOUD, QUIET]);
    assert_eq!(class.go_on(1_400, &[QUIET, LOUD, LOUD, SOFT]), [1, 1, 1, 0]);
    assert_eq!(class.go_on(200, &[QUIET, LOUD, LOUD, SOFT]), [0, 1, 1, 1]);
}

#[test]
fn who_is_much_louder_than_a_speaker_takes_the_place_after_a_while() {
    let mut class = Class::of(4);
    class.go_on(1_000, &[LOUD, SOFT, LOUD, QUIET]);
    assert_eq!(class.go_on(280, &[LOUD, SOFT, LOUD, LOUD]), [1, 1, 1, 0], "a cough is shorter");
    let went: Vec<usize> = (0..10).map(|_| class.go_on(20, &[LOUD, SOFT, LOUD, LOUD])[3]).collect();
    let first = went.iter().find(|frames| **frames > 0);
    assert_eq!(first, Some(&19), "the 300 ms in which it waited, and 60 ms before");
    assert_eq!(class.go_on(20, &[LOUD, SOFT, LOUD, LOUD]), [1, 0, 1, 1]);
    assert_eq!(class.go_on(5_000, &[LOUD, LOUD, LOUD, LOUD]), [1, 0, 1, 1], "of equals the first");
}

#[test]
fn who_switches_the_microphone_off_or_is_gone_leaves_the_place() {
    for is_gone in [false, true] {
        let mut class = Class::of(4);
        class.go_on(1_000, &[LOUD, LOUD, LOUD, QUIET]);
        if is_gone {
            let (_, key) = class.voices[0];
            class.tracks.remove_subscription(key);
            class.voices.remove(0);
            assert_eq!(class.go_on(20, &[LOUD, LOUD, QUIET]), [1, 1, 1]);
        } else {
            let levels = [None, Some(LOUD), Some(LOUD), Some(QUIET)];
            let last = (0..51).map(|_| class.frame(&levels)).last();
            assert_eq!(last.as_deref(), Some(&[0, 1, 1, 1][..]));
        }
    }
}

#[test]
fn who_pauses_a_subscription_does_not_lose_a_place_by_it() {
    let mut class = Class::of(4);
    let paused = Change { forward: Some(false), ..Change::default() };
    let (_, key) = class.voices[0];
    class.tracks.update(class.now, key, &paused).expect("updated");
    assert_eq!(class.go_on(20, &[QUIET; 4]), [0, 1, 1, 1]);
}

#[test]
fn a_pinned_voice_is_heard_beside_the_others_and_keeps_nobody_out() {
    let mut class = Class::of(3);
    class.enter(3, PINNED_PRIORITY_MAX);
    class.enter(4, 32);
    assert_eq!(class.go_on(1_000, &[LOUD, LOUD, LOUD, QUIET, LOUD]), [1, 1, 1, 1, 0]);
}

#[test]
fn what_is_not_heard_is_not_counted_among_what_a_session_has() {
    let mut class = Class::of(8);
    class.go_on(3_000, &[QUIET; 8]);
    let eight = class.tracks.reserved(class.now, class.listener);
    let mut class = Class::of(3);
    class.go_on(3_000, &[QUIET; 3]);
    assert_eq!(class.tracks.reserved(class.now, class.listener), eight);
    assert!(eight > 0);
}

#[test]
fn what_says_nothing_of_its_loudness_is_no_voice() {
    let mut class = Class::of(5);
    class.now += FRAME;
    for (track, _) in class.voices.clone() {
        let datagram = Datagram {
            track_alias: 0,
            location: Location::new(1, 0),
            priority: None,
            end_of_group: false,
            properties: Bytes::new(),
            status: ObjectStatus::Normal,
            payload: Bytes::from_static(b"data"),
        };
        class.tracks.datagram(class.now, track, &datagram);
    }
    assert_eq!(class.taken(), [1; 5]);
}
