//! Padding that finds out whether a line carries more (section 11.5).

use std::time::{Duration, Instant};

use mosaik_transport::{Lane, Outgoing, Padding};

/// What is handed over at once is for so much time at most.
const AT_ONCE: Duration = Duration::from_millis(200);

/// Bytes of one padding stream at most, whatever is asked for.
const BYTES_MAX: u64 = 128 << 10;

/// Padding of one session: behind everything that is of use, and only while that is all gone.
pub(super) struct Probe<L: Lane> {
    open: Option<Padding<L>>,
    /// Bits a second, and since when they were not handed over.
    asked: Option<(u64, Instant)>,
}

impl<L: Lane> Probe<L> {
    pub(super) const fn new() -> Self {
        Self { open: None, asked: None }
    }

    /// So many bits a second are to be padded from now on, or none: what was not sent is taken back.
    pub(super) fn set(&mut self, now: Instant, bitrate: Option<u64>) {
        match (bitrate, &mut self.asked) {
            (None, _) => {
                self.asked = None;
                if let Some(padding) = self.open.take() {
                    padding.cancel();
                }
            }
            (Some(bitrate), Some((asked, _))) => *asked = bitrate,
            (Some(bitrate), None) => self.asked = Some((bitrate, now)),
        }
    }

    /// Hands over what is due, as far as the transport takes it; gives how many bytes that were.
    pub(super) fn write<S: Outgoing<Lane = L>>(&mut self, now: Instant, session: &S) -> u64 {
        let Some((bitrate, since)) = &mut self.asked else {
            return 0;
        };
        if self.open.is_none() {
            let time = now.saturating_duration_since(*since).min(AT_ONCE);
            let bytes = u128::from(*bitrate) * time.as_nanos() / 8 / 1_000_000_000;
            let bytes = u64::try_from(bytes).unwrap_or(BYTES_MAX).min(BYTES_MAX);
            if bytes == 0 {
                return 0;
            }
            *since = now;
            self.open = Padding::open(session, bytes);
        }
        self.go_on()
    }

    /// Whether there is padding that the transport did not take.
    pub(super) const fn is_waiting(&self) -> bool {
        self.open.is_some()
    }

    /// Hands over what waits; gives how many bytes that were.
    pub(super) fn go_on(&mut self) -> u64 {
        let Some(padding) = &mut self.open else {
            return 0;
        };
        let before = padding.left();
        match padding.write() {
            Ok(0) => {
                self.open = None;
                before
            }
            Ok(left) => before.saturating_sub(left),
            // The peer does not want it: the line is not found out.
            Err(_) => {
                self.open = None;
                0
            }
        }
    }
}
