//! Rooms that are over, until it was measured what is left of them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Weak;
use std::time::{Duration, Instant};

use mosaik_media::{SessionKey, Tracks};
use mosaik_proto::moqt::Namespace;
use mosaik_proto::room::{HeldKind, HeldPart, Receipt, ReceiptSecret, RoomId, UnixMillis};

use super::earlier::EarlierOfRooms;
use super::lesson::Lesson;
use crate::rooms::Rooms;

/// How long sessions of a room that is over have to end. What is left then is what the receipt says.
const GRACE: Duration = Duration::from_secs(5);

/// A room that is over.
struct Closing {
    id: RoomId,
    secret: ReceiptSecret,
    opened_at: UnixMillis,
    closed_at: UnixMillis,
    before: Vec<(HeldKind, u64)>,
    /// Gone with the room's value: while it is there, all that it held is.
    life: Weak<()>,
    /// Its sessions that have not ended.
    sessions: BTreeSet<SessionKey>,
    until: Instant,
}

/// See the module.
#[derive(Default)]
pub(super) struct Closings {
    closings: Vec<Closing>,
    /// When a receipt is to be forgotten.
    forgets: Option<Instant>,
}

/// What is held of a room: in its value while there is one, in the logs of all tracks in its
/// namespace, and `earlier` bytes of attendance beside both. The same before and after.
fn held(
    id: &RoomId,
    lesson: Option<&Lesson>,
    earlier: u64,
    tracks: &Tracks,
) -> Vec<(HeldKind, u64)> {
    let namespace = Namespace::of(&[id.as_str()]);
    let of = |kind| {
        if kind == HeldKind::Tracks {
            return tracks.cached_bytes_below(&namespace);
        }
        let beside = if kind == HeldKind::Attendance { earlier } else { 0 };
        lesson.map_or(0, |lesson| lesson.held(kind)).saturating_add(beside)
    };
    HeldKind::ALL.map(|kind| (kind, of(kind))).to_vec()
}

impl Closings {
    /// A room is over, and its lesson is about to go.
    pub(super) fn begin(
        &mut self,
        (now, wall): (Instant, UnixMillis),
        lesson: &Lesson,
        sessions: BTreeSet<SessionKey>,
        tracks: &Tracks,
    ) {
        self.closings.push(Closing {
            id: lesson.id().clone(),
            secret: lesson.receipt().clone(),
            opened_at: lesson.opened_at(),
            closed_at: wall,
            before: held(lesson.id(), Some(lesson), 0, tracks),
            life: lesson.life(),
            sessions,
            until: now + GRACE,
        });
    }

    /// A session is gone, and everything of it in `tracks`.
    pub(super) fn forget(&mut self, session: SessionKey) {
        for closing in &mut self.closings {
            closing.sessions.remove(&session);
        }
    }

    /// Measures what is left of those whose sessions have ended, or had their time.
    pub(super) fn settle(
        &mut self,
        (now, wall): (Instant, UnixMillis),
        (open, earlier): (&BTreeMap<RoomId, Lesson>, &EarlierOfRooms),
        tracks: &Tracks,
        rooms: &Rooms,
    ) {
        let is_due = |closing: &mut Closing| closing.sessions.is_empty() || closing.until <= now;
        for closing in self.closings.extract_if(.., is_due) {
            let kept = earlier.bytes(&closing.id);
            let after = held(&closing.id, open.get(&closing.id), kept, tracks);
            let days = rooms.find(closing.id.as_str()).map_or(0, |room| room.attendance_days);
            let is_gone = closing.life.strong_count() == 0;
            let left = |before: u64, after: u64| if is_gone { after } else { before.max(after) };
            let parts = closing.before.iter().zip(after);
            let receipt = Receipt {
                room: closing.id.as_str().to_owned(),
                opened_at: closing.opened_at,
                closed_at: closing.closed_at,
                measured_at: wall,
                held: parts
                    .map(|((kind, before), (_, after))| HeldPart {
                        kind: *kind,
                        before: *before,
                        after: left(*before, after),
                    })
                    .collect(),
                attendance_days: if kept > 0 { days } else { 0 },
            };
            let until = rooms.receipts.keep(&closing.secret, receipt, now);
            self.forgets = self.forgets.or(Some(until));
        }
    }

    /// Forgets receipts whose time is over.
    pub(super) fn forget_receipts(&mut self, now: Instant, rooms: &Rooms) {
        if self.forgets.take_if(|at| *at <= now).is_some() {
            self.forgets = rooms.receipts.expire(now);
        }
    }

    /// Measures before a room opens anew: what follows is not of the one before.
    pub(super) fn hurry(&mut self, id: &RoomId, now: Instant) {
        for closing in self.closings.iter_mut().filter(|closing| closing.id == *id) {
            closing.until = now;
        }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.closings.iter().map(|closing| closing.until).chain(self.forgets).min()
    }

    /// Whether all is measured.
    pub(super) const fn is_empty(&self) -> bool {
        self.closings.is_empty()
    }
}
