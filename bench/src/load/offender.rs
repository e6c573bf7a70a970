//! Those who misuse a relay: with real sessions over QUIC, and back again as soon as one is ended.

#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else comes is told as it is")]

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::pending;
use std::thread;
use std::time::Duration;

use anyhow::Context;
use futures::FutureExt;
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, FullTrackName, Namespace, Parameters, SessionCode, Setup,
};
use mosaik_tests::{Client, Dialer, Path, Request, Wire};
use mosaik_transport::TransportError;
use rustix::process::nice;
use serde::Serialize;
use tokio::sync::{oneshot, watch};
use tokio::time::{MissedTickBehavior, interval};
use web_transport_trait::RecvStream as _;

use super::{NAMESPACE, TRACK};

/// Requests that are opened and abandoned in all.
pub const REQUESTS: usize = 10_000;

/// Bytes that the transport of most offenders takes before they are read: next to nothing of a group
/// of a second, which is 120 kB.
const WINDOW_BYTES: u32 = 8 << 10;

/// The same for who reads nothing and has room for half a group. Each group that the relay gives up
/// makes that room anew.
const ROOM_BYTES: u32 = 64 << 10;

/// Who reads slowly reads this many bytes...
const SIP_BYTES: usize = 125;

/// ... this often: 10 kbit/s.
const SIP_EVERY: Duration = Duration::from_millis(100);

/// Offenders share the load generator's core, and have what the others leave of it: what they do to
/// others they do in the relay.
const NICE: i32 = 19;

/// What somebody does who should not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Offence {
    /// Subscribes and takes nothing from the streams that come.
    ReadsNothing,
    /// The same with a transport that has room for half a group.
    HasRoomAndReadsNothing,
    /// Subscribes and reads 10 kbit/s of nearly a megabit.
    ReadsSlowly,
    /// Opens [`REQUESTS`] requests as fast as it can and waits for no answer.
    AbandonsRequests,
}

impl Offence {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadsNothing => "reads nothing",
            Self::HasRoomAndReadsNothing => "has room, reads nothing",
            Self::ReadsSlowly => "reads 10 kbit/s",
            Self::AbandonsRequests => "abandons requests",
        }
    }
}

/// One session of an offender.
#[derive(Debug, Clone, Serialize)]
pub struct Stay {
    /// What it did.
    pub offence: Offence,
    /// The code with which it lost the session or the subscription, as the draft names it; `None`
    /// when it was not ended before the measurement was.
    pub ended: Option<String>,
    /// How long it went on.
    pub seconds: f64,
    /// Requests that it opened.
    pub requests: usize,
}

/// Offenders at work, on a thread of their own.
pub struct Offenders {
    stop: watch::Sender<bool>,
    stays: oneshot::Receiver<anyhow::Result<Vec<Stay>>>,
}

impl Offenders {
    /// One for each of these offences.
    ///
    /// # Errors
    /// When there is no thread for them.
    pub fn start(dialer: &Dialer, offences: &[Offence]) -> anyhow::Result<Self> {
        let (stop, stopped) = watch::channel(false);
        let (told, stays) = oneshot::channel();
        let offences: Vec<_> = offences.iter().map(|offence| (*offence, dialer.apart())).collect();
        thread::Builder::new().name("offenders".to_owned()).spawn(move || {
            // Nobody waits for it any more when the measurement has failed.
            let _ = told.send(offend_all(offences, &stopped));
        })?;
        Ok(Self { stop, stays })
    }

    /// Stops them and tells how each of their sessions went.
    ///
    /// # Errors
    /// When one could not even connect.
    pub async fn stop(self) -> anyhow::Result<Vec<Stay>> {
        self.stop.send_replace(true);
        self.stays.await.context("the offenders' thread failed")?
    }
}

fn offend_all(
    offences: Vec<(Offence, Dialer)>,
    stopped: &watch::Receiver<bool>,
) -> anyhow::Result<Vec<Stay>> {
    nice(NICE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let offending = offences.into_iter().map(|(offence, dialer)| {
        let dialer = match offence {
            Offence::ReadsNothing | Offence::ReadsSlowly => {
                dialer.with_receive_window(WINDOW_BYTES)
            }
            Offence::HasRoomAndReadsNothing => dialer.with_receive_window(ROOM_BYTES),
            Offence::AbandonsRequests => dialer,
        };
        offend(offence, dialer, stopped.clone())
    });
    let stays = runtime.block_on(futures::future::try_join_all(offending))?;
    Ok(stays.into_iter().flatten().collect())
}

/// Session after session, until there is nothing left to do or the measurement is over.
async fn offend(
    offence: Offence,
    dialer: Dialer,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<Vec<Stay>> {
    let mut stays = Vec::new();
    let asked = Cell::new(0);
    while !*stopped.borrow() && asked.get() < REQUESTS {
        let (begun, before) = (crate::micros(), asked.get());
        let ended = tokio::select! {
            ended = stay(offence, &dialer, &asked) => ended?,
            // The sender lives until it has said so.
            _ = stopped.wait_for(|stopped| *stopped) => None,
        };
        let requests = asked.get() - before;
        stays.push(Stay { offence, ended, seconds: since(begun), requests });
    }
    Ok(stays)
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a measurement, far below 2^52")]
fn since(begun: u64) -> f64 {
    crate::micros().saturating_sub(begun) as f64 / 1e6
}

/// One session, until it is ended; `None` when its work is done before that.
async fn stay(
    offence: Offence,
    dialer: &Dialer,
    asked: &Cell<usize>,
) -> anyhow::Result<Option<String>> {
    let wire = dialer.dial(Path::Quic).await?;
    let client = Client::begin_deaf(wire, Setup::default()).await?;
    if offence == Offence::AbandonsRequests {
        return Ok(tokio::select! {
            biased;
            ended = closed(&client.wire) => Some(ended),
            done = abandon(&client, asked) => done,
        });
    }
    let name = FullTrackName::new(Namespace::of(&[NAMESPACE]), TRACK.as_bytes());
    let mut request = client.ask_for(&name, Parameters::default()).await?;
    asked.set(asked.get() + 1);
    let reading = async {
        match offence {
            Offence::ReadsSlowly => sip(&client.wire).await,
            _ => pending().await,
        }
    };
    Ok(Some(tokio::select! {
        biased;
        ended = closed(&client.wire) => ended,
        ended = done(&mut request) => ended,
        () = reading => "the streams' end".to_owned(),
    }))
}

/// A code's name as the draft writes it: `TOO_FAR_BEHIND`.
fn as_written(code: impl std::fmt::Debug) -> String {
    let mut written = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !written.is_empty() {
            written.push('_');
        }
        written.push(letter.to_ascii_uppercase());
    }
    written
}

/// The end of a session.
async fn closed(wire: &Wire) -> String {
    match wire.closed().await {
        TransportError::Closed { code, .. } => SessionCode::from_wire(code)
            .map_or_else(|| format!("session code {code:#x}"), as_written),
        other => other.to_string(),
    }
}

/// The end of a subscription. Where the session ends instead, that is told by [`closed`].
async fn done(request: &mut Request) -> String {
    loop {
        match request.next_at_leisure().await {
            Ok(Some(ControlMessage::PublishDone(done))) => {
                return DoneCode::from_wire(done.code)
                    .map_or_else(|| format!("PUBLISH_DONE {:#x}", done.code), as_written);
            }
            Ok(Some(ControlMessage::RequestError(error))) => {
                return format!("REQUEST_ERROR {:#x}", error.code);
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return pending().await,
        }
    }
}

/// Reads a little of every stream, as much as the rate allows, until the session ends.
async fn sip(wire: &Wire) {
    let mut bytes = [0; SIP_BYTES];
    let mut ticks = interval(SIP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut streams = VecDeque::new();
    loop {
        tokio::select! {
            stream = wire.accept_uni() => match stream {
                Ok(stream) => streams.push_back(stream),
                Err(_) => return,
            },
            _ = ticks.tick() => {
                for _ in 0..streams.len() {
                    let Some(mut stream) = streams.pop_front() else { break };
                    // On some there is nothing now; those that ended are let go.
                    let read = stream.read(&mut bytes).now_or_never();
                    let is_open = matches!(read, None | Some(Ok(Some(_))));
                    if is_open {
                        streams.push_back(stream);
                    }
                    if read.is_some() {
                        break;
                    }
                }
            }
        }
    }
}

/// Requests for tracks that do not exist, one after the other, each abandoned at once.
async fn abandon(client: &Client, asked: &Cell<usize>) -> Option<String> {
    while asked.get() < REQUESTS {
        let name = format!("nothing-{}", asked.get());
        let name = FullTrackName::new(Namespace::of(&[NAMESPACE]), name);
        let Ok(mut request) = client.ask_for(&name, Parameters::default()).await else {
            return pending().await;
        };
        if asked.get().is_multiple_of(2) {
            request.cancel();
        } else {
            // Said to the end, and the answer is not waited for.
            let _ = request.finish();
        }
        asked.set(asked.get() + 1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_as_the_draft_writes_them() {
        assert_eq!(as_written(DoneCode::TooFarBehind), "TOO_FAR_BEHIND");
        assert_eq!(as_written(SessionCode::ControlMessageTimeout), "CONTROL_MESSAGE_TIMEOUT");
    }
}
