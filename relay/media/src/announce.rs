//! Namespaces: who announced what, and who wants to know (section 6).

use mosaik_proto::moqt::{Namespace, RequestCode};
use mosaik_proto::token::InterestGrant;

use crate::{Limits, RequestKey, SessionKey};

/// Why an announcement or a namespace subscription was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnnounceRefusal {
    /// A bound of [`crate::Limits`].
    #[error("too many namespaces in this session")]
    TooMany,
    /// The prefix overlaps with one of the same session.
    #[error("the prefix overlaps with another one of this session")]
    Overlap,
    /// More namespaces are below the prefix than [`crate::Limits::namespaces_per_listener`].
    #[error("too many namespaces begin with the prefix")]
    TooLarge,
}

impl AnnounceRefusal {
    /// The code for REQUEST_ERROR.
    pub const fn code(self) -> RequestCode {
        match self {
            Self::TooMany => RequestCode::ExcessiveLoad,
            Self::Overlap => RequestCode::PrefixOverlap,
            Self::TooLarge => RequestCode::NamespaceTooLarge,
        }
    }
}

/// Whether one prefix is below the other.
pub(crate) fn overlap(one: &Namespace, other: &Namespace) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// All announcements and listeners.
///
/// Linear lists: a relay has a few hundred participants, and these change only when one comes or
/// goes.
#[derive(Debug, Default)]
pub(crate) struct Announcements {
    announced: Vec<(RequestKey, Namespace)>,
    listening: Vec<(RequestKey, InterestGrant)>,
}

impl Announcements {
    pub(crate) const fn is_empty(&self) -> bool {
        self.announced.is_empty() && self.listening.is_empty()
    }

    pub(crate) fn count(&self, session: SessionKey) -> usize {
        self.announced.iter().filter(|(request, _)| request.session == session).count()
    }

    pub(crate) fn announce(&mut self, request: RequestKey, namespace: Namespace) {
        self.announced.push((request, namespace));
    }

    pub(crate) fn withdraw(&mut self, request: RequestKey) -> Option<Namespace> {
        let index = self.announced.iter().position(|(key, _)| *key == request)?;
        Some(self.announced.swap_remove(index).1)
    }

    /// Whether anyone announced exactly this namespace.
    pub(crate) fn is_announced(&self, namespace: &Namespace) -> bool {
        self.announced.iter().any(|(_, announced)| announced == namespace)
    }

    /// What `session` announced.
    pub(crate) fn announced_by(&self, session: SessionKey) -> Vec<Namespace> {
        let by = self.announced.iter().filter(|(request, _)| request.session == session);
        by.map(|(_, namespace)| namespace.clone()).collect()
    }

    /// The sessions that announced `namespace` or a prefix of it.
    pub(crate) fn publishers(&self, namespace: &Namespace) -> Vec<SessionKey> {
        let mut sessions: Vec<SessionKey> = self
            .announced
            .iter()
            .filter(|(_, announced)| namespace.starts_with(announced))
            .map(|(request, _)| request.session)
            .collect();
        sessions.sort_unstable();
        sessions.dedup();
        sessions
    }

    /// Adds a listener and tells what is there already.
    pub(crate) fn listen(
        &mut self,
        request: RequestKey,
        grant: InterestGrant,
        limits: &Limits,
    ) -> Result<Vec<Namespace>, AnnounceRefusal> {
        let mine = || self.listening.iter().filter(|(key, _)| key.session == request.session);
        if mine().count() >= limits.listeners_per_session {
            return Err(AnnounceRefusal::TooMany);
        }
        if mine().any(|(_, other)| overlap(other.prefix(), grant.prefix())) {
            return Err(AnnounceRefusal::Overlap);
        }
        let present = self.present_for(&grant, limits)?;
        self.listening.push((request, grant));
        Ok(present)
    }

    /// Moves a listener to another prefix and tells what is there already.
    pub(crate) fn listen_elsewhere(
        &mut self,
        request: RequestKey,
        grant: InterestGrant,
        limits: &Limits,
    ) -> Result<Vec<Namespace>, AnnounceRefusal> {
        let others = self
            .listening
            .iter()
            .filter(|(key, _)| key.session == request.session && *key != request);
        if others.clone().any(|(_, other)| overlap(other.prefix(), grant.prefix())) {
            return Err(AnnounceRefusal::Overlap);
        }
        let present = self.present_for(&grant, limits)?;
        if let Some((_, old)) = self.listening.iter_mut().find(|(key, _)| *key == request) {
            *old = grant;
        }
        Ok(present)
    }

    fn present_for(
        &self,
        grant: &InterestGrant,
        limits: &Limits,
    ) -> Result<Vec<Namespace>, AnnounceRefusal> {
        let mut present: Vec<Namespace> =
            self.announced.iter().filter_map(|(_, name)| grant.hears_of(name)).collect();
        present.sort();
        present.dedup();
        if present.len() > limits.namespaces_per_listener {
            return Err(AnnounceRefusal::TooLarge);
        }
        Ok(present)
    }

    pub(crate) fn stop_listening(&mut self, request: RequestKey) {
        self.listening.retain(|(key, _)| *key != request);
    }

    /// Who is to hear of `namespace`, each with what follows the prefix.
    pub(crate) fn listeners(&self, namespace: &Namespace) -> Vec<(RequestKey, Namespace)> {
        self.listening
            .iter()
            .filter_map(|(request, grant)| Some((*request, grant.hears_of(namespace)?)))
            .collect()
    }

    /// Requests of a session, to be withdrawn when it closes.
    pub(crate) fn requests_of(&self, session: SessionKey) -> (Vec<RequestKey>, Vec<RequestKey>) {
        let is_mine = |key: &RequestKey| key.session == session;
        (
            self.announced.iter().map(|(key, _)| *key).filter(is_mine).collect(),
            self.listening.iter().map(|(key, _)| *key).filter(is_mine).collect(),
        )
    }
}
