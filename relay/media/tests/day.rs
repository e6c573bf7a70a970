//! A day in the life of the relay's core, in seconds: groups without end, subscribers who read, who
//! lag, who do not read and who come and go, and a publisher who comes back. Time is an argument, so
//! the day is as long as it takes to compute.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a broken assumption is a failed day"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use mosaik_media::{
    Due, Effect, Egress, LaneId, Limits, RequestKey, SessionKey, SubgroupEnd, SubgroupStart,
    SubscribeRequest, SubscriptionKey, TrackKey, Tracks,
};
use mosaik_proto::moqt::{
    DoneCode, FullTrackName, Namespace, ObjectWriter, Properties, SubgroupDecoder, SubgroupHeader,
    TrackProperties,
};

/// How many hours pass if nobody says otherwise: a day, of which a debug build has time for a part.
const HOURS: u64 = if cfg!(debug_assertions) { 2 } else { 24 };

const GROUP: Duration = Duration::from_secs(2);
const GROUPS_PER_HOUR: u64 = 1_800;
const OBJECTS_PER_GROUP: u64 = 60;

/// Turns within a group, each with so many objects of every track.
const TURNS: usize = 6;

/// Voice, camera and screen of one who stays; the last track is of one who comes and goes.
const TRACKS: [&str; 3] = ["voice", "camera", "screen"];

/// Groups between two departures of the second publisher. It is away for one group.
const DEPARTS_EVERY: u64 = 300;

/// Bytes that a transport takes in one turn from who lags: a twelfth of what one track brings.
const LAG: usize = 70;

/// The server's rule for who takes nothing: it is ended after as long.
const UNREAD_MAX: Duration = Duration::from_secs(30);

/// How a subscriber's transport takes what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    All,
    /// [`LAG`] bytes a turn.
    Little,
    Nothing,
    /// Everything, for one group; then somebody else comes.
    Visiting,
    /// Everything, and takes its subscriptions back with every group.
    Zapping,
}

const AUDIENCE: [Reads; 7] = [
    Reads::All,
    Reads::All,
    Reads::All,
    Reads::Little,
    Reads::Nothing,
    Reads::Visiting,
    Reads::Zapping,
];

/// One subscriber's session.
struct Listener {
    reads: Reads,
    session: SessionKey,
    /// Its subscriptions and the track of each.
    held: BTreeMap<RequestKey, (usize, Option<SubscriptionKey>)>,
    lanes: BTreeSet<LaneId>,
    /// Since when its transport took nothing of what was due.
    stuck: Option<Instant>,
}

/// What the core holds, and what hangs on it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Held {
    cached_bytes: u64,
    tracks: usize,
    subscriptions: usize,
    lanes: usize,
}

impl Held {
    /// The more of each.
    fn or(self, other: Self) -> Self {
        Self {
            cached_bytes: self.cached_bytes.max(other.cached_bytes),
            tracks: self.tracks.max(other.tracks),
            subscriptions: self.subscriptions.max(other.subscriptions),
            lanes: self.lanes.max(other.lanes),
        }
    }
}

/// What passed, to see that it was a day.
#[derive(Debug, Default)]
struct Passed {
    groups: u64,
    whole: u64,
    given_up: u64,
    too_far_behind: u64,
    unread: u64,
    sessions: u64,
    taken_back: u64,
    departures: u64,
}

struct Day {
    tracks: Tracks,
    now: Instant,
    /// Who publishes each track now.
    publishers: [Option<SessionKey>; 2],
    upstreams: [Option<TrackKey>; TRACKS.len()],
    listeners: Vec<Listener>,
    /// The objects of one turn, as they are on the wire: all groups are alike.
    wire: [Bytes; TURNS],
    next_request: u64,
    passed: Passed,
}

#[expect(clippy::disallowed_methods, reason = "a day has to begin somewhere")]
fn start() -> Instant {
    Instant::now()
}

/// Which of the two publishers has a track.
const fn publisher_of(track: usize) -> usize {
    if track == 2 { 1 } else { 0 }
}

fn namespace(publisher: usize) -> Namespace {
    Namespace::of(&["room", ["teacher", "student"][publisher]])
}

fn name(track: usize) -> FullTrackName {
    FullTrackName::new(namespace(publisher_of(track)), TRACKS[track])
}

fn wire() -> [Bytes; TURNS] {
    let mut writer = ObjectWriter::new(false);
    let per_turn = OBJECTS_PER_GROUP / TURNS as u64;
    let mut id = 0;
    std::array::from_fn(|_| {
        let mut bytes = BytesMut::new();
        for _ in 0..per_turn {
            bytes.extend_from_slice(&writer.write(id, &Properties::default(), &[0x5A; 80]));
            id += 1;
        }
        bytes.freeze()
    })
}

const fn header(group: u64) -> SubgroupHeader {
    SubgroupHeader::beginning(0, group, 0)
}

impl Day {
    fn new() -> Self {
        let mut day = Self {
            tracks: Tracks::new(Limits::default()),
            now: start(),
            publishers: [None; 2],
            upstreams: [None; TRACKS.len()],
            listeners: Vec::new(),
            wire: wire(),
            next_request: 0,
            passed: Passed::default(),
        };
        for publisher in 0..day.publishers.len() {
            day.publisher_comes(publisher);
        }
        for reads in AUDIENCE {
            day.joins(reads);
        }
        day
    }

    fn request(&mut self, session: SessionKey) -> RequestKey {
        self.next_request += 1;
        RequestKey { session, id: self.next_request }
    }

    fn publisher_comes(&mut self, publisher: usize) {
        let session = self.tracks.open_session();
        let request = self.request(session);
        self.tracks.announce(self.now, request, namespace(publisher)).unwrap();
        self.publishers[publisher] = Some(session);
        self.settle();
    }

    fn publisher_goes(&mut self, publisher: usize) {
        if let Some(session) = self.publishers[publisher].take() {
            self.tracks.close_session(self.now, session);
            self.passed.departures += 1;
        }
    }

    fn joins(&mut self, reads: Reads) {
        let session = self.tracks.open_session();
        let (held, lanes) = (BTreeMap::new(), BTreeSet::new());
        self.listeners.push(Listener { reads, session, held, lanes, stuck: None });
        self.passed.sessions += 1;
        for track in 0..TRACKS.len() {
            self.subscribe(session, track);
        }
        self.settle();
    }

    fn subscribe(&mut self, session: SessionKey, track: usize) {
        let request = self.request(session);
        let listener = self.listeners.iter_mut().find(|listener| listener.session == session);
        listener.unwrap().held.insert(request, (track, None));
        let wish = SubscribeRequest {
            rendezvous: Duration::from_secs(30),
            ..SubscribeRequest::new(request, name(track))
        };
        self.tracks.subscribe(self.now, &wish);
    }

    /// Does what the core asks for.
    fn settle(&mut self) {
        while let Some(effect) = self.tracks.poll_effect() {
            match effect {
                Effect::SubscribeUpstream { session, track, name, .. } => {
                    let index = (0..TRACKS.len()).find(|index| self::name(*index) == name).unwrap();
                    self.upstreams[index] = Some(track);
                    let answer = Ok((TrackProperties::default(), None));
                    self.tracks.upstream_answered(self.now, session, track, answer);
                }
                Effect::Established { request, subscription, .. } => {
                    let held = self.listener(request.session).held.get_mut(&request);
                    held.unwrap().1 = Some(subscription);
                }
                Effect::Done { request, code, .. } => {
                    assert_eq!(
                        code,
                        DoneCode::TooFarBehind,
                        "nothing else ends a subscription here"
                    );
                    self.passed.too_far_behind += 1;
                    let listener = self.listener(request.session);
                    let (track, _) = listener.held.remove(&request).unwrap();
                    let session = listener.session;
                    // As the page does: it asks again.
                    self.subscribe(session, track);
                }
                Effect::ResetLanes { session, lanes } => {
                    let open = &mut self.listener(session).lanes;
                    open.retain(|lane| !lanes.contains(lane));
                }
                Effect::Refused { request, refused } => panic!("{request:?}: {refused:?}"),
                _ => {}
            }
        }
    }

    fn listener(&mut self, session: SessionKey) -> &mut Listener {
        self.listeners.iter_mut().find(|listener| listener.session == session).unwrap()
    }

    /// Two seconds.
    fn group(&mut self, group: u64) {
        if group.is_multiple_of(DEPARTS_EVERY) {
            self.publisher_goes(1);
        } else if self.publishers[1].is_none() {
            self.publisher_comes(1);
        }
        let mut open: Vec<_> = (0..TRACKS.len())
            .filter(|track| self.publishers[publisher_of(*track)].is_some())
            .map(|track| {
                let upstream = self.upstreams[track].unwrap();
                let start = SubgroupStart { first_object: true, ..SubgroupStart::default() };
                let begun = (self.now, self.publishers[publisher_of(track)].unwrap());
                let key = self.tracks.open_subgroup(begun, upstream, (group, 0), start).unwrap();
                (key, SubgroupDecoder::new(&header(group)))
            })
            .collect();
        for turn in 0..TURNS {
            for (key, decoder) in &mut open {
                let parts = decoder.push(self.wire[turn].clone()).unwrap();
                self.tracks.append(self.now, *key, parts).unwrap();
            }
            self.now += GROUP / u32::try_from(TURNS).unwrap();
            self.tracks.expire(self.now);
            self.settle();
            self.flush();
            if turn == TURNS / 2 {
                self.come_and_go();
            }
        }
        for (key, _) in open {
            self.tracks.end_subgroup(self.now, key, SubgroupEnd::Finished);
            self.passed.groups += 1;
        }
        self.flush();
    }

    /// In the middle of a group: everybody has streams that are open.
    fn come_and_go(&mut self) {
        let is_over = |listener: &Listener| match listener.reads {
            Reads::Visiting => true,
            Reads::Nothing => listener.stuck.is_some_and(|since| self.now - since > UNREAD_MAX),
            Reads::All | Reads::Little | Reads::Zapping => false,
        };
        let over: Vec<_> = self.listeners.extract_if(.., |listener| is_over(listener)).collect();
        for Listener { reads, session, .. } in over {
            self.tracks.close_session(self.now, session);
            self.passed.unread += u64::from(reads == Reads::Nothing);
            self.joins(reads);
        }
        let zapping = self.listeners.iter_mut().filter(|l| l.reads == Reads::Zapping);
        let held: Vec<_> = zapping
            .flat_map(|l| std::mem::take(&mut l.held).into_iter().map(|held| (l.session, held)))
            .collect();
        for (session, (request, (track, key))) in held {
            match key {
                Some(key) => self.tracks.cancel(key),
                None => self.tracks.cancel_request(request),
            }
            self.passed.taken_back += 1;
            self.subscribe(session, track);
        }
        self.settle();
    }

    fn flush(&mut self) {
        let mut due: BTreeSet<SessionKey> = self.tracks.take_due().into_iter().collect();
        due.extend(self.listeners.iter().filter(|l| l.stuck.is_some()).map(|l| l.session));
        for listener in self.listeners.iter_mut().filter(|l| due.contains(&l.session)) {
            let mut room = match listener.reads {
                Reads::All | Reads::Visiting | Reads::Zapping => usize::MAX,
                Reads::Little => LAG,
                Reads::Nothing => 0,
            };
            let mut egress = Egress::begin(&mut self.tracks, listener.session, self.now);
            while let Some(due) = egress.next() {
                match due {
                    Due::Open { lane, .. } => {
                        listener.lanes.insert(lane);
                    }
                    Due::More { slices, .. } => {
                        let taken = slices.iter().map(Bytes::len).sum::<usize>().min(room);
                        room = room.saturating_sub(taken);
                        egress.wrote(taken);
                    }
                    Due::Finish { lane, .. } => {
                        listener.lanes.remove(&lane);
                        self.passed.whole += 1;
                    }
                    Due::Reset { lane, .. } => {
                        listener.lanes.remove(&lane);
                        self.passed.given_up += 1;
                    }
                    Due::Datagram { .. } => egress.sent(),
                    Due::Reorder { .. } => {}
                }
            }
            let is_stuck = egress.is_blocked() && !egress.has_moved();
            listener.stuck = is_stuck.then(|| listener.stuck.unwrap_or(self.now));
        }
        self.settle();
    }

    fn held(&self) -> Held {
        Held {
            cached_bytes: self.tracks.cached_bytes(),
            tracks: self.tracks.track_count(),
            subscriptions: self.tracks.subscription_count(),
            lanes: self.listeners.iter().map(|listener| listener.lanes.len()).sum(),
        }
    }

    /// Every table of the core written out, by which anything shows that is kept and never let go.
    fn written_out(&self) -> usize {
        format!("{:?}", self.tracks).len()
    }

    fn end(mut self) {
        for listener in std::mem::take(&mut self.listeners) {
            self.tracks.close_session(self.now, listener.session);
        }
        self.publisher_goes(0);
        self.publisher_goes(1);
        self.now += Duration::from_mins(1);
        self.tracks.expire(self.now);
        while self.tracks.poll_effect().is_some() {}
        assert!(self.tracks.is_empty(), "something of the day is left");
    }
}

#[test]
fn a_day_of_lessons_leaves_the_relay_as_full_as_its_first_hour_did() {
    let hours = std::env::var("MOSAIK_HOURS").ok().map_or(HOURS, |hours| hours.parse().unwrap());
    let mut day = Day::new();
    let mut first = None;
    for hour in 1..=hours {
        let mut most = Held::default();
        for group in (hour - 1) * GROUPS_PER_HOUR..hour * GROUPS_PER_HOUR {
            day.group(group + 1);
            most = most.or(day.held());
        }
        let written = day.written_out();
        eprintln!("hour {hour}: {most:?} at most, {written} bytes written out");
        let (most_first, written_first) = *first.get_or_insert((most, written));
        assert_eq!(most, most_first, "hour {hour}");
        // Numbers that count get longer; one small thing kept of each group would double it in an hour.
        assert!(written < written_first + written_first / 10, "{written_first} then {written}");
    }
    let passed = &day.passed;
    eprintln!("{hours} hours: {passed:?}, {:?}", day.tracks.counts());
    let groups = hours * GROUPS_PER_HOUR;
    assert!(passed.groups > groups * 2, "{passed:?}");
    assert_eq!(day.tracks.counts().objects_in, passed.groups * OBJECTS_PER_GROUP);
    // Each hour has everything that is to be tried.
    let least = [passed.given_up, passed.too_far_behind, passed.unread, passed.departures];
    assert!(least.iter().all(|count| *count >= hours), "{passed:?}");
    let least = [passed.whole, passed.taken_back, passed.sessions];
    assert!(least.iter().all(|count| *count > groups), "{passed:?}");
    day.end();
}
