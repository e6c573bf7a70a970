//! Who publishes a track to us: one subscription a publisher, however many want the track.

use std::time::Instant;

use mosaik_proto::moqt::{GroupId, Location};

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

/// One publisher of a track.
#[derive(Debug, Clone, Copy)]
struct Upstream {
    session: SessionKey,
    standing: Standing,
    /// Whether it was told to send objects.
    forward: bool,
}

impl Upstream {
    const fn is_answered(&self) -> bool {
        matches!(self.standing, Standing::Live | Standing::Published)
    }
}

/// The publishers of one track.
#[derive(Debug, Default)]
pub(crate) struct Upstreams {
    list: Vec<Upstream>,
    /// All publishers were lost; until when the subscriptions stay.
    lost_until: Option<Instant>,
}

impl Upstreams {
    pub(crate) fn is_live(&self) -> bool {
        self.list.iter().any(Upstream::is_answered)
    }

    /// Whether someone sends objects as they are published, so that the newest is known.
    pub(crate) fn is_current(&self) -> bool {
        self.list.iter().any(|upstream| upstream.is_answered() && upstream.forward)
    }

    pub(crate) fn is_published(&self) -> bool {
        self.list.iter().any(|upstream| upstream.standing == Standing::Published)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn has(&self, session: SessionKey) -> bool {
        self.list.iter().any(|upstream| upstream.session == session)
    }

    /// Whether `session` publishes without having been asked.
    pub(crate) fn is_published_by(&self, session: SessionKey) -> bool {
        let of = |upstream: &Upstream| {
            upstream.session == session && upstream.standing == Standing::Published
        };
        self.list.iter().any(of)
    }

    /// Whether `session` was asked, and has said yes or nothing yet.
    pub(crate) fn was_asked(&self, session: SessionKey) -> bool {
        self.has(session) && !self.is_published_by(session)
    }

    /// Whether `session` was asked and has not answered.
    pub(crate) fn is_asked(&self, session: SessionKey) -> bool {
        let of = |upstream: &Upstream| upstream.session == session && !upstream.is_answered();
        self.list.iter().any(of)
    }

    /// `session` publishes the track, and sends objects if `forward` is true.
    pub(crate) fn set(&mut self, session: SessionKey, standing: Standing, forward: bool) {
        self.remove(session);
        self.list.push(Upstream { session, standing, forward });
        self.lost_until = None;
    }

    pub(crate) fn remove(&mut self, session: SessionKey) -> bool {
        let before = self.list.len();
        self.list.retain(|upstream| upstream.session != session);
        self.list.len() < before
    }

    pub(crate) fn sessions(&self) -> impl Iterator<Item = SessionKey> + '_ {
        self.list.iter().map(|upstream| upstream.session)
    }

    /// Those who said yes.
    pub(crate) fn answered(&self) -> Vec<SessionKey> {
        let answered = self.list.iter().filter(|upstream| upstream.is_answered());
        answered.map(|upstream| upstream.session).collect()
    }

    /// Notes whether objects are wanted, and gives those who must be told.
    pub(crate) fn set_forward(&mut self, forward: bool) -> Vec<SessionKey> {
        let stale =
            |upstream: &&mut Upstream| upstream.is_answered() && upstream.forward != forward;
        let mut told = Vec::new();
        for upstream in self.list.iter_mut().filter(stale) {
            upstream.forward = forward;
            told.push(upstream.session);
        }
        told
    }

    /// All of them, of which none is left.
    pub(crate) fn take(&mut self) -> Vec<SessionKey> {
        std::mem::take(&mut self.list).into_iter().map(|upstream| upstream.session).collect()
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
        let late = |upstream: &&Upstream| match upstream.standing {
            Standing::Requested(until) => until <= now,
            Standing::Live | Standing::Published => false,
        };
        self.list.iter().filter(late).map(|upstream| upstream.session).collect()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        let answers = self.list.iter().filter_map(|upstream| match upstream.standing {
            Standing::Requested(until) => Some(until),
            Standing::Live | Standing::Published => None,
        });
        answers.chain(self.lost_until).min()
    }
}

/// The NEW_GROUP_REQUEST that publishers have not followed yet (section 10.2.13).
#[derive(Debug, Default)]
pub(crate) struct NewGroup {
    /// What was asked for, and the largest group at that time.
    outstanding: Option<(u64, Option<GroupId>)>,
}

impl NewGroup {
    /// It went out with SUBSCRIBE, to a publisher whose largest group is not known yet.
    pub(crate) const fn asked(&mut self, value: Option<u64>) {
        if let Some(value) = value {
            self.outstanding = Some((value, None));
        }
    }

    /// SUBSCRIBE_OK says where the track stands.
    pub(crate) fn answered(&mut self, largest: Option<Location>) {
        if let Some((_, at)) = self.outstanding.as_mut().filter(|(_, at)| at.is_none()) {
            *at = largest.map(|largest| largest.group);
        }
    }

    /// Whether publishers must be asked for `value`, in a track whose largest group is `largest`;
    /// it counts as asked for from here on.
    pub(crate) fn must_ask(&mut self, value: u64, largest: Option<GroupId>) -> bool {
        if value != 0 && largest.is_some_and(|largest| value <= largest) {
            return false;
        }
        if self.outstanding.is_some_and(|(asked, at)| at == largest && asked >= value) {
            return false;
        }
        self.outstanding = Some((value, largest));
        true
    }
}
