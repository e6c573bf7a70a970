//! The body of a request: JSON as docs/protocol.md says, or a problem.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A request's body, as far as it came.
pub(crate) type Body = Result<Bytes, BytesRejection>;

/// The whole body, of whatever it is.
pub(crate) fn whole(body: Body) -> Result<Bytes, Problem> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        _ => Problem::Malformed,
    })
}

/// What the body asks for.
pub(crate) fn read<T: DeserializeOwned>(body: Body) -> Result<T, Problem> {
    serde_json::from_slice(&whole(body)?).map_err(|_| Problem::Malformed)
}
