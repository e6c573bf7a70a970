//! How a peer broke the protocol, and the code that the session ends with.

use moqtap_codec::error::CodecError;

use super::SessionCode;

/// A rule that a peer broke; each ends its session with [`Violation::code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// A control message that does not decode.
    #[error("control message: {0}")]
    Message(CodecError),
    /// A message that may not be where it is.
    #[error("{what} may not come here")]
    Misplaced {
        /// The message's name.
        what: &'static str,
    },
    /// A value that the draft's definition excludes.
    #[error("{what} has a value that is not allowed")]
    Value {
        /// The field's name.
        what: &'static str,
    },
    /// A stream type that no table assigns (section 3.4).
    #[error("stream type {0:#x} is unknown")]
    StreamType(u64),
    /// A datagram type that no table assigns, or a combination the draft excludes.
    #[error("datagram type {0:#x} is not valid")]
    DatagramType(u64),
    /// A subgroup header whose combination of bits the draft excludes (section 11.4.2).
    #[error("subgroup header type {0:#x} is not valid")]
    SubgroupType(u64),
    /// Object IDs beyond 64 bits.
    #[error("object ID {previous} plus delta {delta} exceeds 2^64 - 1")]
    ObjectIdOverflow {
        /// The previous object's ID.
        previous: u64,
        /// What was to be added.
        delta: u64,
    },
    /// Serialization Flags of a fetch stream that no table assigns (section 11.4.4).
    #[error("serialization flags {0:#x} are unknown")]
    FetchFlags(u64),
    /// A field of a fetched object that refers to an object before it, and there is none.
    #[error("the first object's {0} refers to an object before it")]
    FetchPrior(&'static str),
    /// The location or subgroup of a fetched object is none in 64 bits.
    #[error("a fetched object's location is below 0 or above 2^64 - 1")]
    FetchLocation,
    /// An object status that the draft does not define (section 11.2.1.1).
    #[error("object status {0:#x} is unknown")]
    ObjectStatus(u64),
    /// Properties on an object that is not a normal one.
    #[error("an object of status {0:#x} has properties")]
    PropertiesOnStatus(u64),
    /// Object properties that are no sequence of key-value pairs (section 1.4.3).
    #[error("object properties are malformed")]
    Properties,
    /// A stream that ended inside an object (section 11.4).
    #[error("the stream ended inside an object")]
    Truncated,
    /// An object beyond what this endpoint accepts.
    #[error("{what} of {bytes} bytes; at most {max} are accepted")]
    TooLarge {
        /// What was too large.
        what: &'static str,
        /// Its length.
        bytes: u64,
        /// The bound.
        max: u64,
    },
    /// A datagram that ends inside its fields.
    #[error("the datagram ends inside its header")]
    DatagramTruncated,
    /// A parameter that may not be in the message that has it (section 10.2.1).
    #[error("parameter {0:#x} may not come here")]
    Parameter(u64),
    /// A request ID of the wrong parity or used twice (section 10.1).
    #[error("request ID {0} is not valid here")]
    RequestId(u64),
    /// A token that cannot be used as sent (section 10.2.2).
    #[error("authorization token: {0}")]
    Token(&'static str),
    /// More registered tokens than MAX_AUTH_TOKEN_CACHE_SIZE.
    #[error("more registered tokens than allowed")]
    TokenCacheOverflow,
    /// A token alias registered twice (section 10.2.2).
    #[error("token alias {0} is already registered")]
    DuplicateTokenAlias(u64),
    /// A token alias that stands for nothing (section 10.2.2).
    #[error("token alias {0} is not registered")]
    UnknownTokenAlias(u64),
    /// One alias for two tracks (section 11.1).
    #[error("track alias {0} is already in use")]
    DuplicateAlias(u64),
    /// PATH or AUTHORITY where they may not be (section 10.3.1).
    #[error("PATH is not allowed here")]
    Path,
    /// PATH that is not written as RFC 3986 says.
    #[error("PATH is malformed")]
    MalformedPath,
    /// AUTHORITY that is not written as RFC 3986 says.
    #[error("AUTHORITY is malformed")]
    MalformedAuthority,
    /// AUTHORITY where it may not be.
    #[error("AUTHORITY is not allowed here")]
    Authority,
}

impl Violation {
    /// The code the session is closed with (section 3.5).
    pub const fn code(&self) -> SessionCode {
        match self {
            Self::Message(error) => message_code(error),
            Self::Misplaced { .. }
            | Self::Value { .. }
            | Self::StreamType(_)
            | Self::DatagramType(_)
            | Self::SubgroupType(_)
            | Self::ObjectIdOverflow { .. }
            | Self::FetchFlags(_)
            | Self::FetchPrior(_)
            | Self::FetchLocation
            | Self::ObjectStatus(_)
            | Self::PropertiesOnStatus(_)
            | Self::Properties
            | Self::Truncated
            | Self::TooLarge { .. }
            | Self::DatagramTruncated
            | Self::Parameter(_)
            | Self::Token(_) => SessionCode::ProtocolViolation,
            Self::RequestId(_) => SessionCode::InvalidRequestId,
            Self::TokenCacheOverflow => SessionCode::AuthTokenCacheOverflow,
            Self::DuplicateTokenAlias(_) => SessionCode::DuplicateAuthTokenAlias,
            Self::UnknownTokenAlias(_) => SessionCode::UnknownAuthTokenAlias,
            Self::DuplicateAlias(_) => SessionCode::DuplicateTrackAlias,
            Self::Path => SessionCode::InvalidPath,
            Self::MalformedPath => SessionCode::MalformedPath,
            Self::MalformedAuthority => SessionCode::MalformedAuthority,
            Self::Authority => SessionCode::InvalidAuthority,
        }
    }
}

const fn message_code(error: &CodecError) -> SessionCode {
    // A filter is a value whose serialization its type defines, as a token is (section 1.4.3).
    if matches!(
        error,
        CodecError::KeyValueFormatting { .. } | CodecError::SubscriptionFilterMalformed { .. }
    ) {
        SessionCode::KeyValueFormattingError
    } else {
        SessionCode::ProtocolViolation
    }
}

impl From<CodecError> for Violation {
    fn from(error: CodecError) -> Self {
        Self::Message(error)
    }
}
