//! The HTTP side over real TCP and TLS: the page, the way in, and what is refused.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where its ground is missing"
)]

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use mosaik_certs::Certificates;
use mosaik_proto::room::Role;
use mosaik_proto::token::Kind;
use mosaik_server::access::Access;
use mosaik_server::config::{self, Sources};
use mosaik_server::http::{self, HttpState, Sockets};
use mosaik_server::metrics::Snapshots;
use mosaik_server::rooms::Rooms;
use mosaik_server::trace::Traces;
use mosaik_transport::SessionBounds;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

mod tls_client;

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a free port of this machine; dropping it does not end it, `stop` does.
struct Server {
    address: SocketAddr,
    state: Arc<HttpState>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Server {
    fn start(flags: &[(&'static str, &str)]) -> Self {
        let certificates = Certificates::development(&[], SystemTime::now()).unwrap();
        Self::with(certificates, flags)
    }

    fn with(certificates: Arc<Certificates>, flags: &[(&'static str, &str)]) -> Self {
        let flags = flags.iter().map(|(key, text)| (*key, (*text).to_owned())).collect();
        let config = config::load(Sources { flags, ..Sources::default() }).unwrap();
        let listener = http::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(HttpState {
            rooms: Arc::new(Rooms::new(&config, Instant::now())),
            access: Arc::new(Access::new().unwrap()),
            certificates,
            consent: config.consent.clone(),
            public_url: config.settings.public_url.clone(),
            port: address.port(),
            connections_max: config.settings.connections.get(),
            sockets: Sockets::new(16, SessionBounds::of(Duration::from_secs(30))).0,
            snapshots: Snapshots::new().0,
            traces: Traces::new().0,
        });
        let (stop, stopped) = oneshot::channel();
        let serving = http::serve(listener, Arc::clone(&state), async {
            stopped.await.ok();
        });
        let ended = tokio::spawn(async { serving.await.unwrap() });
        Self { address, state, stop, ended }
    }

    fn secret(&self, role: Role) -> String {
        self.state.rooms.find("demo").unwrap().secret(role).expose().clone()
    }

    async fn plain(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn ask(&self, head: &str, body: &str) -> Answer {
        ask(self.plain().await, head, body).await
    }

    async fn join(&self, request: &Value) -> Answer {
        self.ask("POST /api/join HTTP/1.1", &request.to_string()).await
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        soon(self.ended).await.unwrap();
    }
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("in time")
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Sends one request and reads until the server closes.
async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, head: &str, body: &str) -> Answer {
    let host = if head.contains("Host:") { "" } else { "\r\nHost: localhost:4433" };
    let request = format!(
        "{head}{host}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut bytes = Vec::new();
    soon(async {
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.read_to_end(&mut bytes).await.unwrap();
    })
    .await;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

#[tokio::test]
async fn a_link_becomes_a_token_that_this_server_accepts() {
    let server = Server::start(&[]);
    for role in [Role::Moderator, Role::Viewer] {
        let request = json!({ "room": "demo", "secret": server.secret(role), "name": " Kim " });
        let answer = server.join(&request).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let joined = answer.json();
        let token = joined["token"].as_str().unwrap();
        let now = SystemTime::now();
        let claims = server.state.access.verify(token, Kind::Connect, now).unwrap();
        assert_eq!((claims.holder.role, claims.holder.name.as_str()), (role, "Kim"));
        assert_eq!(joined["participant"], claims.holder.participant);
        assert_eq!(claims.holder.participant.len(), 16);
        assert_eq!((&joined["room"], &joined["title"]), (&json!("demo"), &json!("Demo")));
        assert_eq!(joined["relay"]["path"], "/moqt");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    server.stop().await;
}

#[tokio::test]
async fn whoever_comes_back_is_the_same_participant() {
    let server = Server::start(&[]);
    let request = json!({ "room": "demo", "secret": server.secret(Role::Viewer), "name": "Kim" });
    let first = server.join(&request).await.json();
    let again = json!({ "room": "demo", "resume": first["resume"] });
    let second = server.join(&again).await.json();
    for field in ["participant", "name", "role", "resume"] {
        assert_eq!(first[field], second[field], "{field}");
    }
    assert_ne!(first["token"], second["token"]);
    for wrong in [
        json!({ "room": "other", "resume": first["resume"] }),
        json!({ "room": "demo", "resume": first["token"] }),
        json!({ "room": "demo", "resume": "v4.public.AAAA" }),
    ] {
        let answer = server.join(&wrong).await;
        assert_eq!((answer.status, answer.json()), (403, json!({ "error": "resumeExpired" })));
    }
    server.stop().await;
}

#[tokio::test]
async fn whoever_comes_back_to_a_lesson_that_was_ended_is_told_so_and_comes_by_the_link() {
    let server = Server::start(&[]);
    let request = json!({ "room": "demo", "secret": server.secret(Role::Viewer), "name": "Kim" });
    let first = server.join(&request).await.json();
    server.state.rooms.find("demo").unwrap().door.end();
    let again = json!({ "room": "demo", "resume": first["resume"] });
    let answer = server.join(&again).await;
    assert_eq!((answer.status, answer.json()), (403, json!({ "error": "lessonEnded" })));
    let second = server.join(&request).await;
    assert_eq!(second.status, 200);
    let again = json!({ "room": "demo", "resume": second.json()["resume"] });
    assert_eq!(server.join(&again).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_line_can_be_measured_before_joining_within_bounds() {
    let server = Server::start(&[]);
    let told = server.ask("GET /api/line HTTP/1.1", "").await.json();
    assert_eq!(told["path"], "/moqt");
    assert_eq!(told["certificateHashes"], json!(server.state.certificates.hashes_base64()));
    let answer = server.ask("POST /api/line HTTP/1.1", &"x".repeat(48 * 1024)).await;
    assert_eq!((answer.status, answer.body.len()), (200, 64 * 1024));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let answer = server.ask("POST /api/line HTTP/1.1", &"x".repeat(48 * 1024 + 1)).await;
    assert_eq!((answer.status, answer.json()), (413, json!({ "error": "malformed" })));
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_room_cannot_be_told_apart() {
    let server = Server::start(&[]);
    let tries = [("demo", "x"), ("other", "x")];
    for _ in 0..5 {
        for (room, secret) in tries {
            let answer =
                server.join(&json!({ "room": room, "secret": secret, "name": "Kim" })).await;
            assert_eq!((answer.status, answer.json()), (403, json!({ "error": "linkInvalid" })));
        }
    }
    for (room, secret) in tries {
        let answer = server.join(&json!({ "room": room, "secret": secret, "name": "Kim" })).await;
        assert_eq!((answer.status, &answer.json()["error"]), (429, &json!("tooMany")));
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        let millis = answer.json()["retryAfterMs"].as_u64().unwrap();
        assert!(seconds * 1000 >= millis && millis > 0 && seconds <= 12);
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_a_request_to_join_is_told_so() {
    let server = Server::start(&[]);
    let secret = server.secret(Role::Viewer);
    let post = "POST /api/join HTTP/1.1";
    for (body, status, error) in [
        ("", 400, "malformed"),
        ("{", 400, "malformed"),
        ("[]", 400, "malformed"),
        (r#"{"room":7}"#, 400, "malformed"),
        (&"x".repeat(5_000), 413, "malformed"),
    ] {
        let answer = server.ask(post, body).await;
        assert_eq!((answer.status, answer.json()), (status, json!({ "error": error })), "{body}");
    }
    for name in ["", "  ", "a\u{202e}b", &"x".repeat(61)] {
        let answer = server.join(&json!({ "room": "demo", "secret": secret, "name": name })).await;
        assert_eq!((answer.status, answer.json()), (422, json!({ "error": "nameInvalid" })));
    }
    for (head, status, error) in [
        ("GET /api/join HTTP/1.1", 405, "methodNotAllowed"),
        ("POST / HTTP/1.1", 405, "methodNotAllowed"),
        ("GET /moqt HTTP/1.1", 400, "malformed"),
        ("POST /moqt HTTP/1.1", 405, "methodNotAllowed"),
        ("GET /api/other HTTP/1.1", 404, "notFound"),
        ("GET /../Cargo.toml HTTP/1.1", 404, "notFound"),
        ("GET /%2e%2e/Cargo.toml HTTP/1.1", 404, "notFound"),
    ] {
        let answer = server.ask(head, "").await;
        assert_eq!((answer.status, answer.json()), (status, json!({ "error": error })), "{head}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{head}");
    }
    server.stop().await;
}

/// Nobody takes sessions over here, so that a handshake that is understood is told to come later.
#[tokio::test]
async fn only_a_get_becomes_a_websocket() {
    let server = Server::start(&[]);
    let handshake = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: qmux-02.moqt-18";
    for (method, status) in [("GET", 503), ("HEAD", 400), ("POST", 405)] {
        let answer = server.ask(&format!("{method} /moqt HTTP/1.1\r\n{handshake}"), "").await;
        assert_eq!(answer.status, status, "{method}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_full_room_takes_nobody_else() {
    let server = Server::start(&[("participants", "2")]);
    server.state.rooms.find("demo").unwrap().seats.set_taken(2);
    let request = json!({ "room": "demo", "secret": server.secret(Role::Viewer), "name": "Kim" });
    let answer = server.join(&request).await;
    assert_eq!((answer.status, answer.json()), (409, json!({ "error": "roomFull" })));
    server.stop().await;
}

#[tokio::test]
async fn tls_answers_with_the_certificate_whose_hash_the_page_gets() {
    let server = Server::start(&[]);
    let hashes = server.state.certificates.hashes();
    let stream = soon(tls_client::connect(server.plain().await, &hashes)).await.unwrap();
    let presented = stream.get_ref().1.peer_certificates().unwrap()[0].clone();
    assert_eq!(Sha256::digest(&presented).as_slice(), hashes[0]);
    let answer = ask(stream, "GET /api/health HTTP/1.1", "").await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "status": "ok" })));

    let stranger = [[0; 32]];
    assert!(soon(tls_client::connect(server.plain().await, &stranger)).await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn every_answer_says_what_the_page_may_do() {
    let server = Server::start(&[]);
    for head in ["GET / HTTP/1.1", "GET /none HTTP/1.1", "GET /api/health HTTP/1.1"] {
        let answer = server.ask(&format!("{head}\r\nHost: lesson.example:4433"), "").await;
        let policy = answer.header("content-security-policy").unwrap();
        let port = server.address.port();
        for part in [
            "default-src 'none'",
            "frame-ancestors 'self'",
            "require-trusted-types-for 'script'",
            &format!("connect-src 'self' https://lesson.example:{port} https://localhost:{port}"),
        ] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{head}");
        }
    }
    let forged = server.ask("GET / HTTP/1.1\r\nHost: a;script-src *", "").await;
    assert!(!forged.head.contains("script-src *"), "{}", forged.head);
    server.stop().await;
}

#[tokio::test]
async fn with_a_real_certificate_no_hashes_are_told() {
    let (directory, certificates) = tls_client::certificate_in_files();
    let server = Server::with(certificates, &[("public_url", "https://lesson.example")]);
    let answer = server.ask("GET /api/health HTTP/1.1", "").await;
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("connect-src 'self' https://lesson.example;"), "{policy}");
    let request = json!({ "room": "demo", "secret": server.secret(Role::Viewer), "name": "Kim" });
    let joined = server.join(&request).await.json();
    assert_eq!(joined["relay"]["certificateHashes"], json!([]));
    server.stop().await;
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_end() {
    let server = Server::start(&[]);
    let mut idle = server.plain().await;
    let request = "GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    idle.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 15];
    soon(idle.read_exact(&mut first)).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    server.stop().await;
    soon(idle.read_to_end(&mut Vec::new())).await.unwrap();
}

#[tokio::test]
async fn beyond_the_cap_a_connection_waits_for_its_turn() {
    let server = Server::start(&[("connections", "16")]);
    let mut silent = Vec::new();
    for _ in 0..16 {
        silent.push(server.plain().await);
    }
    let late = ask(server.plain().await, "GET /api/health HTTP/1.1", "");
    let mut late = std::pin::pin!(late);
    // The slots are taken by peers that say nothing: within their deadline nobody else is heard.
    assert!(timeout(Duration::from_millis(300), &mut late).await.is_err());
    silent.pop();
    assert_eq!(soon(late).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn only_who_leads_the_room_now_sees_and_changes_its_links() {
    let server = Server::start(&[]);
    let request =
        json!({ "room": "demo", "secret": server.secret(Role::Moderator), "name": "Kim" });
    let moderator = server.join(&request).await.json();
    let request = json!({ "room": "demo", "secret": server.secret(Role::Viewer), "name": "Lou" });
    let viewer = server.join(&request).await.json();
    let ask = async |body: &Value| {
        let head = "POST /api/links HTTP/1.1";
        server.ask(head, &body.to_string()).await
    };
    let before = server.secret(Role::Viewer);
    // One has the link, but is not there; the other one leads nothing; the third is nobody.
    for (resume, error) in [
        (&moderator["resume"], "notAllowed"),
        (&viewer["resume"], "notAllowed"),
        (&moderator["token"], "resumeExpired"),
        (&json!("v4.public.AAAA"), "resumeExpired"),
    ] {
        for act in [json!({ "kind": "list" }), json!({ "kind": "renew" })] {
            let refused = ask(&json!({ "room": "demo", "resume": resume, "act": act })).await;
            assert_eq!((refused.status, refused.json()["error"].clone()), (403, json!(error)));
        }
    }
    let unknown =
        json!({ "room": "demo", "resume": moderator["resume"], "act": { "kind": "give" } });
    assert_eq!(ask(&unknown).await.status, 400);
    assert_eq!(server.secret(Role::Viewer), before, "nothing was renewed");
    server.stop().await;
}

#[tokio::test]
async fn only_the_administrators_secret_opens_administration_and_only_where_there_is_one() {
    let ask = |secret: &str, act: Value| json!({ "secret": secret, "act": act }).to_string();
    let look = json!({ "kind": "look" });
    let secret = "the-secret-of-the-administrator";
    let head = "POST /api/admin HTTP/1.1";

    let left_alone = Server::start(&[]);
    let answer = left_alone.ask(head, &ask(secret, look.clone())).await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (404, Some("notFound")));
    left_alone.stop().await;

    let server = Server::start(&[("admin_secret", secret)]);
    let teacher = server.secret(Role::Moderator);
    for wrong in ["", "wrong", &teacher] {
        let answer =
            server.ask(head, &ask(wrong, json!({ "kind": "make", "title": "Raum" }))).await;
        assert_eq!((answer.status, answer.json()["error"].as_str()), (403, Some("linkInvalid")));
    }
    for (act, status, error) in [
        (json!({ "kind": "make", "title": "" }), 422, "nameInvalid"),
        (json!({ "kind": "make", "title": "a\nb" }), 422, "nameInvalid"),
        (json!({ "kind": "make", "title": "x".repeat(101) }), 422, "nameInvalid"),
        (json!({ "kind": "remove", "room": "demo" }), 400, "malformed"),
        (json!({ "kind": "close" }), 400, "malformed"),
    ] {
        let answer = server.ask(head, &ask(secret, act.clone())).await;
        let told = (answer.status, answer.json()["error"].as_str().map(str::to_owned));
        assert_eq!(told, (status, Some(error.to_owned())), "{act}");
    }
    // Only the configured room is there: nothing of the above was done.
    assert_eq!(server.state.rooms.all().len(), 1);
    // Right, and the media thread does not answer here: told as such, not as a wrong secret.
    let answer = server.ask(head, &ask(secret, look)).await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (503, Some("full")));
    server.stop().await;
}
