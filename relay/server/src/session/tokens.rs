//! The tokens that a peer registered in its session, and what its requests may do with them
//! (section 10.2.2).

use std::collections::HashMap;
use std::rc::Rc;

use mosaik_proto::moqt::{AuthToken, RequestCode, TokenValue, Violation};
use mosaik_proto::token::Holder;
use tokio::time::Instant;

use super::load::Talk;
use super::rights::Rights;
use crate::gate::{Bearer, Gate, Refusal};
use crate::lessons::Ceiling;

/// Bytes of registered tokens that a session may have: ten of ours, each with about 1.3 kB.
pub(super) const CACHE_BYTES: u64 = 16 << 10;

/// Tokens in one message: each costs a signature's check.
const PER_MESSAGE: usize = 4;

/// The tokens that a peer registered. They stay until the peer deletes them, expired or not.
#[derive(Debug, Default)]
pub(super) struct TokenCache {
    registered: HashMap<u64, TokenValue>,
    bytes: u64,
}

impl TokenCache {
    /// The tokens that a message gives, after what it registers and deletes was done.
    ///
    /// # Errors
    /// [`Violation`] for an alias that stands for something already or for nothing, for more bytes
    /// than [`CACHE_BYTES`], and for a token that is given twice.
    pub(super) fn resolve(&mut self, tokens: &[AuthToken]) -> Result<Vec<TokenValue>, Violation> {
        let mut given = Vec::new();
        for token in tokens {
            let value = match token {
                AuthToken::UseValue(value) => value.clone(),
                AuthToken::UseAlias { alias } => {
                    let value = self.registered.get(alias);
                    value.cloned().ok_or(Violation::UnknownTokenAlias(*alias))?
                }
                AuthToken::Register { alias, token } => {
                    if !self.register(*alias, token)? {
                        return Err(Violation::TokenCacheOverflow);
                    }
                    token.clone()
                }
                AuthToken::Delete { alias } => {
                    let retired = self.registered.remove(alias);
                    let value = retired.ok_or(Violation::UnknownTokenAlias(*alias))?;
                    self.bytes = self.bytes.saturating_sub(value.cache_bytes());
                    continue;
                }
            };
            if given.contains(&value) {
                return Err(Violation::Token("the same token twice in one message"));
            }
            given.push(value);
        }
        Ok(given)
    }

    /// The tokens of SETUP, in which nothing was registered before, and what has no room counts as
    /// given by value (section 10.3.1.4).
    ///
    /// # Errors
    /// [`Violation`] for an alias that is used, deleted, or registered twice.
    pub(super) fn resolve_setup(
        &mut self,
        tokens: &[AuthToken],
    ) -> Result<Vec<TokenValue>, Violation> {
        let mut given = Vec::new();
        for token in tokens {
            match token {
                AuthToken::UseValue(value) => given.push(value.clone()),
                AuthToken::Register { alias, token } => {
                    // Whether it had room makes no difference here.
                    self.register(*alias, token)?;
                    given.push(token.clone());
                }
                AuthToken::UseAlias { .. } | AuthToken::Delete { .. } => {
                    return Err(Violation::Token("an alias cannot be used in SETUP"));
                }
            }
        }
        Ok(given)
    }

    /// False if it has no room.
    fn register(&mut self, alias: u64, token: &TokenValue) -> Result<bool, Violation> {
        if self.registered.contains_key(&alias) {
            return Err(Violation::DuplicateTokenAlias(alias));
        }
        let bytes = self.bytes.saturating_add(token.cache_bytes());
        if bytes > CACHE_BYTES {
            return Ok(false);
        }
        self.bytes = bytes;
        self.registered.insert(alias, token.clone());
        Ok(true)
    }
}

/// Why a request's tokens are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TokenRefused {
    pub(super) code: RequestCode,
    pub(super) reason: &'static str,
}

/// What a holder's room leaves, or why it leaves nothing.
pub(super) type CeilingOf<'a> = &'a dyn Fn(&Holder) -> Result<Rc<Ceiling>, &'static str>;

/// What a request may do: what its session may, and what each of its tokens grants and its room
/// leaves. Looking at one
/// costs a signature's check, so a session may have only so many looked at.
pub(super) fn widen(
    (gate, ceiling): (&dyn Gate, CeilingOf<'_>),
    (bearer, talk): (Bearer, &Talk),
    own: &Rc<Rights>,
    tokens: &[TokenValue],
) -> Result<Rc<Rights>, TokenRefused> {
    let refuse = |code, reason| TokenRefused { code, reason };
    if tokens.len() > PER_MESSAGE {
        return Err(refuse(RequestCode::ExcessiveLoad, "too many tokens in one message"));
    }
    let mut rights = Rc::clone(own);
    for token in tokens {
        if !talk.may_check_token(Instant::now().into_std()) {
            return Err(refuse(RequestCode::ExcessiveLoad, "too many tokens at once"));
        }
        let admitted =
            if token.kind == 0 { gate.admit(&token.bytes, bearer) } else { Err(Refusal::Invalid) };
        let claims = admitted.map_err(|refusal| match refusal {
            Refusal::Invalid => {
                refuse(RequestCode::MalformedAuthToken, "a token is none of this relay's")
            }
            Refusal::Expired => refuse(RequestCode::ExpiredAuthToken, "a token has expired"),
            Refusal::Taken => refuse(RequestCode::Unauthorized, "a token is another session's"),
        })?;
        let ceiling =
            ceiling(&claims.holder).map_err(|reason| refuse(RequestCode::Unauthorized, reason))?;
        rights = Rc::new(rights.with(Rights::of_holder(claims.grants, ceiling)));
    }
    Ok(rights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(bytes: usize) -> TokenValue {
        TokenValue::new(vec![0x61; bytes])
    }

    fn register(alias: u64, bytes: usize) -> AuthToken {
        AuthToken::Register { alias, token: token(bytes) }
    }

    #[test]
    fn an_alias_stands_for_its_token_until_it_is_deleted() {
        let mut cache = TokenCache::default();
        assert_eq!(cache.resolve(&[register(7, 3)]), Ok(vec![token(3)]));
        assert_eq!(cache.resolve(&[AuthToken::UseAlias { alias: 7 }]), Ok(vec![token(3)]));
        assert_eq!(cache.resolve(&[register(7, 4)]), Err(Violation::DuplicateTokenAlias(7)));
        assert_eq!(cache.resolve(&[AuthToken::Delete { alias: 7 }]), Ok(vec![]));
        for token in [AuthToken::UseAlias { alias: 7 }, AuthToken::Delete { alias: 7 }] {
            assert_eq!(cache.resolve(&[token]), Err(Violation::UnknownTokenAlias(7)));
        }
        assert_eq!(cache.resolve(&[register(7, 4)]), Ok(vec![token(4)]));
        assert_eq!(cache.bytes, 20);
    }

    #[test]
    fn the_cache_has_a_bound_that_deleting_makes_room_below() {
        let mut cache = TokenCache::default();
        let half = usize::try_from(CACHE_BYTES / 2).unwrap() - 16;
        cache.resolve(&[register(1, half)]).unwrap();
        assert_eq!(cache.resolve(&[register(2, half + 1)]), Err(Violation::TokenCacheOverflow));
        cache.resolve(&[register(2, half)]).unwrap();
        assert_eq!(cache.resolve(&[register(3, 0)]), Err(Violation::TokenCacheOverflow));
        cache.resolve(&[AuthToken::Delete { alias: 1 }]).unwrap();
        cache.resolve(&[register(3, half)]).unwrap();
    }

    #[test]
    fn one_message_gives_a_token_once() {
        let mut cache = TokenCache::default();
        cache.resolve(&[register(1, 3)]).unwrap();
        let twice = [AuthToken::UseAlias { alias: 1 }, AuthToken::UseValue(token(3))];
        assert!(matches!(cache.resolve(&twice), Err(Violation::Token(_))));
        // As many as are different: registered, used and deleted in one go.
        let many =
            [register(2, 4), AuthToken::UseAlias { alias: 1 }, AuthToken::Delete { alias: 2 }];
        assert_eq!(cache.resolve(&many), Ok(vec![token(4), token(3)]));
    }

    #[test]
    fn in_setup_a_token_without_room_counts_by_value() {
        let mut cache = TokenCache::default();
        let large = usize::try_from(CACHE_BYTES).unwrap();
        assert_eq!(cache.resolve_setup(&[register(1, large)]), Ok(vec![token(large)]));
        let unknown = cache.resolve(&[AuthToken::UseAlias { alias: 1 }]);
        assert_eq!(unknown, Err(Violation::UnknownTokenAlias(1)));
        assert!(cache.resolve_setup(&[AuthToken::UseAlias { alias: 1 }]).is_err());
        assert!(cache.resolve_setup(&[AuthToken::Delete { alias: 1 }]).is_err());
    }
}
