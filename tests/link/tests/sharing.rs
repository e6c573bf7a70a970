//! A download and others on the same line.

use std::time::Duration;

use mosaik_link::{
    ChannelSettings, Competitor, Delay, Direction, Discipline, Line, Loss, Output, Profile,
    QueueSettings, Rate, SEGMENT, StreamId, Way,
};

const MS: Duration = Duration::from_millis(1);
const RATE: u64 = 10_000_000;

/// A competitor that begins with the line.
const DOWNLOAD: Competitor =
    Competitor { from: Duration::ZERO, way_back: Duration::from_millis(15) };

fn home() -> ChannelSettings {
    ChannelSettings {
        rate: Rate::constant(RATE),
        queue: QueueSettings::drop_tail(RATE, 100 * MS),
        loss: Loss::None,
        delay: Delay::fixed(15 * MS),
        outages: Vec::new(),
    }
}

/// Feeds a stream with as much as it takes until `until`; returns what came through and when the
/// last of it did.
fn feed(way: &mut Way<()>, stream: StreamId, until: Duration) -> u64 {
    let mut through = 0;
    let mut now = Duration::ZERO;
    while now < until {
        while way.has_room(now, stream) {
            way.give(now, stream, vec![0; SEGMENT]);
        }
        while let Some(output) = way.poll(now) {
            if let Output::Stream { bytes, .. } = output {
                through += bytes.len() as u64;
            }
        }
        now = way.deadline().expect("it goes on").max(now);
    }
    through
}

#[expect(clippy::cast_precision_loss, reason = "megabytes")]
fn mbit_per_second(bytes: u64, time: Duration) -> f64 {
    bytes as f64 * 8.0 / 1e6 / time.as_secs_f64()
}

#[test]
fn a_download_alone_fills_the_line_and_its_queue() {
    let mut way: Way<()> = Way::new(home(), &[DOWNLOAD], 1);
    let time = Duration::from_secs(30);
    assert!(way.poll(time).is_none(), "a download is nobody's");
    let goodput = mbit_per_second(way.competitor_bytes(), time);
    // Of 1,500 bytes 52 are headers.
    assert!(goodput > 0.95 * 10.0 * 1_448.0 / 1_500.0, "{goodput} Mbit/s");
    let summary = way.log().summary();
    assert!(summary.queue_delay_p50_ms > 40.0, "{summary:?}");
    assert!(summary.drops.full > 3, "{summary:?}");
}

#[test]
fn a_download_and_another_greedy_flow_share_the_line_about_evenly() {
    let mut way: Way<()> = Way::new(home(), &[DOWNLOAD], 1);
    let stream = way.open(Duration::ZERO, 15 * MS);
    let time = Duration::from_mins(1);
    let ours = mbit_per_second(feed(&mut way, stream, time), time);
    let theirs = mbit_per_second(way.competitor_bytes(), time);
    let share = ours / (ours + theirs);
    assert!((0.35..0.65).contains(&share), "{ours} of {ours} + {theirs} Mbit/s");
    assert!(ours + theirs > 9.0, "{ours} + {theirs} Mbit/s");
}

#[test]
fn a_download_makes_room_for_packets_that_do_not_yield() {
    let mut way = Way::new(home(), &[DOWNLOAD], 1);
    // 4 Mbit/s of packets, for 30 s.
    let mut arrived = 0;
    for number in 0..10_000_u32 {
        let now = MS * 3 * number;
        way.push(now, 1_500, ());
        arrived += std::iter::from_fn(|| way.poll(now)).count();
    }
    let theirs = mbit_per_second(way.competitor_bytes(), Duration::from_secs(30));
    assert!((5.0..6.1).contains(&theirs), "{theirs} Mbit/s");
    // It finds the end of the line again and again, at the cost of both.
    assert!(arrived > 9_400, "{arrived} of 10,000 arrived");
}

#[test]
fn a_stream_brings_every_byte_in_order_over_a_line_that_loses_a_tenth() {
    let loss = Loss::Independent(0.1);
    let mut way: Way<()> = Way::new(ChannelSettings { loss, ..home() }, &[], 3);
    let stream = way.open(Duration::ZERO, 15 * MS);
    let pieces: Vec<Vec<u8>> = (0..=255_u8).cycle().take(1_000).map(|it| vec![it; 700]).collect();
    let mut waiting = pieces.iter().cloned().chain([Vec::new()]).peekable();
    let (mut now, mut through) = (Duration::ZERO, Vec::new());
    while now < Duration::from_mins(2) && through.last().is_none_or(|it: &Vec<u8>| !it.is_empty()) {
        while waiting.peek().is_some() && way.has_room(now, stream) {
            way.give(now, stream, waiting.next().expect("one waits"));
        }
        while let Some(output) = way.poll(now) {
            if let Output::Stream { bytes, .. } = output {
                through.push(bytes);
            }
        }
        now = way.deadline().expect("it goes on").max(now);
    }
    assert_eq!(through.pop(), Some(Vec::new()), "the end did not come through");
    assert!(through == pieces, "the bytes are others");
    assert!(way.log().summary().drops.line > 50, "nothing was lost");
}

#[test]
fn a_stream_takes_no_more_than_the_line_does() {
    let rate = Rate::constant(500_000);
    let queue = QueueSettings { bytes: 20_000, discipline: Discipline::DropTail };
    let mut way: Way<()> = Way::new(ChannelSettings { rate, queue, ..home() }, &[], 1);
    let stream = way.open(Duration::ZERO, 15 * MS);
    let time = Duration::from_secs(20);
    let through = feed(&mut way, stream, time);
    let mut taken = 0;
    while way.has_room(time, stream) {
        way.give(time, stream, vec![0; SEGMENT]);
        taken += 1;
    }
    let rate = mbit_per_second(through, time);
    assert!((0.42..0.49).contains(&rate), "{rate} Mbit/s");
    assert!(taken <= 2, "{taken} segments more than it had room for");
}

#[test]
fn a_stream_goes_on_after_an_outage_when_tcp_tries_again() {
    let through = |until| {
        let mut way: Way<()> = Way::new(home(), &[], 1);
        let stream = way.open(Duration::ZERO, 15 * MS);
        way.cut(Duration::ZERO, 2_900 * MS);
        feed(&mut way, stream, until)
    };
    // The first segments are lost; TCP tries again after 1 s, and after 2 s more.
    assert_eq!(through(3_000 * MS), 0);
    assert!(through(3_200 * MS) > 5 * SEGMENT as u64);
}

#[test]
fn a_stream_is_patient_in_a_long_outage() {
    let mut way: Way<()> = Way::new(home(), &[DOWNLOAD], 1);
    // When it has found the end of the line.
    way.cut(5_000 * MS, 10_000 * MS);
    assert_eq!(way.poll(4_999 * MS), None);
    let before = way.log().summary().entered_packets;
    assert_eq!(way.poll(14_999 * MS), None);
    let lost = way.log().summary().drops.outage;
    // What waited, the acknowledgements that were still on their way, then a probe and a try after
    // each doubled timeout.
    assert!(lost < 300, "{lost} packets went into nothing");
    let tries = way.log().rows().filter(|row| row.at_ms > 5_500 && row.entered_bytes > 0).count();
    assert!((3..8).contains(&tries), "{tries} tries");
    assert_eq!(way.poll(25_000 * MS), None);
    assert!(way.log().summary().entered_packets > before + 5_000, "it did not come back");
}

#[test]
fn a_stream_with_little_to_say_is_patient_too() {
    let mut way: Way<()> = Way::new(home(), &[], 1);
    let stream = way.open(Duration::ZERO, 15 * MS);
    for number in 0..20_u32 {
        way.give(MS * 50 * number, stream, vec![1; 100]);
    }
    assert_eq!(std::iter::from_fn(|| way.poll(1_500 * MS)).count(), 20);
    way.cut(1_500 * MS, 20_000 * MS);
    way.give(1_600 * MS, stream, vec![2; 100]);
    assert_eq!(way.poll(21_499 * MS), None);
    // Once, as a probe, and after 0.23 s, 0.5 s, 0.9 s and so on.
    let tries = way.log().summary().drops.outage;
    assert!((6..=9).contains(&tries), "{tries} tries");
    assert_eq!(std::iter::from_fn(|| way.poll(45_000 * MS)).count(), 1, "it did not come through");
}

#[test]
fn a_connection_sends_nothing_before_its_handshake_is_over() {
    let mut line = Line::<()>::new(&Profile::named("dsl-1m").expect("a profile"), 1);
    let [up, _] = line.connect(Duration::ZERO);
    let way = line.way_mut(Direction::Up);
    assert!(!way.has_room(49 * MS, up));
    assert!(way.has_room(50 * MS, up));
}
