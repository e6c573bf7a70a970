//! What each subscription was granted the last time.

use smallvec::SmallVec;

use super::{Grant, Level, Rank, Wish};
use crate::SubscriptionKey;

/// What was wished, as far as another wish is worth another decision: bit rates are measured anew
/// all the time and are not in it, nor are the layers that are known of what is sent only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    key: SubscriptionKey,
    rank: Rank,
    renditions: usize,
    best: Option<(u8, u8)>,
}

impl Shape {
    fn of(wish: &Wish) -> Self {
        let name = |level: &Level| (level.rendition, level.temporal);
        let best = wish.levels.last().map(name);
        let renditions = wish.levels.chunk_by(|one, next| one.rendition == next.rendition);
        Self { key: wish.key, rank: wish.rank, renditions: renditions.count(), best }
    }
}

#[derive(Debug, Clone, Copy)]
struct Had {
    shape: Shape,
    level: Option<Level>,
}

/// Of all subscriptions of a session, in the order of its wishes.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    had: SmallVec<[Had; 4]>,
    /// Which of its levels each of the present wishes has.
    levels: SmallVec<[Option<usize>; 4]>,
    bitrate: u64,
}

impl Held {
    /// Finds for each wish what it has; true if other things are wished than before.
    pub(super) fn recall(&mut self, wishes: &[Wish]) -> bool {
        let mut is_new = wishes.len() != self.had.len();
        self.levels.clear();
        for (index, wish) in wishes.iter().enumerate() {
            let is_its = |had: &&Had| had.shape.key == wish.key;
            let had = self.had.get(index).filter(is_its);
            let had = had.or_else(|| self.had.iter().find(is_its));
            is_new |= had.is_none_or(|had| had.shape != Shape::of(wish));
            let level = had.and_then(|had| had.level).and_then(|level| place(level, &wish.levels));
            self.levels.push(level);
        }
        is_new
    }

    /// Which of its levels the wish at `index` has.
    pub(super) fn level(&self, index: usize) -> Option<usize> {
        self.levels.get(index).copied().flatten()
    }

    /// These are granted now.
    pub(super) fn keep(&mut self, wishes: &[Wish], grants: &[Grant]) {
        self.had.clear();
        self.had.extend(wishes.iter().zip(grants).map(|(wish, grant)| {
            let level = grant.level.and_then(|level| wish.levels.get(usize::from(level)));
            Had { shape: Shape::of(wish), level: level.copied() }
        }));
        let bitrates = self.had.iter().filter_map(|had| had.level).map(|level| level.bitrate);
        self.bitrate = bitrates.fold(0, u64::saturating_add);
    }

    /// Bits a second of all that is granted.
    pub(super) fn bitrate(&self) -> u64 {
        self.bitrate
    }
}

/// Where `level` is among `levels`: itself, or else the best that costs no more.
fn place(level: Level, levels: &[Level]) -> Option<usize> {
    let is_same =
        |other: &Level| (other.rendition, other.temporal) == (level.rendition, level.temporal);
    let no_more = |other: &Level| other.bitrate <= level.bitrate;
    levels.iter().position(is_same).or_else(|| levels.iter().rposition(no_more))
}
