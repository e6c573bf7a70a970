//! Whiteboards, as people live them: everyone sees the same, and draws only where they may.

use serde_json::json;

use super::*;

const SHAPE: &str = "p00CCEE";

fn act(act: &Value) -> Value {
    json!({ "kind": "board", "act": act })
}

fn draw(board: &str, ops: &Value) -> Value {
    act(&json!({ "kind": "draw", "board": board, "ops": ops }))
}

fn shape_of(by: u64, number: u32) -> String {
    format!("{}.{number}", id(by))
}

fn put(by: u64, number: u32) -> Value {
    json!({ "kind": "put", "id": shape_of(by, number), "shape": SHAPE })
}

fn own(of: u64) -> String {
    format!("own/{}", id(of))
}

fn class_with_page() -> Lesson {
    let mut lesson = Lesson::new(Limits::default());
    for number in 0..=2 {
        lesson.join(number + 1, number);
    }
    assert_eq!(lesson.ask(0, &act(&json!({ "kind": "addPage" }))), Value::Null);
    lesson
}

/// What somebody sees who reads a board's track from its newest group on.
fn seen(lesson: &Lesson, board: &str) -> BTreeMap<String, String> {
    let mut shapes = BTreeMap::new();
    for object in lesson.boards.get(board).into_iter().flatten() {
        for shape in object["shapes"].as_array().into_iter().flatten() {
            let author = usize::try_from(shape[0].as_u64().unwrap()).unwrap();
            let id = format!("{}.{}", object["authors"][author].as_str().unwrap(), shape[1]);
            shapes.insert(id, shape[2].as_str().unwrap().to_owned());
        }
        for op in object["ops"].as_array().into_iter().flatten() {
            let id = op["id"].as_str().unwrap().to_owned();
            match op["kind"].as_str().unwrap() {
                "put" => drop(shapes.insert(id, op["shape"].as_str().unwrap().to_owned())),
                "remove" => drop(shapes.remove(&id)),
                "extend" => shapes.get_mut(&id).unwrap().push_str(op["points"].as_str().unwrap()),
                other => panic!("unknown op {other}"),
            }
        }
    }
    shapes
}

#[test]
fn a_late_joiner_sees_what_was_drawn_and_what_goes_on() {
    let mut lesson = class_with_page();
    assert_eq!(lesson.snapshot("boards")["shown"], "page/1");
    let at = u32::try_from(SHAPE.len()).unwrap();
    let more = json!({ "kind": "extend", "id": shape_of(1, 1), "at": at, "points": "GG" });
    let ops = json!([put(1, 1), more]);
    assert_eq!(lesson.ask(1, &draw("page/1", &ops)), Value::Null);
    let again = json!([more, { "kind": "remove", "id": shape_of(1, 9) }]);
    assert_eq!(lesson.ask(1, &draw("page/1", &again)), Value::Null, "nothing of it is new");
    assert_eq!(lesson.ask(2, &draw("page/1", &json!([put(2, 1)]))), Value::Null);
    let all = [(shape_of(1, 1), format!("{SHAPE}GG")), (shape_of(2, 1), SHAPE.to_owned())];
    assert_eq!(seen(&lesson, "page/1"), BTreeMap::from(all.clone()));
    // Pieces until the track begins anew: a snapshot says the same.
    let mut number = 2;
    while lesson.boards["page/1"][0]["revision"] == 0 {
        assert_eq!(lesson.ask(0, &draw("page/1", &json!([put(0, number)]))), Value::Null);
        let remove = json!([{ "kind": "remove", "id": shape_of(0, number) }]);
        assert_eq!(lesson.ask(0, &draw("page/1", &remove)), Value::Null);
        lesson.pass(Duration::from_millis(100));
        number += 1;
    }
    assert_eq!(seen(&lesson, "page/1"), BTreeMap::from(all));
}

#[test]
fn a_board_that_rests_has_a_new_snapshot_for_whoever_comes_then() {
    let mut lesson = class_with_page();
    let revision = |lesson: &Lesson| lesson.boards["page/1"][0]["revision"].clone();
    assert_eq!(lesson.ask(1, &draw("page/1", &json!([put(1, 1)]))), Value::Null);
    lesson.pass(Duration::from_secs(10));
    assert_eq!(revision(&lesson), 0, "a stroke is read as it is");
    for number in 2..30 {
        assert_eq!(lesson.ask(1, &draw("page/1", &json!([put(1, number)]))), Value::Null);
        lesson.pass(Duration::from_secs(1));
        assert_eq!(revision(&lesson), 0, "somebody draws");
    }
    let before = seen(&lesson, "page/1");
    lesson.pass(Duration::from_secs(1));
    assert_eq!(revision(&lesson), 29);
    assert_eq!(seen(&lesson, "page/1"), before);
    let objects = lesson.boards["page/1"].len();
    lesson.pass(Duration::from_secs(10));
    assert_eq!(lesson.boards["page/1"].len(), objects, "once is enough");
}

#[test]
fn viewers_change_what_is_theirs_and_those_who_lead_change_all() {
    let mut lesson = class_with_page();
    assert_eq!(lesson.ask(1, &draw("page/1", &json!([put(1, 1)]))), Value::Null);
    let remove = draw("page/1", &json!([{ "kind": "remove", "id": shape_of(1, 1) }]));
    assert_eq!(lesson.ask(2, &remove), "notAllowed");
    assert_eq!(lesson.ask(2, &draw("page/1", &json!([put(1, 2)]))), "notAllowed");
    for forbidden in [
        json!({ "kind": "addPage" }),
        json!({ "kind": "clear", "board": "page/1" }),
        json!({ "kind": "show", "board": null }),
        json!({ "kind": "removePage", "page": "page/1" }),
        json!({ "kind": "setOwn", "open": true }),
        json!({ "kind": "showOwn", "of": id(1), "named": true }),
    ] {
        assert_eq!(lesson.ask(2, &act(&forbidden)), "notAllowed", "{forbidden}");
    }
    let lock = json!({ "kind": "setLock", "lock": "whiteboard", "locked": true });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": lock })), Value::Null);
    assert_eq!(lesson.ask(1, &draw("page/1", &json!([put(1, 3)]))), "locked");
    let point = act(&json!({ "kind": "point", "board": "page/1", "at": [1, 2] }));
    assert_eq!(lesson.ask(1, &point), "locked");
    let free =
        json!({ "kind": "setPersonLock", "id": id(1), "lock": "whiteboard", "state": "free" });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": free })), Value::Null);
    assert_eq!(lesson.ask(1, &draw("page/1", &json!([put(1, 3)]))), Value::Null);
    assert_eq!(lesson.ask(0, &remove), Value::Null);
    assert_eq!(seen(&lesson, "page/1").len(), 1);
    assert_eq!(lesson.ask(1, &draw("page/2", &json!([put(1, 4)]))), "notThere");
    assert_eq!(lesson.ask(1, &draw("page/1", &json!([]))), "malformed");
    assert_eq!(lesson.ask(0, &act(&json!({ "kind": "clear", "board": "page/1" }))), Value::Null);
    assert_eq!(seen(&lesson, "page/1"), BTreeMap::new());
}

#[test]
fn an_own_board_is_its_owners_until_it_is_shown_and_then_nobodys() {
    let mut lesson = class_with_page();
    assert_eq!(lesson.ask(1, &draw(&own(1), &json!([put(1, 1)]))), "locked", "not open yet");
    let open = |open| act(&json!({ "kind": "setOwn", "open": open }));
    assert_eq!(lesson.ask(0, &open(true)), Value::Null);
    assert!(lesson.boards.contains_key(&own(1)) && lesson.boards.contains_key(&own(2)));
    assert!(!lesson.boards.contains_key(&own(0)), "moderators have none");
    lesson.join(9, 3);
    assert!(lesson.boards.contains_key(&own(3)), "who comes later has one too");
    assert_eq!(lesson.ask(1, &draw(&own(1), &json!([put(1, 1), put(1, 2)]))), Value::Null);
    assert_eq!(lesson.ask(2, &draw(&own(1), &json!([put(2, 1)]))), "notAllowed");
    assert_eq!(lesson.ask(0, &draw(&own(1), &json!([put(0, 1)]))), Value::Null, "corrections");
    let show = act(&json!({ "kind": "show", "board": own(1) }));
    assert_eq!(lesson.ask(0, &show), "notThere", "it is no page");
    for (named, from) in [(false, Value::Null), (true, json!("P1"))] {
        let show = act(&json!({ "kind": "showOwn", "of": id(1), "named": named }));
        assert_eq!(lesson.ask(0, &show), Value::Null);
        let boards = lesson.snapshot("boards");
        let page = boards["pages"].as_array().unwrap().last().unwrap();
        assert_eq!((&page["from"], &page["id"]), (&from, &boards["shown"]));
        let page = page["id"].as_str().unwrap();
        assert_eq!(seen(&lesson, page).len(), 3);
        assert!(!lesson.boards[page][0].to_string().contains(&id(1).to_string()));
    }
    assert_eq!(lesson.ask(0, &open(false)), Value::Null);
    assert_eq!(lesson.ask(1, &draw(&own(1), &json!([put(1, 3)]))), "locked");
    assert_eq!(lesson.ask(0, &draw(&own(1), &json!([put(0, 2)]))), Value::Null);
}

#[test]
fn a_pointer_is_told_and_kept_nowhere_and_a_flood_is_refused() {
    let mut lesson = class_with_page();
    let point = act(&json!({ "kind": "point", "board": "page/1", "at": [100, 200] }));
    assert_eq!(lesson.ask(1, &point), Value::Null);
    let told = lesson.boards["page/1"].last().unwrap();
    assert_eq!((&told["kind"], &told["at"]), (&json!("pointed"), &json!([100, 200])));
    let answers: Vec<Value> = (0..100).map(|_| lesson.ask(1, &point)).collect();
    assert!(answers.iter().any(|answer| answer == "tooFast"));
    assert_eq!(lesson.ask(2, &point), Value::Null, "others point on");
    assert_eq!(lesson.ask(0, &point), Value::Null);
    lesson.pass(Duration::from_secs(3));
    assert_eq!(lesson.ask(1, &point), Value::Null);
}

#[test]
fn what_is_drawn_over_a_slide_comes_and_goes_with_its_deck() {
    let mut lesson = class_with_page();
    let slides = |act: Value| json!({ "kind": "slides", "act": act });
    let over = "slides/1/0";
    assert_eq!(lesson.ask(1, &draw(over, &json!([put(1, 1)]))), "notThere");
    let open = json!({ "kind": "open", "key": 4, "name": "Atome.pdf", "length": 2 });
    assert_eq!(lesson.ask(0, &slides(open)), Value::Null);
    assert_eq!(lesson.ask(1, &draw(over, &json!([put(1, 1)]))), Value::Null);
    let next = draw("slides/1/1", &json!([put(0, 1)]));
    assert_eq!(lesson.ask(0, &next), "notThere", "nobody was shown that page");
    let show = act(&json!({ "kind": "show", "board": over }));
    assert_eq!(lesson.ask(0, &show), "notThere", "it is shown with its slide");
    let hide = json!({ "kind": "hide" });
    assert_eq!(lesson.ask(0, &slides(hide)), Value::Null);
    let again = json!({ "kind": "show", "deck": 1, "page": 0 });
    assert_eq!(lesson.ask(0, &slides(again)), Value::Null);
    assert_eq!(seen(&lesson, over), BTreeMap::from([(shape_of(1, 1), SHAPE.to_owned())]));
    let lock = json!({ "kind": "setLock", "lock": "whiteboard", "locked": true });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": lock })), Value::Null);
    assert_eq!(lesson.ask(1, &draw(over, &json!([put(1, 2)]))), "locked");
    assert_eq!(lesson.ask(0, &draw(over, &json!([put(0, 1)]))), Value::Null);
    let remove = json!({ "kind": "remove", "deck": 1 });
    assert_eq!(lesson.ask(0, &slides(remove)), Value::Null);
    assert!(!lesson.boards.contains_key(over));
    assert_eq!(lesson.ask(0, &draw(over, &json!([put(0, 2)]))), "notThere");
}

#[test]
fn a_group_draws_for_itself_and_its_board_is_a_page_when_it_comes_back() {
    let mut lesson = class_with_page();
    let breakout = |act: Value| json!({ "kind": "breakout", "act": act });
    let show = |shown: bool| act(&json!({ "kind": "showGroup", "shown": shown }));
    assert_eq!(lesson.ask(1, &show(true)), "notThere", "everyone is together");
    let open = json!({ "kind": "open", "count": 2, "how": "choice", "minutes": null });
    assert_eq!(lesson.ask(0, &breakout(open)), Value::Null);
    let groups = lesson.snapshot("breakouts")["list"].clone();
    let board = |place: usize| format!("group/{}", groups[place]["id"]);
    for (pupil, place) in [(1, 0), (2, 1)] {
        let choose = json!({ "kind": "choose", "breakout": groups[place]["id"] });
        assert_eq!(lesson.ask(pupil, &breakout(choose)), Value::Null);
        assert_eq!(lesson.ask(pupil, &show(true)), Value::Null);
        assert_eq!(lesson.ask(pupil, &show(true)), Value::Null, "it is so already");
    }
    assert_eq!(lesson.snapshot("boards")["groups"], json!([groups[0]["id"], groups[1]["id"]]));
    assert_eq!(lesson.ask(1, &draw(&board(0), &json!([put(1, 1)]))), Value::Null);
    assert_eq!(lesson.ask(2, &draw(&board(0), &json!([put(2, 1)]))), "notAllowed");
    assert_eq!(lesson.ask(0, &draw(&board(0), &json!([put(0, 1)]))), "notAllowed", "not there");
    let look_in = json!({ "kind": "lookIn", "breakout": groups[0]["id"] });
    assert_eq!(lesson.ask(0, &breakout(look_in)), Value::Null);
    assert_eq!(lesson.ask(0, &draw(&board(0), &json!([put(0, 1)]))), Value::Null);
    let rights = |lesson: &Lesson, pupil: u64, board: &str| {
        let reader = id(pupil);
        let ceiling = lesson.room.rights_of(reader).ceiling(&"demo".parse().unwrap(), reader);
        let track = format!("board/{board}");
        ceiling.allows(mosaik_proto::token::Action::Subscribe, &[b"demo"], track.as_bytes())
    };
    assert!(rights(&lesson, 1, &board(0)) && !rights(&lesson, 2, &board(0)));
    let lock = json!({ "kind": "setLock", "lock": "whiteboard", "locked": true });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": lock })), Value::Null);
    assert_eq!(lesson.ask(2, &show(false)), "locked");
    assert_eq!(lesson.ask(0, &breakout(json!({ "kind": "close", "seconds": 0 }))), Value::Null);
    let boards = lesson.snapshot("boards");
    assert_eq!((&boards["groups"], &boards["shown"]), (&json!([]), &json!("page/1")));
    let pages = json!([
        { "id": "page/1", "from": null, "group": null },
        { "id": "page/2", "from": null, "group": 1 },
    ]);
    assert_eq!(boards["pages"], pages, "an empty board leaves no page");
    assert!(!lesson.boards.contains_key(&board(0)) && !lesson.boards.contains_key(&board(1)));
    assert_eq!(seen(&lesson, "page/2").len(), 2);
    assert!(!lesson.boards["page/2"][0].to_string().contains(&id(1).to_string()));
}
