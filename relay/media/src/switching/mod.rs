//! Switching tracks: one subscription that is served out of several renditions, each group out of one.
//!
//! For its session it is one subscription with one alias. Inside it has feeds, which are
//! subscriptions to renditions' tracks: the current one is sent, the target waits for a group with
//! which it can take over, and those that end are sent to the end of what they had begun. So the log,
//! the lanes and the publishers know nothing of all this.
//!
//! The way of one switch: [`Tracks::grant`](crate::Tracks::grant) opens the target (`grant.rs`), its
//! publisher answers (`feeds.rs`), and with its first fitting group it becomes the current one
//! (`turn.rs`).

mod feeds;
mod grant;
mod ladder;
mod levels;
#[cfg(test)]
mod slides_tests;
#[cfg(test)]
mod tests;
mod turn;
mod update;
mod wishes;
#[cfg(test)]
mod world;

use std::time::{Duration, Instant};

use mosaik_proto::moqt::{GroupId, Location};
use smallvec::SmallVec;

pub(crate) use ladder::of as ladder_of;
use ladder::{Ladder, RENDITIONS_MAX};
use levels::{ALL_LAYERS, Measured};

use crate::SubscriptionKey;
use crate::effect::Refused;
use crate::layering::Level;

/// Temporal layers of a group that is sent whole.
const LAYERS_ALL: u8 = ALL_LAYERS + 1;

/// How long a rendition is left out at first that its publisher does not have. It doubles each time.
const ABSENT_MIN: Duration = Duration::from_secs(10);

/// How long it is left out at most.
const ABSENT_MAX: Duration = Duration::from_mins(1);

/// What serves a subscription to a switching track.
#[derive(Debug)]
pub(crate) struct Switching {
    ladder: &'static Ladder,
    /// What is sent.
    current: Option<Serving>,
    /// What is to be sent as soon as it has a group to begin with.
    target: Option<Target>,
    /// What was sent before, and is not yet at its end.
    ending: SmallVec<[SubscriptionKey; 2]>,
    /// The largest group that was begun.
    begun: Option<GroupId>,
    /// Renditions that their publisher does not have.
    absent: [Absence; RENDITIONS_MAX],
    /// What was granted last.
    granted: Option<Level>,
    /// What was measured last of what is sent: another rendition is measured after a second only.
    measured: Option<Measured>,
    /// Why a rendition was refused last.
    refused: Refused,
    /// Since when nobody announces the namespace and nothing is sent.
    orphaned: Option<Instant>,
}

/// A feed that is sent.
#[derive(Debug, Clone, Copy)]
struct Serving {
    rendition: u8,
    key: SubscriptionKey,
    /// Where it began.
    start: Location,
}

/// A feed that is to be sent.
#[derive(Debug, Clone, Copy)]
struct Target {
    rendition: u8,
    key: SubscriptionKey,
    /// When its publisher was asked for a group to begin with, or the feed for its publisher.
    asked: Instant,
}

/// Whether a rendition is left out.
#[derive(Debug, Clone, Copy, Default)]
struct Absence {
    until: Option<Instant>,
    lasts: Duration,
}

impl Switching {
    pub(crate) fn new(ladder: &'static Ladder) -> Self {
        Self {
            ladder,
            current: None,
            target: None,
            ending: SmallVec::new(),
            begun: None,
            absent: [Absence::default(); RENDITIONS_MAX],
            granted: None,
            measured: None,
            refused: Refused::NO_PUBLISHER,
            orphaned: None,
        }
    }

    /// Every feed there is.
    pub(crate) fn feeds(&self) -> SmallVec<[SubscriptionKey; 4]> {
        let current = self.current.map(|current| current.key);
        let target = self.target.map(|target| target.key);
        current.into_iter().chain(target).chain(self.ending.iter().copied()).collect()
    }

    /// Forgets a feed; gives its rendition if it is the current one or the target.
    fn forget(&mut self, feed: SubscriptionKey) -> Option<u8> {
        self.ending.retain(|key| *key != feed);
        let current = self.current.take_if(|current| current.key == feed);
        let target = self.target.take_if(|target| target.key == feed);
        let current = current.map(|current| current.rendition);
        current.or_else(|| target.map(|target| target.rendition))
    }

    fn is_absent(&self, now: Instant, rendition: u8) -> bool {
        let absence = self.absent.get(usize::from(rendition));
        absence.is_none_or(|absence| absence.until.is_some_and(|until| now < until))
    }

    /// The rendition is not to be had: it is left out for a while, longer each time.
    fn miss(&mut self, now: Instant, rendition: u8) {
        if self.is_absent(now, rendition) {
            return;
        }
        if let Some(absence) = self.absent.get_mut(usize::from(rendition)) {
            absence.lasts = (absence.lasts * 2).clamp(ABSENT_MIN, ABSENT_MAX);
            absence.until = Some(now + absence.lasts);
        }
    }

    fn found(&mut self, rendition: u8) {
        if let Some(absence) = self.absent.get_mut(usize::from(rendition)) {
            *absence = Absence::default();
        }
    }

    /// Its publisher is there anew, perhaps with other renditions.
    fn forget_absence(&mut self) {
        self.absent = [Absence::default(); RENDITIONS_MAX];
    }

    /// The cheapest rendition that is not left out.
    fn cheapest(&self, now: Instant) -> Option<u8> {
        let all = (0_u8..).zip(self.ladder.renditions).map(|(index, _)| index);
        all.into_iter().find(|rendition| !self.is_absent(now, *rendition))
    }
}

/// What a subscription is to the one that it serves.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) of: SubscriptionKey,
    /// Nothing passes: its first group is not chosen yet.
    pub(crate) is_held: bool,
    /// Temporal layers that are sent of groups that begin now, from the base layer on.
    layers: u8,
    /// Those of groups that have begun. They never become more, since a subgroup is sent from its
    /// first object or not at all.
    begun: SmallVec<[(GroupId, u8); 2]>,
}

impl Feed {
    pub(crate) fn of(of: SubscriptionKey) -> Self {
        Self { of, is_held: true, layers: LAYERS_ALL, begun: SmallVec::new() }
    }

    /// Groups from `oldest` on are kept, the rest is forgotten.
    pub(crate) fn keep_from(&mut self, oldest: GroupId) {
        self.begun.retain(|(group, _)| *group >= oldest);
    }

    /// Whether a subgroup of `group`, which begins now or has begun, is sent.
    pub(crate) fn sends(&mut self, group: GroupId, subgroup: u64) -> bool {
        let known = self.begun.iter().find(|(begun, _)| *begun == group).map(|(_, of)| *of);
        let layers = known.unwrap_or_else(|| {
            self.begun.push((group, self.layers));
            self.layers
        });
        layers >= LAYERS_ALL || subgroup < u64::from(layers)
    }

    /// Sets how many temporal layers are sent; true if groups that have begun lose some.
    fn limit(&mut self, layers: u8) -> bool {
        self.layers = layers;
        let mut is_less = false;
        for (_, begun) in &mut self.begun {
            is_less |= layers < *begun;
            *begun = layers.min(*begun);
        }
        is_less
    }
}
