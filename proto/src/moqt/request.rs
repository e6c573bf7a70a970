//! What all messages that begin a request have in common (section 10.1).

use super::{AuthToken, ControlMessage, Fetch, FetchRange, Namespace};

impl ControlMessage {
    /// The request's ID, if this is a message that begins one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other message begins a request")]
    pub const fn request_id(&self) -> Option<u64> {
        Some(match self {
            Self::Subscribe(message) => message.request_id,
            Self::Publish(message) => message.request_id,
            Self::PublishNamespace(message) => message.request_id,
            Self::SubscribeNamespace(message) => message.request_id,
            Self::SubscribeTracks(message) => message.request_id,
            Self::TrackStatus(message) => message.request_id,
            Self::Fetch(message) => message.request_id,
            _ => return None,
        })
    }

    /// The namespace or prefix that it is about, if this is a message that begins a request.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other message begins a request")]
    pub const fn namespace(&self) -> Option<&Namespace> {
        Some(match self {
            Self::Subscribe(message) => &message.name.namespace,
            Self::Publish(message) => &message.name.namespace,
            Self::PublishNamespace(message) => &message.namespace,
            Self::SubscribeNamespace(message) => &message.prefix,
            Self::SubscribeTracks(message) => &message.prefix,
            Self::TrackStatus(message) => &message.name.namespace,
            Self::Fetch(Fetch { what: FetchRange::Standalone { name, .. }, .. }) => &name.namespace,
            _ => return None,
        })
    }

    /// The tokens that it is authorized with, if this is a message that begins a request.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other message begins a request")]
    pub fn tokens(&self) -> &[AuthToken] {
        match self {
            Self::Subscribe(message) => &message.parameters.tokens,
            Self::Publish(message) => &message.parameters.tokens,
            Self::PublishNamespace(message) => &message.parameters.tokens,
            Self::SubscribeNamespace(message) => &message.parameters.tokens,
            Self::SubscribeTracks(message) => &message.parameters.tokens,
            Self::TrackStatus(message) => &message.parameters.tokens,
            Self::Fetch(message) => &message.parameters.tokens,
            _ => &[],
        }
    }
}
