//! The control messages, as values of ours (section 10).

use bytes::{Bytes, BytesMut};
use moqtap_codec::draft18::message as wire_message;
use moqtap_codec::error::CodecError;
use moqtap_codec::varint::VarInt;

use super::parameter::wire;
use super::{
    Fetch, FetchOk, FullTrackName, Namespace, Parameters, Setup, TrackProperties, Violation,
};

/// A message of a control or request stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlMessage {
    /// The first message of a control stream.
    Setup(Setup),
    /// The sender is about to end the session, or wants a request moved.
    GoAway(GoAway),
    /// Asks for a track's objects.
    Subscribe(Subscribe),
    /// Yes to SUBSCRIBE.
    SubscribeOk(SubscribeOk),
    /// Changes a request.
    RequestUpdate(RequestUpdate),
    /// Offers a track's objects.
    Publish(Publish),
    /// The last message of a subscription.
    PublishDone(PublishDone),
    /// Says that tracks of a namespace can be had from the sender.
    PublishNamespace(PublishNamespace),
    /// Asks which namespaces begin with a prefix.
    SubscribeNamespace(SubscribeNamespace),
    /// A namespace that begins with the prefix is there.
    Namespace(NamespaceSuffix),
    /// A namespace that begins with the prefix is gone.
    NamespaceDone(NamespaceSuffix),
    /// Asks for a track's state without its objects.
    TrackStatus(TrackStatus),
    /// Yes to all requests but SUBSCRIBE and FETCH.
    RequestOk(RequestOk),
    /// No to any request.
    RequestError(RequestError),
    /// Asks for past objects of a track.
    Fetch(Fetch),
    /// Asks for a PUBLISH of every track below a prefix.
    SubscribeTracks(SubscribeTracks),
    /// Yes to FETCH.
    FetchOk(FetchOk),
    /// A track below the prefix that cannot be offered.
    PublishBlocked(PublishBlocked),
}

/// GOAWAY (section 10.4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GoAway {
    /// Where to go, empty for the same place.
    pub new_session_uri: Bytes,
    /// Milliseconds until the sender closes the session.
    pub timeout: u64,
    /// The smallest request that was not processed; on control streams only.
    pub request_id: Option<u64>,
}

/// SUBSCRIBE (section 10.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// The request.
    pub request_id: u64,
    /// The track.
    pub name: FullTrackName,
    /// Filter, priority, forward state and so on.
    pub parameters: Parameters,
}

/// SUBSCRIBE_OK (section 10.8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscribeOk {
    /// The number that stands for the track on data streams.
    pub track_alias: u64,
    /// LARGEST_OBJECT and so on.
    pub parameters: Parameters,
    /// What the publisher says of the track.
    pub properties: TrackProperties,
}

/// REQUEST_UPDATE (section 10.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestUpdate {
    /// The update's own request ID.
    pub request_id: u64,
    /// What changes.
    pub parameters: Parameters,
}

/// PUBLISH (section 10.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The request.
    pub request_id: u64,
    /// The track.
    pub name: FullTrackName,
    /// The number that stands for the track on data streams.
    pub track_alias: u64,
    /// LARGEST_OBJECT, FORWARD and so on.
    pub parameters: Parameters,
    /// What the publisher says of the track.
    pub properties: TrackProperties,
}

/// PUBLISH_DONE (section 10.11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishDone {
    /// A [`super::DoneCode`], or a code that we do not know.
    pub code: u64,
    /// Streams opened for the subscription.
    pub stream_count: u64,
    /// For people, at most 1,024 bytes.
    pub reason: Bytes,
}

/// PUBLISH_NAMESPACE (section 10.15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishNamespace {
    /// The request.
    pub request_id: u64,
    /// What can be had from the sender.
    pub namespace: Namespace,
    /// Tokens.
    pub parameters: Parameters,
}

/// SUBSCRIBE_NAMESPACE (section 10.18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribeNamespace {
    /// The request.
    pub request_id: u64,
    /// What the namespaces begin with.
    pub prefix: Namespace,
    /// Tokens.
    pub parameters: Parameters,
}

/// SUBSCRIBE_TRACKS (section 10.19).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribeTracks {
    /// The request.
    pub request_id: u64,
    /// What the tracks' namespaces begin with.
    pub prefix: Namespace,
    /// FORWARD of the subscriptions, and tokens.
    pub parameters: Parameters,
}

/// PUBLISH_BLOCKED (section 10.20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishBlocked {
    /// What follows the prefix in the track's namespace.
    pub suffix: Namespace,
    /// The track's name.
    pub track: Bytes,
}

/// NAMESPACE and NAMESPACE_DONE: what follows the prefix (sections 10.16 and 10.17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceSuffix(pub Namespace);

/// TRACK_STATUS (section 10.14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackStatus {
    /// The request.
    pub request_id: u64,
    /// The track.
    pub name: FullTrackName,
    /// Tokens.
    pub parameters: Parameters,
}

/// REQUEST_OK (section 10.5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestOk {
    /// What the responder adds.
    pub parameters: Parameters,
    /// The track's properties, in answer to TRACK_STATUS only.
    pub properties: TrackProperties,
}

/// REQUEST_ERROR (section 10.6).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestError {
    /// A [`super::RequestCode`], or a code that we do not know.
    pub code: u64,
    /// Milliseconds to wait before the next try plus one; 0 for never.
    pub retry_interval: u64,
    /// For people, at most 1,024 bytes.
    pub reason: Bytes,
    /// Where to ask instead.
    pub redirect: Option<Redirect>,
}

/// Where to ask instead (section 10.6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The server, empty for this one.
    pub connect_uri: Bytes,
    /// The track, empty for the same one.
    pub name: FullTrackName,
}

impl ControlMessage {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest is matched in the function named so"
    )]
    pub(super) fn from_wire(message: wire_message::ControlMessage) -> Result<Self, Violation> {
        use wire_message::ControlMessage as Wire;
        let name =
            |namespace, track: Vec<u8>| FullTrackName::new(Namespace::from(namespace), track);
        Ok(match message {
            Wire::Setup(m) => Self::Setup(Setup::from_wire(&m)?),
            Wire::GoAway(m) => Self::GoAway(GoAway {
                new_session_uri: m.new_session_uri.into(),
                timeout: m.timeout.into_inner(),
                request_id: m.request_id.map(VarInt::into_inner),
            }),
            Wire::Subscribe(m) => Self::Subscribe(Subscribe {
                request_id: m.request_id.into_inner(),
                name: name(m.track_namespace, m.track_name),
                parameters: Parameters::from_wire(&m.parameters)?,
            }),
            Wire::SubscribeOk(m) => Self::SubscribeOk(SubscribeOk {
                track_alias: m.track_alias.into_inner(),
                parameters: Parameters::from_wire(&m.parameters)?,
                properties: TrackProperties::from_wire(m.track_properties)?,
            }),
            Wire::RequestUpdate(m) => Self::RequestUpdate(RequestUpdate {
                request_id: m.request_id.into_inner(),
                parameters: Parameters::from_wire(&m.parameters)?,
            }),
            Wire::Publish(m) => Self::Publish(Publish {
                request_id: m.request_id.into_inner(),
                name: name(m.track_namespace, m.track_name),
                track_alias: m.track_alias.into_inner(),
                parameters: Parameters::from_wire(&m.parameters)?,
                properties: TrackProperties::from_wire(m.track_properties)?,
            }),
            Wire::PublishDone(m) => Self::PublishDone(PublishDone {
                code: m.status_code.into_inner(),
                stream_count: m.stream_count.into_inner(),
                reason: m.reason_phrase.into(),
            }),
            other => Self::from_wire_rest(other)?,
        })
    }

    /// The second half of [`Self::from_wire`]: namespaces, track status and plain answers.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other half matched everything else")]
    fn from_wire_rest(message: wire_message::ControlMessage) -> Result<Self, Violation> {
        use wire_message::ControlMessage as Wire;
        Ok(match message {
            Wire::PublishNamespace(m) => Self::PublishNamespace(PublishNamespace {
                request_id: m.request_id.into_inner(),
                namespace: m.track_namespace.into(),
                parameters: Parameters::from_wire(&m.parameters)?,
            }),
            Wire::SubscribeNamespace(m) => Self::SubscribeNamespace(SubscribeNamespace {
                request_id: m.request_id.into_inner(),
                prefix: m.namespace_prefix.into(),
                parameters: Parameters::from_wire(&m.parameters)?,
            }),
            Wire::Namespace(m) => Self::Namespace(NamespaceSuffix(m.namespace_suffix.into())),
            Wire::NamespaceDone(m) => {
                Self::NamespaceDone(NamespaceSuffix(m.namespace_suffix.into()))
            }
            Wire::TrackStatus(m) => Self::TrackStatus(TrackStatus {
                request_id: m.request_id.into_inner(),
                name: FullTrackName::new(m.track_namespace.into(), m.track_name),
                parameters: Parameters::from_wire(&m.parameters)?,
            }),
            Wire::RequestOk(m) => Self::RequestOk(RequestOk {
                parameters: Parameters::from_wire(&m.parameters)?,
                properties: TrackProperties::from_wire(m.track_properties)?,
            }),
            Wire::RequestError(m) => Self::RequestError(RequestError {
                code: m.error_code.into_inner(),
                retry_interval: m.retry_interval.into_inner(),
                reason: m.reason_phrase.into(),
                redirect: m.redirect.map(|redirect| Redirect {
                    connect_uri: redirect.connect_uri.into(),
                    name: FullTrackName::new(redirect.track_namespace.into(), redirect.track_name),
                }),
            }),
            Wire::Fetch(m) => Self::Fetch(Fetch::from_wire(m)?),
            Wire::FetchOk(m) => Self::FetchOk(FetchOk::from_wire(m)?),
            Wire::SubscribeTracks(m) => Self::SubscribeTracks(SubscribeTracks {
                request_id: m.request_id.into_inner(),
                prefix: m.namespace_prefix.into(),
                parameters: Parameters::from_wire(&m.parameters)?,
            }),
            Wire::PublishBlocked(m) => Self::PublishBlocked(PublishBlocked {
                suffix: m.namespace_suffix.into(),
                track: m.track_name.into(),
            }),
            // The first half matched everything else.
            _ => return Err(Violation::Message(CodecError::InvalidField)),
        })
    }

    /// Adds PICTURE_HEIGHT_MAX, which the codec does not know, where it may be.
    #[expect(clippy::wildcard_enum_match_arm, reason = "it may be in no other")]
    pub(super) const fn set_picture_height(&mut self, height: Option<u16>) {
        match self {
            Self::Subscribe(m) => m.parameters.picture_height_max = height,
            Self::RequestUpdate(m) => m.parameters.picture_height_max = height,
            _ => {}
        }
    }

    /// The message's bytes.
    ///
    /// # Errors
    /// [`Violation::Message`] when its fields are not ones that the draft allows, such as a
    /// namespace of more than 32 fields.
    pub fn encode(&self) -> Result<Bytes, Violation> {
        let mut bytes = BytesMut::new();
        self.to_wire()?.encode(&mut bytes)?;
        Ok(bytes.freeze())
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest is matched in the function named so"
    )]
    fn to_wire(&self) -> Result<wire_message::ControlMessage, Violation> {
        use wire_message::ControlMessage as Wire;
        Ok(match self {
            Self::Setup(setup) => Wire::Setup(setup.to_wire()),
            Self::GoAway(m) => Wire::GoAway(wire_message::GoAway {
                new_session_uri: m.new_session_uri.to_vec(),
                timeout: wire(m.timeout),
                request_id: m.request_id.map(wire),
            }),
            Self::Subscribe(m) => Wire::Subscribe(wire_message::Subscribe {
                request_id: wire(m.request_id),
                track_namespace: (&m.name.namespace).into(),
                track_name: m.name.track.to_vec(),
                parameters: m.parameters.to_wire(),
            }),
            Self::SubscribeOk(m) => Wire::SubscribeOk(wire_message::SubscribeOk {
                track_alias: wire(m.track_alias),
                parameters: m.parameters.to_wire(),
                track_properties: m.properties.to_wire(),
            }),
            Self::RequestUpdate(m) => Wire::RequestUpdate(wire_message::RequestUpdate {
                request_id: wire(m.request_id),
                parameters: m.parameters.to_wire(),
            }),
            Self::Publish(m) => Wire::Publish(wire_message::Publish {
                request_id: wire(m.request_id),
                track_namespace: (&m.name.namespace).into(),
                track_name: m.name.track.to_vec(),
                track_alias: wire(m.track_alias),
                parameters: m.parameters.to_wire(),
                track_properties: m.properties.to_wire(),
            }),
            Self::PublishDone(m) => Wire::PublishDone(wire_message::PublishDone {
                status_code: wire(m.code),
                stream_count: wire(m.stream_count),
                reason_phrase: m.reason.to_vec(),
            }),
            other => other.to_wire_rest()?,
        })
    }

    /// The second half of [`Self::to_wire`].
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other half matched everything else")]
    fn to_wire_rest(&self) -> Result<wire_message::ControlMessage, Violation> {
        use wire_message::ControlMessage as Wire;
        Ok(match self {
            Self::PublishNamespace(m) => Wire::PublishNamespace(wire_message::PublishNamespace {
                request_id: wire(m.request_id),
                track_namespace: (&m.namespace).into(),
                parameters: m.parameters.to_wire(),
            }),
            Self::SubscribeNamespace(m) => {
                Wire::SubscribeNamespace(wire_message::SubscribeNamespace {
                    request_id: wire(m.request_id),
                    namespace_prefix: (&m.prefix).into(),
                    parameters: m.parameters.to_wire(),
                })
            }
            Self::SubscribeTracks(m) => Wire::SubscribeTracks(wire_message::SubscribeTracks {
                request_id: wire(m.request_id),
                namespace_prefix: (&m.prefix).into(),
                parameters: m.parameters.to_wire(),
            }),
            Self::PublishBlocked(m) => Wire::PublishBlocked(wire_message::PublishBlocked {
                namespace_suffix: (&m.suffix).into(),
                track_name: m.track.to_vec(),
            }),
            Self::Namespace(suffix) => {
                Wire::Namespace(wire_message::Namespace { namespace_suffix: (&suffix.0).into() })
            }
            Self::NamespaceDone(suffix) => Wire::NamespaceDone(wire_message::NamespaceDone {
                namespace_suffix: (&suffix.0).into(),
            }),
            Self::TrackStatus(m) => Wire::TrackStatus(wire_message::TrackStatus {
                request_id: wire(m.request_id),
                track_namespace: (&m.name.namespace).into(),
                track_name: m.name.track.to_vec(),
                parameters: m.parameters.to_wire(),
            }),
            Self::RequestOk(m) => Wire::RequestOk(wire_message::RequestOk {
                parameters: m.parameters.to_wire(),
                track_properties: m.properties.to_wire(),
            }),
            Self::RequestError(m) => Wire::RequestError(wire_message::RequestError {
                error_code: wire(m.code),
                retry_interval: wire(m.retry_interval),
                reason_phrase: m.reason.to_vec(),
                redirect: m.redirect.as_ref().map(|redirect| wire_message::Redirect {
                    connect_uri: redirect.connect_uri.to_vec(),
                    track_namespace: (&redirect.name.namespace).into(),
                    track_name: redirect.name.track.to_vec(),
                }),
            }),
            Self::Fetch(m) => Wire::Fetch(m.to_wire()),
            Self::FetchOk(m) => Wire::FetchOk(m.to_wire()),
            // The first half matched everything else.
            _ => return Err(Violation::Message(CodecError::InvalidField)),
        })
    }

    /// The message's name in the draft.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Setup(_) => "SETUP",
            Self::GoAway(_) => "GOAWAY",
            Self::Subscribe(_) => "SUBSCRIBE",
            Self::SubscribeOk(_) => "SUBSCRIBE_OK",
            Self::RequestUpdate(_) => "REQUEST_UPDATE",
            Self::Publish(_) => "PUBLISH",
            Self::PublishDone(_) => "PUBLISH_DONE",
            Self::PublishNamespace(_) => "PUBLISH_NAMESPACE",
            Self::SubscribeNamespace(_) => "SUBSCRIBE_NAMESPACE",
            Self::Namespace(_) => "NAMESPACE",
            Self::NamespaceDone(_) => "NAMESPACE_DONE",
            Self::TrackStatus(_) => "TRACK_STATUS",
            Self::RequestOk(_) => "REQUEST_OK",
            Self::RequestError(_) => "REQUEST_ERROR",
            Self::Fetch(_) => "FETCH",
            Self::SubscribeTracks(_) => "SUBSCRIBE_TRACKS",
            Self::FetchOk(_) => "FETCH_OK",
            Self::PublishBlocked(_) => "PUBLISH_BLOCKED",
        }
    }
}
