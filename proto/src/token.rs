//! Token claims: who a session belongs to and what it may do.
//!
//! Grants mean what draft-ietf-moq-c4m means: every action is blocked unless a grant allows it for
//! exactly this namespace and track. Signing and time belong to the server; here are the rules.
//!
//! A right is a value that only the check can make: the functions `may_…` of [`Grants`] return
//! proofs ([`PublishGrant`], [`SubscribeGrant`], …), and what needs a right takes the proof.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::moqt::{FullTrackName, Namespace};
use crate::rights::participant_grants;
use crate::room::{Consent, ParticipantId, Role};

/// How long a token is good to connect: the page asks for it and uses it at once.
pub const CONNECT_LIFETIME: Duration = Duration::from_mins(1);

/// How long a participant can come back as the same one: a school day with its evening.
pub const RESUME_LIFETIME: Duration = Duration::from_hours(12);

const _: () = assert!(
    CONNECT_LIFETIME.as_secs() <= 60,
    "a connect token that leaks must be worthless a minute later"
);

/// What a session asks the relay for, in the words of MoQT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// PUBLISH: objects of a track come from this session.
    Publish,
    /// PUBLISH_NAMESPACE: tracks below this namespace can be asked from this session.
    PublishNamespace,
    /// SUBSCRIBE: objects of a track go to this session.
    Subscribe,
    /// SUBSCRIBE_NAMESPACE: the session learns which namespaces exist below this one.
    SubscribeNamespace,
    /// FETCH: past objects of a track go to this session.
    Fetch,
    /// TRACK_STATUS: the session learns where a track stands.
    TrackStatus,
}

impl Action {
    /// Every action there is.
    pub const ALL: [Self; 6] = [
        Self::Publish,
        Self::PublishNamespace,
        Self::Subscribe,
        Self::SubscribeNamespace,
        Self::Fetch,
        Self::TrackStatus,
    ];

    /// Whether the action names a namespace only, so that no track is compared.
    const fn is_about_namespace(self) -> bool {
        matches!(self, Self::PublishNamespace | Self::SubscribeNamespace)
    }
}

/// What a namespace field or a track name must be. Compared as bytes: names are not text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Match {
    /// These bytes and no others.
    Exact(String),
    /// Anything that begins with these bytes.
    Prefix(String),
    /// The ID of one of these people, who are in rising order. Rooms say it, no token does.
    #[serde(skip)]
    OneOf(Arc<[ParticipantId]>),
}

impl Match {
    /// Anything at all.
    const fn any() -> Self {
        Self::Prefix(String::new())
    }

    fn exactly(&self) -> Option<&str> {
        match self {
            Self::Exact(exact) => Some(exact),
            Self::Prefix(_) | Self::OneOf(_) => None,
        }
    }

    fn matches(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Exact(exact) => exact.as_bytes() == bytes,
            Self::Prefix(prefix) => bytes.starts_with(prefix.as_bytes()),
            Self::OneOf(people) => str::from_utf8(bytes)
                .ok()
                .and_then(|text| text.parse().ok())
                .is_some_and(|id: ParticipantId| people.binary_search(&id).is_ok()),
        }
    }
}

/// Allows some actions on some tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The actions that are allowed.
    pub actions: Vec<Action>,
    /// One match a field: a namespace with more or fewer fields is another namespace.
    pub namespace: Vec<Match>,
    /// Whether namespaces with further fields below are meant too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_with_all_below: bool,
    /// The track must match one of these; not looked at when the action names a namespace only.
    pub tracks: Vec<Match>,
}

impl Grant {
    fn allows(&self, action: Action, namespace: &[&[u8]], track: &[u8]) -> bool {
        let is_length_right = self.namespace.len() == namespace.len()
            || (self.is_with_all_below && self.namespace.len() < namespace.len());
        self.actions.contains(&action)
            && is_length_right
            && self.namespace.iter().zip(namespace).all(|(rule, field)| rule.matches(field))
            && (action.is_about_namespace() || self.tracks.iter().any(|rule| rule.matches(track)))
    }

    /// The namespace with everything below it that this grant lets a session learn of, when it
    /// lies below `prefix`.
    fn scope_below(&self, prefix: &Namespace) -> Option<Namespace> {
        if !self.is_with_all_below || !self.actions.contains(&Action::SubscribeNamespace) {
            return None;
        }
        let fields: Option<Vec<&str>> = self.namespace.iter().map(Match::exactly).collect();
        fields.map(|fields| Namespace::of(&fields)).filter(|scope| scope.starts_with(prefix))
    }
}

/// Who a token speaks for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The room's id.
    pub room: String,
    /// The participant's id in the room; it survives reconnects.
    pub participant: String,
    /// The name that others see.
    pub name: String,
    /// What the participant is in the room.
    pub role: Role,
    /// What the participant agreed to when the token was made, and may agree to at most.
    pub consent: Consent,
    /// How many lessons of the room had been ended when it was made: a token of one that was ended opens
    /// no other.
    pub lesson: u64,
}

/// Names stay out of logs.
impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holder").field("role", &self.role).finish_non_exhaustive()
    }
}

/// What a token can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// To open one session, once.
    Connect,
    /// To ask for a new connect token instead of the link's secret.
    Resume,
}

impl Kind {
    /// How long a token of this kind is good.
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::Connect => CONNECT_LIFETIME,
            Self::Resume => RESUME_LIFETIME,
        }
    }
}

/// What a token says, once its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claims {
    /// Who it speaks for.
    pub holder: Holder,
    /// What it can be used for.
    pub kind: Kind,
    /// What is allowed; everything else is not.
    pub grants: Grants,
    /// Unix seconds.
    pub issued_at: u64,
    /// Unix seconds; not good from this second on.
    pub expires_at: u64,
    /// The token's own id, by which it is used once.
    pub jti: String,
}

impl Claims {
    /// The claims of a participant, with the rights that docs/protocol.md gives.
    ///
    /// A resume token has no grants: it opens no session, whoever forgets to look at its kind.
    pub fn for_participant(holder: Holder, kind: Kind, issued_at: u64, jti: String) -> Self {
        let grants = match kind {
            Kind::Connect => participant_grants(&holder),
            Kind::Resume => Grants::default(),
        };
        let expires_at = issued_at.saturating_add(kind.lifetime().as_secs());
        Self { holder, kind, grants, issued_at, expires_at, jti }
    }
}

/// What a session may do: what one of the grants allows, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(Vec<Grant>);

impl Grants {
    /// The rights of whoever comes without a token: publish and subscribe to anything in the
    /// namespaces that begin with one of `prefixes`. Nothing else exists for such a session, so
    /// without prefixes it may do nothing.
    pub fn for_visitor(prefixes: &[Vec<String>]) -> Self {
        let grant = |prefix: &Vec<String>| Grant {
            actions: Action::ALL.to_vec(),
            namespace: prefix.iter().cloned().map(Match::Exact).collect(),
            is_with_all_below: true,
            tracks: vec![Match::any()],
        };
        // A prefix without fields would be everything, the rooms too.
        Self(prefixes.iter().filter(|prefix| !prefix.is_empty()).map(grant).collect())
    }

    /// What these grants allow.
    pub(crate) const fn of(grants: Vec<Grant>) -> Self {
        Self(grants)
    }

    /// Whether `action` is allowed on `track` in `namespace`. Default: no.
    ///
    /// A namespace without fields, or with an empty field, is not allowed by any grant (MoQT
    /// section 2.4.1 knows neither as a track's namespace). `track` is not looked at when the
    /// action names a namespace only.
    pub fn allows(&self, action: Action, namespace: &[&[u8]], track: &[u8]) -> bool {
        !namespace.is_empty()
            && namespace.iter().all(|field| !field.is_empty())
            && self.0.iter().any(|grant| grant.allows(action, namespace, track))
    }

    /// Asks to publish the track `name`.
    ///
    /// # Errors
    /// [`NotGranted`] when no grant allows it.
    pub fn may_publish(&self, name: FullTrackName) -> Result<PublishGrant, NotGranted> {
        self.track(Action::Publish, name).map(PublishGrant)
    }

    /// Asks to subscribe to the track `name`.
    ///
    /// # Errors
    /// [`NotGranted`] when no grant allows it.
    pub fn may_subscribe(&self, name: FullTrackName) -> Result<SubscribeGrant, NotGranted> {
        self.track(Action::Subscribe, name).map(SubscribeGrant)
    }

    /// Asks where the track `name` stands.
    ///
    /// # Errors
    /// [`NotGranted`] when no grant allows it.
    pub fn may_ask(&self, name: FullTrackName) -> Result<StatusGrant, NotGranted> {
        self.track(Action::TrackStatus, name).map(StatusGrant)
    }

    /// Asks to fetch from the track `name`.
    ///
    /// # Errors
    /// [`NotGranted`] when no grant allows it.
    pub fn may_fetch(&self, name: FullTrackName) -> Result<FetchGrant, NotGranted> {
        self.track(Action::Fetch, name).map(FetchGrant)
    }

    /// Asks to announce `namespace`.
    ///
    /// # Errors
    /// [`NotGranted`] when no grant allows it.
    pub fn may_publish_namespace(&self, name: Namespace) -> Result<NamespaceGrant, NotGranted> {
        self.namespace(Action::PublishNamespace, name).map(NamespaceGrant)
    }

    /// Asks to learn what is announced below `prefix`.
    ///
    /// A prefix that is shorter than what is granted is allowed where whole namespaces are granted
    /// below it: those are then all that exists below it.
    ///
    /// # Errors
    /// [`NotGranted`] when no grant allows it.
    pub fn may_subscribe_namespace(&self, prefix: Namespace) -> Result<InterestGrant, NotGranted> {
        let action = Action::SubscribeNamespace;
        if self.allows(action, &prefix.as_slices(), &[]) {
            return Ok(InterestGrant { scopes: vec![prefix.clone()], prefix });
        }
        let scopes: Vec<_> = self.0.iter().filter_map(|grant| grant.scope_below(&prefix)).collect();
        if scopes.is_empty() {
            Err(NotGranted { action })
        } else {
            Ok(InterestGrant { prefix, scopes })
        }
    }

    fn track(&self, action: Action, name: FullTrackName) -> Result<FullTrackName, NotGranted> {
        if self.allows(action, &name.namespace.as_slices(), &name.track) {
            Ok(name)
        } else {
            Err(NotGranted { action })
        }
    }

    fn namespace(&self, action: Action, namespace: Namespace) -> Result<Namespace, NotGranted> {
        if self.allows(action, &namespace.as_slices(), &[]) {
            Ok(namespace)
        } else {
            Err(NotGranted { action })
        }
    }
}

/// The token does not allow this; the peer gets UNAUTHORIZED for the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no grant allows {action:?} here")]
pub struct NotGranted {
    /// What was asked for.
    pub action: Action,
}

/// Proof that a token lets this session publish a track; only [`Grants::may_publish`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct PublishGrant(FullTrackName);

impl PublishGrant {
    /// The track that may be published.
    pub const fn track(&self) -> &FullTrackName {
        &self.0
    }

    /// Gives the name back, the right is used.
    pub fn into_track(self) -> FullTrackName {
        self.0
    }
}

/// Proof that a token lets this session subscribe to a track; only [`Grants::may_subscribe`]
/// makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct SubscribeGrant(FullTrackName);

impl SubscribeGrant {
    /// The track that may be subscribed to.
    pub const fn track(&self) -> &FullTrackName {
        &self.0
    }

    /// Gives the name back, the right is used.
    pub fn into_track(self) -> FullTrackName {
        self.0
    }
}

/// Proof that a token lets this session ask where a track stands; only [`Grants::may_ask`] makes
/// one.
#[derive(Debug, PartialEq, Eq)]
pub struct StatusGrant(FullTrackName);

impl StatusGrant {
    /// The track that may be asked about.
    pub const fn track(&self) -> &FullTrackName {
        &self.0
    }

    /// Gives the name back, the right is used.
    pub fn into_track(self) -> FullTrackName {
        self.0
    }
}

/// Proof that a token lets this session fetch from a track; only [`Grants::may_fetch`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct FetchGrant(FullTrackName);

impl FetchGrant {
    /// The track that may be fetched from.
    pub const fn track(&self) -> &FullTrackName {
        &self.0
    }

    /// Gives the name back, the right is used.
    pub fn into_track(self) -> FullTrackName {
        self.0
    }
}

/// Proof that a token lets this session announce a namespace; only
/// [`Grants::may_publish_namespace`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct NamespaceGrant(Namespace);

impl NamespaceGrant {
    /// The namespace that may be announced.
    pub const fn namespace(&self) -> &Namespace {
        &self.0
    }

    /// Gives the namespace back, the right is used.
    pub fn into_namespace(self) -> Namespace {
        self.0
    }
}

/// Proof that a session may learn what is announced below a prefix; only
/// [`Grants::may_subscribe_namespace`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct InterestGrant {
    prefix: Namespace,
    /// What the session may know of: each with everything below it.
    scopes: Vec<Namespace>,
}

impl InterestGrant {
    /// The prefix that was asked for.
    pub const fn prefix(&self) -> &Namespace {
        &self.prefix
    }

    /// What follows the prefix in `namespace`, if the session may know of it.
    pub fn hears_of(&self, namespace: &Namespace) -> Option<Namespace> {
        let is_known = self.scopes.iter().any(|scope| namespace.starts_with(scope));
        namespace.strip_prefix(&self.prefix).filter(|_| is_known)
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
