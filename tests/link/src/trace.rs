//! Recorded rates: how many bits a line carried in each tenth of a second.

use std::time::Duration;

/// Length of a slot in our own format.
pub const SLOT: Duration = Duration::from_millis(100);

/// Bytes of one opportunity in Mahimahi's format.
const OPPORTUNITY_BYTES: u64 = 1_500;

/// Slots of a trace at most: a day.
const SLOTS_MAX: usize = 864_000;

/// Why a text is no trace.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TraceError {
    /// A line that is no number.
    #[error("line {line} of the trace is no number: {text:?}")]
    NoNumber {
        /// Which, from one.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// Times that go back.
    #[error("line {line} of the trace is earlier than the one before it")]
    Backwards {
        /// Which, from one.
        line: usize,
    },
    /// Nothing in it, or no end of it.
    #[error("a trace has between one slot and {SLOTS_MAX} slots of {SLOT:?}")]
    Length,
}

/// Rates, one for each slot of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    slot: Duration,
    rates: Vec<u64>,
}

impl Trace {
    /// These bits per second, each for a `slot`.
    ///
    /// # Errors
    /// When there are none, too many, or the slot has no length.
    pub fn from_rates(slot: Duration, rates: Vec<u64>) -> Result<Self, TraceError> {
        let has_length = !slot.is_zero() && !rates.is_empty() && rates.len() <= SLOTS_MAX;
        if has_length { Ok(Self { slot, rates }) } else { Err(TraceError::Length) }
    }

    /// Our own format: kbit/s in each slot of 100 ms, a line each. What begins with `#` is a
    /// comment.
    ///
    /// # Errors
    /// Names the line that is no number.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let rates = numbers(text).map(|number| Ok(number?.1.saturating_mul(1_000)));
        Self::from_rates(SLOT, rates.collect::<Result<_, TraceError>>()?)
    }

    /// Mahimahi's format: a line for each 1,500 bytes that the line could carry, with the
    /// millisecond at which it could. Summed up over slots of 100 ms, in which they are spread
    /// evenly: bursts of single milliseconds are lost.
    ///
    /// # Errors
    /// Names the line that is no number or goes back in time.
    pub fn parse_mahimahi(text: &str) -> Result<Self, TraceError> {
        let mut bits = Vec::new();
        let mut last = 0;
        for number in numbers(text) {
            let (line, at) = number?;
            if at < last {
                return Err(TraceError::Backwards { line });
            }
            last = at;
            // The trace ends with the millisecond of its last line, as in mm-link.
            let slot = u128::from(at.saturating_sub(1)) / SLOT.as_millis();
            let slot = usize::try_from(slot).map_err(|_| TraceError::Length)?;
            if slot >= SLOTS_MAX {
                return Err(TraceError::Length);
            }
            if bits.len() <= slot {
                bits.resize(slot + 1, 0);
            }
            if let Some(bits) = bits.get_mut(slot) {
                *bits += OPPORTUNITY_BYTES * 8;
            }
        }
        let slots_per_second = 10;
        Self::from_rates(SLOT, bits.into_iter().map(|bits| bits * slots_per_second).collect())
    }

    /// The text that [`Trace::parse`] reads, without the part of a kbit.
    pub fn to_text(&self) -> String {
        self.rates
            .iter()
            .fold(String::new(), |text, rate| text + &(rate / 1_000).to_string() + "\n")
    }

    /// How long each rate holds.
    pub const fn slot(&self) -> Duration {
        self.slot
    }

    /// Bits per second of each slot.
    pub fn rates(&self) -> &[u64] {
        &self.rates
    }

    /// Of all slots together.
    pub fn length(&self) -> Duration {
        self.slot * u32::try_from(self.rates.len()).unwrap_or(u32::MAX)
    }
}

/// The numbers of a text, one a line, with the line they stand in.
fn numbers(text: &str) -> impl Iterator<Item = Result<(usize, u64), TraceError>> {
    let lines = (1..).zip(text.lines().map(str::trim));
    lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#')).map(|(line, text)| {
        let number = text.parse();
        let number = number.map_err(|_| TraceError::NoNumber { line, text: text.to_owned() })?;
        Ok((line, number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_of_ours_is_kbits_in_tenths_of_a_second() {
        let trace = Trace::parse("# from where\n1000\n\n0\n2500\n").expect("a trace");
        assert_eq!(trace.rates(), [1_000_000, 0, 2_500_000]);
        assert_eq!(trace.length(), Duration::from_millis(300));
        assert_eq!(Trace::parse(&trace.to_text()), Ok(trace));
    }

    #[test]
    fn a_recording_of_mahimahi_has_1500_bytes_in_each_line() {
        // 12 Mbit/s for 100 ms, nothing for 100 ms, one packet in the last.
        let lines: Vec<String> = (1..=100).chain([300]).map(|at: u32| at.to_string()).collect();
        let text = lines.join("\n");
        let trace = Trace::parse_mahimahi(&text).expect("a trace");
        assert_eq!(trace.rates(), [12_000_000, 0, 120_000]);
    }

    #[test]
    fn a_broken_trace_is_refused_with_its_line() {
        let text = "x".to_owned();
        assert_eq!(Trace::parse("1\nx\n"), Err(TraceError::NoNumber { line: 2, text }));
        assert_eq!(Trace::parse_mahimahi("5\n4\n"), Err(TraceError::Backwards { line: 2 }));
        assert_eq!(Trace::parse("# nothing\n"), Err(TraceError::Length));
        assert_eq!(Trace::parse_mahimahi("99999999999999"), Err(TraceError::Length));
    }
}
