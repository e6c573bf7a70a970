//! Media over QUIC Transport: names, control messages, data streams, datagrams, codes.
//!
//! The wire is draft-ietf-moq-transport-18. This is the only folder that names a draft: everything
//! above works with the types re-exported here.

mod auth_token;
mod code;
mod control;
mod datagram;
mod fetch;
mod fetch_stream;
mod location;
mod message;
mod name;
mod object;
mod padding;
mod parameter;
mod picture_height;
mod place;
mod priority;
mod properties;
mod request;
mod setup;
mod subgroup;
mod uri;
mod varint;
mod violation;

pub use auth_token::{AuthToken, TokenValue};
pub use code::{DoneCode, RequestCode, ResetCode, SessionCode};
pub use control::{ControlDecoder, MESSAGE_BYTES_MAX};
pub use datagram::Datagram;
pub use fetch::{Fetch, FetchOk, FetchRange};
pub use fetch_stream::{FetchDecoder, FetchHead, FetchPart, FetchWriter, Gap, decode_fetch_header};
pub use location::{GroupId, Location, ObjectId, SubgroupId};
pub use message::{
    ControlMessage, GoAway, NamespaceSuffix, Publish, PublishBlocked, PublishDone,
    PublishNamespace, Redirect, RequestError, RequestOk, RequestUpdate, Subscribe,
    SubscribeNamespace, SubscribeOk, SubscribeTracks, TrackStatus,
};
pub use name::{FullTrackName, NAME_BYTES_MAX, Namespace};
pub use object::{ObjectStatus, ObjectWriter};
pub use padding::{padding_bytes, padding_datagram, padding_header};
pub use parameter::{Filter, Parameters};
pub use place::ParameterPlace;
pub use priority::{GroupOrder, PRIORITY_DEFAULT, PRIORITY_URGENT, SendOrder};
pub use properties::{Properties, PropertyValue, TrackProperties};
pub use setup::Setup;
pub use subgroup::{
    OBJECT_BYTES_MAX, ObjectMark, PROPERTIES_BYTES_MAX, Parts, SubgroupDecoder, SubgroupHeader,
};
pub use uri::{is_authority, is_path};
pub use varint::{decode_varint, encode_varint, varint_len};
pub use violation::Violation;

/// ALPN of native QUIC and name of the WebTransport protocol.
pub const PROTOCOL: &str = "moqt-18";

/// First bytes of unidirectional streams (section 3.4).
pub mod stream_type {
    /// FETCH_HEADER.
    pub const FETCH: u64 = 0x05;
    /// SETUP, the first message of a control stream.
    pub const SETUP: u64 = 0x2F00;
    /// Padding, read and thrown away.
    pub const PADDING: u64 = 0x132B_3E28;
    /// Padding datagrams, thrown away.
    pub const PADDING_DATAGRAM: u64 = 0x132B_3E29;
    /// Whether `kind` has the form of a SUBGROUP_HEADER, `0b0XX1XXXX`.
    pub const fn is_subgroup(kind: u64) -> bool {
        kind < 0x80 && kind & 0x10 != 0
    }
}
