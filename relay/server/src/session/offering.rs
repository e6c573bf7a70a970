//! SUBSCRIBE_TRACKS from a peer: a PUBLISH for every track below a prefix that its token allows,
//! now and later (section 10.19).

use std::rc::Rc;
use std::time::Duration;

use mosaik_media::{Offer, RequestKey};
use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Namespace, ParameterPlace, Parameters, Publish, PublishBlocked,
    RequestCode, RequestOk, RequestUpdate, ResetCode, SubscribeTracks, Violation,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::time::Instant;
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::request::{REPLIES_MAX, RESERVED, RequestStream};
use super::rights::Rights;
use super::subscribe::{Serving, change_of};
use super::{Ending, Outcome};
use crate::queue::{Receiver, queue};
use crate::shard::Reply;

/// How long a PUBLISH waits for a stream before the subscriber is told PUBLISH_BLOCKED: a few round
/// trips, in which a peer that means to allow more streams has done so.
const OPEN_MAX: Duration = Duration::from_secs(1);

/// How long a subscriber has for PUBLISH_OK.
const ANSWER_MAX: Duration = Duration::from_secs(10);

pub(super) async fn subscribe_tracks<S: Outgoing>(
    peer: Rc<Peer<S>>,
    stream: &mut RequestStream<S::SendStream, S::RecvStream>,
    (request, rights): (RequestKey, Rc<Rights>),
    message: SubscribeTracks,
) -> Outcome {
    let Ok(grant) = rights.may_subscribe_namespace(message.prefix) else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let (replies_in, replies) = queue(REPLIES_MAX);
    peer.shard.expect_replies(request, replies_in);
    let prefix = grant.prefix().clone();
    let wanted = peer.shard.act(|tracks, _| tracks.want_tracks(request, prefix.clone()));
    if let Err(refusal) = wanted {
        peer.shard.forget_replies(request);
        return stream.refuse(refusal.code(), &refusal.to_string()).await;
    }
    let forward = message.parameters.forward.unwrap_or(true);
    let peer_here = Rc::clone(&peer);
    let offering = Offering { peer: peer_here, request, rights, prefix, forward, next: None };
    let outcome = offering.run(stream, replies).await;
    peer.shard.act(|tracks, _| tracks.stop_wanting_tracks(request));
    peer.shard.forget_replies(request);
    outcome
}

/// One SUBSCRIBE_TRACKS that was accepted.
struct Offering<S> {
    peer: Rc<Peer<S>>,
    request: RequestKey,
    rights: Rc<Rights>,
    prefix: Namespace,
    forward: bool,
    /// What is offered as soon as there is a stream for it.
    next: Option<Ready>,
}

/// A track that is about to be offered.
struct Ready {
    name: FullTrackName,
    /// The end of its namespace behind the prefix.
    suffix: Namespace,
    /// The PUBLISH, one of ours, and what it says; `None` if the session may not have more.
    offer: Option<(RequestKey, Offer, Receiver<Reply>)>,
    until: Instant,
}

impl<S: Outgoing> Offering<S> {
    async fn run(
        mut self,
        stream: &mut RequestStream<S::SendStream, S::RecvStream>,
        replies: Receiver<Reply>,
    ) -> Outcome {
        stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?;
        let peer = Rc::clone(&self.peer);
        loop {
            let changed = peer.rights_changed.notified();
            if self.rights.may_subscribe_namespace(self.prefix.clone()).is_err() {
                stream.send.reset(ResetCode::Cancelled.get());
                break;
            }
            if self.next.is_none() && !self.peer.is_told_to_go() {
                self.next = self.next_ready();
            }
            let opens = self.next.as_ref().map(|ready| (ready.until, ready.offer.is_some()));
            let transport = self.peer.transport.clone();
            let open = async {
                match opens {
                    Some((until, true)) => {
                        tokio::time::timeout_at(until, transport.open_bi()).await.ok()
                    }
                    _ => None,
                }
            };
            tokio::select! {
                biased;
                () = changed => self.give_up_forbidden(),
                message = stream.next() => match message? {
                    Some(ControlMessage::RequestUpdate(update)) => {
                        if !self.update(stream, update).await? {
                            return Ok(());
                        }
                    }
                    Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
                    None => break,
                },
                opened = open, if opens.is_some() => match opened {
                    Some(opened) => self.publish(opened?).await,
                    None => {
                        if !self.blocked(stream).await? {
                            break;
                        }
                    }
                },
                reply = replies.recv(), if opens.is_none() => if reply.is_none() {
                    // Whoever was not offered everything must not believe that it was.
                    stream.send.reset(ResetCode::ExcessiveLoad.get());
                    break;
                },
            }
        }
        self.give_up();
        Ok(())
    }

    /// The next track that waits and that the token allows.
    fn next_ready(&self) -> Option<Ready> {
        loop {
            let next = self.peer.shard.act(|tracks, _| tracks.next_wanted(self.request));
            let (name, suffix) = next?;
            let Ok(grant) = self.rights.may_subscribe(name.clone()) else {
                continue;
            };
            let id = self.peer.request_ids.borrow_mut().ours();
            let request = RequestKey { session: self.peer.key, id };
            let forward = self.forward;
            let (replies_in, replies) = queue(REPLIES_MAX);
            self.peer.shard.expect_replies(request, replies_in);
            let track = grant.into_track();
            let offer = self.peer.shard.act(|tracks, _| tracks.offer(request, track, forward));
            if let Err(refused) = &offer {
                self.peer.shard.forget_replies(request);
                // Another subscription came first, or the track went away: nothing to tell.
                if refused.code != RequestCode::ExcessiveLoad {
                    continue;
                }
            }
            let offer = offer.ok().map(|offer| (request, offer, replies));
            return Some(Ready { name, suffix, offer, until: Instant::now() + OPEN_MAX });
        }
    }

    /// PUBLISH; what becomes of it is a task of its own, which outlives this request.
    async fn publish(&mut self, (send, recv): (S::SendStream, S::RecvStream)) {
        let Some(Ready { name, offer: Some((request, offer, replies)), .. }) = self.next.take()
        else {
            return;
        };
        let (subscription, track) = (offer.subscription, name.clone());
        let largest = offer.largest;
        let publish = Publish {
            request_id: request.id,
            name,
            track_alias: offer.alias,
            parameters: Parameters {
                forward: Some(self.forward),
                largest,
                ..Parameters::default()
            },
            properties: offer.properties,
        };
        let peer = Rc::clone(&self.peer);
        let rights = Rc::clone(&self.rights);
        let mut stream = RequestStream::offer(&peer, send, recv);
        let task = async move {
            let serving = Serving {
                peer: &peer,
                request,
                rights,
                name: track,
                subscription: Some(subscription),
                early_updates: 0,
            };
            let outcome = serve(serving, &mut stream, publish, replies).await;
            peer.shard.forget_replies(request);
            outcome?;
            stream.end().await;
            Ok(())
        };
        self.peer.begin(task).await;
    }

    /// PUBLISH_BLOCKED; false if the subscriber does not listen any more.
    async fn blocked(
        &mut self,
        stream: &mut RequestStream<S::SendStream, S::RecvStream>,
    ) -> Result<bool, Ending> {
        let Some(Ready { name, suffix, offer, .. }) = self.next.take() else {
            return Ok(true);
        };
        self.withdraw(offer);
        let track = name.track;
        stream.say(&ControlMessage::PublishBlocked(PublishBlocked { suffix, track })).await
    }

    /// The prefix changes; false if it may not, which ends the request (section 10.9.2).
    async fn update(
        &mut self,
        stream: &mut RequestStream<S::SendStream, S::RecvStream>,
        update: RequestUpdate,
    ) -> Result<bool, Ending> {
        match self.peer.updated(&self.rights, &update, ParameterPlace::PrefixUpdate)? {
            Ok(rights) => self.rights = rights,
            Err(refused) => {
                stream.refuse(refused.code, refused.reason).await?;
                self.give_up();
                return Ok(false);
            }
        }
        if let Some(prefix) = update.parameters.namespace_prefix {
            if prefix.is_never_served() {
                stream.refuse_for_good(RESERVED).await?;
                self.give_up();
                return Ok(false);
            }
            let Ok(grant) = self.rights.may_subscribe_namespace(prefix) else {
                stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await?;
                self.give_up();
                return Ok(false);
            };
            let (request, prefix) = (self.request, grant.prefix().clone());
            self.prefix = prefix.clone();
            self.give_up();
            let moved =
                self.peer.shard.act(|tracks, _| tracks.want_tracks_elsewhere(request, prefix));
            if let Err(refusal) = moved {
                stream.refuse(refusal.code(), &refusal.to_string()).await?;
                return Ok(false);
            }
        }
        stream.say(&ControlMessage::RequestOk(RequestOk::default())).await
    }

    /// What was about to be offered, and may not be any more, is not.
    fn give_up_forbidden(&mut self) {
        let may = |ready: &Ready| self.rights.may_subscribe(ready.name.clone()).is_ok();
        if self.next.as_ref().is_some_and(|ready| !may(ready)) {
            self.give_up();
        }
    }

    /// What was about to be offered is not.
    fn give_up(&mut self) {
        if let Some(ready) = self.next.take() {
            self.withdraw(ready.offer);
        }
    }

    fn withdraw(&self, offer: Option<(RequestKey, Offer, Receiver<Reply>)>) {
        if let Some((request, offer, _)) = offer {
            self.peer.shard.act(|tracks, _| tracks.cancel(offer.subscription));
            self.peer.shard.forget_replies(request);
        }
    }
}

/// PUBLISH, its answer, and the subscription that it becomes.
async fn serve<S, W, R>(
    serving: Serving<'_, S>,
    stream: &mut RequestStream<W, R>,
    publish: Publish,
    replies: Receiver<Reply>,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let answer = async {
        stream.say(&ControlMessage::Publish(publish)).await?;
        stream.next().await
    };
    let answer = tokio::time::timeout(ANSWER_MAX, answer).await.unwrap_or(Ok(None));
    let taken = match answer? {
        Some(ControlMessage::RequestOk(ok)) if ok.properties.is_empty() => {
            ok.parameters.check(ParameterPlace::PublishOk)?;
            Some(ok.parameters)
        }
        Some(ControlMessage::RequestOk(_)) => {
            return Err(Violation::Value { what: "PUBLISH_OK's track properties" }.into());
        }
        Some(ControlMessage::RequestError(error)) => {
            // A server is not sent elsewhere (section 10.6.1).
            if error.redirect.is_some_and(|redirect| !redirect.connect_uri.is_empty()) {
                return Err(Violation::Value { what: "REDIRECT's URI" }.into());
            }
            None
        }
        Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
        None => {
            stream.send.reset(ResetCode::Cancelled.get());
            stream.stop(ResetCode::Cancelled);
            None
        }
    };
    let Some(parameters) = taken else {
        serving.cancel();
        return Ok(());
    };
    if let Some(subscription) = serving.subscription {
        let change = change_of(&parameters);
        serving.peer.shard.act(|tracks, now| tracks.take_offer(now, subscription, &change));
    }
    serving.run(stream, replies).await
}
