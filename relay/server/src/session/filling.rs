//! FETCH to a peer, for what a subscriber fetches and the log has not: two streams, the request's
//! and that of its objects, which pass through as fast as the subscriber takes them.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use mosaik_media::{FillAnswer, FillKey, Filled, Refused};
use mosaik_proto::moqt::{
    ControlMessage, Fetch, FetchDecoder, FetchOk, FetchRange, FullTrackName, GroupOrder, Location,
    Parameters, RequestCode, ResetCode, SessionCode, Violation,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::sync::{Notify, watch};
use web_transport_trait::{RecvStream, SendStream};

use super::ingress::{DATA_MAX, READ_BYTES};
use super::peer::Peer;
use super::request::RequestStream;
use super::{Ending, Outcome};

/// How long we try to open the request's stream. How long its answer may take is the fetch's.
const OPEN_MAX: Duration = Duration::from_secs(10);

/// One FETCH of ours, as its two streams share it.
pub(super) struct Filling {
    key: FillKey,
    order: GroupOrder,
    start: Location,
    request_id: Cell<Option<u64>>,
    has_stream: Cell<bool>,
    is_answered: Cell<bool>,
    is_received: Cell<bool>,
    read_on: Notify,
    /// Whether nothing more is wanted of it.
    is_over: watch::Sender<bool>,
}

impl Filling {
    async fn over(&self) {
        let mut is_over = self.is_over.subscribe();
        // The sender lives as long as `self`.
        let _ = is_over.wait_for(|is_over| *is_over).await;
    }

    /// With its answer and its objects it is complete.
    fn check_complete(&self) {
        if self.is_answered.get() && self.is_received.get() {
            self.is_over.send_replace(true);
        }
    }
}

impl<S> Peer<S> {
    /// A FETCH to the peer begins. It is known from here on, so that no later order misses it.
    pub(super) fn begin_filling(
        &self,
        key: FillKey,
        order: GroupOrder,
        start: Location,
    ) -> Rc<Filling> {
        let filling = Rc::new(Filling {
            key,
            order,
            start,
            request_id: Cell::new(None),
            has_stream: Cell::new(false),
            is_answered: Cell::new(false),
            is_received: Cell::new(false),
            read_on: Notify::new(),
            is_over: watch::Sender::new(false),
        });
        self.fillings.borrow_mut().push(Rc::clone(&filling));
        filling
    }

    /// There is room for more.
    pub(super) fn read_on(&self, key: FillKey) {
        for filling in self.fillings.borrow().iter().filter(|filling| filling.key == key) {
            filling.read_on.notify_one();
        }
    }

    /// Nothing more is wanted of it.
    pub(super) fn cancel_filling(&self, key: FillKey) {
        for filling in self.fillings.borrow().iter().filter(|filling| filling.key == key) {
            filling.is_over.send_replace(true);
        }
    }
}

/// Fetches from the filling's start to `last`, and stays until everything came or nothing more is
/// wanted.
pub(super) async fn ask<S: Outgoing>(
    peer: Rc<Peer<S>>,
    filling: Rc<Filling>,
    name: FullTrackName,
    last: Location,
) -> Outcome {
    let asked = request(&peer, &filling, name, last).await;
    peer.fillings.borrow_mut().retain(|other| !Rc::ptr_eq(other, &filling));
    filling.is_over.send_replace(true);
    if let Err(refused) = asked? {
        peer.shard.act(|tracks, _| tracks.fill_answered(filling.key, Err(refused)));
    }
    Ok(())
}

const LEAVING: Refused =
    Refused { code: RequestCode::DoesNotExist, reason: "the publisher is leaving" };

const TOO_BUSY: Refused =
    Refused { code: RequestCode::Timeout, reason: "the publisher takes no requests" };

async fn request<S: Outgoing>(
    peer: &Peer<S>,
    filling: &Filling,
    name: FullTrackName,
    last: Location,
) -> Result<Result<(), Refused>, Ending> {
    if peer.is_told_to_go() {
        return Ok(Err(LEAVING));
    }
    if !peer.may_be_asked(&name) {
        return Ok(Err(Refused::REVOKED));
    }
    let opened = tokio::select! {
        biased;
        () = filling.over() => return Ok(Ok(())),
        opened = tokio::time::timeout(OPEN_MAX, peer.transport.open_bi()) => opened,
    };
    let Ok(opened) = opened else {
        return Ok(Err(TOO_BUSY));
    };
    let (send, recv) = opened?;
    let mut stream = RequestStream::ours(peer, send, recv);
    let request_id = peer.request_ids.borrow_mut().ours();
    filling.request_id.set(Some(request_id));
    let what = FetchRange::Standalone { name, start: filling.start, last };
    let group_order = Some(filling.order);
    let parameters = Parameters { group_order, ..Parameters::default() };
    stream.say(&ControlMessage::Fetch(Fetch { request_id, what, parameters })).await?;
    let message = tokio::select! {
        biased;
        message = stream.next() => message?,
        () = filling.over() => {
            stream.cancel();
            return Ok(Ok(()));
        }
    };
    match message {
        Some(ControlMessage::FetchOk(ok)) => {
            if let Err(refused) = answered(peer, filling, ok)? {
                stream.cancel();
                return Ok(Err(refused));
            }
            follow(filling, &mut stream).await?;
            Ok(Ok(()))
        }
        Some(ControlMessage::RequestError(error)) => {
            // A server is not sent elsewhere (section 10.6.1).
            if error.redirect.is_some_and(|redirect| !redirect.connect_uri.is_empty()) {
                return Err(Violation::Value { what: "REDIRECT's URI" }.into());
            }
            let code = match RequestCode::from_wire(error.code) {
                // It is the publisher that goes, not us; and our subscriber is not sent elsewhere.
                Some(RequestCode::GoingAway | RequestCode::Redirect) => RequestCode::DoesNotExist,
                code => code.unwrap_or(RequestCode::InternalError),
            };
            Ok(Err(Refused { code, reason: "the publisher refused" }))
        }
        Some(ControlMessage::GoAway(_)) => {
            stream.cancel();
            Ok(Err(LEAVING))
        }
        Some(other) => Err(Violation::Misplaced { what: other.name() }.into()),
        None => {
            let reason = "the publisher gave the request up";
            Ok(Err(Refused { code: RequestCode::DoesNotExist, reason }))
        }
    }
}

/// FETCH_OK came.
fn answered<S>(
    peer: &Peer<S>,
    filling: &Filling,
    ok: FetchOk,
) -> Result<Result<(), Refused>, Violation> {
    if ok.last < filling.start {
        return Err(Violation::Value { what: "FETCH_OK's End Location" });
    }
    if ok.properties.unknown_mandatory().is_some() {
        let reason = "a mandatory track property is unknown";
        return Ok(Err(Refused { code: RequestCode::UnsupportedExtension, reason }));
    }
    let FetchOk { last, is_end_of_track, properties, .. } = ok;
    let answer = FillAnswer { last, is_end_of_track, properties };
    peer.shard.act(|tracks, _| tracks.fill_answered(filling.key, Ok(answer)));
    filling.is_answered.set(true);
    filling.check_complete();
    Ok(Ok(()))
}

/// Keeps the request until its objects came or are not wanted any more; its publisher says no more
/// than that it ends its side.
async fn follow<W, R>(filling: &Filling, stream: &mut RequestStream<W, R>) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    tokio::select! {
        biased;
        message = stream.next() => match message? {
            Some(ControlMessage::GoAway(_)) | None => filling.over().await,
            Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
        },
        () = filling.over() => {}
    }
    if filling.is_received.get() {
        stream.end().await;
    } else {
        stream.cancel();
    }
    Ok(())
}

/// The stream of a FETCH's objects, whose header was read. One that answers nothing of ours is
/// stopped.
pub(super) async fn receive<S, R: RecvStream<Error = TransportError>>(
    peer: &Peer<S>,
    request_id: u64,
    first: Bytes,
    stream: &mut R,
) -> Outcome {
    let is_asked = |filling: &&Rc<Filling>| filling.request_id.get() == Some(request_id);
    let filling = peer.fillings.borrow().iter().find(is_asked).map(Rc::clone);
    let Some(filling) = filling.filter(|filling| !filling.has_stream.replace(true)) else {
        stream.stop(ResetCode::Cancelled.get());
        return Ok(());
    };
    let received = tokio::select! {
        biased;
        () = filling.over() => Received::Unwanted,
        received = pass_on(peer, &filling, first, stream) => received?,
    };
    let key = filling.key;
    match received {
        Received::All => {
            filling.is_received.set(true);
            peer.shard.act(|tracks, _| tracks.fill_ended(key, Ok(())));
            filling.check_complete();
            return Ok(());
        }
        Received::Unwanted => stream.stop(ResetCode::Cancelled.get()),
        Received::Reset(code) => peer.shard.act(|tracks, _| tracks.fill_ended(key, Err(code))),
    }
    filling.is_over.send_replace(true);
    Ok(())
}

/// How a stream of objects ended.
enum Received {
    All,
    Reset(ResetCode),
    Unwanted,
}

async fn pass_on<S, R: RecvStream<Error = TransportError>>(
    peer: &Peer<S>,
    filling: &Filling,
    first: Bytes,
    stream: &mut R,
) -> Result<Received, Ending> {
    let mut decoder = FetchDecoder::new(filling.order);
    let mut chunk = Some(first);
    while let Some(bytes) = chunk {
        let parts = decoder.push(bytes)?;
        match peer.shard.act(|tracks, now| tracks.filled(now, filling.key, parts)) {
            Filled::GoOn => {}
            Filled::Pause => filling.read_on.notified().await,
            Filled::Stop => return Ok(Received::Unwanted),
        }
        chunk = match read(&decoder, stream).await {
            Err(Ending::Transport(TransportError::Reset(code))) => {
                let code = code.map(u64::from).and_then(ResetCode::from_wire);
                return Ok(Received::Reset(code.unwrap_or(ResetCode::Cancelled)));
            }
            read => read?,
        };
    }
    decoder.finish()?;
    Ok(Received::All)
}

/// The next chunk. Between objects a stream may be silent for as long as the fetch waits for it.
async fn read<R: RecvStream<Error = TransportError>>(
    decoder: &FetchDecoder,
    stream: &mut R,
) -> Result<Option<Bytes>, Ending> {
    let read = stream.read_chunk(READ_BYTES);
    if decoder.is_between_objects() {
        return Ok(read.await?);
    }
    let late = || Ending::Close(SessionCode::DataStreamTimeout, "the rest of an object is late");
    Ok(tokio::time::timeout(DATA_MAX, read).await.map_err(|_| late())??)
}
