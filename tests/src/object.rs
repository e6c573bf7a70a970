//! A subgroup's stream, read object by object or as the bytes come.

use anyhow::{Context, bail};
use bytes::{Buf, Bytes, BytesMut};
use mosaik_proto::moqt::{
    Location, ObjectMark, ObjectStatus, SubgroupDecoder, SubgroupHeader, SubgroupId,
};
use mosaik_transport::TransportError;
use web_transport_trait::RecvStream as _;

use crate::socket::RecvStream;
use crate::wait::within;

/// Bytes asked for in one read.
const READ_BYTES: usize = 64 << 10;

/// A whole object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its group and ID.
    pub location: Location,
    /// Its subgroup.
    pub subgroup: SubgroupId,
    /// Its properties' pairs, in wire form.
    pub properties: Bytes,
    /// What it is.
    pub status: ObjectStatus,
    /// Its payload.
    pub payload: Bytes,
}

/// What a subgroup's stream brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// An object.
    Object(Object),
    /// FIN: there is nothing more in this subgroup.
    End,
    /// The relay gave the subgroup up, with this code.
    Reset(Option<u32>),
}

/// A subgroup's stream behind its header. Nothing is read before it is asked for.
pub struct SubgroupReader {
    /// What the stream began with.
    pub header: SubgroupHeader,
    stream: RecvStream,
    decoder: SubgroupDecoder,
    /// Wire bytes from offset `dropped` on.
    bytes: BytesMut,
    dropped: u64,
    marks: std::collections::VecDeque<ObjectMark>,
    first: Option<u64>,
    end: Option<Piece>,
}

impl SubgroupReader {
    pub(crate) fn new(
        header: SubgroupHeader,
        stream: RecvStream,
        ahead: Bytes,
    ) -> anyhow::Result<Self> {
        let mut reader = Self {
            header,
            stream,
            decoder: SubgroupDecoder::new(&header),
            bytes: BytesMut::new(),
            dropped: 0,
            marks: std::collections::VecDeque::new(),
            first: None,
            end: None,
        };
        reader.push(ahead)?;
        Ok(reader)
    }

    /// The next object, or how the stream ended; the end is repeated when asked again.
    ///
    /// # Errors
    /// When the relay sends what is no subgroup, nothing comes in time, or the session ends.
    pub async fn next(&mut self) -> anyhow::Result<Piece> {
        within("an object", self.next_at_leisure()).await?
    }

    /// As [`SubgroupReader::next`], however long it takes.
    ///
    /// # Errors
    /// When the relay sends what is no subgroup, or the session ends.
    pub async fn next_at_leisure(&mut self) -> anyhow::Result<Piece> {
        loop {
            if let Some(object) = self.take_object() {
                return Ok(Piece::Object(object));
            }
            if let Some(end) = &self.end {
                return Ok(end.clone());
            }
            self.read_more().await?;
        }
    }

    /// The next object, which must come.
    ///
    /// # Errors
    /// As [`SubgroupReader::next`], and when the stream ends instead.
    pub async fn object(&mut self) -> anyhow::Result<Object> {
        match self.next().await? {
            Piece::Object(object) => Ok(object),
            other @ (Piece::End | Piece::Reset(_)) => bail!("an object was expected: {other:?}"),
        }
    }

    /// The first `len` payload bytes of the object under way, before it is whole.
    ///
    /// # Errors
    /// When they do not come in time.
    pub async fn beginning(&mut self, len: usize) -> anyhow::Result<Bytes> {
        loop {
            if let Some(bytes) = self.begun(len) {
                return Ok(Bytes::copy_from_slice(bytes));
            }
            if let Some(end) = &self.end {
                bail!("the stream ended: {end:?}");
            }
            within("the beginning of an object", self.read_more()).await??;
        }
    }

    fn begun(&self, len: usize) -> Option<&[u8]> {
        let at = offset(self.marks.front()?.payload_at.saturating_sub(self.dropped));
        self.bytes.get(at..at.saturating_add(len))
    }

    /// Waits until the relay gave the subgroup up, reading nothing of it on the way.
    ///
    /// # Errors
    /// When it does not in time, or finishes it.
    pub async fn given_up(&mut self) -> anyhow::Result<Option<u32>> {
        match within("a reset", self.stream.closed()).await? {
            Err(TransportError::Reset(code)) => Ok(code),
            other => bail!("a reset was expected: {other:?}"),
        }
    }

    /// Does not want the rest.
    pub fn stop(mut self, code: u32) {
        self.stream.stop(code);
    }

    fn take_object(&mut self) -> Option<Object> {
        let mark = *self.marks.front()?;
        let have = self.dropped.saturating_add(u64::try_from(self.bytes.len()).unwrap_or(0));
        if mark.end > have {
            return None;
        }
        self.marks.pop_front();
        self.bytes.advance(offset(mark.properties_at.saturating_sub(self.dropped)));
        let properties = self.bytes.split_to(offset(mark.properties_len)).freeze();
        let head = mark.payload_at.saturating_sub(mark.properties_at + mark.properties_len);
        self.bytes.advance(offset(head));
        let payload = self.bytes.split_to(offset(mark.end.saturating_sub(mark.payload_at)));
        self.dropped = mark.end;
        Some(Object {
            location: Location::new(self.header.group, mark.id),
            subgroup: self.header.subgroup.or(self.first).unwrap_or_default(),
            properties,
            status: mark.status,
            payload: payload.freeze(),
        })
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        match self.stream.read_chunk(READ_BYTES).await {
            Ok(Some(chunk)) => self.push(chunk)?,
            Ok(None) => {
                self.decoder.finish().context("FIN inside an object")?;
                self.end = Some(Piece::End);
            }
            Err(TransportError::Reset(code)) => self.end = Some(Piece::Reset(code)),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn push(&mut self, chunk: Bytes) -> anyhow::Result<()> {
        let parts = self.decoder.push(chunk)?;
        parts.wire.iter().for_each(|bytes| self.bytes.extend_from_slice(bytes));
        self.first = self.first.or_else(|| parts.objects.first().map(|mark| mark.id));
        self.marks.extend(parts.objects);
        Ok(())
    }
}

/// Offsets here are within one subgroup, which fits into memory.
fn offset(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
