//! The reader's side of a trace: what came from the media thread, corrected and within bounds.

use std::time::Instant;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::timeout_at;

use super::record::{corrected, message};
use super::{BYTES_MAX, TIME_MAX, Told, WAIT_MAX};
use crate::relay::Way;

/// Records that are taken at once: less than 64 kB.
const AT_ONCE: usize = 256;

/// A trace that is read. When it is dropped, recording ends.
#[derive(Debug)]
pub(crate) struct Trace {
    heard: mpsc::Receiver<Told>,
    /// When it is over at the latest.
    until: Instant,
    /// What its times count from, once a session has begun.
    begun: Option<Instant>,
    bytes: usize,
    is_over: bool,
}

impl Trace {
    pub(super) fn new(heard: mpsc::Receiver<Told>) -> Self {
        Self { heard, until: now() + WAIT_MAX, begun: None, bytes: 0, is_over: false }
    }

    /// Some more of it, or `None` when it is over. Without any session there is nothing at all.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        let mut taken = Vec::new();
        let until = self.until.into();
        let count = timeout_at(until, self.heard.recv_many(&mut taken, AT_ONCE)).await;
        let mut text = Vec::new();
        match count {
            Ok(0) => return None,
            Ok(_) => {
                for told in taken {
                    self.tell(told, &mut text);
                }
            }
            Err(_) if self.begun.is_none() => return None,
            Err(_) => {
                let minutes = TIME_MAX.as_secs() / 60;
                let why = format!("The trace ended after {minutes} minutes; the session goes on.");
                self.end(&why, &mut text);
            }
        }
        Some(text.into())
    }

    fn tell(&mut self, told: Told, text: &mut Vec<u8>) {
        match told {
            _ if self.is_over => {}
            Told::Began(way, begun) => {
                self.begun = Some(begun);
                self.until = now() + TIME_MAX;
                text.extend(self.message(match way {
                    Way::Quic => "A session over QUIC began.",
                    Way::WebTransport => "A session over WebTransport began.",
                    Way::WebSocket => "A session over a WebSocket began.",
                }));
            }
            Told::Record(record) => {
                let record = corrected(&record).unwrap_or_default();
                self.bytes += record.len();
                if self.bytes <= BYTES_MAX {
                    text.extend(record);
                } else {
                    let megabytes = BYTES_MAX >> 20;
                    let why = format!("The trace ended at {megabytes} MB; the session goes on.");
                    self.end(&why, text);
                }
            }
            Told::Over(why) => self.end(&why, text),
        }
    }

    /// Nothing is recorded any more, and what still waits is not told.
    fn end(&mut self, why: &str, text: &mut Vec<u8>) {
        self.heard.close();
        self.is_over = true;
        text.extend(self.message(why));
    }

    fn message(&self, text: &str) -> Vec<u8> {
        let since = self.begun.map(|begun| now().saturating_duration_since(begun));
        message(since.unwrap_or_default(), text)
    }
}

fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Traces;

    const SENT: &[u8] = b"\x1e{\"time\":0.0,\"name\":\"transport:packet_sent\",\"data\":{}}\n";

    /// A trace and where it comes from, kept so that it does not end by itself.
    fn trace() -> (Trace, mpsc::Sender<Told>) {
        let (told, heard) = mpsc::channel(8);
        (Trace::new(heard), told)
    }

    async fn begin(trace: &mut Trace, told: &mpsc::Sender<Told>) {
        told.send(Told::Began(Way::Quic, now())).await.unwrap();
        assert!(text(trace.next().await).contains("A session over QUIC began."));
    }

    fn text(bytes: Option<Bytes>) -> String {
        String::from_utf8(bytes.unwrap().to_vec()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_trace_that_no_session_comes_to_ends_and_is_empty() {
        let (mut trace, _told) = trace();
        let begun = now();
        assert_eq!(trace.next().await, None);
        assert!(now() >= begun + WAIT_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_session_is_traced_for_a_while_and_the_person_is_told() {
        let (mut trace, told) = trace();
        begin(&mut trace, &told).await;
        told.send(Told::Record(SENT.to_vec())).await.unwrap();
        assert_eq!(text(trace.next().await).as_bytes(), SENT);
        let begun = now();
        assert!(text(trace.next().await).contains("after 10 minutes; the session goes on"));
        assert!(now() >= begun + TIME_MAX);
        assert_eq!(trace.next().await, None);
        assert!(told.is_closed(), "recording goes on for nobody");
    }

    #[tokio::test]
    async fn a_large_trace_ends_once_and_nothing_comes_behind_its_end() {
        let (mut trace, told) = trace();
        begin(&mut trace, &told).await;
        trace.bytes = BYTES_MAX - SENT.len();
        for _ in 0..3 {
            told.send(Told::Record(SENT.to_vec())).await.unwrap();
        }
        told.send(Told::Over("The session ended.".to_owned())).await.unwrap();
        let end = text(trace.next().await);
        assert!(end.as_bytes().starts_with(SENT) && end.lines().count() == 2, "{end}");
        assert!(end.contains("at 64 MB; the session goes on"), "{end}");
        assert_eq!(trace.next().await, None);
    }

    #[tokio::test]
    async fn a_reader_that_is_gone_makes_place_for_the_next() {
        let (traces, _wishes) = Traces::new();
        let first = traces.begin().unwrap();
        assert!(traces.begin().is_err());
        drop(first);
        assert!(traces.begin().is_ok());
    }
}
