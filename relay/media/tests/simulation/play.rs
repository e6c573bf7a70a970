//! One lesson: who does what when, as a seed has it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use mosaik_media::{
    Effect, Egress, LaneId, Limits, Packing, RequestKey, SessionKey, SubscribeRequest, TrackKey,
    Tracks,
};
use mosaik_proto::moqt::{FullTrackName, GroupId, Location, Namespace, TrackProperties};

use crate::listener::Listener;
use crate::published::{Bounds, Track};
use crate::publishing::Stream;
use crate::random::Random;

pub(crate) const TRACKS: usize = 2;
const SUBSCRIBERS: usize = 4;
const STEPS: u64 = 250;

/// A track's log, small enough that a lesson overflows it both ways.
pub(crate) const BOUNDS: Bounds = Bounds { groups: 3, bytes: 40_000 };

/// OBJECT_DELIVERY_TIMEOUT of the second track; the first one has none.
const TRACK_TIMEOUT: Duration = Duration::from_millis(400);

/// What happened, to see that it was enough.
#[derive(Debug, Default)]
pub(crate) struct Sum {
    pub(crate) objects: usize,
    pub(crate) finished: usize,
    pub(crate) reset: usize,
    pub(crate) refused: usize,
    pub(crate) updates: usize,
    pub(crate) publishers: usize,
    pub(crate) resumed: usize,
    pub(crate) datagrams: usize,
    pub(crate) repeats: usize,
    pub(crate) held: usize,
}

impl Sum {
    pub(crate) const fn add(&mut self, other: &Self) {
        self.objects += other.objects;
        self.finished += other.finished;
        self.reset += other.reset;
        self.refused += other.refused;
        self.updates += other.updates;
        self.publishers += other.publishers;
        self.resumed += other.resumed;
        self.datagrams += other.datagrams;
        self.repeats += other.repeats;
        self.held += other.held;
    }

    /// Whether everything happened that is to be tried.
    pub(crate) const fn is_telling(&self) -> bool {
        self.objects > 1_000
            && self.finished > 100
            && self.reset > 100
            && self.refused > 100
            && self.updates > 100
            && self.publishers > 10
            && self.resumed > 100
            && self.datagrams > 1_000
            && self.repeats > 500
            && self.held > 1_000
    }
}

pub(crate) struct Lesson {
    pub(crate) random: Random,
    pub(crate) tracks: Tracks,
    pub(crate) now: Instant,
    pub(crate) publishers: Vec<SessionKey>,
    /// Who was asked for each track.
    pub(crate) upstreams: [Vec<SessionKey>; TRACKS],
    /// The relay's keys of the tracks: one that is released comes back under another.
    pub(crate) known: [Option<TrackKey>; TRACKS],
    pub(crate) published: [Track; TRACKS],
    /// Objects that were sent in datagrams.
    pub(crate) sent: [BTreeSet<Location>; TRACKS],
    /// Where each track's group numbers are.
    pub(crate) newest: [GroupId; TRACKS],
    pub(crate) streams: Vec<Stream>,
    pub(crate) subscribers: Vec<SessionKey>,
    pub(crate) asked: BTreeMap<RequestKey, (usize, SubscribeRequest)>,
    pub(crate) listeners: BTreeMap<RequestKey, (u64, Listener)>,
    /// Subscriptions that are over; what still comes of them must be right all the same.
    pub(crate) over: BTreeSet<RequestKey>,
    pub(crate) blocked: BTreeSet<SessionKey>,
    /// How speech goes out to each session.
    pub(crate) packing: BTreeMap<SessionKey, Packing>,
    pub(crate) next_request: u64,
    pub(crate) sum: Sum,
}

/// Plays one lesson to its end.
pub(crate) fn play(seed: u64) -> Sum {
    let mut lesson = Lesson::new(seed);
    for _ in 0..STEPS {
        lesson.step();
        lesson.settle();
    }
    lesson.end()
}

#[expect(clippy::disallowed_methods, reason = "a lesson has to begin somewhere")]
fn start() -> Instant {
    Instant::now()
}

pub(crate) fn name(track: usize) -> FullTrackName {
    let name = if track == 0 { "voice" } else { "picture" };
    FullTrackName::new(Namespace::of(&["room", "teacher"]), name)
}

fn properties(track: usize) -> TrackProperties {
    let millis = u64::try_from(TRACK_TIMEOUT.as_millis()).unwrap();
    match track {
        0 => TrackProperties::default().with_priority(32),
        _ => TrackProperties::default().with_object_delivery_timeout_ms(millis),
    }
}

/// The smaller of what both sides ask.
pub(crate) fn patience(own: Option<Duration>, track: usize) -> Option<Duration> {
    own.into_iter().chain((track > 0).then_some(TRACK_TIMEOUT)).min()
}

impl Lesson {
    pub(crate) fn new(seed: u64) -> Self {
        let limits = Limits {
            groups_per_track: BOUNDS.groups,
            bytes_per_track: BOUNDS.bytes,
            ..Limits::default()
        };
        let mut tracks = Tracks::new(limits);
        let subscribers = (0..SUBSCRIBERS).map(|_| tracks.open_session()).collect();
        let mut lesson = Self {
            random: Random::new(seed),
            tracks,
            now: start(),
            publishers: Vec::new(),
            upstreams: Default::default(),
            known: [None; TRACKS],
            published: Default::default(),
            sent: Default::default(),
            newest: [0; TRACKS],
            streams: Vec::new(),
            subscribers,
            asked: BTreeMap::new(),
            listeners: BTreeMap::new(),
            over: BTreeSet::new(),
            blocked: BTreeSet::new(),
            packing: BTreeMap::new(),
            next_request: 0,
            sum: Sum::default(),
        };
        lesson.pack();
        lesson.publisher_comes();
        lesson
    }

    /// Some sessions have lines that lose packets or carry little.
    fn pack(&mut self) {
        for session in &self.subscribers {
            let below = |random: &mut Random, most| u8::try_from(random.below(most)).unwrap();
            let copies = below(&mut self.random, 3);
            let packing = Packing { copies, frames: 1 + below(&mut self.random, 3) };
            Egress::begin(&mut self.tracks, *session, self.now).set_packing(packing);
            self.packing.insert(*session, packing);
        }
    }

    pub(crate) fn step(&mut self) {
        match self.random.below(100) {
            0..8 => self.time_passes(),
            8..16 => self.subscribe(),
            16..30 => self.open(),
            30..58 => self.write(),
            58..66 => self.end_stream(),
            66..71 => self.update(),
            71..73 => self.cancel(),
            73 if self.random.percent(60) => self.publisher_goes(),
            73 => self.publisher_comes(),
            74..80 => self.datagram(),
            _ => self.flush(),
        }
    }

    pub(crate) fn request(&mut self, session: SessionKey) -> RequestKey {
        self.next_request += 1;
        RequestKey { session, id: self.next_request }
    }

    pub(crate) fn time_passes(&mut self) {
        self.now += Duration::from_millis(self.random.below(250));
        self.tracks.expire(self.now);
        let next = self.tracks.deadline();
        assert!(next.is_none_or(|next| next > self.now), "a wait that is over is waited for");
        if self.publishers.is_empty() && self.random.percent(60) {
            self.publisher_comes();
        }
    }

    /// Does what the relay asks for.
    pub(crate) fn settle(&mut self) {
        while let Some(effect) = self.tracks.poll_effect() {
            match effect {
                Effect::SubscribeUpstream { session, track, name, .. } => {
                    let index = usize::from(name == self::name(1));
                    if self.known[index].replace(track).is_some_and(|known| known != track) {
                        self.forget(index);
                    }
                    self.upstreams[index].push(session);
                    let answer = Ok((properties(index), None));
                    self.tracks.upstream_answered(self.now, session, track, answer);
                }
                Effect::CancelUpstream { track, session } => self.nobody_wants(track, session),
                Effect::Established { request, subscription, alias, largest, .. } => {
                    let (track, wish) = self.asked.remove(&request).unwrap();
                    let published = &self.published[track];
                    assert_eq!(largest, published.largest, "the largest location");
                    let (start, end) = published.resolve(wish.filter).unwrap();
                    let listener = Listener {
                        key: subscription,
                        track,
                        start,
                        end,
                        since: self.now,
                        forward: wish.forward,
                        epoch: 0,
                        object_timeout: patience(wish.object_delivery_timeout, track),
                        subgroup_timeout: wish.subgroup_delivery_timeout,
                        lanes: BTreeMap::new(),
                        waiting: VecDeque::new(),
                        heard: BTreeMap::new(),
                    };
                    self.listeners.insert(request, (alias, listener));
                }
                Effect::Refused { request, .. } => drop(self.asked.remove(&request)),
                Effect::Done { request, .. } => {
                    self.over.insert(request);
                }
                Effect::ResetLanes { session, lanes } => self.took_back(session, &lanes),
                _ => {}
            }
        }
    }

    /// A session resets streams for what it asked for itself.
    fn took_back(&mut self, session: SessionKey, lanes: &[LaneId]) {
        for (request, (_, listener)) in &mut self.listeners {
            if request.session == session {
                listener.take_back(lanes);
            }
        }
    }

    /// The relay wants no more of a track.
    pub(crate) fn nobody_wants(&mut self, key: TrackKey, session: SessionKey) {
        for (upstreams, _) in
            self.upstreams.iter_mut().zip(self.known).filter(|(_, known)| *known == Some(key))
        {
            upstreams.retain(|upstream| *upstream != session);
        }
        self.streams.retain(|stream| stream.key.track != key || stream.publisher != session);
    }

    /// The relay kept nothing of a track.
    pub(crate) fn forget(&mut self, track: usize) {
        self.streams.retain(|stream| stream.track != track);
        self.published[track] = Track::default();
        self.sent[track].clear();
        self.newest[track] += 10;
        let gone = self.listeners.iter().filter(|(_, (_, listener))| listener.track == track);
        let gone: Vec<RequestKey> = gone.map(|(request, _)| *request).collect();
        for request in gone {
            assert!(self.over.contains(&request), "a track was given up that somebody wants");
            self.listeners.remove(&request);
        }
    }

    /// Publishers finish, transports take everything, and then everything must be there.
    pub(crate) fn end(mut self) -> Sum {
        while !self.streams.is_empty() {
            self.end_stream_at(0, false);
        }
        loop {
            self.settle();
            let mut due: BTreeSet<SessionKey> = self.tracks.take_due().into_iter().collect();
            due.append(&mut self.blocked);
            if due.is_empty() {
                break;
            }
            for session in due {
                self.flush_one(session, usize::MAX, 0);
            }
        }
        for (request, (_, listener)) in &self.listeners {
            if listener.forward && !self.over.contains(request) {
                self.sum.objects += listener.check_whole(&self.published[listener.track]);
            }
        }
        let sessions = self.subscribers.iter().chain(&self.publishers).copied();
        for session in sessions.collect::<Vec<_>>() {
            self.tracks.close_session(self.now, session);
        }
        while self.tracks.poll_effect().is_some() {}
        self.now += Duration::from_mins(1);
        self.tracks.expire(self.now);
        while self.tracks.poll_effect().is_some() {}
        assert!(self.tracks.is_empty(), "something is left: {:?}", self.tracks.track_count());
        self.sum
    }
}
