//! `/api/line`: how the page looks at its line before somebody joins. `GET` says where the relay is, so that
//! the page can see whether QUIC gets there; `POST` takes some bytes and sends some. Nobody says who they are.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::body::{Body, whole};
use super::join::Relay;
use super::problem::Problem;
use super::{HttpState, Peer};
use crate::bucket::{Buckets, Rate};
use crate::rooms::network;

/// Most bytes that are taken: a second of a camera's smallest picture, three times.
pub(crate) const UP_BYTES_MAX: usize = 48 * 1024;

/// What is sent: enough rounds of TCP's slow start to tell a slow line from a fast one.
static DOWN: [u8; 64 * 1024] = [0; 64 * 1024];

/// Measurements of one network: a school has one address, and its classes begin at the same time. What
/// it can ask for in the long run is less than 2 Mbit/s.
const MEASUREMENTS: Rate = Rate { burst: 120, each: Duration::from_millis(500) };

/// Networks whose measurements are counted; see [`Buckets`] for what happens beyond.
const NETWORKS_MAX: usize = 4 * 1024;

/// How often each network has measured lately, by a hash that only this process knows.
#[derive(Debug)]
pub(crate) struct Measurements {
    hasher: RandomState,
    buckets: Mutex<Buckets<u64>>,
}

impl Measurements {
    pub(crate) fn new() -> Self {
        let buckets = Mutex::new(Buckets::new(MEASUREMENTS, NETWORKS_MAX));
        Self { hasher: RandomState::new(), buckets }
    }

    fn take(&self, peer: IpAddr, now: Instant) -> Result<(), Problem> {
        let key = self.hasher.hash_one(network(peer));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.take(key, now).map_err(|retry_after| Problem::TooMany { retry_after })
    }
}

/// Where the relay is, as whoever joins is told it.
pub(crate) async fn relay(State(state): State<Arc<HttpState>>) -> impl IntoResponse {
    Json(Relay::of(&state))
}

/// Takes what comes, and sends as much as everyone gets.
pub(crate) async fn measure(
    Extension(Peer(peer)): Extension<Peer>,
    Extension(measurements): Extension<Arc<Measurements>>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    measurements.take(peer, Instant::now())?;
    whole(body)?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], Bytes::from_static(&DOWN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_may_measure_at_once_and_nobody_for_ever() {
        let (measurements, now) = (Measurements::new(), Instant::now());
        let [school, other] = ["192.0.2.7", "192.0.2.8"].map(|text| text.parse().unwrap());
        for _ in 0..120 {
            assert_eq!(measurements.take(school, now), Ok(()));
        }
        let retry_after = Duration::from_millis(500);
        assert_eq!(measurements.take(school, now), Err(Problem::TooMany { retry_after }));
        assert_eq!(measurements.take(other, now), Ok(()), "nobody is held up by another network");
        assert_eq!(measurements.take(school, now + retry_after), Ok(()));
    }
}
