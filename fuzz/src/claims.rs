//! Token claims: JSON whose signature was checked. What it grants must be what it says, whatever
//! is asked for.

use bytes::Bytes;
use mosaik_proto::moqt::{FullTrackName, Namespace};
use mosaik_proto::token::{Action, Claims};

/// Most fields of a namespace that is asked for here.
const FIELDS_MAX: usize = 8;

/// The input is JSON up to a zero, and behind it a namespace's fields and a track, each ended by a
/// zero.
pub fn check(input: &[u8]) {
    let mut parts = input.split(|byte| *byte == 0);
    let Ok(claims) = serde_json::from_slice::<Claims>(parts.next().unwrap_or_default()) else {
        return;
    };
    let again = serde_json::to_vec(&claims).expect("claims are JSON");
    assert_eq!(serde_json::from_slice::<Claims>(&again).ok().as_ref(), Some(&claims));

    let mut fields: Vec<&[u8]> = parts.take(FIELDS_MAX + 1).collect();
    let track = fields.pop().unwrap_or_default();
    for action in Action::ALL {
        asks(&claims, action, &fields, track);
    }
}

/// The ways to ask for the same thing have the same answer.
fn asks(claims: &Claims, action: Action, fields: &[&[u8]], track: &[u8]) {
    let grants = &claims.grants;
    let is_allowed = grants.allows(action, fields, track);
    let is_name = !fields.is_empty() && fields.iter().all(|field| !field.is_empty());
    assert!(is_name || !is_allowed, "{action:?} on what is no namespace of a track");
    let namespace = Namespace::new(fields.iter().map(|field| Bytes::copy_from_slice(field)));
    let name = FullTrackName::new(namespace.clone(), Bytes::copy_from_slice(track));
    let has_proof = match action {
        Action::Publish => grants.may_publish(name.clone()).is_ok(),
        Action::Subscribe => grants.may_subscribe(name.clone()).is_ok(),
        Action::Fetch => grants.may_fetch(name.clone()).is_ok(),
        Action::PublishNamespace => grants.may_publish_namespace(namespace.clone()).is_ok(),
        Action::SubscribeNamespace => match grants.may_subscribe_namespace(namespace.clone()) {
            // A prefix may be shorter than what is granted below it.
            Ok(interest) => {
                assert_eq!(interest.prefix(), &namespace);
                let hears = interest.hears_of(&namespace).is_some();
                assert_eq!(hears, is_allowed, "it hears of what it may not ask for");
                is_allowed
            }
            Err(_) => false,
        },
        // It is granted together with the subscription, and has no proof of its own.
        Action::TrackStatus => is_allowed,
    };
    assert_eq!(has_proof, is_allowed, "{action:?}");
}
