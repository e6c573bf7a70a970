//! Without a token there is what the configuration calls public, and nothing else.

use mosaik_proto::moqt::{
    AuthToken, ControlMessage, FullTrackName, Namespace, NamespaceSuffix, Parameters, Publish,
    RequestCode, SessionCode, Setup, TrackProperties, TrackStatus,
};
use mosaik_tests::{Client, LESSON, Path, Relay, STUDENT, TEACHER, over_all, room, track};

over_all!(
    visitors_meet_in_a_public_namespace,
    a_visitor_who_asks_for_everything_is_told_what_is_public,
    a_visitor_has_no_part_in_a_room,
    a_participant_has_no_part_in_what_is_public,
    a_wrong_token_is_not_as_good_as_none
);

fn start() -> anyhow::Result<Relay> {
    Relay::start_with(&[("public_namespace", "open,wide/a")])
}

async fn visit(relay: &Relay, path: Path) -> anyhow::Result<Client> {
    Client::set_up(relay.dialer().dial(path).await?, Setup::default()).await
}

fn named(fields: &[&str], track: &str) -> FullTrackName {
    FullTrackName::new(Namespace::of(fields), track.as_bytes().to_vec())
}

/// Asks for everything that names a namespace or a track; all of it must be refused.
async fn is_closed_to(client: &Client, name: &FullTrackName) -> anyhow::Result<()> {
    let mut requests = vec![
        client.ask_to_announce(&name.namespace).await?,
        client.ask_for(name, Parameters::default()).await?,
    ];
    let publish = Publish {
        request_id: client.next_id(),
        name: name.clone(),
        track_alias: 1,
        parameters: Parameters::default(),
        properties: TrackProperties::default(),
    };
    requests.push(client.request(&ControlMessage::Publish(publish)).await?);
    let status = TrackStatus {
        request_id: client.next_id(),
        name: name.clone(),
        parameters: Parameters::default(),
    };
    requests.push(client.request(&ControlMessage::TrackStatus(status)).await?);
    for (index, mut request) in requests.into_iter().enumerate() {
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{index} {name}");
    }
    Ok(())
}

async fn visitors_meet_in_a_public_namespace(path: Path) -> anyhow::Result<()> {
    let relay = start()?;
    let mut publisher = visit(&relay, path).await?;
    let subscriber = visit(&relay, path).await?;
    let namespace = Namespace::of(&["open", "deep", "er"]);
    let mut listening = subscriber.listen(&Namespace::of(&["open"])).await?;
    listening.accepted().await?;
    publisher.announce(&namespace).await?;
    assert_eq!(
        listening.answer().await?,
        ControlMessage::Namespace(NamespaceSuffix(Namespace::of(&["deep", "er"])))
    );
    let name = named(&["open", "deep", "er"], "anything");
    let request = subscriber.ask_for(&name, Parameters::default()).await?;
    let published =
        publisher.asked_for("anything").await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = subscriber.established(request).await?;
    published.single(7, b"hello").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"hello"[..]);
    Ok(())
}

async fn a_visitor_who_asks_for_everything_is_told_what_is_public(
    path: Path,
) -> anyhow::Result<()> {
    let relay = start()?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let mut publisher = visit(&relay, path).await?;
    publisher.announce(&Namespace::of(&["open", "early"])).await?;
    let visitor = visit(&relay, path).await?;
    let mut listening = visitor.listen(&Namespace::of(&[])).await?;
    listening.accepted().await?;
    let mut student = relay.join(path, STUDENT).await?;
    student.announce(&room(STUDENT)).await?;
    publisher.announce(&Namespace::of(&["wide", "a", "late"])).await?;
    for namespace in [&["open", "early"][..], &["wide", "a", "late"]] {
        let told = ControlMessage::Namespace(NamespaceSuffix(Namespace::of(namespace)));
        assert_eq!(listening.answer().await?, told);
    }
    Ok(())
}

async fn a_visitor_has_no_part_in_a_room(path: Path) -> anyhow::Result<()> {
    let relay = start()?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let visitor = visit(&relay, path).await?;
    for name in [
        track(TEACHER, "mic"),
        track(STUDENT, "commands"),
        named(&[LESSON], "state"),
        named(&["wide"], "x"),
        named(&["opener"], "x"),
        named(&[], "x"),
    ] {
        is_closed_to(&visitor, &name).await?;
    }
    for prefix in [room(TEACHER), room(STUDENT), Namespace::of(&[LESSON])] {
        let mut listening = visitor.listen(&prefix).await?;
        assert_eq!(listening.refused().await?.0, RequestCode::Unauthorized, "{prefix}");
    }
    // The teacher was asked for nothing, and the visitor has no seat in the room.
    let mut status = teacher.ask_for(&track(STUDENT, "mic"), Parameters::default()).await?;
    assert_eq!(status.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}

async fn a_participant_has_no_part_in_what_is_public(path: Path) -> anyhow::Result<()> {
    let relay = start()?;
    let mut visitor = visit(&relay, path).await?;
    visitor.announce(&Namespace::of(&["open"])).await?;
    let student = relay.join(path, STUDENT).await?;
    let mut listening = student.listen(&Namespace::of(&["open"])).await?;
    assert_eq!(listening.refused().await?.0, RequestCode::Unauthorized);
    is_closed_to(&student, &named(&["open"], "x")).await
}

async fn a_wrong_token_is_not_as_good_as_none(path: Path) -> anyhow::Result<()> {
    let relay = start()?;
    for tokens in [vec!["wrong"], vec!["v4.public.AAAA"], vec!["a", "b"]] {
        let tokens = tokens.into_iter().map(|token| AuthToken::value(token.as_bytes())).collect();
        let wire = relay.dialer().dial(path).await?;
        let client = Client::begin(wire, Setup { tokens, ..Setup::default() }).await?;
        assert_eq!(client.closed().await?, SessionCode::Unauthorized);
    }
    Ok(())
}
