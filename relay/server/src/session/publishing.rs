//! PUBLISH and PUBLISH_NAMESPACE from a peer.

use std::rc::Rc;

use mosaik_media::RequestKey;
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, Parameters, Publish, PublishNamespace, RequestCode, RequestOk,
    ResetCode, TrackProperties,
};
use mosaik_transport::TransportError;
use web_transport_trait::{RecvStream, SendStream};

use super::Outcome;
use super::following::{Followed, Following};
use super::peer::Peer;
use super::request::RequestStream;
use super::rights::Rights;
use super::wishes::Wish;

pub(super) async fn publish<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    rights: Rc<Rights>,
    message: Publish,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let Ok(grant) = rights.may_publish(message.name) else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let largest = message.parameters.largest;
    let name = grant.into_track();
    let published = peer.shard.act(|tracks, now| {
        tracks.publish(now, peer.key, name.clone(), message.properties, largest)
    });
    let track = match published {
        Ok(track) => track,
        Err(refused) => return stream.refuse(refused.code, refused.reason).await,
    };
    peer.bind_alias(message.track_alias, track)?;
    let forward = peer.shard.act(|tracks, _| tracks.is_wanted(track));
    let wishes = peer.wishes.begin(track, forward);
    let parameters = Parameters { forward: Some(forward), ..Parameters::default() };
    let ok = RequestOk { parameters, properties: TrackProperties::default() };
    stream.say(&ControlMessage::RequestOk(ok)).await?;
    let told = Wish { forward, new_group: None };
    let mut following = Following::new(peer, (track, name), wishes, told, Some(rights));
    following.expires(message.parameters.expires);
    let code = match following.run(stream).await? {
        Followed::Done(code) => code,
        Followed::Cancelled | Followed::Moved => {
            stream.send.reset(ResetCode::Cancelled.get());
            stream.stop(ResetCode::Cancelled);
            DoneCode::TrackEnded
        }
        Followed::Revoked => {
            stream.send.reset(ResetCode::Cancelled.get());
            stream.stop(ResetCode::Cancelled);
            peer.wishes.forget(track);
            peer.revoke(track, message.track_alias);
            return Ok(());
        }
    };
    peer.wishes.forget(track);
    peer.shard.act(|tracks, now| tracks.upstream_done(now, peer.key, track, code));
    peer.aliases.borrow_mut().retire(message.track_alias);
    stream.end().await;
    peer.release_aliases(&[message.track_alias]).await;
    Ok(())
}

pub(super) async fn publish_namespace<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    (request, rights): (RequestKey, Rc<Rights>),
    message: PublishNamespace,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let Ok(grant) = rights.may_publish_namespace(message.namespace) else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let namespace = grant.into_namespace();
    let announced = peer.shard.act(|tracks, now| tracks.announce(now, request, namespace));
    if let Err(refusal) = announced {
        return stream.refuse(refusal.code(), &refusal.to_string()).await;
    }
    peer.has_announced(request.id, Rc::clone(&rights));
    stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
    stream.until_cancelled(peer, &rights).await?;
    peer.has_withdrawn(request.id);
    peer.shard.act(|tracks, _| tracks.withdraw(request));
    Ok(())
}
