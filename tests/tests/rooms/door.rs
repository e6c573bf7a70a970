//! The waiting room and bans, tried around the page.

use mosaik_proto::moqt::{
    AuthToken, Namespace, Parameters, RequestCode, SessionCode, TrackProperties,
};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Feed, LESSON, Path, PublishedTrack, Relay, STUDENT, TEACHER, over_all, room, track,
};
use serde_json::json;

use crate::person::{Person, at, of_room};

over_all!(
    who_waits_has_the_own_inbox_and_nothing_else_until_let_in,
    who_is_removed_is_gone_and_comes_back_by_no_token,
    a_locked_room_takes_nobody_new
);

async fn who_waits_has_the_own_inbox_and_nothing_else_until_let_in(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    let properties = TrackProperties::default();
    let _mic = PublishedTrack::offer(&teacher.client, track(TEACHER, "mic"), 1, properties).await?;
    teacher.door(json!({ "kind": "setEntry", "entry": "ask" })).await?;
    let mut student = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    let knock = |object: &serde_json::Value| *at(object, "/news/person/id") == STUDENT;
    teacher.inbox.hear("a knock", knock).await?;

    let forbidden = [
        of_room("state"),
        of_room("state/viewers"),
        of_room(&format!("inbox/{TEACHER}")),
        track(TEACHER, "mic"),
        track(TEACHER, "catalog"),
    ];
    for name in &forbidden {
        assert_eq!(student.is_refused(name).await?, RequestCode::Unauthorized, "{name}");
        // Nor with a token of somebody who is not in either.
        let token = relay.token("00000000000000cc", Role::Moderator)?;
        let tokens = vec![AuthToken::value(token.into_bytes())];
        let parameters = Parameters { tokens, ..Parameters::default() };
        let mut request = student.client.ask_for(name, parameters).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
    }
    let mut listening = student.client.listen(&Namespace::of(&[LESSON])).await?;
    assert_eq!(listening.refused().await?.0, RequestCode::Unauthorized);
    for name in ["mic", "cam/low", "catalog"] {
        let mut request = student.ask_to_publish(name, 7).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
    }
    assert_eq!(
        student.ask(json!({ "kind": "say", "text": "hallo" })).await?.as_deref(),
        Some("notAllowed")
    );

    teacher.door(json!({ "kind": "admit", "id": STUDENT })).await?;
    student.inbox.hear("to be let in", |object| *at(object, "/news/kind") == "letIn").await?;
    let mut state = Feed::of(&student.client, "state").await?;
    state.hear("the room", |object| *at(object, "/kind") == "snapshot").await?;
    student.client.subscribe(&track(TEACHER, "mic"), Parameters::default()).await?;
    assert_eq!(student.ask(json!({ "kind": "say", "text": "hallo" })).await?, None);
    Ok(())
}

async fn who_is_removed_is_gone_and_comes_back_by_no_token(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    let student = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    let spare = relay.token(STUDENT, Role::Viewer)?;
    let properties = TrackProperties::default();
    let mut mic =
        PublishedTrack::offer(&student.client, track(STUDENT, "mic"), 1, properties).await?;
    let begun = tokio::time::Instant::now();
    teacher.door(json!({ "kind": "remove", "id": STUDENT, "ban": true })).await?;
    mic.cancelled().await?;
    assert!(begun.elapsed().as_millis() < 1_000, "{:?}", begun.elapsed());
    let mut inbox = student.inbox;
    let why = inbox.hear("why", |object| *at(object, "/kind") == "closed").await?;
    assert_eq!(*at(&why, "/reason"), "removed");
    assert_eq!(student.client.closed().await?, SessionCode::NoError);

    // The token from before, a new one, and another role.
    let fresh = relay.token(STUDENT, Role::Viewer)?;
    let promoted = relay.token(STUDENT, Role::Moderator)?;
    for token in [spare, fresh, promoted] {
        let wire = relay.dialer().dial(path).await?;
        let tokens = vec![AuthToken::value(token.into_bytes())];
        let setup = mosaik_proto::moqt::Setup { tokens, ..mosaik_proto::moqt::Setup::default() };
        let client = Client::begin(wire, setup).await?;
        assert_eq!(client.closed().await?, SessionCode::Unauthorized);
    }
    // Nor does its token help another session.
    let other = Person::join(&relay, path, "00000000000000cc", Role::Viewer).await?;
    let tokens = vec![AuthToken::value(relay.token(STUDENT, Role::Viewer)?.into_bytes())];
    let message = mosaik_proto::moqt::Publish {
        request_id: other.client.next_id(),
        name: track(STUDENT, "mic"),
        track_alias: 3,
        parameters: Parameters { tokens, ..Parameters::default() },
        properties: TrackProperties::default(),
    };
    let message = mosaik_proto::moqt::ControlMessage::Publish(message);
    let mut request = other.client.request(&message).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);
    Ok(())
}

async fn a_locked_room_takes_nobody_new(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    let student = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    teacher.door(json!({ "kind": "setEntry", "entry": "closed" })).await?;
    let token = relay.token("00000000000000cc", Role::Viewer)?;
    let wire = relay.dialer().dial(path).await?;
    let tokens = vec![AuthToken::value(token.into_bytes())];
    let setup = mosaik_proto::moqt::Setup { tokens, ..mosaik_proto::moqt::Setup::default() };
    let stranger = Client::begin(wire, setup).await?;
    assert_eq!(stranger.closed().await?, SessionCode::Unauthorized);
    // Who was in comes back, also after a long time.
    student.client.leave();
    let again = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    let mut request = again.client.ask_to_announce(&room(TEACHER)).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);
    Ok(())
}
