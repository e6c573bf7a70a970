//! SUBSCRIBE to a peer that announced a namespace: one for each track that someone wants.

use std::rc::Rc;
use std::time::Duration;

use mosaik_media::{Refused, TrackKey};
use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Location, Parameters, RequestCode, Subscribe, TrackProperties,
    Violation,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::sync::watch;
use web_transport_trait::{RecvStream, SendStream};

use super::following::{Followed, Following};
use super::peer::{Peer, Wish};
use super::request::RequestStream;
use super::{Ending, Outcome};

/// How long a publisher has for SUBSCRIBE_OK; also how long we try to open the request's stream.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// What became of a subscription.
enum Answer {
    Live {
        alias: u64,
        properties: TrackProperties,
        largest: Option<Location>,
        expires: Option<u64>,
    },
    Refused(Refused),
    Cancelled,
}

/// Subscribes, and stays until one side ends the subscription.
pub(super) async fn subscribe<S: Outgoing>(
    peer: Rc<Peer<S>>,
    track: TrackKey,
    name: FullTrackName,
    new_group: Option<u64>,
    wishes: watch::Receiver<Wish>,
) -> Outcome {
    let opened = tokio::time::timeout(ANSWER_MAX, peer.transport.open_bi()).await;
    let Ok(opened) = opened else {
        answered(&peer, track, Err(TOO_BUSY));
        return Ok(());
    };
    let (send, recv) = opened?;
    let mut stream = RequestStream::new(send, recv);
    // "Forward" is 1 whatever our subscribers say: publishers may refuse others (section 9.2).
    let told = Wish { forward: true, new_group: None };
    let forward = Some(told.forward);
    let parameters = Parameters { forward, new_group_request: new_group, ..Parameters::default() };
    match ask(&peer, &mut stream, &wishes, name, parameters).await? {
        Answer::Live { alias, properties, largest, expires } => {
            peer.bind_alias(alias, track)?;
            answered(&peer, track, Ok((properties, largest)));
            let mut following = Following::new(&peer, track, wishes, told, None);
            following.expires(expires);
            match following.run(&mut stream).await? {
                Followed::Done(code) => {
                    peer.unfollow(track);
                    peer.shard.act(|tracks, now| tracks.upstream_done(now, peer.key, track, code));
                    stream.end().await;
                }
                Followed::Cancelled => {
                    stream.cancel();
                }
            }
            peer.retire_alias(alias).await;
        }
        Answer::Refused(refused) => answered(&peer, track, Err(refused)),
        Answer::Cancelled => {
            stream.cancel();
        }
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
    wishes: &watch::Receiver<Wish>,
    name: FullTrackName,
    parameters: Parameters,
) -> Result<Answer, Ending>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let request_id = peer.request_ids.borrow_mut().ours();
    stream.say(&ControlMessage::Subscribe(Subscribe { request_id, name, parameters })).await?;
    let message = tokio::select! {
        biased;
        () = is_cancelled(wishes) => return Ok(Answer::Cancelled),
        message = tokio::time::timeout(ANSWER_MAX, stream.next()) => message,
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
            expires: ok.parameters.expires,
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

/// Waits until nobody wants the track any more; what is wanted of it is told once it is there.
async fn is_cancelled(wishes: &watch::Receiver<Wish>) {
    let mut wishes = wishes.clone();
    while wishes.changed().await.is_ok() {}
}
