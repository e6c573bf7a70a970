//! Owns the socket of one session: takes what comes, and hands out the most urgent record each time
//! the socket takes one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::stream::{SplitSink, SplitStream};
use futures::{FutureExt, SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::{Shared, until};
use crate::TransportError;
use crate::qmux::{Leave, RECORD_BYTES};

/// What is handed to a socket that had to wait the last time: speech that comes next waits for no
/// more than this, 80 ms at 200 kbit/s.
const SLOW_BYTES: usize = 2 << 10;

/// What is handed to a socket that never waits, before it is flushed.
const FAST_BYTES: usize = 64 << 10;

/// Bytes that are read from the socket at a time.
const READ_BYTES: usize = 8 << 10;

/// A silent peer is asked for a sign of life several times before its time is over.
const SIGNS_OF_LIFE: u32 = 4;

/// How long our last words may take.
const LAST_WORDS_MAX: Duration = Duration::from_secs(1);

/// How long a peer that was told that the session is over has to close the socket by itself: some that
/// find it closed do not look any more for what they were told.
const FAREWELL_MAX: Duration = Duration::from_millis(250);

/// Moves the records of one session. It must be run, on any thread, until it ends with the session.
pub struct Pump<T> {
    socket: WebSocketStream<T>,
    shared: Arc<Shared>,
    idle: Duration,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Pump<T> {
    pub(super) async fn new(io: T, shared: Arc<Shared>, idle: Duration) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BYTES)
            .max_message_size(Some(RECORD_BYTES))
            .max_frame_size(Some(RECORD_BYTES));
        let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
        Self { socket, shared, idle }
    }

    /// Runs until the session or the socket is over.
    pub async fn run(self) {
        let Self { socket, shared, idle } = self;
        let (mut sink, stream) = socket.split();
        let mut reading = std::pin::pin!(read(stream, &shared, idle));
        let why = tokio::select! {
            why = &mut reading => why,
            why = write(&mut sink, &shared, idle) => {
                // A peer that broke a rule is not waited for.
                let is_parting = matches!(shared.mux().end(), Some(TransportError::Closed { .. }));
                let farewell = if is_parting { FAREWELL_MAX } else { Duration::ZERO };
                let has_closed = timeout(farewell, &mut reading).await.is_ok();
                // Whoever does not take the end in time has no more use for it.
                let _ = timeout(LAST_WORDS_MAX, sink.close()).await;
                if !has_closed {
                    // A socket that is closed while something in it is unread takes our last words back.
                    let _ = timeout(LAST_WORDS_MAX, reading).await;
                }
                why
            }
        };
        shared.act(|mux| mux.lose(why));
    }
}

async fn read<T: AsyncRead + AsyncWrite + Unpin>(
    mut stream: SplitStream<WebSocketStream<T>>,
    shared: &Shared,
    idle: Duration,
) -> &'static str {
    let mut silences = 0;
    loop {
        let message = match timeout(idle / SIGNS_OF_LIFE, stream.next()).await {
            Ok(Some(message)) => message,
            Ok(None) => return "the peer closed it",
            Err(_) if silences + 1 >= SIGNS_OF_LIFE => return "it was silent for too long",
            Err(_) => {
                silences += 1;
                shared.act(|mux| {
                    mux.ping();
                });
                continue;
            }
        };
        silences = 0;
        match message {
            Ok(Message::Binary(record)) => {
                let (changed, pong) = shared.act(|mux| (mux.take(record), mux.take_pong()));
                if let Some(pong) = pong {
                    shared.flow().answered(Instant::now(), pong);
                }
                shared.tell(changed);
            }
            // The library answers.
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Close(_)) => return "the peer closed it",
            Ok(Message::Text(_) | Message::Frame(_)) => return "a text where a record belongs",
            Err(_) => return "the peer broke the WebSocket's rules or is gone",
        }
    }
}

/// Ends when the session is over and that is said, or the peer does not take it.
async fn write<T: AsyncRead + AsyncWrite + Unpin>(
    sink: &mut SplitSink<WebSocketStream<T>, Message>,
    shared: &Shared,
    idle: Duration,
) -> &'static str {
    let mut size = SLOW_BYTES;
    loop {
        let is_over = shared.mux().end().is_some();
        let fed = match feed(sink, shared, size).await {
            Ok(fed) => fed,
            Err(why) => return why,
        };
        if fed == 0 && is_over {
            return "it is closed";
        }
        if fed == 0 {
            shared.outgoing.notified().await;
            continue;
        }
        let mut flush = std::pin::pin!(sink.flush());
        let flushed = if let Some(flushed) = flush.as_mut().now_or_never() {
            size = next_size(size, fed);
            flushed
        } else {
            size = SLOW_BYTES;
            tokio::select! {
                flushed = timeout(idle, flush) => match flushed {
                    Ok(flushed) => flushed,
                    Err(_) => return "the peer does not read",
                },
                () = last_words(shared) => return "it is closed",
            }
        };
        if flushed.is_err() {
            return "the peer is gone";
        }
    }
}

/// What is handed over next to a socket that took `fed` of `size` bytes without a wait. Only one that
/// took all of it has shown that it can take more: a line that carries a little speech says nothing
/// of what it does with a picture.
fn next_size(size: usize, fed: usize) -> usize {
    if fed < size { size } else { FAST_BYTES.min(size * 2) }
}

/// Hands the library records of `size` bytes in all or a little more, and says how many it was.
async fn feed<T: AsyncRead + AsyncWrite + Unpin>(
    sink: &mut SplitSink<WebSocketStream<T>, Message>,
    shared: &Shared,
    size: usize,
) -> Result<usize, &'static str> {
    let mut fed = 0;
    while fed < size {
        let now = tokio::time::Instant::now().into_std();
        let leave = shared.flow().leave(now);
        let record = {
            let mut mux = shared.mux();
            mux.drop_late(now);
            mux.next(size.min(RECORD_BYTES), leave)
        };
        let Some(record) = record else {
            break;
        };
        fed += record.len();
        let is_marked = shared.flow().left(now, record.len());
        shared.room.notify_waiters();
        sink.feed(Message::Binary(record)).await.map_err(|_| "the peer is gone")?;
        if is_marked && let Some(mark) = mark(shared, now) {
            sink.feed(Message::Binary(mark)).await.map_err(|_| "the peer is gone")?;
        }
    }
    Ok(fed)
}

/// A mark behind all that left before; none before the session has begun and once it is over.
fn mark(shared: &Shared, now: Instant) -> Option<Bytes> {
    let (number, record, is_last) = {
        let mut mux = shared.mux();
        if mux.end().is_some() || !mux.is_begun() {
            return None;
        }
        let number = mux.ping();
        (number, mux.next(RECORD_BYTES, Leave::NONE)?, !mux.has_streams())
    };
    shared.flow().mark(now, number, is_last);
    Some(record)
}

/// Waits until the session is over, and the time for last words too.
async fn last_words(shared: &Shared) {
    until(&shared.ended, || shared.mux().end().map(|_| ())).await;
    tokio::time::sleep_until(tokio::time::Instant::now() + LAST_WORDS_MAX).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_speech_does_not_make_a_line_fast() {
        let after = |fed: usize| (0..100).fold(SLOW_BYTES, |size, _| next_size(size, fed));
        assert_eq!(after(120), SLOW_BYTES);
        assert_eq!(after(FAST_BYTES), FAST_BYTES);
    }
}
