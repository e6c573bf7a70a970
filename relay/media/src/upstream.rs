//! Who publishes a track to us: one subscription a publisher, however many want the track.

use std::time::Instant;

use crate::SessionKey;

/// Where a subscription at one publisher stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// SUBSCRIBE was sent; the answer is due at this time.
    Requested(Instant),
    /// It said yes: objects may come.
    Live,
    /// It publishes without having been asked.
    Published,
}

/// The publishers of one track.
#[derive(Debug, Default)]
pub(crate) struct Upstreams {
    list: Vec<(SessionKey, Standing)>,
    /// All publishers were lost; until when the subscriptions stay.
    lost_until: Option<Instant>,
}

impl Upstreams {
    pub(crate) fn is_live(&self) -> bool {
        self.list
            .iter()
            .any(|(_, standing)| matches!(standing, Standing::Live | Standing::Published))
    }

    pub(crate) fn is_published(&self) -> bool {
        self.list.iter().any(|(_, standing)| *standing == Standing::Published)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn has(&self, session: SessionKey) -> bool {
        self.list.iter().any(|(key, _)| *key == session)
    }

    pub(crate) fn set(&mut self, session: SessionKey, standing: Standing) {
        self.remove(session);
        self.list.push((session, standing));
        self.lost_until = None;
    }

    pub(crate) fn remove(&mut self, session: SessionKey) -> bool {
        let before = self.list.len();
        self.list.retain(|(key, _)| *key != session);
        self.list.len() < before
    }

    pub(crate) fn sessions(&self) -> impl Iterator<Item = SessionKey> + '_ {
        self.list.iter().map(|(session, _)| *session)
    }

    pub(crate) const fn lose(&mut self, until: Instant) {
        self.lost_until = Some(until);
    }

    pub(crate) const fn forget_loss(&mut self) {
        self.lost_until = None;
    }

    pub(crate) fn is_lost_at(&self, now: Instant) -> bool {
        self.list.is_empty() && self.lost_until.is_some_and(|until| until <= now)
    }

    /// Publishers whose answer is overdue.
    pub(crate) fn overdue(&self, now: Instant) -> Vec<SessionKey> {
        let late = |standing: &Standing| match standing {
            Standing::Requested(until) => *until <= now,
            Standing::Live | Standing::Published => false,
        };
        self.list.iter().filter(|(_, standing)| late(standing)).map(|(key, _)| *key).collect()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        let answers = self.list.iter().filter_map(|(_, standing)| match standing {
            Standing::Requested(until) => Some(*until),
            Standing::Live | Standing::Published => None,
        });
        answers.chain(self.lost_until).min()
    }
}
