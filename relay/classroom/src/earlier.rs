//! Who was there when in earlier lessons of a room: kept for some days where a school wants it, in
//! memory alone.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mosaik_proto::room::{EarlierLesson, EarlierLimits, UnixMillis};

/// One day.
const DAY: Duration = Duration::from_hours(24);

#[derive(Debug)]
struct Kept {
    lesson: EarlierLesson,
    bytes: usize,
    until: Instant,
}

/// See the module. The oldest lesson is the first.
#[derive(Debug, Default)]
pub struct Earlier(VecDeque<Kept>);

impl Earlier {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When the next one is to be forgotten.
    pub fn deadline(&self) -> Option<Instant> {
        self.0.iter().map(|kept| kept.until).min()
    }

    /// Forgets those whose time is over.
    pub fn expire(&mut self, now: Instant) {
        self.0.retain(|kept| now < kept.until);
    }

    /// Bytes as they would go over the wire.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|kept| kept.bytes).sum()
    }

    /// All of them.
    pub(crate) fn lessons(&self) -> Vec<EarlierLesson> {
        self.0.iter().map(|kept| kept.lesson.clone()).collect()
    }

    /// Forgets the lesson that opened at this time; false if there is none.
    pub(crate) fn forget(&mut self, opened_at: UnixMillis) -> bool {
        let before = self.0.len();
        self.0.retain(|kept| kept.lesson.opened_at != opened_at);
        self.0.len() < before
    }

    /// Keeps a lesson that just ended; the oldest ones make room for it.
    pub(crate) fn keep(&mut self, now: Instant, mut lesson: EarlierLesson, limits: &EarlierLimits) {
        let time = DAY.saturating_mul(limits.days.into());
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        lesson.kept_until = lesson.closed_at.saturating_add(millis);
        let bytes = crate::room::size(&lesson);
        self.0.push_back(Kept { lesson, bytes, until: now + time });
        while self.0.len() > limits.lessons || self.bytes() > limits.bytes {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(opened_at: UnixMillis) -> EarlierLesson {
        EarlierLesson { opened_at, closed_at: opened_at, kept_until: 0, people: Vec::new() }
    }

    fn opened(earlier: &Earlier) -> Vec<UnixMillis> {
        earlier.lessons().iter().map(|lesson| lesson.opened_at).collect()
    }

    #[test]
    fn each_lesson_is_gone_when_its_days_are_over() {
        let start = crate::room::tests::start();
        let limits = EarlierLimits { days: 2, ..EarlierLimits::default() };
        let mut earlier = Earlier::default();
        earlier.keep(start, lesson(1_000), &limits);
        earlier.keep(start + DAY, lesson(2_000), &limits);
        assert_eq!(earlier.lessons()[0].kept_until, 1_000 + 2 * 86_400_000);
        assert_eq!(earlier.deadline(), Some(start + 2 * DAY));
        earlier.expire(start + DAY + Duration::from_hours(23));
        assert_eq!(opened(&earlier), [1_000, 2_000]);
        earlier.expire(start + 2 * DAY);
        assert_eq!(opened(&earlier), [2_000]);
        earlier.expire(start + 3 * DAY);
        assert_eq!((earlier.is_empty(), earlier.bytes(), earlier.deadline()), (true, 0, None));
    }

    #[test]
    fn the_oldest_makes_room_by_number_and_by_bytes() {
        let start = crate::room::tests::start();
        let mut limits = EarlierLimits { days: 1, lessons: 3, ..EarlierLimits::default() };
        let mut earlier = Earlier::default();
        for opened_at in 1..6 {
            earlier.keep(start, lesson(opened_at), &limits);
        }
        assert_eq!(opened(&earlier), [3, 4, 5]);
        limits.bytes = earlier.bytes() - 1;
        earlier.keep(start, lesson(6), &limits);
        assert_eq!(opened(&earlier), [5, 6]);
        assert!(earlier.forget(5) && !earlier.forget(5));
        assert_eq!(opened(&earlier), [6]);
    }
}
