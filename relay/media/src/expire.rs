//! What happens because nothing happened: waits that are over.

use std::time::Instant;

use mosaik_proto::moqt::DoneCode;

use crate::effect::{Effect, Refused};
use crate::subscription::Standing;
use crate::tracks::Tracks;
use crate::{SessionKey, SubscriptionKey, TrackKey};

impl Tracks {
    /// When [`Tracks::expire`] may have something to do next.
    pub fn deadline(&self) -> Option<Instant> {
        let stall_max = self.limits.fetch_stall_max;
        let fetches = self.fetches.values().filter_map(|fetch| fetch.deadline(stall_max));
        let held = self.held.first().map(|(until, _)| *until);
        fetches.chain(self.next_wait).chain(held).min()
    }

    /// Something is waited for until then. A wait that ends before its time is not taken back: it
    /// costs one look at all waits.
    pub(crate) fn wait_until(&mut self, until: Instant) {
        self.next_wait = Some(self.next_wait.map_or(until, |next| next.min(until)));
    }

    /// When the first wait of a subscription or a track is over. It looks at all of them, which with
    /// 2,000 subscriptions takes 100 microseconds: too long for each turn.
    fn first_wait(&self) -> Option<Instant> {
        let waits = self.subscriptions.iter().filter_map(|(_, state)| {
            let rendezvous = match state.standing {
                Standing::Rendezvous(until) => Some(until),
                Standing::Requested | Standing::Offered | Standing::Established(_) => None,
            };
            [rendezvous, state.done.map(|(_, until)| until)].into_iter().flatten().min()
        });
        let publishers = self.tracks.iter().filter_map(|(_, track)| track.upstreams.deadline());
        waits.chain(publishers).min()
    }

    /// Ends every wait whose time is over.
    pub fn expire(&mut self, now: Instant) {
        self.expire_fetches(now);
        self.ask_for_the_rest(now);
        self.release_held(now);
        if self.next_wait.is_some_and(|next| next <= now) {
            self.expire_publishers(now);
            self.expire_subscriptions(now);
            self.next_wait = self.first_wait();
        }
    }

    /// Datagrams wait until then for more to share their packet.
    pub(crate) fn hold_until(&mut self, until: Instant, session: SessionKey) {
        self.held.insert((until, session));
    }

    fn release_held(&mut self, now: Instant) {
        while let Some((until, session)) = self.held.first().copied().filter(|held| held.0 <= now) {
            self.held.remove(&(until, session));
            self.mark_session(session, |_| {});
        }
    }

    fn expire_subscriptions(&mut self, now: Instant) {
        let overdue: Vec<(SubscriptionKey, bool)> = self
            .subscriptions
            .iter()
            .filter_map(|(key, state)| {
                let alone = matches!(state.standing, Standing::Rendezvous(until) if until <= now);
                let done = state.done.is_some_and(|(_, until)| until <= now);
                (alone || done).then_some((SubscriptionKey(key), done))
            })
            .collect();
        for (key, is_done) in overdue {
            if is_done {
                self.finish(key);
            } else if let Some(state) = self.subscriptions.get(key.0) {
                let request = state.request;
                self.effects.push_back(Effect::Refused { request, refused: Refused::RENDEZVOUS });
                self.remove_subscription(key);
            }
        }
    }

    fn expire_publishers(&mut self, now: Instant) {
        let late: Vec<_> = self
            .tracks
            .iter()
            .flat_map(|(key, track)| {
                let overdue = track.upstreams.overdue(now);
                overdue.into_iter().map(move |session| (TrackKey(key), session))
            })
            .collect();
        for (track, session) in late {
            self.effects.push_back(Effect::CancelUpstream { session, track });
            self.upstream_refused(now, session, track, Refused::NO_ANSWER);
        }
        let lost: Vec<TrackKey> = self
            .tracks
            .iter()
            .filter(|(_, track)| track.upstreams.is_lost_at(now))
            .map(|(key, _)| TrackKey(key))
            .collect();
        for track in lost {
            if let Some(state) = self.tracks.get_mut(track.0) {
                state.upstreams.forget_loss();
            }
            self.end_subscriptions(now, track, DoneCode::TrackEnded);
            self.release(track);
        }
    }
}
