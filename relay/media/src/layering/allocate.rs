//! Who gets what of a budget: a pure function of its arguments.

use smallvec::SmallVec;

use super::{Grant, Level, Rank, Wish};
use crate::SubscriptionKey;

/// Serves `wishes` with at most `budget` bits a second, in the order of survival.
///
/// First the lowest level of everyone, rank by rank: where one does not fit, it and all behind it
/// get nothing, and nobody gets more than the lowest. Then improvements, rank by rank, within one
/// rank always the one whose next level is the smallest (max-min fair); where that does not fit,
/// the rank has what it can have, and the next one goes on with the rest.
///
/// So nobody gets anything at the cost of a higher rank; a larger budget never takes anything from
/// the highest rank and never grants fewer bits in all; and the order of `wishes` does not matter.
/// The grants come in the order of `wishes`.
pub fn allocate(budget: u64, wishes: &[Wish]) -> SmallVec<[Grant; 4]> {
    let mut queue = Queue::of(wishes);
    queue.serve(budget, Cap::Wished);
    queue.grants(wishes)
}

/// How far [`Queue::serve`] goes at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cap {
    /// To what is wished.
    Wished,
    /// To what each has now.
    Held,
}

/// Wishes in the order in which they are served.
#[derive(Debug)]
pub(super) struct Queue<'a>(SmallVec<[Served<'a>; 8]>);

/// One wish while it is being served.
#[derive(Debug)]
struct Served<'a> {
    rank: Rank,
    key: SubscriptionKey,
    /// Its place among the wishes.
    index: usize,
    levels: &'a [Level],
    /// How many of the levels it has from before; zero is nothing.
    held: usize,
    /// How many it may have.
    cap: usize,
    /// How many it has.
    taken: usize,
}

impl Served<'_> {
    fn bitrate(&self, taken: usize) -> u64 {
        let index = taken.checked_sub(1);
        index.and_then(|index| self.levels.get(index)).map_or(0, |level| level.bitrate)
    }

    /// The next level that costs more: its bits a second, and how many levels it has then.
    fn next(&self) -> Option<(u64, usize)> {
        let has = self.bitrate(self.taken);
        let rest = self.levels.iter().enumerate().take(self.cap).skip(self.taken);
        let mut rising = rest.filter(|(_, level)| self.taken == 0 || level.bitrate > has);
        rising.next().map(|(index, level)| (level.bitrate, index + 1))
    }
}

impl<'a> Queue<'a> {
    /// Of wishes that have nothing yet.
    pub(super) fn of(wishes: &'a [Wish]) -> Self {
        let mut served: SmallVec<[Served<'a>; 8]> = wishes
            .iter()
            .enumerate()
            .map(|(index, wish)| Served {
                rank: wish.rank,
                key: wish.key,
                index,
                levels: &wish.levels,
                held: 0,
                cap: wish.levels.len(),
                taken: 0,
            })
            .collect();
        served.sort_unstable_by_key(|one| {
            (one.rank, one.levels.first().map(|level| level.bitrate), one.key)
        });
        Self(served)
    }

    /// Says which of its levels each wish has from before.
    pub(super) fn hold(&mut self, level_of: impl Fn(usize) -> Option<usize>) {
        for one in &mut self.0 {
            one.held = level_of(one.index).map_or(0, |level| level + 1).min(one.levels.len());
        }
    }

    /// Bits a second of what all have from before.
    pub(super) fn held(&self) -> u64 {
        self.0.iter().map(|one| one.bitrate(one.held)).fold(0, u64::saturating_add)
    }

    /// Serves all from nothing; the bits a second that they have then.
    pub(super) fn serve(&mut self, budget: u64, cap: Cap) -> u64 {
        let mut rest = budget;
        self.run(cap, |cost| {
            let left = rest.checked_sub(cost);
            rest = left.unwrap_or(rest);
            left.is_some()
        });
        budget.saturating_sub(rest)
    }

    /// The smallest budget above `budget` with which the next in order gets better; `None` if all
    /// have what they wish.
    pub(super) fn better(&mut self, budget: u64) -> Option<u64> {
        let mut sum = 0_u64;
        let mut found = None;
        self.run(Cap::Wished, |cost| {
            sum = sum.saturating_add(cost);
            if sum > budget && found.is_none() {
                found = Some(sum);
            }
            found.is_none()
        });
        found
    }

    /// Bits a second with which all have what they wish.
    pub(super) fn wished(&mut self) -> u64 {
        self.serve(u64::MAX, Cap::Wished)
    }

    /// What each was served, in the order of `wishes`, of which this was made.
    pub(super) fn grants(&self, wishes: &[Wish]) -> SmallVec<[Grant; 4]> {
        let mut grants: SmallVec<[Grant; 4]> =
            wishes.iter().map(|wish| Grant { key: wish.key, level: None }).collect();
        for one in &self.0 {
            if let Some(grant) = grants.get_mut(one.index) {
                grant.level = one.taken.checked_sub(1).and_then(|index| u8::try_from(index).ok());
            }
        }
        grants
    }

    /// The same of what each has from before.
    pub(super) fn keep(&mut self) {
        for one in &mut self.0 {
            one.taken = one.held;
        }
    }

    /// Takes steps in order from nothing; `pay` is asked for each whether it fits.
    fn run(&mut self, cap: Cap, mut pay: impl FnMut(u64) -> bool) {
        for one in &mut self.0 {
            one.taken = 0;
            one.cap = match cap {
                Cap::Wished => one.levels.len(),
                Cap::Held => one.held,
            };
        }
        if self.0.iter_mut().all(|one| give_lowest(one, &mut pay)) {
            for rank in self.0.chunk_by_mut(|one, other| one.rank == other.rank) {
                improve(rank, &mut pay);
            }
        }
    }
}

/// Gives it its lowest level; false if that does not fit.
fn give_lowest(one: &mut Served<'_>, pay: &mut impl FnMut(u64) -> bool) -> bool {
    one.next().is_none_or(|(bitrate, taken)| {
        let fits = pay(bitrate);
        if fits {
            one.taken = taken;
        }
        fits
    })
}

/// Raises the levels of one rank until the next step does not fit.
///
/// It stops there, though a smaller step of another might fit: with more budget that one would have
/// to give it back.
fn improve(rank: &mut [Served<'_>], pay: &mut impl FnMut(u64) -> bool) {
    loop {
        let steps = rank.iter_mut().filter_map(|one| {
            let (bitrate, taken) = one.next()?;
            Some((bitrate, one.key, taken, one))
        });
        let smallest = steps.min_by_key(|(bitrate, key, ..)| (*bitrate, *key));
        let Some((bitrate, _, taken, one)) = smallest else { return };
        if !pay(bitrate.saturating_sub(one.bitrate(one.taken))) {
            return;
        }
        one.taken = taken;
    }
}
