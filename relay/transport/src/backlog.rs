//! How much may wait in QUIC behind what is on its way.
//!
//! What was handed to QUIC cannot be dropped from the log any more, and QUIC's own window of bytes
//! that are not yet acknowledged would hold seconds of a slow line. quinn tells neither what of it
//! was sent nor what waits, but it can be told the window: what may be on its way, and as much on
//! top as the line takes in [`WAITING`].
//!
//! Datagrams have a queue of their own in quinn, which it sends before all streams and whose length it
//! tells. They are not part of the window of streams, but of what is on its way: while speech takes a
//! part of the congestion window, as much more of the streams waits than the window was made for. With
//! speech at 90 kbit/s on 200 kbit/s that is half a round trip, and what waits there is not speech.

use std::time::Duration;

use bytes::Bytes;

use crate::lane::Offered;
use crate::settings::{DATAGRAM_BYTES, SessionBounds};

/// What may wait in QUIC, as time on the line. A session that is full is tried again every 5 ms, or
/// every 100 ms under load; less would leave the line idle in between, more is time in which newer
/// pictures cannot take the place of older ones.
const WAITING: Duration = Duration::from_millis(60);

/// What may wait at least: two packets, so that there is always one to go on with.
const WAITING_MIN: u64 = 2 * 1_452;

/// For whom there is to be room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Speech and control: never kept out by what waits of the others.
    Urgent,
    /// Everything else.
    Bulk,
}

/// The window of bytes that are handed over and not acknowledged, on a line with this congestion
/// window (bytes) and round trip time, and at most `most`.
pub fn window(congestion_window: u64, round_trip: Duration, most: u64) -> u64 {
    congestion_window.saturating_add(waiting(congestion_window, round_trip)).min(most)
}

/// What may wait behind that: what the line takes in [`WAITING`], in bytes.
pub(crate) fn waiting(congestion_window: u64, round_trip: Duration) -> u64 {
    let waiting = u128::from(congestion_window) * WAITING.as_nanos() / round_trip.as_nanos().max(1);
    u64::try_from(waiting).unwrap_or(u64::MAX).max(WAITING_MIN)
}

/// What a datagram counts in quinn's queue beside its bytes.
const DATAGRAM_COST: usize = size_of::<Bytes>();

/// Bytes of datagrams that were handed over and have not left.
pub(crate) fn datagrams_waiting(connection: &quinn::Connection) -> usize {
    let room = connection.datagram_send_buffer_space().saturating_add(DATAGRAM_COST);
    DATAGRAM_BYTES.saturating_sub(room)
}

/// Hands a datagram over if not too much waits there.
pub(crate) fn offer_datagram(
    connection: &quinn::Connection,
    payload: Bytes,
    bounds: SessionBounds,
) -> Offered {
    let waits = datagrams_waiting(connection);
    if waits > 0 {
        let path = connection.stats().path;
        let most = waiting(path.cwnd, path.rtt).min(bounds.in_flight);
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(DATAGRAM_BYTES);
        if waits.saturating_add(payload.len()).saturating_add(2 * DATAGRAM_COST) > most {
            return Offered::Full;
        }
    }
    match connection.send_datagram(payload) {
        Ok(()) => Offered::Taken,
        Err(_) => Offered::TooLarge,
    }
}

/// Makes room for what is written next, and says for whom there is room then: on a fast line for
/// everyone.
pub(crate) fn make_room(connection: &quinn::Connection, room: Room, bounds: SessionBounds) -> Room {
    let most = bounds.in_flight;
    let window = match room {
        Room::Urgent => most,
        Room::Bulk => {
            let path = connection.stats().path;
            let window = window(path.cwnd, path.rtt, most);
            if window == most {
                return Room::Urgent;
            }
            window
        }
    };
    connection.set_send_window(window);
    room
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 768 << 10;

    #[test]
    fn a_slow_line_has_sixty_milliseconds_waiting() {
        // 400 kbit/s with a round trip of 240 ms: 12,000 bytes are on their way.
        let window = window(12_000, Duration::from_millis(240), MOST);
        assert_eq!(window - 12_000, 3_000);
    }

    #[test]
    fn there_is_always_a_packet_to_go_on_with_and_never_more_than_the_bound() {
        assert_eq!(window(2_904, Duration::from_secs(3), MOST), 2 * 2_904);
        assert_eq!(window(12_000, Duration::from_micros(200), MOST), MOST);
        assert_eq!(window(u64::MAX, Duration::ZERO, MOST), MOST);
    }
}
