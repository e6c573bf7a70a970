//! SUBSCRIBE from a peer: its request stream from the first message to PUBLISH_DONE.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use mosaik_media::{Change, Refused, RequestKey, SubscribeRequest, SubscriptionKey};
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, FullTrackName, Location, PRIORITY_DEFAULT, ParameterPlace,
    Parameters, PublishDone, Redirect, RequestCode, RequestError, RequestOk, RequestUpdate,
    Subscribe, SubscribeOk, TrackProperties, TrackStatus, Violation,
};
use mosaik_proto::token::StatusGrant;
use mosaik_transport::TransportError;
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::request::{REPLIES_MAX, RequestStream};
use super::rights::Rights;
use super::{Ending, Outcome};
use crate::queue::{Receiver, queue};
use crate::shard::Reply;

pub(super) async fn serve<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    (request, rights): (RequestKey, Rc<Rights>),
    message: Subscribe,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let Ok(grant) = rights.may_subscribe(message.name) else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let asked = message.parameters;
    let name = grant.into_track();
    let wish = SubscribeRequest {
        request,
        name: name.clone(),
        filter: asked.filter,
        priority: asked.subscriber_priority.unwrap_or(PRIORITY_DEFAULT),
        order: asked.group_order,
        forward: asked.forward.unwrap_or(true),
        rendezvous: Duration::from_millis(asked.rendezvous_timeout.unwrap_or(0)),
        object_delivery_timeout: asked.object_delivery_timeout.map(Duration::from_millis),
        subgroup_delivery_timeout: asked.subgroup_delivery_timeout.map(Duration::from_millis),
        new_group: asked.new_group_request,
        is_question: false,
        picture_height: asked.picture_height_max,
    };
    let (replies_in, replies) = queue(REPLIES_MAX);
    peer.shard.expect_replies(request, replies_in);
    peer.shard.act(|tracks, now| tracks.subscribe(now, &wish));
    let serving = Serving { peer, request, rights, name, subscription: None, early_updates: 0 };
    let outcome = serving.run(stream, replies).await;
    peer.shard.forget_replies(request);
    outcome
}

/// TRACK_STATUS: what SUBSCRIBE would be answered, without a subscription (section 10.14). A track
/// that nobody has asked its publisher for is asked for now.
pub(super) async fn status<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    (request, rights): (RequestKey, Rc<Rights>),
    message: TrackStatus,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let Ok(grant) = rights.may_ask(message.name) else {
        return stream.refuse(RequestCode::Unauthorized, "the token does not allow it").await;
    };
    let known = peer.shard.act(|tracks, _| tracks.status(grant.track()));
    let answer = match known {
        Some((largest, properties)) => Some(Answer::Known(largest, properties)),
        None => ask_publisher(peer, stream, request, grant).await?,
    };
    match answer {
        Some(Answer::Known(largest, properties)) => {
            let parameters = Parameters { largest, ..Parameters::default() };
            let ok = ControlMessage::RequestOk(RequestOk { parameters, properties });
            stream.say(&ok).await?;
        }
        Some(Answer::Redirected(name)) => {
            stream.say(&redirect(name)).await?;
        }
        Some(Answer::Refused(refused)) => stream.refuse(refused.code, refused.reason).await?,
        None => {}
    }
    Ok(())
}

/// What is said of a track.
enum Answer {
    Known(Option<Location>, TrackProperties),
    Redirected(FullTrackName),
    Refused(Refused),
}

/// Subscribes for as long as the publisher needs to answer; `None` if the peer gave up before.
async fn ask_publisher<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    request: RequestKey,
    grant: StatusGrant,
) -> Result<Option<Answer>, Ending>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let wish = SubscribeRequest {
        forward: false,
        is_question: true,
        ..SubscribeRequest::new(request, grant.into_track())
    };
    let (replies_in, replies) = queue(REPLIES_MAX);
    peer.shard.expect_replies(request, replies_in);
    peer.shard.act(|tracks, now| tracks.subscribe(now, &wish));
    let found = tokio::select! {
        reply = replies.recv() => match reply {
            Some(Reply::Established { largest, properties, .. }) => {
                Ok(Some(Answer::Known(largest, properties)))
            }
            Some(Reply::Refused(refused)) => Ok(Some(Answer::Refused(refused))),
            Some(Reply::Redirected(name)) => Ok(Some(Answer::Redirected(name))),
            _ => Ok(None),
        },
        // The one message of this request has come, and FIN may be behind it (section 10.14).
        message = stream.heard() => match message {
            Ok(Some(other)) => Err(Violation::Misplaced { what: other.name() }.into()),
            Ok(None) => Ok(None),
            Err(ending) => Err(ending),
        },
    };
    peer.shard.act(|tracks, _| tracks.cancel_request(request));
    peer.shard.forget_replies(request);
    found
}

/// One subscription from its request to its end.
pub(super) struct Serving<'a, S> {
    pub(super) peer: &'a Peer<S>,
    pub(super) request: RequestKey,
    /// What it may do.
    pub(super) rights: Rc<Rights>,
    /// The track.
    pub(super) name: FullTrackName,
    /// What it is, once it is one.
    pub(super) subscription: Option<SubscriptionKey>,
    /// Updates that came before it was one, and wait for their answer.
    pub(super) early_updates: u32,
}

impl<S> Serving<'_, S> {
    /// Says what becomes of it and hears what the subscriber wants changed.
    pub(super) async fn run<W, R>(
        mut self,
        stream: &mut RequestStream<W, R>,
        replies: Receiver<Reply>,
    ) -> Outcome
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        let mut is_forbidden = false;
        loop {
            let changed = self.peer.rights_changed.notified();
            if !is_forbidden && self.rights.may_subscribe(self.name.clone()).is_err() {
                is_forbidden = true;
                if self.forbid(stream).await? == Next::Over {
                    return Ok(());
                }
            }
            tokio::select! {
                () = changed => {}
                reply = replies.recv() => {
                    let Some(reply) = reply else { return Ok(()) };
                    if self.answer(stream, reply).await? == Next::Over {
                        return Ok(());
                    }
                }
                message = stream.heard() => match message? {
                    Some(ControlMessage::RequestUpdate(update)) => {
                        if self.update(stream, &update).await? == Next::Over {
                            return Ok(());
                        }
                    }
                    Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
                    None => {
                        self.cancel();
                        return Ok(());
                    }
                },
            }
        }
    }

    /// The room does not allow it any more. PUBLISH_DONE follows where there is a subscription.
    async fn forbid<W, R>(&self, stream: &mut RequestStream<W, R>) -> Result<Next, Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        let Some(subscription) = self.subscription else {
            self.cancel();
            let reason = "the room does not allow it now";
            stream.refuse(RequestCode::Unauthorized, reason).await?;
            return Ok(Next::Over);
        };
        self.peer.shard.act(|tracks, now| {
            tracks.end_subscription(now, subscription, DoneCode::Unauthorized);
        });
        Ok(Next::GoesOn)
    }

    async fn answer<W, R>(
        &mut self,
        stream: &mut RequestStream<W, R>,
        reply: Reply,
    ) -> Result<Next, Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        match reply {
            Reply::Established { subscription, alias, largest, properties } => {
                self.subscription = Some(subscription);
                let parameters = Parameters { largest, ..Parameters::default() };
                let ok = SubscribeOk { track_alias: alias, parameters, properties };
                stream.say(&ControlMessage::SubscribeOk(ok)).await?;
                for _ in 0..std::mem::take(&mut self.early_updates) {
                    stream.say(&update_ok(largest)).await?;
                }
                Ok(Next::GoesOn)
            }
            Reply::Refused(refused) => {
                stream.refuse(refused.code, refused.reason).await?;
                Ok(Next::Over)
            }
            Reply::Redirected(name) => {
                stream.say(&redirect(name)).await?;
                Ok(Next::Over)
            }
            Reply::Done { code, streams } => {
                let done = PublishDone {
                    code: u64::from(code.get()),
                    stream_count: streams,
                    reason: Bytes::new(),
                };
                stream.say(&ControlMessage::PublishDone(done)).await?;
                Ok(Next::Over)
            }
            Reply::Namespace { .. }
            | Reply::Wanted
            | Reply::FetchOk(_)
            | Reply::FetchOver { .. } => Ok(Next::GoesOn),
        }
    }

    /// Changes the subscription and answers. One that is still waiting has its updates answered
    /// behind its own answer, which comes first (section 10.8).
    async fn update<W, R>(
        &mut self,
        stream: &mut RequestStream<W, R>,
        update: &RequestUpdate,
    ) -> Result<Next, Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        let place = ParameterPlace::SubscriptionUpdate;
        let rights = self.peer.updated(&self.rights, update, place)?;
        let change = change_of(&update.parameters);
        let Some(subscription) = self.subscription else {
            if let Err(refused) = rights {
                self.cancel();
                stream.refuse(refused.code, refused.reason).await?;
                return Ok(Next::Over);
            }
            let request = self.request;
            self.peer.shard.act(|tracks, now| tracks.update_waiting(now, request, &change));
            self.early_updates = self.early_updates.saturating_add(1);
            return Ok(Next::GoesOn);
        };
        let updated = self.peer.shard.act(|tracks, now| match rights {
            Ok(_) => tracks.update(now, subscription, &change),
            Err(refused) => {
                tracks.end_subscription(now, subscription, DoneCode::UpdateFailed);
                Err(Refused { code: refused.code, reason: refused.reason })
            }
        });
        match updated {
            Ok(largest) => stream.say(&update_ok(largest)).await?,
            // PUBLISH_DONE with UPDATE_FAILED follows (section 10.9.1).
            Err(refused) => stream.deny(refused.code, refused.reason).await?,
        };
        Ok(Next::GoesOn)
    }

    pub(super) fn cancel(&self) {
        self.peer.shard.act(|tracks, _| match self.subscription {
            Some(subscription) => tracks.cancel(subscription),
            None => tracks.cancel_request(self.request),
        });
    }
}

/// REQUEST_ERROR that names another track at this relay.
fn redirect(name: FullTrackName) -> ControlMessage {
    ControlMessage::RequestError(RequestError {
        code: u64::from(RequestCode::Redirect.get()),
        redirect: Some(Redirect { connect_uri: Bytes::new(), name }),
        ..RequestError::default()
    })
}

/// REQUEST_UPDATE_OK says where the track stands (section 10.9.1).
fn update_ok(largest: Option<Location>) -> ControlMessage {
    let parameters = Parameters { largest, ..Parameters::default() };
    ControlMessage::RequestOk(RequestOk { parameters, ..RequestOk::default() })
}

/// What REQUEST_UPDATE and PUBLISH_OK say of a subscription.
pub(super) fn change_of(parameters: &Parameters) -> Change {
    Change {
        filter: parameters.filter,
        priority: parameters.subscriber_priority,
        order: parameters.group_order,
        forward: parameters.forward,
        object_delivery_timeout: parameters.object_delivery_timeout.map(Duration::from_millis),
        subgroup_delivery_timeout: parameters.subgroup_delivery_timeout.map(Duration::from_millis),
        new_group: parameters.new_group_request,
        picture_height: parameters.picture_height_max,
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    GoesOn,
    Over,
}
