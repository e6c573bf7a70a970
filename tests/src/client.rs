//! A MoQT client: SETUP, requests, and what the relay sends sorted by who asked for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};
use bytes::{Buf, Bytes, BytesMut};
use mosaik_proto::moqt::{
    AuthToken, ControlDecoder, ControlMessage, Datagram, FullTrackName, GoAway, Namespace,
    Parameters, PublishNamespace, RequestCode, RequestOk, SessionCode, Setup, SubgroupHeader,
    Subscribe, SubscribeNamespace, SubscribeOk, SubscribeTracks, decode_fetch_header,
    decode_varint, stream_type,
};
use mosaik_transport::TransportError;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use web_transport_trait::{RecvStream as _, SendStream as _};

use crate::fetched::{AskedFetch, FetchRoutes};
use crate::object::SubgroupReader;
use crate::offered::Offered;
use crate::publisher::Asked;
use crate::request::Request;
use crate::socket::{RecvStream, SendStream};
use crate::subscriber::Subscription;
use crate::wait::within;
use crate::wire::Wire;

/// Streams, datagrams or requests that wait for a test to take them; beyond it the relay waits.
const WAITING_MAX: usize = 1024;

/// What the relay said on its control stream.
#[derive(Debug, Clone, Default)]
pub struct Going {
    /// Its SETUP.
    pub setup: Option<Setup>,
    /// Its GOAWAY.
    pub away: Option<GoAway>,
}

/// A session with the relay.
pub struct Client {
    /// The transport below, for what a well-behaved client never does.
    pub wire: Wire,
    control: SendStream,
    pub(crate) shared: Arc<Shared>,
    asked: mpsc::Receiver<Asked>,
    pub(crate) asked_fetches: mpsc::Receiver<AskedFetch>,
    offered: mpsc::Receiver<Offered>,
    /// A request stream that is dropped takes its request back.
    announced: Vec<Request>,
    tasks: JoinSet<()>,
}

/// What the tasks of a client share.
pub(crate) struct Shared {
    next_request: AtomicU64,
    pub(crate) going: watch::Sender<Going>,
    routes: Mutex<HashMap<u64, Route>>,
    fetches: Mutex<FetchRoutes>,
    /// Whether the test answers FETCH; else it is refused.
    pub(crate) has_past: AtomicBool,
}

/// Where objects of one alias go; made by whoever comes first, the stream or the SUBSCRIBE_OK.
struct Route {
    subgroups: mpsc::Sender<SubgroupReader>,
    datagrams: mpsc::Sender<Datagram>,
    ends: Option<RouteEnds>,
}

/// The receiving ends of a route.
pub(crate) struct RouteEnds {
    pub(crate) subgroups: mpsc::Receiver<SubgroupReader>,
    pub(crate) datagrams: mpsc::Receiver<Datagram>,
}

impl Route {
    fn new() -> Self {
        let (subgroups, subgroups_end) = mpsc::channel(WAITING_MAX);
        let (datagrams, datagrams_end) = mpsc::channel(WAITING_MAX);
        let ends = RouteEnds { subgroups: subgroups_end, datagrams: datagrams_end };
        Self { subgroups, datagrams, ends: Some(ends) }
    }
}

impl Shared {
    fn with_route<R>(&self, alias: u64, act: impl FnOnce(&mut Route) -> R) -> R {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        act(routes.entry(alias).or_insert_with(Route::new))
    }

    pub(crate) fn with_fetches<R>(&self, act: impl FnOnce(&mut FetchRoutes) -> R) -> R {
        act(&mut self.fetches.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Client {
    /// Opens the control stream with `setup` and does not wait for the relay's.
    ///
    /// # Errors
    /// When the session is over already.
    pub async fn begin(wire: Wire, setup: Setup) -> anyhow::Result<Self> {
        let mut client = Self::begin_deaf(wire, setup).await?;
        client.tasks.spawn(sort_streams(client.wire.clone(), Arc::clone(&client.shared)));
        Ok(client)
    }

    /// The same for who takes the relay's streams from the transport without us, or never: its
    /// SETUP and all objects are on them.
    ///
    /// # Errors
    /// When the session is over already.
    pub async fn begin_deaf(wire: Wire, setup: Setup) -> anyhow::Result<Self> {
        let mut control = wire.open_uni().await?;
        control.write_chunk(ControlMessage::Setup(setup).encode()?).await?;
        let shared = Arc::new(Shared {
            next_request: AtomicU64::new(0),
            going: watch::Sender::default(),
            routes: Mutex::default(),
            fetches: Mutex::default(),
            has_past: AtomicBool::new(false),
        });
        let (asked_in, asked) = mpsc::channel(WAITING_MAX);
        let (offered_in, offered) = mpsc::channel(WAITING_MAX);
        let (fetches_in, asked_fetches) = mpsc::channel(WAITING_MAX);
        let mut tasks = JoinSet::new();
        let ends = (asked_in, offered_in, fetches_in);
        tasks.spawn(sort_requests(wire.clone(), Arc::clone(&shared), ends));
        tasks.spawn(sort_datagrams(wire.clone(), Arc::clone(&shared)));
        let announced = Vec::new();
        Ok(Self { wire, control, shared, asked, asked_fetches, offered, announced, tasks })
    }

    /// A session with this token, as far as the relay's SETUP.
    ///
    /// # Errors
    /// When the relay closes the session instead.
    pub async fn join(wire: Wire, token: &str) -> anyhow::Result<Self> {
        let tokens = vec![AuthToken::value(Bytes::copy_from_slice(token.as_bytes()))];
        Self::set_up(wire, Setup { tokens, ..Setup::default() }).await
    }

    /// A session that begins with `setup`, as far as the relay's SETUP.
    ///
    /// # Errors
    /// When the relay closes the session instead.
    pub async fn set_up(wire: Wire, setup: Setup) -> anyhow::Result<Self> {
        let client = Self::begin(wire, setup).await?;
        let mut going = client.shared.going.subscribe();
        let set_up = async {
            tokio::select! {
                heard = going.wait_for(|going| going.setup.is_some()) => {
                    heard.map(|_| ()).context("the relay's control stream ended")
                }
                error = client.wire.closed() => Err(error.into()),
            }
        };
        within("the relay's SETUP", set_up).await??;
        Ok(client)
    }

    /// Writes to the control stream.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn say(&mut self, bytes: Bytes) -> anyhow::Result<()> {
        Ok(self.control.write_chunk(bytes).await?)
    }

    /// Ends the control stream, which no client may.
    ///
    /// # Errors
    /// When the session is over.
    pub fn end_control(&mut self) -> anyhow::Result<()> {
        Ok(self.control.finish()?)
    }

    /// The next request ID.
    pub fn next_id(&self) -> u64 {
        self.shared.next_request.fetch_add(2, Ordering::Relaxed)
    }

    /// A request stream with nothing on it yet.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn open_request(&self) -> anyhow::Result<Request> {
        let (send, recv) = self.wire.open_bi().await?;
        Ok(Request::new(send, recv))
    }

    /// A request stream that begins with `message`.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn request(&self, message: &ControlMessage) -> anyhow::Result<Request> {
        let mut request = self.open_request().await?;
        request.say(message).await?;
        Ok(request)
    }

    /// SUBSCRIBE, whatever the answer will be.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn ask_for(
        &self,
        name: &FullTrackName,
        parameters: Parameters,
    ) -> anyhow::Result<Request> {
        let request_id = self.next_id();
        let name = name.clone();
        self.request(&ControlMessage::Subscribe(Subscribe { request_id, name, parameters })).await
    }

    /// SUBSCRIBE, which must be answered with yes.
    ///
    /// # Errors
    /// When it is not.
    pub async fn subscribe(
        &self,
        name: &FullTrackName,
        parameters: Parameters,
    ) -> anyhow::Result<Subscription> {
        let request = self.ask_for(name, parameters).await?;
        self.established(request).await
    }

    /// The subscription that a SUBSCRIBE becomes with its SUBSCRIBE_OK.
    ///
    /// # Errors
    /// When the answer is another one.
    pub async fn established(&self, mut request: Request) -> anyhow::Result<Subscription> {
        match request.answer().await? {
            ControlMessage::SubscribeOk(ok) => self.adopt(ok, request),
            other => bail!("SUBSCRIBE_OK was expected: {other:?}"),
        }
    }

    /// The subscription whose objects carry the alias of `ok`.
    ///
    /// # Errors
    /// When the alias stands for another track already.
    pub fn adopt(&self, ok: SubscribeOk, request: Request) -> anyhow::Result<Subscription> {
        let ends = self.shared.with_route(ok.track_alias, |route| route.ends.take());
        Ok(Subscription::new(ok, request, ends.context("the alias is in use")?))
    }

    /// PUBLISH_NAMESPACE, which must be answered with yes. It stands as long as the session.
    ///
    /// # Errors
    /// When it is not.
    pub async fn announce(&mut self, namespace: &Namespace) -> anyhow::Result<()> {
        let mut request = self.ask_to_announce(namespace).await?;
        request.accepted().await?;
        self.announced.push(request);
        Ok(())
    }

    /// PUBLISH_NAMESPACE, whatever the answer will be.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn ask_to_announce(&self, namespace: &Namespace) -> anyhow::Result<Request> {
        let message = PublishNamespace {
            request_id: self.next_id(),
            namespace: namespace.clone(),
            parameters: Parameters::default(),
        };
        self.request(&ControlMessage::PublishNamespace(message)).await
    }

    /// SUBSCRIBE_NAMESPACE, whatever the answer will be.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn listen(&self, prefix: &Namespace) -> anyhow::Result<Request> {
        let message = SubscribeNamespace {
            request_id: self.next_id(),
            prefix: prefix.clone(),
            parameters: Parameters::default(),
        };
        self.request(&ControlMessage::SubscribeNamespace(message)).await
    }

    /// SUBSCRIBE_TRACKS, whatever the answer will be.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn ask_for_tracks(
        &self,
        prefix: &Namespace,
        parameters: Parameters,
    ) -> anyhow::Result<Request> {
        let (request_id, prefix) = (self.next_id(), prefix.clone());
        let message = SubscribeTracks { request_id, prefix, parameters };
        self.request(&ControlMessage::SubscribeTracks(message)).await
    }

    /// The next PUBLISH from the relay.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn next_offered(&mut self) -> anyhow::Result<Offered> {
        within("a PUBLISH from the relay", self.offered.recv()).await?.context("the session ended")
    }

    /// A PUBLISH from the relay, if one is here.
    pub fn try_offered(&mut self) -> Option<Offered> {
        self.offered.try_recv().ok()
    }

    /// The next SUBSCRIBE from the relay.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn next_asked(&mut self) -> anyhow::Result<Asked> {
        within("a SUBSCRIBE from the relay", self.asked.recv()).await?.context("the session ended")
    }

    /// The relay's SUBSCRIBE for one of `tracks`, however long it takes; others are refused.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn asked_at_leisure(&mut self, tracks: &[&str]) -> anyhow::Result<Asked> {
        loop {
            let asked = self.asked.recv().await.context("the session ended")?;
            if tracks.iter().any(|track| asked.subscribe.name.track == track.as_bytes()) {
                return Ok(asked);
            }
            // The relay may have taken it back by now.
            let _ = asked.refuse().await;
        }
    }

    /// The relay's SUBSCRIBE for `track`; others, such as the room's own, are refused.
    ///
    /// # Errors
    /// When it does not come in time.
    pub async fn asked_for(&mut self, track: &str) -> anyhow::Result<Asked> {
        loop {
            let asked = self.next_asked().await?;
            if asked.subscribe.name.track == track.as_bytes() {
                return Ok(asked);
            }
            asked.refuse().await?;
        }
    }

    /// What the relay said on its control stream, followed.
    pub fn going(&self) -> watch::Receiver<Going> {
        self.shared.going.subscribe()
    }

    /// Waits until the relay has closed the session and gives its code.
    ///
    /// # Errors
    /// When it does not, or the connection is lost instead.
    pub async fn closed(&self) -> anyhow::Result<SessionCode> {
        closed(&self.wire).await
    }

    /// Ends the session as one that has nothing more to do.
    pub fn leave(self) {
        self.wire.close(SessionCode::NoError.get(), "");
    }
}

/// Waits until the relay has closed the session and gives its code.
pub(crate) async fn closed(wire: &Wire) -> anyhow::Result<SessionCode> {
    match within("the session's end", wire.closed()).await? {
        TransportError::Closed { code, reason } => SessionCode::from_wire(code)
            .with_context(|| format!("code {code:#x} is none of the draft's: {reason}")),
        other => bail!("the session was not closed: {other}"),
    }
}

async fn sort_streams(wire: Wire, shared: Arc<Shared>) {
    // One task for each stream: their headers may come in any order. They end with the client.
    let mut streams = JoinSet::new();
    while let Ok(stream) = wire.accept_uni().await {
        while streams.try_join_next().is_some() {}
        streams.spawn(sort_stream(stream, Arc::clone(&shared)));
    }
}

/// A stream that is none of those a relay may open is dropped: what misses it says so.
async fn sort_stream(mut stream: RecvStream, shared: Arc<Shared>) {
    let mut ahead = BytesMut::new();
    loop {
        if decode_varint(&mut &ahead[..]) == Some(stream_type::SETUP) {
            return follow_control(stream, &ahead, &shared).await;
        }
        if decode_varint(&mut &ahead[..]) == Some(stream_type::PADDING) {
            return while let Ok(Some(_)) = stream.read_chunk(4_096).await {};
        }
        let mut head = &ahead[..];
        if let Ok(Some(id)) = decode_fetch_header(&mut head) {
            let rest = Bytes::copy_from_slice(head);
            return shared.with_fetches(|routes| routes.came(id, (stream, rest)));
        }
        let mut head = &ahead[..];
        match SubgroupHeader::decode(&mut head) {
            Ok(Some(header)) => {
                let rest = Bytes::copy_from_slice(head.chunk());
                let Ok(reader) = SubgroupReader::new(header, stream, rest) else {
                    return;
                };
                let sender = shared.with_route(header.track_alias, |route| route.subgroups.clone());
                // Nobody may be there to take it any more.
                let _ = sender.send(reader).await;
                return;
            }
            // Whole, and no subgroup.
            Err(_) if decode_varint(&mut &ahead[..]) != Some(stream_type::FETCH) => return,
            Err(_) | Ok(None) => {}
        }
        match stream.read_chunk(64 << 10).await {
            Ok(Some(chunk)) => ahead.extend_from_slice(&chunk),
            Ok(None) | Err(_) => return,
        }
    }
}

async fn follow_control(mut stream: RecvStream, ahead: &[u8], shared: &Shared) {
    let mut decoder = ControlDecoder::default();
    decoder.push(ahead);
    loop {
        while let Ok(Some(message)) = decoder.take() {
            shared.going.send_modify(|going| match message {
                ControlMessage::Setup(setup) => going.setup = Some(setup),
                ControlMessage::GoAway(away) => going.away = Some(away),
                _ => {}
            });
        }
        match stream.read_chunk(4096).await {
            Ok(Some(chunk)) => decoder.push(&chunk),
            Ok(None) | Err(_) => return,
        }
    }
}

async fn sort_requests(
    wire: Wire,
    shared: Arc<Shared>,
    (asked, offered, fetches): (
        mpsc::Sender<Asked>,
        mpsc::Sender<Offered>,
        mpsc::Sender<AskedFetch>,
    ),
) {
    // Requests that are granted and never followed up; they end with the client.
    let mut granted = Vec::new();
    while let Ok((send, recv)) = wire.accept_bi().await {
        let mut request = Request::new(send, recv);
        let is_heard = match request.next().await {
            Ok(Some(ControlMessage::Subscribe(subscribe))) => {
                asked.send(Asked::new(subscribe, request, wire.clone())).await.is_ok()
            }
            Ok(Some(ControlMessage::Publish(publish))) => {
                offered.send(Offered::new(publish, request)).await.is_ok()
            }
            Ok(Some(ControlMessage::Fetch(fetch))) => {
                let asked = AskedFetch::new(fetch, request, wire.clone());
                if shared.has_past.load(Ordering::Relaxed) {
                    fetches.send(asked).await.is_ok()
                } else {
                    asked.refuse(RequestCode::NotSupported).await.is_ok()
                }
            }
            // Other relays ask whoever connects what there is, and tell it what they have.
            Ok(Some(
                ControlMessage::SubscribeNamespace(_) | ControlMessage::PublishNamespace(_),
            )) if granted.len() < WAITING_MAX => {
                let ok = ControlMessage::RequestOk(RequestOk::default());
                if request.say(&ok).await.is_ok() {
                    granted.push(request);
                }
                true
            }
            _ => true,
        };
        if !is_heard {
            return;
        }
    }
}

async fn sort_datagrams(wire: Wire, shared: Arc<Shared>) {
    while let Ok(bytes) = wire.recv_datagram().await {
        if let Ok(Some(datagram)) = Datagram::decode(bytes) {
            let sender = shared.with_route(datagram.track_alias, |route| route.datagrams.clone());
            // As with any datagram: who does not keep up, loses it.
            let _ = sender.try_send(datagram);
        }
    }
}
