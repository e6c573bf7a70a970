//! What people ask for: mostly what makes sense, sometimes what is refused.

use serde_json::{Value, json};

use crate::boards::wish as board;
use crate::play::World;

pub(crate) fn wish(world: &mut World, who: usize) -> Value {
    match world.random.below(100) {
        0..15 => say(world, who),
        15..20 => notes(world, who),
        20..40 => chat(world, who),
        40..60 => hand(world),
        60..70 => sign(world),
        70..79 => poll(world, who),
        79..83 => breakout(world),
        83..87 => board(world, who),
        87..90 => lead(world),
        90 => consent(world),
        91..94 => content(world, who),
        94..96 => timer(world),
        96 => json!({ "kind": "caption", "text": "Untertitel", "done": world.random.percent(50) }),
        97 => json!({
            "kind": "setSources",
            "mic": world.random.percent(50),
            "cam": false,
            "screen": world.random.percent(50),
        }),
        98 => json!({ "kind": "leave" }),
        99 if world.random.percent(50) => {
            let of = ["attendance", "log"][world.random.below(2)];
            json!({ "kind": "report", "of": of })
        }
        _ => json!({ "kind": "say", "text": " ", "to": { "kind": "everyone" } }),
    }
}

/// Mostly to everything, so that there is something to take back.
fn consent(world: &mut World) -> Value {
    let [seen, heard, read] = [70, 70, 70].map(|percent| world.random.percent(percent));
    json!({ "kind": "consent", "agreed": { "seen": seen, "heard": heard, "read": read }, "texts": "1" })
}

fn say(world: &mut World, who: usize) -> Value {
    world.texts += 1;
    let count = world.texts;
    let from = world.clients[who].id;
    let reply = some_message(world, who);
    let place = crate::apart::place(&world.clients[who].view, &json!(from));
    match world.random.below(if place.is_null() { 4 } else { 8 }) {
        4.. => {
            let to = json!({ "kind": "breakout", "id": place });
            json!({ "kind": "say", "text": format!("<{count}:{from}>"), "to": to })
        }
        0 => {
            json!({ "kind": "say", "text": format!("<{count}:{from}>"), "to": { "kind": "moderators" } })
        }
        1 => {
            let to = someone(world);
            let to = json!({ "kind": "one", "id": to });
            json!({ "kind": "say", "text": format!("<{count}:{from}>"), "to": to, "replyTo": reply })
        }
        _ => {
            let to = json!({ "kind": "everyone" });
            json!({ "kind": "say", "text": format!("{count} of {from}"), "to": to, "replyTo": reply })
        }
    }
}

fn chat(world: &mut World, who: usize) -> Value {
    let private = world.random.percent(40);
    let id = if private { some_private(world, who) } else { some_message(world, who) };
    let reactions = ["heart", "party", "laugh"];
    let reaction = reactions.get(world.random.below(4));
    let act = match world.random.below(12) {
        0..3 => {
            let text = edited(world, who, (private, &id));
            json!({ "kind": "edit", "id": id, "private": private, "text": text })
        }
        3..5 => json!({ "kind": "delete", "id": id, "private": private }),
        5..9 => json!({ "kind": "react", "id": id, "private": private, "reaction": reaction }),
        9 => json!({ "kind": "pin", "id": id, "pinned": world.random.percent(60) }),
        10 => json!({ "kind": "typing", "to": { "kind": "everyone" } }),
        _ if world.random.percent(20) => json!({ "kind": "clear" }),
        _ => json!({ "kind": "typing", "to": { "kind": "one", "id": someone(world) } }),
    };
    json!({ "kind": "chat", "act": act })
}

/// What was said in a breakout gets a text that can be followed.
fn edited(world: &mut World, who: usize, (private, id): (bool, &Value)) -> String {
    let client = &world.clients[who];
    let is_it = |message: &&Value| message["id"] == *id && message["to"]["kind"] == "breakout";
    if !private || !client.inbox.messages.iter().any(|message| is_it(&message)) {
        return "geändert".to_owned();
    }
    world.texts += 1;
    format!("<{}:{}>", world.texts, client.id)
}

fn breakout(world: &mut World) -> Value {
    let breakouts = world.clients[0].view.state["breakouts"].clone();
    let list = breakouts["list"].as_array().cloned().unwrap_or_default();
    let some = match list.len() {
        0 => json!(1),
        _ => list[world.random.below(list.len())]["id"].clone(),
    };
    let place = if world.random.percent(20) { Value::Null } else { some.clone() };
    let how = ["random", "manual", "choice"][world.random.below(3)];
    let act = match world.random.below(28) {
        0 | 1 => {
            let minutes = [json!(1), Value::Null][world.random.below(2)].clone();
            json!({ "kind": "open", "count": 1 + world.random.below(4), "how": how, "minutes": minutes })
        }
        2..7 => json!({ "kind": "assign", "id": someone(world), "breakout": place }),
        7..10 => json!({ "kind": "choose", "breakout": place }),
        10..13 => json!({ "kind": "lookIn", "breakout": place }),
        13 | 14 => json!({ "kind": "callHelp", "wanted": world.random.percent(70) }),
        15 => json!({ "kind": "answerCall", "breakout": some }),
        16 => json!({ "kind": "broadcast", "on": world.random.percent(60) }),
        17 | 18 => json!({ "kind": "takeAside", "id": someone(world) }),
        19 => json!({ "kind": "endAside" }),
        20 => json!({ "kind": "tell", "text": "Noch fünf Minuten" }),
        21 => json!({ "kind": "rename", "breakout": some, "name": "Die Füchse" }),
        22 => json!({ "kind": "extend", "minutes": 2 }),
        23..26 => json!({ "kind": "askAside", "wanted": world.random.percent(80) }),
        26 => json!({ "kind": "turnDownAside", "id": someone(world) }),
        _ => json!({ "kind": "close", "seconds": 30 * world.random.below(2) }),
    };
    json!({ "kind": "breakout", "act": act })
}

/// Roles of pupils, and locks; who comes in stays open.
fn lead(world: &mut World) -> Value {
    let locks = [
        "microphone",
        "notes",
        "publicChat",
        "privateChat",
        "othersCameras",
        "othersNames",
        "whiteboard",
    ];
    let presets = ["lecture", "discussion", "quietWork", "test"];
    let lock = locks[world.random.below(locks.len())];
    let layouts = ["presentation", "speaker", "gallery", "audio"];
    let act = match world.random.below(5) {
        0 => json!({ "kind": "setLock", "lock": lock, "locked": world.random.percent(40) }),
        1 => json!({ "kind": "usePreset", "preset": presets[world.random.below(presets.len())] }),
        2 => {
            let state = ["asRoom", "locked", "free"][world.random.below(3)];
            let id = someone(world);
            json!({ "kind": "setPersonLock", "id": id, "lock": lock, "state": state })
        }
        3 => json!({ "kind": "setLayout", "layout": layouts.get(world.random.below(5)) }),
        _ => {
            let pupils = world.clients.get(world.leads..).unwrap_or_default();
            let id = pupils.first().map(|client| client.id.to_string());
            let role = if world.random.percent(50) { "presenter" } else { "viewer" };
            json!({ "kind": "setRole", "id": id, "role": role })
        }
    };
    json!({ "kind": "lead", "act": act })
}

fn hand(world: &mut World) -> Value {
    let act = match world.random.below(12) {
        0..5 => json!({ "kind": "raise" }),
        5 => json!({ "kind": "lower" }),
        6 => json!({ "kind": "answer", "speaks": true }),
        7 => json!({ "kind": "lowerOf", "id": someone(world) }),
        8 if world.random.percent(30) => json!({ "kind": "lowerAll" }),
        8 | 9 => json!({ "kind": "pick" }),
        _ => json!({ "kind": "callOn", "id": someone(world) }),
    };
    json!({ "kind": "hand", "act": act })
}

fn sign(world: &mut World) -> Value {
    let statuses = ["finished", "needHelp", "agree"];
    let act = match world.random.below(10) {
        0..6 => json!({ "kind": "status", "status": statuses.get(world.random.below(4)) }),
        6 => json!({ "kind": "clearStatuses" }),
        _ => json!({ "kind": "react", "reaction": "bravo" }),
    };
    json!({ "kind": "sign", "act": act })
}

/// Before the room has said what the notes are, something is meant for none.
fn notes(world: &mut World, who: usize) -> Value {
    let World { random, clients, .. } = world;
    let notebook = &clients[who].notebook;
    let edition = notebook.edition();
    let act = match random.below(30) {
        0 => json!({ "kind": "clear" }),
        1..6 => json!({ "kind": "point", "edition": edition, "cursor": null }),
        6 => json!({ "kind": "write", "edition": edition, "update": "AAE" }),
        _ => json!({ "kind": "write", "edition": edition, "update": notebook.edit(random) }),
    };
    json!({ "kind": "notes", "act": act })
}

fn timer(world: &mut World) -> Value {
    let form = match world.random.below(3) {
        0 => json!({ "kind": "stopwatch" }),
        _ => json!({ "kind": "countdown", "seconds": world.random.below(400) }),
    };
    let act = match world.random.below(6) {
        0..2 => json!({ "kind": "start", "form": form }),
        2 => json!({ "kind": "pause" }),
        3 => json!({ "kind": "resume" }),
        4 => json!({ "kind": "addMinute" }),
        _ => json!({ "kind": "end" }),
    };
    json!({ "kind": "timer", "act": act })
}

/// Slides and files. An odd key is a deck's, an even one a file's: `Upload` knows what to send.
fn content(world: &mut World, who: usize) -> Value {
    world.uploads += 2;
    let key = world.uploads;
    let slides = world.clients[who].view.state["slides"].clone();
    let decks = slides["decks"].as_array().cloned().unwrap_or_default();
    let deck = pick(world, &decks);
    let files = world.clients[who].view.state["files"].as_array().cloned().unwrap_or_default();
    let act = match world.random.below(12) {
        0..3 => json!({ "kind": "open", "key": key + 1, "name": "Folien.pdf", "length": 2 }),
        3..6 => json!({ "kind": "show", "deck": deck, "page": world.random.below(3) }),
        6 => json!({ "kind": "hide" }),
        7 => json!({ "kind": "remove", "deck": deck }),
        8..10 => {
            let act = json!({ "kind": "offer", "key": key, "name": "a.txt", "size": 20 });
            return json!({ "kind": "file", "act": act });
        }
        10 => return json!({ "kind": "file", "act": { "kind": "cancel", "key": key - 2 } }),
        _ => {
            let act = json!({ "kind": "remove", "id": pick(world, &files) });
            return json!({ "kind": "file", "act": act });
        }
    };
    json!({ "kind": "slides", "act": act })
}

fn poll(world: &mut World, who: usize) -> Value {
    let polls = world.clients[who].view.state["polls"].as_array().cloned().unwrap_or_default();
    let is_asked = !polls.is_empty() && world.random.percent(92);
    let id = if is_asked { polls[world.random.below(polls.len())]["id"].clone() } else { json!(1) };
    let act = match world.random.below(20) {
        0..3 => {
            let form = json!({ "kind": "choice", "options": ["a", "b", "c"], "several": true });
            let anonymous = world.random.percent(50);
            json!({ "kind": "open", "poll": { "question": "?", "form": form, "anonymous": anonymous } })
        }
        3 => json!({ "kind": "close", "id": id }),
        4 => json!({ "kind": "publish", "id": id }),
        5 if world.random.percent(30) => json!({ "kind": "remove", "id": id }),
        _ => {
            let anonymous = polls.iter().any(|poll| poll["id"] == id && poll["anonymous"] == true);
            let chosen: Vec<usize> = (0..3).filter(|_| world.random.percent(50)).collect();
            let chosen = if chosen.is_empty() { vec![0] } else { chosen };
            // A page has one key for each poll.
            let key = anonymous.then(|| format!("{:016x}{who:016x}", id.as_u64().unwrap()));
            let ballot = json!({ "kind": "choices", "chosen": chosen });
            json!({ "kind": "vote", "id": id, "ballot": ballot, "key": key })
        }
    };
    json!({ "kind": "poll", "act": act })
}

fn someone(world: &mut World) -> Value {
    let who = world.random.below(world.clients.len());
    json!(world.clients[who].id)
}

/// A public message that this page knows, or one that nobody does.
fn some_message(world: &mut World, who: usize) -> Value {
    let chat = world.clients[who].view.state["chat"].as_array().cloned().unwrap_or_default();
    pick(world, &chat)
}

fn some_private(world: &mut World, who: usize) -> Value {
    let messages = world.clients[who].inbox.messages.clone();
    pick(world, &messages)
}

fn pick(world: &mut World, messages: &[Value]) -> Value {
    if messages.is_empty() || world.random.percent(5) {
        return json!(1_000_000);
    }
    messages[world.random.below(messages.len())]["id"].clone()
}
