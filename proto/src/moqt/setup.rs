//! SETUP: what each side says first on its control stream (section 10.3).

use bytes::Bytes;
use moqtap_codec::auth_token::{AuthorizationToken, TokenAliasType};
use moqtap_codec::draft18::message as wire_message;
use moqtap_codec::kvp::{KeyValuePair, KvpValue};
use moqtap_codec::varint::Moqt18;

use super::Violation;
use super::parameter::{pair, use_value, wire};

const PATH: u64 = 0x01;
const AUTHORIZATION_TOKEN: u64 = 0x03;
const MAX_AUTH_TOKEN_CACHE_SIZE: u64 = 0x04;
const AUTHORITY: u64 = 0x05;
const IMPLEMENTATION: u64 = 0x07;

/// The setup options we know; unknown ones are ignored, as the draft demands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setup {
    /// PATH of the URI, on native QUIC only.
    pub path: Option<Bytes>,
    /// AUTHORITY of the URI, on native QUIC only.
    pub authority: Option<Bytes>,
    /// Bytes of registered tokens that the sender keeps.
    pub max_auth_token_cache_size: u64,
    /// Token values. A registered token counts as given by value, since our cache has size 0
    /// (section 10.3.1.4).
    pub tokens: Vec<Bytes>,
    /// Name and version of the sender's implementation.
    pub implementation: Option<Bytes>,
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
                (AUTHORIZATION_TOKEN, KvpValue::Bytes(token)) => {
                    setup.tokens.push(token_value(token)?);
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
        options.extend(self.tokens.iter().map(|token| pair(AUTHORIZATION_TOKEN, use_value(token))));
        if self.max_auth_token_cache_size > 0 {
            let size = KvpValue::Varint(wire(self.max_auth_token_cache_size));
            options.push(pair(MAX_AUTH_TOKEN_CACHE_SIZE, size));
        }
        options.extend(self.authority.as_ref().map(|name| pair(AUTHORITY, bytes(name))));
        options.extend(self.implementation.as_ref().map(|name| pair(IMPLEMENTATION, bytes(name))));
        wire_message::Setup { options }
    }
}

fn token_value(bytes: &[u8]) -> Result<Bytes, Violation> {
    let token = AuthorizationToken::decode_moqt::<Moqt18>(AUTHORIZATION_TOKEN, bytes)?;
    match token.alias_type {
        TokenAliasType::UseValue | TokenAliasType::Register => Ok(token.value.into()),
        TokenAliasType::Delete | TokenAliasType::UseAlias => {
            Err(Violation::Token("an alias cannot be used in SETUP"))
        }
    }
}
