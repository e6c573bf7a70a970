//! A connection in memory: the relay has it as a session's transport, a script is its peer.
//!
//! It behaves as QUIC does where the relay can tell: streams are ordered and each on its own, a
//! reset overtakes what was not read, what the peer does not take waits, and a lost connection
//! fails everything that is still asked of it.

mod state;
mod stream;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use mosaik_proto::moqt::SendOrder;
use mosaik_transport::{Room, SessionBounds, TransportError};
use tokio::sync::Notify;
use web_transport_trait::Session;

pub(crate) use state::{End, Incoming, Outgoing, State, Stream};
pub(crate) use stream::{MemoryLane, Receiver, Sender};

/// Both ends of a connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Link(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

impl Link {
    /// What it holds; nothing waits with it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something as the peer, or as the relay, and wakes whoever waits for it.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let result = change(&mut self.state());
        self.0.changed.notify_waiters();
        result
    }

    /// Whether only the script is left to know of it.
    pub(crate) fn is_forgotten(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    /// Waits until `look` finds something. Safe to give up: what is found is taken at once.
    async fn wait<R>(&self, mut look: impl FnMut(&mut State) -> Option<R>) -> R {
        loop {
            let changed = self.0.changed.notified();
            let found = look(&mut self.state());
            if let Some(found) = found {
                return found;
            }
            changed.await;
        }
    }

    /// As [`Self::wait`], or fails once the connection is over.
    async fn wait_or_end<R>(
        &self,
        mut look: impl FnMut(&mut State) -> Option<R>,
    ) -> Result<R, TransportError> {
        self.wait(|state| look(state).map(Ok).or_else(|| state.end.clone().map(Err))).await
    }

    fn sender(&self, id: usize) -> Sender {
        Sender::new(self.clone(), id)
    }

    fn receiver(&self, id: usize) -> Receiver {
        Receiver::new(self.clone(), id)
    }
}

/// A stream that the relay opens.
fn outgoing(is_bi: bool) -> Stream {
    Stream { incoming: is_bi.then(Incoming::default), outgoing: Some(Outgoing::default()) }
}

impl Session for Link {
    type SendStream = Sender;
    type RecvStream = Receiver;
    type Error = TransportError;

    async fn accept_uni(&self) -> Result<Receiver, TransportError> {
        self.wait_or_end(|state| state.uni.pop_front()).await.map(|id| self.receiver(id))
    }

    async fn accept_bi(&self) -> Result<(Sender, Receiver), TransportError> {
        let id = self.wait_or_end(|state| state.bi.pop_front()).await?;
        Ok((self.sender(id), self.receiver(id)))
    }

    async fn open_bi(&self) -> Result<(Sender, Receiver), TransportError> {
        let id = self.wait_or_end(|state| state.open(outgoing(true))).await?;
        Ok((self.sender(id), self.receiver(id)))
    }

    async fn open_uni(&self) -> Result<Sender, TransportError> {
        self.wait_or_end(|state| state.open(outgoing(false))).await.map(|id| self.sender(id))
    }

    fn send_datagram(&self, payload: Bytes) -> Result<(), TransportError> {
        if payload.len() > self.max_datagram_size() {
            return Err(TransportError::Datagram);
        }
        self.state().sent_datagrams.push(payload);
        Ok(())
    }

    async fn recv_datagram(&self) -> Result<Bytes, TransportError> {
        self.wait_or_end(|state| state.datagrams.pop_front()).await
    }

    fn max_datagram_size(&self) -> usize {
        1200
    }

    fn close(&self, code: u32, reason: &str) {
        self.change(|state| state.close(code, reason));
    }

    async fn closed(&self) -> TransportError {
        self.wait(|state| state.end.clone()).await
    }
}

impl mosaik_transport::Outgoing for Link {
    type Lane = MemoryLane;

    fn open_lane(&self, _order: SendOrder, header: Bytes) -> Option<MemoryLane> {
        let mut state = self.state();
        if state.end.is_some() {
            return None;
        }
        let id = state.open(outgoing(false))?;
        Some(MemoryLane::new(self.clone(), id, header))
    }

    fn make_room(&self, _room: Room, _bounds: SessionBounds) -> Room {
        Room::Urgent
    }

    fn allow_all_streams(&self, _bounds: SessionBounds) {
        self.state().accepted_max = usize::MAX;
    }
}
