//! Namespaces: who has tracks of them, and who wants to know (section 6).

use std::time::Instant;

use mosaik_proto::moqt::Namespace;
use mosaik_proto::token::InterestGrant;

use super::Tracks;
use crate::RequestKey;
use crate::announce::AnnounceRefusal;
use crate::effect::Effect;

impl Tracks {
    /// PUBLISH_NAMESPACE: `request.session` has tracks of `namespace`.
    ///
    /// # Errors
    /// [`AnnounceRefusal::TooMany`] beyond [`crate::Limits::announcements_per_session`].
    pub fn announce(
        &mut self,
        now: Instant,
        request: RequestKey,
        namespace: Namespace,
    ) -> Result<(), AnnounceRefusal> {
        if self.announcements.count(request.session) >= self.limits.announcements_per_session {
            return Err(AnnounceRefusal::TooMany);
        }
        if !self.announcements.is_announced(&namespace) {
            self.tell_listeners(&namespace, true);
        }
        self.renditions_may_be_there(&namespace);
        let wanted = self.tracks_below(&namespace);
        self.announcements.announce(request, namespace);
        self.ask_for_all(now, &wanted, request.session);
        Ok(())
    }

    /// The announcement of `request` was withdrawn. Subscriptions go on (section 6.2).
    pub fn withdraw(&mut self, request: RequestKey) {
        if let Some(namespace) = self.announcements.withdraw(request)
            && !self.announcements.is_announced(&namespace)
        {
            self.tell_listeners(&namespace, false);
        }
    }

    /// SUBSCRIBE_NAMESPACE: tells of every namespace that `grant` lets the session hear of, now and
    /// later.
    ///
    /// # Errors
    /// See [`AnnounceRefusal`].
    pub fn listen(
        &mut self,
        request: RequestKey,
        grant: InterestGrant,
    ) -> Result<(), AnnounceRefusal> {
        for suffix in self.announcements.listen(request, grant, &self.limits)? {
            self.effects.push_back(Effect::Namespace { request, suffix, present: true });
        }
        Ok(())
    }

    /// REQUEST_UPDATE of a SUBSCRIBE_NAMESPACE: the prefix is another one from here on, and what is
    /// there below it is told anew (section 10.9.2).
    ///
    /// # Errors
    /// [`AnnounceRefusal::Overlap`] or [`AnnounceRefusal::TooLarge`]; the old prefix then stays.
    pub fn listen_elsewhere(
        &mut self,
        request: RequestKey,
        grant: InterestGrant,
    ) -> Result<(), AnnounceRefusal> {
        for suffix in self.announcements.listen_elsewhere(request, grant, &self.limits)? {
            self.effects.push_back(Effect::Namespace { request, suffix, present: true });
        }
        Ok(())
    }

    /// The namespace subscription of `request` is over.
    pub fn stop_listening(&mut self, request: RequestKey) {
        self.announcements.stop_listening(request);
    }

    fn tell_listeners(&mut self, namespace: &Namespace, present: bool) {
        for (request, suffix) in self.announcements.listeners(namespace) {
            self.effects.push_back(Effect::Namespace { request, suffix, present });
        }
    }
}
