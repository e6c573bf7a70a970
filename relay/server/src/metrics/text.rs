//! A [`Snapshot`] as `OpenMetrics` text, which Prometheus reads.

use std::fmt;
use std::time::Duration;

use mosaik_proto::moqt::SessionCode;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text::encode};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::{MetricType, TypedMetric};
use prometheus_client::registry::{Registry, Unit};

use super::{Snapshot, Turns, process};

/// Rooms that are told one by one; they have no names here.
const ROOMS_TOLD_MAX: usize = 20;

/// The text for `snapshot`.
///
/// # Errors
/// None that a `String` makes.
pub fn write(snapshot: Snapshot) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(snapshot));
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

impl Collector for Snapshot {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        self.people(&mut page)?;
        self.media(&mut page)?;
        self.switching(&mut page)?;
        self.work(&mut page)
    }
}

impl Snapshot {
    fn people(&self, page: &mut Page<'_>) -> fmt::Result {
        let sessions = self.sessions.iter().map(|(way, count)| (way.name(), as_i64(*count)));
        page.gauges("mosaik_sessions", "Open sessions by transport", "transport", sessions)?;
        page.counter("mosaik_sessions_begun", "Sessions since the start", self.sessions_begun)?;
        let told =
            |code: &Option<SessionCode>| code.map_or("peer".into(), |code| format!("{code:?}"));
        let ended = self.sessions_ended.iter().map(|(code, count)| (told(code), *count));
        page.counters("mosaik_sessions_ended", "Ended sessions by the code", "code", ended)?;
        page.gauge("mosaik_rooms", "Open rooms", as_i64(self.rooms.len()))?;
        let people = as_i64(self.rooms.iter().sum());
        page.gauge("mosaik_participants", "People in all rooms", people)?;
        let mut rooms = self.rooms.clone();
        rooms.sort_unstable_by(|one, other| other.cmp(one));
        let ranks = (1..=ROOMS_TOLD_MAX).map(|rank| rank.to_string());
        let rooms = ranks.zip(rooms.into_iter().map(as_i64));
        page.gauges("mosaik_room_participants", "People in the largest rooms", "rank", rooms)
    }

    fn media(&self, page: &mut Page<'_>) -> fmt::Result {
        let counts = &self.counts;
        page.gauge("mosaik_tracks", "Tracks that somebody publishes", as_i64(self.tracks))?;
        page.gauge("mosaik_subscriptions", "Subscriptions", as_i64(self.subscriptions))?;
        let cached = i64::try_from(self.cached_bytes).unwrap_or(i64::MAX);
        page.gauge("mosaik_cached_bytes", "Bytes of objects in memory", cached)?;
        page.counter("mosaik_objects_received", "Objects of publishers", counts.objects_in)?;
        page.counter("mosaik_received_bytes", "Bytes of objects of publishers", counts.bytes_in)?;
        page.counter("mosaik_sent_bytes", "Bytes of objects to subscribers", counts.bytes_out)?;
        page.counter("mosaik_streams_opened", "Streams to subscribers", counts.streams_opened)?;
        let finished = counts.streams_finished;
        page.counter("mosaik_streams_finished", "Streams that went out whole", finished)?;
        let reset = counts.streams_reset.iter().map(|(code, count)| (format!("{code:?}"), *count));
        page.counters("mosaik_streams_reset", "Streams reset by the code", "code", reset)?;
        let stopped = counts.streams_stopped;
        page.counter("mosaik_streams_stopped", "Streams that subscribers stopped", stopped)?;
        let dropped = counts.groups_dropped;
        page.counter("mosaik_groups_dropped", "Groups that gave way to newer ones", dropped)?;
        self.datagrams(page)
    }

    fn datagrams(&self, page: &mut Page<'_>) -> fmt::Result {
        let counts = &self.counts;
        let again = counts.repeats_in;
        page.counter("mosaik_datagrams_received_again", "Datagrams that had come before", again)?;
        let sent = counts.datagrams_out;
        page.counter("mosaik_datagrams_sent", "Objects in datagrams to subscribers", sent)?;
        let repeated = counts.repeats_out;
        page.counter("mosaik_datagrams_repeated", "Those of them that went out again", repeated)?;
        let dropped = counts.datagrams_dropped;
        let help = "Objects in datagrams that a subscriber did not get";
        page.counter("mosaik_datagrams_dropped", help, dropped)?;
        let help = "Those that a subscriber did not get since others spoke";
        page.counter("mosaik_datagrams_unheard", help, counts.datagrams_unheard)
    }

    fn switching(&self, page: &mut Page<'_>) -> fmt::Result {
        let switches = [("up", self.counts.switches_up), ("down", self.counts.switches_down)];
        let help = "Switches of a subscriber between renditions";
        page.counters("mosaik_switches", help, "direction", switches.into_iter())?;
        let limited =
            self.limited.iter().map(|(reason, count)| (format!("{reason:?}"), as_i64(*count)));
        let help = "Sessions with switching tracks by why they get less than they wish";
        page.gauges("mosaik_switching_sessions", help, "reason", limited)?;
        page.counter("mosaik_padding_bytes", "Bytes of padding", self.padded_bytes)
    }

    fn work(&self, page: &mut Page<'_>) -> fmt::Result {
        page.seconds("mosaik_media_cpu", "CPU time of the media thread", self.media_cpu)?;
        page.seconds("process_cpu", "CPU time of the process", process::cpu())?;
        if let Some(bytes) = process::resident_bytes() {
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            page.gauge("process_resident_memory_bytes", "Resident memory", bytes)?;
        }
        page.turns(&self.turns)
    }
}

/// The text while it is written.
struct Page<'a>(DescriptorEncoder<'a>);

impl Page<'_> {
    fn gauge(&mut self, name: &str, help: &str, value: i64) -> fmt::Result {
        self.one(name, help, None, &ConstGauge::new(value))
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.one(name, help, None, &ConstCounter::new(value))
    }

    fn seconds(&mut self, name: &str, help: &str, value: Duration) -> fmt::Result {
        self.one(name, help, Some(&Unit::Seconds), &ConstCounter::new(value.as_secs_f64()))
    }

    fn one(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
        metric: &(impl EncodeMetric + TypedMetric),
    ) -> fmt::Result {
        let encoder = self.0.encode_descriptor(name, help, unit, metric.metric_type())?;
        metric.encode(encoder)
    }

    fn gauges<L: AsRef<str>>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl Iterator<Item = (L, i64)>,
    ) -> fmt::Result {
        self.family(name, help, label, values.map(|(of, value)| (of, ConstGauge::new(value))))
    }

    fn counters<L: AsRef<str>>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl Iterator<Item = (L, u64)>,
    ) -> fmt::Result {
        self.family(name, help, label, values.map(|(of, value)| (of, ConstCounter::new(value))))
    }

    fn family<L: AsRef<str>, M: EncodeMetric + TypedMetric>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl Iterator<Item = (L, M)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, M::TYPE)?;
        for (of, metric) in values {
            metric.encode(family.encode_family(&[(label, of.as_ref())])?)?;
        }
        Ok(())
    }

    fn turns(&mut self, turns: &Turns) -> fmt::Result {
        let help = "How long sessions were served at once";
        let unit = Some(&Unit::Seconds);
        let mut encoder =
            self.0.encode_descriptor("mosaik_turn", help, unit, MetricType::Histogram)?;
        let bounds = Turns::BOUNDS.iter().map(Duration::as_secs_f64).chain([f64::MAX]);
        let buckets: Vec<(f64, u64)> = bounds.zip(turns.counts).collect();
        let count = turns.counts.iter().sum();
        encoder.encode_histogram::<[(&str, &str); 0]>(
            turns.sum.as_secs_f64(),
            count,
            &buckets,
            None,
        )
    }
}

fn as_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
