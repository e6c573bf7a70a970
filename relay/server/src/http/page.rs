//! The page, out of the binary: compressed where the browser takes it, cached for good where the
//! name has a hash of the content.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::problem::Problem;

/// A file of the page.
struct Asset {
    path: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
}

/// All files by path, as the build found them.
const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

const NOT_BUILT: &str = "<!doctype html><html lang=\"de\"><meta charset=\"utf-8\">\
    <title>Mosaik</title><h1>Mosaik</h1>\
    <p>Die Seite wurde nicht gebaut: <code>make web</code> ausführen und neu starten.</p>\
    <p lang=\"en\">The page was not built: run <code>make web</code> and start again.</p></html>";

/// Answers every path that is no API.
pub(crate) async fn page(request: Request) -> Response {
    let path = match request.uri().path() {
        "/" => "/index.html",
        "/admin" => "/admin.html",
        path => path,
    };
    let asset = ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok();
    let asset = asset.and_then(|index| ASSETS.get(index));
    let is_missing_page = asset.is_none() && path == "/index.html";
    if asset.is_none() && !is_missing_page {
        return Problem::NotFound.into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return ([(ALLOW, "GET, HEAD")], Problem::MethodNotAllowed).into_response();
    }
    asset.map_or_else(
        || (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
        |asset| answer(asset, request.headers()),
    )
}

fn answer(asset: &Asset, request: &HeaderMap) -> Response {
    let gzip = asset.gzip.filter(|_| accepts_gzip(request));
    let mut response = Response::new(Body::from(gzip.unwrap_or(asset.plain)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(asset.path)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching(asset.path)));
    if asset.gzip.is_some() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if gzip.is_some() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Names below `assets/` have a hash of their content; `index.html` names the newest of them.
fn caching(path: &str) -> &'static str {
    if path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else if ["/index.html", "/admin.html"].contains(&path) {
        "no-store"
    } else {
        "no-cache"
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether `Accept-Encoding` names gzip and does not refuse it with `q=0` (RFC 9110, 12.5.3).
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|one| one.to_str().ok());
    offers.flat_map(|list| list.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
        let quality = parts.find_map(|part| part.strip_prefix("q="));
        is_gzip && quality.is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (offer, is_accepted) in [
            ("gzip", true),
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("identity", false),
            ("xgzip", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(offer));
            assert_eq!(accepts_gzip(&headers), is_accepted, "{offer}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn files_are_in_the_order_that_the_search_needs() {
        assert!(ASSETS.is_sorted_by(|one, next| one.path < next.path));
    }

    #[test]
    fn only_hashed_names_are_cached_for_good() {
        assert!(caching("/assets/join-AB12.js").contains("immutable"));
        assert_eq!(caching("/index.html"), "no-store");
        assert_eq!(caching("/icon.svg"), "no-cache");
        assert_eq!(content_type("/assets/a.worker-X.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("/x"), "application/octet-stream");
    }
}
