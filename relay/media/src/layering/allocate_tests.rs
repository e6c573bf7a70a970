//! What holds of every allocation.

use proptest::prelude::*;
use slotmap::{DefaultKey, SlotMap};

use super::{Grant, Level, Rank, Wish, allocate};
use crate::SubscriptionKey;

/// Up to eight wishes of three ranks, with up to nine levels that rise strictly.
fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let steps = prop::collection::vec(1_000_u64..400_000, 0..9);
    prop::collection::vec((0_u8..3, steps), 0..8).prop_map(|drawn| {
        let mut keys = SlotMap::<DefaultKey, ()>::new();
        let mut wish = |(priority, steps): (u8, Vec<u64>)| {
            let mut bitrate = 0;
            let levels = (0..).zip(steps).map(|(rendition, step)| {
                bitrate += step;
                Level { rendition, temporal: 0, bitrate }
            });
            Wish {
                key: SubscriptionKey(keys.insert(())),
                rank: Rank::new(priority, 160),
                levels: levels.collect(),
                oldest_waiting: None,
            }
        };
        drawn.into_iter().map(&mut wish).collect()
    })
}

fn bitrate(wish: &Wish, grant: &Grant) -> u64 {
    grant.level.map_or(0, |level| wish.levels[usize::from(level)].bitrate)
}

fn total(wishes: &[Wish], grants: &[Grant]) -> u64 {
    wishes.iter().zip(grants).map(|(wish, grant)| bitrate(wish, grant)).sum()
}

proptest! {
    #[test]
    fn nothing_goes_over_the_budget(wishes in wishes(), budget in 0_u64..8_000_000) {
        prop_assert!(total(&wishes, &allocate(budget, &wishes)) <= budget);
    }

    #[test]
    fn more_budget_never_means_less(wishes in wishes(), budget in 0_u64..8_000_000, more in 0_u64..900_000) {
        let (less, more) = (allocate(budget, &wishes), allocate(budget + more, &wishes));
        prop_assert!(total(&wishes, &less) <= total(&wishes, &more));
        let highest = wishes.iter().filter(|wish| !wish.levels.is_empty()).map(|wish| wish.rank).min();
        for ((wish, less), more) in wishes.iter().zip(&less).zip(&more) {
            if Some(wish.rank) == highest {
                prop_assert!(less.level <= more.level);
            }
        }
    }

    #[test]
    fn nobody_has_anything_before_a_higher_rank_has_its_lowest(
        wishes in wishes(),
        budget in 0_u64..8_000_000,
    ) {
        let grants = allocate(budget, &wishes);
        let starves = |rank| wishes.iter().zip(&grants).any(|(wish, grant)| {
            wish.rank < rank && !wish.levels.is_empty() && grant.level.is_none()
        });
        let someone_starves = starves(Rank::new(u8::MAX, u8::MAX));
        for (wish, grant) in wishes.iter().zip(&grants) {
            prop_assert!(grant.level.is_none() || !starves(wish.rank));
            prop_assert!(grant.level.unwrap_or(0) == 0 || !someone_starves);
        }
    }

    #[test]
    fn what_a_lower_rank_wishes_changes_nothing_above_once_all_have_their_lowest(
        wishes in wishes(),
        budget in 0_u64..8_000_000,
    ) {
        let grants = allocate(budget, &wishes);
        let Some(lowest) = wishes.iter().map(|wish| wish.rank).max() else { return Ok(()) };
        let mut modest = wishes.clone();
        for wish in modest.iter_mut().filter(|wish| wish.rank == lowest) {
            wish.levels.truncate(1);
        }
        for ((wish, grant), other) in wishes.iter().zip(&grants).zip(allocate(budget, &modest)) {
            prop_assert!(wish.rank == lowest || grant.level == other.level);
        }
    }

    #[test]
    fn the_order_of_wishes_does_not_matter(wishes in wishes(), budget in 0_u64..8_000_000, by in 0_usize..8) {
        let mut turned = wishes.clone();
        turned.rotate_left(by % wishes.len().max(1));
        turned.reverse();
        let mut one = allocate(budget, &wishes).to_vec();
        let mut other = allocate(budget, &turned).to_vec();
        one.sort_by_key(|grant| grant.key);
        other.sort_by_key(|grant| grant.key);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn equals_of_one_rank_differ_by_one_level_at_most(count in 1_usize..8, budget in 0_u64..8_000_000) {
        let mut keys = SlotMap::<DefaultKey, ()>::new();
        let level = |index| Level { rendition: index, temporal: 0, bitrate: 90_000 * (u64::from(index) + 1) };
        let wishes: Vec<Wish> = (0..count).map(|_| Wish {
            key: SubscriptionKey(keys.insert(())),
            rank: Rank::new(128, 160),
            levels: (0..9).map(level).collect(),
            oldest_waiting: None,
        }).collect();
        let grants = allocate(budget, &wishes);
        let taken = || grants.iter().map(|grant| grant.level.map_or(0, |level| level + 1));
        prop_assert!(taken().max().unwrap_or(0) - taken().min().unwrap_or(0) <= 1);
    }
}
