//! Why a text is not taken, as whoever wrote it is told.

use mosaik_proto::room::{BadText, Refusal};

/// `max`: characters that such a text may have.
pub(super) const fn refused(bad: BadText, max: usize) -> Refusal {
    match bad {
        BadText::Empty => Refusal::TextEmpty,
        BadText::TooLong => Refusal::TextTooLong { max },
        BadText::Control => Refusal::Malformed,
    }
}
