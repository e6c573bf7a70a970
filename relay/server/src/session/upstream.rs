//! SUBSCRIBE to a peer that announced a namespace: one for each track that someone wants.

use std::rc::Rc;
use std::time::Duration;

use mosaik_media::{Refused, TrackKey};
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, FullTrackName, Location, Parameters, RequestCode, ResetCode,
    Subscribe, TrackProperties, Violation,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::sync::oneshot;
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::request::RequestStream;
use super::{Ending, Outcome};

/// How long a publisher has for SUBSCRIBE_OK; also how long we try to open the request's stream.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// How long an alias outlives its subscription, for objects that are still under way.
const LATE_MAX: Duration = Duration::from_secs(2);

/// What became of a subscription.
enum Answer {
    Live { alias: u64, properties: TrackProperties, largest: Option<Location> },
    Refused(Refused),
    Cancelled,
}

/// Subscribes, and stays until one side ends the subscription.
pub(super) async fn subscribe<S: Outgoing>(
    peer: Rc<Peer<S>>,
    track: TrackKey,
    name: FullTrackName,
) -> Outcome {
    let mut cancelled = peer.watch_upstream(track);
    let opened = tokio::time::timeout(ANSWER_MAX, peer.transport.open_bi()).await;
    let Ok(opened) = opened else {
        answered(&peer, track, Err(TOO_BUSY));
        return Ok(());
    };
    let (send, recv) = opened?;
    let mut stream = RequestStream::new(send, recv);
    match ask(&peer, &mut stream, &mut cancelled, name).await? {
        Answer::Live { alias, properties, largest } => {
            peer.bind_alias(alias, track)?;
            answered(&peer, track, Ok((properties, largest)));
            stay(&peer, &mut stream, &mut cancelled, track).await?;
            let late = tokio::time::Instant::now() + LATE_MAX;
            tokio::time::sleep_until(late).await;
            peer.aliases.borrow_mut().release(alias);
        }
        Answer::Refused(refused) => answered(&peer, track, Err(refused)),
        Answer::Cancelled => stream.send.reset(ResetCode::Cancelled.get()),
    }
    Ok(())
}

const TOO_BUSY: Refused =
    Refused { code: RequestCode::Timeout, reason: "the publisher takes no requests" };

fn answered<S>(
    peer: &Peer<S>,
    track: TrackKey,
    answer: Result<(TrackProperties, Option<Location>), Refused>,
) {
    peer.shard.act(|tracks, now| tracks.upstream_answered(now, peer.key, track, answer));
}

async fn ask<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    cancelled: &mut oneshot::Receiver<()>,
    name: FullTrackName,
) -> Result<Answer, Ending>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let request_id = peer.request_ids.borrow_mut().ours();
    let parameters = Parameters { forward: Some(true), ..Parameters::default() };
    stream.say(&ControlMessage::Subscribe(Subscribe { request_id, name, parameters })).await?;
    let message = tokio::select! {
        message = tokio::time::timeout(ANSWER_MAX, stream.next()) => message,
        _ = cancelled => return Ok(Answer::Cancelled),
    };
    let Ok(message) = message else {
        return Ok(Answer::Refused(TOO_BUSY));
    };
    match message? {
        Some(ControlMessage::SubscribeOk(ok)) if ok.properties.unknown_mandatory().is_some() => {
            let reason = "a mandatory track property is unknown";
            Ok(Answer::Refused(Refused { code: RequestCode::UnsupportedExtension, reason }))
        }
        Some(ControlMessage::SubscribeOk(ok)) => Ok(Answer::Live {
            alias: ok.track_alias,
            properties: ok.properties,
            largest: ok.parameters.largest,
        }),
        Some(ControlMessage::RequestError(error)) => {
            // A server is not sent elsewhere (section 10.6.1).
            if error.redirect.is_some_and(|redirect| !redirect.connect_uri.is_empty()) {
                return Err(Violation::Value { what: "REDIRECT's URI" }.into());
            }
            let code = RequestCode::from_wire(error.code).unwrap_or(RequestCode::InternalError);
            Ok(Answer::Refused(Refused { code, reason: "the publisher refused" }))
        }
        Some(other) => Err(Violation::Misplaced { what: other.name() }.into()),
        None => {
            let reason = "the publisher gave the request up";
            Ok(Answer::Refused(Refused { code: RequestCode::DoesNotExist, reason }))
        }
    }
}

/// Waits for PUBLISH_DONE, or until nobody wants the track any more.
async fn stay<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    cancelled: &mut oneshot::Receiver<()>,
    track: TrackKey,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let message = tokio::select! {
        message = stream.next() => message?,
        _ = cancelled => {
            stream.send.reset(ResetCode::Cancelled.get());
            stream.stop(ResetCode::Cancelled);
            return Ok(());
        }
    };
    let code = match message {
        Some(ControlMessage::PublishDone(done)) => {
            DoneCode::from_wire(done.code).unwrap_or(DoneCode::TrackEnded)
        }
        Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
        None => DoneCode::TrackEnded,
    };
    peer.forget_upstream(track);
    peer.shard.act(|tracks, now| tracks.upstream_done(now, peer.key, track, code));
    stream.end().await;
    Ok(())
}
