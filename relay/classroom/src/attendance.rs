//! Who was there when, in the room's memory and gone with it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mosaik_proto::room::{Attendee, DisplayName, ParticipantId, Role, UnixMillis};

/// A moment, as the room counts it and as people see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Instant,
    pub(crate) wall: UnixMillis,
}

/// Where someone is, since when.
#[derive(Debug, Clone, Copy)]
enum Stage {
    Here(Instant),
    /// The connection was lost, by a bad line or by a page that was just closed.
    Lost(Moment),
    /// The person said that they go.
    Gone(Moment),
}

#[derive(Debug)]
struct Entry {
    name: DisplayName,
    role: Role,
    came_at: UnixMillis,
    stage: Stage,
    here: Duration,
    line: Duration,
    absent: Duration,
}

impl Entry {
    fn here(&self, now: Instant) -> Duration {
        match self.stage {
            Stage::Here(since) => self.here + now.saturating_duration_since(since),
            Stage::Lost(_) | Stage::Gone(_) => self.here,
        }
    }
}

/// Everyone who was in the room.
#[derive(Debug, Default)]
pub(crate) struct Attendance(BTreeMap<ParticipantId, Entry>);

impl Attendance {
    /// Someone is connected. A connection that was lost for up to `line_max` was trouble with the
    /// line; of `kept` people the one who was there shortest makes room for a new one.
    pub(crate) fn come(
        &mut self,
        Moment { now, wall }: Moment,
        (id, name, role): (ParticipantId, DisplayName, Role),
        line_max: Duration,
        kept: usize,
    ) {
        let Some(entry) = self.0.get_mut(&id) else {
            self.make_room(now, kept);
            let stage = Stage::Here(now);
            let (here, line, absent) = Default::default();
            let entry = Entry { name, role, came_at: wall, stage, here, line, absent };
            self.0.insert(id, entry);
            return;
        };
        (entry.name, entry.role) = (name, role);
        match entry.stage {
            Stage::Here(_) => return,
            Stage::Lost(since) => {
                let gap = now.saturating_duration_since(since.now);
                if gap <= line_max { entry.line += gap } else { entry.absent += gap }
            }
            Stage::Gone(since) => entry.absent += now.saturating_duration_since(since.now),
        }
        entry.stage = Stage::Here(now);
    }

    /// A connection was lost.
    pub(crate) fn lose(&mut self, moment: Moment, id: ParticipantId) {
        self.part(moment, id, Stage::Lost);
    }

    /// Someone left. Whoever is lost already was there last when that happened.
    pub(crate) fn leave(&mut self, moment: Moment, id: ParticipantId) {
        self.part(moment, id, Stage::Gone);
    }

    fn part(&mut self, moment: Moment, id: ParticipantId, stage: fn(Moment) -> Stage) {
        if let Some(entry) = self.0.get_mut(&id)
            && let Stage::Here(_) = entry.stage
        {
            entry.here = entry.here(moment.now);
            entry.stage = stage(moment);
        }
    }

    /// What someone who is or was here is called.
    pub(crate) fn name(&self, id: ParticipantId) -> Option<DisplayName> {
        self.0.get(&id).map(|entry| entry.name.clone())
    }

    /// All of it, in the order in which they came.
    pub(crate) fn list(&self, now: Instant) -> Vec<Attendee> {
        let mut all: Vec<Attendee> =
            self.0.iter().map(|(id, entry)| attendee(*id, entry, now)).collect();
        all.sort_by_key(|attendee| attendee.came_at);
        all
    }

    /// A link can be opened any number of times: whoever does so pushes out none who stayed.
    fn make_room(&mut self, now: Instant, kept: usize) {
        while self.0.len() >= kept.max(1) {
            let gone = self.0.iter().filter(|(_, entry)| !matches!(entry.stage, Stage::Here(_)));
            let Some(id) = gone.min_by_key(|(_, entry)| entry.here(now)).map(|(id, _)| *id) else {
                return;
            };
            self.0.remove(&id);
        }
    }
}

fn attendee(id: ParticipantId, entry: &Entry, now: Instant) -> Attendee {
    Attendee {
        id,
        name: entry.name.clone(),
        role: entry.role,
        came_at: entry.came_at,
        left_at: match entry.stage {
            Stage::Here(_) => None,
            Stage::Lost(since) | Stage::Gone(since) => Some(since.wall),
        },
        here_ms: millis(entry.here(now)),
        line_ms: millis(entry.line),
        absent_ms: millis(entry.absent),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE_MAX: Duration = Duration::from_mins(5);

    struct Day {
        start: Instant,
        attendance: Attendance,
    }

    impl Day {
        fn new() -> Self {
            Self { start: crate::room::tests::start(), attendance: Attendance::default() }
        }

        fn at(&self, seconds: u64) -> Moment {
            let now = self.start + Duration::from_secs(seconds);
            Moment { now, wall: seconds * 1_000 }
        }

        fn come(&mut self, seconds: u64, id: u64, kept: usize) {
            let who = (ParticipantId::new(id), "Ayla".parse().unwrap(), Role::Viewer);
            self.attendance.come(self.at(seconds), who, LINE_MAX, kept);
        }

        fn lose(&mut self, seconds: u64, id: u64) {
            self.attendance.lose(self.at(seconds), ParticipantId::new(id));
        }

        fn leave(&mut self, seconds: u64, id: u64) {
            self.attendance.leave(self.at(seconds), ParticipantId::new(id));
        }

        fn first(&self, seconds: u64) -> Attendee {
            self.attendance.list(self.at(seconds).now).remove(0)
        }
    }

    #[test]
    fn a_bad_line_is_no_absence_and_an_absence_no_bad_line() {
        let mut day = Day::new();
        day.come(10, 1, 10);
        day.lose(70, 1);
        day.come(100, 1, 10);
        day.come(101, 1, 10);
        day.leave(160, 1);
        day.come(400, 1, 10);
        day.lose(410, 1);
        day.leave(425, 1);
        let lost = day.first(1_000);
        assert_eq!((lost.came_at, lost.left_at), (10_000, Some(410_000)), "when last seen");
        assert_eq!((lost.here_ms, lost.line_ms, lost.absent_ms), (130_000, 30_000, 240_000));
        day.come(1_010, 1, 10);
        let back = day.first(1_020);
        assert_eq!((back.left_at, back.here_ms), (None, 140_000));
        assert_eq!(
            (back.line_ms, back.absent_ms),
            (30_000, 840_000),
            "ten minutes are no bad line"
        );
    }

    #[test]
    fn who_opens_a_link_again_and_again_pushes_out_nobody_who_stayed() {
        let mut day = Day::new();
        day.come(0, 1, 3);
        day.lose(600, 1);
        for number in 2..100 {
            day.come(600 + number, number, 3);
            day.leave(601 + number, number);
        }
        let all = day.attendance.list(day.at(1_000).now);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].id, ParticipantId::new(1));
    }
}
