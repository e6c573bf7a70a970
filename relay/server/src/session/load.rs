//! How many requests a session makes.

use std::time::Instant;

use mosaik_proto::moqt::SessionCode;

use super::Ending;
use crate::bucket::{Bucket, Rate};

/// The requests of one session: as many as the rate allows are served, as many again are refused
/// with `EXCESSIVE_LOAD`, and who goes on in spite of it is ended.
pub(super) struct Load {
    rate: Rate,
    served: Bucket,
    refused: Bucket,
}

impl Load {
    pub(super) const fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, served: Bucket::full(rate, now), refused: Bucket::full(rate, now) }
    }

    /// A request came; true if it is to be refused.
    ///
    /// # Errors
    /// When the session is to end. The draft has no session code for it (section 3.5).
    pub(super) fn count(&mut self, now: Instant) -> Result<bool, Ending> {
        if self.served.take(self.rate, now).is_ok() {
            return Ok(false);
        }
        match self.refused.take(self.rate, now) {
            Ok(()) => Ok(true),
            Err(_) => Err(Ending::Close(SessionCode::InternalError, "too many requests")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

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
}
