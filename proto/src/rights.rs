//! What a room leaves a participant of the rights that the token grants.
//!
//! A token says what its holder may do at most; the room's roles, locks and outside room say what
//! of it holds now. A session may do what both allow.

use std::slice;
use std::sync::Arc;

use crate::room::{ParticipantId, RoomId};
use crate::token::{Action, Grant, Grants, Holder, Match};

/// The track with all of a room that everyone may know.
pub const STATE: &str = "state";

/// The same without the names of viewers.
pub const STATE_WITHOUT_NAMES: &str = "state/viewers";

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    /// To hear from the room alone and to answer it: not in yet, or not any more.
    Outside,
    /// To take part.
    Inside(Inside),
}

/// What who takes part may do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each lock is one of them")]
pub struct Inside {
    /// Publish the microphone.
    pub microphone: bool,
    /// Publish the camera.
    pub camera: bool,
    /// Publish the screen.
    pub screen: bool,
    /// Bring slides and files.
    pub upload: bool,
    /// Know the names of viewers.
    pub names: bool,
    /// Whose cameras may be seen; `None` for everyone's.
    pub cameras: Option<Arc<[ParticipantId]>>,
}

impl Inside {
    /// Everything.
    pub const ALL: Self = Self {
        microphone: true,
        camera: true,
        screen: true,
        upload: true,
        names: true,
        cameras: None,
    };
}

fn exact(text: &str) -> Match {
    Match::Exact(text.to_owned())
}

fn prefix(text: &str) -> Match {
    Match::Prefix(text.to_owned())
}

const READ: [Action; 3] = [Action::Subscribe, Action::Fetch, Action::TrackStatus];

/// A camera's renditions, and the switching track that is served out of them.
fn camera() -> [Match; 2] {
    [exact("cam"), prefix("cam/")]
}

/// The same of a screen.
fn screen() -> [Match; 2] {
    [exact("screen"), prefix("screen/")]
}

/// What the room offers of what people brought.
fn content() -> [Match; 2] {
    [prefix("slides/"), prefix("files/")]
}

/// What somebody brings. The room alone subscribes to it.
fn uploads() -> Match {
    prefix("upload/")
}

fn grant(actions: &[Action], namespace: &[Match], tracks: Vec<Match>) -> Grant {
    Grant {
        actions: actions.to_vec(),
        namespace: namespace.to_vec(),
        is_with_all_below: false,
        tracks,
    }
}

/// Everything docs/protocol.md lets a participant do.
pub(crate) fn participant_grants(holder: &Holder) -> Grants {
    let room = exact(&holder.room);
    let own = [room.clone(), exact(&holder.participant)];
    let mut published = vec![exact("commands"), exact("catalog"), uploads()];
    if holder.agreed.heard {
        published.push(exact("mic"));
    }
    if holder.agreed.seen {
        published.extend(camera().into_iter().chain(screen()));
    }
    let inbox = format!("inbox/{}", holder.participant);
    let states = [STATE, STATE_WITHOUT_NAMES].map(exact).into_iter();
    Grants::of(vec![
        grant(&[Action::PublishNamespace], &own, vec![]),
        grant(&[Action::Publish], &own, published),
        grant(&[Action::SubscribeNamespace], slice::from_ref(&room), vec![]),
        grant(
            &READ,
            slice::from_ref(&room),
            states.chain([exact(&inbox)]).chain(content()).collect(),
        ),
        // Never `commands`: what a participant asks of the room is between the two.
        grant(
            &READ,
            &[room, prefix("")],
            [exact("catalog"), exact("mic")].into_iter().chain(camera()).chain(screen()).collect(),
        ),
    ])
}

impl Rights {
    /// All that a session of `participant` in `room` may do at most.
    pub fn ceiling(&self, room: &RoomId, participant: ParticipantId) -> Grants {
        let room = exact(room.as_str());
        let own = [room.clone(), exact(&participant.to_string())];
        let inbox = exact(&format!("inbox/{participant}"));
        match self {
            Self::Outside => Grants::of(vec![
                grant(&[Action::PublishNamespace], &own, vec![]),
                grant(&[Action::Publish], &own, vec![exact("commands")]),
                grant(&READ, &[room], vec![inbox]),
            ]),
            Self::Inside(inside) => inside.ceiling(&room, &own, inbox),
        }
    }
}

impl Inside {
    fn ceiling(&self, room: &Match, own: &[Match; 2], inbox: Match) -> Grants {
        let mut published = vec![exact("commands"), exact("catalog")];
        published.extend(self.microphone.then(|| exact("mic")));
        published.extend(self.camera.then(camera).into_iter().flatten());
        published.extend(self.screen.then(screen).into_iter().flatten());
        published.extend(self.upload.then(uploads));
        let state = if self.names { STATE } else { STATE_WITHOUT_NAMES };
        let anyone = [room.clone(), prefix("")];
        let mut grants = vec![
            grant(&[Action::PublishNamespace], own, vec![]),
            grant(&[Action::Publish], own, published),
            grant(&[Action::SubscribeNamespace], slice::from_ref(room), vec![]),
            grant(
                &READ,
                slice::from_ref(room),
                [exact(state), inbox].into_iter().chain(content()).collect(),
            ),
            grant(
                &READ,
                &anyone,
                [exact("catalog"), exact("mic")].into_iter().chain(screen()).collect(),
            ),
        ];
        match &self.cameras {
            None => grants.push(grant(&READ, &anyone, camera().to_vec())),
            Some(cameras) => {
                grants.push(grant(&READ, own, camera().to_vec()));
                grants.extend(cameras.iter().map(|id| {
                    grant(&READ, &[room.clone(), exact(&id.to_string())], camera().to_vec())
                }));
            }
        }
        Grants::of(grants)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: ParticipantId = ParticipantId::new(0xbb);
    const TEACHER: ParticipantId = ParticipantId::new(0xaa);
    const OTHER: ParticipantId = ParticipantId::new(0xcc);

    fn may(rights: &Rights, action: Action, who: Option<ParticipantId>, track: &str) -> bool {
        let room: RoomId = "demo".parse().unwrap();
        let who = who.map(|id| id.to_string());
        let fields: Vec<&[u8]> =
            [Some("demo"), who.as_deref()].into_iter().flatten().map(str::as_bytes).collect();
        rights.ceiling(&room, ME).allows(action, &fields, track.as_bytes())
    }

    #[test]
    fn who_is_outside_reads_the_own_inbox_and_nothing_else() {
        let outside = Rights::Outside;
        assert!(may(&outside, Action::Subscribe, None, &format!("inbox/{ME}")));
        assert!(may(&outside, Action::Publish, Some(ME), "commands"));
        for (action, who, track) in [
            (Action::Subscribe, None, "state"),
            (Action::Subscribe, None, "state/viewers"),
            (Action::SubscribeNamespace, None, ""),
            (Action::Subscribe, None, "slides/1/0-small"),
            (Action::Subscribe, None, "files/1/0"),
            (Action::Publish, Some(ME), "upload/1"),
            (Action::Subscribe, Some(TEACHER), "mic"),
            (Action::Fetch, Some(TEACHER), "catalog"),
            (Action::Publish, Some(ME), "mic"),
            (Action::Publish, Some(ME), "catalog"),
        ] {
            assert!(!may(&outside, action, who, track), "{action:?} {track}");
        }
    }

    #[test]
    fn a_lock_takes_exactly_its_tracks() {
        let inside = Inside { microphone: false, cameras: Some([TEACHER].into()), ..Inside::ALL };
        let rights = Rights::Inside(inside);
        assert!(!may(&rights, Action::Publish, Some(ME), "mic"));
        assert!(may(&rights, Action::Publish, Some(ME), "cam/low"));
        for action in READ {
            assert!(may(&rights, action, Some(TEACHER), "cam"));
            assert!(may(&rights, action, Some(ME), "cam/low"));
            assert!(!may(&rights, action, Some(OTHER), "cam"));
            assert!(!may(&rights, action, Some(OTHER), "cam/low"));
            assert!(may(&rights, action, Some(OTHER), "mic"));
            assert!(!may(&rights, action, Some(OTHER), "commands"));
        }
        assert!(may(&rights, Action::Subscribe, None, "files/1/0"));
        assert!(may(&rights, Action::Subscribe, None, "slides/1/0-small"));
        assert!(may(&rights, Action::Publish, Some(ME), "upload/1"));
        assert!(!may(&rights, Action::Publish, None, "files/1/0"));
        assert!(!may(&rights, Action::Subscribe, Some(OTHER), "upload/1"));
        let silent = Rights::Inside(Inside { upload: false, ..Inside::ALL });
        assert!(!may(&silent, Action::Publish, Some(ME), "upload/1"));
        assert!(may(&rights, Action::Subscribe, None, STATE));
        let nameless = Rights::Inside(Inside { names: false, ..Inside::ALL });
        assert!(!may(&nameless, Action::Subscribe, None, STATE));
        assert!(may(&nameless, Action::Subscribe, None, STATE_WITHOUT_NAMES));
    }
}
