//! Streams that carry media out: opened, written, finished and reset without ever waiting.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use bytes::{Buf, Bytes};
use mosaik_proto::moqt::{ResetCode, SendOrder};

use crate::backlog::Room;
use crate::code::CodeSpace;
use crate::congestion::LineEstimate;
use crate::error::TransportError;
use crate::settings::SessionBounds;

/// Why a lane takes nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LaneError {
    /// The peer does not want the rest.
    #[error("the peer stopped the stream")]
    Stopped,
    /// The session is over.
    #[error("the session is over")]
    Lost,
}

/// A session that can open lanes; all of a session's parts fail with one error.
pub trait Outgoing:
    web_transport_trait::Session<
        Error = TransportError,
        SendStream: web_transport_trait::SendStream<Error = TransportError>,
        RecvStream: web_transport_trait::RecvStream<Error = TransportError>,
    >
{
    /// The stream that this transport opens.
    type Lane: Lane + 'static;

    /// Whether datagrams may be lost on the way.
    const MAY_LOSE: bool = true;

    /// Opens a unidirectional stream that begins with `header`, or says that the peer allows no
    /// more streams now.
    fn open_lane(&self, order: SendOrder, header: Bytes) -> Option<Self::Lane>;

    /// Makes room for what is written next: for what is urgent as much as `bounds` say, for the rest
    /// only behind about 60 ms of what waits. Says for whom there is room now.
    fn make_room(&self, room: Room, bounds: SessionBounds) -> Room;

    /// Hands a datagram over while little of what was handed over waits, about 60 ms of the line:
    /// what the transport has it sends before all streams, and however old it is by then. A
    /// transport that can drops it when `until` is over.
    fn offer_datagram(
        &self,
        payload: Bytes,
        _until: Option<Instant>,
        _bounds: SessionBounds,
    ) -> Offered {
        match self.send_datagram(payload) {
            Ok(()) => Offered::Taken,
            Err(_) => Offered::TooLarge,
        }
    }

    /// Whether datagrams that were handed over wait.
    fn has_datagrams_waiting(&self) -> bool {
        false
    }

    /// What the line of this session carries, as far as the transport knows. To be read some times a
    /// second while there is something to send: see [`LineWatch::read`](crate::LineWatch::read).
    fn line(&self, _now: Instant) -> Option<LineEstimate> {
        None
    }

    /// The peer uses many of the streams that it may open at first: from now on it may open as many
    /// as `bounds` say.
    fn allow_all_streams(&self, bounds: SessionBounds);
}

/// What became of a datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// The transport has it.
    Taken,
    /// Others wait; it is to be offered again.
    Full,
    /// The path or the peer does not take one of this size, or takes none.
    TooLarge,
}

/// One outgoing stream.
pub trait Lane {
    /// Hands over as much of `slices` as the transport takes now, and says how many bytes that
    /// was. Nothing is copied: the transport keeps the slices until the peer has them.
    ///
    /// # Errors
    /// [`LaneError`] when nothing more can be sent on this stream.
    fn write(&mut self, slices: &mut [Bytes]) -> Result<usize, LaneError>;

    /// The stream has another place among all streams of the session from here on.
    fn set_order(&mut self, order: SendOrder);

    /// Everything was written: FIN, behind the header if nothing else was. False while the header
    /// does not fit; it is then to be tried again.
    fn finish(&mut self) -> bool;

    /// Waits until the peer has everything up to FIN, or does not want it any more.
    fn delivered(&self) -> impl Future<Output = ()> + 'static;

    /// Drops what has not been sent and tells the peer why.
    fn reset(&mut self, code: ResetCode);
}

/// A lane on quinn, below native QUIC and below WebTransport.
pub struct QuicLane {
    stream: quinn::SendStream,
    codes: CodeSpace,
    /// What must be written before anything else.
    head: Bytes,
    is_finishing: bool,
}

impl QuicLane {
    /// Opens a stream, if the peer allows one now.
    pub(crate) fn open(
        connection: &quinn::Connection,
        order: SendOrder,
        codes: CodeSpace,
        head: Bytes,
    ) -> Option<Self> {
        match poll_once(connection.open_uni()) {
            Poll::Ready(Ok(stream)) => {
                // It fails only on a closed stream, and this one is new.
                let _ = stream.set_priority(order.get());
                Some(Self { stream, codes, head, is_finishing: false })
            }
            Poll::Ready(Err(_)) | Poll::Pending => None,
        }
    }

    /// Whether the head was written whole.
    fn write_head(&mut self) -> Result<bool, LaneError> {
        while self.head.has_remaining() {
            let written = write_now(&mut self.stream, &mut [self.head.clone()])?;
            if written == 0 {
                return Ok(false);
            }
            self.head.advance(written);
        }
        Ok(true)
    }
}

impl Lane for QuicLane {
    fn write(&mut self, slices: &mut [Bytes]) -> Result<usize, LaneError> {
        if self.write_head()? { write_now(&mut self.stream, slices) } else { Ok(0) }
    }

    fn set_order(&mut self, order: SendOrder) {
        // A stream that is closed has no place.
        let _ = self.stream.set_priority(order.get());
    }

    fn finish(&mut self) -> bool {
        if self.write_head() == Ok(false) {
            return false;
        }
        // A stream that the peer stopped needs no FIN.
        let _ = self.stream.finish();
        self.is_finishing = true;
        true
    }

    fn delivered(&self) -> impl Future<Output = ()> + 'static {
        let stopped = self.stream.stopped();
        async move {
            // However it ends, nothing is left to be done for this stream.
            let _ = stopped.await;
        }
    }

    fn reset(&mut self, code: ResetCode) {
        // A stream that is closed needs no reset.
        let _ = self.stream.reset(self.codes.encode(code.get()));
        self.is_finishing = true;
    }
}

impl Drop for QuicLane {
    /// quinn finishes a dropped stream, which would pass a part of a subgroup off as the whole.
    fn drop(&mut self) {
        if !self.is_finishing {
            let _ = self.stream.reset(self.codes.encode(ResetCode::Cancelled.get()));
        }
    }
}

fn write_now(stream: &mut quinn::SendStream, slices: &mut [Bytes]) -> Result<usize, LaneError> {
    match poll_once(stream.write_chunks(slices)) {
        Poll::Pending => Ok(0),
        Poll::Ready(Ok(written)) => Ok(written.bytes),
        Poll::Ready(Err(quinn::WriteError::Stopped(_) | quinn::WriteError::ClosedStream)) => {
            Err(LaneError::Stopped)
        }
        Poll::Ready(Err(
            quinn::WriteError::ConnectionLost(_) | quinn::WriteError::ZeroRttRejected,
        )) => Err(LaneError::Lost),
    }
}

/// Polls a future that is given up if it is not ready: who is interested asks again next time.
fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}
