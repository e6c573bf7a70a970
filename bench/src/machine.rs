//! The machine and the versions that figures were measured with.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Serialize;

/// Where figures come from.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// Its cores, as far as this process may use them.
    pub cores: usize,
    /// Bytes of memory.
    pub memory_bytes: u64,
    /// The kernel's release.
    pub kernel: String,
    /// What the program says of itself.
    pub mosaik: String,
}

/// This machine, and the version of the program at `binary`.
///
/// # Errors
/// When the system does not tell.
pub fn machine(binary: &Path) -> anyhow::Result<Machine> {
    let field = |file: &str, key: &str| -> anyhow::Result<String> {
        let text = fs::read_to_string(file)?;
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        Ok(line.split_once(':').map_or("", |(_, value)| value).trim().to_owned())
    };
    let memory = field("/proc/meminfo", "MemTotal")?;
    let kibibytes: u64 = memory.split(' ').next().unwrap_or_default().parse()?;
    let version = Command::new(binary).arg("version").output()?;
    Ok(Machine {
        cpu: field("/proc/cpuinfo", "model name")?,
        cores: std::thread::available_parallelism()?.get(),
        memory_bytes: kibibytes * 1024,
        kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
        mosaik: String::from_utf8(version.stdout)?.trim().to_owned(),
    })
}
