//! The way in over a WebSocket, for browsers and networks where QUIC does not get through.
//!
//! A session's state is behind one lock, which it shares with nobody but its own [`Pump`]: the pump
//! owns the socket, reads what comes, and asks for the most urgent record each time the socket takes
//! one.

mod flow;
mod pump;
mod session;
mod stream;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;

use crate::congestion::LineWatch;
use crate::qmux::{Changed, Mux};
use crate::settings::{SessionBounds, websocket_limits};

use flow::Flow;

pub use pump::Pump;
pub use session::WebSocketSession;
pub use stream::{WebSocketLane, WebSocketRecvStream, WebSocketSendStream};

/// The subprotocol of a WebSocket that carries MoQT: the version of QMux before the protocol.
pub const SUBPROTOCOL: &str = "qmux-02.moqt-18";

/// All that are understood, the best one first. Version 01 of QMux has the same frames and fewer
/// rules; whoever speaks it has to keep the two that are new: parameters first and once, and pings
/// whose numbers rise.
pub const SUBPROTOCOLS: [&str; 2] = [SUBPROTOCOL, "qmux-01.moqt-18"];

/// What a session, its streams and its pump share.
struct Shared {
    mux: Mutex<Mux>,
    /// Never waited for while the other lock is held.
    flow: Mutex<Flow>,
    line: LineWatch,
    /// There may be something to send.
    outgoing: Notify,
    /// There may be streams to accept.
    arrived: Notify,
    /// There may be room to write or to open a stream.
    room: Notify,
    /// The session is over.
    ended: Notify,
}

impl Shared {
    fn mux(&self) -> MutexGuard<'_, Mux> {
        // A panic while it was held ended one session's task; the state is still whole frames.
        self.mux.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flow(&self) -> MutexGuard<'_, Flow> {
        self.flow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something that may leave something to send.
    fn act<R>(&self, act: impl FnOnce(&mut Mux) -> R) -> R {
        let (result, is_over) = {
            let mut mux = self.mux();
            let result = act(&mut mux);
            (result, mux.end().is_some())
        };
        self.outgoing.notify_one();
        if is_over {
            self.tell(Changed { arrived: true, room: true });
            self.ended.notify_waiters();
        }
        result
    }

    fn tell(&self, changed: Changed) {
        if changed.arrived {
            self.arrived.notify_waiters();
        }
        if changed.room {
            self.room.notify_waiters();
        }
    }
}

/// Looks at once and after every notice, until there is something to see.
async fn until<T>(notice: &Notify, mut look: impl FnMut() -> Option<T>) -> T {
    loop {
        let mut noticed = std::pin::pin!(notice.notified());
        // From here on no notice is missed.
        noticed.as_mut().enable();
        if let Some(seen) = look() {
            return seen;
        }
        noticed.await;
    }
}

/// A session on a WebSocket whose handshake is done and agreed on one of [`SUBPROTOCOLS`], and the
/// pump that must be run for it. A peer that is silent for longer than it may be has gone.
pub async fn websocket<T>(io: T, bounds: SessionBounds) -> (WebSocketSession, Pump<T>)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let flow = Flow::new(Instant::now());
    let shared = Arc::new(Shared {
        line: flow.watch(),
        flow: Mutex::new(flow),
        mux: Mutex::new(Mux::new(websocket_limits(bounds))),
        outgoing: Notify::new(),
        arrived: Notify::new(),
        room: Notify::new(),
        ended: Notify::new(),
    });
    let pump = Pump::new(io, Arc::clone(&shared), bounds.idle).await;
    (WebSocketSession::new(shared), pump)
}
