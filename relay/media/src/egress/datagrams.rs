//! What of a session's datagrams goes out in one flush, and what becomes of it.

use mosaik_proto::moqt::SendOrder;

use super::{Due, Egress};
use crate::SubscriptionKey;
use crate::datagrams::Freshness;
use crate::packing::Packing;
use crate::turns::{Kind, Of, Turn};

impl Egress<'_> {
    /// The transport took the datagram.
    pub fn sent(&mut self) {
        let Some(turn @ Turn { of: Of::Datagrams(key), offered, .. }) = self.current else {
            return;
        };
        self.turns.count(&turn, offered);
        self.has_moved = true;
        let is_repeat =
            self.tracks.with_datagrams(self.now, key, |datagrams, _, _| datagrams.took());
        self.tracks.took(key, offered);
        let counts = &mut self.tracks.counts;
        counts.bytes_out += offered as u64;
        match is_repeat {
            Some(true) => counts.repeats_out += 1,
            Some(false) => counts.datagrams_out += 1,
            None => {}
        }
    }

    /// The transport takes no datagram now: those of all subscriptions wait for the next flush.
    pub fn kept(&mut self) {
        self.is_blocked = true;
        self.current = None;
        self.turns.drop_datagrams();
    }

    /// The transport takes no datagram of this size.
    pub fn dropped(&mut self) {
        if let Some(Of::Datagrams(key)) = self.current.map(|turn| turn.of) {
            self.tracks.with_datagrams(self.now, key, |datagrams, _, _| datagrams.gave_up());
            self.tracks.counts.datagrams_dropped += 1;
        }
    }

    /// Whether there is a datagram to be sent.
    pub fn has_datagrams(&self) -> bool {
        self.turns.has_datagrams()
    }

    /// How speech in datagrams goes out to this session from here on.
    pub fn set_packing(&mut self, packing: Packing) {
        if let Some(state) = self.tracks.sessions.get_mut(self.session.0) {
            state.packing = packing;
        }
    }

    /// Finds the subscriptions that have datagrams to send. While all that wait can wait for more to
    /// share their packet, none goes out.
    pub(super) fn collect_datagrams(&mut self) {
        let state = self.tracks.sessions.get(self.session.0);
        let packing = state.map(|state| state.packing).unwrap_or_default();
        let mut held = None;
        let mut is_held = true;
        for key in &self.dirty {
            let Some((subscription, track, _)) = self.tracks.parts(self.session, *key) else {
                continue;
            };
            let timeout = subscription.datagram_timeout(track);
            let fresh = Freshness { now: self.now, timeout };
            let late = subscription.datagrams.drop_late(fresh);
            let (served, is_done) = (subscription.served, subscription.done.is_some());
            if let Some(order) = subscription.datagrams.order() {
                let until = subscription.datagrams.held_until(self.now, packing);
                is_held &= until.is_some() && !is_done;
                held = [held, until].into_iter().flatten().min();
                let (of, kind) = (Of::Datagrams(*key), Kind::of(order, None));
                self.turns.push(Turn { order, served, of, kind, offered: 0 });
            }
            self.tracks.counts.datagrams_dropped += late;
        }
        if let Some(until) = held.filter(|_| is_held) {
            self.turns.drop_datagrams();
            self.tracks.hold_until(until, self.session);
        }
    }

    /// What goes out next of a subscription in a datagram. What is not urgent waits while anything
    /// else does.
    pub(super) fn next_datagram(&mut self, key: SubscriptionKey, order: SendOrder) -> Option<Due> {
        if self.is_blocked && !order.is_urgent() {
            return None;
        }
        let next = self.tracks.with_datagrams(self.now, key, |datagrams, fresh, copies| {
            let other = datagrams.order().filter(|other| other.is_urgent() != order.is_urgent());
            (other, datagrams.next(fresh, copies))
        });
        match next? {
            // What comes next has its turn in the next flush.
            (Some(_), _) => {
                self.is_blocked = true;
                None
            }
            (None, next) => next.map(|(bytes, until)| Due::Datagram { bytes, until }),
        }
    }
}
