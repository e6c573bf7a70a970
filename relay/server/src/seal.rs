//! What the process gives up before it serves anybody: it writes no file, starts no program and leaves
//! no image of its memory behind, whatever anyone makes it do.

use std::io;

use anyhow::Context;
use landlock::{
    ABI, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreated, RulesetStatus,
};
use rustix::process::{Resource, Rlimit, setrlimit};

/// What goes into an image of a process that crashed, as bits: nothing. A limit on its size alone does not
/// hold where such images are handed to a program.
const COREDUMP_FILTER: (&str, &str) = ("/proc/self/coredump_filter", "0");

/// How much of it the system keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// Files cannot be written and programs cannot be started any more.
    Whole,
    /// This kernel has no Landlock: no file is written since nothing does, and nothing keeps it from that.
    Memory,
}

/// Gives up, for this thread and all that it starts from now on, to write files and to run programs; for
/// the process, to be dumped when it crashes.
///
/// # Errors
/// When the system refuses what each system has: limits of a process.
pub fn seal() -> anyhow::Result<Sealed> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).map_err(io::Error::from).context("no image of a crash")?;
    let (path, nothing) = COREDUMP_FILTER;
    if let Err(error) = std::fs::write(path, nothing) {
        tracing::debug!(%error, "an image of a crash is kept from files by its size alone");
    }
    // None of this has a rule that allows it anywhere.
    let denied = AccessFs::from_write(ABI::V5) | AccessFs::Execute;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(denied)
        .and_then(Ruleset::create)
        .and_then(RulesetCreated::restrict_self)
        .context("no files are written")?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Sealed::Whole,
        RulesetStatus::NotEnforced => Sealed::Memory,
    })
}
