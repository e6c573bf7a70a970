//! What the line did: its log in rows of ten milliseconds.

use std::ops::Range;

/// Ten milliseconds of the line towards the student in which something was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// When they begin, in milliseconds of the line.
    pub at_ms: u64,
    /// Bytes that began to leave.
    pub sent_bytes: u64,
    /// Longest wait of what began to leave, in microseconds.
    pub queue_delay_us: u64,
}

/// The rows of the direction towards the student, of the emulator's comma-separated values.
pub(super) fn rows(csv: &str) -> Vec<Row> {
    let row = |line: &str| {
        let mut fields = line.split(',');
        if fields.next() != Some("down") {
            return None;
        }
        let mut number = || fields.next()?.parse::<u64>().ok();
        let (at_ms, _, sent_bytes, _) = (number()?, number()?, number()?, number()?);
        Some(Row { at_ms, sent_bytes, queue_delay_us: number()? })
    };
    csv.lines().filter_map(row).collect()
}

/// Microseconds in the queue that `percent` of the bytes sent in `time` (milliseconds of the line)
/// did not exceed; 0 when nothing was sent.
pub(super) fn delay(rows: &[Row], time: Range<u64>, percent: u64) -> u64 {
    let within = rows.iter().filter(|row| time.contains(&row.at_ms) && row.sent_bytes > 0);
    let mut delays: Vec<(u64, u64)> =
        within.map(|row| (row.queue_delay_us, row.sent_bytes)).collect();
    delays.sort_unstable();
    let all: u64 = delays.iter().map(|(_, bytes)| *bytes).sum();
    let mut so_far = 0;
    for (delay, bytes) in &delays {
        so_far += bytes;
        if so_far * 100 >= all * percent {
            return *delay;
        }
    }
    0
}

/// Bits a second in each whole second of `time`, milliseconds of the line.
pub(super) fn rates(rows: &[Row], time: Range<u64>) -> Vec<u64> {
    let seconds = time.end.saturating_sub(time.start) / 1_000;
    let mut rates = vec![0; usize::try_from(seconds).unwrap_or(0)];
    for row in rows.iter().filter(|row| row.at_ms >= time.start) {
        let second = usize::try_from((row.at_ms - time.start) / 1_000).unwrap_or(usize::MAX);
        if let Some(rate) = rates.get_mut(second) {
            *rate += row.sent_bytes * 8;
        }
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "up,0,1,1,1,1,0,0,0,0\ndown,0,500,1000,0,5000,0,0,0,0\n\
                       down,10,0,3000,0,20000,0,0,0,0\ndown,1500,0,0,0,90000,1,0,0,0\n\
                       down,1510,0,500,0,1000,0,0,0,0\ndown,5000,0,500,0,0,0,0,0,0\n";

    #[test]
    fn rows_are_read_and_summed_up() {
        let rows = rows(CSV);
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[1], Row { at_ms: 10, sent_bytes: 3_000, queue_delay_us: 20_000 });
        assert_eq!(rates(&rows, 0..3_000), [32_000, 4_000, 0]);
        // Four of five thousand bytes waited at least 5 ms, and what sent nothing does not count.
        assert_eq!(delay(&rows, 0..10_000, 10), 0);
        assert_eq!(delay(&rows, 0..10_000, 40), 5_000);
        assert_eq!(delay(&rows, 0..10_000, 95), 20_000);
    }
}
