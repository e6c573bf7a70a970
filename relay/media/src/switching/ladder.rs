//! Which tracks switch, between which renditions, and what these are when nothing is measured yet.

use mosaik_proto::moqt::FullTrackName;

/// Renditions of one track at most.
pub(crate) const RENDITIONS_MAX: usize = 4;

/// One rendition, as docs/protocol.md has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rendition {
    /// The name of its track.
    pub(crate) track: &'static str,
    /// Pixels.
    pub(crate) height: u16,
    /// Bits a second that a publisher aims at.
    pub(crate) bitrate: u64,
    /// Pictures a second.
    pub(crate) frame_rate: u64,
    /// With fewer pictures a second the rendition below is worth more.
    pub(crate) frame_rate_min: u64,
}

/// The renditions of one switching track, the cheapest first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ladder {
    pub(crate) renditions: &'static [Rendition],
    /// Publisher priority.
    pub(crate) priority: u8,
    /// Pictures a second that a rendition must have to be gone up to.
    pub(crate) smooth: u64,
}

const fn rendition(
    track: &'static str,
    height: u16,
    bitrate: u64,
    (frame_rate, frame_rate_min): (u64, u64),
) -> Rendition {
    Rendition { track, height, bitrate, frame_rate, frame_rate_min }
}

/// A face is told from 180 lines hardly at all, so that 360 of them stay down to a few pictures a
/// second; of a sharper one the movement is missed.
const CAM: Ladder = Ladder {
    renditions: &[
        rendition("cam/low", 180, 120_000, (15, 0)),
        rendition("cam/mid", 360, 450_000, (25, 0)),
        rendition("cam/upper", 540, 680_000, (25, 15)),
        rendition("cam/high", 720, 1_300_000, (30, 15)),
    ],
    priority: 160,
    smooth: 15,
};

/// What is read must be sharp, and moves now and then.
const SCREEN: Ladder = Ladder {
    renditions: &[
        rendition("screen/low", 540, 200_000, (5, 0)),
        rendition("screen/high", 1_080, 1_200_000, (15, 0)),
    ],
    priority: 128,
    smooth: 0,
};

/// Fields of the namespaces that have switching tracks: room and participant.
const FIELDS: usize = 2;

/// The renditions that a track of this name is served out of, if it is a switching track.
pub(crate) fn of(name: &FullTrackName) -> Option<&'static Ladder> {
    if name.namespace.fields().len() != FIELDS {
        return None;
    }
    match name.track.as_ref() {
        b"cam" => Some(&CAM),
        b"screen" => Some(&SCREEN),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use mosaik_proto::moqt::Namespace;

    use super::*;

    #[test]
    fn renditions_rise_and_only_a_participants_tracks_switch() {
        for ladder in [&CAM, &SCREEN] {
            assert!(ladder.renditions.len() <= RENDITIONS_MAX);
            let is_rising = |pair: &[Rendition]| {
                pair[0].bitrate < pair[1].bitrate && pair[0].height < pair[1].height
            };
            assert!(ladder.renditions.windows(2).all(is_rising));
        }
        let name = |fields: &[&str], track: &'static str| {
            FullTrackName::new(Namespace::of(fields), track.as_bytes())
        };
        assert_eq!(of(&name(&["room", "aa"], "cam")), Some(&CAM));
        assert_eq!(of(&name(&["room", "aa"], "screen")), Some(&SCREEN));
        for (fields, track) in
            [(&["room"][..], "cam"), (&["a", "b", "c"], "cam"), (&["room", "aa"], "cam/low")]
        {
            assert_eq!(of(&name(fields, track)), None);
        }
    }
}
