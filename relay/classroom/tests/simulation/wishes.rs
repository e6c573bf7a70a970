//! What people ask for: mostly what makes sense, sometimes what is refused.

use serde_json::{Value, json};

use crate::boards::wish as board;
use crate::leading::{consent, door, lead, sources};
use crate::play::World;

pub(crate) fn wish(world: &mut World, who: usize) -> Value {
    let leads = world.rules.leads(world.clients[who].id);
    if world.random.percent(if leads { 45 } else { 6 }) {
        return moderation(world, who);
    }
    if world.rules.has_floor(world.clients[who].id) && world.random.percent(40) {
        return sources(world);
    }
    match world.random.below(100) {
        0..18 => say(world, who),
        18..23 => notes(world, who),
        23..38 => chat(world, who),
        38..51 => hand(world, who),
        51..56 => sign(world),
        56..68 => poll(world, who),
        68..72 => breakout(world),
        72..79 => board(world, who),
        79..82 => consent(world),
        82..87 => content(world, who),
        87..89 => {
            json!({ "kind": "caption", "text": "Untertitel", "done": world.random.percent(50) })
        }
        89..98 => sources(world),
        98 => json!({ "kind": "leave" }),
        _ => json!({ "kind": "say", "text": " ", "to": { "kind": "everyone" } }),
    }
}

/// What is for those who lead, whoever asks for it.
fn moderation(world: &mut World, who: usize) -> Value {
    match world.random.below(100) {
        0..36 => lead(world, who),
        36..50 => door(world),
        50..76 => breakout(world),
        76..83 => hand(world, who),
        83..90 => poll(world, who),
        90..94 => timer(world),
        94..99 => {
            let of = ["attendance", "log"][world.random.below(2)];
            json!({ "kind": "report", "of": of })
        }
        _ if world.random.percent(15) => json!({ "kind": "endRoom" }),
        _ => json!({ "kind": "sign", "act": { "kind": "clearStatuses" } }),
    }
}

fn say(world: &mut World, who: usize) -> Value {
    world.texts += 1;
    let count = world.texts;
    let from = world.clients[who].id;
    let reply = some_message(world, who);
    let place = world.rules.places.of(from);
    match world.random.below(if place.is_none() { 4 } else { 8 }) {
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
    let client = &world.clients[who];
    let is_empty = if private {
        client.inbox.messages.is_empty()
    } else {
        client.view.state["chat"].as_array().is_none_or(Vec::is_empty)
    };
    if is_empty && world.random.percent(80) {
        return say(world, who);
    }
    let id = if private { some_private(world, who) } else { some_message(world, who) };
    let reactions = ["heart", "party", "laugh"];
    let reaction = reactions.get(world.random.below(4));
    let act = match world.random.below(12) {
        0..3 => {
            let text = edited(world, who, private);
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

/// What is private gets a text that can be followed.
fn edited(world: &mut World, who: usize, is_private: bool) -> String {
    if !is_private {
        return "geändert".to_owned();
    }
    world.texts += 1;
    format!("<{}:{}>", world.texts, world.clients[who].id)
}

fn breakout(world: &mut World) -> Value {
    let breakouts = world.view.state["breakouts"].clone();
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

fn hand(world: &mut World, who: usize) -> Value {
    let leads = world.rules.leads(world.clients[who].id) != world.random.percent(6);
    let act = match world.random.below(if leads { 12 } else { 7 }) {
        0..5 if !leads => json!({ "kind": "raise" }),
        0 => json!({ "kind": "raise" }),
        5 => json!({ "kind": "lower" }),
        6 => json!({ "kind": "answer", "speaks": world.random.percent(60) }),
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

/// Whoever leads asks, and everyone else answers, mostly.
fn poll(world: &mut World, who: usize) -> Value {
    let leads = world.rules.leads(world.clients[who].id) != world.random.percent(4);
    let polls = world.clients[who].view.state["polls"].as_array().cloned().unwrap_or_default();
    let is_asked = !polls.is_empty() && world.random.percent(95);
    let id = if is_asked { polls[world.random.below(polls.len())]["id"].clone() } else { json!(1) };
    if !leads && polls.is_empty() && world.random.percent(80) {
        return hand(world, who);
    }
    let act = match if leads { world.random.below(7) } else { 7 } {
        0..3 => {
            let form = match world.random.below(7) {
                0 => json!({ "kind": "yesNo" }),
                1 => json!({ "kind": "trueFalse" }),
                2 => json!({ "kind": "letters", "count": 4 }),
                3 => json!({ "kind": "text" }),
                4 => json!({ "kind": "number" }),
                one => {
                    json!({ "kind": "choice", "options": ["a", "b", "c"], "several": one == 5 })
                }
            };
            let anonymous = world.random.percent(50);
            json!({ "kind": "open", "poll": { "question": "?", "form": form, "anonymous": anonymous } })
        }
        3 => json!({ "kind": "close", "id": id }),
        4 | 6 => json!({ "kind": "publish", "id": id }),
        5 => json!({ "kind": "remove", "id": id }),
        _ => {
            let anonymous = polls.iter().any(|poll| poll["id"] == id && poll["anonymous"] == true);
            // A page has one key for each poll.
            let key = anonymous.then(|| format!("{:016x}{who:016x}", id.as_u64().unwrap()));
            let asked = polls.iter().find(|poll| poll["id"] == id);
            let ballot = ballot(world, asked.unwrap_or(&Value::Null));
            json!({ "kind": "vote", "id": id, "ballot": ballot, "key": key })
        }
    };
    json!({ "kind": "poll", "act": act })
}

/// Mostly one that answers the question.
fn ballot(world: &mut World, poll: &Value) -> Value {
    let random = &mut world.random;
    let form = &poll["form"];
    let is_several = form["several"] == true;
    match form["kind"].as_str() {
        Some("text") => {
            let words = ["rot", "grün", "blau"];
            json!({ "kind": "text", "text": words[random.below(words.len())] })
        }
        Some("number") => {
            let numbers = ["4", "-12.5", "1000"];
            json!({ "kind": "number", "number": numbers[random.below(numbers.len())] })
        }
        Some("choice") if is_several => {
            let chosen: Vec<usize> = (0..3).filter(|_| random.percent(50)).collect();
            let chosen = if chosen.is_empty() { vec![0] } else { chosen };
            json!({ "kind": "choices", "chosen": chosen })
        }
        _ => json!({ "kind": "choices", "chosen": [random.below(3)] }),
    }
}

pub(crate) fn someone(world: &mut World) -> Value {
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
