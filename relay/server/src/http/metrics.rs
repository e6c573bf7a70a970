//! `/metrics`: how the server does, told on this machine alone.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, FORWARDED};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::{HttpState, Peer, headers};
use crate::metrics;

/// What Prometheus asks for first.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What a proxy writes into requests of others.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The numbers, for who asks on this machine; for everyone else there is nothing here.
pub(crate) async fn metrics(
    State(state): State<Arc<HttpState>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
) -> Response {
    if !is_from_here(peer, &headers) {
        return Problem::NotFound.into_response();
    }
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

/// Whether the request was made on this machine, by a program that meant this machine: not through
/// a proxy, and not by a page whose name was made to lead here.
fn is_from_here(peer: IpAddr, headers: &HeaderMap) -> bool {
    let is_local = |host: &str| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    };
    peer.is_loopback()
        && !headers.contains_key(FORWARDED)
        && !headers.contains_key(FORWARDED_FOR)
        && headers::requested_host(headers).is_some_and(|(host, _)| is_local(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_of_this_machine_are_answered() {
        let here = IpAddr::from([127, 0, 0, 1]);
        let asked = |host: &'static str, more: Option<HeaderName>| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static(host));
            headers.extend(more.map(|name| (name, HeaderValue::from_static("for=192.0.2.7"))));
            headers
        };
        for host in ["localhost:4433", "127.0.0.1:4433", "[::1]:4433"] {
            assert!(is_from_here(here, &asked(host, None)), "{host}");
        }
        assert!(!is_from_here(here, &asked("lesson.example", None)));
        assert!(!is_from_here(here, &asked("localhost", Some(FORWARDED))));
        assert!(!is_from_here(here, &asked("localhost", Some(FORWARDED_FOR))));
        assert!(!is_from_here(IpAddr::from([192, 0, 2, 7]), &asked("localhost", None)));
        assert!(!is_from_here(here, &HeaderMap::new()));
    }
}
