//! The two control streams: SETUP first, then at most GOAWAY (sections 3.3 and 10.3).

#![expect(clippy::wildcard_enum_match_arm, reason = "any other message is misplaced")]

use std::rc::Rc;
use std::time::Duration;

use mosaik_proto::moqt::{
    ControlDecoder, ControlMessage, SendOrder, SessionCode, Setup, TokenValue, Violation,
    is_authority, is_path,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::time::{Instant, timeout, timeout_at};
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::rights::Rights;
use super::tokens::CACHE_BYTES;
use super::{Ending, Outcome};
use crate::gate::Refusal;
use crate::relay::Way;

/// How long a message has to be whole.
const MESSAGE_MAX: Duration = Duration::from_secs(10);

/// Our name in SETUP.
const IMPLEMENTATION: &str = concat!("mosaik/", env!("CARGO_PKG_VERSION"));

/// The path that is served.
pub(crate) const PATH: &str = "/moqt";

/// Opens our control stream when the peer's SETUP was accepted, and writes what is queued for it.
pub(super) async fn send<S: Outgoing>(peer: Rc<Peer<S>>) -> Outcome {
    peer.is_set_up().await;
    let Some(queue) = peer.control_queue.borrow_mut().take() else {
        return Ok(());
    };
    let unread_max = peer.talk.unread_max;
    let opened = timeout(unread_max, peer.transport.open_uni()).await;
    let mut stream = opened.map_err(|_| UNREAD)??;
    stream.set_priority(SendOrder::CONTROL.get());
    let setup = Setup {
        implementation: Some(IMPLEMENTATION.into()),
        max_auth_token_cache_size: CACHE_BYTES,
        offers_switching: true,
        ..Setup::default()
    };
    let mut next = Some(ControlMessage::Setup(setup));
    while let Some(message) = next {
        let written = timeout(unread_max, stream.write_chunk(message.encode()?)).await;
        written.map_err(|_| UNREAD)?.map_err(unheard)?;
        next = tokio::select! {
            message = queue.recv() => message,
            stopped = stream.closed() => return Err(stopped.map_or_else(unheard, |()| STOPPED)),
        };
    }
    Ok(())
}

/// Our control stream takes nothing more. The peer may not stop it (section 3.3).
fn unheard(error: TransportError) -> Ending {
    match error {
        TransportError::Stopped(_) => STOPPED,
        error => error.into(),
    }
}

const STOPPED: Ending =
    Ending::Violation(Violation::Misplaced { what: "STOP_SENDING of SETUP's stream" });

const UNREAD: Ending = Ending::Close(SessionCode::ControlMessageTimeout, "SETUP is not read");

/// Reads the peer's control stream, whose first bytes are in `decoder`. It never ends before the
/// session does.
pub(super) async fn receive<S: Outgoing>(
    peer: &Peer<S>,
    mut decoder: ControlDecoder,
    mut stream: S::RecvStream,
) -> Outcome {
    let mut has_gone_away = false;
    let mut whole_until = None;
    loop {
        while let Some(message) = decoder.take()? {
            match message {
                ControlMessage::Setup(setup) => admit(peer, &setup)?,
                ControlMessage::GoAway(message) if peer.has_rights() && !has_gone_away => {
                    if !message.new_session_uri.is_empty() {
                        return Err(Violation::Value { what: "GOAWAY's URI" }.into());
                    }
                    // It names a request of ours, and ours are odd (section 10.4).
                    if let Some(id) = message.request_id.filter(|id| id % 2 == 0) {
                        return Err(Violation::RequestId(id).into());
                    }
                    has_gone_away = true;
                    peer.was_told_to_go();
                }
                other => return Err(Violation::Misplaced { what: other.name() }.into()),
            }
        }
        if decoder.is_empty() {
            whole_until = None;
        }
        let read = stream.read_chunk(4096);
        let read = if decoder.is_empty() {
            read.await
        } else {
            let until = *whole_until.get_or_insert_with(|| Instant::now() + MESSAGE_MAX);
            timeout_at(until, read).await.map_err(|_| LATE)?
        };
        match read {
            Ok(Some(chunk)) => decoder.push(&chunk),
            Ok(None) | Err(TransportError::Reset(_)) => {
                return Err(Violation::Misplaced { what: "the control stream's end" }.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Checks the options and the token; the session has its rights from here on.
fn admit<S>(peer: &Peer<S>, setup: &Setup) -> Outcome {
    if peer.has_rights() {
        return Err(Violation::Misplaced { what: "a second SETUP" }.into());
    }
    check_uri(setup, peer.way == Way::Quic)?;
    let tokens = peer.tokens.borrow_mut().resolve_setup(&setup.tokens)?;
    match tokens.as_slice() {
        [] => visit(peer),
        [token] => join(peer, token),
        [_, _, ..] => Err(TOKEN_NEEDED),
    }
}

/// PATH and AUTHORITY are for native QUIC; of WebTransport both are in its request (section 10.3.1).
/// Any authority will do: one process has one set of rooms whatever it is called.
fn check_uri(setup: &Setup, is_native: bool) -> Outcome {
    if let Some(path) = &setup.path {
        if !is_native {
            return Err(Violation::Path.into());
        }
        if !is_path(path) {
            return Err(Violation::MalformedPath.into());
        }
        let path = path.split(|byte| *byte == b'?').next().unwrap_or_default();
        if !path.is_empty() && path != b"/" && path != PATH.as_bytes() {
            return Err(Ending::Close(SessionCode::InvalidPath, "there is nothing at this path"));
        }
    }
    match &setup.authority {
        Some(_) if !is_native => Err(Violation::Authority.into()),
        Some(authority) if !is_authority(authority) => Err(Violation::MalformedAuthority.into()),
        _ => Ok(()),
    }
}

const LATE: Ending =
    Ending::Close(SessionCode::ControlMessageTimeout, "the rest of a message is late");

const TOKEN_NEEDED: Ending = Ending::Close(SessionCode::Unauthorized, "one token is needed");

/// A session without a token has what is public, and is in no room.
fn visit<S>(peer: &Peer<S>) -> Outcome {
    let grants = peer.gate.visitor().ok_or(TOKEN_NEEDED)?;
    Ok(peer.set_up(Rights::of_visitor(grants))?)
}

/// The token's holder comes into the room.
fn join<S>(peer: &Peer<S>, token: &TokenValue) -> Outcome {
    if token.kind != 0 {
        return Err(Ending::Close(SessionCode::Unauthorized, "the token's type is not known"));
    }
    let claims = peer.gate.admit(&token.bytes, peer.bearer).map_err(|refusal| match refusal {
        Refusal::Invalid | Refusal::Taken => {
            Ending::Close(SessionCode::Unauthorized, "the token is not valid")
        }
        Refusal::Expired => Ending::Close(SessionCode::ExpiredAuthToken, "the token has expired"),
    })?;
    peer.shard
        .join(peer.key, &claims.holder)
        .map_err(|reason| Ending::Close(SessionCode::Unauthorized, reason))?;
    let ceiling = peer.shard.ceiling(peer.key, &claims.holder);
    Ok(peer.set_up(Rights::of_holder(claims.grants, ceiling))?)
}
