//! Whole sessions: the relay as it is, on connections in memory, with peers that do what the input
//! says. Time is the runtime's and stands still until nothing else is to be done, so that minutes
//! pass at once.

mod entrance;
mod heard;
mod peers;
pub(crate) mod phrases;
mod script;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mosaik_server::Limits;
use mosaik_server::config::{self, Config, Sources};
use mosaik_server::relay::Relay;
use mosaik_server::rooms::Rooms;
use tokio::task::LocalSet;
use tokio::time::Instant;

pub(crate) use entrance::Entrance;
pub use heard::Heard;
use peers::Peers;
pub(crate) use script::Script;
use script::Step;

use crate::transport::Link;

/// When everything that outlives a session is over: an empty room after five minutes is the last.
pub(crate) const AFTERMATH: Duration = Duration::from_mins(6);

/// Whatever peers do, no task panics, what they hear is valid, and nothing is left of them.
pub fn check(input: &[u8]) {
    play(input);
}

/// As [`check`], and gives what the peers heard.
pub fn play(input: &[u8]) -> BTreeSet<Heard> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without sockets");
    LocalSet::new().block_on(&runtime, run(input))
}

async fn run(input: &[u8]) -> BTreeSet<Heard> {
    let rooms = Rooms::new(settings(), Instant::now().into_std());
    let relay =
        Rc::new(Relay::new(Arc::new(rooms), Arc::new(Entrance), Limits::of(&settings().settings)));
    let ticking = Rc::clone(&relay);
    let tick = tokio::task::spawn_local(async move { ticking.tick(|| Duration::ZERO).await });
    let mut peers = Peers::new(Rc::clone(&relay));
    let mut script = Script::new(input);
    while let Some((peer, step)) = script.step() {
        if step == Step::Wait {
            pass(script.wait()).await;
        } else {
            peers.act((peer, step), &mut script);
        }
    }
    // Whatever was said last is heard.
    pass(Duration::from_millis(1)).await;
    let (links, heard) = peers.leave().await;
    assert_eq!(relay.session_count(), 0, "a session outlives its connection");
    pass(AFTERMATH).await;
    assert!(links.iter().all(Link::is_forgotten), "a task or a stream outlives its session");
    assert!(relay.is_empty(), "something outlives all sessions: {relay:?}");
    assert!(!tick.is_finished(), "the tick failed");
    tick.abort();
    heard
}

/// Time passes: everything that is due by then is done first.
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep_until(Instant::now() + time).await;
}

/// The settings without a file: one room.
pub(crate) fn settings() -> &'static Config {
    static SETTINGS: OnceLock<Config> = OnceLock::new();
    SETTINGS.get_or_init(|| config::load(Sources::default()).expect("settings need no file"))
}
