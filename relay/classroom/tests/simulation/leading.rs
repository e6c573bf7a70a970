//! What people ask about roles, locks, the door, consent and what they send.

use serde_json::{Value, json};

use crate::play::World;
use crate::rules::locks::NAMES;
use crate::wishes::someone;

const PRESETS: [&str; 6] =
    ["lecture", "discussion", "quietWork", "test", "oneToOne", "parentsEvening"];

/// Locks of all and of one, presets, roles: also to moderator, and from oneself to others.
pub(crate) fn lead(world: &mut World, who: usize) -> Value {
    let random = &mut world.random;
    let lock = NAMES[random.below(NAMES.len())];
    let layouts = ["presentation", "speaker", "gallery", "audio"];
    let act = match random.below(10) {
        0..3 => json!({ "kind": "setLock", "lock": lock, "locked": random.percent(40) }),
        3 | 4 => json!({ "kind": "usePreset", "preset": PRESETS[random.below(PRESETS.len())] }),
        5..7 => {
            let state = ["asRoom", "locked", "free"][random.below(3)];
            let id = someone(world);
            json!({ "kind": "setPersonLock", "id": id, "lock": lock, "state": state })
        }
        7 => json!({ "kind": "setLayout", "layout": layouts.get(random.below(5)) }),
        8 => {
            let role = ["viewer", "viewer", "presenter", "presenter", "moderator"][random.below(5)];
            json!({ "kind": "setRole", "id": someone(world), "role": role })
        }
        _ => {
            let role = ["viewer", "presenter", "moderator"][random.below(3)];
            json!({ "kind": "setRole", "id": world.clients[who].id, "role": role })
        }
    };
    json!({ "kind": "lead", "act": act })
}

/// Who may come in, and who has to go.
pub(crate) fn door(world: &mut World) -> Value {
    let random = &mut world.random;
    let entries = ["open", "ask", "ask", "closed"];
    let act = match random.below(12) {
        0..4 => json!({ "kind": "setEntry", "entry": entries[random.below(entries.len())] }),
        4..6 => json!({ "kind": "admit", "id": someone(world) }),
        6 => json!({ "kind": "admitAll" }),
        7 => json!({ "kind": "turnAway", "id": someone(world) }),
        8 => json!({ "kind": "tellWaiting", "text": "Gleich geht es los" }),
        _ => {
            let is_ban = random.percent(25);
            json!({ "kind": "remove", "id": someone(world), "ban": is_ban })
        }
    };
    json!({ "kind": "door", "act": act })
}

/// Mostly to everything, so that there is something to take back.
pub(crate) fn consent(world: &mut World) -> Value {
    let [seen, heard, read] = [80; 3].map(|percent| world.random.percent(percent));
    json!({ "kind": "consent", "agreed": { "seen": seen, "heard": heard, "read": read }, "texts": "1" })
}

pub(crate) fn sources(world: &mut World) -> Value {
    let [mic, cam, screen] = [50, 40, 20].map(|percent| world.random.percent(percent));
    json!({ "kind": "setSources", "mic": mic, "cam": cam, "screen": screen })
}
