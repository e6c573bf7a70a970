//! SETUP: what each side says first on its control stream (section 10.3).

use bytes::Bytes;
use moqtap_codec::draft18::message as wire_message;
use moqtap_codec::kvp::{KeyValuePair, KvpValue};

use super::Violation;
use super::auth_token::{AUTHORIZATION_TOKEN, AuthToken};
use super::parameter::{pair, wire};

const PATH: u64 = 0x01;
const MAX_AUTH_TOKEN_CACHE_SIZE: u64 = 0x04;
const AUTHORITY: u64 = 0x05;
const IMPLEMENTATION: u64 = 0x07;
/// `0x7f * N + 0x9D` with N = 0 (section 14).
const GREASE: u64 = 0x9D;
/// Ours: what the value 1 says is [`Setup::offers_switching`].
const SWITCHING: u64 = 0x4D53_0004;

/// The setup options we know; unknown ones are ignored, as the draft demands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setup {
    /// PATH of the URI, on native QUIC only.
    pub path: Option<Bytes>,
    /// AUTHORITY of the URI, on native QUIC only.
    pub authority: Option<Bytes>,
    /// Bytes of registered tokens that the sender keeps.
    pub max_auth_token_cache_size: u64,
    /// AUTHORIZATION_TOKEN, in the order in which they count.
    pub tokens: Vec<AuthToken>,
    /// Name and version of the sender's implementation.
    pub implementation: Option<Bytes>,
    /// Whether the sender is a relay that offers switching tracks, which also negotiates the
    /// parameter PICTURE_HEIGHT_MAX. Ours (docs/protocol.md).
    pub offers_switching: bool,
}

impl Setup {
    pub(super) fn from_wire(message: &wire_message::Setup) -> Result<Self, Violation> {
        let mut setup = Self::default();
        for KeyValuePair { key, value } in &message.options {
            match (key.into_inner(), value) {
                (PATH, KvpValue::Bytes(path)) => setup.path = Some(path.clone().into()),
                (AUTHORITY, KvpValue::Bytes(name)) => setup.authority = Some(name.clone().into()),
                (IMPLEMENTATION, KvpValue::Bytes(name)) => {
                    setup.implementation = Some(name.clone().into());
                }
                (MAX_AUTH_TOKEN_CACHE_SIZE, KvpValue::Varint(size)) => {
                    setup.max_auth_token_cache_size = size.into_inner();
                }
                (SWITCHING, KvpValue::Varint(value)) => {
                    setup.offers_switching = value.into_inner() == 1;
                }
                (AUTHORIZATION_TOKEN, KvpValue::Bytes(token)) => {
                    setup.tokens.push(AuthToken::from_wire(token)?);
                }
                _ => {}
            }
        }
        Ok(setup)
    }

    pub(super) fn to_wire(&self) -> wire_message::Setup {
        let mut options = Vec::new();
        let bytes = |value: &Bytes| KvpValue::Bytes(value.to_vec());
        options.extend(self.path.as_ref().map(|path| pair(PATH, bytes(path))));
        options.extend(self.tokens.iter().map(|token| pair(AUTHORIZATION_TOKEN, token.to_wire())));
        if self.max_auth_token_cache_size > 0 {
            let size = KvpValue::Varint(wire(self.max_auth_token_cache_size));
            options.push(pair(MAX_AUTH_TOKEN_CACHE_SIZE, size));
        }
        options.extend(self.authority.as_ref().map(|name| pair(AUTHORITY, bytes(name))));
        options.extend(self.implementation.as_ref().map(|name| pair(IMPLEMENTATION, bytes(name))));
        // A reserved option without a meaning: whoever cannot skip it finds out now (section 14).
        options.push(pair(GREASE, KvpValue::Bytes(Vec::new())));
        if self.offers_switching {
            options.push(pair(SWITCHING, KvpValue::Varint(wire(1))));
        }
        wire_message::Setup { options }
    }
}
