//! A student without a screen: subscribes as the page does and keeps when what was here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use mosaik_proto::loc;
use mosaik_proto::moqt::{FullTrackName, Location, Parameters, Properties};
use mosaik_tests::{Came, Client, Dialer, Path, Piece, SubgroupReader, Subscription};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::arrivals::{Arrival, Kind};
use super::frames::{Rendition, Track};
use super::namespace;
use crate::load::Target;
use crate::{micros, pass};

/// What is subscribed to for the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// The switching track, shown 720 pixels high.
    Switched,
    /// One rendition, whatever the line carries: what a relay that does not switch offers.
    Fixed(Rendition),
    /// None.
    None,
}

/// As the page does (`web/src/net/qmux/session.ts`): a WebSocket on which nothing comes for so long is
/// given up.
const SILENT_MAX: Duration = Duration::from_secs(8);

/// And then (`web/src/room/line.ts`) a ticket is asked for after a pause, and has so much time. Both
/// double until it comes.
const PAUSE: Duration = Duration::from_millis(300);
const ASKED: Duration = Duration::from_secs(2);
const AGAIN_MAX: Duration = Duration::from_secs(8);

/// Pixels of the picture's height on the student's screen.
const HEIGHT: u16 = 720;

impl Picture {
    /// The name of the track and PICTURE_HEIGHT_MAX.
    const fn track(self) -> Option<(&'static str, Option<u16>)> {
        match self {
            Self::Switched => Some(("cam", Some(HEIGHT))),
            Self::Fixed(rendition) => Some((Track::Cam(rendition).name(), None)),
            Self::None => None,
        }
    }
}

/// A student in a lesson, until it is dropped.
pub struct Student {
    task: JoinHandle<()>,
    heard: Arc<Heard>,
    began: u64,
}

#[derive(Debug, Default)]
struct Heard {
    arrivals: Mutex<Vec<Arrival>>,
    sessions: AtomicU64,
    /// When something came last, in microseconds.
    last: AtomicU64,
}

impl Heard {
    /// Waits until nothing has come for [`SILENT_MAX`].
    async fn silent(&self) {
        let mut last = micros();
        loop {
            last = last.max(self.last.load(Ordering::Relaxed));
            let silent = Duration::from_micros(micros().saturating_sub(last));
            let Some(left) = SILENT_MAX.checked_sub(silent).filter(|left| !left.is_zero()) else {
                return;
            };
            pass(left).await;
        }
    }

    /// An object is here, now.
    fn note(&self, (kind, layer): (Kind, u64), at: Location, properties: Bytes, payload: &[u8]) {
        let Location { group, object } = at;
        let at = micros();
        self.last.store(at, Ordering::Relaxed);
        let Some((captured, sent)) = times(payload) else { return };
        let properties = Properties::decode(properties).unwrap_or_default();
        let rendition = loc::rendition(&properties).and_then(Rendition::named);
        let bytes = payload.len();
        let arrival = Arrival { kind, group, object, layer, rendition, captured, sent, at, bytes };
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
    }
}

impl Student {
    /// Joins through `dialer`, and again as soon as a session is lost.
    pub fn join(target: Arc<Target>, dialer: Dialer, path: Path, picture: Picture) -> Self {
        let (heard, began) = (Arc::<Heard>::default(), micros());
        let task = tokio::spawn(attend(target, dialer, path, picture, Arc::clone(&heard)));
        Self { task, heard, began }
    }

    /// When it began to dial.
    pub const fn began(&self) -> u64 {
        self.began
    }

    /// Sessions that it has had.
    pub fn sessions(&self) -> u64 {
        self.heard.sessions.load(Ordering::Relaxed)
    }

    /// What has arrived so far.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.heard.arrivals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Student {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn attend(
    target: Arc<Target>,
    dialer: Dialer,
    path: Path,
    picture: Picture,
    heard: Arc<Heard>,
) {
    loop {
        // A line that is down is dialled again; each attempt has its own deadline.
        if let Ok(client) = target.session(&dialer, path).await {
            heard.sessions.fetch_add(1, Ordering::Relaxed);
            if let Ok(_listening) = subscribe(&client, picture, &heard).await {
                lost(&client, path, &heard).await;
            }
        }
        if path == Path::WebSocket {
            ask(&dialer).await;
        }
        tokio::task::yield_now().await;
    }
}

/// Until the session is over, or silent for too long.
async fn lost(client: &Client, path: Path, heard: &Heard) {
    tokio::select! {
        _ = client.wire.closed() => {}
        () = heard.silent(), if path == Path::WebSocket => {}
    }
}

/// Waits for a ticket, as whoever lost a session does: what it takes is a connection and an answer.
async fn ask(dialer: &Dialer) {
    let (mut pause, mut patience) = (PAUSE, ASKED);
    loop {
        pass(pause).await;
        if let Ok(Ok(_)) = timeout(patience, dialer.open_websocket()).await {
            return;
        }
        (pause, patience) = ((pause * 2).min(AGAIN_MAX), (patience * 2).min(AGAIN_MAX));
    }
}

/// Asks for everything at once, with the page's priorities.
async fn subscribe(
    client: &Client,
    picture: Picture,
    heard: &Arc<Heard>,
) -> anyhow::Result<JoinSet<()>> {
    let mut wishes = vec![
        (Kind::State, "state", 16, None),
        (Kind::Mic, "mic", 32, None),
        (Kind::Slides, "slides", 96, None),
    ];
    wishes.extend(picture.track().map(|(track, height)| (Kind::Cam, track, 128, height)));
    let mut requests = Vec::new();
    for (kind, track, priority, picture_height_max) in wishes {
        let name = FullTrackName::new(namespace(), track.as_bytes());
        let subscriber_priority = Some(priority);
        let parameters =
            Parameters { subscriber_priority, picture_height_max, ..Parameters::default() };
        requests.push((kind, client.ask_for(&name, parameters).await?));
    }
    let mut listening = JoinSet::new();
    for (kind, request) in requests {
        let subscription = client.established(request).await?;
        listening.spawn(listen(kind, subscription, Arc::clone(heard)));
    }
    Ok(listening)
}

/// Reads all that comes of one subscription.
async fn listen(kind: Kind, mut subscription: Subscription, heard: Arc<Heard>) {
    let mut streams = JoinSet::new();
    while let Ok(came) = subscription.next_at_leisure().await {
        match came {
            Came::Subgroup(reader) => {
                streams.spawn(read(kind, *reader, Arc::clone(&heard)));
            }
            // One that came before is here again; of two arrivals the first counts.
            Came::Datagram(datagram) => {
                heard.note((kind, 0), datagram.location, datagram.properties, &datagram.payload);
            }
        }
        while streams.try_join_next().is_some() {}
    }
}

async fn read(kind: Kind, mut reader: SubgroupReader, heard: Arc<Heard>) {
    while let Ok(Piece::Object(object)) = reader.next_at_leisure().await {
        heard.note((kind, object.subgroup), object.location, object.properties, &object.payload);
    }
}

/// What a payload begins with: when it was captured, and when it was sent.
fn times(payload: &[u8]) -> Option<(u64, u64)> {
    let (captured, rest) = payload.split_first_chunk()?;
    let sent = rest.first_chunk()?;
    Some((u64::from_be_bytes(*captured), u64::from_be_bytes(*sent)))
}
