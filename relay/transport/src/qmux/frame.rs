//! Frames: those of QUIC (RFC 9000, section 19; RFC 9221) that make sense where nothing is lost, and
//! a few of QMux's own. A record, which is one message of a WebSocket, is one or more of them.

use bytes::{BufMut, Bytes, BytesMut};

use super::parameters::MuxParameters;
use super::{Broken, MuxCode};
use crate::varint::{put_varint, take_varint, varint_size};

const PARAMETERS: u64 = 0x3F51_5330_0D0A_0D0A;
const PING: u64 = 0x348C_6752_9EF8_C7BD;
const PONG: u64 = 0x348C_6752_9EF8_C7BE;

/// More streams have no ID (RFC 9000, section 19.11).
const STREAMS_MAX: u64 = 1 << 60;

/// Before a STREAM frame's data there is at most this much.
pub(crate) const STREAM_HEAD_BYTES: usize = 1 + 8 + 8 + 4;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    Stream {
        id: u64,
        /// Where it is left out, it goes on where the last one ended.
        offset: Option<u64>,
        data: Bytes,
        is_final: bool,
    },
    Reset {
        id: u64,
        code: u64,
        final_size: u64,
    },
    Stop {
        id: u64,
        code: u64,
    },
    MaxData(u64),
    MaxStreamData {
        id: u64,
        max: u64,
    },
    MaxStreams {
        is_one_way: bool,
        max: u64,
    },
    Close {
        /// The application's last words; otherwise the peer found that we broke a rule.
        by_application: bool,
        code: u64,
        reason: Bytes,
    },
    Parameters(MuxParameters),
    Datagram(Bytes),
    Ping(u64),
    Pong(u64),
    /// The peer would like to send more: it is told when it may, without being asked.
    Blocked,
}

/// Takes the next frame off a record; `None` at its end.
pub(crate) fn take_frame(record: &mut Bytes) -> Result<Option<Frame>, Broken> {
    while !record.is_empty() {
        let frame = match number(record)? {
            // Padding.
            0x00 => continue,
            kind @ 0x08..=0x0F => stream(kind, record)?,
            0x04 => {
                let (id, code) = (number(record)?, number(record)?);
                Frame::Reset { id, code, final_size: number(record)? }
            }
            0x05 => Frame::Stop { id: number(record)?, code: number(record)? },
            0x10 => Frame::MaxData(number(record)?),
            0x11 => Frame::MaxStreamData { id: number(record)?, max: number(record)? },
            kind @ (0x12 | 0x13) => {
                let max = number(record)?;
                if max > STREAMS_MAX {
                    return Err(encoding("more streams than have an ID"));
                }
                Frame::MaxStreams { is_one_way: kind == 0x13, max }
            }
            0x14 | 0x16 | 0x17 => {
                number(record)?;
                Frame::Blocked
            }
            0x15 => {
                // The stream, and how far it got.
                number(record)?;
                number(record)?;
                Frame::Blocked
            }
            kind @ (0x1C | 0x1D) => close(kind == 0x1D, record)?,
            PARAMETERS => Frame::Parameters(MuxParameters::decode(field(record)?)?),
            PING => Frame::Ping(number(record)?),
            PONG => Frame::Pong(number(record)?),
            0x30 => Frame::Datagram(record.split_off(0)),
            0x31 => Frame::Datagram(field(record)?),
            // RESET_STREAM_AT too: our parameters did not ask for it.
            _ => return Err(encoding("a frame of a type that is not known")),
        };
        return Ok(Some(frame));
    }
    Ok(None)
}

fn stream(kind: u64, record: &mut Bytes) -> Result<Frame, Broken> {
    let id = number(record)?;
    let offset = if kind & 0x04 == 0 { None } else { Some(number(record)?) };
    let data = if kind & 0x02 == 0 { record.split_off(0) } else { field(record)? };
    Ok(Frame::Stream { id, offset, data, is_final: kind & 0x01 == 1 })
}

fn close(by_application: bool, record: &mut Bytes) -> Result<Frame, Broken> {
    let code = number(record)?;
    if !by_application {
        // The type of the frame that was wrong.
        number(record)?;
    }
    Ok(Frame::Close { by_application, code, reason: field(record)? })
}

fn number(record: &mut Bytes) -> Result<u64, Broken> {
    take_varint(record).ok_or_else(|| encoding("a field reaches past its end"))
}

/// Bytes behind their length.
fn field(record: &mut Bytes) -> Result<Bytes, Broken> {
    let length = usize::try_from(number(record)?).unwrap_or(usize::MAX);
    if length > record.len() {
        return Err(encoding("a field reaches past its end"));
    }
    Ok(record.split_to(length))
}

const fn encoding(why: &'static str) -> Broken {
    Broken::new(MuxCode::FrameEncoding, why)
}

/// The head of a STREAM frame with its offset and length: the form that every peer reads.
pub(crate) fn put_stream_head(
    id: u64,
    offset: u64,
    length: usize,
    is_final: bool,
    record: &mut BytesMut,
) {
    record.put_u8(if is_final { 0x0F } else { 0x0E });
    put_varint(id, record);
    put_varint(offset, record);
    put_varint(length as u64, record);
}

pub(crate) fn reset(id: u64, code: u64, final_size: u64) -> Bytes {
    numbers(&[0x04, id, code, final_size])
}

pub(crate) fn stop(id: u64, code: u64) -> Bytes {
    numbers(&[0x05, id, code])
}

pub(crate) fn max_data(max: u64) -> Bytes {
    numbers(&[0x10, max])
}

pub(crate) fn max_stream_data(id: u64, max: u64) -> Bytes {
    numbers(&[0x11, id, max])
}

pub(crate) fn max_streams(is_one_way: bool, max: u64) -> Bytes {
    numbers(&[if is_one_way { 0x13 } else { 0x12 }, max])
}

pub(crate) fn ping(sequence: u64) -> Bytes {
    numbers(&[PING, sequence])
}

pub(crate) fn pong(sequence: u64) -> Bytes {
    numbers(&[PONG, sequence])
}

pub(crate) fn parameters(parameters: MuxParameters) -> Bytes {
    let fields = parameters.encode();
    behind(&[PARAMETERS, fields.len() as u64], &fields)
}

pub(crate) fn datagram(payload: &[u8]) -> Bytes {
    behind(&[0x31, payload.len() as u64], payload)
}

/// A DATAGRAM frame has this much beside its payload, at most.
pub(crate) const DATAGRAM_HEAD_BYTES: usize = 1 + 4;

/// The application's last words.
pub(crate) fn close_by_application(code: u64, reason: &[u8]) -> Bytes {
    behind(&[0x1D, code, reason.len() as u64], reason)
}

/// What the peer did wrong; which frame it was is not told.
pub(crate) fn close_broken(broken: Broken) -> Bytes {
    let reason = broken.why.as_bytes();
    behind(&[0x1C, broken.code as u64, 0, reason.len() as u64], reason)
}

fn numbers(values: &[u64]) -> Bytes {
    behind(values, &[])
}

fn behind(values: &[u64], tail: &[u8]) -> Bytes {
    let size = values.iter().map(|value| varint_size(*value)).sum::<usize>() + tail.len();
    let mut bytes = BytesMut::with_capacity(size);
    for value in values {
        put_varint(*value, &mut bytes);
    }
    bytes.put_slice(tail);
    bytes.freeze()
}
