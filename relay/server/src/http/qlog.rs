//! `/qlog`: what QUIC does in the next session, told on this machine alone until it ends.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures::stream::unfold;

use super::HttpState;
use super::lease::Lease;
use super::local::Local;
use super::problem::Problem;
use crate::trace::{Refused, TIME_MAX, WAIT_MAX};

/// For the end of a trace to go out.
const LAST_WORDS_MAX: Duration = Duration::from_secs(10);

/// A sequence of qlog's records (draft-ietf-quic-qlog-main-schema, section on media types).
const QLOG: &str = "application/qlog+json-seq";

/// The trace of the next session. Its beginning is the answer's first byte.
pub(crate) async fn qlog(
    _: Local,
    State(state): State<Arc<HttpState>>,
    Extension(lease): Extension<Lease>,
) -> Response {
    let trace = match state.traces.begin() {
        Ok(trace) => trace,
        Err(Refused::UnderWay) => return Problem::TraceUnderWay.into_response(),
        Err(Refused::Unheard) => return Problem::Full.into_response(),
    };
    lease.extend(WAIT_MAX + TIME_MAX + LAST_WORDS_MAX);
    let told = unfold(trace, async |mut trace| {
        let more = trace.next().await?;
        Some((Ok::<_, Infallible>(more), trace))
    });
    ([(CONTENT_TYPE, HeaderValue::from_static(QLOG))], Body::from_stream(told)).into_response()
}
