//! `POST /api/receipt`: what a room held that closed, and what was left of it, for those who led it.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;

use super::HttpState;
use super::body::{Body, read};
use super::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// What the room's last word to them had.
    secret: String,
}

/// Not found is also what is not measured yet: a page asks again.
pub(crate) async fn receipt(
    State(state): State<Arc<HttpState>>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let request: Request = read(body)?;
    let receipt = state.rooms.receipts.find(&request.secret, Instant::now());
    receipt.map(Json).ok_or(Problem::NotFound)
}
