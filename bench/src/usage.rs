//! What a process has used of the machine.

use std::fs;
use std::time::Duration;

use anyhow::Context;

/// Clock ticks a second in `/proc/<pid>/stat`: 100 on every Linux that programs see.
const TICKS: u32 = 100;

/// CPU and memory of a process.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Time on the CPU since its start, in the program and in the kernel for it.
    pub cpu: Duration,
    /// Bytes of memory that it has now.
    pub resident_bytes: u64,
}

/// What the process has used so far.
///
/// # Errors
/// When there is no such process.
pub fn usage(process: u32) -> anyhow::Result<Usage> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The program's name, in parentheses, may contain anything.
    let (_, fields) = stat.rsplit_once(')').context("stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |index: usize| -> anyhow::Result<u32> {
        Ok(fields.get(index).context("a field of stat")?.parse()?)
    };
    // utime and stime, fields 14 and 15 of the whole line.
    let cpu = Duration::from_secs(1) * (ticks(11)? + ticks(12)?) / TICKS;
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|line| line.split_whitespace().next()).context("VmRSS")?;
    Ok(Usage { cpu, resident_bytes: kibibytes.parse::<u64>()? * 1024 })
}
