//! One direction of a line, to the nanosecond and without a clock.

use std::time::Duration;

use mosaik_link::{
    Arrival, Channel, ChannelSettings, CodelSettings, Delay, Discipline, GilbertElliott, Jitter,
    Loss, Outage, Profile, QueueSettings, Rate,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const MS: Duration = Duration::from_millis(1);

/// 20 Mbit/s, 25 ms, room for 100 ms.
fn settings() -> ChannelSettings {
    ChannelSettings {
        rate: Rate::constant(20_000_000),
        queue: QueueSettings::drop_tail(20_000_000, 100 * MS),
        loss: Loss::None,
        delay: Delay::fixed(25 * MS),
        outages: Vec::new(),
    }
}

/// Everything that a line can do at once.
fn wild() -> ChannelSettings {
    let discipline = Discipline::CoDel(CodelSettings::INTERNET);
    ChannelSettings {
        rate: Rate::steps(3_000_000, &[(400 * MS, 400_000), (1_500 * MS, 5_000_000)]),
        queue: QueueSettings { bytes: 60_000, discipline },
        loss: Loss::Bursts(GilbertElliott::simple(0.05, 3.0)),
        delay: Delay {
            propagation: 20 * MS,
            jitter: Some(Jitter { mean: 5 * MS, most: 50 * MS, reorders: true }),
        },
        outages: vec![Outage { from: 2_000 * MS, until: 2_200 * MS }],
    }
}

/// Sizes of packets and when they come: three seconds at about 3 Mbit/s.
fn packets() -> Vec<(Duration, u32)> {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut at = Duration::ZERO;
    let packets = (0..1_200).map(|_| {
        at += Duration::from_micros(rng.random_range(0..5_000));
        (at, rng.random_range(40..1_500))
    });
    packets.collect()
}

/// What arrives, when all packets come at their times and somebody looks at `looks` too.
fn carry(settings: ChannelSettings, seed: u64, looks: &[Duration]) -> (Vec<Arrival<usize>>, u64) {
    let mut channel = Channel::new(settings, seed);
    let mut arrivals = Vec::new();
    let mut looks = looks.iter().copied().peekable();
    for (number, (at, bytes)) in packets().into_iter().enumerate() {
        while let Some(look) = looks.next_if(|look| *look < at) {
            arrivals.extend(std::iter::from_fn(|| channel.poll(look)));
        }
        channel.push(at, bytes, number);
    }
    arrivals.extend(std::iter::from_fn(|| channel.poll(Duration::from_mins(1))));
    (arrivals, channel.log().summary().drops.total())
}

#[test]
fn a_full_line_carries_its_rate_and_delivers_to_the_nanosecond() {
    let queue = QueueSettings::drop_tail(20_000_000, 1_000 * MS);
    let mut channel = Channel::new(ChannelSettings { queue, ..settings() }, 1);
    // 1,250 bytes are 500 µs of this line.
    for number in 0..2_000_u32 {
        channel.push(Duration::ZERO, 1_250, number);
    }
    for number in 0..2_000_u32 {
        let at = Duration::from_micros(500) * (number + 1) + 25 * MS;
        assert_eq!(channel.deadline().map(|deadline| deadline <= at), Some(true));
        let early = at.saturating_sub(Duration::from_nanos(1));
        assert_eq!(channel.poll(early), None, "packet {number} was early");
        assert_eq!(channel.poll(at), Some(Arrival { at, bytes: 1_250, payload: number }));
    }
    assert_eq!(channel.deadline(), None);
    let sent = channel.log().summary();
    assert_eq!((sent.sent_packets, sent.sent_bytes, sent.drops.total()), (2_000, 2_500_000, 0));
}

#[test]
fn the_same_seed_gives_every_packet_the_same_fate_and_another_seed_another() {
    let (once, _) = carry(wild(), 7, &[]);
    assert_eq!(carry(wild(), 7, &[]).0, once);
    assert_ne!(carry(wild(), 8, &[]).0, once);
    assert!(!once.is_sorted_by_key(|arrival| arrival.payload), "nothing was overtaken");
}

#[test]
fn when_somebody_looks_changes_nothing() {
    let (once, _) = carry(wild(), 7, &[]);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut looks: Vec<Duration> =
        (0..500).map(|_| Duration::from_micros(rng.random_range(0..4_000_000))).collect();
    looks.sort_unstable();
    assert_eq!(carry(wild(), 7, &looks).0, once);
}

#[test]
fn every_packet_arrives_once_or_is_counted_as_dropped() {
    for seed in 0..20 {
        let (mut arrivals, drops) = carry(wild(), seed, &[]);
        assert_eq!(arrivals.len() as u64 + drops, packets().len() as u64);
        assert!(arrivals.is_sorted_by_key(|arrival| arrival.at));
        arrivals.sort_by_key(|arrival| arrival.payload);
        assert!(arrivals.is_sorted_by(|one, next| one.payload < next.payload), "one came twice");
    }
}

#[test]
fn a_queue_never_holds_more_than_its_bytes_and_drops_the_newest() {
    let queue = QueueSettings { bytes: 10_000, discipline: Discipline::DropTail };
    let mut channel = Channel::new(ChannelSettings { queue, ..settings() }, 1);
    for number in 0..100 {
        channel.push(Duration::ZERO, 1_000, number);
        assert!(channel.queue_bytes() <= 10_000);
    }
    let arrived: Vec<i32> =
        std::iter::from_fn(|| channel.poll(MS * 1_000)).map(|arrival| arrival.payload).collect();
    // One is on the line already, ten wait.
    assert_eq!(arrived, (0..11).collect::<Vec<_>>());
    let summary = channel.log().summary();
    assert_eq!((summary.drops.full, summary.queue_bytes_max), (89, 10_000));
}

#[test]
fn a_packet_that_waits_at_a_step_down_leaves_at_the_new_rate() {
    let rate = Rate::steps(3_000_000, &[(20 * MS, 400_000)]);
    let mut channel = Channel::new(ChannelSettings { rate, ..settings() }, 1);
    // 4 ms each before the step, 30 ms each after it.
    for number in 0..8 {
        channel.push(Duration::ZERO, 1_500, number);
    }
    let at: Vec<Duration> =
        std::iter::from_fn(|| channel.poll(MS * 1_000)).map(|arrival| arrival.at).collect();
    let expected = [4, 8, 12, 16, 20, 50, 80, 110].map(|left| MS * (left + 25));
    assert_eq!(at, expected);
}

#[test]
fn an_outage_loses_what_waits_and_what_comes_and_nothing_else() {
    let outages = vec![Outage { from: 10 * MS, until: 30 * MS }];
    let mut channel = Channel::new(ChannelSettings { outages, ..settings() }, 1);
    // 2,500 bytes are a millisecond: at 10 ms ten of twenty are on their way.
    for number in 0..20 {
        channel.push(Duration::ZERO, 2_500, number);
    }
    channel.push(15 * MS, 2_500, 20);
    channel.push(30 * MS, 2_500, 21);
    let arrived: Vec<i32> =
        std::iter::from_fn(|| channel.poll(MS * 1_000)).map(|arrival| arrival.payload).collect();
    assert_eq!(arrived, (0..10).chain([21]).collect::<Vec<_>>());
    assert_eq!(channel.log().summary().drops.outage, 11);
}

#[test]
fn a_line_that_is_cut_comes_back_after_that_time() {
    let mut channel = Channel::new(settings(), 1);
    channel.cut(5 * MS, 10 * MS);
    for at in [4, 5, 14, 15] {
        channel.push(MS * at, 1_000, at);
    }
    let arrived: Vec<u32> =
        std::iter::from_fn(|| channel.poll(MS * 1_000)).map(|arrival| arrival.payload).collect();
    // Time does not go back: what should come at 4 ms comes when the cut is known already.
    assert_eq!(arrived, [15]);
}

#[test]
fn a_trace_without_rate_holds_packets_instead_of_losing_them() {
    let profile = Profile::named("lte-train").expect("a profile");
    let mut channel = Channel::new(profile.down, 1);
    let mut entered = 0;
    // 200 kbit/s for ten minutes, through every hole of the trace.
    for number in 0..15_000_u32 {
        channel.push(MS * 40 * number, 1_000, number);
        entered += 1;
    }
    let arrived = std::iter::from_fn(|| channel.poll(Duration::from_hours(1))).count();
    assert_eq!(arrived, entered);
    let summary = channel.log().summary();
    assert!(summary.queue_delay_max_ms > 500.0, "no hole: {summary:?}");
    assert!(summary.queue_delay_p50_ms < 5.0, "no line: {summary:?}");
}

#[test]
fn codel_keeps_the_wait_short_where_a_full_queue_would_hold_a_second() {
    let wait = |discipline| {
        let queue = QueueSettings { bytes: 250_000, discipline };
        let rate = Rate::constant(2_000_000);
        let mut channel = Channel::new(ChannelSettings { rate, queue, ..settings() }, 1);
        // A tenth more than the line carries: what a sender that does not listen does to it.
        for number in 0..11_000_u32 {
            channel.push(Duration::from_micros(5_454) * number, 1_500, number);
        }
        channel.log().summary().queue_delay_p95_ms
    };
    let (tail, codel) =
        (wait(Discipline::DropTail), wait(Discipline::CoDel(CodelSettings::INTERNET)));
    assert!(tail > 900.0, "{tail} ms");
    assert!(codel < 150.0, "{codel} ms");
}
