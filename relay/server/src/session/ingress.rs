//! Incoming unidirectional streams: control, padding, and subgroups on their way into the log.

use std::rc::Rc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use mosaik_media::{Rejected, SubgroupEnd, SubgroupKey, SubgroupStart, TrackKey};
use mosaik_proto::moqt::{
    ControlDecoder, Parts, ResetCode, SessionCode, SubgroupDecoder, SubgroupHeader, SubgroupId,
    Violation, decode_fetch_header, decode_varint, stream_type,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::time::{Instant, timeout_at};
use web_transport_trait::RecvStream;

use super::peer::Peer;
use super::{Ending, Outcome, control, filling};

/// How long a stream has for its type and header, and for the rest of an object that began.
pub(super) const DATA_MAX: Duration = Duration::from_secs(10);

/// Bytes asked for in one read: as much as may have come since the last one.
pub(super) const READ_BYTES: usize = 64 << 10;

/// How long the rest of an object has at any moment, however much of it came.
const OBJECT_MAX: Duration = Duration::from_mins(1);

/// Bytes a second that an object must come with when its first ten seconds are over: a tenth of the
/// slowest line that is meant to work.
const OBJECT_RATE_MIN: u32 = 1_000;

/// A stream's bytes with those that were read too far.
struct Incoming<R> {
    stream: R,
    ahead: BytesMut,
    /// When its header must be there.
    until: Instant,
}

impl<R: RecvStream<Error = TransportError>> Incoming<R> {
    /// Reads on within the deadline; false at the end of the stream.
    async fn read_more(&mut self) -> Result<bool, Ending> {
        let read = timeout_at(self.until, self.stream.read_chunk(READ_BYTES)).await;
        let late = || Ending::Close(SessionCode::DataStreamTimeout, "a stream's header is late");
        let chunk = read.map_err(|_| late())??;
        self.ahead.extend_from_slice(chunk.as_deref().unwrap_or_default());
        Ok(chunk.is_some())
    }
}

/// Finds out what a stream is and reads it to its end.
pub(super) async fn accept<S: Outgoing>(peer: Rc<Peer<S>>, stream: S::RecvStream) -> Outcome {
    let mut incoming =
        Incoming { stream, ahead: BytesMut::new(), until: Instant::now() + DATA_MAX };
    match sort(&peer, &mut incoming).await {
        Ok(Some(header)) => subgroup(&peer, header, incoming).await,
        Err(Sorted::Control) => {
            let mut decoder = ControlDecoder::default();
            decoder.push(&incoming.ahead);
            control::receive(&peer, decoder, incoming.stream).await
        }
        Err(Sorted::Fetch(request)) => {
            let Incoming { mut stream, ahead, .. } = incoming;
            filling::receive(&peer, request, ahead.freeze(), &mut stream).await
        }
        // A stream that was reset before it said anything is its own affair.
        Ok(None) | Err(Sorted::Over(Ending::Transport(TransportError::Reset(_)))) => Ok(()),
        Err(Sorted::Over(ending)) => Err(ending),
    }
}

/// What [`sort`] found instead of a subgroup.
enum Sorted {
    Control,
    /// The answer to a FETCH of ours with this request ID.
    Fetch(u64),
    Over(Ending),
}

impl<E: Into<Ending>> From<E> for Sorted {
    fn from(error: E) -> Self {
        Self::Over(error.into())
    }
}

/// Reads a stream's type, and a subgroup's header. Data streams may overtake SETUP, and wait for it.
async fn sort<S, R: RecvStream<Error = TransportError>>(
    peer: &Peer<S>,
    incoming: &mut Incoming<R>,
) -> Result<Option<SubgroupHeader>, Sorted> {
    let kind = loop {
        if let Some(kind) = decode_varint(&mut &incoming.ahead[..]) {
            break kind;
        }
        if !incoming.read_more().await? {
            return Err(Violation::Truncated.into());
        }
    };
    match kind {
        stream_type::SETUP => return Err(Sorted::Control),
        stream_type::PADDING => {
            while incoming.stream.read_chunk(READ_BYTES).await?.is_some() {}
            return Ok(None);
        }
        stream_type::FETCH => return Err(Sorted::Fetch(fetch_header(incoming).await?)),
        _ => {}
    }
    loop {
        let mut head = &incoming.ahead[..];
        if let Some(header) = SubgroupHeader::decode(&mut head)? {
            let taken = incoming.ahead.len() - head.remaining();
            incoming.ahead.advance(taken);
            peer.is_set_up().await;
            return Ok(Some(header));
        }
        if !incoming.read_more().await? {
            return Err(Violation::Truncated.into());
        }
    }
}

/// Reads a FETCH_HEADER and gives the request's ID.
async fn fetch_header<R: RecvStream<Error = TransportError>>(
    incoming: &mut Incoming<R>,
) -> Result<u64, Ending> {
    loop {
        let mut head = &incoming.ahead[..];
        if let Some(request) = decode_fetch_header(&mut head)? {
            let taken = incoming.ahead.len() - head.remaining();
            incoming.ahead.advance(taken);
            return Ok(request);
        }
        if !incoming.read_more().await? {
            return Err(Violation::Truncated.into());
        }
    }
}

async fn subgroup<S, R: RecvStream<Error = TransportError>>(
    peer: &Peer<S>,
    header: SubgroupHeader,
    mut incoming: Incoming<R>,
) -> Outcome {
    let Some(track) = peer.track_of(header.track_alias).await else {
        incoming.stream.stop(ResetCode::Cancelled.get());
        return Ok(());
    };
    let mut ingest = Ingest::new(peer, header, track);
    let first = incoming.ahead.freeze();
    match ingest.run(first, &mut incoming.stream).await {
        Ok(end) => ingest.end(end),
        Err(Stop::Rejected(rejected)) => incoming.stream.stop(rejected.code().get()),
        Err(Stop::Over(Ending::Transport(TransportError::Reset(code)))) => {
            let code = code.map(u64::from).and_then(ResetCode::from_wire);
            // An unknown code counts as INTERNAL_ERROR (section 14).
            ingest.end(SubgroupEnd::Reset(code.unwrap_or(ResetCode::InternalError)));
        }
        Err(Stop::Over(ending)) => {
            ingest.end(SubgroupEnd::Reset(ResetCode::SessionClosed));
            return Err(ending);
        }
    }
    Ok(())
}

/// Why a subgroup is not read on.
enum Stop {
    Rejected(Rejected),
    Over(Ending),
}

impl From<Rejected> for Stop {
    fn from(rejected: Rejected) -> Self {
        Self::Rejected(rejected)
    }
}

impl From<Violation> for Stop {
    fn from(violation: Violation) -> Self {
        Self::Over(violation.into())
    }
}

/// One subgroup on its way into the log.
struct Ingest<'a, S> {
    peer: &'a Peer<S>,
    track: TrackKey,
    header: SubgroupHeader,
    decoder: SubgroupDecoder,
    key: Option<SubgroupKey>,
    /// Which subgroup it is, once that is known.
    subgroup: Option<SubgroupId>,
    /// Whether another publisher brings it, so that this stream is there in case that one breaks
    /// off (section 9.3).
    is_spare: bool,
    /// When the object must be whole that has begun.
    whole_until: Option<Instant>,
}

impl<'a, S> Ingest<'a, S> {
    fn new(peer: &'a Peer<S>, header: SubgroupHeader, track: TrackKey) -> Self {
        Self {
            peer,
            track,
            header,
            decoder: SubgroupDecoder::new(&header),
            key: None,
            subgroup: header.subgroup,
            is_spare: false,
            whole_until: None,
        }
    }

    /// Reads to the end of the stream: chunk, decoder, log.
    async fn run<R: RecvStream<Error = TransportError>>(
        &mut self,
        first: Bytes,
        stream: &mut R,
    ) -> Result<SubgroupEnd, Stop> {
        self.take(first)?;
        while let Some(chunk) = self.read(stream).await.map_err(Stop::Over)? {
            self.take(chunk)?;
        }
        self.decoder.finish()?;
        Ok(SubgroupEnd::Finished)
    }

    /// The next chunk. Between objects a stream may be silent as long as it likes; inside one it has
    /// a while, and more with each byte that comes.
    async fn read<R: RecvStream<Error = TransportError>>(
        &mut self,
        stream: &mut R,
    ) -> Result<Option<Bytes>, Ending> {
        let read = stream.read_chunk(READ_BYTES);
        if self.decoder.is_between_objects() {
            self.whole_until = None;
            return Ok(read.await?);
        }
        let until = *self.whole_until.get_or_insert_with(|| Instant::now() + DATA_MAX);
        let late =
            || Ending::Close(SessionCode::DataStreamTimeout, "the rest of an object is late");
        let chunk = timeout_at(until, read).await.map_err(|_| late())??;
        let bytes = u32::try_from(chunk.as_ref().map_or(0, Bytes::len)).unwrap_or(u32::MAX);
        // No object needs more than a minute from any moment on.
        let more = Duration::from_secs(1) * bytes / OBJECT_RATE_MIN;
        self.whole_until = Some((until + more).min(Instant::now() + OBJECT_MAX));
        Ok(chunk)
    }

    fn take(&mut self, chunk: Bytes) -> Result<(), Stop> {
        let mut parts = self.decoder.push(chunk)?;
        let Some(key) = self.open(&mut parts)? else {
            return Ok(());
        };
        if parts.wire.is_empty() {
            return Ok(());
        }
        self.peer.shard.ingest(self.peer.key, |tracks, now| tracks.append(now, key, parts))?;
        Ok(())
    }

    /// The subgroup's place in the log; it has none before its ID is known (section 11.4.2), or
    /// while another publisher brings it.
    fn open(&mut self, parts: &mut Parts) -> Result<Option<SubgroupKey>, Rejected> {
        if self.key.is_some() {
            return Ok(self.key);
        }
        let first = parts.objects.first();
        self.subgroup = self.subgroup.or_else(|| first.map(|mark| mark.id));
        let Some(subgroup) = self.subgroup else {
            return Ok(None);
        };
        // What was left out so far is here, or was lost with the one who brought it.
        let offset = match first {
            Some(mark) if self.is_spare => mark.start,
            None if self.is_spare => return Ok(None),
            _ => 0,
        };
        let start = SubgroupStart {
            priority: self.header.priority,
            has_properties: self.header.has_properties,
            end_of_group: self.header.end_of_group,
            first_object: self.header.first_object,
            offset,
            known_below: 0,
        };
        let (track, place) = (self.track, (self.header.group, subgroup));
        let publisher = self.peer.key;
        let opened = self
            .peer
            .shard
            .act(|tracks, now| tracks.open_subgroup((now, publisher), track, place, start));
        if opened == Err(Rejected::Spare) {
            self.is_spare = true;
            return Ok(None);
        }
        self.key = Some(opened?);
        let bytes: usize = parts.wire.iter().map(Bytes::len).sum();
        let begin = self.decoder.position().saturating_sub(bytes as u64);
        parts.skip(offset.saturating_sub(begin));
        Ok(self.key)
    }

    fn end(&self, end: SubgroupEnd) {
        if let Some(key) = self.key {
            self.peer.shard.act(|tracks, now| tracks.end_subgroup(now, key, end));
        }
    }
}
