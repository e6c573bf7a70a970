//! Tokens: signed here, checked here, worthless anywhere else.
//!
//! PASETO v4.public with an Ed25519 key that is made at the start and lives in memory only: a
//! token dies with the process that made it. What a token may say is `mosaik_proto::token`.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mosaik_proto::token::{Claims, Holder, Kind};
use pasetors::Public;
use pasetors::keys::{AsymmetricKeyPair, Generate};
use pasetors::token::UntrustedToken;
use pasetors::version4::{PublicToken, V4};

use crate::gate::Bearer;

/// Longest token that is looked at. One of ours has about 1.3 kB.
pub const TOKEN_BYTES_MAX: usize = 4 * 1024;

/// How many used connect tokens are remembered. Each is remembered for at most its 60 s, so this
/// is 270 joins a second; beyond it the oldest is forgotten first.
const USED_MAX: usize = 16 * 1024;

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Not made by this process, or changed since, or for something else.
    #[error("the token is not valid")]
    Invalid,
    /// It was good once.
    #[error("the token is expired")]
    Expired,
    /// A connect token is good for one session.
    #[error("the token was already used")]
    AlreadyUsed,
}

/// Tokens could not be made: the system gives no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token could not be signed")]
pub struct Unsigned;

/// Signs and checks the tokens of this process.
pub struct Access {
    keys: AsymmetricKeyPair<V4>,
    /// Part of every signature and of no token: binds tokens to this process.
    instance: [u8; 16],
    used: Mutex<UsedTokens>,
}

/// Keys stay out of logs.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

impl Access {
    /// A new key that nobody else has.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn new() -> Result<Self, Unsigned> {
        let keys = AsymmetricKeyPair::<V4>::generate().map_err(|_| Unsigned)?;
        Ok(Self { keys, instance: rand::random(), used: Mutex::default() })
    }

    /// A token of this kind for `holder`, good from `now` on.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue_for(
        &self,
        holder: Holder,
        kind: Kind,
        now: SystemTime,
    ) -> Result<String, Unsigned> {
        let jti = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        self.issue(&Claims::for_participant(holder, kind, unix_seconds(now), jti))
    }

    /// Signs `claims`.
    ///
    /// # Errors
    /// When they cannot be signed.
    pub fn issue(&self, claims: &Claims) -> Result<String, Unsigned> {
        let message = serde_json::to_vec(claims).map_err(|_| Unsigned)?;
        PublicToken::sign(&self.keys.secret, &message, None, Some(&self.instance))
            .map_err(|_| Unsigned)
    }

    /// Checks `token` and uses it up if it is a connect token: nobody can use it again.
    ///
    /// # Errors
    /// [`Denied`]; the same answer for everything that was not made here for this `kind`.
    pub fn verify(&self, token: &str, kind: Kind, now: SystemTime) -> Result<Claims, Denied> {
        self.verify_for(token, kind, now, Bearer::fresh())
    }

    /// Checks `token`. A connect token is `bearer`'s from then on, and nobody else's.
    ///
    /// # Errors
    /// As [`Access::verify`].
    pub(crate) fn verify_for(
        &self,
        token: &str,
        kind: Kind,
        now: SystemTime,
        bearer: Bearer,
    ) -> Result<Claims, Denied> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Denied::Invalid);
        }
        let untrusted =
            UntrustedToken::<Public, V4>::try_from(token).map_err(|_| Denied::Invalid)?;
        if !untrusted.untrusted_footer().is_empty() {
            return Err(Denied::Invalid);
        }
        let (public, instance) = (&self.keys.public, Some(&self.instance[..]));
        let trusted =
            PublicToken::verify(public, &untrusted, None, instance).map_err(|_| Denied::Invalid)?;
        let claims: Claims =
            serde_json::from_str(trusted.payload()).map_err(|_| Denied::Invalid)?;
        if claims.kind != kind {
            return Err(Denied::Invalid);
        }
        let now = unix_seconds(now);
        if now >= claims.expires_at {
            return Err(Denied::Expired);
        }
        if kind == Kind::Connect {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.take(&claims, now, bearer)?;
        }
        Ok(claims)
    }
}

/// The ids of connect tokens that a session used and that are not yet expired.
#[derive(Default)]
struct UsedTokens {
    ids: HashMap<String, Bearer>,
    /// Oldest use first, with the second from which the token is expired anyway.
    order: VecDeque<(u64, String)>,
}

impl UsedTokens {
    fn take(&mut self, claims: &Claims, now: u64, bearer: Bearer) -> Result<(), Denied> {
        while let Some((expires_at, _)) = self.order.front() {
            if *expires_at > now && self.order.len() < USED_MAX {
                break;
            }
            if let Some((_, id)) = self.order.pop_front() {
                self.ids.remove(&id);
            }
        }
        match self.ids.entry(claims.jti.clone()) {
            Entry::Occupied(taken) if *taken.get() == bearer => return Ok(()),
            Entry::Occupied(_) => return Err(Denied::AlreadyUsed),
            Entry::Vacant(free) => free.insert(bearer),
        };
        self.order.push_back((claims.expires_at, claims.jti.clone()));
        Ok(())
    }
}

/// Whole seconds since 1970; a clock before that counts as 1970.
fn unix_seconds(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mosaik_proto::room::{Consent, Role};
    use mosaik_proto::token::Action;
    use proptest::prelude::*;

    use super::*;

    fn start() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_795_000_000)
    }

    fn holder() -> Holder {
        Holder {
            room: "demo".to_owned(),
            participant: "00000000000000aa".to_owned(),
            // As long as a name may be, in the letters that take most bytes.
            name: "\u{1f600}".repeat(60),
            role: Role::Viewer,
            consent: Consent::ALL,
            lesson: 0,
        }
    }

    #[test]
    fn a_token_says_what_was_signed() {
        let access = Access::new().unwrap();
        let token = access.issue_for(holder(), Kind::Connect, start()).unwrap();
        assert!(token.starts_with("v4.public.") && token.len() < 2_560, "{}", token.len());
        let claims = access.verify(&token, Kind::Connect, start()).unwrap();
        assert_eq!(claims.holder, holder());
        assert!(claims.grants.allows(Action::Subscribe, &[b"demo"], b"state"));
    }

    #[test]
    fn a_connect_token_opens_one_session_within_a_minute() {
        let access = Access::new().unwrap();
        let token = access.issue_for(holder(), Kind::Connect, start()).unwrap();
        let later = |seconds| start() + Duration::from_secs(seconds);
        assert_eq!(access.verify(&token, Kind::Connect, later(60)), Err(Denied::Expired));
        assert!(access.verify(&token, Kind::Connect, later(59)).is_ok());
        assert_eq!(access.verify(&token, Kind::Connect, later(59)), Err(Denied::AlreadyUsed));
    }

    #[test]
    fn whoever_used_a_connect_token_first_can_use_it_again() {
        let access = Access::new().unwrap();
        let token = access.issue_for(holder(), Kind::Connect, start()).unwrap();
        let (owner, thief) = (Bearer::fresh(), Bearer::fresh());
        let use_it = |bearer| access.verify_for(&token, Kind::Connect, start(), bearer);
        assert!(use_it(owner).is_ok());
        assert_eq!(use_it(thief), Err(Denied::AlreadyUsed));
        assert!(use_it(owner).is_ok());
    }

    #[test]
    fn a_resume_token_is_good_all_day_and_for_nothing_else() {
        let access = Access::new().unwrap();
        let token = access.issue_for(holder(), Kind::Resume, start()).unwrap();
        let later = |hours| start() + Duration::from_hours(hours);
        assert_eq!(access.verify(&token, Kind::Connect, start()), Err(Denied::Invalid));
        assert!(access.verify(&token, Kind::Resume, later(1)).is_ok());
        assert!(access.verify(&token, Kind::Resume, later(11)).is_ok());
        assert_eq!(access.verify(&token, Kind::Resume, later(12)), Err(Denied::Expired));
        let connect = access.issue_for(holder(), Kind::Connect, start()).unwrap();
        assert_eq!(access.verify(&connect, Kind::Resume, start()), Err(Denied::Invalid));
    }

    #[test]
    fn another_process_and_a_changed_token_are_refused() {
        let access = Access::new().unwrap();
        let token = access.issue_for(holder(), Kind::Resume, start()).unwrap();
        let stranger = Access::new().unwrap();
        assert_eq!(stranger.verify(&token, Kind::Resume, start()), Err(Denied::Invalid));
        let mut other_instance = Access::new().unwrap();
        other_instance.keys = access.keys.clone();
        assert_eq!(other_instance.verify(&token, Kind::Resume, start()), Err(Denied::Invalid));
        for index in (0..token.len()).step_by(7) {
            let mut changed = token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(access.verify(&changed, Kind::Resume, start()).is_err(), "{index}");
        }
        let with_footer = format!("{token}.Zm9v");
        for wrong in ["", "v4.public.", "v4.public.AAAA", &with_footer, &"A".repeat(100_000)] {
            assert_eq!(access.verify(wrong, Kind::Resume, start()), Err(Denied::Invalid));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_as_a_token_is_refused_quietly(
            text in "(v4\\.public\\.)?[A-Za-z0-9_\\-]{0,200}(\\.[A-Za-z0-9_\\-]{0,20})?|\\PC{0,80}",
        ) {
            let access = Access::new().unwrap();
            prop_assert_eq!(access.verify(&text, Kind::Connect, start()), Err(Denied::Invalid));
        }
    }

    #[test]
    fn used_tokens_are_forgotten_when_they_are_expired_or_too_many() {
        let mut used = UsedTokens::default();
        let claims = |number: usize, at| {
            Claims::for_participant(holder(), Kind::Connect, at, number.to_string())
        };
        for number in 0..USED_MAX + 10 {
            used.take(&claims(number, 0), 0, Bearer::fresh()).unwrap();
        }
        assert_eq!(used.ids.len(), USED_MAX);
        assert_eq!(used.take(&claims(USED_MAX, 0), 0, Bearer::fresh()), Err(Denied::AlreadyUsed));
        used.take(&claims(1, 61), 61, Bearer::fresh()).unwrap();
        assert_eq!((used.ids.len(), used.order.len()), (1, 1));
    }
}
