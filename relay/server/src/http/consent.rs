//! `POST /api/consent`: what people read before they agree to something, and what whoever has this
//! link may agree to at most.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use mosaik_proto::room::Agreed;
use serde::{Deserialize, Serialize};

use super::HttpState;
use super::body::{Body, read};
use super::problem::Problem;
use crate::config::ConsentTexts;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    room: String,
    secret: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    texts: &'a ConsentTexts,
    most: Agreed,
    /// For how many days who was there when is kept after the room has closed.
    #[serde(rename = "attendanceDays")]
    attendance_days: u8,
}

/// Tells nobody whether a link is good: whatever opens nothing is answered as the class's link is.
pub(crate) async fn consent(
    State(state): State<Arc<HttpState>>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let request: Request = read(body)?;
    let most = state.rooms.most_agreed(&request.room, &request.secret, Instant::now());
    Ok(Json(Answer { texts: &state.consent, most, attendance_days: state.rooms.attendance_days() })
        .into_response())
}
