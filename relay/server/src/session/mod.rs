//! A session's life: SETUP within its deadline, then requests and streams until one side ends it.
//!
//! Every task of a session lives in one set that dies with it. A task that finds its peer breaking
//! the protocol returns an [`Ending`]; the first one closes the session with its code, and nobody
//! else notices.

mod aliases;
mod breaks;
mod control;
mod egress;
mod fetch;
mod filling;
mod following;
mod ingress;
mod listening;
mod load;
mod offering;
mod padding;
mod peer;
mod publishing;
mod request;
mod request_ids;
mod rights;
mod subscribe;
mod tokens;
mod upstream;
mod wishes;

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_proto::moqt::{Datagram, SessionCode, Violation};
use mosaik_transport::{Outgoing, TransportError};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use egress::Lanes;
use load::Load;
use peer::{Peer, Task};

use crate::gate::Gate;
use crate::lobby::Place;
use crate::queue::{Receiver, queue};
use crate::relay::Way;
use crate::shard::{Order, Shard};

/// How long a peer has for SETUP.
const SETUP_MAX: Duration = Duration::from_secs(5);

/// How long a peer has after GOAWAY.
const GOAWAY_MAX: Duration = Duration::from_secs(2);

/// How long the last words to a session have, that say why it is closed: a page on a slow device over
/// a line with loss reads them in this time.
const LAST_WORDS_MAX: Duration = Duration::from_millis(2_500);

/// Why a session ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Ending {
    /// The peer broke the protocol.
    #[error("protocol: {0}")]
    Violation(#[from] Violation),
    /// We close it.
    #[error("closed: {1}")]
    Close(SessionCode, &'static str),
    /// The transport is gone.
    #[error("{0}")]
    Transport(#[from] TransportError),
}

impl Ending {
    /// The code that the peer is told; `None` when there is nobody left to tell.
    const fn said(&self) -> Option<SessionCode> {
        match self {
            Self::Violation(violation) => Some(violation.code()),
            Self::Close(code, _) => Some(*code),
            Self::Transport(_) => None,
        }
    }

    fn code(&self) -> (SessionCode, String) {
        let reason = match self {
            Self::Violation(violation) => violation.to_string(),
            Self::Close(_, reason) => (*reason).to_owned(),
            Self::Transport(_) => String::new(),
        };
        (self.said().unwrap_or(SessionCode::NoError), reason)
    }
}

/// How an [`Ending`] reaches the session from one of its tasks.
type Outcome = Result<(), Ending>;

/// Runs a session until it is over, and tells why it is.
pub(crate) async fn run<S: Outgoing>(
    transport: S,
    shard: Rc<Shard>,
    gate: Arc<dyn Gate>,
    (way, place): (Way, Place),
) -> Ending {
    let (orders_in, orders) = queue(ORDERS_MAX);
    let key = shard.open_session(
        way,
        Box::new(Lanes::new(transport.clone(), shard.limits().transport)),
        orders_in,
    );
    tracing::debug!(session = ?key, ?way, "session begins");
    let (tasks_in, tasks) = mpsc::channel(TASKS_MAX);
    let peer = Peer::new(transport.clone(), Rc::clone(&shard), gate, key, way, tasks_in);
    let ending = drive(&Rc::new(peer), place, orders, tasks).await;
    let (code, reason) = ending.code();
    tracing::debug!(session = ?key, ?way, code = ?code, why = %ending, "session ends");
    shard.close_session(key, ending.said());
    transport.close(code.get(), &reason);
    ending
}

/// Orders waiting for a session's task: four for each track that it may be asked for
/// (`asked_per_session`). Beyond it the session is not keeping up with what others want of it, and
/// ends.
const ORDERS_MAX: usize = 1_024;

/// Tasks of a session from which on its peer may open as many streams as anyone: half of what it
/// may open at first, so that it never waits.
const BUSY_TASKS: usize = 8;

/// Tasks that wait to be started by the session; whoever starts one waits for it.
const TASKS_MAX: usize = 16;

async fn drive<S: Outgoing>(
    peer: &Rc<Peer<S>>,
    place: Place,
    orders: Receiver<Order>,
    mut begun: mpsc::Receiver<Task>,
) -> Ending {
    let mut tasks: JoinSet<Outcome> = JoinSet::new();
    tasks.spawn_local(control::send(Rc::clone(peer)));
    tasks.spawn_local(setup_deadline(Rc::clone(peer), place));
    let transport = &peer.transport;
    let mut is_busy = false;
    let mut load = Load::new(peer.shard.limits().requests, now());
    loop {
        let wait = load.wait(now());
        let outcome = tokio::select! {
            stream = transport.accept_uni() => stream.map(|stream| {
                tasks.spawn_local(ingress::accept(Rc::clone(peer), stream));
            }).map_err(Ending::from),
            () = rest(wait), if wait.is_some() => Ok(()),
            stream = transport.accept_bi(), if wait.is_none() => {
                stream.map_err(Ending::from).and_then(|streams| {
                    let is_too_much = load.count(now())?;
                    tasks.spawn_local(request::serve(Rc::clone(peer), streams, is_too_much));
                    Ok(())
                })
            }
            datagram = transport.recv_datagram() => {
                datagram.map_err(Ending::from).and_then(|bytes| take_datagram(peer, bytes))
            }
            order = orders.recv() => match order {
                Some(order) => {
                    obey(peer, &mut tasks, order);
                    Ok(())
                }
                None => Err(Ending::Close(SessionCode::InternalError, "too much to do")),
            },
            Some(task) = begun.recv() => {
                tasks.spawn_local(task);
                Ok(())
            }
            Some(ended) = tasks.join_next() => ended.unwrap_or_else(|error| {
                tracing::error!(session = ?peer.key, %error, "a task of the session failed");
                Err(Ending::Close(SessionCode::InternalError, "internal error"))
            }),
            error = transport.closed() => Err(error.into()),
        };
        if let Err(ending) = outcome {
            return ending;
        }
        if !is_busy && tasks.len() >= BUSY_TASKS {
            is_busy = true;
            transport.allow_all_streams(peer.shard.limits().transport);
        }
    }
}

async fn rest(wait: Option<Duration>) {
    tokio::time::sleep_until(tokio::time::Instant::now() + wait.unwrap_or_default()).await;
}

fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

async fn setup_deadline<S: Outgoing>(peer: Rc<Peer<S>>, place: Place) -> Outcome {
    tokio::select! {
        biased;
        said = tokio::time::timeout(SETUP_MAX, peer.is_set_up()) => said.map_err(|_| {
            Ending::Close(SessionCode::ControlMessageTimeout, "no SETUP in time")
        }),
        () = place.sent_away() => {
            Err(Ending::Close(SessionCode::InternalError, "no SETUP, and too many sessions"))
        }
    }
}

fn obey<S: Outgoing>(peer: &Rc<Peer<S>>, tasks: &mut JoinSet<Outcome>, order: Order) {
    match order {
        Order::SubscribeUpstream { track, name, new_group } => {
            // The peer may publish it by itself since, or nobody may want it any more.
            if !peer.shard.act(|tracks, _| tracks.is_asked(peer.key, track)) {
                return;
            }
            // Known from here on, so that no later order misses it.
            let wishes = peer.wishes.begin(track, true);
            let peer = Rc::clone(peer);
            tasks.spawn_local(upstream::subscribe(peer, track, name, new_group, wishes));
        }
        Order::UpdateUpstream { track, forward, new_group } => {
            peer.wishes.change(track, forward, new_group);
        }
        Order::CancelUpstream { track } => peer.wishes.end(track),
        Order::Fill { fill, name, start, last, order } => {
            let filling = peer.begin_filling(fill, order, start);
            tasks.spawn_local(filling::ask(Rc::clone(peer), filling, name, last));
        }
        Order::ReadOn { fill } => peer.read_on(fill),
        Order::CancelFill { fill } => peer.cancel_filling(fill),
        Order::GoAway => {
            tasks.spawn_local(go_away(Rc::clone(peer)));
        }
        Order::Unread => {
            let code = SessionCode::ControlMessageTimeout;
            tasks.spawn_local(async move { Err(Ending::Close(code, "nothing was read in time")) });
        }
        Order::ReviewRights => peer.rights_changed.notify_waiters(),
        Order::Close { reason } => {
            tasks.spawn_local(close_soon(reason));
        }
    }
}

async fn go_away<S: Outgoing>(peer: Rc<Peer<S>>) -> Outcome {
    peer.announce_going_away(GOAWAY_MAX);
    tokio::time::sleep_until(tokio::time::Instant::now() + GOAWAY_MAX).await;
    Err(Ending::Close(SessionCode::GoawayTimeout, "the relay is going away"))
}

async fn close_soon(reason: &'static str) -> Outcome {
    tokio::time::sleep_until(tokio::time::Instant::now() + LAST_WORDS_MAX).await;
    Err(Ending::Close(SessionCode::NoError, reason))
}

/// An object in a datagram; one for an alias that is not known is dropped (section 11.3).
fn take_datagram<S: Outgoing>(peer: &Peer<S>, bytes: Bytes) -> Outcome {
    if let Some(datagram) = Datagram::decode(bytes)?
        && let Some(track) = peer.aliases.borrow().track(datagram.track_alias)
    {
        peer.shard.ingest(peer.key, |tracks, now| tracks.datagram(now, track, &datagram));
    }
    Ok(())
}
