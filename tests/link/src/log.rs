//! What a line did with the packets it was given: every 10 ms, and as a whole.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::Duration;

use serde::Serialize;

use crate::histogram::Histogram;

/// The time that one row of the log is about.
pub const ROW: Duration = Duration::from_millis(10);

/// Rows that are kept, those in which something happened: an hour, 30 MB at most.
const ROWS_MAX: usize = 360_000;

/// Why a packet did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// There was no room for it in the queue.
    Full,
    /// CoDel dropped it.
    CoDel,
    /// It was damaged on the way, by chance.
    Line,
    /// There was no line.
    Outage,
}

/// Packets that did not arrive, by cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Drops {
    /// There was no room in the queue.
    pub full: u64,
    /// CoDel dropped them.
    pub codel: u64,
    /// They were damaged on the way, by chance.
    pub line: u64,
    /// There was no line.
    pub outage: u64,
}

impl Drops {
    const fn add(&mut self, cause: Cause) {
        let count = match cause {
            Cause::Full => &mut self.full,
            Cause::CoDel => &mut self.codel,
            Cause::Line => &mut self.line,
            Cause::Outage => &mut self.outage,
        };
        *count += 1;
    }

    /// Of all causes.
    pub const fn total(&self) -> u64 {
        self.full + self.codel + self.line + self.outage
    }
}

/// Ten milliseconds of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// When they begin, in milliseconds since the line began.
    pub at_ms: u64,
    /// Bytes that came to the queue, dropped ones too.
    pub entered_bytes: u64,
    /// Bytes that began to leave it.
    pub sent_bytes: u64,
    /// Most bytes that waited.
    pub queue_bytes: u64,
    /// Longest wait in the queue of what began to leave it.
    pub queue_delay_us: u64,
    /// What did not arrive.
    #[serde(flatten)]
    pub drops: Drops,
}

/// A line as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Packets that came to the queue, dropped ones too.
    pub entered_packets: u64,
    /// Their bytes, with the headers of IP.
    pub entered_bytes: u64,
    /// Packets that used the line; those of them that were damaged did not arrive.
    pub sent_packets: u64,
    /// Their bytes, with the headers of IP.
    pub sent_bytes: u64,
    /// What did not arrive.
    pub drops: Drops,
    /// Most bytes that waited in the queue.
    pub queue_bytes_max: u64,
    /// Median wait in the queue, without the time on the line itself.
    pub queue_delay_p50_ms: f64,
    /// The wait that 95 % do not exceed.
    pub queue_delay_p95_ms: f64,
    /// The wait that 99 % do not exceed.
    pub queue_delay_p99_ms: f64,
    /// The longest.
    pub queue_delay_max_ms: f64,
}

/// Counts as a line works.
#[derive(Debug, Clone, Default)]
pub struct Log {
    past: VecDeque<Row>,
    current: Option<Row>,
    total: Summary,
    delays: Histogram,
}

impl Log {
    /// A packet came to the queue, which has `queue_bytes` with it.
    pub(crate) fn entered(&mut self, at: Duration, bytes: u32, queue_bytes: u64) {
        self.total.entered_packets += 1;
        self.total.entered_bytes += u64::from(bytes);
        self.total.queue_bytes_max = self.total.queue_bytes_max.max(queue_bytes);
        let row = self.row(at);
        row.entered_bytes += u64::from(bytes);
        row.queue_bytes = row.queue_bytes.max(queue_bytes);
    }

    /// A packet left the queue after it had `waited`.
    pub(crate) fn sent(&mut self, at: Duration, bytes: u32, waited: Duration) {
        self.total.sent_packets += 1;
        self.total.sent_bytes += u64::from(bytes);
        self.delays.add(waited);
        let row = self.row(at);
        row.sent_bytes += u64::from(bytes);
        let waited = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        row.queue_delay_us = row.queue_delay_us.max(waited);
    }

    /// A packet will not arrive.
    pub(crate) fn dropped(&mut self, at: Duration, cause: Cause) {
        self.total.drops.add(cause);
        self.row(at).drops.add(cause);
    }

    /// The last hour in rows of 10 ms, without those in which nothing happened.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.past.iter().chain(&self.current)
    }

    /// The waits of all packets that left the queue.
    pub const fn delays(&self) -> &Histogram {
        &self.delays
    }

    /// The whole time of the line.
    pub fn summary(&self) -> Summary {
        let ms = |percent| self.delays.percentile(percent).as_secs_f64() * 1_000.0;
        Summary {
            queue_delay_p50_ms: ms(50),
            queue_delay_p95_ms: ms(95),
            queue_delay_p99_ms: ms(99),
            queue_delay_max_ms: self.delays.most().as_secs_f64() * 1_000.0,
            ..self.total
        }
    }

    /// The head of [`Log::csv`].
    pub const CSV_HEAD: &str = "direction,at_ms,entered_bytes,sent_bytes,queue_bytes,\
        queue_delay_us,dropped_full,dropped_codel,dropped_line,dropped_outage\n";

    /// The rows that begin in this time as comma-separated values, each with the name of this
    /// direction.
    pub fn csv(&self, direction: &str, time: Range<Duration>) -> String {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let time = ms(time.start)..ms(time.end);
        self.rows().filter(|row| time.contains(&row.at_ms)).fold(String::new(), |mut text, row| {
            let Row { at_ms, entered_bytes, sent_bytes, queue_bytes, queue_delay_us, drops } = row;
            let Drops { full, codel, line, outage } = drops;
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "{direction},{at_ms},{entered_bytes},{sent_bytes},{queue_bytes},\
                 {queue_delay_us},{full},{codel},{line},{outage}"
            );
            text
        })
    }

    /// The row that `at` falls into, which is never earlier than in the call before.
    fn row(&mut self, at: Duration) -> &mut Row {
        let row = ROW.as_millis();
        let at_ms = u64::try_from(at.as_millis() / row * row).unwrap_or(u64::MAX);
        if let Some(over) = self.current.take_if(|row| row.at_ms < at_ms) {
            if self.past.len() == ROWS_MAX {
                self.past.pop_front();
            }
            self.past.push_back(over);
        }
        self.current.get_or_insert_with(|| Row { at_ms, ..Row::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn ten_milliseconds_are_a_row_and_all_are_the_summary() {
        let mut log = Log::default();
        log.entered(3 * MS, 1_000, 1_000);
        log.entered(4 * MS, 500, 1_500);
        log.sent(12 * MS, 1_000, 9 * MS);
        log.dropped(12 * MS, Cause::Line);
        log.dropped(35 * MS, Cause::Full);
        let rows: Vec<u64> = log.rows().map(|row| row.at_ms).collect();
        assert_eq!(rows, [0, 10, 30]);
        let summary = log.summary();
        assert_eq!((summary.entered_packets, summary.entered_bytes), (2, 1_500));
        assert_eq!((summary.sent_packets, summary.queue_bytes_max), (1, 1_500));
        assert_eq!(summary.drops, Drops { line: 1, full: 1, ..Drops::default() });
        assert!((summary.queue_delay_p50_ms - 9.0).abs() < 0.2);
        let csv = "down,0,1500,0,1500,0,0,0,0,0\ndown,10,0,1000,0,9000,0,0,1,0\n\
                   down,30,0,0,0,0,1,0,0,0\n";
        assert_eq!(log.csv("down", Duration::ZERO..MS * 40), csv);
        assert_eq!(log.csv("down", MS * 30..MS * 40).lines().count(), 1);
        let columns = |line: &str| line.split(',').count();
        assert_eq!(columns(Log::CSV_HEAD), csv.lines().next().map_or(0, columns));
    }
}
