//! SUBSCRIBE to a peer that announced a namespace: one for each track that someone wants.

use std::rc::Rc;
use std::time::Duration;

use mosaik_media::{Refused, TrackKey};
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, FullTrackName, Location, Parameters, RequestCode, Subscribe,
    TrackProperties, Violation,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::sync::watch;
use web_transport_trait::{RecvStream, SendStream};

use super::following::{Followed, Following};
use super::peer::Peer;
use super::request::RequestStream;
use super::wishes::Wish;
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
    /// The publisher wants to be asked again.
    Moved,
    /// It can be had under another name.
    Redirected(FullTrackName),
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
    let (mut wishes, mut new_group) = (Some(wishes), new_group);
    let mut aliases = Vec::new();
    for _ in 0..MOVES_MAX {
        let Some(now) = wishes.take() else { break };
        let asked = Asked { track, name: &name, new_group: new_group.take(), wishes: now };
        wishes = subscribe_once(&peer, asked, &mut aliases).await?;
    }
    if wishes.take().is_some_and(|wishes| wishes.has_changed().is_ok()) {
        let code = DoneCode::InternalError;
        peer.shard.act(|tracks, now| tracks.upstream_done(now, peer.key, track, code));
    }
    peer.wishes.forget(track);
    peer.release_aliases(&aliases).await;
    Ok(())
}

/// How often a publisher may have one subscription made again.
const MOVES_MAX: usize = 4;

/// What one SUBSCRIBE is for.
struct Asked<'a> {
    track: TrackKey,
    name: &'a FullTrackName,
    new_group: Option<u64>,
    wishes: watch::Receiver<Wish>,
}

/// Subscribes, and stays until the subscription ends; gives the wishes back if the publisher wants
/// it made again.
async fn subscribe_once<S: Outgoing>(
    peer: &Peer<S>,
    Asked { track, name, new_group, wishes }: Asked<'_>,
    aliases: &mut Vec<u64>,
) -> Result<Option<watch::Receiver<Wish>>, Ending> {
    if peer.is_told_to_go() {
        answered(peer, track, Err(LEAVING));
        return Ok(None);
    }
    if !peer.may_be_asked(name) {
        answered(peer, track, Err(Refused::REVOKED));
        return Ok(None);
    }
    let opened = tokio::time::timeout(ANSWER_MAX, peer.transport.open_bi()).await;
    let Ok(opened) = opened else {
        answered(peer, track, Err(TOO_BUSY));
        return Ok(None);
    };
    let (send, recv) = opened?;
    let mut stream = RequestStream::ours(peer, send, recv);
    // FORWARD is 1 whatever our subscribers say: publishers may refuse others (section 9.2).
    let told = Wish { forward: true, new_group: None };
    let forward = Some(told.forward);
    let parameters = Parameters { forward, new_group_request: new_group, ..Parameters::default() };
    match ask(peer, &mut stream, &wishes, name.clone(), parameters).await? {
        Answer::Live { alias, properties, largest, expires } => {
            peer.bind_alias(alias, track)?;
            aliases.push(alias);
            answered(peer, track, Ok((properties, largest)));
            let again = wishes.clone();
            let mut following = Following::new(peer, (track, name.clone()), wishes, told, None);
            following.expires(expires);
            let followed = following.run(&mut stream).await?;
            if followed == Followed::Revoked {
                stream.cancel();
                aliases.retain(|bound| *bound != alias);
                peer.revoke(track, alias);
                return Ok(None);
            }
            if let Followed::Done(code) = followed {
                peer.shard.act(|tracks, now| tracks.upstream_done(now, peer.key, track, code));
                stream.end().await;
            } else {
                stream.cancel();
            }
            peer.aliases.borrow_mut().retire(alias);
            if followed == Followed::Moved {
                return Ok(Some(again));
            }
        }
        Answer::Moved => {
            stream.cancel();
            return Ok(Some(wishes));
        }
        Answer::Redirected(name) => {
            peer.shard.act(|tracks, now| tracks.upstream_redirected(now, peer.key, track, &name));
        }
        Answer::Refused(refused) => answered(peer, track, Err(refused)),
        Answer::Cancelled => stream.cancel(),
    }
    Ok(None)
}

const LEAVING: Refused =
    Refused { code: RequestCode::DoesNotExist, reason: "the publisher is leaving" };

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
            if error.redirect.as_ref().is_some_and(|redirect| !redirect.connect_uri.is_empty()) {
                return Err(Violation::Value { what: "REDIRECT's URI" }.into());
            }
            Ok(match (RequestCode::from_wire(error.code), error.redirect) {
                (Some(RequestCode::Redirect), Some(redirect)) => Answer::Redirected(redirect.name),
                // It is the publisher that goes, not us.
                (Some(RequestCode::GoingAway), _) => Answer::Refused(LEAVING),
                // An unknown code counts as INTERNAL_ERROR (section 14).
                (code, _) => Answer::Refused(Refused {
                    code: code.unwrap_or(RequestCode::InternalError),
                    reason: "the publisher refused",
                }),
            })
        }
        Some(ControlMessage::GoAway(_)) => Ok(Answer::Moved),
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
