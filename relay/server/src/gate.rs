//! Who may do what: asked at SETUP, with the session's token or without one, and for each token of
//! a request.

use std::sync::atomic::{AtomicU64, Ordering};

use mosaik_proto::token::{Claims, Grants};

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not one of ours, or is for something else.
    Invalid,
    /// Another session used it before.
    Taken,
    /// Its time is over.
    Expired,
}

/// A session, as far as tokens are concerned: what one of them used is of no use to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer(u64);

impl Bearer {
    /// One that there was not before in this process.
    pub fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Checks tokens.
pub trait Gate: Send + Sync {
    /// The claims of a token that is good now; it is `bearer`'s from here on.
    ///
    /// # Errors
    /// [`Refusal`].
    fn admit(&self, token: &[u8], bearer: Bearer) -> Result<Claims, Refusal>;

    /// What a session without a token may do; `None` when there is no session without one.
    fn visitor(&self) -> Option<Grants>;
}
