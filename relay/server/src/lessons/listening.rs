//! What a room listens to: everyone's commands, and the uploads that it agreed to.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mosaik_media::{Effect, RequestKey, SessionKey, SubscribeRequest, SubscriptionKey, Tracks};
use mosaik_proto::moqt::{FullTrackName, Namespace};
use mosaik_proto::room::{ParticipantId, RoomId, UploadKey};

use super::participant_fields;

/// How long a participant has to announce the namespace that a track is in.
const RENDEZVOUS: Duration = Duration::from_secs(30);

/// After a subscription failed, before the next try.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Subscriber priority: only the order among a session's streams depends on it.
const PRIORITY: u8 = 16;

/// A track that a room subscribes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Commands(ParticipantId),
    Upload(ParticipantId, UploadKey),
}

impl Source {
    fn name(self, room: &RoomId) -> FullTrackName {
        let (from, track) = match self {
            Self::Commands(from) => (from, "commands".to_owned()),
            Self::Upload(from, key) => (from, format!("upload/{key}")),
        };
        FullTrackName::new(Namespace::new(participant_fields(room, from)), track)
    }
}

/// How far a subscription is.
enum Standing {
    /// SUBSCRIBE is under way with this request ID.
    Asking(u64),
    /// Objects come by this subscription, which was this request.
    Hearing(SubscriptionKey, u64),
    /// It failed; try again at this time.
    Again(Instant),
}

/// See the module.
pub(super) struct Listening {
    room: RoomId,
    session: SessionKey,
    sources: BTreeMap<Source, Standing>,
    next_request: u64,
}

impl Listening {
    pub(super) const fn new(room: RoomId, session: SessionKey) -> Self {
        Self { room, session, sources: BTreeMap::new(), next_request: 0 }
    }

    /// Subscribes, if it is not done already.
    pub(super) fn begin(&mut self, now: Instant, tracks: &mut Tracks, source: Source) {
        if self.sources.contains_key(&source) {
            return;
        }
        let id = self.next_request;
        self.next_request = id.saturating_add(1);
        let request = RequestKey { session: self.session, id };
        self.sources.insert(source, Standing::Asking(id));
        let wish = SubscribeRequest {
            rendezvous: RENDEZVOUS,
            priority: PRIORITY,
            ..SubscribeRequest::new(request, source.name(&self.room))
        };
        tracks.subscribe(now, &wish);
    }

    /// Ends a subscription.
    pub(super) fn end(&mut self, tracks: &mut Tracks, source: Source) {
        match self.sources.remove(&source) {
            Some(Standing::Hearing(subscription, _)) => tracks.cancel(subscription),
            Some(Standing::Asking(id)) => {
                tracks.cancel_request(RequestKey { session: self.session, id });
            }
            Some(Standing::Again(_)) | None => {}
        }
    }

    /// Ends a subscription, to begin it anew a moment later.
    pub(super) fn again(&mut self, now: Instant, tracks: &mut Tracks, source: Source) {
        self.end(tracks, source);
        self.sources.insert(source, Standing::Again(now + LISTEN_AGAIN));
    }

    /// The uploads of a participant.
    pub(super) fn uploads_of(&self, from: ParticipantId) -> Vec<Source> {
        let is_theirs = |source: &&Source| matches!(source, Source::Upload(by, _) if *by == from);
        self.sources.keys().filter(is_theirs).copied().collect()
    }

    /// What became of a subscription.
    pub(super) fn told(&mut self, now: Instant, effect: &Effect) {
        match effect {
            Effect::Established { request, subscription, .. } => {
                self.stand(request.id, Standing::Hearing(*subscription, request.id));
            }
            Effect::Refused { request, .. }
            | Effect::Redirected { request, .. }
            | Effect::Done { request, .. } => {
                self.stand(request.id, Standing::Again(now + LISTEN_AGAIN));
            }
            Effect::SubscribeUpstream { .. }
            | Effect::UpdateUpstream { .. }
            | Effect::CancelUpstream { .. }
            | Effect::Namespace { .. }
            | Effect::Wanted { .. }
            | Effect::Fill { .. }
            | Effect::ReadOn { .. }
            | Effect::CancelFill { .. }
            | Effect::FetchOk { .. }
            | Effect::FetchOver { .. }
            | Effect::ResetLanes { .. } => {}
        }
    }

    fn stand(&mut self, request: u64, standing: Standing) {
        let asks = |before: &Standing| match before {
            Standing::Asking(asked) | Standing::Hearing(_, asked) => *asked == request,
            Standing::Again(_) => false,
        };
        let asked = self.sources.values_mut().find(|before| asks(before));
        if let Some(before) = asked {
            *before = standing;
        }
    }

    /// What comes by a subscription.
    pub(super) fn source(&self, subscription: SubscriptionKey) -> Option<Source> {
        let hears = |standing: &Standing| matches!(standing, Standing::Hearing(key, _) if *key == subscription);
        self.sources.iter().find(|(_, standing)| hears(standing)).map(|(source, _)| *source)
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let again = self.sources.values().filter_map(|standing| match standing {
            Standing::Again(at) => Some(*at),
            Standing::Asking(_) | Standing::Hearing(..) => None,
        });
        again.min()
    }

    /// Tries again what is due.
    pub(super) fn expire(&mut self, now: Instant, tracks: &mut Tracks) {
        let is_due = |standing: &Standing| matches!(standing, Standing::Again(at) if *at <= now);
        let due: Vec<Source> = self
            .sources
            .iter()
            .filter(|(_, standing)| is_due(standing))
            .map(|(source, _)| *source)
            .collect();
        for source in due {
            self.sources.remove(&source);
            self.begin(now, tracks, source);
        }
    }
}
