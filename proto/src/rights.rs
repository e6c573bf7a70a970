//! What a room leaves a participant of the rights that the token grants.
//!
//! A token says what its holder may do at most; the room's roles, locks and outside room say what
//! of it holds now. A session may do what both allow.

use std::slice;
use std::sync::Arc;

use crate::room::{BoardId, BreakoutId, ParticipantId, RoomId};
use crate::token::{Action, Grant, Grants, Holder, Match};

/// The track with all of a room that everyone may know.
pub const STATE: &str = "state";

/// The same without the names of viewers.
pub const STATE_WITHOUT_NAMES: &str = "state/viewers";

/// What the names of the whiteboards' tracks begin with; a [`BoardId`] follows.
pub const BOARDS: &str = "board/";
/// The track with what a room writes together.
pub const NOTES: &str = "notes";

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
    /// Whose cameras may be seen; `None` for those of the whole company.
    pub cameras: Option<Arc<[ParticipantId]>>,
    /// Those who are in the same breakout, in rising order: nobody else is seen or heard. `None`
    /// where everyone is in the main room.
    pub company: Option<Arc<[ParticipantId]>>,
    /// Who is heard in every breakout.
    pub announcer: Option<ParticipantId>,
    /// The group whose board may be read.
    pub group: Option<BreakoutId>,
    /// See the boards that others and groups have for themselves.
    pub own_boards: bool,
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
        company: None,
        announcer: None,
        group: None,
        own_boards: true,
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

/// The boards that everyone sees, the own one and that of the group.
fn boards(participant: ParticipantId, group: Option<BreakoutId>) -> Vec<Match> {
    let own = [BoardId::Own(participant)].into_iter().chain(group.map(BoardId::Group));
    let own = own.map(|board| exact(&format!("{BOARDS}{board}")));
    ["page/", "slides/"]
        .map(|kind| prefix(&format!("{BOARDS}{kind}")))
        .into_iter()
        .chain(own)
        .collect()
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

/// Everything docs/protocol.md lets a participant do who agrees to all they may: what of it was
/// agreed to now, the room says.
pub(crate) fn participant_grants(holder: &Holder) -> Grants {
    let room = exact(&holder.room);
    let own = [room.clone(), exact(&holder.participant)];
    let mut published = vec![exact("commands"), exact("catalog"), uploads()];
    // Who may share a screen the room's locks say; nobody's consent does.
    published.extend(screen());
    let most = holder.consent.most;
    if most.heard {
        published.push(exact("mic"));
    }
    if most.seen {
        published.extend(camera());
    }
    let inbox = format!("inbox/{}", holder.participant);
    let states = [STATE, STATE_WITHOUT_NAMES, NOTES].map(exact).into_iter();
    Grants::of(vec![
        grant(&[Action::PublishNamespace], &own, vec![]),
        grant(&[Action::Publish], &own, published),
        grant(&[Action::SubscribeNamespace], slice::from_ref(&room), vec![]),
        grant(
            &READ,
            slice::from_ref(&room),
            states.chain([exact(&inbox)]).chain(content()).collect(),
        ),
        // Whose, says the room.
        grant(&READ, slice::from_ref(&room), vec![prefix(BOARDS)]),
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
            Self::Inside(inside) => {
                let boards = if inside.own_boards {
                    vec![prefix(BOARDS)]
                } else {
                    boards(participant, inside.group)
                };
                inside.ceiling(&room, &own, [vec![inbox], boards].concat())
            }
        }
    }
}

impl Inside {
    /// `told` is what the room tells this participant beside its state.
    fn ceiling(&self, room: &Match, own: &[Match; 2], told: Vec<Match>) -> Grants {
        let mut published = vec![exact("commands"), exact("catalog")];
        published.extend(self.microphone.then(|| exact("mic")));
        published.extend(self.camera.then(camera).into_iter().flatten());
        published.extend(self.screen.then(screen).into_iter().flatten());
        published.extend(self.upload.then(uploads));
        let state = if self.names { STATE } else { STATE_WITHOUT_NAMES };
        let company =
            self.company.as_ref().map_or_else(|| prefix(""), |ids| Match::OneOf(Arc::clone(ids)));
        let anyone = [room.clone(), company];
        let mut grants = vec![
            grant(&[Action::PublishNamespace], own, vec![]),
            grant(&[Action::Publish], own, published),
            grant(&[Action::SubscribeNamespace], slice::from_ref(room), vec![]),
            grant(
                &READ,
                slice::from_ref(room),
                [vec![exact(state), exact(NOTES)], content().to_vec(), told].concat(),
            ),
            grant(
                &READ,
                &anyone,
                [exact("catalog"), exact("mic")].into_iter().chain(screen()).collect(),
            ),
        ];
        grants.extend(self.announcer.map(|id| {
            let theirs = [room.clone(), exact(&id.to_string())];
            grant(&READ, &theirs, vec![exact("catalog"), exact("mic")])
        }));
        match &self.cameras {
            None => grants.push(grant(&READ, &anyone, camera().to_vec())),
            Some(cameras) => {
                grants.push(grant(&READ, own, camera().to_vec()));
                let is_there = |id: &&ParticipantId| {
                    self.company.as_ref().is_none_or(|people| people.binary_search(id).is_ok())
                };
                grants.extend(cameras.iter().filter(is_there).map(|id| {
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
    const STRANGER: ParticipantId = ParticipantId::new(0xdd);

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
            (Action::Subscribe, None, "notes"),
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
    fn in_a_breakout_its_people_are_seen_and_heard_and_of_others_who_speaks_to_all() {
        let company = Some([ME, OTHER].into());
        let inside = Inside { company, announcer: Some(TEACHER), ..Inside::ALL };
        let mut rights = Rights::Inside(inside.clone());
        for track in ["catalog", "mic", "cam", "cam/low", "screen"] {
            for action in READ {
                assert!(may(&rights, action, Some(OTHER), track), "{track}");
                let is_speech = matches!(track, "catalog" | "mic");
                assert_eq!(may(&rights, action, Some(TEACHER), track), is_speech, "{track}");
                assert!(!may(&rights, action, Some(STRANGER), track), "{track}");
            }
        }
        assert!(may(&rights, Action::Publish, Some(ME), "mic"));
        assert!(may(&rights, Action::Subscribe, None, STATE));
        let cameras = Some([TEACHER].into());
        rights = Rights::Inside(Inside { announcer: None, cameras, ..inside });
        assert!(!may(&rights, Action::Subscribe, Some(TEACHER), "cam"), "elsewhere");
        assert!(!may(&rights, Action::Subscribe, Some(TEACHER), "mic"));
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
        let pupil = Rights::Inside(Inside { own_boards: false, group: Some(4), ..Inside::ALL });
        let (mine, others) = (format!("board/own/{ME}"), format!("board/own/{OTHER}"));
        for board in ["board/page/1", "board/slides/1/2", "board/group/4", &mine] {
            assert!(may(&pupil, Action::Subscribe, None, board), "{board}");
            assert!(!may(&Rights::Outside, Action::Subscribe, None, board), "{board}");
        }
        for board in [others.as_str(), "board/group/40", "board/group/5"] {
            assert!(READ.iter().all(|action| !may(&pupil, *action, None, board)), "{board}");
            assert!(READ.iter().all(|action| may(&rights, *action, None, board)), "{board}");
        }
        let nameless = Rights::Inside(Inside { names: false, ..Inside::ALL });
        assert!(!may(&nameless, Action::Subscribe, None, STATE));
        assert!(may(&nameless, Action::Subscribe, None, STATE_WITHOUT_NAMES));
    }
}
