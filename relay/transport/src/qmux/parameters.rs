//! Transport parameters (RFC 9000, section 18, as far as they apply; draft-ietf-quic-qmux-02).

use bytes::{Bytes, BytesMut};

use super::{Broken, MuxCode, RECORD_BYTES};
use crate::varint::{put_varint, take_varint, varint_size};

const MAX_RECORD_SIZE: u64 = 0x0571_C594_29CD_0845;

/// What one side lets the other do. Sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MuxParameters {
    /// Milliseconds; 0 is never.
    pub(crate) idle_timeout: u64,
    pub(crate) max_data: u64,
    /// On streams that whoever says this opened.
    pub(crate) max_stream_data_bidi_local: u64,
    /// On those that the other side opened.
    pub(crate) max_stream_data_bidi_remote: u64,
    pub(crate) max_stream_data_uni: u64,
    pub(crate) max_streams_bidi: u64,
    pub(crate) max_streams_uni: u64,
    pub(crate) max_record_size: u64,
    /// Of a whole DATAGRAM frame; 0 is none at all (RFC 9221, section 3).
    pub(crate) max_datagram_frame_size: u64,
}

impl Default for MuxParameters {
    /// What is not said.
    fn default() -> Self {
        Self {
            idle_timeout: 0,
            max_data: 0,
            max_stream_data_bidi_local: 0,
            max_stream_data_bidi_remote: 0,
            max_stream_data_uni: 0,
            max_streams_bidi: 0,
            max_streams_uni: 0,
            max_record_size: RECORD_BYTES as u64,
            max_datagram_frame_size: 0,
        }
    }
}

impl MuxParameters {
    fn field(&mut self, id: u64) -> Option<&mut u64> {
        Some(match id {
            0x01 => &mut self.idle_timeout,
            0x04 => &mut self.max_data,
            0x05 => &mut self.max_stream_data_bidi_local,
            0x06 => &mut self.max_stream_data_bidi_remote,
            0x07 => &mut self.max_stream_data_uni,
            0x08 => &mut self.max_streams_bidi,
            0x09 => &mut self.max_streams_uni,
            MAX_RECORD_SIZE => &mut self.max_record_size,
            0x20 => &mut self.max_datagram_frame_size,
            _ => return None,
        })
    }

    pub(crate) fn encode(mut self) -> Bytes {
        let mut bytes = BytesMut::new();
        for id in [0x01, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, MAX_RECORD_SIZE, 0x20] {
            let value = self.field(id).map_or(0, |value| *value);
            put_varint(id, &mut bytes);
            put_varint(varint_size(value) as u64, &mut bytes);
            put_varint(value, &mut bytes);
        }
        bytes.freeze()
    }

    /// Passes over what it does not know.
    pub(crate) fn decode(mut bytes: Bytes) -> Result<Self, Broken> {
        let broken = |why| Broken::new(MuxCode::Parameter, why);
        let cut = || broken("a parameter is cut off");
        let mut parameters = Self::default();
        let mut seen = Vec::new();
        while !bytes.is_empty() {
            let id = take_varint(&mut bytes).ok_or_else(cut)?;
            if seen.contains(&id) {
                return Err(broken("a parameter comes twice"));
            }
            seen.push(id);
            let length = take_varint(&mut bytes).ok_or_else(cut)?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            if length > bytes.len() {
                return Err(cut());
            }
            let mut value = bytes.split_to(length);
            if let Some(field) = parameters.field(id) {
                *field = take_varint(&mut value).ok_or_else(cut)?;
                if !value.is_empty() {
                    return Err(broken("a parameter is longer than its value"));
                }
            }
        }
        if parameters.max_record_size < RECORD_BYTES as u64 {
            return Err(broken("records smaller than all may be"));
        }
        Ok(parameters)
    }
}
