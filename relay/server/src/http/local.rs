//! Who asks: what is for programs on this machine is for nobody else.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header::FORWARDED;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::problem::Problem;
use super::{Peer, headers};

/// What a proxy writes into requests of others.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The request was made by a program on this machine. For everyone else there is nothing here.
#[derive(Debug)]
pub(crate) struct Local;

impl<S: Sync> FromRequestParts<S> for Local {
    type Rejection = Problem;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Problem> {
        let peer = request.extensions.get::<Peer>();
        let is_local = peer.is_some_and(|Peer(peer)| is_from_here(*peer, &request.headers));
        is_local.then_some(Self).ok_or(Problem::NotFound)
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
    use axum::http::HeaderValue;

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
