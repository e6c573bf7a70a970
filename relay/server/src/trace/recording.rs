//! The media thread's side of a trace.
//!
//! Nobody knows of a handshake whether it will complete. So while a trace waits every handshake is
//! recorded, a little of it, and the first one that completes has the trace.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use mosaik_transport::{Endpoint, Handshake, Recorder};

use super::{Teller, Told};
use crate::relay::Way;

/// Records of a handshake that are kept until it completes. One without losses makes about 30.
const KEPT_MAX: usize = 512;

/// A trace that waits for its session.
#[derive(Debug, Clone)]
pub struct Wish(Arc<Mutex<Option<Teller>>>);

impl Wish {
    pub(super) fn new(teller: Teller) -> Self {
        Self(Arc::new(Mutex::new(Some(teller))))
    }

    /// Whether it has no session yet and somebody still waits for it.
    fn is_open(&self) -> bool {
        lock(&self.0).as_ref().is_some_and(|teller| !teller.told.is_closed())
    }

    /// Records a handshake as long as the wish is open.
    pub(crate) fn watch(
        &self,
        endpoint: &Endpoint,
        handshake: Handshake,
    ) -> (Handshake, Option<Candidate>) {
        if !self.is_open() {
            return (handshake, None);
        }
        let candidate = Candidate::new(self.clone());
        let title = format!("Mosaik {}", env!("CARGO_PKG_VERSION"));
        let recording = Recording(Arc::clone(&candidate.stage));
        let handshake = endpoint.trace(handshake, candidate.begun, &title, recording);
        (handshake, Some(candidate))
    }
}

/// What becomes of the records of one connection.
#[derive(Debug)]
enum Stage {
    /// The handshake is under way.
    Kept(Vec<Vec<u8>>),
    /// It has the trace; why the session ended, once it has.
    Told(Teller, Option<String>),
    /// Nobody wants them.
    Unwanted,
}

/// A handshake that has the trace if it completes before the others do.
#[derive(Debug)]
pub(crate) struct Candidate {
    wish: Wish,
    begun: Instant,
    stage: Arc<Mutex<Stage>>,
}

impl Candidate {
    fn new(wish: Wish) -> Self {
        let stage = Arc::new(Mutex::new(Stage::Kept(Vec::new())));
        Self { wish, begun: tokio::time::Instant::now().into_std(), stage }
    }

    /// The handshake is complete. It has the trace if that is still to be had.
    pub(crate) fn complete(&self, way: Way) {
        let mut stage = lock(&self.stage);
        let Stage::Kept(kept) = std::mem::replace(&mut *stage, Stage::Unwanted) else {
            return;
        };
        let Some(teller) = lock(&self.wish.0).take() else {
            return;
        };
        let began = std::iter::once(Told::Began(way, self.begun));
        let mut told = kept.into_iter().map(Told::Record).chain(began);
        // It is far less than the queue's size; who has gone does not need it.
        let is_told = told.all(|told| teller.told.try_send(told).is_ok());
        if is_told {
            *stage = Stage::Told(teller, None);
        }
    }

    /// The session is over. The last packets are still to come.
    pub(crate) fn session_ended(&self, why: &str) {
        if let Stage::Told(_, reason) = &mut *lock(&self.stage) {
            *reason = Some(format!("The session ended: {why}."));
        }
    }
}

impl Drop for Candidate {
    fn drop(&mut self) {
        let mut stage = lock(&self.stage);
        if matches!(*stage, Stage::Kept(_)) {
            *stage = Stage::Unwanted;
        }
    }
}

/// What quinn tells.
struct Recording(Arc<Mutex<Stage>>);

impl Recorder for Recording {
    fn record(&mut self, record: Vec<u8>) -> bool {
        let mut stage = lock(&self.0);
        let is_taken = match &mut *stage {
            Stage::Kept(kept) if kept.len() < KEPT_MAX => {
                kept.push(record);
                true
            }
            Stage::Told(teller, _) => teller.told.try_send(Told::Record(record)).is_ok(),
            Stage::Kept(_) | Stage::Unwanted => false,
        };
        if !is_taken && let Stage::Told(teller, _) = std::mem::replace(&mut *stage, Stage::Unwanted)
        {
            // If it has gone, there is nobody who could be told.
            teller.last_word.send(Told::Over(
                "The trace ended, because it was not read fast enough; the session goes on."
                    .to_owned(),
            ));
        }
        is_taken
    }
}

/// Nothing is left of the connection.
impl Drop for Recording {
    fn drop(&mut self) {
        let stage = std::mem::replace(&mut *lock(&self.0), Stage::Unwanted);
        if let Stage::Told(teller, why) = stage {
            let why = why.unwrap_or_else(|| "The session ended with the server.".to_owned());
            teller.last_word.send(Told::Over(why));
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    /// A wish, and what is told to who waits for it in a queue of this size.
    fn wish(size: usize) -> (Wish, mpsc::Receiver<Told>) {
        let (told, heard) = mpsc::channel(size);
        let last_word = told.clone().try_reserve_owned().unwrap();
        (Wish::new(Teller { told, last_word }), heard)
    }

    /// A handshake, and what quinn has of it.
    fn candidate(wish: &Wish) -> (Candidate, Recording) {
        let candidate = Candidate::new(wish.clone());
        let recording = Recording(Arc::clone(&candidate.stage));
        (candidate, recording)
    }

    fn told(heard: &mut mpsc::Receiver<Told>) -> Vec<String> {
        let taken = std::iter::from_fn(|| heard.try_recv().ok());
        let name = |told| match told {
            Told::Began(..) => "began".to_owned(),
            Told::Record(record) => String::from_utf8(record).unwrap(),
            Told::Over(why) => why,
        };
        taken.map(name).collect()
    }

    #[test]
    fn the_first_handshake_that_completes_has_the_trace() {
        let (wish, mut heard) = wish(16);
        let (failed, mut of_failed) = candidate(&wish);
        let (second, mut of_second) = candidate(&wish);
        let (third, mut of_third) = candidate(&wish);
        for recording in [&mut of_failed, &mut of_second, &mut of_third] {
            assert!(recording.record(b"head".to_vec()) && recording.record(b"hello".to_vec()));
        }
        drop(failed);
        assert!(!of_failed.record(b"never".to_vec()));
        second.complete(Way::Quic);
        third.complete(Way::Quic);
        assert!(of_second.record(b"more".to_vec()) && !of_third.record(b"never".to_vec()));
        second.session_ended("left");
        drop(of_second);
        let all = ["head", "hello", "began", "more", "The session ended: left."];
        assert_eq!(told(&mut heard), all);
        assert!(heard.is_closed() && !wish.is_open());
    }

    #[test]
    fn a_reader_that_does_not_keep_up_is_told_so_behind_what_it_has() {
        let (wish, mut heard) = wish(4);
        let (candidate, mut recording) = candidate(&wish);
        assert!(recording.record(b"head".to_vec()));
        candidate.complete(Way::WebTransport);
        assert!(recording.record(b"1".to_vec()) && !recording.record(b"2".to_vec()));
        assert!(!recording.record(b"3".to_vec()), "it goes on");
        let told = told(&mut heard);
        assert_eq!(told.get(..3).unwrap(), ["head", "began", "1"]);
        assert!(told.last().unwrap().contains("not read fast enough") && told.len() == 4);
    }

    #[test]
    fn a_handshake_without_end_is_not_kept_and_leaves_the_trace_to_others() {
        let (wish, _heard) = wish(16);
        let (candidate, mut recording) = candidate(&wish);
        let taken = (0..2 * KEPT_MAX).take_while(|_| recording.record(Vec::new())).count();
        assert_eq!(taken, KEPT_MAX);
        candidate.complete(Way::Quic);
        assert!(wish.is_open());
    }

    #[test]
    fn a_handshake_is_not_recorded_for_a_reader_that_is_gone() {
        let (wish, heard) = wish(16);
        assert!(wish.is_open());
        drop(heard);
        assert!(!wish.is_open());
    }
}
