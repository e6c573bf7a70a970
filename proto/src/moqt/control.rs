//! Control messages out of a stream's bytes: type, 16-bit length, payload (section 10).

use bytes::{Buf, Bytes, BytesMut};
use moqtap_codec::draft18::message as wire_message;
use moqtap_codec::error::CodecError;

use super::varint::decode_varint;
use super::{ControlMessage, Violation, picture_height};

/// Most bytes of one control message: nine of type, two of length, 2^16 - 1 of payload.
pub const MESSAGE_BYTES_MAX: usize = 9 + 2 + 0xFFFF;

/// Collects the bytes of a control or request stream and yields its messages.
///
/// Holds at most [`MESSAGE_BYTES_MAX`] bytes beside one chunk, provided that the caller takes
/// messages until there are none before it pushes again.
#[derive(Debug, Default)]
pub struct ControlDecoder {
    buffer: BytesMut,
}

impl ControlDecoder {
    /// Adds bytes as they were read.
    pub fn push(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
    }

    /// The next whole message, or `None` until more bytes come.
    ///
    /// # Errors
    /// [`Violation`] as soon as the bytes cannot become a message: an unknown type is refused
    /// without waiting for its payload.
    pub fn take(&mut self) -> Result<Option<ControlMessage>, Violation> {
        let mut head = &self.buffer[..];
        let Some(kind) = decode_varint(&mut head) else {
            return Ok(None);
        };
        if wire_message::MessageType::from_id(kind).is_none() {
            return Err(CodecError::UnknownMessageType(kind).into());
        }
        if head.remaining() < 2 {
            return Ok(None);
        }
        let length = usize::from(head.get_u16());
        if head.remaining() < length {
            return Ok(None);
        }
        let whole = self.buffer.len() - head.remaining() + length;
        let message = self.buffer.split_to(whole).freeze();
        let (mut message, height) = picture_height::take(message)?;
        let decoded = wire_message::ControlMessage::decode(&mut message)?;
        let mut message = ControlMessage::from_wire(decoded)?;
        message.set_picture_height(height);
        Ok(Some(message))
    }

    /// Whether the stream may end here: not inside a message.
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// What was read beyond the messages taken so far.
    pub fn into_rest(self) -> Bytes {
        self.buffer.freeze()
    }
}
