//! What QUIC does in one session, for who looks after the server: qlog, told while it happens.
//!
//! It is asked for over HTTP ([`Traces`]) and begins on the media thread with the next handshake that
//! completes ([`Wish`]). Between the two is a queue with a bound: the media thread waits for nobody,
//! and when who reads does not keep up the trace ends, not the session.

mod record;
mod recording;
mod telling;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{self, OwnedPermit, WeakSender};

pub(crate) use recording::Candidate;
pub use recording::Wish;
pub(crate) use telling::Trace;

use crate::relay::Way;

/// How long a trace waits for a session: a person has to be asked to load the page again.
pub const WAIT_MAX: Duration = Duration::from_mins(10);

/// How long a trace goes on. quinn keeps the time in single precision, so that steps are 0.06 ms by
/// then.
pub const TIME_MAX: Duration = Duration::from_mins(10);

/// Largest trace. A listener at 2 Mbit/s makes about 5 MB in a minute, and programs that draw traces
/// take them whole into memory.
const BYTES_MAX: usize = 64 << 20;

/// Records that wait to be read: a few seconds of a busy session, about 2 MB.
const RECORDS_MAX: usize = 8192;

/// Traces that wait for the media thread to hear of them; one is under way at a time.
const WISHES_MAX: usize = 4;

/// What comes from the media thread.
#[derive(Debug)]
pub(crate) enum Told {
    /// The handshake is complete; times count from this moment.
    Began(Way, Instant),
    /// A record, as quinn made it.
    Record(Vec<u8>),
    /// There will be no more, and why.
    Over(String),
}

/// The media thread's end of a trace.
#[derive(Debug)]
struct Teller {
    told: mpsc::Sender<Told>,
    /// A place that is kept for the end, however full the queue is.
    last_word: OwnedPermit<Told>,
}

/// Why there is no trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// One is under way.
    UnderWay,
    /// The media thread does not hear of it.
    Unheard,
}

/// Where traces are asked for.
#[derive(Debug)]
pub struct Traces {
    wishes: mpsc::Sender<Wish>,
    /// The trace that was begun last.
    last: Mutex<Option<WeakSender<Told>>>,
}

impl Traces {
    /// A way to ask, and where the media thread hears of it.
    pub fn new() -> (Self, mpsc::Receiver<Wish>) {
        let (wishes, heard) = mpsc::channel(WISHES_MAX);
        (Self { wishes, last: Mutex::new(None) }, heard)
    }

    /// Asks for a trace of the next session.
    pub(crate) fn begin(&self) -> Result<Trace, Refused> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Both ends are there: the one that records, and the one that reads.
        let open = last.as_ref().and_then(WeakSender::upgrade).filter(|told| !told.is_closed());
        if open.is_some() {
            return Err(Refused::UnderWay);
        }
        let (told, heard) = mpsc::channel(RECORDS_MAX);
        let last_word = told.clone().try_reserve_owned().map_err(|_| Refused::Unheard)?;
        *last = Some(told.downgrade());
        let wish = Wish::new(Teller { told, last_word });
        self.wishes.try_send(wish).map_err(|_| Refused::Unheard)?;
        Ok(Trace::new(heard))
    }
}
