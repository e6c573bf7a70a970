//! Streams of both kinds of session: quinn's, with the session's code space.

use bytes::{Buf, Bytes, BytesMut};

use crate::code::CodeSpace;
use crate::error::TransportError;

/// Chunks taken from quinn in one read. Put together they make one piece of the log: fewer, larger
/// pieces cost each subscriber less.
const CHUNKS_PER_READ: usize = 32;

enum SendInner {
    Quic(quinn::SendStream),
    WebTransport(wtransport::SendStream),
}

/// The sending half of a stream.
pub struct SendStream {
    inner: SendInner,
    codes: CodeSpace,
}

impl SendStream {
    pub(crate) const fn quic(stream: quinn::SendStream, codes: CodeSpace) -> Self {
        Self { inner: SendInner::Quic(stream), codes }
    }

    pub(crate) const fn webtransport(stream: wtransport::SendStream) -> Self {
        Self { inner: SendInner::WebTransport(stream), codes: CodeSpace::Http3 }
    }

    fn stream(&mut self) -> &mut quinn::SendStream {
        match &mut self.inner {
            SendInner::Quic(stream) => stream,
            SendInner::WebTransport(stream) => stream.quic_stream_mut(),
        }
    }
}

impl web_transport_trait::SendStream for SendStream {
    type Error = TransportError;

    async fn write(&mut self, buf: &[u8]) -> Result<usize, TransportError> {
        let codes = self.codes;
        self.stream().write(buf).await.map_err(|error| TransportError::write(error, codes))
    }

    async fn write_chunk(&mut self, chunk: Bytes) -> Result<(), TransportError> {
        let codes = self.codes;
        let written = self.stream().write_chunk(chunk).await;
        written.map_err(|error| TransportError::write(error, codes))
    }

    fn set_priority(&mut self, order: i32) {
        // It fails only on a stream that is closed, where priority means nothing.
        let _ = self.stream().set_priority(order);
    }

    fn finish(&mut self) -> Result<(), TransportError> {
        self.stream().finish().map_err(|_| TransportError::StreamClosed)
    }

    fn reset(&mut self, code: u32) {
        let code = self.codes.encode(code);
        // A stream that is closed needs no reset.
        let _ = self.stream().reset(code);
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        let codes = self.codes;
        match self.stream().stopped().await {
            Ok(None) => Ok(()),
            Ok(Some(code)) => Err(TransportError::Stopped(codes.decode(code))),
            Err(quinn::StoppedError::ConnectionLost(error)) => Err(error.into()),
            Err(quinn::StoppedError::ZeroRttRejected) => Err(TransportError::StreamClosed),
        }
    }
}

enum RecvInner {
    Quic(quinn::RecvStream),
    WebTransport(wtransport::RecvStream),
}

/// The receiving half of a stream.
pub struct RecvStream {
    inner: RecvInner,
    codes: CodeSpace,
}

impl RecvStream {
    pub(crate) const fn quic(stream: quinn::RecvStream, codes: CodeSpace) -> Self {
        Self { inner: RecvInner::Quic(stream), codes }
    }

    pub(crate) const fn webtransport(stream: wtransport::RecvStream) -> Self {
        Self { inner: RecvInner::WebTransport(stream), codes: CodeSpace::Http3 }
    }

    fn stream(&mut self) -> &mut quinn::RecvStream {
        match &mut self.inner {
            RecvInner::Quic(stream) => stream,
            RecvInner::WebTransport(stream) => stream.quic_stream_mut(),
        }
    }
}

impl web_transport_trait::RecvStream for RecvStream {
    type Error = TransportError;

    async fn read(&mut self, dst: &mut [u8]) -> Result<Option<usize>, TransportError> {
        let codes = self.codes;
        self.stream().read(dst).await.map_err(|error| TransportError::read(error, codes))
    }

    /// All that has arrived, up to 32 packets' worth, as one piece. `max` is a hint: quinn hands
    /// out packets' payloads whole, so a little more than `max` may come.
    async fn read_chunk(&mut self, max: usize) -> Result<Option<Bytes>, TransportError> {
        let codes = self.codes;
        let count = max.div_ceil(1200).clamp(1, CHUNKS_PER_READ);
        let mut chunks = [const { Bytes::new() }; CHUNKS_PER_READ];
        let slots = chunks.get_mut(..count).unwrap_or_default();
        let read = self.stream().read_chunks(slots).await;
        let Some(read) = read.map_err(|error| TransportError::read(error, codes))? else {
            return Ok(None);
        };
        Ok(Some(join(chunks.get(..read).unwrap_or_default())))
    }

    fn stop(&mut self, code: u32) {
        let code = self.codes.encode(code);
        // A stream that is closed needs no stop.
        let _ = self.stream().stop(code);
    }

    async fn closed(&mut self) -> Result<(), TransportError> {
        let codes = self.codes;
        match self.stream().received_reset().await {
            Ok(None) => Ok(()),
            Ok(Some(code)) => Err(TransportError::Reset(codes.decode(code))),
            Err(quinn::ResetError::ConnectionLost(error)) => Err(error.into()),
            Err(quinn::ResetError::ZeroRttRejected) => Err(TransportError::StreamClosed),
        }
    }
}

/// One piece of its own: what quinn hands out are parts of what the socket received at once, up to
/// 64 KiB, all of which a few bytes would keep for as long as the log has them.
fn join(chunks: &[Bytes]) -> Bytes {
    let mut joined = BytesMut::with_capacity(chunks.iter().map(Buf::remaining).sum());
    for chunk in chunks {
        joined.extend_from_slice(chunk);
    }
    joined.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_keeps_nothing_of_the_packets_that_it_came_with() {
        let received = Bytes::from(vec![0x5A; 64 << 10]);
        let piece = join(&[received.slice(100..180)]);
        assert_eq!(piece, [0x5A; 80][..]);
        assert!(received.is_unique(), "80 bytes keep 64 KiB");
    }
}
