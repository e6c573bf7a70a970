//! A padding stream: bytes that find out what a link carries, behind everything that is of use
//! (section 11.5).

use mosaik_proto::moqt::{ResetCode, SendOrder, padding_bytes, padding_header};

use crate::lane::{Lane, LaneError, Outgoing};

/// Padding that is being sent. Dropping it takes back what has not been sent.
pub struct Padding<L: Lane> {
    lane: L,
    left: u64,
}

impl<L: Lane> Padding<L> {
    /// Opens a stream for `bytes` of padding, if the peer allows one now.
    pub fn open<S: Outgoing<Lane = L>>(session: &S, bytes: u64) -> Option<Self> {
        let lane = session.open_lane(SendOrder::PADDING, padding_header())?;
        Some(Self { lane, left: bytes })
    }

    /// Bytes that were not handed over.
    pub const fn left(&self) -> u64 {
        self.left
    }

    /// Hands over as much as the transport takes now; gives how many bytes are left. With the last
    /// one the stream is finished.
    ///
    /// # Errors
    /// [`LaneError`] when the peer does not want it, or the session is over.
    pub fn write(&mut self) -> Result<u64, LaneError> {
        while self.left > 0 {
            let next = padding_bytes(usize::try_from(self.left).unwrap_or(usize::MAX));
            let written = self.lane.write(&mut [next])?;
            if written == 0 {
                return Ok(self.left);
            }
            self.left = self.left.saturating_sub(u64::try_from(written).unwrap_or(u64::MAX));
            if self.left == 0 {
                // Something was written, so the header was.
                self.lane.finish();
            }
        }
        Ok(0)
    }

    /// Takes back what has not been sent.
    pub fn cancel(mut self) {
        self.lane.reset(ResetCode::Cancelled);
    }
}
