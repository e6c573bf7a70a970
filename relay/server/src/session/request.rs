//! Request streams that the peer opens: the first message says what is asked (section 3.3).

#![expect(clippy::wildcard_enum_match_arm, reason = "any other message is misplaced")]

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use mosaik_media::RequestKey;
use mosaik_proto::moqt::{
    ControlDecoder, ControlMessage, Location, Namespace, NamespaceSuffix, Parameters, Publish,
    PublishNamespace, RequestCode, RequestError, RequestOk, ResetCode, SendOrder, SessionCode,
    SubscribeNamespace, TrackProperties, TrackStatus, Violation,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::sync::mpsc;
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::{Ending, Outcome, subscribe};
use crate::shard::Reply;

/// How long a request stream has for its first message.
const REQUEST_MAX: Duration = Duration::from_secs(10);

/// Answers waiting for one request's stream. A listener that does not take in as many namespaces
/// is reset, as the draft allows (section 10.18).
pub(super) const REPLIES_MAX: usize = 256;

/// One request's stream.
pub(super) struct RequestStream<W, R> {
    pub(super) send: W,
    recv: R,
    decoder: ControlDecoder,
}

impl<W, R> RequestStream<W, R>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    pub(super) fn new(mut send: W, recv: R) -> Self {
        send.set_priority(SendOrder::CONTROL.get());
        Self { send, recv, decoder: ControlDecoder::default() }
    }

    /// The next message; `None` when the peer ended, reset or stopped the stream, all of which take
    /// the request back. Safe to give up.
    pub(super) async fn next(&mut self) -> Result<Option<ControlMessage>, Ending> {
        loop {
            if let Some(message) = self.decoder.take()? {
                return Ok(Some(message));
            }
            // What was said before the peer stopped listening still counts.
            let read = tokio::select! {
                biased;
                read = self.recv.read_chunk(4096) => read,
                stopped = self.send.closed() => stopped.map(|()| None),
            };
            match read {
                Ok(Some(chunk)) => self.decoder.push(&chunk),
                Ok(None) if !self.decoder.is_empty() => return Err(Violation::Truncated.into()),
                Ok(None)
                | Err(
                    TransportError::Reset(_)
                    | TransportError::Stopped(_)
                    | TransportError::StreamClosed,
                ) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Writes a message; false if the peer does not want it any more.
    pub(super) async fn say(&mut self, message: &ControlMessage) -> Result<bool, Ending> {
        self.write(message.encode()?).await
    }

    async fn write(&mut self, bytes: Bytes) -> Result<bool, Ending> {
        match self.send.write_chunk(bytes).await {
            Ok(()) => Ok(true),
            Err(TransportError::Stopped(_) | TransportError::StreamClosed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Says no and ends the stream.
    pub(super) async fn refuse(&mut self, code: RequestCode, reason: &str) -> Outcome {
        let error = RequestError {
            code: u64::from(code.get()),
            // Load passes: try again in a second.
            retry_interval: if code == RequestCode::ExcessiveLoad { 1001 } else { 0 },
            reason: Bytes::copy_from_slice(reason.as_bytes()),
            redirect: None,
        };
        if self.say(&ControlMessage::RequestError(error)).await? {
            // The peer may have stopped the stream in the meantime.
            let _ = self.send.finish();
        }
        Ok(())
    }

    /// Nothing more is read.
    pub(super) fn stop(&mut self, code: ResetCode) {
        self.recv.stop(code.get());
    }

    /// Waits until the peer takes the request back, answering updates on the way.
    pub(super) async fn until_cancelled(&mut self) -> Outcome {
        while let Some(message) = self.next().await? {
            match message {
                ControlMessage::RequestUpdate(_) => {
                    self.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
                }
                other => return Err(Violation::Misplaced { what: other.name() }.into()),
            }
        }
        Ok(())
    }
}

/// Serves one request from its first message to its end.
pub(super) async fn serve<S: Outgoing>(
    peer: Rc<Peer<S>>,
    send: S::SendStream,
    recv: S::RecvStream,
) -> Outcome {
    let mut stream = RequestStream::new(send, recv);
    let first = tokio::time::timeout(REQUEST_MAX, stream.next()).await.map_err(|_| {
        Ending::Close(SessionCode::ControlMessageTimeout, "a request stream without a request")
    })??;
    let Some(first) = first else {
        return Ok(());
    };
    peer.is_set_up().await;
    match first {
        ControlMessage::Subscribe(message) => {
            let request = take_id(&peer, message.request_id)?;
            subscribe::serve(&peer, stream, request, message).await
        }
        ControlMessage::Publish(message) => {
            take_id(&peer, message.request_id)?;
            publish(&peer, stream, message).await
        }
        ControlMessage::PublishNamespace(message) => {
            let request = take_id(&peer, message.request_id)?;
            publish_namespace(&peer, stream, request, message).await
        }
        ControlMessage::SubscribeNamespace(message) => {
            let request = take_id(&peer, message.request_id)?;
            subscribe_namespace(&peer, stream, request, message).await
        }
        ControlMessage::TrackStatus(message) => {
            take_id(&peer, message.request_id)?;
            track_status(&peer, stream, &message).await
        }
        ControlMessage::Fetch(id) | ControlMessage::SubscribeTracks(id) => {
            take_id(&peer, id)?;
            stream.refuse(RequestCode::NotSupported, "this relay does not serve this").await
        }
        other => Err(Violation::Misplaced { what: other.name() }.into()),
    }
}

fn take_id<S>(peer: &Peer<S>, id: u64) -> Result<RequestKey, Ending> {
    peer.request_ids.borrow_mut().take(id)?;
    Ok(RequestKey { session: peer.key, id })
}

/// Requests for `.` are refused by everyone, those for `.session` by whoever has no such tracks
/// (sections 3.2.1 and 3.2.2).
pub(super) fn is_reserved(namespace: &Namespace) -> bool {
    namespace.is_reserved()
}

async fn publish<S, W, R>(
    peer: &Peer<S>,
    mut stream: RequestStream<W, R>,
    message: Publish,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let grant = peer.claims().and_then(|claims| claims.may_publish(message.name).ok());
    let Some(grant) = grant else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let largest: Option<Location> = message.parameters.largest;
    let published = peer.shard.act(|tracks, now| {
        tracks.publish(now, peer.key, grant.into_track(), message.properties, largest)
    });
    let track = match published {
        Ok(track) => track,
        Err(refused) => return stream.refuse(refused.code, refused.reason).await,
    };
    peer.bind_alias(message.track_alias, track)?;
    let parameters = Parameters { forward: Some(true), ..Parameters::default() };
    let ok = RequestOk { parameters, properties: TrackProperties::default() };
    let outcome = publish_until_done(&mut stream, &ControlMessage::RequestOk(ok)).await;
    let code = match outcome {
        Ok(code) => code,
        Err(ending) => return Err(ending),
    };
    peer.shard.act(|tracks, now| tracks.upstream_done(now, peer.key, track, code));
    peer.aliases.borrow_mut().release(message.track_alias);
    Ok(())
}

async fn publish_until_done<W, R>(
    stream: &mut RequestStream<W, R>,
    ok: &ControlMessage,
) -> Result<mosaik_proto::moqt::DoneCode, Ending>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    use mosaik_proto::moqt::DoneCode;
    stream.say(ok).await?;
    while let Some(message) = stream.next().await? {
        match message {
            ControlMessage::PublishDone(done) => {
                return Ok(DoneCode::from_wire(done.code).unwrap_or(DoneCode::TrackEnded));
            }
            ControlMessage::RequestUpdate(_) => {
                stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
            }
            other => return Err(Violation::Misplaced { what: other.name() }.into()),
        }
    }
    Ok(DoneCode::TrackEnded)
}

async fn publish_namespace<S, W, R>(
    peer: &Peer<S>,
    mut stream: RequestStream<W, R>,
    request: RequestKey,
    message: PublishNamespace,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let grant =
        peer.claims().and_then(|claims| claims.may_publish_namespace(message.namespace).ok());
    let Some(grant) = grant else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let namespace = grant.into_namespace();
    let announced = peer.shard.act(|tracks, now| tracks.announce(now, request, namespace));
    if let Err(refusal) = announced {
        return stream.refuse(refusal.code(), &refusal.to_string()).await;
    }
    stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
    stream.until_cancelled().await?;
    peer.shard.act(|tracks, _| tracks.withdraw(request));
    Ok(())
}

async fn subscribe_namespace<S, W, R>(
    peer: &Peer<S>,
    mut stream: RequestStream<W, R>,
    request: RequestKey,
    message: SubscribeNamespace,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let grant =
        peer.claims().and_then(|claims| claims.may_subscribe_namespace(message.prefix).ok());
    let Some(grant) = grant else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let (replies_in, mut replies) = mpsc::channel(REPLIES_MAX);
    peer.shard.expect_replies(request, replies_in);
    let prefix = grant.into_namespace();
    if let Err(refusal) = peer.shard.act(|tracks, _| tracks.listen(request, prefix)) {
        peer.shard.forget_replies(request);
        return stream.refuse(refusal.code(), &refusal.to_string()).await;
    }
    let outcome = tell_namespaces(&mut stream, &mut replies).await;
    peer.shard.act(|tracks, _| tracks.stop_listening(request));
    peer.shard.forget_replies(request);
    // Whoever could not be told everything must not believe that it was (section 10.18).
    stream.send.reset(ResetCode::Cancelled.get());
    outcome
}

async fn tell_namespaces<W, R>(
    stream: &mut RequestStream<W, R>,
    replies: &mut mpsc::Receiver<Reply>,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
    loop {
        let message = tokio::select! {
            reply = replies.recv() => match reply {
                Some(Reply::Namespace { suffix, present: true }) => {
                    ControlMessage::Namespace(NamespaceSuffix(suffix))
                }
                Some(Reply::Namespace { suffix, present: false }) => {
                    ControlMessage::NamespaceDone(NamespaceSuffix(suffix))
                }
                Some(Reply::Established { .. } | Reply::Refused(_) | Reply::Done { .. }) | None => {
                    return Ok(());
                }
            },
            message = stream.next() => match message? {
                Some(ControlMessage::RequestUpdate(_)) => {
                    stream.refuse(RequestCode::NotSupported, "prefixes cannot be changed").await?;
                    return Ok(());
                }
                Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
                None => return Ok(()),
            },
        };
        if !stream.say(&message).await? {
            return Ok(());
        }
    }
}

async fn track_status<S, W, R>(
    peer: &Peer<S>,
    mut stream: RequestStream<W, R>,
    message: &TrackStatus,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let name = &message.name;
    let may = peer.claims().is_some_and(|claims| claims.may_subscribe(name.clone()).is_ok());
    if is_reserved(&name.namespace) {
        return stream.refuse(RequestCode::DoesNotExist, "a reserved namespace").await;
    }
    if !may {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    }
    let Some((largest, properties)) = peer.shard.act(|tracks, _| tracks.status(name)) else {
        return stream.refuse(RequestCode::DoesNotExist, "nobody publishes this track").await;
    };
    let parameters = Parameters { largest, ..Parameters::default() };
    let ok = ControlMessage::RequestOk(RequestOk { parameters, properties });
    if stream.say(&ok).await? {
        // The peer may have stopped the stream in the meantime.
        let _ = stream.send.finish();
    }
    Ok(())
}
