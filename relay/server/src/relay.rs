//! The relay of one thread: its tracks, sessions and rooms, whatever the sessions come on.

use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mosaik_transport::Outgoing;

use crate::gate::Gate;
use crate::lessons::Lessons;
use crate::limits::Limits;
use crate::lobby::Lobby;
use crate::metrics::Snapshot;
use crate::rooms::Rooms;
use crate::session::{self, Ending};
use crate::shard::Shard;

/// How a session came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// QUIC without HTTP/3, where SETUP names the path.
    Quic,
    /// WebTransport.
    WebTransport,
    /// A WebSocket.
    WebSocket,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Quic, Self::WebTransport, Self::WebSocket];

    /// For metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quic => "quic",
            Self::WebTransport => "webtransport",
            Self::WebSocket => "websocket",
        }
    }
}

/// A relay without sockets. It lives in a `LocalSet`; whoever has it brings it sessions, and runs
/// its tick beside them.
#[derive(Clone)]
pub struct Relay {
    shard: Rc<Shard>,
    gate: Arc<dyn Gate>,
    lobby: Rc<Lobby>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("sessions", &self.session_count())
            .field("is_empty", &self.is_empty())
            .finish_non_exhaustive()
    }
}

impl Relay {
    /// A relay for these rooms, without sessions; each session has `limits`.
    pub fn new(rooms: Arc<Rooms>, gate: Arc<dyn Gate>, limits: Limits) -> Self {
        let shard = Shard::new(limits, Lessons::new(rooms));
        Self { shard, gate, lobby: Rc::default() }
    }

    /// Serves what is due, less often the more of its core the thread uses: `cpu_time` is what it
    /// has used so far. It never ends.
    pub async fn tick(&self, cpu_time: fn() -> Duration) {
        Rc::clone(&self.shard).run(cpu_time).await;
    }

    /// Runs a session until it is over.
    pub async fn serve<S: Outgoing>(&self, transport: S, way: Way) {
        self.run(transport, way).await;
    }

    /// The same, and tells why it is over.
    pub(crate) async fn run<S: Outgoing>(&self, transport: S, way: Way) -> Ending {
        let place = self.lobby.enter();
        session::run(transport, Rc::clone(&self.shard), Arc::clone(&self.gate), (way, place)).await
    }

    /// Ends the session that has waited longest without saying SETUP; false if there is none.
    pub(crate) fn make_room(&self) -> bool {
        self.lobby.make_room()
    }

    /// Asks every session to leave.
    pub fn drain(&self) {
        self.shard.drain();
    }

    /// How things stand.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.shard.snapshot()
    }

    /// Open sessions.
    pub fn session_count(&self) -> usize {
        self.shard.session_count()
    }

    /// Whether nothing is left of any session, track or room.
    pub fn is_empty(&self) -> bool {
        self.shard.is_empty()
    }
}
