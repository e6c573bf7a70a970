//! A room that closed, asked for by a session that goes on: nothing of it is to be had.

use std::time::SystemTime;

use mosaik_proto::moqt::{DoneCode, FullTrackName, Namespace, RequestCode, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Member, OTHER, Path, PublishedTrack, Relay, TEACHER, by_token, over_all, track,
};
use serde_json::{Value, json};

use crate::person::of_room;

over_all!(a_guest_of_a_room_that_closed_is_told_what_is_told_of_a_room_that_never_was);

/// Who is in another room and has a token for this one.
const GUEST: &str = "00000000000000cc";

async fn a_guest_of_a_room_that_closed_is_told_what_is_told_of_a_room_that_never_was(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let _host = Member::join(&relay, path, GUEST, Role::Moderator).await?;
    let token = relay.token_at(OTHER, GUEST, Role::Moderator, SystemTime::now())?;
    let guest = Client::join(relay.dialer().dial(path).await?, &token).await?;
    let token = relay.token(GUEST, Role::Moderator)?;
    teacher.get(json!({ "kind": "board", "act": { "kind": "addPage" } })).await?;
    let properties = TrackProperties::default();
    let camera = track(TEACHER, "cam/low");
    let offered = PublishedTrack::offer(&teacher.client, camera.clone(), 7, properties).await?;
    offered.single(1, b"picture").await?;
    let names =
        [of_room("state"), of_room("notes"), of_room("board/page/1"), of_room("chat"), camera];
    let [state, .., chat, _] = &names;
    for name in names.iter().filter(|name| *name != chat) {
        assert_eq!(guest.try_all(name, Some(&token)).await?, [None; 3], "{name}");
    }
    let running = guest.ask_for(state, by_token(&token)).await?;
    let mut running = guest.established(running).await?;

    teacher.put(json!({ "kind": "endRoom" })).await?;
    assert_eq!(running.done().await?.code, u64::from(DoneCode::TrackEnded.get()));
    let is_last = |object: &Value| object["kind"] == "closed";
    teacher.inbox.hear("the room's last word", is_last).await?;
    for name in &names {
        let never = FullTrackName::new(Namespace::of(&["never"]), name.track.clone());
        let told = guest.try_all(name, Some(&token)).await?;
        assert_eq!(told, [Some(RequestCode::Unauthorized); 3], "{name}");
        assert_eq!(told, guest.try_all(&never, Some(&token)).await?, "{name}");
        assert_eq!(told, guest.try_all(name, None).await?, "{name}");
    }
    Ok(())
}
