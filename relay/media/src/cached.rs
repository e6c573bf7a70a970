//! Bytes in the logs of all tracks, and who has them: nobody's tracks may take what others need.

use std::collections::BTreeMap;

use mosaik_proto::moqt::Namespace;

use crate::Limits;
use crate::track::Track;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Cached {
    all: u64,
    /// Of each namespace that has tracks, and of the tracks of each first field.
    of: BTreeMap<Namespace, u64>,
}

impl Cached {
    /// Bytes of all tracks.
    pub(crate) const fn all(&self) -> u64 {
        self.all
    }

    /// Bytes of the tracks of this namespace; if it has one field, also of all below it.
    pub(crate) fn of(&self, namespace: &Namespace) -> u64 {
        self.of.get(namespace).copied().unwrap_or(0)
    }

    /// Notes that a track had `before` bytes and has others now.
    pub(crate) fn note(&mut self, track: &Track, before: u64) {
        self.change(track, before, track.bytes());
    }

    /// Notes that a track is gone.
    pub(crate) fn forget(&mut self, track: &Track) {
        self.change(track, track.bytes(), 0);
    }

    /// Whether a track that had `before` bytes may have as many as it has now. What this process
    /// publishes has bounds of its own, and place whatever others do.
    pub(crate) fn fits(&self, track: &Track, before: u64, limits: &Limits) -> bool {
        let with = |total: u64| total.saturating_sub(before).saturating_add(track.bytes());
        let of = |scope: &Namespace| with(self.of.get(scope).copied().unwrap_or(0));
        let is_within = with(self.all) <= limits.bytes_in_all
            && of(&track.name.namespace) <= limits.bytes_per_namespace
            && of(&track.root) <= limits.bytes_per_root;
        track.is_local || is_within
    }

    fn change(&mut self, track: &Track, before: u64, now: u64) {
        if before == now {
            return;
        }
        let changed = |total: u64| total.saturating_sub(before).saturating_add(now);
        self.all = changed(self.all);
        let namespace = &track.name.namespace;
        let scopes = [namespace, &track.root];
        // A namespace of one field is its own root.
        let count = if namespace == &track.root { 1 } else { 2 };
        for scope in scopes.into_iter().take(count) {
            match self.of.get_mut(scope) {
                Some(total) => {
                    *total = changed(*total);
                    if *total == 0 {
                        self.of.remove(scope);
                    }
                }
                None => {
                    self.of.insert(scope.clone(), now);
                }
            }
        }
    }

    /// Whether nothing is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.all == 0 && self.of.is_empty()
    }
}
