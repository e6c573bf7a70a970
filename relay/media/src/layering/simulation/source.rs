//! A camera in four renditions of three temporal layers each.

use smallvec::SmallVec;

use super::super::Level;
use super::Random;

/// Milliseconds between key frames.
pub(super) const GROUP: u64 = 2_000;

/// Frames a second and bits a second of the renditions.
const RENDITIONS: [(u64, u64); 4] = [(15, 120_000), (25, 450_000), (25, 680_000), (30, 1_300_000)];

/// The highest layer of the lowest level of each: with fewer the rendition below is worth more.
const LEAST: [u8; 4] = [0, 0, 2, 1];

/// Percent of a rendition's bits that its layers up to 0, 1 and 2 have.
const LAYERS: [u64; 3] = [60, 80, 100];

/// Layers of the frames of a group (VP8 L1T3), and percent of the mean frame that they have.
const PATTERN: [(u8, u64); 4] = [(0, 240), (2, 40), (1, 80), (2, 40)];

/// A key frame has so many percent of the mean frame; the others of the base layer give it up.
const KEY: u64 = 600;

fn bitrate(rendition: u8, temporal: u8) -> u64 {
    RENDITIONS[usize::from(rendition)].1 * LAYERS[usize::from(temporal)] / 100
}

pub(super) fn levels() -> SmallVec<[Level; 9]> {
    let names = (0..)
        .zip(LEAST)
        .flat_map(|(rendition, least)| (least..3).map(move |temporal| (rendition, temporal)));
    let level = |(rendition, temporal)| {
        let bitrate = bitrate(rendition, temporal);
        Level { rendition, temporal, bitrate }
    };
    names.map(level).collect()
}

/// One frame that is to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) bytes: u64,
    pub(super) rendition: u8,
    pub(super) temporal: u8,
}

/// One switching track for one subscriber.
#[derive(Debug)]
pub(super) struct Source {
    phase: u64,
    random: Random,
    /// Rendition and layer on their way, and granted.
    sent: Option<(u8, u8)>,
    granted: Option<(u8, u8)>,
}

impl Source {
    pub(super) fn new(phase: u64, seed: u64) -> Self {
        Self { phase, random: Random(seed), sent: None, granted: None }
    }

    /// What may be sent from now on.
    pub(super) fn grant(&mut self, granted: Option<(u8, u8)>) {
        self.granted = granted;
        self.sent = match (self.sent, granted) {
            (Some((sent, _)), Some((rendition, temporal))) if sent == rendition => {
                Some((sent, temporal))
            }
            // A lower rendition begins with its key frame. Until then there is the base layer, if
            // that takes no more than was granted.
            (Some((sent, _)), Some((rendition, temporal))) if rendition < sent => {
                (bitrate(sent, 0) <= bitrate(rendition, temporal)).then_some((sent, 0))
            }
            (sent, Some(_)) => sent,
            (_, None) => None,
        };
    }

    /// Rendition and highest layer of what is worth sending still.
    pub(super) fn sent(&self) -> Option<(u8, u8)> {
        self.sent
    }

    /// The frames of this millisecond; those that begin another rendition change [`Self::sent`].
    pub(super) fn step(&mut self, now: u64) -> SmallVec<[Frame; 2]> {
        let mut frames = SmallVec::new();
        for (rendition, (rate, bitrate)) in (0_u8..).zip(RENDITIONS) {
            let in_group = (now + self.phase + 300 * u64::from(rendition)) % GROUP;
            let number = in_group * rate / 1_000;
            let is_new = in_group == 0 || (in_group - 1) * rate / 1_000 != number;
            if !is_new {
                continue;
            }
            if let Some(granted) = self.granted.filter(|(wanted, _)| *wanted == rendition)
                && number == 0
            {
                self.sent = Some(granted);
            }
            let Some((_, most)) = self.sent.filter(|(sent, _)| *sent == rendition) else {
                continue;
            };
            let (temporal, share) = PATTERN[usize::try_from(number % 4).unwrap_or(0)];
            let share = match (number, temporal) {
                (0, _) => KEY,
                (_, 0) => share - (KEY - share) / (rate * GROUP / 4_000 - 1),
                _ => share,
            };
            if temporal <= most {
                let noise = 80 + self.random.below(41);
                let bytes = bitrate / 8 / rate * share / 100 * noise / 100;
                frames.push(Frame { bytes: bytes.max(1), rendition, temporal });
            }
        }
        frames
    }
}
