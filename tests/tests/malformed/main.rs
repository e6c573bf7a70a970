//! Whatever a peer sends, it ends at most its own session, with the code that the draft names.
//!
//! Every line of the table is played on a session of its own against one relay, while an honest
//! publisher and an honest subscriber miss nothing, nothing panics, and the memory stays.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects, all else is wrong"
)]

mod bytes;
mod control;
mod data;
mod datagrams;
mod honest;
mod play;
mod records;
mod requests;
mod table;
mod upstream;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use mosaik_tests::{Path, Relay};
use tokio::task::JoinSet;

use honest::Honest;
use table::{Case, Fate, table};

/// Offenders at once; each has a name, since a participant has one session.
const OFFENDERS: usize = 8;

/// Rounds whose least memory is the level before, and then as many for the level after.
const ROUNDS: usize = 3;

/// What the level may be higher after: over a thousand sessions later, this is a few kilobytes
/// each. Some hundred bytes of that are used tokens, which are remembered for a minute.
const GROWTH_MAX: usize = 4 << 20;

#[test]
fn the_table_has_at_least_200_lines_and_none_twice() {
    let table = table();
    let names: HashSet<&str> = table.iter().map(|case| case.name.as_str()).collect();
    let plays: HashSet<String> = table.iter().map(|case| format!("{:?}", case.play)).collect();
    assert_eq!(names.len(), table.len(), "a name stands there twice");
    assert_eq!(plays.len(), table.len(), "two lines send the same");
    let malformed = table.iter().filter(|case| case.fate != Fate::GoesOn).count();
    assert!(malformed >= 200, "{malformed} lines");
}

#[tokio::test]
async fn malformed_input_ends_its_own_session_over_quic() -> anyhow::Result<()> {
    withstand(Path::Quic, table()).await
}

#[tokio::test]
async fn malformed_input_ends_its_own_session_over_webtransport() -> anyhow::Result<()> {
    // Every third line: the bytes are read by the same code, what differs is the way they come.
    withstand(Path::WebTransport, table().into_iter().step_by(3).collect()).await
}

#[tokio::test]
async fn malformed_input_ends_its_own_session_over_websocket() -> anyhow::Result<()> {
    let third = table().into_iter().skip(1).step_by(3).collect();
    withstand(Path::WebSocket, third).await
}

async fn withstand(path: Path, table: Vec<Case>) -> anyhow::Result<()> {
    let panics = count_panics();
    let relay = Arc::new(Relay::start()?);
    let honest = Arc::new(Honest::begin(&relay, path).await?);
    let mut levels = [usize::MAX; 2];
    for level in &mut levels {
        for _ in 0..ROUNDS {
            play_all(&relay, &honest, path, table.clone()).await?;
            *level = resident_bytes()?.min(*level);
        }
    }
    let honest = Arc::into_inner(honest).context("an offender is still there")?;
    let (published, received) = honest.end().await?;
    assert!(published > 1, "the honest ones had no time");
    assert_eq!(published, received, "the honest subscriber missed groups");
    assert_eq!(panics.load(Ordering::Relaxed), 0, "something panicked");
    let [before, after] = levels;
    assert!(after.saturating_sub(before) <= GROWTH_MAX, "{before} bytes became {after}");
    Ok(())
}

async fn play_all(
    relay: &Arc<Relay>,
    honest: &Arc<Honest>,
    path: Path,
    table: Vec<Case>,
) -> anyhow::Result<()> {
    let table = Arc::new(table);
    let next = Arc::new(AtomicUsize::new(0));
    let mut offenders = JoinSet::new();
    for offender in 0..OFFENDERS {
        let (relay, honest) = (Arc::clone(relay), Arc::clone(honest));
        let (table, next) = (Arc::clone(&table), Arc::clone(&next));
        offenders.spawn(async move {
            let name = format!("{:016x}", 0x100 + offender);
            let mut wrong = Vec::new();
            while let Some(case) = table.get(next.fetch_add(1, Ordering::Relaxed)) {
                match play::play(&relay, &honest.subscriber, path, &name, case).await {
                    Ok(fate) if fate == case.fate => {}
                    Ok(fate) => wrong.push(format!("{}: {fate:?}, not {:?}", case.name, case.fate)),
                    Err(error) => wrong.push(format!("{}: {error:#}", case.name)),
                }
            }
            wrong
        });
    }
    let wrong = offenders.join_all().await.concat();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
    Ok(())
}

/// Counts panics of all threads; the relay is one of this process.
fn count_panics() -> Arc<AtomicUsize> {
    let panics = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&panics);
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        counted.fetch_add(1, Ordering::Relaxed);
        usual(panic);
    }));
    panics
}

fn resident_bytes() -> anyhow::Result<usize> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: usize = statm.split_whitespace().nth(1).context("statm")?.parse()?;
    Ok(pages * 4096)
}
