//! What is left of a room that closed, with a clock that tests move.

use std::time::Duration;

use mosaik_media::Limits;
use mosaik_proto::room::{Consent, HeldKind, Receipt, ReceiptSecret, Role};
use proptest::prelude::*;

use super::*;
use crate::config::{Sources, load};

const ROOM: &str = "demo";
/// A teacher and a student.
const LESSON: [Role; 2] = [Role::Moderator, Role::Viewer];

const DAY: Duration = Duration::from_hours(24);
const WEEK: Duration = Duration::from_hours(7 * 24);
/// From one lesson to the next at most: longer than a week, so that both are seen.
const PAUSE_MINUTES: u64 = 8 * 24 * 60;

struct World {
    now: Instant,
    rooms: Arc<Rooms>,
    lessons: Lessons,
    tracks: Tracks,
}

impl World {
    fn new(days: &str) -> Self {
        let flags = vec![("retention", days.to_owned())];
        let config = load(Sources { flags, ..Sources::default() }).unwrap();
        let now = Instant::now();
        let rooms = Arc::new(Rooms::new(&config, now));
        let lessons = Lessons::new(Arc::clone(&rooms));
        Self { now, rooms, lessons, tracks: Tracks::new(Limits::default()) }
    }

    /// Does what is due until `time` has passed.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(at) = self.lessons.deadline().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.lessons.expire(self.now, &mut self.tracks);
        }
        self.now = end;
    }

    /// Somebody with a token of the lesson that is on, or would be the next.
    fn holder(&self, number: usize, role: Role) -> Holder {
        Holder {
            room: ROOM.to_owned(),
            participant: format!("{number:016x}"),
            name: "Kim".to_owned(),
            role,
            consent: Consent::ALL,
            lesson: self.rooms.find(ROOM).unwrap().door.lesson(),
        }
    }

    /// Does what is due until then.
    fn pass_to(&mut self, at: Instant) {
        self.pass(at.saturating_duration_since(self.now));
    }

    /// People come; gives their sessions.
    fn come(&mut self, roles: &[Role]) -> Vec<SessionKey> {
        let come = |(number, role): (usize, &Role)| {
            let session = self.tracks.open_session();
            let holder = self.holder(number + 1, *role);
            self.lessons.join(self.now, &mut self.tracks, session, &holder).unwrap();
            session
        };
        roles.iter().enumerate().map(come).collect()
    }

    /// A lesson that its teacher ends, now.
    fn hold_and_end(&mut self) {
        let id: RoomId = ROOM.parse().unwrap();
        let sessions = self.come(&LESSON);
        self.pass(Duration::from_mins(45));
        let bytes = br#"{"number":1,"command":{"kind":"endRoom"}}"#.to_vec();
        let from = ParticipantId::new(1);
        let lesson = self.lessons.open.get_mut(&id).unwrap();
        lesson.apply(self.now, &mut self.tracks, Input::Command { from, bytes }).unwrap();
        self.lessons.settle(self.now, &mut self.tracks, &id);
        for session in sessions {
            self.lessons.leave(self.now, &mut self.tracks, session);
        }
        assert!(self.lessons.open.is_empty(), "the room is open still");
    }

    /// People come and go, and the room closes behind them; gives its receipt.
    fn hold(&mut self, roles: &[Role]) -> Receipt {
        let id: RoomId = ROOM.parse().unwrap();
        let sessions = self.come(roles);
        let secret: ReceiptSecret = self.lessons.open[&id].receipt().clone();
        self.pass(Duration::from_mins(45));
        for session in sessions {
            self.lessons.leave(self.now, &mut self.tracks, session);
        }
        self.pass(Duration::from_mins(6));
        assert!(self.lessons.open.is_empty(), "the room is open still");
        self.rooms.receipts.find(secret.as_str(), self.now).expect("a receipt")
    }

    fn kept(&self) -> u64 {
        self.lessons.earlier.bytes(&ROOM.parse().unwrap())
    }
}

fn after(receipt: &Receipt) -> Vec<HeldKind> {
    receipt.held.iter().filter(|part| part.after > 0).map(|part| part.kind).collect()
}

#[test]
fn by_default_nothing_is_left_of_a_room() {
    let mut world = World::new("0");
    let receipt = world.hold(&LESSON);
    assert_eq!((after(&receipt), receipt.attendance_days, world.kept()), (vec![], 0, 0));
}

#[test]
fn attendance_is_kept_for_its_days_and_the_receipt_says_so() {
    let mut world = World::new("2");
    let receipt = world.hold(&LESSON);
    assert_eq!((after(&receipt), receipt.attendance_days), (vec![HeldKind::Attendance], 2));
    let one = world.kept();
    world.pass(DAY);
    world.hold(&LESSON);
    assert!(world.kept() > one, "the room that opens again has both");
    world.pass(DAY);
    assert_eq!(world.kept(), one, "the first one is forgotten while the room is closed");
    world.pass(DAY);
    assert_eq!((world.kept(), world.lessons.earlier.deadline()), (0, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Lessons at any times: each is there until a second before seven days after its end, and gone then.
    #[test]
    fn attendance_is_there_for_seven_days_after_its_lesson_and_not_a_second_longer(
        pauses in prop::collection::vec(0..PAUSE_MINUTES * 60_000, 1..6),
    ) {
        let mut alone = World::new("7");
        alone.hold_and_end();
        let of_one = alone.kept();
        let mut world = World::new("7");
        let mut ends = Vec::new();
        for pause in pauses {
            world.pass(Duration::from_millis(pause));
            world.hold_and_end();
            ends.push(world.now);
            ends.retain(|end| world.now < *end + WEEK);
            prop_assert_eq!(world.kept(), of_one * u64::try_from(ends.len()).unwrap());
        }
        for (left, end) in (0_u64..).zip(ends.iter().rev()).collect::<Vec<_>>().into_iter().rev() {
            world.pass_to(*end + WEEK.saturating_sub(Duration::from_secs(1)));
            prop_assert_eq!(world.kept(), of_one * (left + 1));
            world.pass_to(*end + WEEK);
            prop_assert_eq!(world.kept(), of_one * left);
        }
    }
}

#[test]
fn a_room_that_nobody_led_leaves_nothing() {
    let mut world = World::new("7");
    let receipt = world.hold(&[Role::Viewer]);
    assert_eq!((after(&receipt), receipt.attendance_days, world.kept()), (vec![], 0, 0));
}

#[test]
fn who_was_on_the_way_when_the_lesson_was_ended_begins_no_other() {
    let mut world = World::new("0");
    let id: RoomId = ROOM.parse().unwrap();
    let (teacher, late) = (world.holder(1, Role::Moderator), world.holder(2, Role::Viewer));
    let session = world.tracks.open_session();
    world.lessons.join(world.now, &mut world.tracks, session, &teacher).unwrap();
    let lesson = world.lessons.open.get_mut(&id).unwrap();
    let bytes = br#"{"number":1,"command":{"kind":"endRoom"}}"#.to_vec();
    let from = ParticipantId::new(1);
    lesson.apply(world.now, &mut world.tracks, Input::Command { from, bytes }).unwrap();
    world.lessons.settle(world.now, &mut world.tracks, &id);
    assert!(world.lessons.open.is_empty());

    for holder in [&late, &teacher] {
        let session = world.tracks.open_session();
        let refused = world.lessons.join(world.now, &mut world.tracks, session, holder);
        assert_eq!(refused, Err("the lesson was ended"));
        assert!(world.lessons.open.is_empty());
    }
    // By the link they come into the next one.
    let again = world.holder(2, Role::Viewer);
    let session = world.tracks.open_session();
    world.lessons.join(world.now, &mut world.tracks, session, &again).unwrap();
}

#[test]
fn who_comes_back_into_a_room_that_nobody_was_in_goes_on() {
    let mut world = World::new("0");
    let teacher = world.holder(1, Role::Moderator);
    world.hold(&LESSON);
    let session = world.tracks.open_session();
    world.lessons.join(world.now, &mut world.tracks, session, &teacher).unwrap();
}
