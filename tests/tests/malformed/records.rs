//! Records that break QMux's rules, and messages that are none: each ends its own session, and whom
//! the draft gives a code is told it.

use std::sync::atomic::Ordering;

use anyhow::{Context, bail, ensure};
use bytes::{Buf, Bytes};
use futures::{SinkExt, StreamExt};
use mosaik_tests::{Dialer, Path, Relay, within};
use tokio_tungstenite::tungstenite::Message;

use crate::count_panics;
use crate::honest::Honest;

/// Types of frames (draft-ietf-quic-qmux-02; RFC 9000, section 19).
mod kind {
    pub(super) const RESET_STREAM: u64 = 0x04;
    pub(super) const STOP_SENDING: u64 = 0x05;
    pub(super) const STREAM_OFF_LEN: u64 = 0x0E;
    pub(super) const MAX_STREAMS: u64 = 0x13;
    pub(super) const CONNECTION_CLOSE: u64 = 0x1C;
    pub(super) const PARAMETERS: u64 = 0x3F51_5330_0D0A_0D0A;
    pub(super) const PING: u64 = 0x348C_6752_9EF8_C7BD;
    pub(super) const PONG: u64 = 0x348C_6752_9EF8_C7BE;
}

/// Transport error codes (RFC 9000, section 20.1).
mod code {
    pub(super) const FLOW_CONTROL: u64 = 0x3;
    pub(super) const STREAM_LIMIT: u64 = 0x4;
    pub(super) const STREAM_STATE: u64 = 0x5;
    pub(super) const FRAME_ENCODING: u64 = 0x7;
    pub(super) const PARAMETER: u64 = 0x8;
    pub(super) const PROTOCOL_VIOLATION: u64 = 0xA;
}

/// How often all of it is sent: long enough for the honest ones to publish several groups.
const ROUNDS: usize = 40;

/// What is wrong, the message, and the code that its sender is told; `None` where it breaks the
/// rules of WebSockets and the connection ends without a word.
type Line = (&'static str, Message, Option<u64>);

/// Numbers of QUIC, each in its widest form.
fn numbers(values: &[u64]) -> Vec<u8> {
    values.iter().flat_map(|value| (value | (0b11 << 62)).to_be_bytes()).collect()
}

/// A frame, behind transport parameters that give the relay no credit: it has nothing to say but
/// what it thinks of us.
fn behind_parameters(frame: &[u64]) -> Message {
    Message::Binary(numbers(&[&[kind::PARAMETERS, 0], frame].concat()).into())
}

fn lines() -> Vec<Line> {
    let protocol = Some(code::PROTOCOL_VIOLATION);
    let before = Message::Binary(numbers(&[kind::PING, 0]).into());
    let cut = numbers(&[kind::PARAMETERS, 1]);
    vec![
        ("a frame before the parameters", before, protocol),
        ("parameters twice", behind_parameters(&[kind::PARAMETERS, 0]), protocol),
        ("parameters that are cut", Message::Binary(cut.into()), Some(code::FRAME_ENCODING)),
        (
            "a parameter that is cut",
            Message::Binary([numbers(&[kind::PARAMETERS, 8]), numbers(&[4])].concat().into()),
            Some(code::PARAMETER),
        ),
        ("a type nobody knows", behind_parameters(&[0x3F]), Some(code::FRAME_ENCODING)),
        (
            "data shorter than said",
            behind_parameters(&[kind::STREAM_OFF_LEN, 2, 0, 9]),
            Some(code::FRAME_ENCODING),
        ),
        ("a gap in a stream", behind_parameters(&[kind::STREAM_OFF_LEN, 2, 5, 0]), protocol),
        (
            "a stream beyond the limit",
            behind_parameters(&[kind::STREAM_OFF_LEN, 4_000_002, 0, 0]),
            Some(code::STREAM_LIMIT),
        ),
        (
            "bytes beyond the window",
            behind_parameters(&[kind::RESET_STREAM, 2, 0, 1 << 40]),
            Some(code::FLOW_CONTROL),
        ),
        (
            "data against the direction",
            behind_parameters(&[kind::STREAM_OFF_LEN, 3, 0, 0]),
            Some(code::STREAM_STATE),
        ),
        (
            "a stop of a stream that is not open",
            behind_parameters(&[kind::STOP_SENDING, 4_000_003, 0]),
            Some(code::STREAM_STATE),
        ),
        (
            "more streams than have an ID",
            behind_parameters(&[kind::MAX_STREAMS, 1 << 61]),
            Some(code::FRAME_ENCODING),
        ),
        ("a ping that goes back", behind_parameters(&[kind::PING, 1, kind::PING, 1]), protocol),
        ("a text", Message::Text("hello".into()), None),
        ("a message larger than records are", Message::Binary(vec![0; 64 << 10].into()), None),
    ]
}

#[tokio::test]
async fn a_record_that_breaks_the_rules_ends_its_own_session() -> anyhow::Result<()> {
    let panics = count_panics();
    let relay = Relay::start()?;
    let honest = Honest::begin(&relay, Path::WebSocket).await?;
    for _ in 0..ROUNDS {
        for (what, message, code) in lines() {
            let told =
                Box::pin(within(what, told(relay.dialer(), message))).await?.context(what)?;
            assert_eq!(told, code, "{what}");
        }
    }
    let (published, received) = honest.end().await?;
    assert!(published > 1, "the honest ones had no time");
    assert_eq!(published, received, "the honest subscriber missed groups");
    assert_eq!(panics.load(Ordering::Relaxed), 0, "something panicked");
    Ok(())
}

/// Sends one message on a fresh WebSocket, waits until the relay ends it, and gives the code that
/// it told.
async fn told(dialer: &Dialer, message: Message) -> anyhow::Result<Option<u64>> {
    let mut socket = dialer.open_websocket().await?;
    // Whether the relay closes before or after the last byte is no matter.
    drop(socket.send(message).await);
    let mut told = None;
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Binary(record) = message {
            told = told.or(code_in(record)?);
        }
    }
    Ok(told)
}

/// The code of the CONNECTION_CLOSE in a record, if there is one.
fn code_in(mut record: Bytes) -> anyhow::Result<Option<u64>> {
    while record.has_remaining() {
        match number(&mut record)? {
            kind::PARAMETERS => {
                let length = usize::try_from(number(&mut record)?)?;
                ensure!(length <= record.len(), "parameters that are cut");
                record.advance(length);
            }
            kind::PONG => {
                number(&mut record)?;
            }
            kind::CONNECTION_CLOSE => return number(&mut record).map(Some),
            other => bail!("a frame of type {other:#x} for a peer that takes nothing"),
        }
    }
    Ok(None)
}

fn number(record: &mut Bytes) -> anyhow::Result<u64> {
    let size = 1 << (record.first().context("a frame that is cut")? >> 6);
    let mask = (1 << (8 * size - 2)) - 1;
    Ok(record.try_get_uint(size)? & mask)
}
