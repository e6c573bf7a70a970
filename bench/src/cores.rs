//! Which cores the load generator may use.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps this process off `core`, which is for what is measured. With one core there is no other.
///
/// # Errors
/// When the system does not allow it.
pub fn pin_to_other_cores(core: usize) -> anyhow::Result<()> {
    let mut allowed: CpuSet = sched_getaffinity(None)?;
    if allowed.count() > 1 {
        allowed.unset(core);
        sched_setaffinity(None, &allowed)?;
    }
    Ok(())
}
