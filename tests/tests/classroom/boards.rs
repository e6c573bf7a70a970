//! Whiteboards around the page: drawing without the right, and looking over somebody's shoulder.

use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters, RequestCode};
use mosaik_proto::room::Role;
use mosaik_tests::{Feed, LESSON, Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};

over_all!(
    what_is_drawn_reaches_everyone_and_who_comes_later,
    drawing_without_the_right_is_refused,
    nobody_subscribes_to_another_students_board,
    what_is_drawn_over_a_slide_is_locked_as_boards_are_and_ends_with_it
);

const OTHER: &str = "00000000000000c1";

fn act(act: &Value) -> Value {
    json!({ "kind": "board", "act": act })
}

fn draw(board: &str, by: &str, number: u32) -> Value {
    let put = json!({ "kind": "put", "id": format!("{by}.{number}"), "shape": "p01CCEE" });
    act(&json!({ "kind": "draw", "board": board, "ops": [put] }))
}

async fn what_is_drawn_reaches_everyone_and_who_comes_later(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    teacher.get(act(&json!({ "kind": "addPage" }))).await?;
    let event = student.event("boards").await?;
    assert_eq!(event.pointer("/boards/shown"), Some(&json!("page/1")));
    let mut seen = Feed::of(&student.client, "board/page/1").await?;
    student.get(draw("page/1", STUDENT, 1)).await?;
    teacher.get(draw("page/1", TEACHER, 1)).await?;
    let ops = seen.hear("the teacher's shape", |object| object["by"] == TEACHER).await?;
    assert_eq!(ops.pointer("/ops/0/shape"), Some(&json!("p01CCEE")));
    let other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    let mut late = Feed::of(&other.client, "board/page/1").await?;
    late.hear("both shapes", |object| object["by"] == TEACHER).await?;
    teacher.get(act(&json!({ "kind": "clear", "board": "page/1" }))).await?;
    let is_empty = |object: &Value| object["kind"] == "snapshot" && object["revision"] == 3;
    let empty = late.hear("an empty board", is_empty).await?;
    assert_eq!(empty.get("parts"), Some(&json!([])));
    teacher.get(act(&json!({ "kind": "removePage", "page": "page/1" }))).await?;
    late.ended().await?;
    Ok(())
}

async fn drawing_without_the_right_is_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    teacher.get(act(&json!({ "kind": "addPage" }))).await?;
    teacher.get(draw("page/1", TEACHER, 1)).await?;
    let long = "AA".repeat(2_001);
    let bad = |shape: &str| {
        let put = json!({ "kind": "put", "id": format!("{STUDENT}.1"), "shape": shape });
        act(&json!({ "kind": "draw", "board": "page/1", "ops": [put] }))
    };
    let remove = json!([{ "kind": "remove", "id": format!("{TEACHER}.1") }]);
    for (command, code) in [
        (act(&json!({ "kind": "draw", "board": "page/1", "ops": remove })), "notAllowed"),
        (draw("page/1", OTHER, 1), "notAllowed"),
        (draw(&format!("own/{OTHER}"), STUDENT, 1), "notAllowed"),
        (draw(&format!("own/{STUDENT}"), STUDENT, 1), "locked"),
        (draw("page/9", STUDENT, 1), "notThere"),
        (draw("slides/1/1", STUDENT, 1), "notThere"),
        (draw("page/01", STUDENT, 1), "malformed"),
        (bad("z00AA"), "malformed"),
        (bad("p09AA"), "malformed"),
        (bad(&format!("p00{long}")), "malformed"),
        (act(&json!({ "kind": "draw", "board": "page/1", "ops": [] })), "malformed"),
        (act(&json!({ "kind": "addPage" })), "notAllowed"),
        (act(&json!({ "kind": "clear", "board": "page/1" })), "notAllowed"),
        (act(&json!({ "kind": "setOwn", "open": true })), "notAllowed"),
        (act(&json!({ "kind": "showOwn", "of": OTHER, "named": true })), "notAllowed"),
    ] {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some(code), "{command}");
    }
    let lock = json!({ "kind": "setLock", "lock": "whiteboard", "locked": true });
    teacher.get(json!({ "kind": "lead", "act": lock })).await?;
    assert_eq!(student.ask(draw("page/1", STUDENT, 1)).await?.as_deref(), Some("locked"));
    Ok(())
}

async fn nobody_subscribes_to_another_students_board(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    teacher.get(act(&json!({ "kind": "setOwn", "open": true }))).await?;
    let board = format!("own/{STUDENT}");
    student.get(draw(&board, STUDENT, 1)).await?;
    let track = format!("board/{board}");
    Feed::of(&student.client, &track).await?.hear("the own board", |_| true).await?;
    let mut seen = Feed::of(&teacher.client, &track).await?;
    let shapes = seen.hear("what is on it", |object| object["by"] == STUDENT).await?;
    assert!(shapes.pointer("/ops/0").is_some() && shapes.pointer("/ops/1").is_none());
    let name = FullTrackName::new(Namespace::of(&[LESSON]), track.into_bytes());
    let mut request = other.client.ask_for(&name, Parameters::default()).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);
    // Who led and does not any more sees it no longer.
    let promote = |role: &str| json!({ "kind": "lead", "act": { "kind": "setRole", "id": OTHER, "role": role } });
    teacher.get(promote("moderator")).await?;
    let mut glimpse = Feed::of(&other.client, &format!("board/{board}")).await?;
    glimpse.hear("what is on it", |_| true).await?;
    teacher.get(promote("viewer")).await?;
    glimpse.ended().await?;
    Ok(())
}

async fn what_is_drawn_over_a_slide_is_locked_as_boards_are_and_ends_with_it(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let slides = |act: Value| json!({ "kind": "slides", "act": act });
    let open = json!({ "kind": "open", "key": 1, "name": "Atome.pdf", "length": 1 });
    teacher.get(slides(open)).await?;
    let over = "slides/1/0";
    let mut seen = Feed::of(&student.client, "board/slides/1/0").await?;
    teacher.get(draw(over, TEACHER, 1)).await?;
    seen.hear("the teacher's shape", |object| object["by"] == TEACHER).await?;
    student.get(draw(over, STUDENT, 1)).await?;
    let lock = json!({ "kind": "setLock", "lock": "whiteboard", "locked": true });
    teacher.get(json!({ "kind": "lead", "act": lock })).await?;
    assert_eq!(student.ask(draw(over, STUDENT, 2)).await?.as_deref(), Some("locked"));
    let other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    let mut late = Feed::of(&other.client, "board/slides/1/0").await?;
    late.hear("both shapes", |object| object["by"] == STUDENT).await?;
    teacher.get(slides(json!({ "kind": "remove", "deck": 1 }))).await?;
    late.ended().await?;
    Ok(())
}
