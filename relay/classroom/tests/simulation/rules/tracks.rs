//! Who may publish and subscribe to what, by docs/protocol.md: what a room leaves of a token's rights.

use std::collections::BTreeMap;

use mosaik_proto::rights::Rights;
use mosaik_proto::room::{ParticipantId, Role, RoomId};
use mosaik_proto::token::{Action, Grants};

use super::{Locks, Person, Rules};

/// All that rights come from: while it is the same, they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    people: BTreeMap<ParticipantId, Person>,
    places: BTreeMap<ParticipantId, Option<u64>>,
    voice: Option<ParticipantId>,
    locks: Locks,
}

/// What somebody's session may do.
struct Session {
    room: RoomId,
    ceiling: Grants,
}

impl Session {
    fn may(&self, action: Action, whose: Option<ParticipantId>, track: &str) -> bool {
        let whose = whose.map(|id| id.to_string());
        let fields = [Some(self.room.as_str()), whose.as_deref()];
        let fields: Vec<&[u8]> = fields.into_iter().flatten().map(str::as_bytes).collect();
        self.ceiling.allows(action, &fields, track.as_bytes())
    }

    fn publishes(&self, id: ParticipantId, track: &str) -> bool {
        self.may(Action::Publish, Some(id), track)
    }

    fn reads(&self, track: &str) -> bool {
        self.may(Action::Subscribe, None, track)
    }

    fn hears(&self, other: ParticipantId, track: &str) -> bool {
        self.may(Action::Subscribe, Some(other), track)
    }
}

impl Rules {
    pub(crate) fn standing(&self) -> Standing {
        let place = |id: &ParticipantId| (*id, self.places.of(*id));
        Standing {
            people: self.people.clone(),
            places: self.people.keys().map(place).collect(),
            voice: self.places.voice,
            locks: self.locks,
        }
    }

    /// What the relay has been told that `id` may do is what these rules say.
    pub(crate) fn check_rights(&self, id: ParticipantId, rights: &Rights) {
        let room: RoomId = "demo".parse().unwrap();
        let session = Session { ceiling: rights.ceiling(&room, id), room };
        let person = self.people.get(&id);
        let is_in = person.is_some();
        let sends = self.may_send(id);
        for (tracks, may) in
            [["mic", "mic"], ["cam", "cam/low"], ["screen", "screen/low"]].iter().zip(sends)
        {
            for track in tracks {
                assert_eq!(session.publishes(id, track), is_in && may, "{id} sends {track}");
            }
        }
        let role = person.map(|person| person.role);
        let brings = role != Some(Role::Viewer) || !self.has_lock(id, "files");
        assert_eq!(session.publishes(id, "upload/1"), is_in && brings, "{id} brings something");
        let is_nameless = self.is_nameless(id);
        assert_eq!(session.reads("state"), is_in && !is_nameless, "{id} reads names");
        assert_eq!(session.reads("state/viewers"), is_in && is_nameless, "{id} reads no names");
        for track in ["notes", "board/page/1", "board/slides/1/0"] {
            assert_eq!(session.reads(track), is_in, "{id} reads {track}");
        }
        for group in &self.places.groups {
            let may = self.leads(id) || self.places.group(id) == Some(*group);
            assert_eq!(session.reads(&format!("board/group/{group}")), may, "{id} sees {group}");
        }
        for other in self.people.keys().filter(|other| **other != id) {
            self.check_company(&session, id, *other);
        }
    }

    fn check_company(&self, session: &Session, id: ParticipantId, other: ParticipantId) {
        assert!(!session.hears(other, "commands"), "{id} reads what {other} asks for");
        assert!(!session.reads(&format!("inbox/{other}")), "{id} reads the inbox of {other}");
        let is_own_board = session.reads(&format!("board/own/{other}"));
        assert_eq!(is_own_board, self.leads(id), "{id} sees the board of {other}");
        let is_in = self.people.contains_key(&id);
        let is_together = is_in && self.places.of(id) == self.places.of(other);
        let is_announced = is_in && self.places.are_apart() && self.places.voice == Some(other);
        let leads = matches!(self.role(other), Some(Role::Moderator | Role::Presenter));
        let sees_all = !self.has_lock(id, "othersCameras") && !self.is_nameless(id);
        let is_seen = is_together && (leads || sees_all);
        assert_eq!(session.hears(other, "cam"), is_seen, "{id} sees {other}");
        for (track, may) in [
            ("mic", is_together || is_announced),
            ("catalog", is_together || is_announced),
            ("screen/low", is_together),
        ] {
            assert_eq!(session.hears(other, track), may, "{id} has {track} of {other}");
        }
    }
}
