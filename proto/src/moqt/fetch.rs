//! FETCH and FETCH_OK: objects of the past, asked for by range or up to a subscription
//! (sections 10.12 and 10.13).

use moqtap_codec::draft18::message as wire_message;

use super::parameter::wire;
use super::{FullTrackName, GroupId, Location, ObjectId, Parameters, TrackProperties, Violation};

/// FETCH (section 10.12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The request.
    pub request_id: u64,
    /// Which objects of which track.
    pub what: FetchRange,
    /// Priority, group order, FILL_TIMEOUT and tokens.
    pub parameters: Parameters,
}

/// Which objects a FETCH asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchRange {
    /// From one location to another, whoever is subscribed.
    Standalone {
        /// The track.
        name: FullTrackName,
        /// The first location.
        start: Location,
        /// The last location. [`ObjectId::MAX`] stands for the group's last object.
        last: Location,
    },
    /// From some groups before the one that a subscription of the session joined in, up to where
    /// it joined.
    Relative {
        /// The subscription's request.
        subscription: u64,
        /// How many groups before.
        groups: u64,
    },
    /// From a group up to where a subscription of the session joined.
    Absolute {
        /// The subscription's request.
        subscription: u64,
        /// The group.
        group: GroupId,
    },
}

/// FETCH_OK (section 10.13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchOk {
    /// Whether the track is over and `last` its last object.
    pub is_end_of_track: bool,
    /// The last location that the answer covers. [`ObjectId::MAX`] stands for the group's last
    /// object.
    pub last: Location,
    /// What the publisher adds.
    pub parameters: Parameters,
    /// What the publisher says of the track.
    pub properties: TrackProperties,
}

impl Fetch {
    pub(super) fn from_wire(m: wire_message::Fetch) -> Result<Self, Violation> {
        use wire_message::{FetchPayload, FetchType};
        let what = match m.fetch_payload {
            FetchPayload::Standalone {
                track_namespace,
                track_name,
                start_group,
                start_object,
                end_group,
                end_object,
            } => FetchRange::Standalone {
                name: FullTrackName::new(track_namespace.into(), track_name),
                start: Location::new(start_group.into_inner(), start_object.into_inner()),
                last: last_from_wire(end_group.into_inner(), end_object.into_inner()),
            },
            FetchPayload::Joining { joining_request_id, joining_start } => {
                let subscription = joining_request_id.into_inner();
                let start = joining_start.into_inner();
                if m.fetch_type == FetchType::AbsoluteJoining {
                    FetchRange::Absolute { subscription, group: start }
                } else {
                    FetchRange::Relative { subscription, groups: start }
                }
            }
        };
        let parameters = Parameters::from_wire(&m.parameters)?;
        Ok(Self { request_id: m.request_id.into_inner(), what, parameters })
    }

    pub(super) fn to_wire(&self) -> wire_message::Fetch {
        use wire_message::{FetchPayload, FetchType};
        let joining = |subscription, start| FetchPayload::Joining {
            joining_request_id: wire(subscription),
            joining_start: wire(start),
        };
        let (fetch_type, fetch_payload) = match &self.what {
            FetchRange::Standalone { name, start, last } => {
                let payload = FetchPayload::Standalone {
                    track_namespace: (&name.namespace).into(),
                    track_name: name.track.to_vec(),
                    start_group: wire(start.group),
                    start_object: wire(start.object),
                    end_group: wire(last.group),
                    end_object: wire(last_to_wire(last.object)),
                };
                (FetchType::Standalone, payload)
            }
            FetchRange::Relative { subscription, groups } => {
                (FetchType::RelativeJoining, joining(*subscription, *groups))
            }
            FetchRange::Absolute { subscription, group } => {
                (FetchType::AbsoluteJoining, joining(*subscription, *group))
            }
        };
        let parameters = self.parameters.to_wire();
        let request_id = wire(self.request_id);
        wire_message::Fetch { request_id, fetch_type, fetch_payload, parameters }
    }
}

impl FetchOk {
    pub(super) fn from_wire(m: wire_message::FetchOk) -> Result<Self, Violation> {
        if m.end_of_track > 1 {
            return Err(Violation::Value { what: "End Of Track" });
        }
        Ok(Self {
            is_end_of_track: m.end_of_track == 1,
            last: last_from_wire(m.end_group.into_inner(), m.end_object.into_inner()),
            parameters: Parameters::from_wire(&m.parameters)?,
            properties: TrackProperties::from_wire(m.track_properties)?,
        })
    }

    pub(super) fn to_wire(&self) -> wire_message::FetchOk {
        wire_message::FetchOk {
            end_of_track: u8::from(self.is_end_of_track),
            end_group: wire(self.last.group),
            end_object: wire(last_to_wire(self.last.object)),
            parameters: self.parameters.to_wire(),
            track_properties: self.properties.to_wire(),
        }
    }
}

/// The wire has the last object plus one, and 0 for the whole group.
const fn last_from_wire(group: GroupId, object: u64) -> Location {
    Location::new(group, object.wrapping_sub(1))
}

const fn last_to_wire(object: ObjectId) -> u64 {
    object.wrapping_add(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{ControlDecoder, ControlMessage, GroupOrder, Namespace};
    use super::*;

    fn decoded(bytes: &[u8]) -> Result<Option<ControlMessage>, Violation> {
        let mut decoder = ControlDecoder::default();
        decoder.push(bytes);
        decoder.take()
    }

    fn standalone(start: Location, last: Location) -> Fetch {
        let name = FullTrackName::new(Namespace::of(&["room", "teacher"]), "cam");
        let what = FetchRange::Standalone { name, start, last };
        Fetch { request_id: 2, what, parameters: Parameters::default() }
    }

    #[test]
    fn the_whole_last_group_is_object_0_on_the_wire() {
        let fetch = standalone(Location::new(3, 1), Location::new(5, ObjectId::MAX)).to_wire();
        let wire_message::FetchPayload::Standalone { end_group, end_object, .. } =
            fetch.fetch_payload
        else {
            panic!("a standalone FETCH is one on the wire");
        };
        assert_eq!((end_group.into_inner(), end_object.into_inner()), (5, 0));
    }

    #[test]
    fn a_range_that_ends_before_it_starts_is_a_violation() {
        for last in [Location::new(2, ObjectId::MAX), Location::new(3, 0)] {
            let fetch = standalone(Location::new(3, 1), last);
            assert!(ControlMessage::Fetch(fetch).encode().is_err(), "{last:?}");
        }
        // Type, 16-bit length, request, type, one field of one byte, name, start (3, 1), end (3, 1).
        let wire = [0x16, 0, 12, 2, 1, 1, 1, b'a', 1, b'b', 3, 1, 3, 1, 0];
        assert!(decoded(&wire).is_err(), "the end is the last object plus one");
    }

    #[test]
    fn an_end_of_track_that_is_neither_yes_nor_no_is_a_violation() {
        assert!(decoded(&[0x18, 0, 4, 1, 3, 1, 0]).is_ok());
        assert_eq!(
            decoded(&[0x18, 0, 4, 2, 3, 1, 0]),
            Err(Violation::Value { what: "End Of Track" })
        );
    }

    fn any_range() -> impl Strategy<Value = FetchRange> {
        let name = FullTrackName::new(Namespace::of(&["room", "teacher"]), "cam");
        let standalone =
            (any::<(u64, u64)>(), any::<(u64, u64)>()).prop_map(move |(one, other)| {
                let locations = [one, other].map(|(group, object)| Location::new(group, object));
                let [start, last] =
                    if one <= other { locations } else { [locations[1], locations[0]] };
                FetchRange::Standalone { name: name.clone(), start, last }
            });
        prop_oneof![
            standalone,
            any::<(u64, u64)>().prop_map(|(subscription, groups)| {
                FetchRange::Relative { subscription, groups }
            }),
            any::<(u64, u64)>()
                .prop_map(|(subscription, group)| { FetchRange::Absolute { subscription, group } }),
        ]
    }

    proptest! {
        #[test]
        fn every_fetch_survives(
            request_id: u64,
            what in any_range(),
            subscriber_priority: Option<u8>,
            fill_timeout: Option<u64>,
            is_descending: Option<bool>,
        ) {
            let group_order = is_descending.map(|is_descending| {
                if is_descending { GroupOrder::Descending } else { GroupOrder::Ascending }
            });
            let parameters =
                Parameters { fill_timeout, subscriber_priority, group_order, ..Parameters::default() };
            let fetch = ControlMessage::Fetch(Fetch { request_id, what, parameters });
            prop_assert_eq!(decoded(&fetch.encode().unwrap()), Ok(Some(fetch)));
        }

        #[test]
        fn every_answer_survives(is_end_of_track: bool, group: u64, object: u64, priority: u8) {
            let ok = FetchOk {
                is_end_of_track,
                last: Location::new(group, object),
                parameters: Parameters::default(),
                properties: TrackProperties::default().with_priority(priority),
            };
            let ok = ControlMessage::FetchOk(ok);
            prop_assert_eq!(decoded(&ok.encode().unwrap()), Ok(Some(ok)));
        }
    }
}
