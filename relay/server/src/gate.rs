//! Who may have a session: asked once, at SETUP, with its token or without one.

use mosaik_proto::token::{Claims, Grants};

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not one of ours, was used before, or is for something else.
    Invalid,
    /// Its time is over.
    Expired,
}

/// Checks tokens.
pub trait Gate: Send + Sync {
    /// The claims of a token that may open a session now; it is used up by that.
    ///
    /// # Errors
    /// [`Refusal`].
    fn admit(&self, token: &[u8]) -> Result<Claims, Refusal>;

    /// What a session without a token may do; `None` when there is no session without one.
    fn visitor(&self) -> Option<Grants>;
}
