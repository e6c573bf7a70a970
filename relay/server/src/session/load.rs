//! How many requests a session makes, and how much it says on them.

use std::cell::Cell;
use std::time::{Duration, Instant};

use mosaik_proto::moqt::SessionCode;

use super::Ending;
use crate::bucket::{Bucket, Rate};
use crate::limits::Limits;

/// How fast requests are looked at: those of somebody who joins at once, and then no more than take
/// a fortieth of the thread, so that nobody's picture waits behind a thousand of them. The others
/// wait in the transport.
const LOOKED_AT: Rate = Rate { burst: 64, each: Duration::from_millis(2) };

/// The requests of one session: as many as the rate allows are served, as many again are refused
/// with `EXCESSIVE_LOAD`, and who goes on in spite of it is ended.
pub(super) struct Load {
    rate: Rate,
    served: Bucket,
    refused: Bucket,
    looked_at: Bucket,
}

impl Load {
    pub(super) const fn new(rate: Rate, now: Instant) -> Self {
        let full = Bucket::full(rate, now);
        let looked_at = Bucket::full(LOOKED_AT, now);
        Self { rate, served: full, refused: full, looked_at }
    }

    /// How long no request is to be looked at; `None` if the next one may come.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let mut next = self.looked_at;
        next.take(LOOKED_AT, now).err()
    }

    /// A request came; true if it is to be refused.
    ///
    /// # Errors
    /// When the session is to end. The draft has no session code for it (section 3.5).
    pub(super) fn count(&mut self, now: Instant) -> Result<bool, Ending> {
        // Whoever asked whether to wait has not to.
        let _ = self.looked_at.take(LOOKED_AT, now);
        if self.served.take(self.rate, now).is_ok() {
            return Ok(false);
        }
        match self.refused.take(self.rate, now) {
            Ok(()) => Ok(true),
            Err(_) => Err(Ending::Close(SessionCode::InternalError, "too many requests")),
        }
    }
}

/// What the peer says on all requests of its session together, beside the requests themselves, at
/// the rate at which it may make them.
pub(super) struct Talk {
    rate: Rate,
    updates: Cell<Bucket>,
    tokens: Cell<Bucket>,
    /// How long it may leave an answer unread.
    pub(super) unread_max: Duration,
}

/// The shortest time that anybody has for taking an answer: behind what is on its way already, it may
/// take longer than a reader is waited for.
const UNREAD_MIN: Duration = Duration::from_secs(10);

impl Talk {
    pub(super) fn new(limits: &Limits) -> Self {
        let full = Bucket::full(limits.requests, tokio::time::Instant::now().into_std());
        let (updates, tokens) = (Cell::new(full), Cell::new(full));
        Self { rate: limits.requests, updates, tokens, unread_max: limits.reader.max(UNREAD_MIN) }
    }

    /// An update came; gives how long nothing more is to be read, if that is too many.
    pub(super) fn update(&self, now: Instant) -> Option<Duration> {
        take(&self.updates, self.rate, now).err()
    }

    /// Whether one more token may be looked at.
    pub(super) fn may_check_token(&self, now: Instant) -> bool {
        take(&self.tokens, self.rate, now).is_ok()
    }
}

fn take(bucket: &Cell<Bucket>, rate: Rate, now: Instant) -> Result<(), Duration> {
    let mut level = bucket.get();
    let taken = level.take(rate, now);
    bucket.set(level);
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_served_then_refused_then_ended_and_a_pause_forgives() {
        let rate = Rate { burst: 10, each: Duration::from_millis(100) };
        let begin = tokio::time::Instant::now().into_std();
        let mut load = Load::new(rate, begin);
        let answers: Vec<_> = (0..21).map(|_| load.count(begin)).collect();
        assert!(answers.iter().take(10).all(|answer| *answer == Ok(false)), "{answers:?}");
        assert!(answers.iter().skip(10).take(10).all(|answer| *answer == Ok(true)), "{answers:?}");
        let end = Ending::Close(SessionCode::InternalError, "too many requests");
        assert_eq!(answers.last(), Some(&Err(end)));
        assert_eq!(load.count(begin + Duration::from_secs(1)), Ok(false));
    }

    #[test]
    fn who_joins_does_not_wait_and_a_flood_does() {
        let rate = Rate { burst: 500, each: Duration::from_millis(10) };
        let begin = tokio::time::Instant::now().into_std();
        let mut load = Load::new(rate, begin);
        for _ in 0..LOOKED_AT.burst {
            assert_eq!((load.wait(begin), load.count(begin)), (None, Ok(false)));
        }
        let wait = load.wait(begin).unwrap_or_default();
        assert_eq!(wait, LOOKED_AT.each);
        assert_eq!(load.wait(begin + wait), None);
        assert_eq!(load.count(begin + wait), Ok(false));
        assert!(load.wait(begin + wait).is_some());
    }
}
