//! The relay's control stream is the session: who does not take it has none.

use bytes::Bytes;
use mosaik_proto::moqt::{AuthToken, ControlMessage, ResetCode, SessionCode, Setup};
use mosaik_proto::room::Role;
use mosaik_tests::{Path, Relay, STUDENT, over_all, within};
use mosaik_transport::TransportError;
use web_transport_trait::{RecvStream as _, SendStream as _};

over_all!(who_stops_the_relays_control_stream_ends_its_session);

async fn who_stops_the_relays_control_stream_ends_its_session(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let token = relay.token(STUDENT, Role::Viewer)?;
    let tokens = vec![AuthToken::value(Bytes::from(token))];
    let wire = relay.dialer().dial(path).await?;
    let mut control = wire.open_uni().await?;
    let setup = ControlMessage::Setup(Setup { tokens, ..Setup::default() });
    control.write_chunk(setup.encode()?).await?;
    // The student may be offered or asked nothing by unidirectional streams yet: it is SETUP's.
    let mut theirs = within("the relay's control stream", wire.accept_uni()).await??;
    theirs.stop(ResetCode::Cancelled.get());
    let code = match within("the session's end", wire.closed()).await? {
        TransportError::Closed { code, .. } => SessionCode::from_wire(code),
        other => anyhow::bail!("lost: {other}"),
    };
    assert_eq!(code, Some(SessionCode::ProtocolViolation));
    Ok(())
}
