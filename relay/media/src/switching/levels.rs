//! What a switching track may be served at, from the cheapest level to the best.

use smallvec::SmallVec;

use super::ladder::{Ladder, Rendition};
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

/// A rendition that is being sent, with the bits a second of its temporal layers.
pub(crate) type Measured = (u8, [u64; LAYERS]);

/// The levels up to the rendition `best`, in strictly rising bit rate and worth.
///
/// What is said by the names holds for renditions that are not `measured`, except that of a picture in
/// which little happens the cheaper renditions are as much cheaper: going down is never more
/// expensive than staying. Their layers are taken for such parts of the whole as those that are
/// measured, and are levels where that gives enough pictures a second: up to a factor of four is
/// between two renditions.
pub(crate) fn levels(
    ladder: &Ladder,
    is_there: impl Fn(u8) -> bool,
    best: u8,
    measured: Option<Measured>,
) -> Levels {
    let mut levels = Levels::new();
    for (index, rendition) in (0..=best).zip(ladder.renditions) {
        if !is_there(index) {
            continue;
        }
        let above = levels.last().map_or(0, |level| level.bitrate);
        let is_sent = measured.is_some_and(|(of, _)| of == index);
        let whole = match measured {
            Some((of, layers)) if of == index => layers.iter().sum(),
            _ => estimate(ladder.renditions, index, rendition.bitrate, measured),
        };
        // Whatever is measured, the better rendition costs more.
        let whole = whole.max(above.saturating_add(1));
        let least = if is_sent { 0 } else { ladder.smooth }.max(rendition.frame_rate_min);
        let least = if levels.is_empty() && is_sent { 0 } else { least };
        let mut sum = 0_u64;
        for (temporal, layer) in (0..ALL_LAYERS).zip(parts(whole, measured)) {
            sum = sum.saturating_add(layer);
            let is_worth_it = whole.saturating_sub(sum) > whole / LAYER_MIN;
            let is_above = levels.last().is_none_or(|level| sum > level.bitrate);
            // Each layer doubles the pictures.
            let frame_rate = rendition.frame_rate >> (ALL_LAYERS - temporal);
            if layer > 0 && is_worth_it && is_above && frame_rate >= least {
                levels.push(Level { rendition: index, temporal, bitrate: sum });
            }
        }
        levels.push(Level { rendition: index, temporal: ALL_LAYERS, bitrate: whole });
    }
    levels
}

/// `whole` in such parts as the layers that are measured have; none where nothing is.
fn parts(whole: u64, measured: Option<Measured>) -> impl Iterator<Item = u64> {
    let layers = measured.map(|(_, layers)| layers).unwrap_or_default();
    let sum = layers.iter().map(|layer| u128::from(*layer)).sum::<u128>().max(1);
    layers.into_iter().map(move |layer| {
        let part = u128::from(whole) * u128::from(layer) / sum;
        u64::try_from(part).unwrap_or(u64::MAX)
    })
}

/// What a rendition costs that is not being sent, beside one that is.
fn estimate(renditions: &[Rendition], index: u8, nominal: u64, measured: Option<Measured>) -> u64 {
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

    fn ladder(track: &'static str) -> &'static Ladder {
        let name = FullTrackName::new(Namespace::of(&["room", "aa"]), track.as_bytes());
        ladder::of(&name).unwrap()
    }

    fn of(track: &'static str, measured: Option<Measured>) -> Vec<(u8, u8, u64)> {
        let ladder = ladder(track);
        let best = u8::try_from(ladder.renditions.len()).unwrap() - 1;
        let levels = levels(ladder, |_| true, best, measured);
        levels.iter().map(|level| (level.rendition, level.temporal, level.bitrate)).collect()
    }

    fn all(measured: Option<Measured>) -> Vec<(u8, u8, u64)> {
        of("cam", measured)
    }

    #[test]
    fn the_smallest_rendition_that_is_tall_enough_is_the_best() {
        let cam = || ladder("cam").renditions;
        let best = |height| best_for(cam(), |_| true, height);
        for (height, rendition) in [
            (None, Some(3)),
            (Some(0), None),
            (Some(1), Some(0)),
            (Some(180), Some(0)),
            (Some(181), Some(1)),
            (Some(361), Some(2)),
            (Some(540), Some(2)),
            (Some(541), Some(3)),
            (Some(4_000), Some(3)),
        ] {
            assert_eq!(best(height), rendition, "{height:?}");
        }
        assert_eq!(best_for(cam(), |index| index == 1, Some(100)), Some(1));
        assert_eq!(best_for(cam(), |index| index < 2, Some(700)), Some(1));
        assert_eq!(best_for(cam(), |_| false, None), None);
    }

    #[test]
    fn before_anything_is_measured_the_names_say_what_it_costs() {
        assert_eq!(
            all(None),
            [(0, 2, 120_000), (1, 2, 450_000), (2, 2, 680_000), (3, 2, 1_300_000)]
        );
    }

    #[test]
    fn temporal_layers_come_between_renditions_where_there_are_some() {
        assert_eq!(
            all(Some((1, [250_000, 80_000, 120_000]))),
            [
                (0, 2, 120_000),
                (1, 0, 250_000),
                (1, 1, 330_000),
                (1, 2, 450_000),
                (2, 2, 680_000),
                (3, 1, 953_333),
                (3, 2, 1_300_000)
            ]
        );
        assert_eq!(all(Some((1, [440_000, 0, 5_000])))[1], (1, 2, 445_000));
    }

    #[test]
    fn a_line_too_thin_for_the_whole_of_a_better_rendition_is_offered_half_of_its_pictures() {
        let above = |of, layers: [u64; LAYERS]| {
            let levels = all(Some((of, layers.map(|layer| layer * 1_000))));
            levels.into_iter().filter(|level| level.0 > of).collect::<Vec<_>>()
        };
        let better = [(2, 2, 680_000), (3, 1, 910_000), (3, 2, 1_300_000)];
        assert_eq!(above(1, [225, 90, 135]), better);
        assert_eq!(above(0, [60, 24, 36])[1..], better);
        assert_eq!(above(2, [340, 136, 204]), better[1..]);
        // Of a camera without layers there is nothing in between.
        assert_eq!(above(1, [450, 0, 0]), [(2, 2, 680_000), (3, 2, 1_300_000)]);
    }

    #[test]
    fn seven_sharp_pictures_a_second_are_no_better_than_all_of_the_rendition_below() {
        let whole = [(0, 2, 120_000), (1, 2, 450_000), (2, 2, 680_000)];
        let high = [650_000, 260_000, 390_000];
        let sent = all(Some((3, high)));
        assert_eq!(sent[..3], whole);
        assert_eq!(sent[3..], [(3, 1, 910_000), (3, 2, 1_300_000)]);
        // Nor are twelve of 540 lines, though they cost hardly more.
        assert_eq!(all(Some((2, [340_000, 136_000, 204_000])))[..3], whole);
        let alone = levels(ladder("cam"), |index| index == 3, 3, Some((3, high)));
        assert_eq!(alone.first().map(|level| level.temporal), Some(0), "there is none below");
    }

    #[test]
    fn a_screen_is_rather_sharp_than_smooth() {
        let levels = of("screen", Some((0, [100_000, 40_000, 60_000])));
        let high: Vec<_> = levels.into_iter().filter(|level| level.0 == 1).collect();
        assert_eq!(high, [(1, 0, 600_000), (1, 1, 840_000), (1, 2, 1_200_000)]);
    }

    #[test]
    fn a_still_picture_is_no_reason_to_go_down() {
        let still = all(Some((3, [40_000, 20_000, 40_000])));
        assert!(still.is_sorted_by(|one, next| one.2 < next.2), "{still:?}");
        assert_eq!(still.last(), Some(&(3, 2, 100_000)));
        assert_eq!(still[0], (0, 2, 9_230));
        // Nor one to believe that the better one is cheap.
        assert_eq!(all(Some((0, [5_000, 0, 0])))[1], (1, 2, 450_000));
    }

    #[test]
    fn whatever_is_measured_levels_rise() {
        for rate in [0, 1, 1_000, 300_000, 9_000_000, 1 << 50] {
            for of in 0..4 {
                let levels = all(Some((of, [rate, rate / 2, rate / 3])));
                assert!(levels.is_sorted_by(|one, next| one.2 < next.2), "{levels:?}");
                assert_eq!(levels.last().map(|level| (level.0, level.1)), Some((3, 2)));
            }
        }
    }
}
