//! Sessions over a WebSocket: the relay's own QMux and its pump on a pipe in memory, with a peer
//! that sends frames that decode, any record, or what is no WebSocket at all.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mosaik_proto::moqt::ControlMessage;
use mosaik_server::Limits;
use mosaik_server::relay::{Relay, Way};
use mosaik_server::rooms::Rooms;
use mosaik_transport::{SessionBounds, websocket};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::LocalSet;
use tokio::time::{Instant, timeout};

use crate::session::{AFTERMATH, Entrance, Script, pass, phrases, settings};

/// After how long a silent peer is gone.
const IDLE: Duration = Duration::from_secs(20);

/// Bytes that the pipe holds in each direction.
const PIPE_BYTES: usize = 8 << 10;

/// The largest record that every side of QMux takes (draft-ietf-quic-qmux-02, section 5).
const RECORD_BYTES_MAX: usize = 16_382;

/// QX_TRANSPORT_PARAMETERS with room for streams, data and datagrams: its type, its length, and
/// then each parameter's ID, length and value.
const PARAMETERS: &[u8] = &[
    0xFF, 0x51, 0x53, 0x30, 0x0D, 0x0A, 0x0D, 0x0A, 34, //
    0x04, 4, 0x80, 1, 0, 0, 0x05, 4, 0x80, 1, 0, 0, 0x06, 4, 0x80, 1, 0, 0, //
    0x07, 4, 0x80, 1, 0, 0, 0x08, 1, 16, 0x09, 1, 16, 0x20, 2, 0x44, 0,
];

/// Whatever the peer does, no task panics, what it gets are records, and nothing is left of it.
pub fn check(input: &[u8]) {
    play(input);
}

/// As [`check`], and gives all bytes that the peer got.
pub fn play(input: &[u8]) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without sockets");
    LocalSet::new().block_on(&runtime, run(input))
}

async fn run(input: &[u8]) -> Vec<u8> {
    let rooms = Rooms::new(settings(), Instant::now().into_std());
    let relay =
        Rc::new(Relay::new(Arc::new(rooms), Arc::new(Entrance), Limits::of(&settings().settings)));
    let ticking = Rc::clone(&relay);
    let tick = tokio::task::spawn_local(async move { ticking.tick(|| Duration::ZERO).await });
    let (io, theirs) = tokio::io::duplex(PIPE_BYTES);
    let (session, pump) = websocket(theirs, SessionBounds::of(IDLE)).await;
    let pump = tokio::task::spawn_local(pump.run());
    let serving = Rc::clone(&relay);
    let session =
        tokio::task::spawn_local(async move { serving.serve(session, Way::WebSocket).await });
    let mut peer = Peer { io, heard: Vec::new(), is_reading: true };
    let mut script = Script::new(input);
    while !script.is_over() && peer.act(&mut script).await {}
    peer.pass(Duration::from_millis(1)).await;
    let Peer { io, heard, .. } = peer;
    records(&heard);
    drop(io);
    for task in [session, pump] {
        let ended = task.await;
        assert!(ended.is_ok(), "a session or its pump failed: {ended:?}");
    }
    pass(AFTERMATH).await;
    assert!(relay.is_empty(), "something outlives its session: {relay:?}");
    tick.abort();
    heard
}

struct Peer {
    io: DuplexStream,
    heard: Vec<u8>,
    is_reading: bool,
}

impl Peer {
    /// Does one step; false when the peer has left.
    async fn act(&mut self, script: &mut Script<'_>) -> bool {
        match script.byte() % 10 {
            0 => self.record(PARAMETERS).await,
            1 => self.record(script.bytes()).await,
            2 => {
                let (id, is_final) = (script.byte(), script.byte() % 2 == 1);
                self.record(&stream(id, is_final, script.bytes())).await;
            }
            3 => {
                let (id, request) = (script.byte(), u64::from(script.byte() % 32) * 2);
                let message = match id & 2 {
                    0 => phrases::ask(script, request),
                    _ => phrases::set_up(script),
                };
                self.record(&stream(id, false, &bytes(&message))).await;
            }
            4 => {
                let (id, code) = (script.byte() & 0x3F, script.byte() & 0x3F);
                let size = script.byte() & 0x3F;
                let frame = [[4, id, code, size], [5, id, code, 0]];
                self.record(&script.choice(&frame)).await;
            }
            5 => {
                let (kind, id) = (script.byte() % 8, script.byte() & 0x3F);
                self.record(&[0x10 + kind, id, 0x7F, 0xFF]).await;
            }
            6 => self.send(script.bytes()).await,
            7 => self.pass(script.wait()).await,
            8 => self.is_reading = !self.is_reading,
            _ => return !script.byte().is_multiple_of(4),
        }
        true
    }

    /// A binary message whose mask changes nothing.
    async fn record(&mut self, payload: &[u8]) {
        let mut message = vec![0x82];
        match u16::try_from(payload.len()) {
            Ok(length @ 0..126) => message.extend([0x80 | length.to_be_bytes()[1]]),
            Ok(length) => {
                message.push(0xFE);
                message.extend(length.to_be_bytes());
            }
            Err(_) => return,
        }
        message.extend([0; 4]);
        message.extend_from_slice(payload);
        self.send(&message).await;
    }

    /// Bytes on the pipe, if the relay takes them; if it closed it, they are lost.
    async fn send(&mut self, bytes: &[u8]) {
        let _ = timeout(Duration::from_secs(1), self.io.write_all(bytes)).await;
    }

    /// Time passes; what comes is read, unless the peer does not read.
    async fn pass(&mut self, time: Duration) {
        let until = Instant::now() + time;
        let mut piece = [0; 4096];
        while self.is_reading
            && let Ok(Ok(len @ 1..)) =
                tokio::time::timeout_at(until, self.io.read(&mut piece)).await
        {
            self.heard.extend_from_slice(&piece[..len]);
        }
        tokio::time::sleep_until(until).await;
    }
}

/// A STREAM frame that goes on where the last one of its stream ended.
fn stream(id: u8, is_final: bool, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x0A | u8::from(is_final), id & 0x3F];
    let length = u16::try_from(payload.len()).unwrap_or(0x3FFF).min(0x3FFF);
    frame.extend((0x4000 | length).to_be_bytes());
    frame.extend(payload.iter().take(usize::from(length)));
    frame
}

fn bytes(message: &ControlMessage) -> Vec<u8> {
    message.encode().map_or_else(|_| Vec::new(), |bytes| bytes.to_vec())
}

/// What the relay sent is whole, unmasked messages of a WebSocket, none larger than a record.
fn records(mut heard: &[u8]) {
    while let [first, length, rest @ ..] = heard {
        assert!(matches!(first, 0x82 | 0x88..=0x8A), "a message of kind {first:#x}");
        let (length, rest) = match (length, rest) {
            (length @ 0..126, rest) => (usize::from(*length), rest),
            (126, [high, low, rest @ ..]) => (u16::from_be_bytes([*high, *low]).into(), rest),
            (126, _) => return,
            _ => panic!("a masked message, or one of more than 64 kB"),
        };
        assert!(length <= RECORD_BYTES_MAX, "a record of {length} bytes");
        heard = rest.get(length..).unwrap_or_default();
    }
}
