//! Tokens of single requests: given by value or by alias, they add to what the session may do.

use std::time::{Duration, SystemTime};

use mosaik_proto::moqt::{
    AuthToken, ControlMessage, DoneCode, FullTrackName, Namespace, Parameters, RequestCode,
    SessionCode, Setup, SubscribeNamespace, TokenValue, TrackProperties, TrackStatus,
};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, LESSON, PATIENCE, PUBLIC, Path, PublishedTrack, Relay, Request, STUDENT, TEACHER,
    metrics, over_all, track,
};

over_all!(
    a_token_adds_to_the_rights_of_its_request_alone,
    whoever_comes_by_the_token_of_a_request_is_in_the_room,
    an_alias_stands_for_its_token_until_it_is_deleted,
    a_token_is_registered_though_its_message_fails,
    a_token_is_registered_though_its_request_is_not_looked_at,
    tokens_that_are_not_good_are_refused_each_with_its_code,
    an_alias_whose_token_has_expired_stays_and_says_so,
    a_token_of_setup_can_be_registered,
    a_token_that_has_no_room_in_setup_counts_by_value,
    an_update_with_a_bad_token_ends_the_subscription,
    an_update_with_a_token_may_reach_further
);

const ALIAS: u64 = 5;

fn value(token: &str) -> AuthToken {
    AuthToken::value(token.as_bytes().to_vec())
}

fn register(token: &str) -> AuthToken {
    AuthToken::Register { alias: ALIAS, token: TokenValue::new(token.as_bytes().to_vec()) }
}

const USE: AuthToken = AuthToken::UseAlias { alias: ALIAS };

const DELETE: AuthToken = AuthToken::Delete { alias: ALIAS };

fn with(tokens: Vec<AuthToken>) -> Parameters {
    Parameters { tokens, ..Parameters::default() }
}

/// A relay with a track in a room, a student who is in, and a visitor who has no rights there: a
/// token is worth something as long as its participant is in the room.
struct Scene {
    relay: Relay,
    visitor: Client,
    name: FullTrackName,
    _teacher: Client,
    _student: Client,
    _track: PublishedTrack,
}

impl Scene {
    async fn new(path: Path) -> anyhow::Result<Self> {
        let relay =
            Relay::start_with(&[("public_namespace", PUBLIC), ("session_requests", "10000")])?;
        let teacher = relay.join(path, TEACHER).await?;
        let name = track(TEACHER, "mic");
        let track =
            PublishedTrack::offer(&teacher, name.clone(), 1, TrackProperties::default()).await?;
        let student = relay.join(path, STUDENT).await?;
        let visitor = relay.visit(path).await?;
        Ok(Self { relay, visitor, name, _teacher: teacher, _student: student, _track: track })
    }

    fn token(&self) -> anyhow::Result<String> {
        self.relay.token(STUDENT, Role::Viewer)
    }

    /// TRACK_STATUS with these tokens.
    async fn ask(&self, tokens: Vec<AuthToken>) -> anyhow::Result<Request> {
        self.ask_as(&self.visitor, tokens).await
    }

    async fn ask_as(&self, client: &Client, tokens: Vec<AuthToken>) -> anyhow::Result<Request> {
        let (request_id, name) = (client.next_id(), self.name.clone());
        let status = TrackStatus { request_id, name, parameters: with(tokens) };
        client.request(&ControlMessage::TrackStatus(status)).await
    }

    async fn is_refused(&self, tokens: Vec<AuthToken>) -> anyhow::Result<RequestCode> {
        Ok(self.ask(tokens).await?.refused().await?.0)
    }
}

async fn a_token_adds_to_the_rights_of_its_request_alone(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let token = scene.token()?;
    assert_eq!(scene.is_refused(vec![]).await?, RequestCode::Unauthorized);
    scene.ask(vec![value(&token)]).await?.accepted().await?;
    assert_eq!(scene.is_refused(vec![]).await?, RequestCode::Unauthorized);
    // The same token again has the same effect.
    let asked = scene.visitor.ask_for(&scene.name, with(vec![value(&token)])).await?;
    scene.visitor.established(asked).await?;
    Ok(())
}

async fn whoever_comes_by_the_token_of_a_request_is_in_the_room(path: Path) -> anyhow::Result<()> {
    const LISTENER: &str = "00000000000000cc";
    let scene = Scene::new(path).await?;
    let seen = || async {
        let page = metrics(&scene.relay).await?;
        anyhow::Ok(page.sum("mosaik_room_participants").to_string())
    };
    assert_eq!(seen().await?, "2");
    let token = scene.relay.token(LISTENER, Role::Viewer)?;
    scene.ask(vec![value(&token)]).await?.accepted().await?;
    assert_eq!(seen().await?, "3");
    // Another visitor by the token of someone who is in changes nothing.
    let other = scene.relay.visit(path).await?;
    let token = scene.token()?;
    scene.ask_as(&other, vec![value(&token)]).await?.accepted().await?;
    assert_eq!(seen().await?, "3");
    Ok(())
}

async fn an_alias_stands_for_its_token_until_it_is_deleted(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    scene.ask(vec![register(&scene.token()?)]).await?.accepted().await?;
    scene.ask(vec![USE]).await?.accepted().await?;
    scene.ask(vec![USE, DELETE]).await?.accepted().await?;
    scene.ask(vec![register(&scene.token()?)]).await?.accepted().await?;
    assert_eq!(scene.is_refused(vec![DELETE]).await?, RequestCode::Unauthorized);
    let _unanswered = scene.ask(vec![USE]).await?;
    assert_eq!(scene.visitor.closed().await?, SessionCode::UnknownAuthTokenAlias);
    Ok(())
}

async fn a_token_is_registered_though_its_message_fails(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let foreign = track(TEACHER, "commands");
    let tokens = with(vec![register(&scene.token()?)]);
    let mut request = scene.visitor.ask_for(&foreign, tokens).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);
    scene.ask(vec![USE]).await?.accepted().await?;
    Ok(())
}

async fn a_token_is_registered_though_its_request_is_not_looked_at(
    path: Path,
) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let nowhere = FullTrackName::new(Namespace::of(&["."]), &b"t"[..]);
    let tokens = with(vec![register(&scene.token()?)]);
    let mut request = scene.visitor.ask_for(&nowhere, tokens).await?;
    assert_eq!(request.refused().await?.0, RequestCode::DoesNotExist);
    scene.ask(vec![USE]).await?.accepted().await?;
    Ok(())
}

async fn tokens_that_are_not_good_are_refused_each_with_its_code(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let past = SystemTime::now() - Duration::from_secs(61);
    let expired = scene.relay.token_at(LESSON, STUDENT, Role::Viewer, past)?;
    let taken = scene.token()?;
    let other = scene.relay.visit(path).await?;
    scene.ask_as(&other, vec![value(&taken)]).await?.accepted().await?;
    let good = scene.token()?;
    let other_kind = TokenValue { kind: 1, bytes: good.clone().into() };
    let many = (0..5).map(|number| value(&number.to_string())).collect();
    for (tokens, code) in [
        (vec![value("nonsense")], RequestCode::MalformedAuthToken),
        (vec![AuthToken::UseValue(other_kind)], RequestCode::MalformedAuthToken),
        (vec![value(&expired)], RequestCode::ExpiredAuthToken),
        (vec![value(&taken)], RequestCode::Unauthorized),
        (vec![value(&good), value("nonsense")], RequestCode::MalformedAuthToken),
        (many, RequestCode::ExcessiveLoad),
    ] {
        assert_eq!(scene.is_refused(tokens.clone()).await?, code, "{tokens:?}");
    }
    Ok(())
}

async fn an_alias_whose_token_has_expired_stays_and_says_so(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let at = SystemTime::now() - Duration::from_secs(57);
    let token = scene.relay.token_at(LESSON, STUDENT, Role::Viewer, at)?;
    scene.ask(vec![register(&token)]).await?.accepted().await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let mut request = scene.ask(vec![USE]).await?;
        match request.answer().await? {
            ControlMessage::RequestOk(_) => {
                anyhow::ensure!(tokio::time::Instant::now() < deadline, "it never expired");
            }
            ControlMessage::RequestError(error) => {
                assert_eq!(error.code, u64::from(RequestCode::ExpiredAuthToken.get()));
                break;
            }
            other => anyhow::bail!("an answer was expected: {other:?}"),
        }
    }
    // It is still registered: deleting it is no mistake.
    assert_eq!(scene.is_refused(vec![DELETE]).await?, RequestCode::Unauthorized);
    scene.ask(vec![register(&scene.token()?)]).await?.accepted().await?;
    Ok(())
}

async fn a_token_of_setup_can_be_registered(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let wire = scene.relay.dialer().dial(path).await?;
    let setup = Setup { tokens: vec![register(&scene.token()?)], ..Setup::default() };
    let student = Client::set_up(wire, setup).await?;
    let limit = student.going().borrow().setup.clone().map(|it| it.max_auth_token_cache_size);
    assert!(limit.is_some_and(|limit| limit > 0), "{limit:?}");
    scene.ask_as(&student, vec![USE]).await?.accepted().await?;
    for token in [USE, DELETE] {
        let wire = scene.relay.dialer().dial(path).await?;
        let setup = Setup { tokens: vec![token], ..Setup::default() };
        let client = Client::begin(wire, setup).await?;
        assert_eq!(client.closed().await?, SessionCode::ProtocolViolation);
    }
    Ok(())
}

async fn a_token_that_has_no_room_in_setup_counts_by_value(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let wire = scene.relay.dialer().dial(path).await?;
    let token = TokenValue::new(vec![b'a'; 20_000]);
    let setup =
        Setup { tokens: vec![AuthToken::Register { alias: ALIAS, token }], ..Setup::default() };
    let client = Client::begin(wire, setup).await?;
    // It was looked at as any token, and is none of the relay's.
    assert_eq!(client.closed().await?, SessionCode::Unauthorized);
    Ok(())
}

async fn an_update_with_a_bad_token_ends_the_subscription(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let asked = scene.visitor.ask_for(&scene.name, with(vec![value(&scene.token()?)])).await?;
    let mut subscription = scene.visitor.established(asked).await?;
    subscription.update(&scene.visitor, with(vec![register(&scene.token()?)])).await?;
    let bad = with(vec![value("nonsense")]);
    subscription.request.ask_to_update(&scene.visitor, bad).await?;
    assert_eq!(subscription.request.refused().await?.0, RequestCode::MalformedAuthToken);
    assert_eq!(subscription.done().await?.code, u64::from(DoneCode::UpdateFailed.get()));
    // What the first update registered stands.
    scene.ask(vec![USE]).await?.accepted().await?;
    Ok(())
}

async fn an_update_with_a_token_may_reach_further(path: Path) -> anyhow::Result<()> {
    let scene = Scene::new(path).await?;
    let visitor = &scene.visitor;
    let prefix = mosaik_tests::open(&["a"]);
    let (request_id, parameters) = (visitor.next_id(), Parameters::default());
    let listen = SubscribeNamespace { request_id, prefix, parameters };
    let mut listening = visitor.request(&ControlMessage::SubscribeNamespace(listen)).await?;
    listening.accepted().await?;
    let lesson = Namespace::of(&[LESSON]);
    let parameters =
        Parameters { namespace_prefix: Some(lesson.clone()), ..with(vec![value(&scene.token()?)]) };
    listening.ask_to_update(visitor, parameters).await?;
    listening.accepted().await?;
    let mut without = visitor.listen(&Namespace::of(&[LESSON, TEACHER])).await?;
    assert_eq!(without.refused().await?.0, RequestCode::Unauthorized);
    listening.cancel();
    Ok(())
}
