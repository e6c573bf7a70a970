//! What the system knows of this process.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// CPU time of all its threads.
pub(super) fn cpu() -> Duration {
    duration(clock_gettime(ClockId::ProcessCPUTime))
}

/// Its resident memory in bytes; `None` where the system does not say.
pub(crate) fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * u64::try_from(rustix::param::page_size()).ok()?)
}

/// CPU time of the thread that asks.
pub fn thread_cpu() -> Duration {
    duration(clock_gettime(ClockId::ThreadCPUTime))
}

fn duration(time: Timespec) -> Duration {
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_on_this_thread_is_counted() {
        let before = thread_cpu();
        let mut sum = 0_u64;
        while thread_cpu() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(thread_cpu() > before);
    }

    #[test]
    fn the_system_knows_our_memory() {
        let held = std::hint::black_box(vec![1_u8; 32 << 20]);
        assert!(resident_bytes() > Some(held.len() as u64));
    }
}
