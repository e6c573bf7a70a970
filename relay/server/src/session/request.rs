//! Request streams that the peer opens: the first message says what is asked (section 3.3).

#![expect(clippy::wildcard_enum_match_arm, reason = "any other message is misplaced")]

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use mosaik_media::RequestKey;
use mosaik_proto::moqt::{
    ControlDecoder, ControlMessage, Namespace, ParameterPlace, RequestCode, RequestError,
    RequestOk, ResetCode, SendOrder, SessionCode, Violation,
};
use mosaik_transport::{Outgoing, TransportError};
use tokio::time::{Instant, timeout};
use web_transport_trait::{RecvStream, SendStream};

use super::load::Talk;
use super::peer::Peer;
use super::rights::Rights;
use super::{Ending, Outcome, fetch, listening, offering, publishing, subscribe};
use crate::bucket::{Bucket, Rate};

/// How long a request stream has for its first message, and for each to be whole.
const REQUEST_MAX: Duration = Duration::from_secs(10);

/// Messages of the peer's on one request: updates, which are few. What comes faster waits unread.
const MESSAGES: Rate = Rate { burst: 50, each: Duration::from_millis(20) };

/// How long a peer has for the end of its side of a request that is over: a few round trips.
const LAST_WORDS_MAX: Duration = Duration::from_secs(2);

/// Why a reserved namespace is refused (section 3.2).
pub(super) const RESERVED: (RequestCode, &str) =
    (RequestCode::DoesNotExist, "a reserved namespace");

const UNREAD: Ending =
    Ending::Close(SessionCode::ControlMessageTimeout, "what was said is not read");

/// Answers waiting for one request's stream.
pub(super) const REPLIES_MAX: usize = 256;

/// One request's stream.
#[expect(clippy::struct_excessive_bools, reason = "any of them may be true with any other")]
pub(super) struct RequestStream<W, R> {
    pub(super) send: W,
    recv: R,
    decoder: ControlDecoder,
    /// Whether the request is ours, so that GOAWAY on it is for us to follow.
    is_ours: bool,
    /// Whether the peer ended its side with FIN.
    has_ended: bool,
    /// Whether a message of the peer's was taken.
    has_begun: bool,
    has_gone_away: bool,
    /// When the message must be whole that has begun.
    whole_until: Option<Instant>,
    /// Messages of the peer's on this stream.
    said: Bucket,
    /// What all requests of the session have in common.
    talk: Rc<Talk>,
    /// Until when nothing more is read, because too much was said.
    pause: Option<Instant>,
}

impl<W, R> RequestStream<W, R>
where
    W: SendStream<Error = TransportError>,
    R: RecvStream<Error = TransportError>,
{
    /// A request of the peer.
    pub(super) fn theirs<S>(peer: &Peer<S>, send: W, recv: R) -> Self {
        Self::new(Rc::clone(&peer.talk), send, recv, false)
    }

    /// A request of ours.
    pub(super) fn ours<S>(peer: &Peer<S>, send: W, recv: R) -> Self {
        Self::new(Rc::clone(&peer.talk), send, recv, true)
    }

    /// A PUBLISH of ours. GOAWAY on it would have it made again in the session where it is, which
    /// changes nothing: it goes on, and ends when the subscriber ends it.
    pub(super) fn offer<S>(peer: &Peer<S>, send: W, recv: R) -> Self {
        Self { has_begun: true, ..Self::new(Rc::clone(&peer.talk), send, recv, false) }
    }

    fn new(talk: Rc<Talk>, mut send: W, recv: R, is_ours: bool) -> Self {
        send.set_priority(SendOrder::CONTROL.get());
        let decoder = ControlDecoder::default();
        Self {
            send,
            recv,
            decoder,
            is_ours,
            has_ended: false,
            has_begun: is_ours,
            has_gone_away: false,
            whole_until: None,
            said: Bucket::full(MESSAGES, Instant::now().into_std()),
            talk,
            pause: None,
        }
    }

    /// The next message; `None` when the peer ended, reset or stopped the stream, all of which take
    /// the request back. Safe to give up.
    pub(super) async fn next(&mut self) -> Result<Option<ControlMessage>, Ending> {
        loop {
            if let Some(until) = self.pause {
                tokio::time::sleep_until(until).await;
                self.pause = None;
            }
            if let Some(message) = self.decoder.take()? {
                self.whole_until = None;
                let is_first = !std::mem::replace(&mut self.has_begun, true);
                self.count_message(is_first);
                if is_first || self.is_for_us(&message)? {
                    return Ok(Some(message));
                }
                continue;
            }
            if self.decoder.is_empty() {
                self.whole_until = None;
            } else {
                self.whole_until.get_or_insert_with(|| Instant::now() + REQUEST_MAX);
            }
            let whole_until = self.whole_until;
            let late = async {
                match whole_until {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            // What was said before the peer stopped listening still counts.
            let read = tokio::select! {
                biased;
                read = self.recv.read_chunk(4096) => {
                    self.has_ended |= matches!(read, Ok(None));
                    read
                }
                stopped = self.send.closed() => stopped.map(|()| None),
                () = late => {
                    let code = SessionCode::ControlMessageTimeout;
                    return Err(Ending::Close(code, "the rest of a message is late"));
                }
            };
            match read {
                Ok(Some(chunk)) => self.decoder.push(&chunk),
                Ok(None) if !self.decoder.is_empty() => return Err(Violation::Truncated.into()),
                Ok(None)
                | Err(
                    TransportError::Reset(_)
                    | TransportError::Stopped(_)
                    | TransportError::StreamClosed,
                ) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// As [`RequestStream::next`], for requests that FIN does not take back, since it says only that
    /// the peer has nothing more to say: STOP_SENDING or a reset does (sections 5.1 and 5.2).
    pub(super) async fn heard(&mut self) -> Result<Option<ControlMessage>, Ending> {
        if !self.has_ended {
            let heard = self.next().await?;
            if heard.is_some() || !self.has_ended {
                return Ok(heard);
            }
        }
        // However it stopped listening, it did.
        let _ = self.send.closed().await;
        Ok(None)
    }

    /// What is said too fast waits unread: on one request, and on all of the session together.
    fn count_message(&mut self, is_first: bool) {
        let now = Instant::now();
        let here = self.said.take(MESSAGES, now.into_std()).err();
        let is_update = !is_first && !self.is_ours;
        let in_all = is_update.then(|| self.talk.update(now.into_std())).flatten();
        self.pause = here.max(in_all).map(|wait| now + wait);
    }

    /// GOAWAY comes once on a request, and a server is not sent elsewhere (section 10.4). On a
    /// request of the peer's it asks nothing of us.
    fn is_for_us(&mut self, message: &ControlMessage) -> Result<bool, Violation> {
        let ControlMessage::GoAway(away) = message else {
            return Ok(true);
        };
        if away.request_id.is_some() {
            return Err(Violation::Value { what: "GOAWAY's request ID" });
        }
        if std::mem::replace(&mut self.has_gone_away, true) {
            return Err(Violation::Misplaced { what: "a second GOAWAY" });
        }
        if !away.new_session_uri.is_empty() {
            return Err(Violation::Value { what: "GOAWAY's URI" });
        }
        Ok(self.is_ours)
    }

    /// Writes a message; false if the peer does not want it any more.
    pub(super) async fn say(&mut self, message: &ControlMessage) -> Result<bool, Ending> {
        self.write(message.encode()?).await
    }

    async fn write(&mut self, bytes: Bytes) -> Result<bool, Ending> {
        let written = timeout(self.talk.unread_max, self.send.write_chunk(bytes)).await;
        match written.map_err(|_| UNREAD)? {
            Ok(()) => Ok(true),
            Err(TransportError::Stopped(_) | TransportError::StreamClosed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Says no, which is the last that is said.
    pub(super) async fn refuse(&mut self, code: RequestCode, reason: &str) -> Outcome {
        // Whether the peer still wants to hear it makes no difference.
        self.deny(code, reason).await?;
        Ok(())
    }

    /// Says no to something that will never be.
    pub(super) async fn refuse_for_good(&mut self, (code, reason): (RequestCode, &str)) -> Outcome {
        self.say_no((code, reason), 0).await?;
        Ok(())
    }

    /// Says no; false if the peer does not want to hear it.
    pub(super) async fn deny(&mut self, code: RequestCode, reason: &str) -> Result<bool, Ending> {
        self.say_no((code, reason), retry_interval(code)).await
    }

    async fn say_no(
        &mut self,
        (code, reason): (RequestCode, &str),
        retry_interval: u64,
    ) -> Result<bool, Ending> {
        let error = RequestError {
            code: u64::from(code.get()),
            retry_interval,
            reason: Bytes::copy_from_slice(reason.as_bytes()),
            redirect: None,
        };
        self.say(&ControlMessage::RequestError(error)).await
    }

    /// Ends our side, and lets the peer end its own before it is told to stop.
    ///
    /// STOP_SENDING could overtake our last message on this stream, and cancels the request for a
    /// peer that hears it first (section 3.3.2).
    pub(super) async fn end(&mut self) {
        // The peer may have stopped the stream in the meantime.
        let _ = self.send.finish();
        let heard_out = async { while let Ok(Some(_)) = self.recv.read_chunk(4096).await {} };
        if timeout(LAST_WORDS_MAX, heard_out).await.is_err() {
            self.stop(ResetCode::Cancelled);
        }
    }

    /// Takes a SUBSCRIBE of ours back. STOP_SENDING says so (section 5.1.1); our side ends with FIN:
    /// some publishers end their session when they get RESET_STREAM over native QUIC.
    pub(super) fn cancel(&mut self) {
        // The peer may have stopped the stream in the meantime.
        let _ = self.send.finish();
        self.stop(ResetCode::Cancelled);
    }

    /// Nothing more is read.
    pub(super) fn stop(&mut self, code: ResetCode) {
        self.recv.stop(code.get());
    }

    /// Waits until the peer takes the request back, answering updates on the way.
    pub(super) async fn until_cancelled<S>(
        &mut self,
        peer: &Peer<S>,
        rights: &Rc<Rights>,
    ) -> Outcome {
        while let Some(message) = self.next().await? {
            match message {
                ControlMessage::RequestUpdate(update) => {
                    match peer.updated(rights, &update, ParameterPlace::NamespaceUpdate)? {
                        Ok(_) => self.say(&ControlMessage::RequestOk(RequestOk::default())).await?,
                        // A failed update ends the request (section 10.9.1).
                        Err(refused) => return self.refuse(refused.code, refused.reason).await,
                    };
                }
                other => return Err(Violation::Misplaced { what: other.name() }.into()),
            }
        }
        Ok(())
    }
}

/// Milliseconds after which it makes sense to ask again, plus one; 0 for never (section 10.6.2).
///
/// Load passes, and what nobody publishes now somebody may publish soon. Who is refused together
/// does not come again together.
fn retry_interval(code: RequestCode) -> u64 {
    match code {
        RequestCode::ExcessiveLoad | RequestCode::Timeout | RequestCode::DoesNotExist => {
            1_001 + u64::from(rand::random::<u16>() % 1_000)
        }
        _ => 0,
    }
}

/// Serves one request from its first message to its end.
pub(super) async fn serve<S: Outgoing>(
    peer: Rc<Peer<S>>,
    (send, recv): (S::SendStream, S::RecvStream),
    is_too_much: bool,
) -> Outcome {
    let mut stream = RequestStream::theirs(&peer, send, recv);
    let first = timeout(REQUEST_MAX, stream.next()).await.map_err(|_| {
        Ending::Close(SessionCode::ControlMessageTimeout, "a request stream without a request")
    })??;
    let Some(first) = first else {
        return Ok(());
    };
    peer.is_set_up().await;
    serve_first(peer, &mut stream, first, is_too_much).await?;
    stream.end().await;
    Ok(())
}

async fn serve_first<S: Outgoing>(
    peer: Rc<Peer<S>>,
    stream: &mut RequestStream<S::SendStream, S::RecvStream>,
    first: ControlMessage,
    is_too_much: bool,
) -> Outcome {
    let Some(id) = first.request_id() else {
        return Err(Violation::Misplaced { what: first.name() }.into());
    };
    peer.take_request(id)?;
    let request = RequestKey { session: peer.key, id };
    // Whatever becomes of the request, its tokens are registered from here on.
    let tokens = peer.tokens_of(first.tokens())?;
    if peer.is_leaving() {
        return stream.refuse(RequestCode::GoingAway, "the relay is going away").await;
    }
    if is_too_much {
        return stream.refuse(RequestCode::ExcessiveLoad, "too many requests at once").await;
    }
    if first.namespace().is_some_and(Namespace::is_never_served) {
        return stream.refuse_for_good(RESERVED).await;
    }
    let rights = match peer.rights(&tokens) {
        Ok(rights) => rights,
        Err(refused) => return stream.refuse(refused.code, refused.reason).await,
    };
    // Boxed, so that a request has the memory that its own kind needs and not that of the largest:
    // a subscription lives as long as its lesson.
    match first {
        ControlMessage::Subscribe(message) => {
            Box::pin(subscribe::serve(&peer, stream, (request, rights), message)).await
        }
        ControlMessage::Publish(message) => {
            Box::pin(publishing::publish(&peer, stream, rights, message)).await
        }
        ControlMessage::PublishNamespace(message) => {
            Box::pin(publishing::publish_namespace(&peer, stream, (request, rights), message)).await
        }
        ControlMessage::SubscribeNamespace(message) => {
            Box::pin(listening::subscribe_namespace(&peer, stream, (request, rights), message))
                .await
        }
        ControlMessage::TrackStatus(message) => {
            Box::pin(subscribe::status(&peer, stream, (request, rights), message)).await
        }
        ControlMessage::SubscribeTracks(message) => {
            Box::pin(offering::subscribe_tracks(peer, stream, (request, rights), message)).await
        }
        ControlMessage::Fetch(message) => {
            Box::pin(fetch::serve(&peer, stream, (request, rights), message)).await
        }
        other => Err(Violation::Misplaced { what: other.name() }.into()),
    }
}
