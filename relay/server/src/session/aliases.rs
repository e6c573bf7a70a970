//! What the numbers on a peer's data streams stand for (section 11.1).

use std::collections::{HashMap, HashSet, VecDeque};

use mosaik_media::TrackKey;
use mosaik_proto::moqt::Violation;

/// Aliases of ended subscriptions that are remembered, so that their late streams are stopped at
/// once instead of being waited for.
const GONE_MAX: usize = 256;

/// What an alias stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alias {
    Live(TrackKey),
    Gone,
    Unknown,
}

#[derive(Debug, Default)]
pub(super) struct Aliases {
    live: HashMap<u64, TrackKey>,
    /// Those of `live` whose request is over: objects under way still come, but the peer may give
    /// the number to another track.
    late: HashSet<u64>,
    gone: VecDeque<u64>,
}

impl Aliases {
    /// Binds `alias` to a track.
    ///
    /// # Errors
    /// [`Violation::DuplicateAlias`] while it stands for another one.
    pub(super) fn bind(&mut self, alias: u64, track: TrackKey) -> Result<(), Violation> {
        let is_late = self.late.remove(&alias);
        if !is_late && self.live.get(&alias).is_some_and(|bound| *bound != track) {
            return Err(Violation::DuplicateAlias(alias));
        }
        self.live.insert(alias, track);
        self.gone.retain(|gone| *gone != alias);
        Ok(())
    }

    /// The request that gave the alias a meaning is over.
    pub(super) fn retire(&mut self, alias: u64) {
        if self.live.contains_key(&alias) {
            self.late.insert(alias);
        }
    }

    /// Nothing more is expected for a retired alias.
    pub(super) fn release(&mut self, alias: u64) {
        if self.late.remove(&alias) && self.live.remove(&alias).is_some() {
            if self.gone.len() >= GONE_MAX {
                self.gone.pop_front();
            }
            self.gone.push_back(alias);
        }
    }

    pub(super) fn look_up(&self, alias: u64) -> Alias {
        match self.live.get(&alias) {
            Some(track) => Alias::Live(*track),
            None if self.gone.contains(&alias) => Alias::Gone,
            None => Alias::Unknown,
        }
    }

    pub(super) fn track(&self, alias: u64) -> Option<TrackKey> {
        self.live.get(&alias).copied()
    }
}
