//! What people are told of their lines: every session in a room is looked at every two seconds, and
//! its room is told where something coarse has changed.
//!
//! Sessions take turns, so that a full relay looks at an eighth of them at a time. One that is as it
//! was costs a few comparisons.

mod coarse;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mosaik_media::layering::{Link, Reason};
use mosaik_media::{SessionKey, Speech, Tracks};
use mosaik_proto::moqt::{FullTrackName, Namespace};
use mosaik_proto::room::{LinePath, LineQuality, ParticipantId, RoomId};

use super::participant_fields;
use crate::relay::Way;
use coarse::Coarse;

/// Sessions are looked at in so many groups, one after the other.
const TURNS: u64 = 8;

/// From one group to the next: each is looked at every two seconds.
const TURN: Duration = Duration::from_millis(250);

/// What is sent to a session out of its switching tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Whether any picture is wished.
    pub(crate) is_wished: bool,
    /// Why it is less than wished.
    pub(crate) reason: Reason,
}

/// One look at a session's line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) way: Way,
    pub(crate) link: Link,
    /// None where it has no switching tracks.
    pub(crate) sent: Option<Sent>,
}

/// What is remembered of one session.
#[derive(Debug)]
struct Seen {
    /// Where it was when its voice got its name.
    room: RoomId,
    voice: FullTrackName,
    coarse: Coarse,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Lines {
    seen: BTreeMap<SessionKey, Seen>,
    turn: u64,
    next: Option<Instant>,
}

impl Lines {
    pub(super) const fn deadline(&self) -> Option<Instant> {
        self.next
    }

    pub(super) fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    pub(super) fn forget(&mut self, session: SessionKey) {
        self.seen.remove(&session);
    }

    /// Begins the next turn, if it is time for one and anybody is there to be looked at.
    pub(super) fn begin_turn(&mut self, now: Instant, is_anybody_there: bool) -> Option<u64> {
        let next = self.next.filter(|_| is_anybody_there);
        let is_due = next.is_some_and(|next| next <= now);
        if is_due {
            self.turn = self.turn.wrapping_add(1);
        }
        self.next = match next {
            Some(next) if !is_due => Some(next),
            Some(_) | None => is_anybody_there.then(|| now + TURN),
        };
        is_due.then_some(self.turn)
    }

    /// Whether a session is looked at in this turn, by its number in the rooms.
    pub(super) const fn is_in_turn(turn: u64, number: u64) -> bool {
        turn % TURNS == number % TURNS
    }

    /// Takes a look at a session of `owner` in `room`; gives what is to be told, if it is anything
    /// new.
    pub(super) fn take(
        &mut self,
        (now, tracks): (Instant, &Tracks),
        session: SessionKey,
        (room, owner): (&RoomId, ParticipantId),
        look: Look,
    ) -> Option<LineQuality> {
        let seen = self.seen.entry(session).or_insert_with(|| Seen {
            room: room.clone(),
            voice: voice_of(room, owner),
            coarse: Coarse::default(),
        });
        if seen.room != *room {
            seen.room = room.clone();
            seen.voice = voice_of(room, owner);
        }
        let speech: Speech = tracks.speech(now, &seen.voice);
        seen.coarse.look(path_of(look.way), &look.link, look.sent, speech)
    }
}

fn voice_of(room: &RoomId, owner: ParticipantId) -> FullTrackName {
    FullTrackName::new(Namespace::new(participant_fields(room, owner)), "mic")
}

const fn path_of(way: Way) -> LinePath {
    match way {
        Way::Quic => LinePath::Quic,
        Way::WebTransport => LinePath::WebTransport,
        Way::WebSocket => LinePath::WebSocket,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_has_a_turn_every_two_seconds_and_an_empty_relay_sleeps() {
        let (begin, mut lines) = (Instant::now(), Lines::default());
        assert_eq!(lines.begin_turn(begin, false), None);
        assert_eq!(lines.deadline(), None, "nobody is there");
        assert_eq!(lines.begin_turn(begin, true), None);
        let mut looks = [0_u32; 20];
        for turn in 1..=u32::try_from(TURNS).unwrap() {
            let now = lines.deadline().unwrap();
            assert_eq!(now, begin + TURN * turn);
            let early = begin + TURN * (turn - 1) + TURN / 2;
            assert_eq!(lines.begin_turn(early, true), None, "too early");
            let turn = lines.begin_turn(now, true).unwrap();
            for (number, looks) in (0..).zip(&mut looks) {
                *looks += u32::from(Lines::is_in_turn(turn, number));
            }
        }
        assert_eq!(looks, [1; 20]);
        assert_eq!(lines.begin_turn(begin + TURN * 100, false), None);
        assert_eq!(lines.deadline(), None);
    }
}
