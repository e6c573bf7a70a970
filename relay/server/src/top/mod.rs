//! `mosaik top`: what a server on this machine does, live in a terminal. It reads `/metrics`, so that
//! it works beside any running server and costs it nothing while nobody looks.

mod reading;
mod view;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::AsyncReadExt;
use tokio::time::{MissedTickBehavior, interval, timeout};

pub use reading::Reading;
pub use view::view;

use crate::ask;

/// How often the view is drawn.
const EVERY: Duration = Duration::from_secs(2);

/// How far apart the two readings of a single view are: rates need two.
const ONCE: Duration = Duration::from_secs(1);

/// How long the server has for its numbers.
const DEADLINE: Duration = Duration::from_secs(5);

/// Largest answer that is read.
const BYTES_MAX: u64 = 1 << 20;

/// Moves to the upper left corner and clears what is below.
const CLEAR: &str = "\x1b[H\x1b[J";

/// What to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The server's port on this machine.
    pub port: u16,
    /// Show one view and end.
    pub is_once: bool,
}

/// Shows the server until Ctrl+C, or once.
///
/// # Errors
/// When no server answers at that port, or the terminal is gone.
pub fn run(options: Options, out: &mut impl Write) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            shown = show(options, out) => shown,
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        }
    })
}

async fn show(options: Options, out: &mut impl Write) -> anyhow::Result<()> {
    let address = ask::local(options.port);
    let mut ticks = interval(if options.is_once { ONCE } else { EVERY });
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let mut before = read(address).await?;
    loop {
        ticks.tick().await;
        let now = read(address).await?;
        let text = view(&before.1, &now.1, now.0.saturating_duration_since(before.0));
        if options.is_once {
            out.write_all(text.as_bytes())?;
            return Ok(());
        }
        draw(out, &text)?;
        before = now;
    }
}

async fn read(address: SocketAddr) -> anyhow::Result<(Instant, Reading)> {
    let answer = ask::get(address, "/metrics").await?;
    if answer.status != 200 {
        let status = answer.status;
        bail!("the server at {address} has no metrics (status {status}); is it a Mosaik?");
    }
    let mut text = String::new();
    timeout(DEADLINE, answer.body.take(BYTES_MAX).read_to_string(&mut text))
        .await
        .with_context(|| format!("the server at {address} did not answer in time"))??;
    Ok((tokio::time::Instant::now().into_std(), Reading::parse(&text)))
}

fn draw(out: &mut impl Write, text: &str) -> io::Result<()> {
    write!(out, "{CLEAR}{text}\nCtrl+C ends this view.\n")?;
    out.flush()
}
