//! A session: speech, and a picture beside it that takes what is left.

use std::time::{Duration, Instant};

use mosaik_transport::{LineWatch, SessionBounds, backlog_window};
use quinn_proto::{Connection, Dir, ReadError, StreamId};

use super::side::Side;

/// What looks for something to send; the relay's turn.
const TURN: Duration = Duration::from_millis(5);

/// Speech: 40 kbit/s, in groups of a second.
const FRAME: Duration = Duration::from_millis(20);
const FRAME_BYTES: usize = 100;
const FRAMES_PER_STREAM: u64 = 50;

/// A picture's frames.
const PICTURE: Duration = Duration::from_millis(33);

/// A picture that waits for longer gives way to a newer one.
const PICTURE_AGE_MAX: f64 = 0.2;

/// What the streams begin with.
const SPEECH: u8 = b'S';
const BULK: u8 = b'B';

/// A frame of speech that has arrived.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// When it was spoken, since the simulation began.
    pub at: Duration,
    /// How long it took.
    pub took: Duration,
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// When it begins, since the simulation began.
    pub from: Duration,
    /// Bits of picture in a second.
    pub picture: u64,
    /// When the picture is there, of each so many seconds: all the time if they are the same.
    pub on: (Duration, Duration),
}

/// One session.
#[derive(Debug)]
pub struct Flow {
    /// The relay.
    pub sender: Side,
    /// Who listens.
    pub receiver: Side,
    source: Source,
    began: Instant,
    next: Instant,
    line: Option<LineWatch>,
    speech: Option<StreamId>,
    /// Of a frame that was begun.
    unsaid: Vec<u8>,
    picture: Option<StreamId>,
    frames: u64,
    pictures: u64,
    /// Bytes of picture that wait.
    waiting: f64,
    /// Streams at the receiver, and what of a frame has come.
    open: Vec<(StreamId, Vec<u8>)>,
    /// Speech that has arrived.
    pub heard: Vec<Heard>,
    /// Bytes of picture that have arrived in each tenth of a second.
    pub seen: Vec<u64>,
}

impl Flow {
    /// A session that begins later.
    pub fn new(sides: (Side, Side), source: Source, began: Instant) -> Self {
        Self {
            sender: sides.0,
            receiver: sides.1,
            source,
            began,
            next: began,
            line: None,
            speech: None,
            unsaid: Vec::new(),
            picture: None,
            frames: 0,
            pictures: 0,
            waiting: 0.0,
            open: Vec::new(),
            heard: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// When there is something to do.
    pub fn deadline(&mut self) -> Instant {
        let start = self.began + self.source.from;
        let own = self.next.max(start);
        if own == start && self.sender.connection().is_none() {
            return own;
        }
        let both = [self.sender.deadline(), self.receiver.deadline()];
        both.into_iter().flatten().fold(own, Instant::min)
    }

    /// Whether it has begun.
    pub fn is_there(&self, now: Instant) -> bool {
        now >= self.began + self.source.from
    }

    /// Sends what is due.
    pub fn turn(&mut self, now: Instant) {
        if now < self.next {
            return;
        }
        self.next = now + TURN;
        let start = self.began + self.source.from;
        let elapsed = now.saturating_duration_since(start);
        let Some(connection) = self.sender.connection().filter(|it| !it.is_handshaking()) else {
            return;
        };
        if self.line.is_none() {
            let state = connection.congestion_state().clone_box();
            self.line = LineWatch::of(state);
        }
        if let Some(line) = &self.line {
            line.read(now);
        }
        let bounds = SessionBounds::of(Duration::ZERO);
        connection.set_send_window(bounds.in_flight);
        let due = count(elapsed, FRAME);
        while self.frames < due {
            let said = now.saturating_duration_since(self.began);
            if self.unsaid.is_empty() {
                self.unsaid = frame_said_at(said);
            }
            if !speak(connection, &mut self.speech, self.frames, &mut self.unsaid) {
                break;
            }
            self.frames += 1;
        }
        let (on, of) = self.source.on;
        while self.pictures < count(elapsed, PICTURE) {
            self.pictures += 1;
            let at = elapsed.as_nanos() % of.as_nanos().max(1);
            if at < on.as_nanos() {
                let bytes = ratio(self.source.picture) / 8.0;
                self.waiting += bytes * PICTURE.as_secs_f64();
                self.waiting = self.waiting.min(bytes * PICTURE_AGE_MAX);
            }
        }
        let path = connection.stats().path;
        connection.set_send_window(backlog_window(path.cwnd, path.rtt, bounds.in_flight));
        self.waiting -= ratio(show(connection, &mut self.picture, self.waiting));
    }

    /// Reads what has come.
    pub fn read(&mut self, now: Instant) {
        let at = now.saturating_duration_since(self.began);
        let Some(connection) = self.receiver.connection() else {
            return;
        };
        while let Some(stream) = connection.streams().accept(Dir::Uni) {
            self.open.push((stream, Vec::new()));
        }
        let (heard, seen) = (&mut self.heard, &mut self.seen);
        self.open.retain_mut(|(stream, kept)| {
            let is_over = read_stream(connection, *stream, |bytes| {
                let is_first = kept.is_empty();
                kept.extend_from_slice(bytes);
                match kept.first() {
                    Some(&SPEECH) => hear(at, kept, heard),
                    _ => see(at, kept.drain(1..).count() + usize::from(is_first), seen),
                }
            });
            !is_over
        });
    }

    /// Bits of picture in a second between two times, since the simulation began.
    pub fn rate(&self, from: Duration, until: Duration) -> f64 {
        let (first, last) = (count(from, TENTH), count(until, TENTH));
        let slots = self.seen.iter().zip(0_u64..).filter(|(_, at)| (first..last).contains(at));
        let bytes: u64 = slots.map(|(bytes, _)| bytes).sum();
        ratio(bytes) * 8.0 / (until.saturating_sub(from)).as_secs_f64()
    }
}

const TENTH: Duration = Duration::from_millis(100);

fn count(time: Duration, of: Duration) -> u64 {
    u64::try_from(time.as_nanos() / of.as_nanos().max(1)).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "bytes and bits, far below 2^52")]
const fn ratio(count: u64) -> f64 {
    count as f64
}

fn frame_said_at(said: Duration) -> Vec<u8> {
    let mut bytes = u64::try_from(said.as_nanos()).unwrap_or(u64::MAX).to_be_bytes().to_vec();
    bytes.resize(FRAME_BYTES, 0);
    bytes
}

/// Says what is left of a frame; whether that was all.
fn speak(
    connection: &mut Connection,
    stream: &mut Option<StreamId>,
    frame: u64,
    unsaid: &mut Vec<u8>,
) -> bool {
    if frame.is_multiple_of(FRAMES_PER_STREAM)
        && unsaid.len() == FRAME_BYTES
        && let Some(old) = stream.take()
    {
        // The peer may not want it any more.
        let _ = connection.send_stream(old).finish();
    }
    let Some(id) = stream.or_else(|| open(connection, 10, SPEECH)) else {
        return false;
    };
    *stream = Some(id);
    let written = connection.send_stream(id).write(unsaid).unwrap_or_default();
    unsaid.drain(..written);
    unsaid.is_empty()
}

/// Hands over as much of the picture as there is room for, and says how much that was.
fn show(connection: &mut Connection, stream: &mut Option<StreamId>, waiting: f64) -> u64 {
    let Some(id) = stream.or_else(|| open(connection, 0, BULK)) else {
        return 0;
    };
    *stream = Some(id);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, small")]
    let bytes = vec![0; waiting.max(0.0) as usize];
    let written = connection.send_stream(id).write(&bytes).unwrap_or_default();
    u64::try_from(written).unwrap_or_default()
}

fn open(connection: &mut Connection, priority: i32, kind: u8) -> Option<StreamId> {
    let id = connection.streams().open(Dir::Uni)?;
    // A new stream has a priority and room for a byte.
    let _ = connection.send_stream(id).set_priority(priority);
    let _ = connection.send_stream(id).write(&[kind]);
    Some(id)
}

/// Hands everything that has come to `take`; whether the stream is over.
fn read_stream(connection: &mut Connection, id: StreamId, mut take: impl FnMut(&[u8])) -> bool {
    let mut stream = connection.recv_stream(id);
    let Ok(mut chunks) = stream.read(true) else {
        return true;
    };
    let is_over = loop {
        match chunks.next(usize::MAX) {
            Ok(Some(chunk)) => take(&chunk.bytes),
            Ok(None) | Err(ReadError::Reset(_)) => break true,
            Err(ReadError::Blocked) => break false,
        }
    };
    let _ = chunks.finalize();
    is_over
}

fn hear(now: Duration, kept: &mut Vec<u8>, heard: &mut Vec<Heard>) {
    while let Some(said) = kept.get(1..=FRAME_BYTES).and_then(|frame| frame.first_chunk()) {
        let at = Duration::from_nanos(u64::from_be_bytes(*said));
        heard.push(Heard { at, took: now.saturating_sub(at) });
        kept.drain(1..=FRAME_BYTES);
    }
}

fn see(now: Duration, bytes: usize, seen: &mut Vec<u64>) {
    let slot = usize::try_from(count(now, TENTH)).unwrap_or(usize::MAX);
    if seen.len() <= slot {
        seen.resize(slot + 1, 0);
    }
    if let Some(sum) = seen.get_mut(slot) {
        *sum += u64::try_from(bytes).unwrap_or_default();
    }
}
