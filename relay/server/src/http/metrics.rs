//! `/metrics`: how the server does, told on this machine alone.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::HttpState;
use super::local::Local;
use super::problem::Problem;
use crate::metrics;

/// What Prometheus asks for first.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The numbers.
pub(crate) async fn metrics(_: Local, State(state): State<Arc<HttpState>>) -> Response {
    let Some(snapshot) = state.snapshots.take().await else {
        return Problem::Full.into_response();
    };
    match metrics::write(snapshot) {
        Ok(text) => {
            ([(CONTENT_TYPE, HeaderValue::from_static(OPEN_METRICS))], text).into_response()
        }
        Err(_) => Problem::Fault.into_response(),
    }
}
