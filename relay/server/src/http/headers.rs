//! Headers of every answer: the page may load and connect to its own server, and nothing else.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::HttpState;
use crate::config::split_authority;

/// Headers that are the same in every answer.
///
/// COOP and COEP isolate the page from other origins' windows and give it shared memory. What the
/// room does not need is refused to it as well, so that injected code could not use it either.
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), \
         fullscreen=(self), screen-wake-lock=(self), autoplay=(self), clipboard-write=(self), \
         geolocation=(), usb=(), serial=(), hid=(), midi=(), payment=(), \
         browsing-topics=()",
    ),
];

/// Adds the headers to whatever the routes answer.
pub(crate) async fn protect(
    State(state): State<Arc<HttpState>>,
    request: Request,
    next: Next,
) -> Response {
    let policy = content_security_policy(&state, request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The host and port that the client asked for, if they are written as they must be.
pub(crate) fn requested_host(headers: &HeaderMap) -> Option<(&str, Option<u16>)> {
    headers.get(HOST)?.to_str().ok().and_then(split_authority)
}

fn content_security_policy(state: &HttpState, headers: &HeaderMap) -> String {
    let is_development = state.certificates.is_development();
    let mut connect = vec!["'self'".to_owned()];
    // On a page from http://localhost 'self' does not cover the relay's https.
    if let Some(url) = &state.public_url {
        connect.push(url.to_string());
    } else if let Some((host, _)) = requested_host(headers).filter(|(host, _)| is_source(host)) {
        connect.push(format!("https://{host}:{}", state.port));
    }
    if is_development {
        connect.extend(["localhost", "127.0.0.1"].map(|h| format!("https://{h}:{}", state.port)));
    }
    connect.dedup();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; \
         worker-src 'self'; connect-src {}; manifest-src 'self'; frame-ancestors 'self'; \
         base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'",
        connect.join(" ")
    )
}

/// Whether a policy can name the host: it knows no IPv6 addresses (CSP level 3, section 2.3.1).
fn is_source(host: &str) -> bool {
    !host.starts_with('[')
}
