//! What the log has at the next location of a fetch: an object, nothing, or no answer.
//!
//! An object that was not received may still exist, and a relay must not say that it does not
//! (section 2.1). What is known not to exist: what is behind the end of a group, what an object's
//! gap properties name, and what a track of this process does not have.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::{
    GroupId, GroupOrder, Location, ObjectId, ObjectMark, ObjectStatus, Properties,
};

use super::span::{Span, Stretch};
use crate::group::{Group, Subgroup};
use crate::track::Track;

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// A whole object.
    Object(&'a Subgroup, &'a ObjectMark),
    /// None of these exists.
    Absent(Stretch),
    /// Whether these exist is not known here.
    Unknown(Stretch),
    /// The same, but they may be on their way on a stream that is open.
    Late(Stretch),
    /// An object whose rest is still coming.
    Wait,
}

/// What a track has of a fetch's span at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held<'a> {
    track: &'a Track,
    now: Instant,
    /// For how long objects may be served (section 12.3).
    cache: Option<Duration>,
}

impl<'a> Held<'a> {
    pub(crate) fn new(track: &'a Track, now: Instant) -> Self {
        let cache = track.properties.max_cache_duration_ms().map(Duration::from_millis);
        Self { track, now, cache }
    }

    /// What is at `at`, which is in `span`.
    pub(crate) fn step(&self, span: &Span, at: Location) -> Step<'a> {
        let Some(group) = self.track.group(at.group).filter(|group| group.has_objects()) else {
            return self.between_groups(span, at);
        };
        let bound = group.bound();
        if bound.is_some_and(|bound| at.object >= bound) {
            return Step::Absent(span.within_group(at, ObjectId::MAX));
        }
        let next = self.next_in(group, at.object);
        let next = next.filter(|(_, mark)| mark.id <= span.last_in(group.id));
        match next {
            Some((subgroup, mark)) if mark.id == at.object => match subgroup.end {
                _ if mark.end <= subgroup.len => Step::Object(subgroup, mark),
                None => Step::Wait,
                Some(_) => Step::Unknown(span.within_group(at, at.object)),
            },
            Some((subgroup, mark)) => {
                let stretch = span.within_group(at, mark.id.saturating_sub(1));
                let gap = mark.id.saturating_sub(at.object);
                let is_gap = || properties(subgroup, mark).prior_object_gap() >= gap;
                group.late(at.object, self.missing(stretch, is_gap))
            }
            None => match bound {
                Some(bound) => {
                    let stretch = span.within_group(at, bound.saturating_sub(1));
                    group.late(at.object, self.missing(stretch, || false))
                }
                None => group.late(at.object, self.missing(self.rest_of(span, at), || false)),
            },
        }
    }

    /// The object at or behind `from` that comes first, if it is fresh enough to be served.
    fn next_in(&self, group: &'a Group, from: ObjectId) -> Option<(&'a Subgroup, &'a ObjectMark)> {
        let firsts = group.subgroups.iter().filter_map(|subgroup| {
            let from = from.max(self.freshest_of(subgroup));
            let mark = subgroup.first_from(from)?;
            (mark.status == ObjectStatus::Normal).then_some((subgroup, mark))
        });
        // Of one that was cut and came again, the whole one.
        let is_cut = |subgroup: &Subgroup, mark: &ObjectMark| {
            mark.end > subgroup.len && subgroup.end.is_some()
        };
        firsts.min_by_key(|(subgroup, mark)| (mark.id, is_cut(subgroup, mark)))
    }

    /// The first object of a subgroup that may be served at all.
    fn freshest_of(&self, subgroup: &Subgroup) -> ObjectId {
        self.cache.map_or(0, |cache| {
            let is_fresh = |came| self.now.saturating_duration_since(came) <= cache;
            subgroup.first_that(is_fresh)
        })
    }

    /// `at` is in a group of which nothing is here.
    fn between_groups(&self, span: &Span, at: Location) -> Step<'a> {
        if span.order == GroupOrder::Descending && at != span.head_of(at.group) {
            return self.missing(span.within_group(at, ObjectId::MAX), || false);
        }
        let stretch = self.rest_of(span, at);
        let is_whole = stretch.start.object == 0;
        self.missing(stretch, || is_whole && self.is_gap(stretch.start.group, stretch.last.group))
    }

    /// From `at`, behind which its group has nothing, up to the next group of which something is
    /// here. Descending, that is no stretch unless `at` is its group's head.
    fn rest_of(&self, span: &Span, at: Location) -> Stretch {
        let has_objects = |group: &&Group| group.has_objects();
        let ids = |group: &Group| group.id;
        match span.order {
            GroupOrder::Ascending => {
                let mut later = self.track.groups.iter().filter(has_objects).map(ids);
                let next = later.find(|id| *id > at.group).filter(|id| *id <= span.last.group);
                span.up_to(at, next)
            }
            GroupOrder::Descending if at != span.head_of(at.group) => {
                span.within_group(at, ObjectId::MAX)
            }
            GroupOrder::Descending => {
                let mut earlier = self.track.groups.iter().rev().filter(has_objects).map(ids);
                let next = earlier.find(|id| *id < at.group).filter(|id| *id >= span.start.group);
                span.up_to(at, next)
            }
        }
    }

    /// Whether the group behind those from `first` to `last` says that they do not exist.
    fn is_gap(&self, first: GroupId, last: GroupId) -> bool {
        let Some(behind) = self.track.groups.iter().find(|group| group.id > last) else {
            return false;
        };
        let heads = behind.subgroups.iter().filter_map(|subgroup| {
            subgroup.objects.first().map(|mark| properties(subgroup, mark).prior_group_gap())
        });
        let gap = heads.max().unwrap_or(0);
        behind.id.saturating_sub(gap) <= first
    }

    /// What is not here: a track of this process has everything there is.
    fn missing(&self, stretch: Stretch, is_known: impl FnOnce() -> bool) -> Step<'a> {
        if self.track.is_local || is_known() {
            Step::Absent(stretch)
        } else {
            Step::Unknown(stretch)
        }
    }
}

fn properties(subgroup: &Subgroup, mark: &ObjectMark) -> Properties {
    let end = mark.properties_at.saturating_add(mark.properties_len);
    // They were checked when they came.
    Properties::decode(subgroup.copy(mark.properties_at, end)).unwrap_or_default()
}

impl Group {
    /// What is missing from `object` on may still come on a stream that has not got so far.
    fn late<'a>(&self, object: ObjectId, step: Step<'a>) -> Step<'a> {
        let may_bring = |subgroup: &Subgroup| {
            let last = subgroup.objects.last();
            subgroup.end.is_none() && last.is_some_and(|last| last.id < object)
        };
        if let Step::Unknown(stretch) = step
            && self.subgroups.iter().any(may_bring)
        {
            return Step::Late(stretch);
        }
        step
    }
}
