//! What the door does with peers that are silent, or come unencrypted from elsewhere.

use mosaik_transport::SessionBounds;
use std::time::{Instant, SystemTime};

use mosaik_certs::Certificates;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::access::Access;
use crate::config::{Sources, load};
use crate::http::Sockets;
use crate::rooms::Rooms;

const ELSEWHERE: &str = "192.0.2.7:50000";

fn door(public_url: Option<&str>) -> Door {
    let flags = public_url.map(|url| ("public_url", url.to_owned())).into_iter().collect();
    let config = load(Sources { flags, ..Sources::default() }).unwrap();
    let certificates = Certificates::development(&[], SystemTime::now()).unwrap();
    let state = Arc::new(HttpState {
        rooms: Arc::new(Rooms::new(&config, Instant::now())),
        access: Arc::new(Access::new().unwrap()),
        certificates,
        consent: config.consent.clone(),
        public_url: config.settings.public_url,
        port: 4433,
        connections_max: 16,
        snapshots: crate::metrics::Snapshots::new().0,
        traces: crate::trace::Traces::new().0,
        sockets: Sockets::new(16, SessionBounds::of(Duration::from_secs(30))).0,
    });
    let tls = state.certificates.server_config(&[b"http/1.1"]).unwrap();
    Door {
        tls: TlsAcceptor::from(Arc::new(tls)),
        router: TowerToHyperService::new(router(&state)),
        state,
    }
}

/// Both ends of a connection.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (client, listener.accept().await.unwrap().0)
}

/// What `door` sends to someone at `peer` who sends `request` and then listens.
async fn answer(door: &Door, peer: &str, request: &str) -> String {
    let (mut client, server) = pair().await;
    let (_close, closing) = watch::channel(false);
    let lease = Lease::new(CONNECTION_DEADLINE);
    client.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    let (_, read) =
        tokio::join!(door.answer(server, peer.parse().unwrap(), &lease, closing), async {
            client.read_to_string(&mut text).await
        });
    read.unwrap();
    text
}

fn request(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn unencrypted_requests_from_elsewhere_are_sent_to_https() {
    let text = answer(&door(None), ELSEWHERE, &request("/a?b", "school.example")).await;
    assert!(text.starts_with("HTTP/1.1 308 "), "{text}");
    assert!(text.contains("location: https://school.example:4433/a?b\r\n"), "{text}");

    let door = door(Some("https://lesson.example"));
    let text = answer(&door, ELSEWHERE, &request("/api/health", "anything.example")).await;
    assert!(text.contains("location: https://lesson.example/api/health\r\n"), "{text}");
    assert!(!text.contains("\"ok\""), "{text}");
}

#[tokio::test]
async fn a_host_that_is_none_is_not_sent_anywhere() {
    let text = answer(&door(None), ELSEWHERE, &request("/", "a b/@evil")).await;
    assert!(text.starts_with("HTTP/1.1 400 ") && !text.contains("location"), "{text}");
}

#[tokio::test]
async fn this_machine_is_answered_in_the_clear() {
    for peer in ["127.0.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
        let text = answer(&door(None), peer, &request("/api/health", "localhost")).await;
        assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_says_nothing_is_let_go() {
    let door = door(None);
    let started = tokio::time::Instant::now();
    assert_eq!(answer(&door, ELSEWHERE, "").await, "");
    assert_eq!(started.elapsed().as_secs(), HANDSHAKE_DEADLINE.as_secs());

    // A head that never ends, and a TLS handshake that stops after its first byte.
    for (first, deadline) in [("GET / HT", HEAD_DEADLINE), ("\x16", HANDSHAKE_DEADLINE)] {
        let started = tokio::time::Instant::now();
        answer(&door, "127.0.0.1:1", first).await;
        assert_eq!(started.elapsed().as_secs(), deadline.as_secs(), "{first:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes_is_told_so() {
    let head = "POST /api/join HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{";
    let text = answer(&door(None), "127.0.0.1:1", head).await;
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
}

#[tokio::test]
async fn a_taken_port_is_an_error_and_not_a_reason_for_ipv4() {
    let first = bind("[::]:0".parse().unwrap()).unwrap();
    let taken = first.local_addr().unwrap();
    assert_eq!(bind(taken).unwrap_err().kind(), io::ErrorKind::AddrInUse);
}
