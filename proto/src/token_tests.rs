//! What a participant's token allows, and above all what it does not.

use proptest::prelude::*;

use super::*;
use crate::room::Agreed;

const ROOM: &str = "demo";
const TEACHER: &str = "00000000000000aa";
const STUDENT: &str = "00000000000000bb";
const READS: [Action; 3] = [Action::Subscribe, Action::Fetch, Action::TrackStatus];

fn holder(role: Role, most: Agreed) -> Holder {
    Holder {
        room: ROOM.to_owned(),
        participant: STUDENT.to_owned(),
        name: "Kim Beispiel".to_owned(),
        role,
        consent: Consent { most, ..Consent::ALL },
        lesson: 0,
    }
}

fn student() -> Claims {
    let holder = holder(Role::Viewer, Agreed::ALL);
    Claims::for_participant(holder, Kind::Connect, 1_795_000_000, "j".to_owned())
}

fn allows(grants: &Grants, action: Action, namespace: &[&str], track: &str) -> bool {
    let fields: Vec<&[u8]> = namespace.iter().map(|field| field.as_bytes()).collect();
    grants.allows(action, &fields, track.as_bytes())
}

#[test]
fn a_student_publishes_exactly_the_own_namespace() {
    let grants = student().grants;
    for track in ["commands", "catalog", "mic", "cam/mid", "cam", "screen/low", "screen"] {
        assert!(allows(&grants, Action::Publish, &[ROOM, STUDENT], track), "{track}");
        assert!(!allows(&grants, Action::Publish, &[ROOM, TEACHER], track), "{track}");
        assert!(!allows(&grants, Action::Publish, &[ROOM], track), "{track}");
        assert!(!allows(&grants, Action::Publish, &[ROOM, STUDENT, "x"], track), "{track}");
    }
    assert!(!allows(&grants, Action::Publish, &[ROOM], "state"));
    assert!(!allows(&grants, Action::Publish, &[ROOM, STUDENT], "state"));
    assert!(allows(&grants, Action::PublishNamespace, &[ROOM, STUDENT], ""));
    assert!(!allows(&grants, Action::PublishNamespace, &[ROOM, TEACHER], ""));
    assert!(!allows(&grants, Action::PublishNamespace, &[ROOM], ""));
    assert!(!allows(&grants, Action::PublishNamespace, &[ROOM, STUDENT, "x"], ""));
}

#[test]
fn a_participant_reads_the_room_the_own_inbox_and_everyones_media() {
    let grants = student().grants;
    let own_inbox = format!("inbox/{STUDENT}");
    for action in READS {
        assert!(allows(&grants, action, &[ROOM], "state"));
        assert!(allows(&grants, action, &[ROOM], &own_inbox));
        for track in ["catalog", "mic", "cam/mid", "cam", "screen/high", "screen"] {
            assert!(allows(&grants, action, &[ROOM, TEACHER], track));
        }
    }
    assert!(allows(&grants, Action::SubscribeNamespace, &[ROOM], ""));
}

#[test]
fn nobody_reads_what_others_ask_of_the_room_or_are_told_by_it() {
    let grants = student().grants;
    let longer = format!("inbox/{STUDENT}0");
    let shorter = format!("inbox/{}", &STUDENT[..15]);
    let others = format!("inbox/{TEACHER}");
    for action in READS {
        assert!(!allows(&grants, action, &[ROOM, TEACHER], "commands"));
        for track in [&longer, &shorter, &others, "inbox/", "inbox", ""] {
            assert!(!allows(&grants, action, &[ROOM], track), "{track}");
        }
    }
}

#[test]
fn no_trick_with_the_length_of_a_namespace_opens_another() {
    let grants = student().grants;
    for namespace in [
        &[][..],
        &[""],
        &["", ""],
        &[ROOM, ""],
        &["", TEACHER],
        &["demo1"],
        &["dem"],
        &["demo", TEACHER, "cam"],
        &["other"],
        &["other", TEACHER],
        &["demo1", TEACHER],
        &["demo", TEACHER, ""],
    ] {
        for action in Action::ALL {
            for track in ["", "state", "catalog", "mic", "cam/mid", "commands"] {
                let is_allowed = allows(&grants, action, namespace, track);
                assert!(!is_allowed, "{action:?} {namespace:?} {track}");
            }
        }
    }
    for prefix in [&["demo", STUDENT][..], &["demo", TEACHER]] {
        assert!(!allows(&grants, Action::SubscribeNamespace, prefix, ""));
    }
}

#[test]
fn what_may_not_be_agreed_to_is_not_granted() {
    let silent = Agreed { seen: false, heard: false, read: true };
    let holder = holder(Role::Viewer, silent);
    let claims = Claims::for_participant(holder, Kind::Connect, 0, String::new());
    for track in ["mic", "cam/mid"] {
        assert!(!allows(&claims.grants, Action::Publish, &[ROOM, STUDENT], track), "{track}");
    }
    // To share a screen is an act of its own.
    assert!(allows(&claims.grants, Action::Publish, &[ROOM, STUDENT], "screen/low"));
    assert!(allows(&claims.grants, Action::Publish, &[ROOM, STUDENT], "commands"));
}

#[test]
fn a_resume_token_opens_nothing() {
    let holder = holder(Role::Moderator, Agreed::ALL);
    let claims = Claims::for_participant(holder, Kind::Resume, 0, String::new());
    assert_eq!(claims.grants, Grants::default());
    assert!(!allows(&claims.grants, Action::Subscribe, &[ROOM], "state"));
    assert_eq!(claims.expires_at, RESUME_LIFETIME.as_secs());
}

#[test]
fn a_visitor_has_the_public_namespaces_and_all_below_them_and_nothing_else() {
    let prefixes = [vec!["open".to_owned()], vec!["wide".to_owned(), "a".to_owned()]];
    let grants = Grants::for_visitor(&prefixes);
    for action in Action::ALL {
        for namespace in [&["open"][..], &["open", ROOM], &["wide", "a"], &["wide", "a", "b", "c"]]
        {
            assert!(allows(&grants, action, namespace, "state"), "{action:?} {namespace:?}");
        }
        for namespace in [
            &[][..],
            &[""],
            &["open", ""],
            &["ope"],
            &["open2"],
            &["wide"],
            &["wide", "b"],
            &["wide", "ab"],
            &["x", "open"],
            &[ROOM],
            &[ROOM, STUDENT],
        ] {
            assert!(!allows(&grants, action, namespace, "state"), "{action:?} {namespace:?}");
        }
    }
}

#[test]
fn a_visitor_who_asks_for_everything_hears_of_what_is_public() {
    let prefixes = [vec!["open".to_owned()], vec!["wide".to_owned(), "a".to_owned()]];
    let grants = Grants::for_visitor(&prefixes);
    let hears = |prefix: &[&str], namespace: &[&str]| {
        let grant = grants.may_subscribe_namespace(Namespace::of(prefix)).unwrap();
        grant.hears_of(&Namespace::of(namespace))
    };
    assert_eq!(hears(&[], &["open", "x"]), Some(Namespace::of(&["open", "x"])));
    assert_eq!(hears(&[], &["wide", "a"]), Some(Namespace::of(&["wide", "a"])));
    assert_eq!(hears(&["wide"], &["wide", "a", "b"]), Some(Namespace::of(&["a", "b"])));
    assert_eq!(hears(&["open"], &["open", "x"]), Some(Namespace::of(&["x"])));
    for namespace in [&[ROOM][..], &[ROOM, TEACHER], &["wide"], &["wide", "b"], &["opener"]] {
        assert_eq!(hears(&[], namespace), None, "{namespace:?}");
    }
    assert_eq!(hears(&["wide"], &["open"]), None);
    assert!(grants.may_subscribe_namespace(Namespace::of(&[ROOM])).is_err());
    // A room is no namespace with all below: who is in it asks for it by its name.
    assert!(student().grants.may_subscribe_namespace(Namespace::of(&[])).is_err());
}

#[test]
fn without_public_namespaces_a_visitor_has_nothing() {
    assert_eq!(Grants::for_visitor(&[]), Grants::default());
    // An empty prefix is not everything.
    assert_eq!(Grants::for_visitor(&[Vec::new()]), Grants::default());
}

#[test]
fn proofs_carry_the_name_that_was_checked() {
    let grants = student().grants;
    let name = FullTrackName::new(Namespace::of(&[ROOM, STUDENT]), &b"mic"[..]);
    assert_eq!(grants.may_publish(name.clone()).unwrap().into_track(), name);
    assert_eq!(grants.may_subscribe(name.clone()).unwrap().track(), &name);
    assert_eq!(grants.may_fetch(name.clone()).unwrap().track(), &name);
    let theirs = FullTrackName::new(Namespace::of(&[ROOM, TEACHER]), &b"mic"[..]);
    assert_eq!(grants.may_publish(theirs), Err(NotGranted { action: Action::Publish }));
    let own = Namespace::of(&[ROOM, STUDENT]);
    assert_eq!(grants.may_publish_namespace(own.clone()).unwrap().namespace(), &own);
    assert!(grants.may_subscribe_namespace(own).is_err());
    assert!(grants.may_subscribe_namespace(Namespace::of(&[ROOM])).is_ok());
}

#[test]
fn claims_survive_json_and_unknown_fields_are_refused() {
    let claims = student();
    let json = serde_json::to_string(&claims).unwrap();
    assert!(json.len() < 1_500, "{} bytes must fit a token", json.len());
    assert_eq!(serde_json::from_str::<Claims>(&json).unwrap(), claims);
    let extra = json.replacen('{', "{\"admin\":true,", 1);
    assert!(serde_json::from_str::<Claims>(&extra).is_err());
}

#[test]
fn debug_shows_no_name() {
    let text = format!("{:?}", student().holder);
    assert!(!text.contains("Kim") && !text.contains(STUDENT), "{text}");
}

fn field() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(ROOM.as_bytes().to_vec()),
        Just(STUDENT.as_bytes().to_vec()),
        Just(TEACHER.as_bytes().to_vec()),
        Just(Vec::new()),
        prop::collection::vec(any::<u8>(), 0..24),
    ]
}

fn track() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "(state|catalog|mic|commands|cam/|cam/mid|screen/low|cam|screen)",
        Just(format!("inbox/{STUDENT}")),
        Just(format!("inbox/{TEACHER}")),
        "inbox/[0-9a-f]{0,18}",
        "[a-z/]{0,12}",
    ]
    .prop_map(String::into_bytes)
}

proptest! {
    #[test]
    fn without_grants_nothing_is_allowed(
        action in prop::sample::select(&Action::ALL[..]),
        namespace in prop::collection::vec(field(), 0..5),
        track in track(),
    ) {
        let fields: Vec<&[u8]> = namespace.iter().map(Vec::as_slice).collect();
        prop_assert!(!Grants::default().allows(action, &fields, &track));
    }

    #[test]
    fn whatever_is_asked_only_the_own_room_and_the_own_namespace_open(
        action in prop::sample::select(&Action::ALL[..]),
        namespace in prop::collection::vec(field(), 0..5),
        track in track(),
    ) {
        let fields: Vec<&[u8]> = namespace.iter().map(Vec::as_slice).collect();
        if student().grants.allows(action, &fields, &track) {
            prop_assert_eq!(fields[0], ROOM.as_bytes());
            prop_assert!(fields.iter().all(|field| !field.is_empty()));
            match action {
                Action::Publish | Action::PublishNamespace => {
                    prop_assert_eq!(fields.len(), 2);
                    prop_assert_eq!(fields[1], STUDENT.as_bytes());
                }
                Action::SubscribeNamespace => prop_assert_eq!(fields.len(), 1),
                Action::Subscribe | Action::Fetch | Action::TrackStatus => {
                    prop_assert!(track != b"commands");
                    if track.starts_with(b"inbox/") {
                        prop_assert_eq!(&track[6..], STUDENT.as_bytes());
                    }
                }
            }
        }
    }
}
