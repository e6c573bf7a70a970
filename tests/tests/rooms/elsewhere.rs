//! Two rooms at once: what is said in one is not to be had in the other, by no name that it could have.

use std::time::SystemTime;

use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters, RequestCode, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Feed, LESSON, Mark, Member, OTHER, Path, PublishedTrack, Relay, STUDENT, TEACHER,
    over_all, paragraph, track,
};
use serde_json::{Value, json};

over_all!(nothing_of_one_room_reaches_the_other);

/// Tracks of a room, and of somebody in it.
const OF_ROOM: [&str; 12] = [
    "state",
    "state/viewers",
    "notes",
    "chat",
    "board/page/1",
    "board/page/2",
    "board/slides/1/0",
    "files/1/0",
    "slides/1/0-small",
    "slides/1/0-text",
    "catalog",
    "",
];
const OF_PERSON: [&str; 8] =
    ["commands", "catalog", "mic", "cam", "cam/low", "screen", "screen/low", "upload/1"];

async fn nothing_of_one_room_reaches_the_other(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mark = Mark::new("said")?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    // Next door people have the same names, and lead.
    let mut next_door = Vec::new();
    for id in [TEACHER, STUDENT] {
        let token = relay.token_at(OTHER, id, Role::Moderator, SystemTime::now())?;
        let client = Client::join(relay.dialer().dial(path).await?, &token).await?;
        next_door.push(Member::enter(client, OTHER, id).await?);
    }
    let properties = TrackProperties::default();
    let mut offered = Vec::new();
    for (alias, name) in [(21, "mic"), (22, "cam/low")] {
        let name = track(TEACHER, name);
        let track = PublishedTrack::offer(&teacher.client, name, alias, properties.clone()).await?;
        track.single(1, mark.as_str().as_bytes()).await?;
        offered.push(track);
    }
    tell(&mut teacher, &mut student, mark.as_str()).await?;

    for spy in &next_door {
        for name in names() {
            let told = spy.client.try_all(&name, None).await?;
            assert_eq!(told, [Some(RequestCode::Unauthorized); 3], "{name}");
        }
        for prefix in [vec![LESSON], vec![LESSON, TEACHER], vec![LESSON, STUDENT]] {
            let prefix = Namespace::of(&prefix);
            let mut listening = spy.client.listen(&prefix).await?;
            assert_eq!(listening.refused().await?.0, RequestCode::Unauthorized, "{prefix}");
            let mut tracks = spy.client.ask_for_tracks(&prefix, Parameters::default()).await?;
            assert_eq!(tracks.refused().await?.0, RequestCode::Unauthorized, "{prefix}");
        }
    }
    // What they do hear is of their own room, up to what is said after all of that.
    let [host, ..] = &mut next_door[..] else { anyhow::bail!("nobody is next door") };
    host.get(json!({ "kind": "say", "text": "last" })).await?;
    for spy in &mut next_door {
        let is_told = |object: &Value| object.to_string().contains(mark.as_str());
        let is_last = |object: &Value| object.to_string().contains("\"last\"");
        let heard = spy.state.hear("the last", |object| is_last(object) || is_told(object)).await?;
        assert!(!is_told(&heard) && !spy.heard.iter().any(is_told), "{heard}");
    }
    // Whoever comes into the room reads all of it by the same names.
    let mut late = Member::join(&relay, path, "00000000000000c1", Role::Viewer).await?;
    let is_there = |object: &Value| mark.is_in(object.to_string().as_bytes());
    late.state.hear("what was said", is_there).await?;
    for name in ["notes", "board/page/1"] {
        Feed::of(&late.client, name).await?.hear(name, is_there).await?;
    }
    for name in ["mic", "cam/low"] {
        let name = track(TEACHER, name);
        let mut shown = late.client.subscribe(&name, Parameters::default()).await?;
        assert!(mark.is_in(&shown.first_object().await?.payload), "{name}");
    }
    Ok(())
}

/// Chat, a board and the notes, each with the mark.
async fn tell(teacher: &mut Member, student: &mut Member, mark: &str) -> anyhow::Result<()> {
    teacher.get(json!({ "kind": "say", "text": mark })).await?;
    let to = json!({ "kind": "moderators" });
    student.get(json!({ "kind": "say", "text": mark, "to": to })).await?;
    let board = |act: Value| json!({ "kind": "board", "act": act });
    teacher.get(board(json!({ "kind": "addPage" }))).await?;
    let put =
        json!({ "kind": "put", "id": format!("{TEACHER}.1"), "shape": format!("t00CC {mark}") });
    teacher.get(board(json!({ "kind": "draw", "board": "page/1", "ops": [put] }))).await?;
    let mut notes = Feed::of(&teacher.client, "notes").await?;
    let document = notes.next().await?;
    let edition = document.get("edition").cloned().unwrap_or_default();
    teacher.get(paragraph(&edition, 1, mark)).await
}

/// Every name that something in the room could have.
fn names() -> Vec<FullTrackName> {
    let inboxes = [TEACHER, STUDENT].map(|id| format!("inbox/{id}"));
    let boards = [TEACHER, STUDENT].map(|id| format!("board/own/{id}"));
    let of_room = OF_ROOM.into_iter().map(str::to_owned).chain(inboxes).chain(boards);
    let of_room =
        of_room.map(|name| FullTrackName::new(Namespace::of(&[LESSON]), name.into_bytes()));
    let of_people = [TEACHER, STUDENT].into_iter();
    let of_people = of_people.flat_map(|id| OF_PERSON.map(|name| track(id, name)));
    of_room.chain(of_people).collect()
}
