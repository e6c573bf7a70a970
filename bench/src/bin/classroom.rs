//! The classroom: two hundred people in one room over QUIC who write and raise hands, a late joiner
//! after a full lesson, and what is left when the room closes.
//!
//! The relay is the release program in a process of its own, everyone comes in by its links. A
//! command counts when it was acknowledged and everyone has seen what follows from it; the time is
//! that from asking to each one's seeing it, by the one clock of this process.

use std::io::Write;
use std::path::Path as FilePath;
use std::time::Duration;

use anyhow::Context;
use mosaik_bench::classroom::{Class, Ladder, Step};
use mosaik_bench::{Machine, Percentiles, full_lesson, machine, usage, write};
use mosaik_tests::{Dialer, Mark, PATIENCE, Process, eventually, marks_in_memory};
use serde::Serialize;

/// People in the room.
const MEMBERS: usize = 200;

/// The rate at which the times are told.
const USUAL: u32 = 50;

/// Rates that are tried. A room takes 100 messages and 100 hands a second from viewers.
const RATES: [u32; 4] = [USUAL, 100, 150, 190];

/// A rate is carried when its slowest hundredth takes no longer: people do not notice it in a chat.
const P99_MAX: Duration = Duration::from_millis(500);

/// How often somebody joins late.
const LATE_JOINS: usize = 11;

/// What was measured, for the JSON file.
#[derive(Debug, Serialize)]
struct Figures {
    machine: Machine,
    members: usize,
    commands_per_s: u32,
    command_p50_ms: f64,
    command_p99_ms: f64,
    memory_per_member_kb: f64,
    late_join_messages: usize,
    late_join_strokes: usize,
    late_join_snapshot_kb: f64,
    late_join_snapshot_ms: f64,
    canaries_before_close: usize,
    canaries_after_close: usize,
    steps: Vec<Step>,
}

fn main() -> anyhow::Result<()> {
    let program = std::env::current_exe()?;
    let binary = program.with_file_name("mosaik");
    let machine = machine(&binary).context("`cargo build --release -p mosaik-server` first")?;
    // One thread, so that the relay has the other cores for itself.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let figures = runtime.block_on(measure(&binary, machine))?;
    let path = write("classroom", &figures)?;
    print(&figures)?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
async fn measure(binary: &FilePath, machine: Machine) -> anyhow::Result<Figures> {
    let flags = ["--participants", "250", "--log", "error"];
    let relay = Process::start(binary, &std::env::temp_dir(), &flags)?;
    let alone = usage(relay.id())?.resident_bytes;
    tell("joining, as fast as a room lets people in")?;
    let mut class = Class::enter(&relay, MEMBERS).await?;
    let grown = usage(relay.id())?.resident_bytes.saturating_sub(alone);

    tell("a long lesson, and people who join late")?;
    full_lesson::hold(&relay, &mut class).await?;
    let (snapshot_ms, snapshot_kb) = late_joins(&relay, class.dialer()).await?;

    let mut steps = Vec::new();
    for rate in RATES {
        tell(&format!("{rate} commands a second"))?;
        steps.push(class.ask_at(&Ladder { rate, ..Ladder::default() }).await?);
    }
    let carried = steps.iter().filter(|step| step.is_carried(P99_MAX));
    let commands_per_s = carried.map(|step| step.rate).max().unwrap_or_default();
    let usual = steps.iter().find(|step| step.rate == USUAL).context("no usual rate")?;
    let (p50, p99) = (usual.p50_ms, usual.p99_ms);

    tell("closing the room")?;
    let marks = [Mark::new("public")?, Mark::new("private")?, Mark::new("poll")?];
    let all: Vec<&Mark> = marks.iter().collect();
    class.leave_marks(&marks).await?;
    let before = marks_in_memory(relay.id(), &all)?.len();
    class.end().await?;
    let mut after = before;
    let is_gone = || {
        after = marks_in_memory(relay.id(), &all).map_or(before, |left| left.len());
        after == 0
    };
    // The figure says what is left.
    let _ = eventually("the room to be gone", PATIENCE, is_gone).await;
    relay.stop().await?;
    Ok(Figures {
        machine,
        members: MEMBERS,
        commands_per_s,
        command_p50_ms: p50,
        command_p99_ms: p99,
        memory_per_member_kb: grown as f64 / 1024.0 / MEMBERS as f64,
        late_join_messages: full_lesson::MESSAGES,
        late_join_strokes: full_lesson::PAGES * full_lesson::STROKES,
        late_join_snapshot_kb: snapshot_kb,
        late_join_snapshot_ms: snapshot_ms,
        canaries_before_close: before,
        canaries_after_close: after,
        steps,
    })
}

/// From dialling to having all of the lesson, the middle one of some; and what it is in kB.
#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
async fn late_joins(relay: &Process, dialer: &Dialer) -> anyhow::Result<(f64, f64)> {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..LATE_JOINS {
        let late = full_lesson::join_late(relay, dialer).await?;
        times.push(late.micros);
        bytes = late.bytes;
    }
    Ok((Percentiles::of(times).at(50) as f64 / 1e3, bytes as f64 / 1e3))
}

fn print(figures: &Figures) -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    let machine = &figures.machine;
    writeln!(out, "classroom, {} with {} people over QUIC", machine.mosaik, figures.members)?;
    writeln!(out, "{} × {}, Linux {}", machine.cores, machine.cpu, machine.kernel)?;
    writeln!(out, "  commands/s      p50 ms    p99 ms  refused  missed  generator")?;
    for step in &figures.steps {
        let Step { rate, p50_ms, p99_ms, refused, missed, generator_cores, .. } = step;
        writeln!(
            out,
            "  {rate:>10} {p50_ms:>11.1} {p99_ms:>9.1} {refused:>8} {missed:>7} {generator_cores:>9.2}"
        )?;
    }
    for (what, value, unit) in [
        ("highest rate carried", f64::from(figures.commands_per_s), "/s"),
        ("memory per member", figures.memory_per_member_kb, "kB"),
        ("late joiner's snapshot", figures.late_join_snapshot_ms, "ms"),
        ("the same", figures.late_join_snapshot_kb, "kB"),
    ] {
        writeln!(out, "  {what:<32} {value:>10.1} {unit}")?;
    }
    let (before, after) = (figures.canaries_before_close, figures.canaries_after_close);
    writeln!(out, "  {:<32} {after:>10} of {before}", "canaries after the close")
}

fn tell(what: &str) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "{what}")
}
