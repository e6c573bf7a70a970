//! A camera in several renditions, each filmed only while the relay wants it, and who watches it.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use mosaik_proto::loc;
use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, GroupId, ObjectId, Parameters, Properties, RequestOk,
    SessionCode, SubgroupHeader, SubgroupId, TrackProperties,
};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::client::Client;
use crate::object::{Piece, SubgroupReader};
use crate::publisher::{PublishedTrack, SubgroupWriter};
use crate::subscriber::Subscription;
use crate::wait::within;
use crate::wire::Wire;

/// Pictures a second.
const RATE: u64 = 25;

/// Pictures of a group: a second.
const GROUP: u64 = 25;

/// A key frame in parts of any other.
const KEY_FRAME: u64 = 4;

/// What follows what over the temporal layers of a rendition.
const LAYERS: [SubgroupId; 4] = [0, 2, 1, 2];

/// Groups that wait for a test to look at them.
const SEEN_MAX: usize = 256;

/// One rendition.
#[derive(Debug, Clone, Copy)]
pub struct Filmed {
    /// Its track's name.
    pub track: &'static str,
    /// Bits a second.
    pub bitrate: u64,
}

/// The renditions of docs/protocol.md.
pub const RENDITIONS: [Filmed; 4] = [
    Filmed { track: "cam/low", bitrate: 120_000 },
    Filmed { track: "cam/mid", bitrate: 450_000 },
    Filmed { track: "cam/upper", bitrate: 680_000 },
    Filmed { track: "cam/high", bitrate: 1_300_000 },
];

/// A publisher's camera. It ends with this value.
pub struct Camera {
    wire: Wire,
    wanted: watch::Receiver<BTreeSet<&'static str>>,
    _tasks: JoinSet<anyhow::Result<()>>,
}

impl Camera {
    /// `client` films these renditions, as far as the relay asks for them; it has nothing else.
    pub fn start(client: Client, renditions: &'static [Filmed]) -> Self {
        let (wanted_in, wanted) = watch::channel(BTreeSet::new());
        let wire = client.wire.clone();
        let mut tasks = JoinSet::new();
        tasks.spawn(answer(client, renditions, wanted_in));
        Self { wire, wanted, _tasks: tasks }
    }

    /// Its session ends.
    pub fn leave(self) {
        self.wire.close(SessionCode::NoError.get(), "");
    }

    /// Waits until the relay wants exactly these tracks.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn is_asked_for(&mut self, tracks: &[&'static str]) -> anyhow::Result<()> {
        let tracks: BTreeSet<&str> = tracks.iter().copied().collect();
        let what = format!("being asked for {tracks:?}");
        let wanted = self.wanted.wait_for(|wanted| *wanted == tracks);
        within(&what, wanted).await?.context("the camera broke")?;
        Ok(())
    }
}

async fn answer(
    mut client: Client,
    renditions: &'static [Filmed],
    wanted: watch::Sender<BTreeSet<&'static str>>,
) -> anyhow::Result<()> {
    let names: Vec<&str> = renditions.iter().map(|rendition| rendition.track).collect();
    let mut films = JoinSet::new();
    let mut alias = 0;
    loop {
        let asked = client.asked_at_leisure(&names).await?;
        let is_it = |rendition: &&Filmed| is_named(&asked.subscribe.name, rendition.track);
        let Some(rendition) = renditions.iter().find(is_it).copied() else {
            continue;
        };
        alias += 1;
        let properties = TrackProperties::default()
            .with_priority(160)
            .with_object_delivery_timeout_ms(1_000)
            .with_dynamic_groups();
        let track = asked.accept(alias, properties).await?;
        wanted.send_modify(|wanted| _ = wanted.insert(rendition.track));
        let wanted = wanted.clone();
        films.spawn(async move {
            // Whatever ends it, it is not filmed any more.
            let _ = film(track, rendition).await;
            wanted.send_modify(|wanted| _ = wanted.remove(rendition.track));
        });
        while films.try_join_next().is_some() {}
    }
}

fn is_named(name: &FullTrackName, track: &str) -> bool {
    name.track == track.as_bytes()
}

/// Films until the relay takes its SUBSCRIBE back.
async fn film(mut track: PublishedTrack, rendition: Filmed) -> anyhow::Result<()> {
    let mut pictures = interval(Duration::from_secs(1) / u32::try_from(RATE)?);
    pictures.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut group, mut next) = (Group::default(), GROUP);
    loop {
        tokio::select! {
            message = track.request.next_at_leisure() => match message? {
                Some(ControlMessage::RequestUpdate(update)) => {
                    let ok = ControlMessage::RequestOk(RequestOk::default());
                    track.request.say(&ok).await?;
                    if update.parameters.new_group_request.is_some() {
                        next = GROUP;
                    }
                }
                _ => return Ok(()),
            },
            _ = pictures.tick() => {
                if next == GROUP {
                    group = group.next(&track).await?;
                    next = 0;
                }
                group.picture(next, rendition).await?;
                next += 1;
            }
        }
    }
}

/// A group under way: a stream for each temporal layer.
#[derive(Default)]
struct Group {
    id: GroupId,
    layers: Vec<SubgroupWriter>,
}

impl Group {
    async fn next(self, track: &PublishedTrack) -> anyhow::Result<Self> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let id = u64::try_from(now.as_millis())?.max(self.id + 1);
        for layer in self.layers {
            layer.finish()?;
        }
        let mut layers = Vec::new();
        for subgroup in 0..3 {
            let header = SubgroupHeader { has_properties: true, ..track.header(id, subgroup) };
            layers.push(track.subgroup(&header).await?);
        }
        Ok(Self { id, layers })
    }

    async fn picture(&mut self, id: ObjectId, rendition: Filmed) -> anyhow::Result<()> {
        let layer = *LAYERS.iter().cycle().nth(usize::try_from(id)?).context("no layer")?;
        let bytes = rendition.bitrate / RATE / 8;
        let properties = loc::captured_at(self.id * 1_000);
        let (bytes, properties) = match (id, rendition.track.rsplit_once('/')) {
            (0, Some((_, name))) => (bytes * KEY_FRAME, loc::with_rendition(properties, name)),
            _ => (bytes, properties),
        };
        let payload = vec![0x5A; usize::try_from(bytes)?];
        let layer = self.layers.get_mut(usize::try_from(layer)?).context("a layer too many")?;
        // Whoever does not want a layer any more has stopped it; the others go on.
        let _ = layer.object_with(id, &properties, &payload).await;
        Ok(())
    }
}

/// A group as it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its ID.
    pub group: GroupId,
    /// What its first object says that it is of.
    pub rendition: String,
}

/// Who watches a camera and reads all that comes.
pub struct Viewer {
    /// The subscription, without its streams.
    pub subscription: Subscription,
    seen: mpsc::Receiver<anyhow::Result<Seen>>,
    last: Option<GroupId>,
    _tasks: JoinSet<()>,
}

impl Viewer {
    /// Subscribes to a track; PICTURE_HEIGHT_MAX is `height`.
    ///
    /// # Errors
    /// When the relay says no.
    pub async fn of(
        client: &Client,
        name: &FullTrackName,
        height: Option<u16>,
    ) -> anyhow::Result<Self> {
        let parameters = Parameters { picture_height_max: height, ..Parameters::default() };
        let mut subscription = client.subscribe(name, parameters).await?;
        let (_, nothing) = mpsc::channel(1);
        let mut subgroups = std::mem::replace(&mut subscription.subgroups, nothing);
        let (seen_in, seen) = mpsc::channel(SEEN_MAX);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut streams = JoinSet::new();
            while let Some(reader) = subgroups.recv().await {
                streams.spawn(read(reader, seen_in.clone()));
                while streams.try_join_next().is_some() {}
            }
        });
        Ok(Self { subscription, seen, last: None, _tasks: tasks })
    }

    /// The next group whose base layer began. Each has a higher ID than the one before, and begins
    /// with its first object.
    ///
    /// # Errors
    /// When none comes in time, or one that is not as it should be.
    pub async fn group(&mut self) -> anyhow::Result<Seen> {
        let seen = within("a group", self.seen.recv()).await?.context("the session ended")??;
        if self.last.is_some_and(|last| seen.group <= last) {
            bail!("group {} comes behind {:?}", seen.group, self.last);
        }
        self.last = Some(seen.group);
        Ok(seen)
    }

    /// Waits for a group of `rendition`.
    ///
    /// # Errors
    /// As [`Viewer::group`], and when none of it comes in time.
    pub async fn group_of(&mut self, rendition: &str) -> anyhow::Result<Seen> {
        let group = async {
            loop {
                let seen = self.group().await?;
                if seen.rendition == rendition {
                    return anyhow::Ok(seen);
                }
            }
        };
        within(&format!("a group of {rendition}"), group).await?
    }
}

/// Reads a stream to its end, and tells how the group began.
async fn read(mut reader: SubgroupReader, seen: mpsc::Sender<anyhow::Result<Seen>>) {
    let is_base = reader.header.subgroup == Some(0);
    let mut is_first = true;
    while let Ok(Piece::Object(object)) = reader.next_at_leisure().await {
        if is_first && is_base {
            let first = if object.location.object == 0 {
                rendition_of(object.properties)
                    .map(|rendition| Seen { group: object.location.group, rendition })
            } else {
                Err(anyhow::anyhow!("a group begins in its middle: {:?}", object.location))
            };
            // Nobody may be there to hear it any more.
            let _ = seen.send(first).await;
        }
        is_first = false;
    }
}

fn rendition_of(properties: bytes::Bytes) -> anyhow::Result<String> {
    let properties = Properties::decode(properties)?;
    Ok(loc::rendition(&properties).context("a group without a rendition")?.to_owned())
}
