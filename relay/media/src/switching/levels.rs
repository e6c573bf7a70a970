//! What a switching track may be served at, from the cheapest level to the best.

use smallvec::SmallVec;

use super::ladder::Rendition;
use crate::layering::Level;
use crate::meter::LAYERS;

/// The highest temporal layer: everything is sent.
pub(crate) const ALL_LAYERS: u8 = 2;

/// Levels of one wish.
pub(crate) type Levels = SmallVec<[Level; 9]>;

/// A layer with less than one in so many parts of a rendition is not worth a level.
const LAYER_MIN: u64 = 20;

/// The best rendition for a picture that is shown this tall: the smallest one that is at least as
/// tall, of those that are there. `None` for one that is not shown.
pub(crate) fn best_for(
    renditions: &[Rendition],
    is_there: impl Fn(u8) -> bool,
    height: Option<u16>,
) -> Option<u8> {
    let there = || (0..).zip(renditions).filter(|(index, _)| is_there(*index));
    let wanted = height.unwrap_or(u16::MAX);
    let tall_enough = there().find(|(_, rendition)| rendition.height >= wanted);
    let best = tall_enough.or_else(|| there().last())?;
    (wanted > 0).then_some(best.0)
}

/// The levels up to the rendition `best`, in strictly rising bit rate.
///
/// `measured` is the rendition that is being sent, with the bits a second of its temporal layers.
/// What is said by the names holds for the others, except that of a picture in which little happens
/// the cheaper renditions are as much cheaper: going down is never more expensive than staying.
pub(crate) fn levels(
    renditions: &[Rendition],
    is_there: impl Fn(u8) -> bool,
    best: u8,
    measured: Option<(u8, [u64; LAYERS])>,
) -> Levels {
    let mut levels = Levels::new();
    for (index, rendition) in (0..=best).zip(renditions).filter(|(index, _)| is_there(*index)) {
        let above = levels.last().map_or(0, |level| level.bitrate);
        let layers = measured.filter(|(of, _)| *of == index).map(|(_, layers)| layers);
        let whole = match layers {
            Some(layers) => layers.iter().sum(),
            None => estimate(renditions, index, rendition.bitrate, measured),
        };
        // Whatever is measured, the better rendition costs more.
        let whole = whole.max(above.saturating_add(1));
        let mut sum = 0_u64;
        for (temporal, layer) in (0..ALL_LAYERS).zip(layers.iter().flatten()) {
            sum = sum.saturating_add(*layer);
            let is_worth_it = whole.saturating_sub(sum) > whole / LAYER_MIN;
            let is_above = levels.last().is_none_or(|level| sum > level.bitrate);
            if *layer > 0 && is_worth_it && is_above {
                levels.push(Level { rendition: index, temporal, bitrate: sum });
            }
        }
        levels.push(Level { rendition: index, temporal: ALL_LAYERS, bitrate: whole });
    }
    levels
}

/// What a rendition costs that is not being sent, beside one that is.
fn estimate(
    renditions: &[Rendition],
    index: u8,
    nominal: u64,
    measured: Option<(u8, [u64; LAYERS])>,
) -> u64 {
    let Some((of, layers)) = measured else {
        return nominal;
    };
    let rate: u64 = layers.iter().sum();
    let usual = renditions.get(usize::from(of)).map_or(1, |rendition| rendition.bitrate.max(1));
    let scaled = u128::from(nominal) * u128::from(rate) / u128::from(usual);
    let scaled = u64::try_from(scaled).unwrap_or(u64::MAX);
    if index < of { scaled.min(nominal) } else { scaled.max(nominal) }
}

#[cfg(test)]
mod tests {
    use super::super::ladder;
    use super::*;
    use mosaik_proto::moqt::{FullTrackName, Namespace};

    fn cam() -> &'static [Rendition] {
        let name = FullTrackName::new(Namespace::of(&["room", "aa"]), &b"cam"[..]);
        ladder::of(&name).unwrap().renditions
    }

    fn all(measured: Option<(u8, [u64; LAYERS])>) -> Vec<(u8, u8, u64)> {
        let levels = levels(cam(), |_| true, 2, measured);
        levels.iter().map(|level| (level.rendition, level.temporal, level.bitrate)).collect()
    }

    #[test]
    fn the_smallest_rendition_that_is_tall_enough_is_the_best() {
        let best = |height| best_for(cam(), |_| true, height);
        for (height, rendition) in [
            (None, Some(2)),
            (Some(0), None),
            (Some(1), Some(0)),
            (Some(180), Some(0)),
            (Some(181), Some(1)),
            (Some(361), Some(2)),
            (Some(4_000), Some(2)),
        ] {
            assert_eq!(best(height), rendition, "{height:?}");
        }
        assert_eq!(best_for(cam(), |index| index == 1, Some(100)), Some(1));
        assert_eq!(best_for(cam(), |index| index < 2, Some(700)), Some(1));
        assert_eq!(best_for(cam(), |_| false, None), None);
    }

    #[test]
    fn before_anything_is_measured_the_names_say_what_it_costs() {
        assert_eq!(all(None), [(0, 2, 120_000), (1, 2, 450_000), (2, 2, 1_300_000)]);
    }

    #[test]
    fn temporal_layers_come_between_renditions_where_there_are_some() {
        assert_eq!(
            all(Some((1, [250_000, 80_000, 120_000]))),
            [(0, 2, 120_000), (1, 0, 250_000), (1, 1, 330_000), (1, 2, 450_000), (2, 2, 1_300_000)]
        );
        assert_eq!(all(Some((1, [440_000, 0, 5_000])))[1], (1, 2, 445_000));
    }

    #[test]
    fn a_still_picture_is_no_reason_to_go_down() {
        let still = all(Some((2, [40_000, 20_000, 40_000])));
        assert!(still.is_sorted_by(|one, next| one.2 < next.2), "{still:?}");
        assert_eq!(still.last(), Some(&(2, 2, 100_000)));
        assert_eq!(still[0], (0, 2, 9_230));
        // Nor one to believe that the better one is cheap.
        assert_eq!(all(Some((0, [5_000, 0, 0])))[1], (1, 2, 450_000));
    }

    #[test]
    fn whatever_is_measured_levels_rise() {
        for rate in [0, 1, 1_000, 300_000, 9_000_000, 1 << 50] {
            for of in 0..3 {
                let levels = all(Some((of, [rate, rate / 2, rate / 3])));
                assert!(levels.is_sorted_by(|one, next| one.2 < next.2), "{levels:?}");
                assert_eq!(levels.last().map(|level| (level.0, level.1)), Some((2, 2)));
            }
        }
    }
}
