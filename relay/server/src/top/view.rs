//! Two readings as a page of text.

use std::time::Duration;

use super::Reading;

/// What happened in the time `between` two readings, and how things stand after it.
pub fn view(before: &Reading, after: &Reading, between: Duration) -> String {
    let seconds = between.as_secs_f64().max(f64::EPSILON);
    let view = View { before, after, seconds };
    let lines = [
        ("Rooms", view.rooms()),
        ("Sessions", view.sessions()),
        ("Ended", view.listed("mosaik_sessions_ended_total")),
        ("Tracks", view.tracks()),
        ("In", view.received()),
        ("Out", view.sent()),
        ("Work", view.work()),
    ];
    lines
        .map(|(name, line)| format!("{name:<10}{}", line.trim_end()).trim_end().to_owned() + "\n")
        .concat()
}

struct View<'a> {
    before: &'a Reading,
    after: &'a Reading,
    seconds: f64,
}

impl View<'_> {
    fn rooms(&self) -> String {
        let rooms = self.after.by_label("mosaik_room_participants");
        let largest: Vec<String> = rooms.map(|(_, people)| people.to_string()).collect();
        let (rooms, people) =
            (self.after.sum("mosaik_rooms"), self.after.sum("mosaik_participants"));
        format!("{rooms:.0}   people {people:.0}   largest {}", largest.join(" "))
    }

    fn sessions(&self) -> String {
        let (all, by_way) = (self.after.sum("mosaik_sessions"), self.listed("mosaik_sessions"));
        format!("{all:.0}   {by_way}   new {:.1}/s", self.rate("mosaik_sessions_begun_total"))
    }

    fn tracks(&self) -> String {
        let (tracks, subscriptions) =
            (self.after.sum("mosaik_tracks"), self.after.sum("mosaik_subscriptions"));
        let cached = self.after.sum("mosaik_cached_bytes") / 1e6;
        format!("{tracks:.0}   subscriptions {subscriptions:.0}   in memory {cached:.1} MB")
    }

    fn received(&self) -> String {
        let objects = self.rate("mosaik_objects_received_total");
        format!("{:.2} Mbit/s   objects {objects:.0}/s", self.mbit("mosaik_received_bytes_total"))
    }

    fn sent(&self) -> String {
        let (opened, reset) =
            (self.rate("mosaik_streams_opened_total"), self.rate("mosaik_streams_reset_total"));
        let dropped = self.rate("mosaik_groups_dropped_total");
        let mbit = self.mbit("mosaik_sent_bytes_total");
        format!(
            "{mbit:.2} Mbit/s   streams {opened:.0}/s   reset {reset:.1}/s   \
             groups dropped {dropped:.1}/s"
        )
    }

    fn work(&self) -> String {
        let percent = |name| self.rate(name) * 100.0;
        let (media, all) =
            (percent("mosaik_media_cpu_seconds_total"), percent("process_cpu_seconds_total"));
        let turns = self.rate("mosaik_turn_seconds_count");
        let busy = self.rate("mosaik_turn_seconds_sum");
        let turn = if turns > 0.0 { busy / turns * 1e3 } else { 0.0 };
        let memory = self.after.sum("process_resident_memory_bytes") / 1e6;
        format!(
            "media {media:.0} %   process {all:.0} %   turns {turns:.0}/s of {turn:.2} ms   \
             memory {memory:.0} MB"
        )
    }

    fn listed(&self, name: &str) -> String {
        let all = self.after.by_label(name).map(|(of, value)| format!("{of} {value:.0}"));
        all.collect::<Vec<_>>().join("   ")
    }

    fn rate(&self, name: &str) -> f64 {
        (self.after.sum(name) - self.before.sum(name)).max(0.0) / self.seconds
    }

    fn mbit(&self, name: &str) -> f64 {
        self.rate(name) * 8.0 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_come_from_two_readings_and_states_from_the_later_one() {
        let before = Reading::parse("mosaik_sent_bytes_total 1000000\nmosaik_rooms 1\n");
        let after = Reading::parse(
            "mosaik_sent_bytes_total 3000000\nmosaik_rooms 2\nmosaik_participants 30\n\
             mosaik_room_participants{rank=\"1\"} 28\nmosaik_room_participants{rank=\"2\"} 2\n\
             mosaik_sessions{transport=\"quic\"} 30\nmosaik_turn_seconds_count 0\n",
        );
        let text = view(&before, &after, Duration::from_secs(2));
        for line in [
            "Rooms     2   people 30   largest 28 2",
            "Sessions  30   quic 30   new 0.0/s",
            "Out       8.00 Mbit/s   streams 0/s   reset 0.0/s   groups dropped 0.0/s",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn a_server_that_began_anew_has_no_rates_below_zero() {
        let before = Reading::parse("mosaik_sent_bytes_total 9\n");
        let text = view(&before, &Reading::default(), Duration::from_secs(1));
        assert!(!text.contains('-'), "{text}");
    }
}
