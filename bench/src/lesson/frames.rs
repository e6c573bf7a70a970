//! What a teacher's tracks consist of: objects and their sizes, by seed, without a camera.

use mosaik_proto::moqt::TrackProperties;

/// One rendition of the camera, as docs/protocol.md has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rendition {
    /// 320x180.
    Low,
    /// 640x360.
    Mid,
    /// 960x540.
    Upper,
    /// 1280x720.
    High,
}

impl Rendition {
    /// The cheapest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Mid, Self::Upper, Self::High];

    /// As the property RENDITION has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Mid => "mid",
            Self::Upper => "upper",
            Self::High => "high",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rendition| rendition.name() == name)
    }

    /// Bits a second.
    pub const fn bitrate(self) -> u64 {
        match self {
            Self::Low => 120_000,
            Self::Mid => 450_000,
            Self::Upper => 680_000,
            Self::High => 1_300_000,
        }
    }

    /// Pictures a second.
    pub const fn fps(self) -> u64 {
        match self {
            Self::Low => 15,
            Self::Mid | Self::Upper => 25,
            Self::High => 30,
        }
    }
}

/// One track of the teacher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    /// Speech: 50 objects a second.
    Mic,
    /// What the room says: a chat message each second.
    State,
    /// One image every ten seconds.
    Slides,
    /// One rendition of the camera.
    Cam(Rendition),
}

/// Bytes of one image of the slides: what its first zoom step may have at most, so that it is there in
/// three seconds beside speech that is said twice on 200 kbit/s (docs/protocol.md).
const SLIDE_BYTES: usize = 32_000;

const MIC_BYTES: usize = 80;
const STATE_BYTES: usize = 300;

/// Speech objects in a group.
const MIC_GROUP: u64 = 50;

/// Seconds of a group of pictures.
const CAM_GROUP_SECONDS: u64 = 2;

/// A key frame in parts of an average frame.
const KEY_FRAME: u64 = 4;

/// Frames differ from their mean by up to this many percent, as those of a camera do.
const SPREAD: u64 = 20;

/// What of a rendition each temporal layer has, in percent.
const SHARES: [u64; 3] = [50, 20, 30];

impl Track {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Mic,
        Self::State,
        Self::Slides,
        Self::Cam(Rendition::Low),
        Self::Cam(Rendition::Mid),
        Self::Cam(Rendition::Upper),
        Self::Cam(Rendition::High),
    ];

    /// Its name in the teacher's namespace.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mic => "mic",
            Self::State => "state",
            Self::Slides => "slides",
            Self::Cam(Rendition::Low) => "cam/low",
            Self::Cam(Rendition::Mid) => "cam/mid",
            Self::Cam(Rendition::Upper) => "cam/upper",
            Self::Cam(Rendition::High) => "cam/high",
        }
    }

    /// Time between two objects, in microseconds.
    pub const fn interval(self) -> u64 {
        match self {
            Self::Mic => 20_000,
            Self::State => 1_000_000,
            Self::Slides => 10_000_000,
            Self::Cam(rendition) => 1_000_000 / rendition.fps(),
        }
    }

    /// What the publisher says of it: priorities and timeouts as docs/protocol.md has them.
    pub fn properties(self) -> TrackProperties {
        let properties = TrackProperties::default();
        match self {
            Self::Mic => properties.with_priority(32).with_object_delivery_timeout_ms(1_000),
            Self::State => properties.with_priority(48),
            Self::Slides => properties.with_priority(96),
            Self::Cam(_) => properties
                .with_priority(160)
                .with_object_delivery_timeout_ms(1_000)
                .with_dynamic_groups(),
        }
    }

    /// Temporal layers, each a subgroup.
    pub const fn layers(self) -> u64 {
        match self {
            Self::Cam(_) => 3,
            Self::Mic | Self::State | Self::Slides => 1,
        }
    }
}

/// The temporal layer of a picture by its object ID: VP8 L1T3.
pub(super) const fn layer_of(object: u64) -> u64 {
    match object % 4 {
        0 => 0,
        2 => 1,
        _ => 2,
    }
}

/// One object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Its ID; 0 begins a group.
    pub object: u64,
    /// Its subgroup.
    pub subgroup: u64,
    /// Bytes of its payload.
    pub bytes: usize,
}

/// The objects of one track, without end.
#[derive(Debug, Clone)]
pub struct Frames {
    track: Track,
    /// ID of the next one.
    next: u64,
    chance: u64,
}

impl Frames {
    /// From the beginning of a group on; the same seed gives the same sizes.
    pub fn new(track: Track, seed: u64) -> Self {
        // Tracks of another pace differ.
        let chance = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ track.interval();
        Self { track, next: 0, chance }
    }

    /// The next object begins a group.
    pub const fn begin_group(&mut self) {
        self.next = 0;
    }

    /// The next object.
    pub fn next_frame(&mut self) -> Frame {
        let object = self.next;
        let (len, subgroup, bytes) = match self.track {
            Track::Mic => (MIC_GROUP, 0, MIC_BYTES),
            Track::State => (u64::MAX, 0, STATE_BYTES),
            Track::Slides => (1, 0, SLIDE_BYTES),
            Track::Cam(rendition) => {
                let len = rendition.fps() * CAM_GROUP_SECONDS;
                let mean = picture_bytes(rendition, object);
                let spread = self.draw() % (2 * SPREAD + 1);
                let bytes = mean * (100 - SPREAD + spread) / 100;
                (len, layer_of(object), usize::try_from(bytes).unwrap_or(usize::MAX))
            }
        };
        self.next = (object + 1) % len;
        Frame { object, subgroup, bytes }
    }

    /// A number by chance: splitmix64.
    fn draw(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// Bytes of the picture with this ID on average.
fn picture_bytes(rendition: Rendition, object: u64) -> u64 {
    let frames = rendition.fps() * CAM_GROUP_SECONDS;
    let group = rendition.bitrate() * CAM_GROUP_SECONDS / 8;
    let key = KEY_FRAME * group / frames;
    if object == 0 {
        return key;
    }
    let layer = layer_of(object);
    let share = SHARES.iter().zip(0..).find(|(_, of)| *of == layer).map_or(0, |(share, _)| *share);
    let layer_bytes = group * share / 100;
    let of_layer = (0..frames).filter(|id| layer_of(*id) == layer).count() as u64;
    if layer == 0 { (layer_bytes - key) / (of_layer - 1) } else { layer_bytes / of_layer }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renditions_have_their_bit_rates_and_layers_their_shares() {
        for rendition in Rendition::ALL {
            let mut frames = Frames::new(Track::Cam(rendition), 7);
            let count = rendition.fps() * CAM_GROUP_SECONDS * 50;
            let made: Vec<Frame> = (0..count).map(|_| frames.next_frame()).collect();
            let bytes = |layer: Option<u64>| {
                let of = made.iter().filter(|frame| layer.is_none_or(|it| frame.subgroup == it));
                of.map(|frame| frame.bytes as u64).sum::<u64>()
            };
            let rate = bytes(None) * 8 / (50 * CAM_GROUP_SECONDS);
            let error = rate.abs_diff(rendition.bitrate()) * 100 / rendition.bitrate();
            assert!(error <= 2, "{rendition:?} has {rate} bit/s");
            for (layer, share) in (0..).zip(SHARES) {
                let has = bytes(Some(layer)) * 100 / bytes(None);
                assert!(has.abs_diff(share) <= 2, "{rendition:?} layer {layer}: {has} %");
            }
        }
    }

    #[test]
    fn a_group_begins_when_it_is_asked_for_and_the_seed_decides_sizes() {
        let track = Track::Cam(Rendition::Low);
        let (mut one, mut same, mut other) =
            (Frames::new(track, 1), Frames::new(track, 1), Frames::new(track, 2));
        let layers: Vec<u64> = (0..5).map(|_| one.next_frame().subgroup).collect();
        assert_eq!(layers, [0, 2, 1, 2, 0]);
        one.begin_group();
        assert_eq!(one.next_frame().object, 0);
        let sizes = |frames: &mut Frames| -> Vec<usize> {
            (0..20).map(|_| frames.next_frame().bytes).collect()
        };
        let first = sizes(&mut same);
        assert_ne!(first, sizes(&mut other));
        assert_eq!(first, sizes(&mut Frames::new(track, 1)));
    }
}
