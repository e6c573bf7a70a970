//! The way to the relay over a WebSocket (RFC 6455), for who does not get through with QUIC.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use mosaik_transport::{SUBPROTOCOLS, SessionBounds, WebSocketSession, websocket};
use tokio::sync::mpsc::{self, OwnedPermit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::HttpState;
use super::problem::Problem;

/// The one version of WebSockets.
const VERSION: &str = "13";

/// From our answer to the first byte of the WebSocket.
const UPGRADE_DEADLINE: Duration = Duration::from_secs(10);

/// Sessions that wait to be taken over by the thread of the media.
const WAITING_MAX: usize = 64;

/// How long open WebSockets have for their last words when the server ends.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);

/// Where WebSockets become sessions.
#[derive(Debug)]
pub struct Sockets {
    sessions: mpsc::Sender<WebSocketSession>,
    /// One permit for each open WebSocket.
    slots: Arc<Semaphore>,
    most: u32,
    bounds: SessionBounds,
}

impl Sockets {
    /// At most `most` at once, each of which has `bounds`. Sessions come out
    /// of the other end.
    pub fn new(most: u32, bounds: SessionBounds) -> (Self, mpsc::Receiver<WebSocketSession>) {
        let (sessions, opened) = mpsc::channel(WAITING_MAX);
        let slots = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX)));
        (Self { sessions, slots, most, bounds }, opened)
    }

    /// Waits until all are closed, but not for ever.
    pub(super) async fn drained(&self) {
        // What is open then ends with the runtime.
        let _ = timeout(DRAIN_DEADLINE, self.slots.acquire_many(self.most)).await;
    }
}

/// A place for one more session.
struct Place {
    slot: OwnedSemaphorePermit,
    session: OwnedPermit<WebSocketSession>,
}

/// Answers the handshake; the session begins when the connection is a WebSocket.
pub(crate) async fn upgrade(State(state): State<Arc<HttpState>>, mut request: Request) -> Response {
    // A HEAD is routed as the GET that it asks about, and is no handshake (RFC 6455, section 4.1).
    let is_get = request.method() == Method::GET;
    let Some(Asked { key, subprotocol }) = asked_for(request.headers()).filter(|_| is_get) else {
        return Problem::Malformed.into_response();
    };
    let accept = derive_accept_key(key.as_bytes());
    let Some(upgrading) = request.extensions_mut().remove::<OnUpgrade>() else {
        return Problem::Malformed.into_response();
    };
    let sockets = &state.sockets;
    let slot = Arc::clone(&sockets.slots).try_acquire_owned();
    let session = sockets.sessions.clone().try_reserve_owned();
    let (Ok(slot), Ok(session)) = (slot, session) else {
        return Problem::Full.into_response();
    };
    let Ok(accept) = HeaderValue::from_str(&accept) else {
        return Problem::Fault.into_response();
    };
    tokio::spawn(run(upgrading, Place { slot, session }, sockets.bounds));
    let headers: [(HeaderName, HeaderValue); 4] = [
        (CONNECTION, HeaderValue::from_static("upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol)),
        (SEC_WEBSOCKET_ACCEPT, accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// A handshake that asks for what we speak.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'a> {
    key: &'a str,
    /// The best one that both sides speak.
    subprotocol: &'static str,
}

fn asked_for(headers: &HeaderMap) -> Option<Asked<'_>> {
    let names = |name: &HeaderName, wanted: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(wanted))
    };
    let is_websocket = names(&CONNECTION, "upgrade")
        && names(&UPGRADE, "websocket")
        && names(&SEC_WEBSOCKET_VERSION, VERSION);
    let mut spoken = SUBPROTOCOLS.into_iter().filter(|_| is_websocket);
    let subprotocol = spoken.find(|subprotocol| names(&SEC_WEBSOCKET_PROTOCOL, subprotocol))?;
    let key = headers.get(SEC_WEBSOCKET_KEY)?.to_str().ok()?;
    Some(Asked { key, subprotocol })
}

/// A WebSocket from its first byte to its last.
async fn run(upgrading: OnUpgrade, place: Place, bounds: SessionBounds) {
    let Place { slot: _slot, session: permit } = place;
    let Ok(Ok(upgraded)) = timeout(UPGRADE_DEADLINE, upgrading).await else {
        return;
    };
    let (session, pump) = websocket(TokioIo::new(upgraded), bounds).await;
    permit.send(session);
    pump.run().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handshake(changed: &[(&'static str, &'static str)]) -> HeaderMap {
        let usual = [
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("sec-websocket-protocol", "qmux-02.moqt-22, qmux-02.moqt-18"),
        ];
        let all = usual.iter().chain(changed);
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn what_browsers_send_is_understood_and_nothing_else() {
        let asked = asked_for(&handshake(&[])).map(|asked| asked.key.to_owned());
        assert_eq!(asked.as_deref(), Some("dGhlIHNhbXBsZSBub25jZQ=="));
        for wrong in [
            ("connection", "keep-alive"),
            ("upgrade", "h2c"),
            ("sec-websocket-version", "8"),
            ("sec-websocket-protocol", "moqt-18"),
        ] {
            assert_eq!(asked_for(&handshake(&[wrong])), None, "{wrong:?}");
        }
    }

    #[test]
    fn of_two_versions_that_both_sides_speak_the_newer_one_is_chosen() {
        let chosen = |offer| {
            let headers = handshake(&[("sec-websocket-protocol", offer)]);
            asked_for(&headers).map(|asked| asked.subprotocol)
        };
        let (newer, older) = ("qmux-02.moqt-18", "qmux-01.moqt-18");
        assert_eq!(chosen("qmux-01.moqt-18, qmux-02.moqt-18"), Some(newer));
        assert_eq!(chosen("qmux-02.moqt-17, qmux-01.moqt-18, qmux-02"), Some(older));
        assert_eq!(chosen("qmux-00.moqt-18, qmux-02, webtransport"), None);
    }
}
