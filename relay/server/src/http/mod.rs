//! The page, the way in, and the headers that keep a browser from doing anything else.

mod admin;
mod body;
mod consent;
mod headers;
mod join;
mod lease;
mod line;
mod links;
mod listener;
mod local;
mod metrics;
mod page;
mod problem;
mod qlog;
mod receipt;
mod socket;

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Extension, Json, Router, middleware};
use mosaik_certs::Certificates;

use crate::access::Access;
use crate::config::{ConsentTexts, PublicUrl};
use crate::metrics::Snapshots;
use crate::rooms::Rooms;
use crate::trace::Traces;

pub use listener::{bind, serve};
pub use socket::Sockets;

/// Where the relay takes WebTransport sessions and WebSockets.
pub const RELAY_PATH: &str = "/moqt";

/// Largest body of a request.
const BODY_BYTES_MAX: usize = 4 * 1024;

/// What answering a request needs.
#[derive(Debug)]
pub struct HttpState {
    /// The rooms and their links' secrets.
    pub rooms: Arc<Rooms>,
    /// Signs the tokens.
    pub access: Arc<Access>,
    /// What people read before they agree to something.
    pub consent: ConsentTexts,
    /// The certificate of the page and of the relay.
    pub certificates: Arc<Certificates>,
    /// The address in the links, if it is not this machine alone.
    pub public_url: Option<PublicUrl>,
    /// The port of this listener, UDP and TCP.
    pub port: u16,
    /// Most TCP connections at once.
    pub connections_max: usize,
    /// What becomes of WebSockets.
    pub sockets: Sockets,
    /// How the relay does.
    pub snapshots: Snapshots,
    /// What QUIC does.
    pub traces: Traces,
}

/// Who sent a request; every request carries it.
#[derive(Debug, Clone, Copy)]
struct Peer(IpAddr);

fn router(state: &Arc<HttpState>) -> Router {
    let line = Router::new()
        .route("/api/line", get(line::relay).post(line::measure).fallback(problem::wrong_method))
        .layer(Extension(Arc::new(line::Measurements::new())))
        .layer(DefaultBodyLimit::max(line::UP_BYTES_MAX));
    Router::new()
        .route("/api/join", post(join::join).fallback(problem::wrong_method))
        .route("/api/consent", post(consent::consent).fallback(problem::wrong_method))
        .route("/api/links", post(links::links).fallback(problem::wrong_method))
        .route("/api/receipt", post(receipt::receipt).fallback(problem::wrong_method))
        .route("/api/admin", post(admin::admin).fallback(problem::wrong_method))
        .route("/api/health", get(health).fallback(problem::wrong_method))
        .route("/metrics", get(metrics::metrics).fallback(problem::wrong_method))
        .route("/qlog", get(qlog::qlog).fallback(problem::wrong_method))
        .route(RELAY_PATH, get(socket::upgrade).fallback(problem::wrong_method))
        .fallback(page::page)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .merge(line)
        .layer(middleware::from_fn_with_state(Arc::clone(state), headers::protect))
        .with_state(Arc::clone(state))
}

async fn health() -> impl IntoResponse {
    Json(serde_json::json!({ "status": "ok" }))
}
