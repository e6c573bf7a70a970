//! What is seen: arrivals become pictures as soon as they can be decoded, without a clock.
//!
//! A picture of temporal layer n needs every picture of layers up to n before it in its group. What
//! can be decoded is shown at once, in order of groups and IDs; what comes behind a later picture is
//! not shown any more.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::arrivals::{Arrival, Kind};
use super::frames::{Rendition, layer_of};
use crate::median;

/// So long without a new picture is a freeze, in microseconds.
const FREEZE: u64 = 500_000;

const SECOND: u64 = 1_000_000;

/// A picture that was shown. Times are microseconds of the shared clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    /// When.
    pub at: u64,
    /// When it was captured.
    pub captured: u64,
    /// Its group.
    pub group: u64,
    /// Of which rendition it is.
    pub rendition: Rendition,
}

#[derive(Debug, Default)]
struct Group {
    rendition: Option<Rendition>,
    /// Received and not yet shown, with when they were captured.
    waiting: BTreeMap<u64, u64>,
    received: BTreeSet<u64>,
}

impl Group {
    /// The first ID of layers up to `layer` that has not come.
    fn missing(&self, layer: u64) -> u64 {
        let mut ids = (0..).filter(|id| layer_of(*id) <= layer);
        ids.find(|id| !self.received.contains(id)).unwrap_or(u64::MAX)
    }

    /// Those that can be decoded now, in order.
    fn take_decodable(&mut self) -> Vec<(u64, u64)> {
        let missing = [0, 1, 2].map(|layer| self.missing(layer));
        let is_decodable = |id: u64| {
            let of_layer = missing.iter().zip(0..).find(|(_, layer)| *layer == layer_of(id));
            of_layer.is_some_and(|(missing, _)| id < *missing)
        };
        let waiting = self.waiting.iter().map(|(id, captured)| (*id, *captured));
        let taken: Vec<(u64, u64)> = waiting.filter(|(id, _)| is_decodable(*id)).collect();
        self.waiting.retain(|id, _| !is_decodable(*id));
        taken
    }
}

/// What is shown of `arrivals`; others than pictures are passed over.
pub(super) fn show(arrivals: &[Arrival]) -> Vec<Shown> {
    let mut coming: Vec<&Arrival> = arrivals.iter().filter(|it| it.kind == Kind::Cam).collect();
    coming.sort_by_key(|arrival| (arrival.in_time(), arrival.group, arrival.object));
    let mut groups: BTreeMap<u64, Group> = BTreeMap::new();
    let mut last: Option<(u64, u64)> = None;
    let mut shown = Vec::new();
    for arrival in coming {
        if last.is_some_and(|(group, _)| arrival.group < group) {
            continue;
        }
        let group = groups.entry(arrival.group).or_default();
        group.rendition = group.rendition.or(arrival.rendition);
        if group.received.insert(arrival.object) {
            group.waiting.insert(arrival.object, arrival.captured);
        }
        let Some(rendition) = group.rendition else { continue };
        for (object, captured) in group.take_decodable() {
            let place = (arrival.group, object);
            if last.is_none_or(|last| last < place) {
                last = Some(place);
                let (at, group) = (arrival.in_time(), arrival.group);
                shown.push(Shown { at, captured, group, rendition });
            }
        }
        groups.retain(|group, _| last.is_none_or(|(shown, _)| *group >= shown));
    }
    shown
}

/// Times without a new picture, within `time`: when each began and how long it was, in microseconds.
pub(super) fn freezes(shown: &[Shown], time: Range<u64>) -> Vec<(u64, u64)> {
    let within = shown.iter().map(|picture| picture.at).filter(|at| time.contains(at));
    let mut before = time.start;
    let mut freezes = Vec::new();
    for at in within.chain([time.end]) {
        if at - before > FREEZE {
            freezes.push((before, at - before));
        }
        before = at;
    }
    freezes
}

/// Pictures in each whole second of `time`.
pub(super) fn pictures_per_second(shown: &[Shown], time: Range<u64>) -> Vec<u32> {
    let seconds = time.end.saturating_sub(time.start) / SECOND;
    let mut counts = vec![0; usize::try_from(seconds).unwrap_or(0)];
    for picture in shown.iter().filter(|picture| picture.at >= time.start) {
        let second = usize::try_from((picture.at - time.start) / SECOND).unwrap_or(usize::MAX);
        if let Some(count) = counts.get_mut(second) {
            *count += 1;
        }
    }
    counts
}

/// The median of pictures a second.
pub(super) fn fps(shown: &[Shown], time: Range<u64>) -> f64 {
    median(pictures_per_second(shown, time).into_iter().map(f64::from))
}

/// When the rendition that is shown became which one.
pub(super) fn renditions(shown: &[Shown]) -> Vec<(u64, Rendition)> {
    let mut changes: Vec<(u64, Rendition)> = Vec::new();
    for picture in shown {
        if changes.last().is_none_or(|(_, rendition)| *rendition != picture.rendition) {
            changes.push((picture.at, picture.rendition));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000;

    /// A picture that was captured at `40 ms * object` and took `delay` ms.
    fn picture(group: u64, object: u64, delay: u64) -> Arrival {
        let captured = (group * 25 + object) * 40 * MS;
        Arrival {
            kind: Kind::Cam,
            group,
            object,
            layer: layer_of(object),
            rendition: (object == 0).then_some(Rendition::Mid),
            captured,
            sent: captured,
            at: captured + delay * MS,
            bytes: 1,
        }
    }

    fn places(shown: &[Shown]) -> Vec<u64> {
        shown.iter().map(|picture| picture.captured / 40 / MS).collect()
    }

    #[test]
    fn a_missing_base_picture_stops_the_group_and_a_missing_enhancement_its_layer() {
        let but = |missing: u64| -> Vec<Arrival> {
            let ids = (0..8).filter(|id| *id != missing);
            ids.map(|id| picture(0, id, 30)).chain([picture(1, 0, 30)]).collect()
        };
        assert_eq!(places(&show(&but(4))), [0, 1, 2, 3, 25]);
        assert_eq!(places(&show(&but(2))), [0, 1, 4, 25]);
        assert_eq!(places(&show(&but(1))), [0, 2, 4, 6, 25]);
    }

    #[test]
    fn a_late_picture_is_decoded_for_those_after_it_and_not_shown_behind_them() {
        // The base layer's third is late: what needs it comes with it, in order.
        let arrivals: Vec<Arrival> =
            (0..8).map(|id| picture(0, id, if id == 4 { 130 } else { 30 })).collect();
        let shown = show(&arrivals);
        assert_eq!(places(&shown), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(shown[4].at, shown[6].at);
        // An enhancement that comes behind a later picture is not shown, but decoded for others.
        let arrivals: Vec<Arrival> =
            (0..5).map(|id| picture(0, id, if id == 1 { 130 } else { 30 })).collect();
        assert_eq!(places(&show(&arrivals)), [0, 2, 3, 4]);
    }

    #[test]
    fn a_group_that_is_left_behind_is_not_gone_back_to() {
        let mut arrivals = vec![picture(0, 0, 30), picture(1, 0, 30), picture(0, 1, 2_000)];
        arrivals.push(picture(1, 2, 30));
        assert_eq!(places(&show(&arrivals)), [0, 25, 27]);
    }

    #[test]
    fn a_freeze_is_more_than_half_a_second_and_seconds_are_counted() {
        let arrivals: Vec<Arrival> =
            (0..75).filter(|n| !(30..50).contains(n)).map(|n| picture(n / 25, n % 25, 0)).collect();
        let shown = show(&arrivals);
        // 30 to 49 are missing: from 1,160 ms to 2,000 ms nothing new comes.
        assert_eq!(freezes(&shown, 0..3_000 * MS), [(1_160 * MS, 840 * MS)]);
        assert_eq!(freezes(&shown, 0..4_000 * MS).len(), 2);
        assert_eq!(pictures_per_second(&shown, 0..3_000 * MS), [25, 5, 25]);
        assert!((fps(&shown, 0..3_000 * MS) - 25.0).abs() < 1e-9);
        assert_eq!(renditions(&shown), [(0, Rendition::Mid)]);
    }
}
