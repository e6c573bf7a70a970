//! SUBSCRIBE_NAMESPACE from a peer: it learns which namespaces come and go.

use mosaik_media::RequestKey;
use mosaik_proto::moqt::{
    ControlMessage, NamespaceSuffix, RequestCode, RequestOk, ResetCode, SubscribeNamespace,
    Violation,
};
use mosaik_transport::TransportError;
use tokio::sync::mpsc;
use web_transport_trait::{RecvStream, SendStream};

use super::Outcome;
use super::peer::Peer;
use super::request::{REPLIES_MAX, RequestStream};
use crate::shard::Reply;

pub(super) async fn subscribe_namespace<S, W, R>(
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
        peer.grants().and_then(|grants| grants.may_subscribe_namespace(message.prefix).ok());
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
    let outcome = tell_namespaces(peer, &mut stream, &mut replies).await;
    peer.shard.act(|tracks, _| tracks.stop_listening(request));
    peer.shard.forget_replies(request);
    outcome
}

async fn tell_namespaces<S, W, R>(
    peer: &Peer<S>,
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
                    // Whoever was not told everything must not believe that it was (section 10.18).
                    stream.send.reset(ResetCode::Cancelled.get());
                    return Ok(());
                }
            },
            message = stream.next() => match message? {
                Some(ControlMessage::RequestUpdate(update)) => {
                    peer.request_ids.borrow_mut().take(update.request_id)?;
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
