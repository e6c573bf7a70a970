//! Without a token that is good now, there is no session.

use std::time::{Duration, SystemTime};

use mosaik_proto::moqt::{AuthToken, SessionCode, Setup};
use mosaik_proto::room::{Consent, Role};
use mosaik_proto::token::{Holder, Kind};
use mosaik_tests::{Client, LESSON, Path, Relay, STUDENT, over_all};

over_all!(
    a_missing_wrong_used_or_foreign_token_opens_nothing,
    an_expired_token_is_told_so,
    nothing_is_served_before_the_token_was_checked
);

/// How the relay ends a session that begins with these tokens.
async fn refused(relay: &Relay, path: Path, tokens: &[&str]) -> anyhow::Result<SessionCode> {
    let tokens = tokens.iter().map(|token| AuthToken::value(token.as_bytes().to_vec())).collect();
    let wire = relay.dialer().dial(path).await?;
    let client = Client::begin(wire, Setup { tokens, ..Setup::default() }).await?;
    client.closed().await
}

async fn a_missing_wrong_used_or_foreign_token_opens_nothing(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let stranger = Relay::start()?;
    let used = relay.token(STUDENT, Role::Viewer)?;
    let first = Client::join(relay.dialer().dial(path).await?, &used).await?;
    let holder = Holder {
        room: LESSON.to_owned(),
        participant: STUDENT.to_owned(),
        name: "Test".to_owned(),
        role: Role::Viewer,
        consent: Consent::ALL,
        lesson: 0,
    };
    let resume = relay.server().access().issue_for(holder, Kind::Resume, SystemTime::now())?;
    let foreign = stranger.token(STUDENT, Role::Viewer)?;
    let mut changed = relay.token(STUDENT, Role::Viewer)?;
    let letter = if changed.remove(40) == 'A' { 'B' } else { 'A' };
    changed.insert(40, letter);
    let (one, two) = (relay.token(STUDENT, Role::Viewer)?, relay.token(STUDENT, Role::Viewer)?);
    for (tokens, what) in [
        (&[][..], "none"),
        (&[""], "empty"),
        (&["v4.public.AAAA"], "nonsense"),
        (&[used.as_str()], "used"),
        (&[resume.as_str()], "for resuming"),
        (&[foreign.as_str()], "another relay's"),
        (&[changed.as_str()], "changed"),
        (&[one.as_str(), two.as_str()], "two at once"),
    ] {
        assert_eq!(refused(&relay, path, tokens).await?, SessionCode::Unauthorized, "{what}");
    }
    first.leave();
    Ok(())
}

async fn an_expired_token_is_told_so(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let past = SystemTime::now() - Duration::from_secs(61);
    let token = relay.token_at(LESSON, STUDENT, Role::Viewer, past)?;
    let code = refused(&relay, path, &[&token]).await?;
    assert_eq!(code, SessionCode::ExpiredAuthToken);
    Ok(())
}

async fn nothing_is_served_before_the_token_was_checked(path: Path) -> anyhow::Result<()> {
    use mosaik_proto::moqt::{ControlMessage, Parameters, Subscribe};
    use mosaik_tests::{TEACHER, track};
    use web_transport_trait::{RecvStream as _, SendStream as _};
    let relay = Relay::start()?;
    let wire = relay.dialer().dial(path).await?;
    let (mut send, mut recv) = wire.open_bi().await?;
    let message =
        Subscribe { request_id: 0, name: track(TEACHER, "mic"), parameters: Parameters::default() };
    send.write_chunk(ControlMessage::Subscribe(message).encode()?).await?;
    let setup = Setup { tokens: vec![AuthToken::value(&b"wrong"[..])], ..Setup::default() };
    let client = Client::begin(wire, setup).await?;
    assert!(recv.read_chunk(1024).await.is_err(), "a request was answered");
    assert_eq!(client.closed().await?, SessionCode::Unauthorized);
    Ok(())
}
