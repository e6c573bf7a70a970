//! A track that a peer publishes to us, asked for or offered: what we want of it, until one side
//! ends it.

use std::rc::Rc;
use std::time::Duration;

use mosaik_media::TrackKey;
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, FullTrackName, ParameterPlace, Parameters, RequestOk, RequestUpdate,
    SessionCode, Violation,
};
use mosaik_transport::TransportError;
use tokio::sync::watch;
use tokio::time::Instant;
use web_transport_trait::{RecvStream, SendStream};

use super::Ending;
use super::peer::Peer;
use super::request::RequestStream;
use super::rights::Rights;
use super::wishes::Wish;

/// How long a publisher has to answer REQUEST_UPDATE.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// How an established subscription of ours ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Followed {
    /// The publisher ended it.
    Done(DoneCode),
    /// Nobody wants it any more.
    Cancelled,
    /// The publisher wants it asked for again.
    Moved,
    /// The publisher may not publish it any more.
    Revoked,
}

/// An established subscription of which we are the subscriber.
pub(super) struct Following<'a, S> {
    peer: &'a Peer<S>,
    track: TrackKey,
    name: FullTrackName,
    wishes: watch::Receiver<Wish>,
    /// What the publisher was told.
    told: Wish,
    /// What the publisher may do, if it made the request: then it may update it.
    offered: Option<Rc<Rights>>,
    /// Updates of ours without an answer, and when the last of them was sent.
    unanswered: u32,
    answer_until: Option<Instant>,
    /// When to ask for more time, if the publisher said EXPIRES.
    renewal: Option<Instant>,
}

impl<'a, S> Following<'a, S> {
    /// The publisher was told `told`, and said that it ends the subscription after `expires` ms.
    pub(super) fn new(
        peer: &'a Peer<S>,
        (track, name): (TrackKey, FullTrackName),
        wishes: watch::Receiver<Wish>,
        told: Wish,
        offered: Option<Rc<Rights>>,
    ) -> Self {
        let (unanswered, answer_until, renewal) = (0, None, None);
        Self { peer, track, name, wishes, told, offered, unanswered, answer_until, renewal }
    }

    /// Notes EXPIRES. More time is asked for when three quarters of it are over: the answer needs a
    /// round trip, and a hint that early costs little.
    pub(super) fn expires(&mut self, expires: Option<u64>) {
        let in_ms = expires.filter(|ms| *ms > 0).map(|ms| Duration::from_millis(ms / 4 * 3));
        self.renewal = in_ms.and_then(|delay| Instant::now().checked_add(delay));
    }

    pub(super) async fn run<W, R>(
        mut self,
        stream: &mut RequestStream<W, R>,
    ) -> Result<Followed, Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        loop {
            let changed = self.peer.rights_changed.notified();
            if !self.is_allowed() {
                return Ok(Followed::Revoked);
            }
            let wish = *self.wishes.borrow_and_update();
            if wish != self.told {
                self.tell(stream, wish).await?;
                continue;
            }
            tokio::select! {
                message = stream.next() => {
                    if let Some(end) = self.hear(stream, message?).await? {
                        // What is not wanted from here any more has no end to tell of.
                        let is_over = self.wishes.has_changed().is_err();
                        return Ok(if is_over { Followed::Cancelled } else { end });
                    }
                }
                () = changed => {}
                changed = self.wishes.changed() => if changed.is_err() {
                    return Ok(Followed::Cancelled);
                },
                () = at(self.renewal) => {
                    self.renewal = None;
                    self.update(stream, Parameters::default()).await?;
                }
                () = at(self.answer_until) => {
                    let why = "REQUEST_UPDATE without an answer";
                    return Err(Ending::Close(SessionCode::ControlMessageTimeout, why));
                }
            }
        }
    }

    /// Whether the publisher may still publish it.
    fn is_allowed(&self) -> bool {
        match &self.offered {
            Some(rights) => rights.may_publish(self.name.clone()).is_ok(),
            None => self.peer.may_be_asked(&self.name),
        }
    }

    /// What the publisher says; gives how the subscription ended, if it did.
    async fn hear<W, R>(
        &mut self,
        stream: &mut RequestStream<W, R>,
        message: Option<ControlMessage>,
    ) -> Result<Option<Followed>, Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        match message {
            None => return Ok(Some(Followed::Done(DoneCode::TrackEnded))),
            Some(ControlMessage::GoAway(_)) => return Ok(Some(Followed::Moved)),
            Some(ControlMessage::PublishDone(done)) => {
                // An unknown code counts as INTERNAL_ERROR (section 14).
                let code = DoneCode::from_wire(done.code).unwrap_or(DoneCode::InternalError);
                return Ok(Some(Followed::Done(passed_on(code))));
            }
            Some(ControlMessage::RequestOk(ok)) if self.unanswered > 0 => {
                if !ok.properties.is_empty() {
                    return Err(Violation::Value { what: "REQUEST_OK's track properties" }.into());
                }
                ok.parameters.check(ParameterPlace::UpdateOk)?;
                self.was_answered();
                if ok.parameters.expires.is_some() {
                    self.expires(ok.parameters.expires);
                }
                if let Some(largest) = ok.parameters.largest {
                    let track = self.track;
                    self.peer.shard.act(|tracks, _| tracks.upstream_stands_at(track, largest));
                }
            }
            // PUBLISH_DONE with UPDATE_FAILED follows (section 10.9.1).
            Some(ControlMessage::RequestError(_)) if self.unanswered > 0 => self.was_answered(),
            Some(ControlMessage::RequestUpdate(update)) => {
                let Some(rights) = &self.offered else {
                    return Err(Violation::Misplaced { what: "REQUEST_UPDATE" }.into());
                };
                match self.peer.updated(rights, &update, ParameterPlace::SubscriptionUpdate)? {
                    Ok(_) => stream.say(&ControlMessage::RequestOk(RequestOk::default())).await?,
                    Err(refused) => stream.deny(refused.code, refused.reason).await?,
                };
            }
            Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
        }
        Ok(None)
    }

    fn was_answered(&mut self) {
        self.unanswered -= 1;
        if self.unanswered == 0 {
            self.answer_until = None;
        }
    }

    async fn tell<W, R>(
        &mut self,
        stream: &mut RequestStream<W, R>,
        wish: Wish,
    ) -> Result<(), Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        let is_new = wish.new_group != self.told.new_group;
        let parameters = Parameters {
            forward: (wish.forward != self.told.forward).then_some(wish.forward),
            new_group_request: wish.new_group.filter(|_| is_new).map(|(_, value)| value),
            ..Parameters::default()
        };
        self.told = wish;
        self.update(stream, parameters).await
    }

    async fn update<W, R>(
        &mut self,
        stream: &mut RequestStream<W, R>,
        parameters: Parameters,
    ) -> Result<(), Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        let request_id = self.peer.request_ids.borrow_mut().ours();
        self.unanswered = self.unanswered.saturating_add(1);
        self.answer_until.get_or_insert_with(|| Instant::now() + ANSWER_MAX);
        // Whether the publisher still listens is heard from its side of the stream.
        stream
            .say(&ControlMessage::RequestUpdate(RequestUpdate { request_id, parameters }))
            .await?;
        Ok(())
    }
}

/// What subscribers are told when a publisher ends its track with this code. Most codes speak of the
/// subscription that we had, which is none of theirs: whoever hears GOING_AWAY from us, for
/// instance, would leave.
const fn passed_on(code: DoneCode) -> DoneCode {
    match code {
        DoneCode::TrackEnded
        | DoneCode::SubscriptionEnded
        | DoneCode::GoingAway
        | DoneCode::Expired => DoneCode::TrackEnded,
        DoneCode::MalformedTrack => DoneCode::MalformedTrack,
        DoneCode::ExcessiveLoad => DoneCode::ExcessiveLoad,
        DoneCode::InternalError
        | DoneCode::Unauthorized
        | DoneCode::TooFarBehind
        | DoneCode::UpdateFailed => DoneCode::InternalError,
    }
}

/// Waits until a time, or for ever.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}
