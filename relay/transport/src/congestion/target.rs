//! How long a queue may be, and what that is in bytes.

use std::time::Duration;

/// Bytes a second.
pub(super) type Rate = f64;

/// The delay that a session may cause at a megabit a second. It falls with the root of the rate, so
/// that of two sessions on one line the faster one gives way first and both end up with the same.
const QUEUE_AT_MEGABIT: Duration = Duration::from_millis(25);

/// More is heard in a conversation.
const QUEUE_MAX: Duration = Duration::from_millis(60);

/// What threads and radios cause without any queue.
const QUEUE_MIN: Duration = Duration::from_millis(10);

/// A queue of so many packets is there as soon as a line is never idle. On slow lines they take
/// long: 58 ms each at 200 kbit/s.
const PACKETS: u64 = 2;

/// What these packets may take on the slowest lines.
const PACKETS_TIME_MAX: Duration = Duration::from_millis(120);

/// What is used of a buffer that was seen to overflow.
const BUFFER_SHARE: f64 = 0.7;

/// Less than this cannot be told from noise.
const BUFFER_MIN: Duration = Duration::from_millis(5);

/// A megabit a second.
const MEGABIT: Rate = 125_000.0;

/// The delay that a session of this rate may cause, with packets of `mtu` bytes, before a buffer that
/// holds `buffer` as far as is known.
pub(super) fn queue_target(rate: Rate, mtu: u64, buffer: Option<Duration>) -> Duration {
    let scale = (MEGABIT / rate.max(1.0)).sqrt();
    let wanted = QUEUE_AT_MEGABIT.mul_f64(scale.min(10.0)).clamp(QUEUE_MIN, QUEUE_MAX);
    let packets = Duration::from_secs_f64(real(PACKETS * mtu) / rate.max(1.0));
    let packets = packets.min(PACKETS_TIME_MAX);
    let usable = buffer.map(|buffer| buffer.mul_f64(BUFFER_SHARE).max(BUFFER_MIN));
    usable.map_or(wanted, |usable| usable.min(wanted)).max(packets)
}

/// A share of so many bytes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "windows are far below 2^52, and a product with a share stays positive"
)]
pub(super) const fn scaled(bytes: u64, share: f64) -> u64 {
    (real(bytes) * share.max(0.0)) as u64
}

/// What is on its way at this rate with a queue of `target` behind a round trip of `floor`.
pub(super) fn wanted(rate: Rate, floor: Duration, target: Duration, mtu: u64) -> u64 {
    in_flight(rate, floor + target) + mtu
}

/// What is on its way at this rate in this time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rates and times are positive, and their product is a window"
)]
pub(super) const fn in_flight(rate: Rate, time: Duration) -> u64 {
    (rate * time.as_secs_f64()) as u64
}

#[expect(clippy::cast_precision_loss, reason = "bytes, far below 2^52")]
pub(super) const fn real(bytes: u64) -> f64 {
    bytes as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MTU: u64 = 1_452;

    fn target(megabits: f64, buffer: Option<u64>) -> Duration {
        queue_target(megabits * MEGABIT, MTU, buffer.map(Duration::from_millis))
    }

    #[test]
    fn a_fast_session_gives_way_before_a_slow_one() {
        assert_eq!(target(1.0, None), Duration::from_millis(25));
        assert_eq!(target(4.0, None), Duration::from_micros(12_500));
        assert_eq!(target(100.0, None), QUEUE_MIN);
    }

    #[test]
    fn a_slow_line_may_hold_two_packets() {
        assert_eq!(target(0.2, None).as_millis(), 116);
        assert_eq!(target(0.01, None), PACKETS_TIME_MAX);
    }

    #[test]
    fn a_small_buffer_is_not_filled() {
        assert_eq!(target(4.0, Some(100)), Duration::from_micros(12_500));
        assert_eq!(target(4.0, Some(10)), Duration::from_millis(7));
        // Two packets at 3 Mbit/s.
        assert_eq!(target(3.0, Some(10)).as_micros(), 7_744);
    }
}
