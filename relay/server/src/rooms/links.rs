//! The links by which viewers come into a room: the one of the class, which can be renewed, and
//! personal ones. They live in memory only.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mosaik_proto::room::{Agreed, DisplayName, ParticipantId};
use subtle::ConstantTimeEq;

use super::LinkSecret;
use crate::redacted::Redacted;

/// Most personal links of a room: two classes and their parents.
const PERSONAL_MAX: usize = 200;

/// Revoked links whose people are remembered; the oldest is forgotten first.
const REVOKED_MAX: usize = 5 * PERSONAL_MAX;

/// Longest time for which a link is good.
pub(crate) const LIFETIME_MAX: Duration = Duration::from_hours(24 * 31);

/// Whom a personal link is for: whoever comes by it is this participant, on every device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The participant.
    pub participant: ParticipantId,
    /// What others will see.
    pub name: DisplayName,
    /// What they may agree to at most: what their parents agreed to.
    pub most: Agreed,
}

/// A link, as moderators are told of it.
#[derive(Debug, Clone)]
pub struct Link {
    /// Whom it is for; none for the class.
    pub invited: Option<Invited>,
    /// Its secret.
    pub secret: Redacted<String>,
    /// When it ends; none if it does not.
    pub until: Option<Instant>,
}

/// What a secret belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// The class's link.
    Class,
    /// A personal one.
    Personal(Invited),
}

/// There are as many personal links as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the room has {PERSONAL_MAX} personal links")]
pub struct TooMany;

#[derive(Debug)]
struct Entry {
    invited: Option<Invited>,
    secret: LinkSecret,
    until: Option<Instant>,
}

impl Entry {
    fn is_good(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    fn shown(&self) -> Link {
        let invited = self.invited.clone();
        Link { invited, secret: self.secret.text.clone(), until: self.until }
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Links(Mutex<State>);

#[derive(Debug)]
struct State {
    /// The class's first.
    entries: Vec<Entry>,
    /// Whose personal links were revoked, the newest last: they cannot come back either.
    revoked: VecDeque<ParticipantId>,
}

impl Links {
    /// The class's link alone, without an end.
    pub(super) fn new(class: LinkSecret) -> Self {
        let class = Entry { invited: None, secret: class, until: None };
        Self(Mutex::new(State { entries: vec![class], revoked: VecDeque::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whom a secret lets in. Every secret is compared, whichever is right.
    pub(super) fn find(&self, digest: &[u8; 32], now: Instant) -> Option<Found> {
        let mut found = None;
        for entry in &self.state().entries {
            let is_it = bool::from(entry.secret.digest.ct_eq(digest));
            if is_it && entry.is_good(now) {
                found = Some(entry.invited.clone().map_or(Found::Class, Found::Personal));
            }
        }
        found
    }

    /// The secret of the class's link.
    pub(super) fn class_secret(&self) -> Redacted<String> {
        let class = self.state().entries.first().map(|entry| entry.secret.text.clone());
        class.unwrap_or_else(|| Redacted::new(String::new()))
    }

    /// All links, the class's first; those that have ended are forgotten.
    pub(crate) fn list(&self, now: Instant) -> Vec<Link> {
        let entries = &mut self.state().entries;
        entries.retain(|entry| entry.invited.is_none() || entry.is_good(now));
        entries.iter().map(Entry::shown).collect()
    }

    /// The class has another link from here on; the old one opens nothing any more.
    pub(crate) fn renew(&self, until: Option<Instant>) {
        if let Some(class) = self.state().entries.first_mut() {
            class.secret = LinkSecret::new(None);
            class.until = until;
        }
    }

    /// A link for one person.
    ///
    /// # Errors
    /// [`TooMany`].
    pub(crate) fn invite(
        &self,
        (name, most): (DisplayName, Agreed),
        until: Option<Instant>,
        now: Instant,
    ) -> Result<(), TooMany> {
        let entries = &mut self.state().entries;
        entries.retain(|entry| entry.invited.is_none() || entry.is_good(now));
        if entries.len() > PERSONAL_MAX {
            return Err(TooMany);
        }
        let participant = ParticipantId::new(rand::random());
        let invited = Invited { participant, name, most };
        entries.push(Entry { invited: Some(invited), secret: LinkSecret::new(None), until });
        Ok(())
    }

    /// One person's link opens nothing any more, nor do they come back by it; false if there is none.
    pub(crate) fn revoke(&self, participant: ParticipantId) -> bool {
        let State { entries, revoked } = &mut *self.state();
        let before = entries.len();
        let is_theirs = |invited: &Invited| invited.participant == participant;
        entries.retain(|entry| !entry.invited.as_ref().is_some_and(is_theirs));
        let was_one = entries.len() < before;
        if was_one {
            revoked.push_back(participant);
        }
        while revoked.len() > REVOKED_MAX {
            revoked.pop_front();
        }
        was_one
    }

    /// Whether somebody's personal link was revoked.
    pub(crate) fn was_revoked(&self, participant: ParticipantId) -> bool {
        self.state().revoked.contains(&participant)
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn digest(link: &Link) -> [u8; 32] {
        Sha256::digest(link.secret.expose()).into()
    }

    #[test]
    fn a_link_that_was_renewed_revoked_or_has_ended_opens_nothing() {
        let now = Instant::now();
        let links = Links::new(LinkSecret::new(None));
        let [class] = &links.list(now)[..] else { panic!("there is one link") };
        assert_eq!(links.find(&digest(class), now), Some(Found::Class));
        links.renew(Some(now + Duration::from_secs(10)));
        assert_eq!(links.find(&digest(class), now), None);
        let renewed = links.list(now).remove(0);
        assert_eq!(links.find(&digest(&renewed), now), Some(Found::Class));
        assert_eq!(links.find(&digest(&renewed), now + Duration::from_secs(10)), None);

        links.invite(("Kim".parse().unwrap(), Agreed::ALL), None, now).unwrap();
        let personal = links.list(now).remove(1);
        let invited = personal.invited.clone().unwrap();
        assert_eq!(links.find(&digest(&personal), now), Some(Found::Personal(invited.clone())));
        assert!(links.revoke(invited.participant) && !links.revoke(invited.participant));
        assert_eq!(links.find(&digest(&personal), now), None);
        assert!(links.was_revoked(invited.participant), "who came by it comes back");
        assert!(!links.was_revoked(ParticipantId::new(1)));
    }

    #[test]
    fn there_are_only_so_many_and_those_that_have_ended_do_not_count() {
        let now = Instant::now();
        let links = Links::new(LinkSecret::new(None));
        for _ in 0..PERSONAL_MAX {
            let until = Some(now + Duration::from_secs(1));
            links.invite(("Kim".parse().unwrap(), Agreed::ALL), until, now).unwrap();
        }
        assert_eq!(links.invite(("Lou".parse().unwrap(), Agreed::ALL), None, now), Err(TooMany));
        let later = now + Duration::from_secs(2);
        assert_eq!(links.invite(("Lou".parse().unwrap(), Agreed::ALL), None, later), Ok(()));
        assert_eq!(links.list(later).len(), 2);
    }
}
