//! FETCH from a peer: its request stream from the first message to the end of its data stream
//! (section 10.12).

use std::rc::Rc;
use std::time::Duration;

use mosaik_media::{FetchTerms, JoinStart, RequestKey};
use mosaik_proto::moqt::{
    ControlMessage, Fetch, FetchRange, FullTrackName, PRIORITY_DEFAULT, ParameterPlace,
    RequestCode, RequestOk, RequestUpdate, ResetCode, Violation,
};
use mosaik_transport::TransportError;
use web_transport_trait::{RecvStream, SendStream};

use super::peer::Peer;
use super::request::RequestStream;
use super::rights::Rights;
use super::{Ending, Outcome};
use crate::queue::{Receiver, queue};
use crate::shard::Reply;

/// Answers waiting for a fetch's stream: an answer and the end are all there are.
const REPLIES_MAX: usize = 4;

pub(super) async fn serve<S, W, R>(
    peer: &Peer<S>,
    stream: &mut RequestStream<W, R>,
    (request, rights): (RequestKey, Rc<Rights>),
    message: Fetch,
) -> Outcome
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    let asked = message.parameters;
    let terms = FetchTerms {
        request,
        priority: asked.subscriber_priority.unwrap_or(PRIORITY_DEFAULT),
        order: asked.group_order.unwrap_or_default(),
        fill_timeout: asked.fill_timeout.map(Duration::from_millis),
    };
    let (replies_in, replies) = queue(REPLIES_MAX);
    peer.shard.expect_replies(request, replies_in);
    let begun = match message.what {
        FetchRange::Standalone { name, start, last } => {
            rights.may_fetch(name).map_err(|_| NOT_ALLOWED).map(|grant| {
                let name = grant.into_track();
                let of = name.clone();
                peer.shard.act(|tracks, now| tracks.fetch(now, &terms, of, (start, last)));
                Some(name)
            })
        }
        FetchRange::Relative { subscription, groups } => {
            join(peer, &rights, &terms, (subscription, JoinStart::Before(groups))).await
        }
        FetchRange::Absolute { subscription, group } => {
            join(peer, &rights, &terms, (subscription, JoinStart::At(group))).await
        }
    };
    let outcome = match begun {
        Ok(name) => {
            let (is_answered, early_updates) = (false, 0);
            let serving = Serving { peer, request, rights, name, is_answered, early_updates };
            serving.run(stream, replies).await
        }
        Err((code, reason)) => stream.refuse(code, reason).await,
    };
    peer.shard.forget_replies(request);
    outcome
}

const NOT_ALLOWED: (RequestCode, &str) = (RequestCode::Unauthorized, "the token does not allow it");

/// The right to subscribe to a track is not the right to fetch it, so it is looked at here too.
/// Gives the track, where the subscription is one.
async fn join<S>(
    peer: &Peer<S>,
    rights: &Rights,
    terms: &FetchTerms,
    (subscription, start): (u64, JoinStart),
) -> Result<Option<FullTrackName>, (RequestCode, &'static str)> {
    peer.request_came(subscription).await;
    let joined = RequestKey { session: peer.key, id: subscription };
    let name = peer.shard.act(|tracks, _| tracks.joined_track(joined).cloned());
    if let Some(name) = name.clone() {
        rights.may_fetch(name).map_err(|_| NOT_ALLOWED)?;
    }
    peer.shard.act(|tracks, now| tracks.join(now, terms, joined, start));
    Ok(name)
}

/// One fetch from its request to its end.
struct Serving<'a, S> {
    peer: &'a Peer<S>,
    request: RequestKey,
    rights: Rc<Rights>,
    name: Option<FullTrackName>,
    is_answered: bool,
    /// Updates that came before the answer, and wait for theirs.
    early_updates: u32,
}

impl<S> Serving<'_, S> {
    /// Says what becomes of it and hears what the subscriber wants changed.
    async fn run<W, R>(
        mut self,
        stream: &mut RequestStream<W, R>,
        replies: Receiver<Reply>,
    ) -> Outcome
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        loop {
            let changed = self.peer.rights_changed.notified();
            if self.name.clone().is_some_and(|name| self.rights.may_fetch(name).is_err()) {
                self.cancel();
                give_up(stream, ResetCode::Cancelled);
                return Ok(());
            }
            tokio::select! {
                () = changed => {}
                reply = replies.recv() => match reply {
                    Some(Reply::FetchOk(ok)) => {
                        self.is_answered = true;
                        stream.say(&ControlMessage::FetchOk(ok)).await?;
                        for _ in 0..std::mem::take(&mut self.early_updates) {
                            stream.say(&update_ok()).await?;
                        }
                    }
                    Some(Reply::Refused(refused)) => {
                        return stream.refuse(refused.code, refused.reason).await;
                    }
                    Some(Reply::FetchOver { reset: Some(code) }) => {
                        give_up(stream, code);
                        return Ok(());
                    }
                    Some(Reply::FetchOver { reset: None }) | None => return Ok(()),
                    Some(_) => {}
                },
                message = stream.heard() => match message? {
                    Some(ControlMessage::RequestUpdate(update)) => {
                        if !self.update(stream, &update).await? {
                            return Ok(());
                        }
                    }
                    Some(other) => return Err(Violation::Misplaced { what: other.name() }.into()),
                    None => {
                        self.cancel();
                        give_up(stream, ResetCode::Cancelled);
                        return Ok(());
                    }
                },
            }
        }
    }

    /// Changes the priority and answers; false if the update is refused, which ends the fetch
    /// (section 10.9.1).
    async fn update<W, R>(
        &mut self,
        stream: &mut RequestStream<W, R>,
        update: &RequestUpdate,
    ) -> Result<bool, Ending>
    where
        W: SendStream<Error = TransportError>,
        R: RecvStream<Error = TransportError>,
    {
        match self.peer.updated(&self.rights, update, ParameterPlace::FetchUpdate)? {
            Ok(rights) => self.rights = rights,
            Err(refused) => {
                self.cancel();
                stream.refuse(refused.code, refused.reason).await?;
                return Ok(false);
            }
        }
        if let Some(priority) = update.parameters.subscriber_priority {
            let request = self.request;
            self.peer.shard.act(|tracks, _| tracks.update_fetch(request, priority));
        }
        if self.is_answered {
            stream.say(&update_ok()).await?;
        } else {
            // FETCH_OK comes first (section 10.13).
            self.early_updates = self.early_updates.saturating_add(1);
        }
        Ok(true)
    }

    fn cancel(&self) {
        let request = self.request;
        self.peer.shard.act(|tracks, _| tracks.cancel_fetch(request));
    }
}

fn update_ok() -> ControlMessage {
    ControlMessage::RequestOk(RequestOk::default())
}

/// The request's stream goes with the data stream (section 5.2).
fn give_up<W, R>(stream: &mut RequestStream<W, R>, code: ResetCode)
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    stream.send.reset(code.get());
    stream.stop(code);
}
