//! AUTHORIZATION_TOKEN: a token as it is given, or a number that stands for one (section 10.2.2).

use bytes::Bytes;
use moqtap_codec::auth_token::{AuthorizationToken, TokenAliasType};
use moqtap_codec::kvp::KvpValue;
use moqtap_codec::varint::Moqt18;

use super::Violation;

/// The type of the option in SETUP and of the parameter in requests.
pub(super) const AUTHORIZATION_TOKEN: u64 = 0x03;

/// Bytes that a registered token takes in a cache beside its value (section 10.3.1.3).
const ENTRY_BYTES: u64 = 16;

/// What an AUTHORIZATION_TOKEN says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthToken {
    /// The alias stands for nothing any more.
    Delete {
        /// The alias.
        alias: u64,
    },
    /// The alias stands for this token from here on.
    Register {
        /// The alias.
        alias: u64,
        /// The token.
        token: TokenValue,
    },
    /// The token that the alias stands for.
    UseAlias {
        /// The alias.
        alias: u64,
    },
    /// This token.
    UseValue(TokenValue),
}

/// A token's type and bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenValue {
    /// 0 for what both sides agreed on elsewhere (section 15.6).
    pub kind: u64,
    /// What the type says.
    pub bytes: Bytes,
}

impl TokenValue {
    /// A token of the type that is agreed on elsewhere.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self { kind: 0, bytes: bytes.into() }
    }

    /// What it takes of a cache, in bytes (section 10.3.1.3).
    pub fn cache_bytes(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX).saturating_add(ENTRY_BYTES)
    }
}

impl AuthToken {
    /// This token, by value.
    pub fn value(bytes: impl Into<Bytes>) -> Self {
        Self::UseValue(TokenValue::new(bytes))
    }

    /// # Errors
    /// [`Violation::Message`] with KEY_VALUE_FORMATTING_ERROR when it does not decode.
    pub(super) fn from_wire(bytes: &[u8]) -> Result<Self, Violation> {
        let wire = AuthorizationToken::decode_moqt::<Moqt18>(AUTHORIZATION_TOKEN, bytes)?;
        // The codec has refused what lacks the fields of its alias type.
        let alias = wire.alias.unwrap_or_default();
        let kind = wire.token_type.unwrap_or_default();
        let token = TokenValue { kind, bytes: wire.value.into() };
        Ok(match wire.alias_type {
            TokenAliasType::Delete => Self::Delete { alias },
            TokenAliasType::Register => Self::Register { alias, token },
            TokenAliasType::UseAlias => Self::UseAlias { alias },
            TokenAliasType::UseValue => Self::UseValue(token),
        })
    }

    pub(super) fn to_wire(&self) -> KvpValue {
        let (alias_type, alias, token) = match self {
            Self::Delete { alias } => (TokenAliasType::Delete, Some(*alias), None),
            Self::Register { alias, token } => {
                (TokenAliasType::Register, Some(*alias), Some(token))
            }
            Self::UseAlias { alias } => (TokenAliasType::UseAlias, Some(*alias), None),
            Self::UseValue(token) => (TokenAliasType::UseValue, None, Some(token)),
        };
        let mut bytes = Vec::new();
        AuthorizationToken {
            alias_type,
            alias,
            token_type: token.map(|token| token.kind),
            value: token.map_or_else(Vec::new, |token| token.bytes.to_vec()),
        }
        .encode_moqt::<Moqt18>(&mut bytes);
        KvpValue::Bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token() -> impl Strategy<Value = AuthToken> {
        let value = (any::<u64>(), any::<Vec<u8>>())
            .prop_map(|(kind, bytes)| TokenValue { kind, bytes: bytes.into() });
        prop_oneof![
            any::<u64>().prop_map(|alias| AuthToken::Delete { alias }),
            any::<u64>().prop_map(|alias| AuthToken::UseAlias { alias }),
            (any::<u64>(), value.clone())
                .prop_map(|(alias, token)| AuthToken::Register { alias, token }),
            value.prop_map(AuthToken::UseValue),
        ]
    }

    proptest! {
        #[test]
        fn tokens_survive(token in token()) {
            let KvpValue::Bytes(bytes) = token.to_wire() else { panic!("a token is bytes") };
            prop_assert_eq!(AuthToken::from_wire(&bytes), Ok(token));
        }

        #[test]
        fn any_bytes_are_a_token_or_refused(bytes: Vec<u8>) {
            let _ = AuthToken::from_wire(&bytes);
        }
    }
}
