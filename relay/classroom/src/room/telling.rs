//! What the room says: events and snapshots for everyone, objects of an inbox for one.

use mosaik_proto::room::{InboxObject, ParticipantId, Role, RoomEvent, RoomSnapshot, StateObject};
use serde::Serialize;

use super::Room;
use crate::effect::{Effect, Effects};

/// What a snapshot's readers know of it who have read all that came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// There is news in it.
    NotAll,
    /// It is there for those who come later.
    All,
}

impl Known {
    /// Of so many objects those that are known.
    pub(super) const fn of(self, objects: u64) -> u64 {
        match self {
            Self::NotAll => 0,
            Self::All => objects,
        }
    }
}

impl Room {
    /// Puts an object into an inbox, and begins the inbox anew when it has grown too large.
    pub(super) fn tell(&mut self, to: ParticipantId, object: &InboxObject, effects: &mut Effects) {
        let Some(seat) = self.anywhere(to) else {
            return;
        };
        let bytes = encode(object);
        let is_outgrown = seat.inbox.is_outgrown_by(bytes.len());
        // Even the object that ends a group is told as one: not all of it is in a snapshot.
        effects.push(Effect::Inbox(to, bytes));
        if is_outgrown && !matches!(object, InboxObject::Closed { .. }) {
            self.begin_inbox(to, effects);
        }
    }

    pub(super) fn begin_inbox(&mut self, to: ParticipantId, effects: &mut Effects) {
        let record = self.records.get(&to).cloned().unwrap_or_default();
        let snapshot = encode(&InboxObject::Snapshot {
            at: self.clock.1,
            acknowledged: record.acknowledged(),
            refused: record.refused(),
            votes: self.polls.own(to),
            counts: match self.roster.role(to) {
                Some(Role::Moderator) => self.polls.counts(self.limits.anonymous_votes_min),
                Some(Role::Presenter | Role::Viewer) | None => Vec::new(),
            },
            messages: self.private_messages(to),
            door: self.door_snapshot(to),
            consents: self.consents(to),
            line: self.lines.of(to),
            lines: self.lines_for(to),
            uploads: self.content.progress_of(to),
            asides: self.asides_for(to),
        });
        if let Some(seat) = self.anywhere(to) {
            seat.inbox.begin(snapshot.len());
            effects.push(Effect::BeginInbox(to, snapshot));
        }
    }

    /// Tells everyone what happened.
    pub(super) fn event(&mut self, event: RoomEvent, effects: &mut Effects) {
        self.revision = self.revision.saturating_add(1);
        let revision = self.revision;
        self.nameless_event(&event, effects);
        let bytes = encode(&StateObject::Event { revision, event });
        let is_outgrown = self.group.is_state_outgrown_by(bytes.len(), self.limits.state_slack);
        // Even the event that ends a group is told as one: not all of it is in a snapshot.
        effects.push(Effect::State(bytes));
        if is_outgrown {
            self.begin_state(Known::All, effects);
        }
    }

    pub(super) fn begin_state(&mut self, known: Known, effects: &mut Effects) {
        let snapshot = self.snapshot();
        self.group.begin(snapshot.len());
        effects.push(Effect::BeginState(snapshot, known.of(1)));
    }

    /// Somebody comes: what was taken back of what everyone was told is not for them. Once for all
    /// that was taken back since somebody came last.
    pub(super) fn spare_newcomer_what_was_retracted(&mut self, effects: &mut Effects) {
        if self.group.is_retracted() {
            self.begin_state(Known::All, effects);
        }
        if self.nameless_group.is_retracted() {
            self.begin_nameless(Known::All, effects);
        }
    }

    /// Something that everyone was told is taken back.
    pub(super) const fn retract(&mut self) {
        self.group.retract();
        self.nameless_group.retract();
    }

    /// All that everyone may know now, as an object of `state`.
    pub fn snapshot(&self) -> Vec<u8> {
        encode(&StateObject::Snapshot { revision: self.revision, state: Box::new(self.shown()) })
    }

    /// All that everyone may know who may know names.
    pub(super) fn shown(&self) -> RoomSnapshot<'_> {
        RoomSnapshot {
            room: self.id.as_str(),
            title: &self.title,
            participants: self.roster.participants(),
            chat: self.chat.messages(),
            polls: self.polls.snapshot(),
            hands: self.hands.snapshot(),
            statuses: self.statuses.snapshot(),
            settings: self.settings,
            ends_at: self.unattended.ends_at(),
            timer: self.timer.get(),
            breakouts: self.breakouts.snapshot(),
            boards: self.boards.snapshot(),
            slides: self.content.slides(),
            files: self.content.files(),
            sharing: self.screens.snapshot(),
        }
    }
}

pub(super) fn encode(object: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(object).expect("objects of a room have text keys and finite numbers")
}
