//! One thread's tracks, sessions and rooms, and the tick that serves them.
//!
//! Everything here lives on one thread: no lock, and no borrow across a wait. Whatever changes the
//! tracks goes through [`Shard::act`], which hands on the effects and wakes the tick when something
//! became due.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::time::{Duration, Instant};

use mosaik_media::layering::Link;
use mosaik_media::{Effect, Egress, LaneId, RequestKey, SessionKey, Tracks};
use mosaik_proto::moqt::{FetchOk, Parameters, SessionCode};
use mosaik_proto::token::Holder;
use tokio::sync::Notify;

use crate::lessons::{Ceiling, Lessons, Look};
use crate::limits::Limits;
use crate::metrics::{Snapshot, Turns, thread_cpu};
pub(crate) use crate::orders::{Order, Reply};
use crate::pace::{Pace, Talkers};
use crate::queue::{Sender, queue};
use crate::reader::{Flushed, LineSeen, Reader};
use crate::relay::Way;
use crate::switches::Switches;

/// How soon a session is tried again whose transport did not take everything.
const RETRY: Duration = Duration::from_millis(5);

/// Sessions that are served one after the other before what they were given leaves.
const AT_ONCE: usize = 8;

/// The runtime's time, which its timers run on: the system's, or a test's that stands still until
/// nothing else is to be done.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// A session as the shard's tick sees it: one call a flush, whatever the transport.
pub(crate) trait Outlet {
    /// Hands over all that is due and fits; true if something is left that did not fit.
    fn flush(&mut self, egress: &mut Egress<'_>) -> bool;

    /// What the transport knows of the peer's line.
    fn line(&self) -> Option<LineSeen>;

    /// The same, as it was lately and for a decision about what is sent.
    fn link(&mut self, now: Instant) -> Link;

    /// Pads with so many bits a second until the next call; gives the bytes that were handed over.
    fn pad(&mut self, now: Instant, bitrate: Option<u64>) -> u64;

    /// Resets streams whose subscription is gone.
    fn reset(&mut self, lanes: &[LaneId]);
}

/// A session of a peer.
struct Remote {
    way: Way,
    outlet: Box<dyn Outlet>,
    orders: Sender<Order>,
    replies: HashMap<u64, Sender<Reply>>,
    reader: Reader,
}

struct State {
    tracks: Tracks,
    remotes: BTreeMap<SessionKey, Remote>,
    lessons: Lessons,
    /// Sessions whose transport did not take everything.
    blocked: BTreeSet<SessionKey>,
    /// Sessions with something to send that wait for the listeners' turn.
    waiting: BTreeSet<SessionKey>,
    talkers: Talkers,
    switches: Switches,
    /// How long a session may take nothing.
    reader_max: Duration,
    turns: Turns,
    sessions_begun: u64,
    sessions_ended: HashMap<Option<SessionCode>, u64>,
}

/// See the module.
pub(crate) struct Shard {
    limits: Limits,
    state: RefCell<State>,
    wake: Notify,
}

impl Shard {
    pub(crate) fn new(limits: Limits, lessons: Lessons) -> Rc<Self> {
        let state = State {
            tracks: Tracks::new(limits.media.clone()),
            reader_max: limits.reader,
            remotes: BTreeMap::new(),
            lessons,
            blocked: BTreeSet::new(),
            waiting: BTreeSet::new(),
            talkers: Talkers::default(),
            switches: Switches::default(),
            turns: Turns::default(),
            sessions_begun: 0,
            sessions_ended: HashMap::new(),
        };
        Rc::new(Self { limits, state: RefCell::new(state), wake: Notify::new() })
    }

    /// What each session is held to.
    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Does something with the tracks and sees to what follows from it.
    pub(crate) fn act<R>(&self, act: impl FnOnce(&mut Tracks, Instant) -> R) -> R {
        let mut state = self.state.borrow_mut();
        let result = act(&mut state.tracks, now());
        state.follow_up();
        self.wake.notify_one();
        result
    }

    pub(crate) fn open_session(
        &self,
        way: Way,
        outlet: Box<dyn Outlet>,
        orders: Sender<Order>,
    ) -> SessionKey {
        let mut state = self.state.borrow_mut();
        state.sessions_begun += 1;
        let key = state.tracks.open_session();
        state.remotes.insert(
            key,
            Remote { way, outlet, orders, replies: HashMap::new(), reader: Reader::default() },
        );
        key
    }

    /// Forgets a session and all that hangs on it; its peer was told `code`, if anything.
    pub(crate) fn close_session(&self, key: SessionKey, code: Option<SessionCode>) {
        let mut state = self.state.borrow_mut();
        *state.sessions_ended.entry(code).or_default() += 1;
        state.remotes.remove(&key);
        state.blocked.remove(&key);
        state.waiting.remove(&key);
        state.talkers.remove(key);
        state.switches.forget(key);
        let now = now();
        state.tracks.close_session(now, key);
        let State { tracks, lessons, .. } = &mut *state;
        lessons.leave(now, tracks, key);
        state.follow_up();
        self.wake.notify_one();
    }

    /// A session's token was accepted: its holder is in the room.
    ///
    /// # Errors
    /// Why the room does not take it.
    pub(crate) fn join(&self, key: SessionKey, holder: &Holder) -> Result<(), &'static str> {
        let mut state = self.state.borrow_mut();
        let State { tracks, lessons, .. } = &mut *state;
        let joined = lessons.join(now(), tracks, key, holder);
        state.follow_up();
        self.wake.notify_one();
        joined
    }

    /// What `holder`'s room leaves of what a token grants, for `session`, which is told of changes.
    pub(crate) fn ceiling(&self, session: SessionKey, holder: &Holder) -> Rc<Ceiling> {
        self.state.borrow_mut().lessons.ceiling(session, holder)
    }

    /// The same for a token that came with a request, by which `session` may come into the room.
    ///
    /// # Errors
    /// Why the room does not take it.
    pub(crate) fn ceiling_by_request(
        &self,
        session: SessionKey,
        holder: &Holder,
    ) -> Result<Rc<Ceiling>, &'static str> {
        let mut state = self.state.borrow_mut();
        let State { tracks, lessons, .. } = &mut *state;
        let ceiling = lessons.ceiling_by_request(now(), tracks, session, holder);
        state.follow_up();
        self.wake.notify_one();
        ceiling
    }

    /// Answers to `request` go to this queue.
    pub(crate) fn expect_replies(&self, request: RequestKey, replies: Sender<Reply>) {
        let mut state = self.state.borrow_mut();
        if let Some(remote) = state.remotes.get_mut(&request.session) {
            remote.replies.insert(request.id, replies);
        }
    }

    pub(crate) fn forget_replies(&self, request: RequestKey) {
        let mut state = self.state.borrow_mut();
        if let Some(remote) = state.remotes.get_mut(&request.session) {
            remote.replies.remove(&request.id);
        }
    }

    /// Asks every session to leave.
    pub(crate) fn drain(&self) {
        let mut state = self.state.borrow_mut();
        for remote in state.remotes.values_mut() {
            // A full queue means that the session is ending anyway.
            let _ = remote.orders.try_send(Order::GoAway);
        }
    }

    /// Open sessions, for the end of draining.
    pub(crate) fn session_count(&self) -> usize {
        self.state.borrow().remotes.len()
    }

    /// How things stand, for who looks after the server.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let state = self.state.borrow();
        let by_way = |way| state.remotes.values().filter(|remote| remote.way == way).count();
        Snapshot {
            sessions: Way::ALL.map(|way| (way, by_way(way))).to_vec(),
            sessions_begun: state.sessions_begun,
            sessions_ended: state.sessions_ended.clone(),
            rooms: state.lessons.seats_taken(),
            tracks: state.tracks.track_count(),
            subscriptions: state.tracks.subscription_count(),
            cached_bytes: state.tracks.cached_bytes(),
            counts: state.tracks.counts().clone(),
            limited: state.switches.reasons(),
            padded_bytes: state.switches.padded,
            turns: state.turns.clone(),
            media_cpu: thread_cpu(),
        }
    }

    /// Whether nothing is left of any session, track or room.
    pub(crate) fn is_empty(&self) -> bool {
        let State { tracks, remotes, lessons, blocked, waiting, switches, .. } =
            &*self.state.borrow();
        tracks.is_empty()
            && remotes.is_empty()
            && lessons.is_empty()
            && blocked.is_empty()
            && waiting.is_empty()
            && switches.is_empty()
    }

    /// As [`Shard::act`], for objects that `session` publishes: who talks is answered at once.
    pub(crate) fn ingest<R>(
        &self,
        session: SessionKey,
        act: impl FnOnce(&mut Tracks, Instant) -> R,
    ) -> R {
        self.state.borrow_mut().talkers.heard(session, now());
        self.act(act)
    }

    /// Serves what is due until the shard is dropped.
    ///
    /// While there is CPU to spare a flush follows at once on what made it due. Under load the
    /// flushes of those who only listen move apart, so that more goes out with each: a session's
    /// wake-up costs several times what another packet in it does. `cpu_time` is what this thread
    /// has used.
    pub(crate) async fn run(self: Rc<Self>, cpu_time: fn() -> Duration) {
        let mut pace = Pace::new(now(), cpu_time);
        loop {
            self.wait(&mut pace).await;
            // What has arrived is read first, so that one flush takes it all.
            tokio::task::yield_now().await;
            let begun = now();
            if pace.next(begun).is_none() {
                pace.begin(begun);
                self.tick(begun, Whom::All).await;
            } else {
                self.tick(begun, Whom::Talkers).await;
            }
        }
    }

    /// Waits until something is due, a blocked session is to be tried again, or a wait is over.
    async fn wait(&self, pace: &mut Pace) {
        let until = {
            let state = self.state.borrow();
            let now = now();
            let retry = (!state.blocked.is_empty()).then(|| now + RETRY);
            let listeners = (!state.waiting.is_empty()).then(|| pace.next(now).unwrap_or(now));
            let decisions = state.switches.deadline();
            let waits = [state.tracks.deadline(), state.lessons.deadline(), decisions];
            let deadlines = [retry, listeners].into_iter().chain(waits);
            deadlines.flatten().min()
        };
        match until {
            Some(until) => {
                // Whether it was woken or the time is over, it looks at everything.
                let _ = tokio::time::timeout_at(until.into(), self.wake.notified()).await;
            }
            None => self.wake.notified().await,
        }
    }

    /// One turn: waits that are over, then the sessions that have something to send. What some of
    /// them were given is encrypted and sent before the next ones' turn, while it is in the cache.
    async fn tick(&self, now: Instant, whom: Whom) {
        let due = self.take_due(now, whom);
        let mut spent = Duration::ZERO;
        for (index, some) in due.chunks(AT_ONCE).enumerate() {
            if index > 0 {
                tokio::task::yield_now().await;
            }
            spent += self.serve(some, now);
        }
        let mut state = self.state.borrow_mut();
        if !due.is_empty() {
            state.turns.count(spent);
        }
        // What rooms said to what they heard is for the next turn, which nothing else may begin.
        if state.tracks.has_due() || state.tracks.has_undecided() {
            self.wake.notify_one();
        }
    }

    /// Serves some sessions, and says how long it took.
    fn serve(&self, sessions: &[SessionKey], now: Instant) -> Duration {
        let begun = self::now();
        let mut state = self.state.borrow_mut();
        for session in sessions {
            state.flush(*session, now);
        }
        state.follow_up();
        self::now().saturating_duration_since(begun)
    }

    /// Waits that are over, then whose turn it is.
    fn take_due(&self, now: Instant, whom: Whom) -> Vec<SessionKey> {
        let mut state = self.state.borrow_mut();
        let State { tracks, lessons, .. } = &mut *state;
        tracks.expire(now);
        lessons.expire(now, tracks);
        state.decide(now);
        state.follow_up();
        let mut due: BTreeSet<SessionKey> = std::mem::take(&mut state.blocked);
        due.append(&mut state.waiting);
        due.extend(state.tracks.take_due());
        if whom == Whom::Talkers {
            let State { talkers, remotes, .. } = &mut *state;
            talkers.forget(now);
            // Rooms, which are no remotes, always hear at once what is said in them.
            let (at_once, later) =
                due.into_iter().partition(|key| talkers.has(*key) || !remotes.contains_key(key));
            state.waiting = later;
            due = at_once;
        }
        due.into_iter().collect()
    }
}

/// Who is served in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whom {
    All,
    Talkers,
}

impl State {
    fn flush(&mut self, session: SessionKey, now: Instant) {
        if let Some(remote) = self.remotes.get_mut(&session) {
            let mut egress = Egress::begin(&mut self.tracks, session, now);
            let is_blocked = remote.outlet.flush(&mut egress);
            let (has_moved, has_finished) = (egress.has_moved(), egress.has_finished());
            let flushed = Flushed { is_blocked, has_moved, has_finished };
            let is_paced = egress.is_paced();
            drop(egress);
            let Remote { outlet, reader, .. } = remote;
            let is_gone = reader.is_gone(now, flushed, || outlet.line(), self.reader_max);
            if is_blocked || is_paced {
                self.blocked.insert(session);
            }
            if is_gone {
                self.order(session, Order::Unread);
            }
        } else {
            self.lessons.hear(now, &mut self.tracks, session);
        }
    }

    /// Decides what is sent of switching tracks, where it is time or something has changed.
    fn decide(&mut self, now: Instant) {
        let Self { tracks, remotes, switches, lessons, .. } = self;
        for session in switches.due(now, tracks) {
            let Some(Remote { outlet, .. }) = remotes.get_mut(&session) else {
                continue;
            };
            let link = outlet.link(now);
            let probe = switches.decide(now, (session, link), tracks);
            switches.padded += outlet.pad(now, probe);
        }
        lessons.look_at_lines(now, tracks, |session| {
            let Remote { way, outlet, .. } = remotes.get_mut(&session)?;
            let (link, sent) = switches.sent_to(session).unzip();
            Some(Look { way: *way, link: link.unwrap_or_else(|| outlet.link(now)), sent })
        });
    }

    /// Hands on every effect; rooms may cause new ones by what they do.
    fn follow_up(&mut self) {
        loop {
            while let Some(effect) = self.tracks.poll_effect() {
                if self.remotes.contains_key(&effect.session()) {
                    self.tell(effect);
                } else {
                    self.lessons.told(now(), &effect);
                }
            }
            while let Some(session) = self.lessons.poll_review() {
                self.order(session, Order::ReviewRights);
            }
            let Some((session, reason)) = self.lessons.poll_close() else {
                return;
            };
            self.order(session, Order::Close { reason });
        }
    }

    fn tell(&mut self, effect: Effect) {
        match effect {
            Effect::SubscribeUpstream { session, track, name, new_group } => {
                self.order(session, Order::SubscribeUpstream { track, name, new_group });
            }
            Effect::UpdateUpstream { session, track, forward, new_group } => {
                self.order(session, Order::UpdateUpstream { track, forward, new_group });
            }
            Effect::CancelUpstream { session, track } => {
                self.order(session, Order::CancelUpstream { track });
            }
            Effect::Established { request, subscription, alias, largest, properties } => {
                let reply = Reply::Established { subscription, alias, largest, properties };
                self.reply(request, reply);
            }
            Effect::Refused { request, refused } => self.reply(request, Reply::Refused(refused)),
            Effect::Redirected { request, name } => self.reply(request, Reply::Redirected(name)),
            Effect::Done { request, code, streams } => {
                self.reply(request, Reply::Done { code, streams });
            }
            Effect::Namespace { request, suffix, present } => {
                self.reply(request, Reply::Namespace { suffix, present });
            }
            Effect::Fill { session, fill, name, start, last, order } => {
                self.order(session, Order::Fill { fill, name, start, last, order });
            }
            Effect::ReadOn { session, fill } => self.order(session, Order::ReadOn { fill }),
            Effect::CancelFill { session, fill } => self.order(session, Order::CancelFill { fill }),
            Effect::FetchOk { request, last, is_end_of_track, properties } => {
                let parameters = Parameters::default();
                let ok = FetchOk { is_end_of_track, last, parameters, properties };
                self.reply(request, Reply::FetchOk(ok));
            }
            Effect::FetchOver { request, reset } => {
                self.reply(request, Reply::FetchOver { reset });
            }
            Effect::Wanted { request } => self.reply(request, Reply::Wanted),
            Effect::ResetLanes { session, lanes } => self.reset(session, &lanes),
        }
    }

    /// A session whose queue of orders is full does not keep up, and loses it: its task ends.
    fn order(&mut self, session: SessionKey, order: Order) {
        if let Some(remote) = self.remotes.get_mut(&session)
            && remote.orders.try_send(order).is_err()
        {
            remote.orders = queue(1).0;
        }
    }

    /// A request whose queue of replies is full loses it: its stream is reset.
    fn reply(&mut self, request: RequestKey, reply: Reply) {
        if let Some(remote) = self.remotes.get_mut(&request.session)
            && let Some(replies) = remote.replies.get(&request.id)
            && replies.try_send(reply).is_err()
        {
            remote.replies.remove(&request.id);
        }
    }

    fn reset(&mut self, session: SessionKey, lanes: &[LaneId]) {
        if let Some(remote) = self.remotes.get_mut(&session) {
            remote.outlet.reset(lanes);
        }
    }
}
