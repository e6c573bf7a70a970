//! One TCP port for everything that is not QUIC: HTTPS, and plain HTTP for this machine alone.
//!
//! The first byte tells which: a TLS record of type handshake begins with 0x16, and no HTTP
//! request does. Every wait has a deadline, so a silent peer costs a slot for seconds only.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, LOCATION};
use hyper::server::conn::http1;
use hyper::service::{HttpService, Service, service_fn};
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use mosaik_certs::CertificateFault;
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::http::lease::Lease;
use crate::http::problem::Problem;
use crate::http::{HttpState, Peer, headers, router};

/// From the first byte to the end of the TLS handshake, each.
const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(5);

/// For a request's head, and for the time between two requests.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);

/// For a request's body and the making of the answer.
const REQUEST_DEADLINE: Duration = Duration::from_secs(10);

/// For a connection in all, unless an answer asks for more. Thirty people load the page over one slow
/// school line within a minute; who needs longer opens another connection.
const CONNECTION_DEADLINE: Duration = Duration::from_mins(5);

/// For the answers that are under way when the server ends.
const DRAIN_DEADLINE: Duration = Duration::from_secs(5);

/// After a failed accept (no file descriptors, mostly) before the next.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What the system takes beyond what is under way: nothing that is more urgent can overtake it.
const UNSENT_BYTES: u32 = 4 << 10;

/// Connections that the system keeps for us while all slots are taken.
const BACKLOG: i32 = 1024;

/// First byte of a TLS record of type handshake (RFC 8446, section 5.1).
const TLS_HANDSHAKE: u8 = 0x16;

/// Opens the listener. `[::]` takes IPv4 as well, and becomes `0.0.0.0` without IPv6.
///
/// # Errors
/// When the address is taken or not ours.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    match listen(address) {
        Err(error) if address.ip().is_unspecified() && address.is_ipv6() && is_no_ipv6(&error) => {
            listen(SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port())))
        }
        outcome => outcome,
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // A restart must not wait until the last connections of the process before are forgotten.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

fn is_no_ipv6(error: &io::Error) -> bool {
    // EAFNOSUPPORT has no kind of its own: a taken port must not pass as "no IPv6".
    error.kind() != io::ErrorKind::AddrInUse && error.kind() != io::ErrorKind::PermissionDenied
}

/// Answers on `listener` until `shutdown`, then gives what is under way a few seconds.
///
/// # Errors
/// When TLS cannot be set up.
pub async fn serve(
    listener: TcpListener,
    state: Arc<HttpState>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), CertificateFault> {
    let tls = state.certificates.server_config(&[b"http/1.1"])?;
    let door = Arc::new(Door {
        tls: TlsAcceptor::from(Arc::new(tls)),
        router: TowerToHyperService::new(router(&state)),
        state: Arc::clone(&state),
    });
    let slots = Arc::new(Semaphore::new(state.connections_max));
    let (close, closing) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            // The slot first: what nobody can answer stays in the system's queue.
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            () = &mut shutdown => break,
            next = next => next,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, peer)) => {
                let (door, closing) = (Arc::clone(&door), closing.clone());
                connections.spawn(async move {
                    let _slot = slot;
                    let lease = Lease::new(CONNECTION_DEADLINE);
                    tokio::select! {
                        // A connection that fails concerns its peer alone.
                        _ = door.answer(stream, peer, &lease, closing) => {}
                        () = lease.over() => {}
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "no connection could be accepted");
                if timeout(ACCEPT_PAUSE, &mut shutdown).await.is_ok() {
                    break;
                }
            }
        }
    }
    close.send_replace(true);
    let drained = async { while connections.join_next().await.is_some() {} };
    // What is left after the deadline ends with the set.
    let _ = timeout(DRAIN_DEADLINE, drained).await;
    state.sockets.drained().await;
    Ok(())
}

/// What every connection needs.
struct Door {
    tls: TlsAcceptor,
    router: TowerToHyperService<Router>,
    state: Arc<HttpState>,
}

impl Door {
    async fn answer(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        lease: &Lease,
        mut closing: watch::Receiver<bool>,
    ) -> io::Result<()> {
        stream.set_nodelay(true)?;
        #[cfg(target_os = "linux")]
        SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT_BYTES)?;
        let mut first = [0; 1];
        let read = within_handshake(&mut closing, stream.peek(&mut first)).await?;
        let peer = Peer(peer.ip().to_canonical());
        let respond = service_fn(|request| self.respond(request, peer, lease.clone()));
        if read == 1 && first == [TLS_HANDSHAKE] {
            let stream = within_handshake(&mut closing, self.tls.accept(stream)).await?;
            speak(stream, respond, closing).await
        } else if peer.0.is_loopback() {
            speak(stream, respond, closing).await
        } else {
            let redirect = service_fn(async |request| Ok(self.redirect(&request)));
            speak(stream, redirect, closing).await
        }
    }

    async fn respond(
        &self,
        mut request: Request<Incoming>,
        peer: Peer,
        lease: Lease,
    ) -> Result<Response, Infallible> {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(lease);
        let answer = timeout(REQUEST_DEADLINE, self.router.call(request)).await;
        answer.unwrap_or_else(|_| Ok(Problem::TooSlow.into_response()))
    }

    /// Where the same thing is, encrypted. Nothing else is said over a line that anyone can read.
    fn redirect(&self, request: &Request<Incoming>) -> Response {
        let authority = match &self.state.public_url {
            Some(url) => Some(url.authority()),
            None => headers::requested_host(request.headers())
                .map(|(host, _)| format!("{host}:{}", self.state.port)),
        };
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        authority.map_or_else(
            || Problem::Malformed.into_response(),
            |authority| {
                let location = format!("https://{authority}{path}");
                // Not kept: another day there may be something else on this port.
                let headers = [(LOCATION, location.as_str()), (CACHE_CONTROL, "no-store")];
                (StatusCode::PERMANENT_REDIRECT, headers).into_response()
            },
        )
    }
}

/// A step before the first request: it has a deadline, and ends at once when the server does.
async fn within_handshake<T>(
    closing: &mut watch::Receiver<bool>,
    step: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    tokio::select! {
        outcome = timeout(HANDSHAKE_DEADLINE, step) => outcome?,
        () = closed(closing) => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// Waits until the server ends, or is gone.
async fn closed(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|is_closing| *is_closing).await;
}

async fn speak<S>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: S,
    mut closing: watch::Receiver<bool>,
) -> io::Result<()>
where
    S: HttpService<Incoming, ResBody = axum::body::Body, Error = Infallible>,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_headers(64)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let outcome = tokio::select! {
        outcome = &mut connection => outcome,
        () = closed(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    outcome.map_err(io::Error::other)
}

#[cfg(test)]
mod tests;
