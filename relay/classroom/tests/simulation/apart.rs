//! Who may hear, see and read whom while people are in breakouts, by what `state` says.

use std::collections::BTreeSet;

use mosaik_classroom::Room;
use mosaik_proto::room::{ParticipantId, RoomId};
use mosaik_proto::token::Action;
use serde_json::Value;

use crate::model::View;

/// Where someone is; null is the main room.
pub(crate) fn place(view: &View, of: &Value) -> Value {
    // A page that has read nothing yet knows of nobody.
    let places = view.state["breakouts"]["places"].as_array().into_iter().flatten();
    let mut theirs = places.filter(|place| place["id"] == *of);
    theirs.next().map_or(Value::Null, |place| place["breakout"].clone())
}

/// Everyone in a breakout.
pub(crate) fn people(view: &View, breakout: &Value) -> BTreeSet<ParticipantId> {
    let places = view.state["breakouts"]["places"].as_array().unwrap().iter();
    let there = places.filter(|place| place["breakout"] == *breakout);
    there.map(|place| place["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// Everyone hears exactly those who are in the same place, and who speaks to all.
pub(crate) fn check_rights(room: &Room, view: &View) {
    let id: RoomId = "demo".parse().unwrap();
    let people = view.state["participants"].as_array().unwrap().iter();
    let everyone: Vec<(&Value, Value)> =
        people.map(|person| (&person["id"], place(view, &person["id"]))).collect();
    let voice = &view.state["breakouts"]["voice"];
    let is_apart = everyone.iter().any(|(_, place)| !place.is_null());
    for (one, here) in &everyone {
        let reader = one.as_str().unwrap().parse().unwrap();
        let ceiling = room.rights_of(reader).ceiling(&id, reader);
        for (other, there) in &everyone {
            let namespace = ["demo", other.as_str().unwrap()].map(str::as_bytes);
            let may = |track: &str| ceiling.allows(Action::Subscribe, &namespace, track.as_bytes());
            let is_together = here == there;
            let is_heard = is_together || (is_apart && voice == *other);
            assert_eq!(may("mic"), is_heard, "{one} hears {other}");
            assert_eq!(may("catalog"), is_heard, "{one} knows the tracks of {other}");
            assert!(is_together || !may("cam"), "{one} sees {other}");
            assert!(is_together || !may("screen/low"), "{one} sees the screen of {other}");
        }
    }
}
