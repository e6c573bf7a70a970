//! PUBLISH and PUBLISH_NAMESPACE from a peer.

#![expect(clippy::wildcard_enum_match_arm, reason = "any other message is misplaced")]

use mosaik_media::RequestKey;
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, Location, Parameters, Publish, PublishNamespace, RequestCode,
    RequestOk, TrackProperties, Violation,
};
use mosaik_transport::TransportError;
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::request::RequestStream;
use super::{Ending, Outcome};

pub(super) async fn publish<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    message: Publish,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let grant = peer.grants().and_then(|grants| grants.may_publish(message.name).ok());
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
    let outcome = publish_until_done(peer, stream, &ControlMessage::RequestOk(ok)).await;
    let code = match outcome {
        Ok(code) => code,
        Err(ending) => return Err(ending),
    };
    peer.shard.act(|tracks, now| tracks.upstream_done(now, peer.key, track, code));
    peer.aliases.borrow_mut().release(message.track_alias);
    Ok(())
}

async fn publish_until_done<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    ok: &ControlMessage,
) -> Result<DoneCode, Ending>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    stream.say(ok).await?;
    while let Some(message) = stream.next().await? {
        match message {
            ControlMessage::PublishDone(done) => {
                return Ok(DoneCode::from_wire(done.code).unwrap_or(DoneCode::TrackEnded));
            }
            ControlMessage::RequestUpdate(update) => {
                peer.request_ids.borrow_mut().take(update.request_id)?;
                stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
            }
            other => return Err(Violation::Misplaced { what: other.name() }.into()),
        }
    }
    Ok(DoneCode::TrackEnded)
}

pub(super) async fn publish_namespace<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    request: RequestKey,
    message: PublishNamespace,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let grant =
        peer.grants().and_then(|grants| grants.may_publish_namespace(message.namespace).ok());
    let Some(grant) = grant else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let namespace = grant.into_namespace();
    let announced = peer.shard.act(|tracks, now| tracks.announce(now, request, namespace));
    if let Err(refusal) = announced {
        return stream.refuse(refusal.code(), &refusal.to_string()).await;
    }
    stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
    stream.until_cancelled(peer).await?;
    peer.shard.act(|tracks, _| tracks.withdraw(request));
    Ok(())
}
