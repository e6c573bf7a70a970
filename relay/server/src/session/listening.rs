//! SUBSCRIBE_NAMESPACE from a peer: it learns which namespaces come and go.

use std::rc::Rc;

use mosaik_media::RequestKey;
use mosaik_proto::moqt::{
    ControlMessage, Namespace, NamespaceSuffix, ParameterPlace, RequestCode, RequestOk,
    RequestUpdate, ResetCode, SubscribeNamespace, Violation,
};
use mosaik_transport::TransportError;
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::request::{RESERVED, RequestStream};
use super::rights::Rights;
use super::{Ending, Outcome};
use crate::queue::{Receiver, queue};
use crate::shard::Reply;

/// News waiting for a listener's stream: all that it is told of at once
/// (`namespaces_per_listener`), and as much again. One that does not take them in is reset, as the
/// draft allows (section 10.18).
const NEWS_MAX: usize = 2_048;

pub(super) async fn subscribe_namespace<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    (request, rights): (RequestKey, Rc<Rights>),
    message: SubscribeNamespace,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let Ok(grant) = rights.may_subscribe_namespace(message.prefix) else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let (replies_in, replies) = queue(NEWS_MAX);
    peer.shard.expect_replies(request, replies_in);
    let prefix = grant.prefix().clone();
    if let Err(refusal) = peer.shard.act(|tracks, _| tracks.listen(request, grant)) {
        peer.shard.forget_replies(request);
        return stream.refuse(refusal.code(), &refusal.to_string()).await;
    }
    let outcome = tell_namespaces(peer, stream, &replies, (request, rights, prefix)).await;
    peer.shard.act(|tracks, _| tracks.stop_listening(request));
    peer.shard.forget_replies(request);
    outcome
}

async fn tell_namespaces<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    replies: &Receiver<Reply>,
    (request, mut rights, mut prefix): (RequestKey, Rc<Rights>, Namespace),
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
    loop {
        let changed = peer.rights_changed.notified();
        if rights.may_subscribe_namespace(prefix.clone()).is_err() {
            // It was answered, so that only a reset is left to say it with.
            stream.send.reset(ResetCode::Cancelled.get());
            return Ok(());
        }
        let message = tokio::select! {
            () = changed => continue,
            reply = replies.recv() => {
                let Some(message) = reply.and_then(news) else {
                    // Whoever was not told everything must not believe that it was (section 10.18).
                    stream.send.reset(ResetCode::ExcessiveLoad.get());
                    return Ok(());
                };
                message
            },
            message = stream.next() => match message? {
                Some(ControlMessage::RequestUpdate(update)) => {
                    let of = (request, rights, prefix);
                    match update_prefix(peer, stream, replies, of, update).await? {
                        Some(updated) => (rights, prefix) = updated,
                        None => return Ok(()),
                    }
                    continue;
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

/// NAMESPACE or NAMESPACE_DONE.
fn news(reply: Reply) -> Option<ControlMessage> {
    match reply {
        Reply::Namespace { suffix, present: true } => {
            Some(ControlMessage::Namespace(NamespaceSuffix(suffix)))
        }
        Reply::Namespace { suffix, present: false } => {
            Some(ControlMessage::NamespaceDone(NamespaceSuffix(suffix)))
        }
        Reply::Established { .. }
        | Reply::Refused(_)
        | Reply::Redirected(_)
        | Reply::Done { .. }
        | Reply::Wanted
        | Reply::FetchOk(_)
        | Reply::FetchOver { .. } => None,
    }
}

/// The prefix changes; none if it may not, which ends the request (section 10.9.2).
async fn update_prefix<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    replies: &Receiver<Reply>,
    (request, rights, mut prefix): (RequestKey, Rc<Rights>, Namespace),
    update: RequestUpdate,
) -> Result<Option<(Rc<Rights>, Namespace)>, Ending>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let rights = match peer.updated(&rights, &update, ParameterPlace::PrefixUpdate)? {
        Ok(rights) => rights,
        Err(refused) => {
            stream.refuse(refused.code, refused.reason).await?;
            return Ok(None);
        }
    };
    if let Some(wanted) = update.parameters.namespace_prefix {
        if wanted.is_never_served() {
            stream.refuse_for_good(RESERVED).await?;
            return Ok(None);
        }
        let Ok(grant) = rights.may_subscribe_namespace(wanted) else {
            stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await?;
            return Ok(None);
        };
        prefix = grant.prefix().clone();
        // What was found below the old prefix is told before the answer, all else behind it.
        while let Some(message) = replies.try_recv().and_then(news) {
            stream.say(&message).await?;
        }
        let moved = peer.shard.act(|tracks, _| tracks.listen_elsewhere(request, grant));
        if let Err(refusal) = moved {
            stream.refuse(refusal.code(), &refusal.to_string()).await?;
            return Ok(None);
        }
    }
    let is_heard = stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
    Ok(is_heard.then_some((rights, prefix)))
}
