//! Who gets what of a budget: a pure function of its arguments.

use smallvec::SmallVec;

use super::{Grant, Level, Rank, Wish};
use crate::SubscriptionKey;

/// One wish while it is being served.
struct Served<'a> {
    rank: Rank,
    key: SubscriptionKey,
    levels: &'a [Level],
    /// How many levels it has; zero is nothing.
    taken: usize,
}

impl Served<'_> {
    /// Bits a second of what it has.
    fn has(&self) -> u64 {
        let index = self.taken.checked_sub(1);
        index.and_then(|index| self.levels.get(index)).map_or(0, |level| level.bitrate)
    }

    /// The next level that costs more: how many levels it has then, and its bits a second.
    fn next(&self) -> Option<(usize, u64)> {
        let has = self.has();
        let rest = self.levels.iter().enumerate().skip(self.taken);
        let mut rising = rest.filter(|(_, level)| self.taken == 0 || level.bitrate > has);
        rising.next().map(|(index, level)| (index + 1, level.bitrate))
    }
}

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
    let mut served: SmallVec<[Served<'_>; 4]> = wishes
        .iter()
        .filter(|wish| !wish.levels.is_empty())
        .map(|wish| Served { rank: wish.rank, key: wish.key, levels: &wish.levels, taken: 0 })
        .collect();
    served.sort_by_key(|one| (one.rank, one.next(), one.key));
    let mut rest = budget;
    if give_lowest(&mut rest, &mut served) {
        for rank in served.chunk_by_mut(|one, other| one.rank == other.rank) {
            improve(&mut rest, rank);
        }
    }
    let level_of = |wish: &Wish| {
        let one = served.iter().find(|one| one.key == wish.key)?;
        u8::try_from(one.taken.checked_sub(1)?).ok()
    };
    wishes.iter().map(|wish| Grant { key: wish.key, level: level_of(wish) }).collect()
}

/// Gives each its lowest level in this order; false if one does not fit.
fn give_lowest(rest: &mut u64, served: &mut [Served<'_>]) -> bool {
    served.iter_mut().all(|one| {
        let lowest =
            one.next().and_then(|(taken, bitrate)| Some((taken, rest.checked_sub(bitrate)?)));
        if let Some((taken, left)) = lowest {
            one.taken = taken;
            *rest = left;
        }
        lowest.is_some()
    })
}

/// Raises the levels of one rank until the next step does not fit.
///
/// It stops there, though a smaller step of another might fit: with more budget that one would have
/// to give it back.
fn improve(rest: &mut u64, rank: &mut [Served<'_>]) {
    let smallest = |rank: &mut [Served<'_>]| -> Option<(usize, usize, u64)> {
        let steps = rank.iter().enumerate().filter_map(|(index, one)| {
            let (taken, bitrate) = one.next()?;
            Some((bitrate, one.key, index, taken, bitrate.saturating_sub(one.has())))
        });
        steps.min().map(|(_, _, index, taken, cost)| (index, taken, cost))
    };
    while let Some((index, taken, cost)) = smallest(rank) {
        let (Some(left), Some(one)) = (rest.checked_sub(cost), rank.get_mut(index)) else { return };
        one.taken = taken;
        *rest = left;
    }
}
